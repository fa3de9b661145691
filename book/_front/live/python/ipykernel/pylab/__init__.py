"""See ``backend_inline``."""
