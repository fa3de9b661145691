"""Run the changed notebooks two at a time, before Sphinx reads the pages one after the other.

What ran well goes to the execution cache, where MyST-NB finds it; what failed is left to MyST-NB, which runs it again
and says what is wrong.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn, JupyterCacheAbstract
from jupyter_cache.executors.utils import ExecutionResult, single_nb_execution
from myst_nb.core.read import create_nb_reader
from nbformat import NotebookNode
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

log = logging.getLogger(__name__)


def run_changed(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Run those of the pages that Sphinx is about to read whose outputs are not in the cache."""
    cache = get_cache(env.mystnb_config.execution_cache_path)
    changed = list(notebooks(env, docnames, cache))
    pool = ThreadPoolExecutor(2)
    results = pool.map(partial(run, timeout=env.mystnb_config.execution_timeout), changed)
    try:
        for (path, _), result in zip(changed, results, strict=True):
            keep(cache, path, result)
    finally:
        pool.shutdown(cancel_futures=True)


def notebooks(
    env: BuildEnvironment, docnames: list[str], cache: JupyterCacheAbstract
) -> Iterator[tuple[str, NotebookNode]]:
    """The path and content of each page that is a notebook and is not in the cache."""
    for path in map(env.doc2path, docnames):
        text = Path(path).read_text(encoding="utf-8")
        reader = create_nb_reader(path, env.myst_config, env.mystnb_config, text)
        if reader is not None:
            notebook = reader.read(text)
            with suppress(KeyError):
                cache.match_cache_notebook(notebook)
                continue
            yield path, notebook


def run(page: tuple[str, NotebookNode], timeout: int) -> ExecutionResult:
    """Run one notebook in its own folder."""
    path, notebook = page
    return single_nb_execution(notebook, cwd=str(Path(path).parent), timeout=timeout, allow_errors=False)


def keep(cache: JupyterCacheAbstract, path: str, result: ExecutionResult) -> None:
    """Put the outputs of a notebook that ran into the cache."""
    name = Path(path).name
    if result.err is not None:
        log.info("%s failed", name)
        return
    bundle = CacheBundleIn(result.nb, path, data={"execution_seconds": result.time})
    cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    log.info("%s ran in %.1f s", name, result.time)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("env-before-read-docs", run_changed)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
