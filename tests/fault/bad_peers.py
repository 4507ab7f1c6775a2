"""Peers that mean harm: bad_peers.py KIND ENDPOINT AMOUNT PEERS. What they meet does not matter to them: a connection that
is closed is opened again until the amount is said."""

import os
import pathlib
import random
import socket
import struct
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

import zmtp  # noqa: E402

MIB = 2**20
RESET = struct.pack("ii", 1, 0)


def source(chance, endpoint):
    """A loopback address of many, because a closed connection keeps its port for a minute."""
    return (f"127.{chance.randrange(1, 255)}.{chance.randrange(256)}.{chance.randrange(1, 255)}", 0) \
        if endpoint.startswith("tcp") else None


# ---- connections that come and go ----

def random_bytes(peer, chance):
    peer.sendall(chance.randbytes(chance.randrange(1, 2000)))


def half_greeting(peer, chance):
    peer.sendall(zmtp.GREETING[:chance.randrange(1, 64)])


def garbage_after_greeting(peer, chance):
    peer.sendall(zmtp.GREETING + chance.randbytes(chance.randrange(1, 2000)))


def garbage_after_handshake(peer, chance):
    zmtp.shake_hands(peer)
    peer.sendall(chance.randbytes(chance.randrange(1, 2000)))


def http(peer, chance):
    peer.sendall(b"POST /ingest HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}")


def tls(peer, chance):
    peer.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(500))


def old_zmtp(peer, chance):
    peer.sendall(chance.choice((b"\x01\x00\x03\x00{}", b"\xff" + bytes(8) + b"\x7f\x00" + b"\x01\x00",
                                b"\xff" + bytes(8) + b"\x7f\x01\x05" + b"\x00\x00" + b"\x00\x02{}")))


def unknown_mechanism(peer, chance):
    peer.sendall(zmtp.GREETING[:12] + chance.choice((b"CURVE", b"PLAIN", b"GSSAPI", b"\xff" * 20)).ljust(20, b"\0") + bytes(32))


def unfinished_message(peer, chance):
    zmtp.shake_hands(peer)
    peer.sendall(zmtp.frame(b"", zmtp.MORE) + zmtp.frame_head(1000000) + b"[" * 1000)


def wrong_commands(peer, chance):
    zmtp.shake_hands(peer)
    peer.sendall(b"".join(
        zmtp.frame(chance.choice((b"\x05READY", b"\x05ERROR\xff", b"\x04PING", b"\x04PING\x00\x00" + b"x" * 100, b"\xff", b"",
                                  b"\x09SUBSCRIBEx", b"\x06CANCELx")), zmtp.COMMAND | chance.randrange(2)) for _ in range(10)))


def event_and_gone(peer, chance):
    zmtp.shake_hands(peer, b"REQ")
    peer.sendall(zmtp.request(b"[{}]"))


def nothing(peer, chance):
    pass


VISITS = (random_bytes, half_greeting, garbage_after_greeting, garbage_after_handshake, http, tls, old_zmtp, unknown_mechanism,
          unfinished_message, wrong_commands, event_and_gone, nothing)


def garbage(endpoint, amount, chance):
    for number in range(amount):
        try:
            with zmtp.connect(endpoint, source(chance, endpoint)) as peer:
                VISITS[number % len(VISITS)](peer, chance)
                if chance.random() < 0.5:
                    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        except OSError:
            pass


# ---- floods: `amount` bytes ----

def flood(endpoint, amount, begin, piece):
    """Says the piece until the amount is said; where it is hung up on it begins anew, now and then."""
    said = 0
    while said < amount:
        try:
            with begin(endpoint) as peer:
                while said < amount:
                    peer.sendall(piece)
                    said += len(piece)
        except OSError:
            said += MIB  # what a closed connection says goes nowhere


def before_the_greeting(endpoint, amount, chance):
    flood(endpoint, amount, zmtp.connect, chance.randbytes(MIB))


def large_commands(endpoint, amount, chance):
    size = 500000
    flood(endpoint, amount, zmtp.dealer, zmtp.frame(b"\x04PING\x00\x00" + bytes(size), zmtp.COMMAND))


def messages(endpoint, amount, chance):
    size = (MIB if endpoint.startswith("tcp") else 8 * MIB) - 1000
    flood(endpoint, amount, zmtp.dealer, zmtp.request(b"[" + b" " * (size - 2) + b"]"))


def arrays(endpoint, amount, chance):
    """Each answered by a larger acknowledgement, which is never read."""
    size = 500000
    flood(endpoint, amount, zmtp.dealer, zmtp.request(b"[" + b"{}," * 5000 + b'"' + b"x" * (size - 15003) + b'"]'))


def endless_message(endpoint, amount, chance):
    flood(endpoint, amount, zmtp.dealer, zmtp.frame(b"x" * 1000000, zmtp.MORE))


def endless_short_frames(endpoint, amount, chance):
    flood(endpoint, amount, zmtp.dealer, zmtp.frame(b"", zmtp.MORE) * (MIB // 2))


def frames_between_commands(endpoint, amount, chance):
    flood(endpoint, amount, zmtp.dealer, (zmtp.frame(b"x" * 1000, zmtp.MORE) + zmtp.frame(b"\x04PING\x00\x00", zmtp.COMMAND)) * 1000)


def subscriptions(endpoint, amount, chance):
    def subscriber(where):
        return zmtp.shake_hands(zmtp.connect(where), b"SUB")
    # Each connection is closed soon: it is their number that works.
    flood(endpoint, amount // 8, subscriber, b"".join(zmtp.frame(b"\x01" + os.urandom(200)) for _ in range(4096)))


def long_subscriptions(endpoint, amount, chance):
    def subscriber(where):
        return zmtp.shake_hands(zmtp.connect(where), b"SUB")
    flood(endpoint, amount, subscriber, zmtp.frame(b"\x01" + os.urandom(1000000)))


FLOODS = (before_the_greeting, large_commands, messages, arrays, endless_message, endless_short_frames, frames_between_commands)
FEED_FLOODS = (before_the_greeting, large_commands, endless_message, subscriptions, long_subscriptions)


if __name__ == "__main__":
    kind, where, how_much, n_peers = sys.argv[1:]
    threads = [threading.Thread(target=globals()[kind], args=(where, int(how_much) // int(n_peers), random.Random(seed)))
               for seed in range(int(n_peers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
