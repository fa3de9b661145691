"""Serve the built book on loopback until Ctrl-C, with a Python kernel for the pages that run code."""

import asyncio
import os
import signal
import sys
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from build import plain_ipython
from files import ROOT
from kernels import Kernel
from local_site import application
from tornado.web import Application

FIRST_PORT = 8000


def listen(app: Application) -> int:
    """Listen on the first free port from 8000 on, on loopback alone, and tell which it is."""
    for port in range(FIRST_PORT, FIRST_PORT + 100):
        try:
            app.listen(port, "127.0.0.1")
        except OSError:
            continue
        return port
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


async def serve(site: Path) -> None:
    """Serve until this process is told to stop, or the one that started it is gone; then end every kernel."""
    kernels: set[Kernel] = set()
    port = listen(application(site, ROOT / "book", kernels))
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    address = f"http://127.0.0.1:{port}/"
    print(f"\nThe book is at {address}  (Ctrl-C stops it)", flush=True)
    open_browser(address)
    parent = os.getppid()
    while not stopped.is_set() and os.getppid() == parent:
        with suppress(TimeoutError):
            await asyncio.wait_for(stopped.wait(), 0.5)
    await asyncio.gather(*(kernel.stop() for kernel in kernels))
    print("\nStopped.", flush=True)


def main() -> None:
    site = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "_build" / "html"
    if not (site / "index.html").is_file():
        raise SystemExit(f"There is no built book in {site} yet: run  make build  first.")
    os.environ["IPYTHONDIR"] = str(plain_ipython(ROOT / "_build" / "ipython"))
    with own_terminal():
        asyncio.run(serve(site))


if __name__ == "__main__":
    main()
