"""What makes a gradient quick: blocks of rows that the cache holds, threads, one pass over the data."""
