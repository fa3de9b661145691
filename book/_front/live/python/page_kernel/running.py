"""The kernel of this worker, for what shows something and is imported by no kernel: IPython and the figures."""

kernel = None
