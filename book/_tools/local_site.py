"""The built book on loopback, with a Python kernel for its own pages and for nobody else.

Code may be run by whoever shows a ticket. A page gets one by asking for it, for one use within a minute.
Who is kept out, and by what:

- another machine: the server listens on 127.0.0.1 alone;
- a name that was made to point here (DNS rebinding): every request must name 127.0.0.1 or localhost as its host;
- a page of another site, or of another port of this machine: its Origin differs, it may not read our answers, and
  no cookie speaks for it, because there is none: a ticket is held in the memory of the page that asked;
- another person on this machine: the connecting process must be ours (where the system tells, which Linux does).
"""

import json
import mimetypes
import os
import secrets
import time
from pathlib import Path
from typing import Any

from kernels import Kernel
from tornado.ioloop import IOLoop
from tornado.web import Application, RequestHandler, StaticFileHandler
from tornado.websocket import WebSocketHandler

NAMES = ("127.0.0.1", "localhost")
SECONDS_OF_A_TICKET = 60
LARGEST_MESSAGE = 64 * 2**20


class Guarded(RequestHandler):
    """Answers only to the names of this machine, and isolates pages so that Python in the page can be interrupted."""

    def prepare(self) -> None:
        if self.request.host_name not in NAMES:
            self.refuse(f"This book is served to this machine alone, as 127.0.0.1, not as {self.request.host_name}.")

    def set_default_headers(self) -> None:
        self.set_header("Cross-Origin-Opener-Policy", "same-origin")
        self.set_header("Cross-Origin-Embedder-Policy", "require-corp")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.clear_header("Server")

    def refuse(self, why: str) -> None:
        self.set_status(403)
        self.finish(why + "\n")

    def comes_from_our_page(self) -> bool:
        return self.request.headers.get("Origin") == f"http://{self.request.host}"


class Pages(Guarded, StaticFileHandler):
    """Files of the site, packed where they lie so (packing.py); a browser asks again for what may have been rebuilt."""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        path = super().validate_absolute_path(root, absolute_path)
        self.packed = path is not None and self.has_packed(Path(path))
        return super().validate_absolute_path(root, f"{path}.gz") if self.packed else path

    def has_packed(self, file: Path) -> bool:
        """Whether a packed copy is wanted and there, and no older than the file."""
        packed = file.with_name(f"{file.name}.gz")
        wanted = "gzip" in self.request.headers.get("Accept-Encoding", "")
        return wanted and packed.is_file() and packed.stat().st_mtime_ns >= file.stat().st_mtime_ns

    def get_content_type(self) -> str:
        if not self.packed:
            return super().get_content_type()
        return mimetypes.guess_type(str(self.absolute_path).removesuffix(".gz"))[0] or "application/octet-stream"

    def set_extra_headers(self, path: str) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.set_header("Book-Kernel", "local")
        self.set_header("Vary", "Accept-Encoding")
        if self.packed:
            self.set_header("Content-Encoding", "gzip")

    def compute_etag(self) -> None:
        """None: tornado would remember it after the file has changed; the time of the change is enough."""

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish(f"{status_code}: there is no such page in the book.\n")


class Tickets(Guarded):
    """Hands a ticket to a page of ours."""

    def initialize(self, tickets: dict[str, float]) -> None:
        self.tickets = tickets

    def post(self) -> None:
        if not self.comes_from_our_page():
            return self.refuse("Only pages of this book may run code here.")
        if not same_person(self.request.connection.context.address, self.request.host):  # type: ignore[union-attr]
            return self.refuse("Only the person who started this server may run code here.")
        ticket = secrets.token_urlsafe(32)
        self.tickets[ticket] = time.monotonic() + SECONDS_OF_A_TICKET
        self.set_header("Cache-Control", "no-store")
        return self.write(ticket)


class KernelSocket(Guarded, WebSocketHandler):
    """A kernel that lives as long as its page. The ticket comes as a subprotocol: an address would end up in logs."""

    kernel: Kernel | None = None

    def initialize(self, tickets: dict[str, float], kernels: set[Kernel], folder: Path) -> None:
        self.tickets, self.kernels, self.folder = tickets, kernels, folder

    def prepare(self) -> None:
        super().prepare()
        offered = self.request.headers.get("Sec-WebSocket-Protocol", "")
        if self._finished:
            return
        if not self.comes_from_our_page():
            self.refuse("Only pages of this book may run code here.")
        elif self.tickets.pop(offered, 0.0) < time.monotonic():
            self.refuse("This needs a ticket that no one has used yet.")

    def select_subprotocol(self, subprotocols: list[str]) -> str | None:
        return subprotocols[0]

    async def open(self, *_: str) -> None:
        self.kernel = Kernel(self.folder, self.tell)
        self.kernels.add(self.kernel)
        try:
            await self.kernel.start()
        except RuntimeError:
            self.tell({"msg_type": "dead"})

    def tell(self, message: dict[str, Any]) -> None:
        if self.ws_connection is not None:
            self.write_message(json.dumps(message))

    async def on_message(self, message: str | bytes) -> None:
        if self.kernel is not None:
            await self.kernel.receive(json.loads(message))

    def on_close(self) -> None:
        if self.kernel is not None:
            self.kernels.discard(self.kernel)
            IOLoop.current().add_callback(self.kernel.stop)


def same_person(peer: tuple[str, int], host: str) -> bool:
    """Whether the process at the other end of a loopback connection belongs to whoever runs this server."""
    try:
        table = Path("/proc/net/tcp").read_text().splitlines()[1:]
    except OSError:
        return True  # macOS and Windows do not tell
    ours, theirs = f":{int(host.rpartition(':')[2]):04X}", f":{peer[1]:04X}"
    rows = [line.split() for line in table]
    owners = [int(row[7]) for row in rows if row[1].endswith(theirs) and row[2].endswith(ours)]
    return owners == [os.getuid()]


def application(site: Path, folder: Path, kernels: set[Kernel]) -> Application:
    """The site's files, and at ``kernel/`` what runs their code in ``folder``."""
    tickets: dict[str, float] = {}
    routes = [
        (r"/kernel/ticket", Tickets, {"tickets": tickets}),
        (r"/kernel/socket", KernelSocket, {"tickets": tickets, "kernels": kernels, "folder": folder}),
        (r"/(.*)", Pages, {"path": str(site), "default_filename": "index.html"}),
    ]
    return Application(
        routes,  # type: ignore[arg-type]
        log_function=lambda handler: None,  # nothing is logged: what one reads is nobody's business
        websocket_max_message_size=LARGEST_MESSAGE,
        websocket_ping_interval=30,
    )
