"""ZMTP by hand (rfc.zeromq.org/spec/37), so that a peer can say what libzmq would not."""

import socket
import struct

GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x00" + b"NULL" + bytes(16) + bytes(32)
MORE, LARGE, COMMAND = 1, 2, 4


def frame(body, flags=0):
    if len(body) < 256:
        return bytes([flags, len(body)]) + body
    return frame_head(len(body), flags) + body


def frame_head(size, flags=0):
    """The head of a frame of this size, however much of it will come."""
    return bytes([flags | LARGE]) + struct.pack(">Q", size)


def ready(kind, identity=b""):
    properties = b"\x0bSocket-Type" + struct.pack(">I", len(kind)) + kind
    if identity:
        properties += b"\x08Identity" + struct.pack(">I", len(identity)) + identity
    return frame(b"\x05READY" + properties, COMMAND)


def request(body):
    """What a REQ socket sends."""
    return frame(b"", MORE) + frame(body)


def connect(endpoint, source=None):
    """A plain connection to ipc://... or tcp://..."""
    scheme, address = endpoint.split("://")
    if scheme == "ipc":
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(30)
        peer.connect(address)
        return peer
    host, port = address.rsplit(":", 1)
    return socket.create_connection((host, int(port)), 30, source)


def receive(peer, size):
    got = b""
    while len(got) < size:
        more = peer.recv(size - len(got))
        if not more:
            raise ConnectionError("the daemon hung up")
        got += more
    return got


def shake_hands(peer, kind=b"DEALER", identity=b""):
    """As libzmq begins; afterwards frames may come."""
    peer.sendall(GREETING)
    receive(peer, 64)
    peer.sendall(ready(kind, identity))
    receive(peer, receive(peer, 2)[1])
    return peer


def dealer(endpoint, identity=b""):
    return shake_hands(connect(endpoint), b"DEALER", identity)
