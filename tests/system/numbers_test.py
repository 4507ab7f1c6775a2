"""numbers.get: the numbers move as they must, and agree with what else the daemon says."""

import os
import shutil
import unittest

from harness import CITY, ROOT, CityTest, DaemonTest, city_events, event, eventually, service, volunteer


class Numbers(CityTest):
    def numbers(self):
        return self.city.query("numbers.get")

    def test_it_agrees_with_status(self):
        status, numbers = self.city.query("status"), self.numbers()
        self.assertEqual(numbers["journal"]["head"], status["sequence"])
        self.assertEqual(numbers["journal"]["bytes"], status["journal_bytes"])
        self.assertEqual(numbers["version"], status["version"])
        for name in ("stored", "duplicate", "rejected", "decisions", "policy_calls", "policy_failures"):
            self.assertEqual(numbers["engine"][name], status["events"][name], name)
        self.assertEqual(numbers["journal"]["frames"], status["frames"])
        self.assertEqual([row["account"] for row in numbers["ledger"]], [row["account"] for row in status["ledger"]])
        self.assertIs(numbers["engine"]["read_only"], False)
        self.assertIsNone(numbers["engine"]["reason"])

    def test_an_event_moves_journal_engine_and_bus(self):
        before = self.numbers()
        self.assertEqual(self.city.publish_one(volunteer("n-1", serial=301))["status"], "stored")
        after = self.numbers()
        self.assertEqual(after["engine"]["stored"], before["engine"]["stored"] + 1)
        self.assertGreater(after["journal"]["head"], before["journal"]["head"])
        self.assertGreater(after["journal"]["bytes"], before["journal"]["bytes"])
        self.assertEqual(after["journal"]["frames"], before["journal"]["frames"] + 1)
        self.assertEqual(after["journal"]["syncs"], after["journal"]["frames"])
        self.assertGreater(after["journal"]["syncs_us"], 0)
        self.assertEqual(after["bus"]["messages"], before["bus"]["messages"] + 1)
        self.assertGreater(after["bus"]["accepted_connections"], before["bus"]["accepted_connections"])
        self.assertGreater(after["bus"]["answered"], before["bus"]["answered"])
        self.assertGreaterEqual(after["journal"]["idle_us"], 0)
        within = after["journal"]["syncs_within"]
        self.assertEqual(len(within), len(after["journal"]["sync_bounds_us"]))
        self.assertEqual(within, sorted(within))

    def test_what_is_rejected_is_counted_by_its_code(self):
        before = self.numbers()["bus"]
        self.assert_rejected(self.city.publish_one(service("n-r", "nobody")), "unknown_volunteer", retryable=True)
        self.assert_rejected(self.city.publish_one(event("no.such", {})), "unknown_type")
        after = self.numbers()["bus"]
        for code in ("unknown_thing", "unknown_type"):
            self.assertEqual(after["rejected_as"][code], before["rejected_as"].get(code, 0) + 1, code)
        self.assertEqual(sum(after["rejected_as"].values()), sum(before["rejected_as"].values()) + 2)

    def test_each_revision_tells_what_it_was_asked(self):
        for day in range(1, 6):
            result = self.city.publish_one(
                service(f"n-s{day}", "v1", f"2023-04-0{day}T09:00:00+08:00", f"2023-04-0{day}T11:00:00+08:00")
            )
            self.assertEqual(result["status"], "stored")
        policies = self.numbers()["policies"]
        rows = {row["policy"]: row for row in policies["revisions"]}
        acceptance = rows["acceptance"]
        self.assertEqual(acceptance["kind"], "acceptance")
        self.assertEqual(acceptance["revision"], "acceptance:1")
        self.assertGreaterEqual(acceptance["calls"], 5)
        for row in rows.values():
            self.assertEqual(row["calls"], row["known"] + row["runs"], row)
            self.assertEqual(row["failures"], 0, row)
            self.assertLessEqual(row["most_instructions"], policies["instruction_limit"])
            self.assertLessEqual(row["longest_us"], row["runs_us"])
        self.assertGreater(sum(row["runs_us"] for row in rows.values()), 0)

    def test_the_ledger_sums_to_zero(self):
        ledger = self.numbers()["ledger"]
        self.assertTrue(ledger)
        for row in ledger:
            self.assertEqual(row["sum"], 0, row)

    def test_disk_store_and_process_are_told(self):
        numbers = self.numbers()
        disk = os.statvfs(self.city.data)
        self.assertEqual(numbers["disk"]["total_bytes"], disk.f_blocks * disk.f_frsize)
        self.assertGreater(numbers["disk"]["free_bytes"], 0)
        self.assertEqual(numbers["disk"]["reserve_bytes"], 256 << 20)
        store = numbers["store"]
        self.assertEqual(store["map_bytes"], 64 << 30)
        self.assertGreater(store["used_bytes"], 0)
        self.assertLess(store["free_bytes"], store["used_bytes"])
        self.assertGreaterEqual(store["readers"], 1)  # the question itself
        self.assertEqual(numbers["process"]["pid"], self.city.process.pid)
        self.assertGreater(numbers["process"]["resident_bytes"], 1 << 20)
        self.assertGreater(numbers["process"]["cpu_us"], 0)

    def test_connections_subscribers_and_long_polls_come_and_go(self):
        feed = self.city.subscribe("star.changed")
        poll = self.city.socket("query")
        head = self.numbers()["journal"]["head"]
        poll.send_json({"jsonrpc": "2.0", "id": 1, "method": "journal.read", "params": {"after": head, "wait_ms": 30000}})
        during = eventually(lambda: self.when(lambda m: m["bus"]["parked_questions"] == 1), "a parked question")
        self.assertEqual(during["bus"]["subscribers"], 2)  # the heartbeat's, too
        self.assertEqual(self.city.publish_one(volunteer("n-2", serial=302))["status"], "stored")
        self.assertTrue(poll.recv_json()["result"]["events"])
        poll.close(0)
        feed.close(0)
        eventually(lambda: self.when(lambda m: m["bus"]["connections"] < during["bus"]["connections"]), "fewer connections")
        self.assertEqual(self.numbers()["bus"]["parked_questions"], 0)

    def when(self, condition):
        numbers = self.numbers()
        return numbers if condition(numbers) else None

    def settled(self):
        """The numbers once the state is committed as far as the journal goes."""
        return eventually(
            lambda: self.when(lambda m: m["journal"]["committed"] == m["journal"]["head"]), "the state to be committed"
        )

    def test_the_city_is_told_by_its_counters_and_figures(self):
        self.assertIsNone(self.numbers()["city"]["rate"])
        figures = (("built_up_residents", 200000), ("in_service_party_members", 30))
        for figure, value in figures:
            data = {"subject": {"kind": "region", "id": CITY}, "figure": figure, "value": value, "as_of": "2018-01-01",
                    "origin": "统计公报"}
            self.assertEqual(self.city.publish_one(event("figure.reported", data))["status"], "stored")
        city = self.settled()["city"]
        row = self.city.query("region.get", region=CITY)["counters"]
        for name in ("volunteers", "records", "minutes", "teams", "stations_planned"):
            self.assertEqual(city[name], row.get(name, 0), name)
        self.assertEqual(city["held"], row.get("held", 0))
        self.assertEqual(city["built_up_residents"], 200000)
        self.assertEqual(city["rate"], 10000 * city["volunteers"] // 200000)
        self.assertEqual(city["party_members"], 30)
        self.assertEqual(city["party_rate"], 10000 * city["in_service_party_members"] // 30)
        self.assertIsNone(city["unit_rate"])  # no unit has a title

    def test_it_waits_for_no_commit(self):
        """Whoever asks each second must not make a checkpoint each time."""
        before = self.settled()
        for _ in range(20):
            self.numbers()
        self.assertEqual(self.numbers()["store"]["checkpoints"], before["store"]["checkpoints"])


class Trouble(DaemonTest):
    def test_a_city_that_is_not_defined_has_no_numbers(self):
        daemon = self.daemon(policies=None)
        daemon.start()
        self.assertIsNone(daemon.query("numbers.get")["city"])

    def test_a_rule_that_fails_is_counted_by_its_revision(self):
        policies = self.folder / "rules" / "policies"
        shutil.copytree(ROOT / "scripts" / "policies", policies)
        shutil.copytree(ROOT / "scripts" / "library", self.folder / "rules" / "library")
        (policies / "points.lua").write_text(
            "return { name = 'points', kind = 'points', title = '积分', texts = {}, parameters = {},\n"
            "decide = function(record) if record.minutes > 60 then error('no') end return { postings = {} } end,\n"
            "cases = { { name = '一小时', given = { minutes = 60 }, expect = { postings = {} } } } }\n")
        daemon = self.daemon(policies=policies)
        daemon.start()
        self.assert_stored(daemon.publish(city_events()))
        self.assertEqual(daemon.publish_one(service("f-1", "v1"))["status"], "stored")
        rows = {row["policy"]: row for row in daemon.query("numbers.get")["policies"]["revisions"]}
        self.assertGreater(rows["points"]["failures"], 0)
        self.assertEqual(rows["points"]["failures"], rows["points"]["calls"])
        self.assertEqual(rows["acceptance"]["failures"], 0)


if __name__ == "__main__":
    unittest.main()
