"""The checker: finding mathematics in a text, guessing what is missing, and what a view is told."""
