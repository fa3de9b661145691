"""One Python kernel for each page that runs code, behind one WebSocket: Jupyter's messages, as JSON, both ways.

A whole Jupyter server would do this too, and would open files, terminals and sessions to whoever passes its door, and
take three seconds more to start. ``jupyter_client`` is the part of it that a page needs.
"""

import asyncio
import os
import sys
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager

FOR_THE_KERNEL = {"execute_request", "complete_request", "comm_msg", "comm_close"}
Message = dict[str, Any]


class OwnPython(KernelSpecManager):
    """The Python that serves the book, whatever kernels the reader has installed elsewhere."""

    def get_kernel_spec(self, kernel_name: str) -> Any:
        spec = super().get_kernel_spec(kernel_name)
        spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        spec.argv.append("--HistoryManager.hist_file=:memory:")
        return spec


class Kernel:
    """A kernel and the function that its messages go to."""

    def __init__(self, folder: Path, tell: Any) -> None:
        self.folder, self.tell = folder, tell
        self.place = TemporaryDirectory(prefix="book-")  # sockets in a folder of ours, which no one else may enter
        connection = str(Path(self.place.name) / "kernel.json")
        self.manager = AsyncKernelManager(kernel_spec_manager=OwnPython(), transport="ipc", connection_file=connection)
        self.client: AsyncKernelClient | None = None
        self.listeners: list[asyncio.Task[None]] = []
        self.ending: asyncio.Task[None] | None = None

    async def start(self) -> None:
        environment = {**os.environ, "JUPYTER_WIDGETS_ECHO": "0"}
        await self.manager.start_kernel(cwd=str(self.folder), env=environment)
        await self.connect()

    async def connect(self) -> None:
        """Wait until the kernel answers, then pass on what it says."""
        self.client = self.manager.client()
        self.client.start_channels(hb=False)
        await self.client.wait_for_ready(timeout=60)
        say = [self.client.get_iopub_msg, self.client.get_shell_msg, self.client.get_stdin_msg]
        self.listeners = [asyncio.create_task(self.pass_on(each)) for each in say]
        self.listeners.append(asyncio.create_task(self.watch()))
        self.tell({"msg_type": "ready"})

    async def pass_on(self, receive: Any) -> None:
        while True:
            self.tell(outward(await receive(timeout=None)))

    async def watch(self) -> None:
        """Say so when the kernel's process ended by itself."""
        while await self.manager.is_alive():
            await asyncio.sleep(1)
        self.tell({"msg_type": "dead"})

    async def receive(self, message: Message) -> None:
        """Do what the page asks for: two kinds are for the manager, five for the kernel, no others are let in."""
        kind = message["header"]["msg_type"]
        if kind == "interrupt_request":
            await self.manager.interrupt_kernel()
        elif kind == "restart_request":
            self.disconnect()
            await self.manager.restart_kernel(now=True)
            await self.connect()
        elif kind == "input_reply" and self.client is not None:
            self.client.session.send(self.client.stdin_channel.socket, inward(message))
        elif kind in FOR_THE_KERNEL and self.client is not None:
            self.client.session.send(self.client.shell_channel.socket, inward(message), buffers=buffers_of(message))

    def disconnect(self) -> None:
        for listener in self.listeners:
            listener.cancel()
        if self.client is not None:
            self.client.stop_channels()
        self.client = None

    async def stop(self) -> None:
        """End the kernel; who asks once more, as the server may while its page closes, waits for the same end."""
        self.ending = self.ending or asyncio.create_task(self.end())
        await asyncio.shield(self.ending)

    async def end(self) -> None:
        self.disconnect()
        with suppress(RuntimeError):  # it ended before
            await self.manager.shutdown_kernel(now=True)
        self.place.cleanup()


def outward(message: Message) -> Message:
    """A kernel's message as JSON can carry it."""
    kept = {key: message[key] for key in ("header", "parent_header", "metadata", "content")}
    buffers = [b64encode(part).decode() for part in message.get("buffers", [])]
    return {"msg_type": message["msg_type"], **without_dates(kept), "buffers": buffers}


def without_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_dates(part) for key, part in value.items()}
    return value.isoformat() if isinstance(value, datetime) else value


def inward(message: Message) -> Message:
    header = message["header"]
    return {
        "header": header,
        "msg_id": header["msg_id"],
        "msg_type": header["msg_type"],
        "parent_header": message.get("parent_header", {}),
        "metadata": message.get("metadata", {}),
        "content": message["content"],
    }


def buffers_of(message: Message) -> list[bytes]:
    return [b64decode(part) for part in message.get("buffers", [])]
