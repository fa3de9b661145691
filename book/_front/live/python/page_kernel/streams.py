"""What is printed, sent on often enough to be read as it comes, and not so often that the page drowns in messages; and
what is typed."""

import io
import time

SECONDS, LETTERS = 0.05, 8192


class Stream(io.TextIOBase):
    def __init__(self, name, publish):
        self.name, self.publish = name, publish
        self.parts, self.size, self.sent = [], 0, 0.0

    def writable(self):
        return True

    def write(self, text):
        self.parts.append(text)
        self.size += len(text)
        if self.size > LETTERS or time.monotonic() - self.sent > SECONDS:
            self.flush()
        return len(text)

    def flush(self):
        text = "".join(self.parts)
        self.parts, self.size, self.sent = [], 0, time.monotonic()
        if text:
            self.publish("stream", {"name": self.name, "text": text})


class Typed(io.TextIOBase):
    """What cells read from: the reader, a line at a time."""

    def __init__(self, ask):
        self.ask = ask

    def readable(self):
        return True

    def readline(self, size=-1, /):
        return self.ask() + "\n"

    def read(self, size=-1, /):
        return self.readline()
