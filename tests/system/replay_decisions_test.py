"""policy replay: every decision of a small city's year is asked again, over the facts that were stored with
it or of the state as it stood, and comes out the same; one whose facts were tampered with does not."""
import pathlib
import struct
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "fault"))
from journal_files import HEADER_SIZE, frames_of, segments  # noqa: E402
from replayed import DECISIONS, ReplayTest  # noqa: E402
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, decisions  # noqa: E402

# Reads what is told apart with most trouble: lists of objects, one region by two ways, tables.
WIDE = """return {
  name = "star_rating", kind = "star_rating", title = "宽评", texts = { total = "%d", at = "%s" },
  parameters = { ["2012-10-23"] = { hours = 10 }, ["2018-06-01"] = { hours = 20 } },
  decide = function(v, p, context)
    local recent, sum = v:records{ from = context.year .. "-01-01", limit = 3 }, 0
    for _, record in ipairs(recent) do sum = sum + record.counted_minutes end
    finding("total", sum)
    finding("at", v.region.parent.name)
    local home = v.employer and v.employer.region == v.region
    local trees = v:quantity{ name = "trees" }
    local stars = v:minutes{ activity = "act:1" } // (p.hours * 60)
    if home then stars = stars + 1 end
    if trees > 0 or #v:star_changes{} > 3 or #v.teams > 1 then stars = stars + 1 end
    return stars > 5 and 5 or stars
  end,
  cases = { { name = "无", given = { minutes = 0, region = { parent = { name = "秦州区" } } }, expect = { stars = 0 } } },
}
"""

# Over two kibibytes of facts: only a digest of them is kept.
LONG = """return {
  name = "star_rating", kind = "star_rating", title = "逐日", texts = { days = "%d" },
  decide = function(v, p, context)
    local days = 0
    for month = 1, 12 do
      for day = 1, 28 do
        if v:minutes_on(string.format("%d-%02d-%02d", context.year, month, day)) > 0 then days = days + 1 end
      end
    end
    finding("days", days)
    return days > 5 and 5 or days
  end,
  cases = { { name = "无", given = { minutes = 0 }, expect = { stars = 0 } } },
}
"""

FAILING = """return {
  name = "acceptance", kind = "acceptance", title = "坏的",
  decide = function(record)
    if record.minutes == 77 then error("坏了") end
    return "accepted", record.minutes
  end,
  cases = { { name = "无", given = { minutes = 5 }, expect = { outcome = "accepted" } } },
}
"""

TWO_ENTRIES = """return {
  name = "extra", kind = "points", title = "加倍", texts = { trees = "%d" },
  decide = function(record, p, context)
    if context.subject ~= "record" then
      return { postings = { { account = "points", amount = 100, reason = "welcome " .. context.cause } } }
    end
    if record.minutes == 66 then error("坏了") end
    finding("trees", record.quantities.trees or 0)
    return { postings = {
      { account = "points", amount = 5, reason = "one" },
      { account = "points", amount = 7, reason = "two", volunteer = record.volunteer.id },
    } }
  end,
  cases = { { name = "无", given = {}, context = { subject = "volunteer" }, expect = { postings = {
    { account = "points", amount = 100, reason = "welcome on_demand" } } } } },
}
"""


class YearTest(ReplayTest):
    """A year: people come, serve, are corrected, move; rules change twice, one of them for all history."""

    @classmethod
    def setUpClass(cls):
        cls.city = city = cls.start_dated_city(cls.addClassCleanup)
        city.on("2018-01-02").define_regions()
        city.define_organisation("org:1", "天水市文明办")
        city.define_organisation("org:2", "麦积区税务局", region=OTHER_COMMUNITY,
                                 kind="public_institution")
        city.publish_activity("act:1", starts="2018-01-01T08:00:00+08:00",
                              ends="2018-12-31T20:00:00+08:00")
        city.send("figure.reported", {
            "figure": "built_up_residents", "subject": {"kind": "region", "id": OTHER_COUNTY},
            "value": 20, "as_of": "2018-01-01", "origin": "统计公报"})
        for n in range(6):
            region = OTHER_COMMUNITY if n % 3 == 0 else None
            employer = {"employer": "org:1"} if n % 2 else {}
            city.register(f"v:{n}", **({"region": region} if region else {}), **employer)
        city.register_unknown("v:held")
        ask = cls.ask_city
        ask(city, "policy.activate", text=TWO_ENTRIES, effective="2018-01-01", by="clerk:1")
        serial = 0
        for month in range(1, 13):
            for n in range(6):
                serial += 1
                city.on(f"2018-{month:02d}-{10 + n}")
                city.send("service.recorded", cls.record(serial, n, month))
            if month == 3:
                city.send("service.corrected", {"record": "s:4", "minutes": 30, "reason": "早退",
                                                "by": "clerk:9"})
                city.send("service.revoked", {"record": "s:5", "reason": "记错", "by": "clerk:9"})
            if month == 4:
                ask(city, "policy.activate", text=WIDE, effective="2018-01-01", by="clerk:1",
                    retroactivity="all_history")
            if month == 7:
                ask(city, "policy.activate", text=LONG, effective="2018-01-01", by="clerk:1",
                    retroactivity="all_history")
            if month == 8:
                ask(city, "policy.activate", text=FAILING, effective="2018-01-01", by="clerk:1")
        city.on("2018-12-20").send("service.recorded", dict(cls.record(900, 1, 12), record="fail",
                                                            minutes=77))
        city.send("service.recorded", dict(cls.record(901, 2, 11), record="withheld", minutes=66))
        # What was withheld is asked about again.
        ask(city, "policy.activate", text=TWO_ENTRIES.replace('error("坏了")', ""),
            effective="2018-01-01", by="clerk:1")

    @staticmethod
    def record(serial, n, month):
        day = 5 + n
        return {"record": f"s:{serial}", "volunteer": f"v:{n}", "organisation": "org:1",
                "starts": f"2018-{month:02d}-{day:02d}T{8 + n:02d}:00:00+08:00",
                "ends": f"2018-{month:02d}-{day:02d}T{12 + n:02d}:30:00+08:00",
                "method": "automatic", "recorder": "clerk:1",
                **({"activity": "act:1"} if serial % 4 else {}),
                **({"quantities": {"trees": serial}} if serial % 5 == 0 else {})}

    @staticmethod
    def ask_city(city, method, **params):
        return city.daemon.query(method, **params)

    def test_every_decision_comes_out_the_same(self):
        found = self.all_decisions()
        by_type, read = {}, {}
        for event in found:
            result = self.replay(int(event["sequence"]))
            if result["same"] is None:
                self.assertIn(result["read"], ("reversal", "no_policy"))
            else:
                self.assert_same(result)
            by_type[event["type"]] = by_type.get(event["type"], 0) + 1
            read[result["read"]] = read.get(result["read"], 0) + 1
        for type_name in DECISIONS:
            self.assertGreater(by_type.get(type_name, 0), 0, by_type)
        for how in ("stored_facts", "rebuilt_state", "reversal"):
            self.assertGreater(read.get(how, 0), 0, read)

    def test_an_answer_of_several_entries_is_replayed_as_one(self):
        posted = [event for event in self.all_decisions(["points.posted"])
                  if event["data"].get("record") == "s:1" and event["data"]["reason"] in ("one", "two")]
        first, second = (self.replay(int(event["sequence"])) for event in posted)
        self.assertEqual(first, second)
        self.assertEqual([entry["reason"] for entry in first["replayed"]["postings"]],
                         ["one", "two"])
        self.assertEqual(first["subject"], {"kind": "record", "id": "s:1"})

    def test_a_decision_says_by_what_it_was_made(self):
        event, = (event for event in self.all_decisions(["service.decided"])
                  if event["data"]["record"] == "s:8")
        result = self.replay(int(event["sequence"]))
        self.assertEqual((result["type"], result["kind"], result["read"]),
                         ("service.decided", "acceptance", "stored_facts"))
        self.assertEqual((result["as_of"], result["cause_type"]),
                         ("2018-02-06", "service.recorded"))
        self.assertEqual(result["recorded"], result["replayed"])
        self.assertEqual(result["recorded"]["minutes"], 270)
        self.assertEqual(result["recorded"]["revision"], event["policyrevision"])

    def test_a_failure_is_a_failure_again(self):
        event, = (event for event in self.all_decisions(["service.decided"])
                  if event["data"]["record"] == "fail")
        result = self.replay(int(event["sequence"]))
        self.assertEqual((result["same"], result["read"]), (True, "rebuilt_state"))
        self.assertIn("坏了", result["replayed"]["failure"])

    def test_what_is_no_decision_is_refused(self):
        event = self.ask("journal.read", types=["service.recorded"], limit=1)["events"][0]
        self.refuse("wrong_state", "sequence", "policy.replay", sequence=int(event["sequence"]))
        self.refuse("out_of_range", "sequence", "policy.replay", sequence=0)
        self.refuse("out_of_range", "sequence", "policy.replay", sequence=10**15)
        self.refuse("missing_field", "sequence", "policy.replay")
        self.refuse("out_of_range", "wait_ms", "policy.replay", sequence=1, wait_ms=10**9)
        self.refuse("out_of_range", "job", "job.start", job="policy.replay")

    def test_a_job_may_be_waited_for_elsewhere(self):
        event = self.all_decisions(["registration.decided"])[0]
        started = self.ask("policy.replay", sequence=int(event["sequence"]), wait_ms=0)
        ended = self.ask("job.get", job=started["job"], wait_ms=30000)
        self.assert_same(ended["result"])


class NoPolicyTest(ReplayTest):
    def test_a_decision_without_a_policy_says_so(self):
        self.city = city = self.start_city(self.addCleanup, policies=None)
        city.define_regions()
        city.define_organisation("org:1", "天水市文明办")
        city.register("v:1")
        result = city.serve("r:1", "v:1", 3)
        decided, = decisions(result, "service.decided")
        self.assertEqual(decided["findings"][0]["code"], "no_policy")
        answer = self.replay(result["sequence"] + 1)
        self.assertEqual((answer["same"], answer["read"]), (None, "no_policy"))


CASTAGNOLI = 0x82F63B78


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (CASTAGNOLI if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


class TamperedTest(ReplayTest):
    """Somebody who can write the journal changes what a rule has read, and mends the checksum."""

    def tamper(self, old, new):
        self.assertEqual(len(old), len(new))
        segment, = segments(self.city.daemon.data)
        data, frame = bytearray(segment.read_bytes()), frames_of(segment)[-1]
        at = data.index(old, frame.offset, frame.end)
        data[at:at + len(old)] = new
        payload = struct.unpack_from("<I", data, frame.offset + 8)[0]
        body = data[frame.offset + HEADER_SIZE:frame.offset + HEADER_SIZE + payload]
        header = data[frame.offset:frame.offset + 12] + data[frame.offset + 16:frame.offset + HEADER_SIZE]
        struct.pack_into("<I", data, frame.offset + 12, crc32c(header + body))
        segment.write_bytes(data)

    def test_a_decision_whose_facts_were_tampered_with_differs(self):
        self.city = city = self.start_city(self.addCleanup)
        city.define_basics()
        city.register("v:1")
        sequence = city.serve("r:1", "v:1", 3)["sequence"] + 1
        self.assert_same(self.replay(sequence))
        self.assertEqual(city.daemon.stop(), 0)
        fact = b"\x07minutes\x00\x00"  # name, no arguments, a whole number
        self.tamper(fact + b"\xe0\x03", fact + b"\xdc\x03")  # 240 -> 238
        city.daemon.start()
        result = self.replay(sequence)
        self.assertFalse(result["same"])
        self.assertEqual(result["differences"], ["minutes"])
        self.assertEqual((result["recorded"]["minutes"], result["replayed"]["minutes"]), (240, 238))

    def test_a_fact_that_was_taken_away_is_named(self):
        self.city = city = self.start_city(self.addCleanup)
        city.define_basics()
        city.register("v:1")
        sequence = city.serve("r:1", "v:1", 3)["sequence"] + 1
        self.assertEqual(city.daemon.stop(), 0)
        self.tamper(b"\x08overlaps", b"\x08underlap")
        city.daemon.start()
        result = self.replay(sequence)
        self.assertFalse(result["same"])
        self.assertEqual(result["missing"], "overlaps")
        self.assertTrue(result["replayed"]["failed"])


if __name__ == "__main__":
    unittest.main()
