"""The kernel: it takes messages one at a time, runs cells, answers, and says what was printed."""

import ast
import builtins
import getpass
import json
import linecache
import os
import rlcompleter
import sys
import uuid

from page_kernel import comms, running
from page_kernel.errors import said_of
from page_kernel.forms import bundle
from page_kernel.needs import packages
from page_kernel.sentences import StdinNotImplementedError, command, missing
from page_kernel.streams import Stream, Typed

PROTOCOL = "5.4"


class Kernel:
    def __init__(self, publish, load, line=None, heed=lambda wanted: None):
        """``line`` waits for what the reader types; it is None where the page can't be asked. ``heed`` says whether an
        interrupt is for what runs now: only the reader's code is ended by one.
        """
        running.kernel = self
        self.publish_json, self.load, self.line, self.heed = publish, load, line, heed
        self.parent, self.count, self.connected = {}, 0, False
        self.names = sys.modules["__main__"].__dict__
        sys.stdout, sys.stderr = Stream("stdout", self.publish), Stream("stderr", self.publish)
        sys.stdin = Typed(self.asked)
        builtins.input = lambda prompt="", /: self.asked(str(prompt))
        getpass.getpass = lambda prompt="Password: ", stream=None: self.asked(prompt, password=True)
        os.environ["MPLBACKEND"] = "module://ipykernel.pylab.backend_inline"

    def get_parent(self):
        return self.parent

    def publish(self, kind, content, metadata=None, buffers=None):
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "version": PROTOCOL}
        said = {"msg_type": kind, "header": header, "parent_header": self.parent.get("header", {})}
        said |= {"metadata": metadata or {}, "content": content}
        self.publish_json(json.dumps(said, default=str), buffers)

    def asked(self, prompt="", password=False):
        """What the reader types when the page asks for it."""
        if self.line is None:
            raise StdinNotImplementedError("this page cannot ask for input")
        self.flush()
        self.publish("input_request", {"prompt": prompt, "password": password})
        return self.line()

    async def receive(self, said, buffers):
        """Handle one message of the page, between "busy" and "idle"."""
        message = json.loads(said)
        message["buffers"] = [memoryview(part.to_bytes()) for part in buffers]
        self.parent = message
        self.publish("status", {"execution_state": "busy"})
        try:
            await self.handle(message["header"]["msg_type"], message["content"])
        finally:
            self.flush()
            self.publish("status", {"execution_state": "idle"})

    async def handle(self, kind, content):
        if kind == "execute_request":
            self.publish("execute_reply", await self.execute(content["code"]))
        elif kind == "complete_request":
            self.publish("complete_reply", self.complete(content["code"], content["cursor_pos"]))
        elif kind.startswith("comm_"):
            self.guarded(kind)

    async def execute(self, code):
        self.count += 1
        done = {"status": "ok", "execution_count": self.count, "user_expressions": {}}
        try:
            self.heed(True)
            value = await self.run(code, f"<cell {self.count}>")
            if value is not None:
                self.names["_"] = value
                self.publish("execute_result", {"execution_count": self.count, "data": bundle(value), "metadata": {}})
            self.show_figures()
            self.heed(False)
        except BaseException as error:  # KeyboardInterrupt and SystemExit end a cell, not the kernel
            self.heed(False)
            self.flush()
            return done | {"status": "error", **self.show_error(error)}
        return done

    async def run(self, code, name):
        """Load what the cell imports, run it, and give the value of its last line."""
        from pyodide.code import eval_code_async

        linecache.cache[name] = (len(code), None, code.splitlines(keepends=True), name)
        tree = self.parsed(code, name)
        lacking = (await self.load(packages(tree))).to_py()
        if lacking:
            await self.bring(tree, name)
            raise missing(lacking)
        self.connected = self.connected or comms.connect(self)
        return await eval_code_async(code, self.names, filename=name)

    async def bring(self, tree, name):
        """Run those imports of a cell that is passed over for which everything is here: later cells may use them."""
        from pyodide.code import eval_code_async

        for line in tree.body:
            if isinstance(line, ast.Import | ast.ImportFrom) and not (await self.load(packages(line))).to_py():
                await eval_code_async(ast.unparse(line), self.names, filename=name)

    def parsed(self, code, name):
        try:
            return compile(code, name, "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except SyntaxError as error:
            raise command(error, code) or error from None

    def complete(self, code, position):
        """What Python can offer for the name that ends at the cursor."""
        text = code[:position]
        start = len(text)
        while start and (text[start - 1].isalnum() or text[start - 1] in "_."):
            start -= 1
        completer, found = rlcompleter.Completer(self.names), []
        while len(found) < 200 and (one := completer.complete(text[start:], len(found))):
            found.append(one.rstrip("()"))
        return {"status": "ok", "matches": found, "cursor_start": start, "cursor_end": position, "metadata": {}}

    def guarded(self, kind):
        """Run the callbacks of a widget; what goes wrong is shown, not thrown at the page."""
        try:
            self.heed(True)
            comms.receive(kind, self.parent)
            self.show_figures()
            self.heed(False)
        except BaseException as error:
            self.heed(False)
            self.show_error(error)

    def show_error(self, error):
        said = said_of(error)
        self.publish("error", said)
        return said

    def show_figures(self):
        if "matplotlib.pyplot" in sys.modules:
            from ipykernel.pylab.backend_inline import flush_figures

            flush_figures()

    def flush(self):
        sys.stdout.flush()
        sys.stderr.flush()
