"""What makes a fit exact: a factor in float64, and residuals in twice the precision that correct what it lost.

X goes from ``scaling.measured`` to ``solution.solve``, and there by ``factor.of_samples``, which gives the rank, and
``factor.of_all`` to ``refine.refined``; or to the shortest solution, or to ``rational.solve``. Tall data
go by ``squares.solve`` and wide ones by ``dual`` where these are exact enough. Where X is small and one
look shows that less will do, ``easy.solve`` is all, and ``many.solve`` for many of them at once.
"""
