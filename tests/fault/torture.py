#!/usr/bin/python3 -B
"""kill -9 at random moments, thousands of times, and a look at everything that was promised after each.

    tests/fault/torture.py --kills 10000 --result torture.jsonl

Each generation is a city of its own that is killed --each times, under load from three publishers and somebody who
adjusts points, or while it starts for the first time, starts again, catches up, changes the journal's segment,
compresses one, commits, rates everyone anew, stops. After each kill it is started again, and what was acknowledged must
be there: once, with its sequence, its content and its decisions; balances are what the journal posted; frames form one
chain. A generation ends with all of it read again, and with journal.verify and journal.replay (which also adds up the
ledger).

A generation follows from --seed and its number, but for the moments at which processes run. With --result, generations
that stand in that file are not done again. VOLUNTEERD_BIN names the folder of the programs (default: build/dev/bin)."""

import argparse
import collections
import concurrent.futures
import json
import multiprocessing
import os
import pathlib
import random
import shutil
import sys
import tempfile
import time
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import zmq  # noqa: E402
from harness import PATIENCE, Daemon, city_events  # noqa: E402
from journal_files import segments  # noqa: E402
from torture_check import Chain, Journal, insist  # noqa: E402
from torture_city import Maker, Message, Publisher  # noqa: E402

RECONNECT_MS = 2
PUBLISHERS = 3
# How a cycle ends: what it is killed in, and how often of a hundred.
WAYS = {"load": 52, "start": 24, "rebuild": 3, "segment": 3, "run": 5, "idle": 5, "stop": 8}
ONE_CASE = '  cases = { { name = "没有服务", given = { minutes = 0 }, expect = { stars = 0 } } },\n}\n'
# A machine that is stopped for minutes meanwhile is no reason to refuse a policy.
SMALL = {"journal": {"segment_mib": 8, "compress": True}, "policies": {"check_ms": 600000}}


class Killed(Daemon):
    """A daemon that is met as soon as it can be."""

    def socket(self, name, kind=zmq.REQ, endpoint=None):
        socket = self.context.socket(kind)
        for option, value in ((zmq.LINGER, 0), (zmq.RCVTIMEO, int(PATIENCE * 1000)), (zmq.SNDTIMEO, int(PATIENCE * 1000)),
                              (zmq.RECONNECT_IVL, RECONNECT_MS)):
            socket.setsockopt(option, value)
        socket.connect(endpoint or self.endpoint(name))
        return socket


class Generation:
    def __init__(self, seed, number, folder):
        self.random = random.Random(seed * 1000003 + number)
        self.daemon = Killed(folder, SMALL)
        self.maker = Maker(self.random)
        self.journal = Journal(self.maker.known)
        self.publishers = [Publisher(f"publisher-{n}", self.maker, self.journal) for n in range(PUBLISHERS)]
        self.chain = Chain(self.daemon.data)
        self.ways = collections.Counter()
        self.starts_ms = []
        self.n_adjustments = self.n_verified = self.n_segments = 0
        self.start_s = 0.05  # about what a start takes

    # ---- starting, killing ----

    def pause(self, most_s, least_s=0.0):
        time.sleep(self.random.uniform(least_s, most_s))

    def configure(self):
        """Another rhythm of commits at each start: the shortest commits nearly always."""
        self.daemon.config["store"] = {"checkpoint_ms": self.random.choice((10, 10, 20, 100, 1000))}
        self.daemon.write_config()

    def start(self):
        self.configure()
        began = time.monotonic()
        self.daemon.launch()
        self.daemon.wait_ready()
        took = time.monotonic() - began
        self.starts_ms.append(took * 1000)
        self.start_s = 0.8 * self.start_s + 0.2 * took

    def kill_in_start(self, most_s=None):
        self.configure()
        self.daemon.launch()
        self.pause(most_s or self.start_s * 1.2)
        insist(self.daemon.process.poll() is None, "it ended by itself:", self.daemon.log_text()[-2000:])
        self.daemon.kill()

    def remove_state(self):
        for file in (self.daemon.data / "state").iterdir():
            file.unlink()

    # ---- load ----

    def adjust(self, socket):
        """Somebody who grants and takes points by hand, one answer at a time."""
        if not self.maker.people:
            return None
        self.n_adjustments += 1
        name, person = f"adj-{self.n_adjustments}", self.random.choice(self.maker.people)
        amount = self.random.choice((500, 100, 50, -20, -100000))
        self.journal.commands[name] = (person, amount, None)
        socket.send_multipart([b"", json.dumps({
            "jsonrpc": "2.0", "id": name, "method": "points.adjust",
            "params": {"adjustment": name, "volunteer": person, "account": "points", "amount": amount,
                       "reason": "补登"}}).encode()])
        return name

    def take_adjustment(self, socket):
        answer = json.loads(socket.recv_multipart()[-1])
        name = answer["id"]
        if "error" in answer:
            insist(answer["error"]["data"]["code"] == "insufficient_points", answer)
            del self.journal.commands[name]
        else:
            self.journal.commands[name] = (*self.journal.commands[name][:2], answer["result"]["sequence"])
        return 1

    def load(self, until, make=None, most=30, at_a_time=3):
        """Publishes until `until(n)` says so of the n events acknowledged; sockets stay open for what comes after."""
        poller, n, asked = zmq.Poller(), 0, 0
        for publisher in self.publishers:
            publisher.connect(self.daemon, poller)
        query = self.daemon.socket("query", zmq.DEALER)
        poller.register(query, zmq.POLLIN)
        deadline = time.monotonic() + PATIENCE
        while not until(n):
            for publisher in self.publishers:
                publisher.send(at_a_time, make, most)
            if not asked and self.random.random() < 0.2:
                asked = self.adjust(query)
            ready = dict(poller.poll(20))
            if query in ready:
                self.take_adjustment(query)
                asked = None
            n += sum(publisher.receive() for publisher in self.publishers if publisher.socket in ready)
            insist(self.daemon.process.poll() is None, "it ended by itself:", self.daemon.log_text()[-2000:])
            insist(time.monotonic() < deadline, "no acknowledgement came")
        return poller, query

    def drain(self, poller, query, wait_ms=1):
        """What had come out of it before it was killed."""
        while ready := dict(poller.poll(wait_ms)):
            if query in ready:
                self.take_adjustment(query)
            for publisher in self.publishers:
                publisher.receive()
        for publisher in self.publishers:
            publisher.disconnect(poller)
        query.close(0)

    # ---- ways to be killed ----

    def kill_in_load(self):
        wanted = self.random.choice((0, 1, 20, 60, 120, 240))
        sockets = self.load(lambda n: n >= wanted)
        self.pause(0.004)
        self.daemon.kill()
        self.drain(*sockets)

    def kill_in_segment(self):
        """When the next segment has been taken into use: while the one before is compressed and a spare made."""
        before = len(segments(self.daemon.data)) + len(segments(self.daemon.data, ".vjz"))
        self.n_segments += 1
        sockets = self.load(lambda n: len(segments(self.daemon.data)) + len(segments(self.daemon.data, ".vjz")) > before,
                            self.maker.bulk, 80)
        self.pause(0.2)
        self.daemon.kill()
        self.drain(*sockets)

    def kill_in_run(self):
        """Everyone is rated anew when it is killed."""
        text = (self.daemon.policies / "star_rating.lua").read_text()
        hours = 1000 + self.random.randint(1, 400)
        text = text.replace("600, 1000, 1500 }", f"600, {hours}, 1500 }}", 1)
        text = text[:text.index("  cases = {")] + ONE_CASE
        socket = self.daemon.socket("query", zmq.DEALER)
        socket.send_multipart([b"", json.dumps({"jsonrpc": "2.0", "id": 1, "method": "policy.activate", "params": {
            "text": text, "retroactivity": "all_history", "by": "clerk:1"}}).encode()])
        wanted = self.random.choice((0, 40))
        sockets = self.load(lambda n: n >= wanted)
        socket.poll(1000 * self.random.randint(0, 1))
        self.pause(0.02)
        self.daemon.kill()
        self.drain(*sockets)
        socket.close(0)

    def kill_in_idle(self):
        """When everything is acknowledged and commits follow."""
        sockets = self.load(lambda n: n >= 60)
        self.pause(0.15)
        self.drain(*sockets, wait_ms=20)
        self.daemon.kill()

    def kill_in_stop(self):
        sockets = self.load(lambda n: n >= 30)
        self.daemon.signal(15)
        self.pause(0.006)
        self.daemon.kill()
        self.drain(*sockets)

    def cycle(self, way):
        """Its kills: two where it was killed again in its start."""
        self.ways[way] += 1
        if way in ("start", "rebuild"):
            sockets = self.load(lambda n: n >= 60)
            self.daemon.kill()
            self.drain(*sockets)
            if way == "rebuild":
                self.remove_state()
            self.kill_in_start()
        else:
            getattr(self, f"kill_in_{way}")()
        self.start()
        head = self.journal.look(self.daemon)
        if not self.chain.walk(head):
            self.n_verified += 1
            job = self.daemon.run_job("journal.verify")
            insist(job["state"] == "done" and job["result"]["records"] >= head, job)

        return 2 if way in ("start", "rebuild") else 1

    def define_city(self):
        city = Message(city_events(0))
        self.journal.sent(city)
        self.journal.acknowledged(city, self.daemon.publish(city.events)["results"])

    def start_first(self):
        """A city that is new, killed up to three times before it ever served; how often."""
        n = self.random.randint(0, 3)
        for _ in range(n):
            self.kill_in_start(0.15)
        self.ways["first_start"] += n
        self.start()
        kinds = collections.Counter(record["type"] for record in self.journal.pages(self.daemon, 0))
        policies = len(list(self.daemon.policies.glob("*.lua")))
        insist(kinds["city.configured"] == 1 and kinds["policy.activated"] == policies, kinds)
        return n

    def run(self, kills, each_way_once=False):
        began = time.monotonic()
        done = self.start_first()
        self.define_city()
        for way in WAYS if each_way_once else ():
            done += self.cycle(way)
        while done < kills:
            done += self.cycle(self.random.choices(list(WAYS), WAYS.values())[0])
        self.journal.look_at_everything(self.daemon)
        insist(self.daemon.stop() == 0, self.daemon.log_text()[-2000:])
        log = self.daemon.log_text()
        journal = self.journal
        starts = sorted(self.starts_ms)
        return {"kills": done, "acknowledged": journal.n_acknowledged, "duplicates": journal.n_duplicate,
                "refused": journal.n_refused, "records": journal.checked, "adjustments": self.n_adjustments,
                "torn_frames": log.count("cutting a torn write"), "segments_changed": self.n_segments, "verified": self.n_verified,
                "start_ms_median": round(starts[len(starts) // 2], 1), "start_ms_most": round(starts[-1], 1),
                "seconds": round(time.monotonic() - began, 1), "ways": dict(self.ways)}


# ---- many of them ----

def generation(seed, number, kills, place):
    """In a process of its own; its figures, or what went wrong and where it lies."""
    folder = tempfile.mkdtemp(prefix="vd-torture-", dir=place)
    one = Generation(seed, number, folder)
    try:
        figures = {"seed": seed, "generation": number, **one.run(kills)}
        shutil.rmtree(folder)
        return figures
    except BaseException:
        if one.daemon.process:
            one.daemon.process.kill()
            one.daemon.process.wait()
        return {"seed": seed, "generation": number, "failed": traceback.format_exc(), "folder": folder}
    finally:
        one.daemon.context.destroy(0)


def known_results(path, seed):
    if not path or not path.exists():
        return {}
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    return {line["generation"]: line for line in lines if line["seed"] == seed}


def total(results):
    sums, ways = collections.Counter(), collections.Counter()
    for result in results:
        ways.update(result["ways"])
        sums.update({name: result[name] for name in ("kills", "acknowledged", "duplicates", "records", "adjustments",
                                                     "torn_frames", "segments_changed", "seconds")})
    return {**sums, "ways": dict(ways)}


def tell(results, wanted):
    sums = total(results)
    print(f"{sums.get('kills', 0):,} of {wanted:,} kills, {sums.get('acknowledged', 0):,} acknowledged, "
          f"{sums.get('records', 0):,} records", flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10000)
    parser.add_argument("--each", type=int, default=250, help="kills of one generation")
    parser.add_argument("--seed", type=int, default=20180823)
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="generations at a time")
    parser.add_argument("--result", type=pathlib.Path, help="a line for each generation is added; those there are kept")
    parser.add_argument("--folder", help="where the cities live (default: the folder for temporary files)")
    return parser.parse_args()


def main():
    given = arguments()
    results = known_results(given.result, given.seed)
    missing = [number for number in range(-(-given.kills // given.each)) if number not in results]
    failed = []
    context = multiprocessing.get_context("spawn")
    with concurrent.futures.ProcessPoolExecutor(given.jobs, mp_context=context) as pool:
        running = [pool.submit(generation, given.seed, number, given.each, given.folder) for number in missing]
        for future in concurrent.futures.as_completed(running):
            if future.cancelled():
                continue
            figures = future.result()
            if "failed" in figures:
                failed.append(figures)
                print(f"generation {figures['generation']} of seed {figures['seed']} failed, see {figures['folder']}:\n"
                      f"{figures['failed']}", flush=True)
                for other in running:
                    other.cancel()
                continue
            results[figures["generation"]] = figures
            if given.result:
                with open(given.result, "a") as file:
                    file.write(json.dumps(figures) + "\n")
            tell(results.values(), given.kills)
    print(json.dumps(total(results.values()), ensure_ascii=False))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
