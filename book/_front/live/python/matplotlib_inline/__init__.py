"""Where ``interact`` looks for ``flush_figures``."""
