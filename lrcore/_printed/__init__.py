"""The printed equations of the book in sympy: ``book`` finds them, ``entries`` writes them out, ``deciding`` compares,
``showing`` shows. :func:`lrcore.symbolic.holds` puts them together; nothing that is written anywhere is evaluated.
"""
