"""Grading: what was handed in, who is in the class, and what each answer is worth."""
