"""The book's figures (:mod:`lrcore.figures.plots`) and their look (:mod:`lrcore.figures.look`)."""
