r"""Checks mathematics: each line of a derivation, for all sizes, with a proof or a counterexample."""
