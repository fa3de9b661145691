"""Matplotlib's figures as pictures in the output of the cell that drew them."""

from matplotlib._pylab_helpers import Gcf
from matplotlib.backends.backend_agg import FigureCanvasAgg as FigureCanvas

__all__ = ["FigureCanvas", "flush_figures", "show"]


def show(*_, **__):
    """Display every open figure, and close it."""
    from IPython.display import display

    for manager in Gcf.get_all_fig_managers():
        display(manager.canvas.figure)
    Gcf.destroy_all()


flush_figures = show
