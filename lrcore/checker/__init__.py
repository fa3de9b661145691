"""The checker of a reader's own derivation: what lies between a pasted text and the prover, and back to a view.

Without numpy: it runs in the reader's browser. :func:`lrcore.checker.service.answer` is all that a view calls.
"""
