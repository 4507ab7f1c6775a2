#!/usr/bin/env python3
"""The recruitment platform of the tests: an HTTPS server that keeps the contract plugins/recruitment/openapi.json, with a
database of its own and people made from a seed. Prints one line of JSON with its addresses when it serves; ends with
SIGTERM, or when its standard input does (--until-input-ends)."""

import argparse
import datetime
import json
import pathlib
import signal
import sys
import threading

import certificates
import database
import faults
import population
import server

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIVISIONS = ROOT / "conf" / "divisions" / "tianshui-divisions-2018.csv"
# Of nobody else: the tests' own, and quickstart's.
TOKEN = "test-platform-token"
WEBHOOK_SECRET = "whsec_dGVzdC1wbGF0Zm9ybS1zZWNyZXQtMDEyMzQ1Njc4OQ=="


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", required=True, help="its file; one that is there already is served as it is")
    parser.add_argument("--certificates", required=True, help="folder; certificates are made where there are none")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--admin-port", type=int, default=0)
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=datetime.date.fromisoformat, default=None, help="nothing is later (today)")
    parser.add_argument("--days", type=int, default=25, help="over which activities take place, before --until")
    parser.add_argument("--areas", help="codes of communities, with commas (all of Tianshui's)")
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument("--webhook-secret", default=WEBHOOK_SECRET)
    parser.add_argument("--until-input-ends", action="store_true")
    return parser.parse_args()


def main():
    given = arguments()
    kept = database.Database(given.database)
    if given.people:
        areas = given.areas.split(",") if given.areas else population.communities(DIVISIONS)
        until = given.until or datetime.datetime.now(population.CHINA).date()
        kept.fill(population.Population(given.people, given.seed, until, given.days, areas).rows())
    made = certificates.Certificates(given.certificates).make()
    platform = server.Platform(kept, faults.Faults(), given.token, given.webhook_secret)
    port, wrong_port, admin_port = platform.listen(made, given.port, 0, given.admin_port)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    print(json.dumps({"url": f"https://localhost:{port}", "wrong_url": f"https://localhost:{wrong_port}",
                      "admin": f"http://127.0.0.1:{admin_port}", "ca": str(made.authority)}), flush=True)
    if given.until_input_ends:
        threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    ended.wait()
    platform.stop()


if __name__ == "__main__":
    main()
