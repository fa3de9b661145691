// One Python of Pyodide in Node.js: node pythons.mjs PYODIDE-FOLDER SITE-FOLDER ROOT TEST ... runs pytest on these tests.
import { pathToFileURL } from "node:url";

const [folder, site, root, ...tests] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`).href);
const python = await loadPyodide({ indexURL: `${folder}/` });
for (const place of [site, root]) {
  python.FS.mkdirTree(place);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: place }, place);
}
python.globals.set("asked", JSON.stringify({ site, root, tests }));
const status = python.runPython(`
import json, os, sys
asked = json.loads(asked)
sys.path[:0] = [asked["site"], asked["root"]]
sys.dont_write_bytecode = True
os.chdir(asked["root"])
import pytest
print("Python", sys.version.split()[0], flush=True)
int(pytest.main(["-q", "-p", "no:cacheprovider", "--no-header", "--noconftest", "--capture=sys", "--continue-on-collection-errors", "-W", "default", *asked["tests"]]))
`);
process.exit(status);
