"""Where ``interact`` looks for ``flush_figures``."""

from ipykernel.pylab.backend_inline import flush_figures

__all__ = ["flush_figures"]
