"""Certificates of service: asked for, issued by who recorded, numbered, frozen, refused, revoked, verified."""

import hashlib
import json
import os
import subprocess
import threading
import unittest

import harness
from harness import CONTROL
from small_city import COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, QueryTest


class CertificateTest(QueryTest):
    """v:1 served org:1 on four days of 2018 and org:2 on one; dates are the events' own."""

    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on("2018-01-01").define_basics()
        self.city.register("v:1")
        self.city.register("v:2")
        for record, day, organisation in (("r:1", "2018-03-01", "org:1"), ("r:2", "2018-03-02", "org:1"),
                                          ("r:3", "2018-04-10", "org:1"), ("r:4", "2018-04-11", "org:2")):
            self.serve(record, day, organisation)
        self.city.on("2018-05-02")

    def serve(self, record, day, organisation="org:1", volunteer="v:1", hours=2):
        return self.city.on(day).send("service.recorded", {
            "record": record, "volunteer": volunteer, "organisation": organisation, "starts": f"{day}T08:00:00+08:00",
            "ends": f"{day}T{8 + hours:02}:00:00+08:00", "method": "automatic", "recorder": "clerk:1"})

    def publish(self, type_name, **data):
        return self.city.daemon.publish_one(harness.event(type_name, data, time=f"{self.city.day}T12:00:00+08:00"))

    def request(self, certificate="z:1", organisation="org:1", volunteer="v:1", **what):
        what = what or {"from": "2018-01-01", "to": "2018-04-30"}
        result = self.publish("certificate.requested", certificate=certificate, volunteer=volunteer, organisation=organisation,
                              **what)
        self.assertEqual(result["status"], "stored", result)
        return result

    def issue(self, certificate="z:1", **more):
        return self.ask("certificate.issue", certificate=certificate, handler="clerk:2",
                        time=f"{self.city.day}T12:00:00+08:00", **more)

    def show(self, certificate="z:1"):
        return self.ask("certificate.get", certificate=certificate)

    def verify(self, **what):
        return self.ask("certificate.verify", **what)

    def assert_refused(self, result, code, field):
        self.assertEqual((result["status"], result.get("code"), result.get("field")), ("rejected", code, field), result)
        self.assertGreater(len(result["message"]), 20)

    def assert_replays(self):
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)

    def counters(self, region=COUNTY):
        counted = self.ask("region.get", region=region)["counters"]
        return tuple(counted[f"certificates_{state}"] for state in ("open", "issued", "refused", "revoked"))


class Issued(CertificateTest):
    def test_a_certificate_says_what_the_organisation_recorded_in_that_time(self):
        self.request()
        self.assertEqual((self.show()["state"], self.show()["requested_on"]), ("requested", "2018-05-02"))
        issued = self.issue()
        self.assertEqual((issued["number"], issued["n_records"], issued["minutes"]), ("org:1-2018-000001", 3, 360))
        shown = self.show()
        self.assertEqual((shown["state"], shown["issuer"], shown["handler"], shown["issued_on"], shown["overtaken"]),
                         ("issued", "org:1", "clerk:2", "2018-05-02", False))
        self.assertEqual([(item["record"], item["on"], item["minutes"]) for item in shown["certified"]],
                         [("r:1", "2018-03-01", 120), ("r:2", "2018-03-02", 120), ("r:3", "2018-04-10", 120)])
        self.assert_replays()

    def test_named_records_are_certified_alone(self):
        self.request(records=["r:3", "r:1"])
        self.assertEqual(self.issue()["minutes"], 240)
        self.assertEqual([item["record"] for item in self.show()["certified"]], ["r:1", "r:3"])

    def test_what_the_daemon_computed_may_come_through_ingest_as_well(self):
        self.request()
        self.request("z:2")
        digest = self.issue()["digest"]
        event = {"certificate": "z:2", "number": "org:1-2018-000002", "minutes": 360, "handler": "clerk:2"}
        self.assert_refused(self.publish("certificate.issued", **event, digest=digest), "out_of_range", "data.digest")
        self.assert_refused(self.publish("certificate.issued", **{**event, "minutes": 361}, digest=digest), "out_of_range",
                            "data.minutes")
        lines = ["volunteerd-certificate 1", "number org:1-2018-000002", "certificate z:2", "volunteer v:1",
                 "organisation org:1", "record r:1 2018-03-01 120", "record r:2 2018-03-02 120", "record r:3 2018-04-10 120",
                 "minutes 360", "carried_minutes 0", ""]
        right = hashlib.blake2b("\n".join(lines).encode(), digest_size=32).hexdigest()
        self.assertEqual(self.publish("certificate.issued", **event, digest=right)["status"], "stored")
        self.assertEqual(self.verify(number="org:1-2018-000002", digest=right)["status"], "valid")

    def test_numbers_go_on_within_a_year_and_begin_anew_with_the_next(self):
        for n, day in enumerate(("2018-05-02", "2018-12-31", "2019-01-01"), 1):
            self.city.on(day)
            self.request(f"z:{n}")
            number = self.issue(f"z:{n}")["number"]
            self.assertEqual(number, f"org:1-{day[:4]}-{n if n < 3 else 1:06}")

    def test_many_who_issue_at_once_get_numbers_of_their_own(self):
        for n in range(12):
            self.request(f"z:{n}")
        answers = []

        def work(n):
            answers.append(json.loads(self.city.daemon.ask_raw("query", json.dumps({
                "jsonrpc": "2.0", "id": n, "method": "certificate.issue",
                "params": {"certificate": f"z:{n}", "handler": "clerk:2", "time": "2018-05-02T12:00:00+08:00"}}))))
        threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(answer["result"]["number"] for answer in answers), [f"org:1-2018-{n:06}" for n in range(1, 13)])

    def test_earlier_years_stand_apart(self):
        self.city.send("service.carried_over", {"record": "k:1", "volunteer": "v:1", "organisation": "org:1", "minutes": 600,
                                                "from": "2018-01-01", "to": "2018-01-31", "evidence": "旧台账"})
        self.request()
        issued = self.issue()
        self.assertEqual((issued["minutes"], issued["carried_minutes"], issued["n_records"]), (360, 600, 4))
        self.assertEqual(self.show()["certified"][-1], {"record": "k:1", "on": "2018-01-01", "to": "2018-01-31", "minutes": 600})

    def test_actual_minutes_are_certified_whatever_was_credited(self):
        self.city.on("2018-04-20")
        self.ask("policy.activate", by="clerk:1", effective="2018-01-01", text='''return {
          name = "acceptance", kind = "acceptance", title = "加倍",
          decide = function(record) return "accepted", record.minutes * 2 end,
          cases = { { name = "双倍", given = { minutes = 60 }, expect = { minutes = 120 } } },
        }''')
        self.serve("r:9", "2018-04-21")
        self.assertEqual(self.ask("record.get", record="r:9")["counted_minutes"], 240)
        self.city.on("2018-05-02")
        self.request(records=["r:9"])
        self.assertEqual(self.issue()["minutes"], 120)


class Refused(CertificateTest):
    def test_only_who_recorded_certifies(self):
        result = self.publish("certificate.requested", certificate="z:1", volunteer="v:1", organisation="org:2",
                              records=["r:4", "r:1"])
        self.assert_refused(result, "not_allowed", "data.records[1]")
        self.assertIn("r:1", result["message"])
        self.request("z:2", "org:2")
        self.assertEqual(self.issue("z:2")["n_records"], 1)

    def test_the_successor_of_a_dissolved_organisation_certifies(self):
        self.request("z:0")
        self.city.define_organisation("org:3", "承接单位", region=OTHER_COMMUNITY)
        self.city.send("organisation.dissolved", {"organisation": "org:1", "successor": "org:3"})
        self.request("z:1", "org:3", records=["r:1"])
        self.assertEqual(self.issue("z:1")["number"], "org:3-2018-000001")
        self.assertEqual(self.issue("z:0")["number"], "org:3-2018-000002")
        self.assertEqual((self.show("z:0")["organisation"], self.show("z:0")["issuer"]), ("org:1", "org:3"))
        self.assertEqual((self.counters(), self.counters(OTHER_COUNTY)), ((0, 0, 0, 0), (0, 2, 0, 0)))
        self.assert_replays()

    def test_a_dissolved_organisation_without_anybody_after_it_certifies_nothing(self):
        self.request("z:0")
        self.city.send("organisation.dissolved", {"organisation": "org:1"})
        self.assert_refused(self.publish("certificate.requested", certificate="z:1", volunteer="v:1", organisation="org:1",
                                         records=["r:1"]), "wrong_state", "data.organisation")
        self.refuse("wrong_state", "certificate", "certificate.issue", certificate="z:0", handler="clerk:2")
        self.assertEqual(self.publish("certificate.refused", certificate="z:0", reason="组织已注销")["status"], "stored")

    def test_another_persons_record_is_not_certified(self):
        self.assert_refused(self.publish("certificate.requested", certificate="z:1", volunteer="v:2", organisation="org:1",
                                         records=["r:1"]), "not_allowed", "data.records[0]")

    def test_what_is_not_accepted_is_not_certified(self):
        self.request(records=["r:1"])
        self.city.send("service.revoked", {"record": "r:1", "reason": "错录", "by": "clerk:3"})
        error = self.refuse("wrong_state", "certificate", "certificate.issue", certificate="z:1", handler="clerk:2")
        self.assertIn("r:1", error.message)
        self.request("z:2", "org:1", "v:2")
        self.refuse("wrong_state", "certificate", "certificate.issue", certificate="z:2", handler="clerk:2")

    def test_what_is_disputed_is_certified_when_it_is_settled(self):
        self.city.send("service.disputed", {"record": "r:1", "text": "少记了一小时"})
        self.request("z:1", records=["r:1"])
        error = self.refuse("wrong_state", "certificate", "certificate.issue", certificate="z:1", handler="clerk:2")
        self.assertIn("record r:1 is disputed", error.message)
        self.request("z:2")
        self.assertEqual(self.issue("z:2")["n_records"], 2)
        self.city.send("service.settled", {"record": "r:1", "outcome": "dismissed", "by": "clerk:5"})
        self.assertEqual(self.issue("z:1")["minutes"], 120)
        self.assert_replays()

    def test_what_is_shown_to_the_public_is_certified_when_the_notice_is_over(self):
        self.city.send("public_notice.opened", {"notice": "n:1", "subject": {"kind": "record", "id": "r:1"}, "from": "2018-05-02",
                                                "working_days": 3})
        self.request("z:1", records=["r:1"])
        error = self.refuse("wrong_state", "certificate", "certificate.issue", certificate="z:1", handler="clerk:2")
        self.assertIn("record r:1 is in public notice", error.message)
        self.city.on("2018-05-20").send("document.registered", {"document": "d:1", "title": "t", "number": "1", "issued_by": "x",
                                                                "on": "2018-05-20"})
        harness.eventually(lambda: not self.ask("status")["runs"], "the notice to end")
        self.assertEqual(self.issue("z:1")["minutes"], 120)
        self.assert_replays()

    def test_nobody_handles_their_own(self):
        self.request()
        self.refuse("self_review", "handler", "certificate.issue", certificate="z:1", handler="v:1")

    def test_a_request_has_one_outcome(self):
        self.request("z:1")
        self.request("z:2")
        self.assert_refused(self.publish("certificate.requested", certificate="z:1", volunteer="v:1", organisation="org:1",
                                         records=["r:1"]), "already_exists", "data.certificate")
        self.assert_refused(self.publish("certificate.revoked", certificate="z:1", reason="x", by="clerk:3"), "wrong_state",
                            "data.certificate")
        self.issue("z:1")
        self.assertEqual(self.publish("certificate.refused", certificate="z:2", reason="重复申请", by="clerk:2")["status"],
                         "stored")
        for certificate in ("z:1", "z:2"):
            self.refuse("wrong_state", "certificate", "certificate.issue", certificate=certificate, handler="clerk:2")
            self.assert_refused(self.publish("certificate.refused", certificate=certificate, reason="x"), "wrong_state",
                                "data.certificate")
        self.assertEqual([self.show("z:2")[name] for name in ("state", "reason", "refused_on", "by")],
                         ["refused", "重复申请", "2018-05-02", "clerk:2"])
        self.assertEqual(self.counters(), (0, 1, 1, 0))

    def test_unknown_ones(self):
        self.refuse("unknown_certificate", "certificate", "certificate.issue", certificate="z:9", handler="clerk:2")
        self.refuse("missing_field", "handler", "certificate.issue", certificate="z:9")
        self.refuse("unknown_certificate", "certificate", "certificate.get", certificate="z:9")

    def test_a_number_is_given_once(self):
        self.request("z:1")
        self.request("z:2")
        self.issue("z:1", number="天志证〔2018〕1号")
        self.refuse("already_exists", "number", "certificate.issue", certificate="z:2", handler="clerk:2",
                    number="天志证〔2018〕1号")
        self.refuse("out_of_range", "number", "certificate.issue", certificate="z:2", handler="clerk:2",
                    number="org:1-2018-000007", time="2018-05-02T12:00:00+08:00")


class Verified(CertificateTest):
    def setUp(self):
        super().setUp()
        self.request()
        self.issued = self.issue()

    def test_the_answer_is_enough_for_a_paper_and_no_more(self):
        answer = self.verify(number="org:1-2018-000001", digest=self.issued["digest"])
        self.assertEqual([answer[name] for name in ("status", "name", "issued_on", "minutes", "carried_minutes", "n_records")],
                         ["valid", "无*", "2018-05-02", 360, 0, 3])
        self.assertEqual(answer["issuer"], {"organisation": "org:1", "name": "天水市文明办"})
        self.assertNotIn("无名", json.dumps(answer, ensure_ascii=False))
        self.assertNotIn("19900512", json.dumps(answer))
        self.assertEqual(self.verify(certificate="z:1")["number"], "org:1-2018-000001")
        self.assertEqual(self.verify(number="org:1-2018-000001", digest=self.issued["digest"].upper())["status"], "valid")

    def test_a_tampered_digest_says_nothing_but_that(self):
        digest = self.issued["digest"]
        wrong = ("0" if digest[0] != "0" else "1") + digest[1:]
        for digest in (wrong, digest[:-1], ""):
            self.assertEqual({**self.verify(number="org:1-2018-000001", digest=digest), "sequence": 0},
                             {"status": "altered", "number": "org:1-2018-000001", "sequence": 0})

    def test_what_was_never_issued_is_unknown(self):
        self.request("z:2")
        for what in ({"number": "org:1-2018-000002"}, {"certificate": "z:2"}, {"certificate": "z:9"}):
            self.assertEqual({**self.verify(**what), "sequence": 0}, {"status": "unknown", "sequence": 0})
        self.refuse("missing_field", "number", "certificate.verify")
        self.refuse("missing_field", "number", "certificate.verify", number="1", certificate="z:1")

    def test_a_correction_overtakes_and_the_paper_stays(self):
        self.city.send("service.corrected", {"record": "r:2", "minutes": 60, "reason": "提前离开", "by": "clerk:3"})
        self.assertEqual(self.verify(number="org:1-2018-000001", digest=self.issued["digest"])["status"], "overtaken")
        shown = self.show()
        self.assertEqual((shown["state"], shown["overtaken"], shown["minutes"]), ("issued", True, 360))
        self.request("z:2")
        self.assertEqual((self.issue("z:2")["minutes"], self.verify(certificate="z:2")["status"]), (300, "valid"))
        self.assert_replays()

    def test_a_revoked_record_overtakes(self):
        self.city.send("service.revoked", {"record": "r:2", "reason": "错录", "by": "clerk:3"})
        self.assertEqual(self.verify(certificate="z:1")["status"], "overtaken")

    def test_a_revoked_certificate_says_why(self):
        self.city.on("2018-06-01").send("certificate.revoked", {"certificate": "z:1", "reason": "冒领", "by": "clerk:3"})
        answer = self.verify(number="org:1-2018-000001")
        self.assertEqual((answer["status"], answer["revoked_on"], answer["reason"]), ("revoked", "2018-06-01", "冒领"))
        self.assertEqual(self.counters(), (0, 1, 0, 1))
        self.assert_refused(self.publish("certificate.revoked", certificate="z:1", reason="x", by="clerk:3"), "wrong_state",
                            "data.certificate")

    def test_whoever_leaves_keeps_their_certificate(self):
        self.city.send("volunteer.withdrawn", {"volunteer": "v:1"})
        self.assertEqual(self.verify(certificate="z:1")["status"], "valid")
        self.request("z:2")
        self.assertEqual(self.issue("z:2")["minutes"], 360)


class Merged(CertificateTest):
    """v:2 turns out to be v:1: what both served is certified for the one that is left."""

    def setUp(self):
        super().setUp()
        self.serve("r:5", "2018-04-12", volunteer="v:2")
        self.city.on("2018-05-02")

    def merge(self):
        self.city.send("volunteer.merged", {"volunteer": "v:2", "into": "v:1"})
        harness.eventually(lambda: not self.ask("status")["runs"], "the merge to end")

    def test_a_request_that_was_open_is_answered_for_the_survivor(self):
        self.request("z:1", volunteer="v:2")
        self.request("z:2", volunteer="v:2", records=["r:5"])
        self.merge()
        self.assertEqual(self.issue("z:1")["n_records"], 4)
        self.assertEqual(self.issue("z:2")["n_records"], 1)
        self.assertEqual(self.verify(certificate="z:1")["status"], "valid")
        self.assert_replays()

    def test_what_was_issued_before_stays_valid(self):
        self.request("z:1", volunteer="v:2")
        issued = self.issue("z:1")
        self.merge()
        self.assertEqual(self.verify(number=issued["number"], digest=issued["digest"])["status"], "valid")

    def test_the_survivor_asks_for_both_histories_and_the_other_is_told_whose_it_is(self):
        self.merge()
        self.request("z:1", records=["r:1", "r:5"])
        self.assertEqual(self.issue("z:1")["n_records"], 2)
        result = self.publish("certificate.requested", certificate="z:2", volunteer="v:2", organisation="org:1", records=["r:5"])
        self.assert_refused(result, "wrong_state", "data.volunteer")
        self.assertIn("v:1", result["message"])


class Kept(CertificateTest):
    def test_a_kill_between_request_and_issue_loses_neither(self):
        self.request()
        self.city.daemon.kill()
        self.city.daemon.start()
        self.assertEqual(self.show()["state"], "requested")
        issued = self.issue()
        self.city.daemon.kill()
        self.city.daemon.start()
        self.assertEqual((self.show()["number"], self.show()["digest"]), (issued["number"], issued["digest"]))
        self.assert_refused(self.publish("certificate.refused", certificate="z:1", reason="x"), "wrong_state",
                            "data.certificate")
        self.request("z:2")
        self.assertEqual(self.issue("z:2")["number"], "org:1-2018-000002")
        self.assert_replays()

    def test_open_requests_are_a_list_to_work_down(self):
        self.request("z:1")
        self.request("z:2", "org:2")
        self.request("z:3")
        self.issue("z:1")
        self.assertEqual(self.ids("certificate.list", "certificate", state="requested"), ["z:2", "z:3"])
        self.assertEqual(self.ids("certificate.list", "certificate", state="requested", organisation="org:1"), ["z:3"])
        self.assertEqual(self.ids("certificate.list", "certificate", region=OTHER_COUNTY), ["z:2"])
        self.assertEqual(self.ids("certificate.list", "certificate", volunteer="v:2"), [])
        self.assertEqual((self.counters(), self.counters(OTHER_COUNTY)), ((1, 1, 0, 0), (1, 0, 0, 0)))


class Reported(CertificateTest):
    def report(self, **params):
        return self.ask("report.certificates", **params)["document"]

    def test_requests_that_wait_too_long_are_named_oldest_first(self):
        self.request("z:1")
        self.request("z:2", "org:2")
        self.city.on("2018-05-20")
        self.request("z:3")
        self.request("z:4")
        self.issue("z:4")
        self.city.on("2018-06-01")
        self.request("z:5")
        regions, late = self.report()["sections"]
        self.assertEqual([row[1:] for row in regions["rows"]], [["秦州区", 3, 1, 0, 0], ["麦积区", 1, 0, 0, 0]])
        self.assertEqual(regions["total"][1:], ["天水市", 4, 1, 0, 0])
        self.assertEqual(late["title"], "超过15天未答复的申请")
        self.assertEqual(late["rows"], [["z:1", "v:1", "天水市文明办", "2018-05-02", 30], ["z:2", "v:1", "麦积区税务局", "2018-05-02", 30]])
        self.assertEqual([row[0] for row in self.report(days=11)["sections"][1]["rows"]], ["z:1", "z:2", "z:3"])
        self.assertEqual([row[0] for row in self.report(region=OTHER_COUNTY, days=0)["sections"][1]["rows"]], ["z:2"])
        self.refuse("out_of_range", "days", "report.certificates", days=-1)

    def test_a_past_day_is_counted_as_it_ended(self):
        self.request("z:1")
        self.city.on("2018-05-20")
        self.request("z:2")
        self.issue("z:1")
        self.city.on("2018-05-21")
        self.request("z:3")
        (section,) = self.report(as_of="2018-05-02")["sections"]
        self.assertEqual(section["total"][2:], [1, 0, 0, 0])
        (section,) = self.report(as_of="2018-05-20")["sections"]
        self.assertEqual(section["total"][2:], [1, 1, 0, 0])


class Commands(CertificateTest):
    """The same by volunteerctl, as a clerk does it: on the day that the city has come to."""

    def setUp(self):
        super().setUp()
        self.city.send("document.registered", {"document": "d:1", "title": "t", "number": "1", "issued_by": "x",
                                               "on": self.city.day})

    def run_ctl(self, *arguments, language="C"):
        environment = {**os.environ, "LANGUAGE": "", "LC_ALL": language, "VOLUNTEERD_RUNTIME_DIR": str(self.city.daemon.runtime)}
        done = subprocess.run([CONTROL, *arguments], capture_output=True, text=True, env=environment, check=False)
        return done.returncode, done.stdout, done.stderr

    def done(self, *arguments, **more):
        code, out, err = self.run_ctl(*arguments, **more)
        self.assertEqual((code, err), (0, ""), out)
        return out

    def test_from_the_counter_to_the_paper(self):
        self.done("certificate", "request", "z:1", "--volunteer", "v:1", "--organisation", "org:1", "--from", "2018-01-01",
                  "--to", "2018-04-30")
        self.done("certificate", "request", "z:2", "r:1", "r:3", "--volunteer", "v:1", "--organisation", "org:1")
        self.assertIn("z:2", self.done("list", "certificate", "state=待出具", language="zh_CN.UTF-8"))
        self.assertIn("number org:1-2018-000001, 3 records, 6.0 hours",
                      self.done("certificate", "issue", "z:1", "--handler", "clerk:2"))
        answer = json.loads(self.done("certificate", "issue", "z:2", "--handler", "clerk:2", "--json"))
        self.assertEqual((answer["number"], answer["minutes"]), ("org:1-2018-000002", 240))
        self.assertIn("有效", self.done("certificate", "verify", answer["number"], "--digest", answer["digest"],
                                      language="zh_CN.UTF-8"))
        code = f"volunteerd:certificate:{answer['number']}:{answer['digest']}"
        self.assertIn("天水市文明办", self.done("certificate", "verify", code))
        self.done("certificate", "revoke", "z:2", "--reason", "有误", "--by", "clerk:3")
        status, out, _ = self.run_ctl("certificate", "verify", code)
        self.assertEqual(status, 1)
        self.assertIn("revoked: it is worth nothing", out)
        shown = self.done("show", "certificate", "z:1", language="zh_CN.UTF-8")
        for text in ("已出具", "org:1", "r:3", "出具日期"):
            self.assertIn(text, shown)

    def test_what_does_not_hold_exits_one(self):
        for wrong in ("nothing", "volunteerd:certificate:org:1-2018-000001:00"):
            status, out, _ = self.run_ctl("certificate", "verify", wrong)
            self.assertEqual(status, 1)
            self.assertIn("unknown", out)
        status, out, _ = self.run_ctl("certificate", "verify", "nothing", "--json")
        self.assertEqual((status, json.loads(out)["status"]), (1, "unknown"))

    def test_a_refusal_and_what_is_missing(self):
        self.request()
        self.assertEqual(self.run_ctl("certificate", "refuse", "z:1")[0], 2)
        self.done("certificate", "refuse", "z:1", "--reason", "无记录", "--by", "clerk:2")
        code, _, err = self.run_ctl("certificate", "issue", "z:1", "--handler", "clerk:2")
        self.assertEqual(code, 1)
        self.assertIn("is refused; request another", err)
        for words in (("issue", "z:1"), ("revoke", "z:1", "--reason", "x"), ("request", "z:9")):
            self.assertEqual(self.run_ctl("certificate", *words)[0], 2)


if __name__ == "__main__":
    unittest.main()
