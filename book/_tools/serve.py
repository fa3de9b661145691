"""Serve the built book on loopback until Ctrl-C."""

import os
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from files import ROOT

FIRST_PORT = 8000


class Pages(SimpleHTTPRequestHandler):
    """Files of the site; nothing is logged, and a browser asks again for what may have been rebuilt."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """A server that ends with the process that started it, even when that one is killed."""

    daemon_threads = True
    parent = os.getppid()

    def service_actions(self) -> None:
        if os.getppid() != self.parent:
            raise KeyboardInterrupt


def listen(site: Path) -> Server:
    """A server on the first free port from 8000 on."""
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        try:
            return Server(("127.0.0.1", port), partial(Pages, directory=str(site)))
        except OSError:
            continue
    raise SystemExit(f"Ports {FIRST_PORT} to {FIRST_PORT + 99} are all taken; stop a server that you no longer need.")


def open_browser(address: str) -> None:
    """Open a browser where there is a screen for one, without waiting for it."""
    if not sys.platform.startswith("linux") or {"DISPLAY", "WAYLAND_DISPLAY", "BROWSER"} & os.environ.keys():
        Thread(target=webbrowser.open, args=(address,), daemon=True).start()


@contextmanager
def own_terminal() -> Iterator[None]:
    """Let Ctrl-C reach this process alone: make, interrupted as well, would report an error where there is none."""
    try:
        terminal = os.open("/dev/tty", os.O_RDWR)
        group = os.tcgetpgrp(terminal)
    except (OSError, AttributeError):
        yield
        return
    if group == os.getpgrp() != os.getpid():
        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        os.setpgid(0, 0)
        os.tcsetpgrp(terminal, os.getpgrp())
    try:
        yield
    finally:
        os.tcsetpgrp(terminal, group)


def stop(*_: Any) -> None:
    raise KeyboardInterrupt


def main() -> None:
    site = ROOT / "_build" / "html"
    if not (site / "index.html").is_file():
        raise SystemExit("There is no built book in _build/html yet: run  make build  first.")
    signal.signal(signal.SIGTERM, stop)
    with own_terminal(), listen(site) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        print(f"\nThe book is at {address}  (Ctrl-C stops it)", flush=True)
        open_browser(address)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print("\nStopped.", flush=True)


if __name__ == "__main__":
    main()
