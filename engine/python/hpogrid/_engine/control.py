"""The socket between worker and host: one JSON object a packet, with descriptors attached.

Worker to host:
    {"prepare": N, "environment": {…}}   + [channel, log]   make a process that waits for its order
Host to worker:
    {"ready": "fork"|"spawn", "reason": "…"}                the script is imported (fork), or never will be here (spawn)
    {"import_error": "traceback"}                           it cannot be imported; the host has nothing more to do
    {"prepared": N, "pid": P}                               it waits
    {"not_prepared": N, "error": "…"}                       no process could be made
    {"exited": P, "status": S}                              ended; S as waitpid() gives it
"""

import array
import json
import socket

_MAX_PACKET = 1 << 17
_MAX_DESCRIPTORS = 4


class Control:
    def __init__(self, descriptor):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET, 0, fileno=descriptor)

    def fileno(self):
        return self._socket.fileno()

    def close(self):
        self._socket.close()

    def detach(self):
        return self._socket.detach()

    def send(self, message):
        self._socket.sendall(json.dumps(message).encode())

    def receive(self):
        """(message, descriptors); message is None when the worker has gone."""
        room = socket.CMSG_SPACE(_MAX_DESCRIPTORS * array.array("i").itemsize)
        packet, ancillary, _, _ = self._socket.recvmsg(_MAX_PACKET, room, socket.MSG_CMSG_CLOEXEC)
        descriptors = array.array("i")
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                descriptors.frombytes(data[: len(data) - len(data) % descriptors.itemsize])
        return (json.loads(packet.decode()) if packet else None), list(descriptors)
