"""The bar over steps that take longer than a second."""

from collections.abc import Iterable
from importlib.util import find_spec


def bar(numbered: range, does: str, shown: bool) -> Iterable[int]:
    """These numbers, with a bar over them after a second; without ``shown``, or without tqdm, nothing is drawn."""
    if not shown or find_spec("tqdm") is None:
        return numbered
    from tqdm.auto import tqdm

    with_bar: Iterable[int] = tqdm(numbered, total=len(numbered), desc=does, unit="step", delay=1.0, leave=False)
    return with_bar
