"""Lines of JSON on a descriptor: how a trial speaks with its worker."""

import json
import os
import select
import threading

# Characters of an error text that travel. The log has all of it.
_MAX_TEXT = 1 << 14


class Channel:
    """One end of a stream socket or pipe. Messages of several threads never mix."""

    def __init__(self, descriptor):
        self._descriptor = descriptor
        self._lock = threading.Lock()
        self._unread = b""

    def send(self, message):
        text = json.dumps(message, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        line = text.encode("utf-8", "replace") + b"\n"
        with self._lock:
            while line:
                line = line[os.write(self._descriptor, line) :]

    def has_more(self):
        """Whether receive() would return at once."""
        return b"\n" in self._unread or bool(select.select([self._descriptor], [], [], 0)[0])

    def receive(self):
        """The next message, None when the other side has gone."""
        while b"\n" not in self._unread:
            chunk = os.read(self._descriptor, 65536)
            if not chunk:
                return None
            self._unread += chunk
        line, self._unread = self._unread.split(b"\n", 1)
        return json.loads(line.decode())


def shorten(text):
    """Keeps beginning and end of a long text: messages have a limit."""
    if len(text) <= _MAX_TEXT:
        return text
    return text[: _MAX_TEXT // 2] + "\n[…]\n" + text[-_MAX_TEXT // 2 :]
