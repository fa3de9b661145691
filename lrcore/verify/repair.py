"""One-change repairs."""


def repair(left, right, context, claim_of):
    return None
