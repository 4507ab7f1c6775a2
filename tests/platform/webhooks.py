"""Standard Webhooks (https://www.standardwebhooks.com): signing and checking, and sending one."""

import base64
import hashlib
import hmac
import http.client
import time
import urllib.parse

TOLERANCE_S = 300


def key_of(secret):
    """The bytes of whsec_..."""
    return base64.b64decode(secret.removeprefix("whsec_"), validate=True)


def signature(secret, id, timestamp, body):
    signed = f"{id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest()).decode()


def code_of_wrong(secret, headers, body, now=None):
    """Why a message is refused: bad_signature or stale_timestamp; None where it is good."""
    id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (id and timestamp.isascii() and timestamp.isdigit()):
        return "bad_signature"
    expected = signature(secret, id, timestamp, body)
    given = headers.get("webhook-signature", "").split(" ")
    if not any(hmac.compare_digest(one.encode(), expected.encode()) for one in given):
        return "bad_signature"
    if abs(int(timestamp) - (now or time.time())) > TOLERANCE_S:
        return "stale_timestamp"
    return None


def send(url, secret, id, body, timestamp=None, signatures=None, timeout=10):
    """Posts a signed message; the status of the answer. `signatures` replaces the right one."""
    timestamp = str(int(time.time()) if timestamp is None else timestamp)
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=timeout)
    try:
        connection.request("POST", place.path or "/", body, {
            "Content-Type": "application/json", "webhook-id": id, "webhook-timestamp": timestamp,
            "webhook-signature": signatures or signature(secret, id, timestamp, body)})
        return connection.getresponse().status
    finally:
        connection.close()
