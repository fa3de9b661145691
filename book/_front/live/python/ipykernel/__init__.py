"""The name under which matplotlib's backend is found: for this one alone ``interact`` shows plots at once."""

version_info = (7, 0, 0)
