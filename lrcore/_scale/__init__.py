"""Data that are larger than the memory: rows taken in by blocks, and blocks of rows on a cluster."""
