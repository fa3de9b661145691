"""What a fit says of its samples: standard errors, tests, intervals, leverage, and what is printed of them."""
