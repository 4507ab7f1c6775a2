"""Every bad input that has a name, over the real sockets: what it is answered, at which field, and that the id stays free."""

import datetime
import json
import socket
import unittest

import zmq
import zmtp
from harness import (COMMUNITY, ORGANISATION, CityTest, DaemonTest, activity, city_events, event, organisation, service, volunteer)

MIB = 2**20


class BadInput(CityTest):
    def message_error(self, body):
        """The code of a message refused as a whole."""
        answer = json.loads(self.city.ask_raw("ingest", body))
        self.assertEqual(set(answer), {"error"}, answer)
        self.assertEqual(set(answer["error"]), {"code", "message"})
        self.assertGreater(len(answer["error"]["message"]), 15, answer)
        return answer["error"]["code"]

    def assert_malformed(self, *bodies):
        for body in bodies:
            self.assertEqual(self.message_error(body), "malformed_json", body[:200])

    def refused(self, wrong, code, field, retryable=False):
        """It is refused twice with the same words, and a mended one takes its id."""
        first, second = (self.city.publish_one(wrong) for _ in range(2))
        self.assert_rejected(first, code, field, retryable)
        self.assertGreater(len(first["message"]), 15, first)
        self.assertEqual((first["code"], first.get("field")), (second["code"], second.get("field")))
        mended = event("volunteer.registered", {"volunteer": f"m{wrong['id']}", "region": "620502001001"}, id=wrong["id"])
        if isinstance(wrong["id"], str) and field not in ("id", "source"):
            self.assertEqual(self.city.publish_one(mended)["status"], "stored")
        return first

    def with_text(self, base, old, new):
        """The event as JSON with one piece of it replaced: for what Python would not write."""
        text = json.dumps(base)
        self.assertIn(old, text)
        return text.replace(old, new, 1).encode()

    def result_of(self, body):
        return json.loads(self.city.ask_raw("ingest", body))["results"][0]

    def record(self, name, **more):
        return service(f"bi:{name}", "v1", **more)

    def wrong(self, kind, code, field, retryable=False, **changes):
        data = {**self.SOUND[kind], **changes}
        self.refused(event(kind, {name: value for name, value in data.items() if value is not None}), code, f"data.{field}",
                     retryable)


class Json(BadInput):
    def test_not_json(self):
        self.assert_malformed(b"{", b"}", b"[1,", b"hello", b"{'a': 1}", b'{"a" 1}', b'{"a":1,}', b"[1 2]", b"{} {}", b"01",
                              b"\xef\xbb\xbf", b"\x00", b"<event/>", b"specversion: 1.0")

    def test_a_text_is_closed_and_has_no_control_characters(self):
        self.assert_malformed(b'["a', b'["a\nb"]', b'["a\x00b"]', b'["\\x41"]', b'["\\u12"]', b'["\\ud800"]', b'["\\udc00\\ud800"]')

    def test_truncated_utf8(self):
        good = json.dumps(volunteer("bi:utf8", ext={"note": "志愿者𠀀"}), ensure_ascii=False).encode()
        for at in range(len(good)):
            if good[at] & 0xC0 == 0x80:  # inside a character: what is before it is cut there
                self.assert_malformed(good[:at] + b'"}}}', good[:at] + good[at + 1:])
        self.assertEqual(self.result_of(good)["status"], "stored")

    def test_wrong_utf8(self):
        for wrong in (b"\xc0\x80", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xff", b"\x80",
                      "天水".encode("gb18030")):
            self.assert_malformed(self.with_text(volunteer("bi:utf"), "bi:utf", "X").replace(b"X", wrong))

    def test_duplicate_keys(self):
        base = volunteer("bi:twice", serial=900)
        for old, new, field in ((' "source": "test"', ' "source": "test", "source": "test"', "source"),
                                ('"volunteer": "bi:twice"', '"volunteer": "bi:twice", "volunteer": "bi:twice"', "data.volunteer"),
                                ('"name": ', '"name": "甲", "name": ', "data.identity.name"),
                                ('"data": {', '"comexample": "x", "comexample": "y", "data": {', "comexample")):
            result = self.result_of(self.with_text(base, old, new))
            self.assert_rejected(result, "malformed_json", field)
            self.assertIn("twice", result["message"])
        escaped = self.with_text(base, '"volunteer": ', '"volun\\u0074eer": "x", "volunteer": ')
        self.assert_rejected(self.result_of(escaped), "malformed_json", "data.volunteer")
        self.assertEqual(self.city.publish_one(base)["status"], "stored")

    def test_two_hundred_levels_of_nesting(self):
        self.assert_malformed(b"[" * 200 + b"]" * 200, b'{"a":' * 200 + b"1" + b"}" * 200,
                              self.with_text(volunteer("bi:deep", ext={"a": "X"}), '"X"', "[" * 200 + "]" * 200))
        few = self.with_text(volunteer("bi:deep", ext={"a": "X"}), '"X"', "[" * 20 + "]" * 20)
        self.assertEqual(self.result_of(few)["status"], "stored")

    def test_numbers_beyond_64_bits(self):
        for number in ("18446744073709551616", "99999999999999999999999999", "-9223372036854775809", "9" * 400):
            body = self.with_text(self.record("big", minutes=7), '"minutes": 7', f'"minutes": {number}')
            answer = json.loads(self.city.ask_raw("ingest", body))
            if "error" in answer:
                self.assertEqual(answer["error"]["code"], "malformed_json", answer)
            else:
                self.assert_rejected(answer["results"][0], "out_of_range", "data.minutes")

    def test_numbers_that_fit_64_bits_and_not_the_field(self):
        for number in (2**31, 2**32 + 5, 2**63 - 1, 2**63, 2**64 - 1, -2**63):
            self.refused(self.record("fit", minutes=number), "out_of_range", "data.minutes")

    def test_1e309_and_nan(self):
        for number in ("1e309", "-1e309", "NaN", "Infinity", "-Infinity", "nan", "0x10", "1.", ".5", "+1", "1e"):
            self.assert_malformed(self.with_text(self.record("nan", minutes=7), '"minutes": 7', f'"minutes": {number}'))

    def test_a_fraction_is_no_whole_number(self):
        for number in ("1.5", "60.0", "6e1", "-0.0"):
            body = self.with_text(self.record("fraction", minutes=7), '"minutes": 7', f'"minutes": {number}')
            self.assert_rejected(self.result_of(body), "wrong_type", "data.minutes")


class Times(BadInput):
    def test_minutes_negative(self):
        self.refused(self.record("m-", minutes=-1), "out_of_range", "data.minutes")

    def test_minutes_zero(self):
        self.refused(self.record("m0", minutes=0), "out_of_range", "data.minutes")

    def test_minutes_beyond_the_span(self):
        result = self.refused(self.record("m181", minutes=181), "out_of_range", "data.minutes")
        self.assertIn("180", result["message"])
        self.assertEqual(self.city.publish_one(self.record("m180", minutes=180))["status"], "stored")

    def test_an_end_before_its_start_or_at_it(self):
        for ends in ("2023-03-05T08:59:59+08:00", "2023-03-05T09:00:00+08:00", "2023-03-05T09:00:00+09:00", "2023-03-05T01:00:00Z"):
            self.refused(self.record("back", ends=ends, time="2023-03-06T00:00:00Z"), "out_of_range", "data.ends")

    def test_a_span_of_more_than_a_year(self):
        self.refused(self.record("long", starts="2020-01-01T00:00:00+08:00", ends="2021-06-01T00:00:00+08:00"), "out_of_range",
                     "data.ends")

    def test_hours_and_minutes_that_no_clock_shows(self):
        for starts in ("2023-03-05T25:00:00+08:00", "2023-03-05T24:00:01+08:00", "2023-03-05T23:60:00+08:00",
                       "2023-03-05T09:00:61+08:00", "2023-03-05T09:00:00+24:00", "2023-03-05T09:00:00+08:60"):
            self.refused(self.record("clock", starts=starts), "bad_time", "data.starts")

    def test_a_day_of_25_hours(self):
        # Summer time ended in China on 14 September 1986 at two o'clock: from midnight to midnight are 25 hours.
        day = {"starts": "1986-09-14T00:00:00+09:00", "ends": "1986-09-15T00:00:00+08:00"}
        self.refused(self.record("25.1", minutes=25 * 60 + 1, **day), "out_of_range", "data.minutes")
        self.assertEqual(self.city.publish_one(self.record("25", minutes=25 * 60, **day))["status"], "stored")
        again = self.record("25.x", starts="1986-09-14T01:30:00+08:00", ends="1986-09-14T01:40:00+08:00")
        decided = self.city.publish_one(again)
        self.assertEqual(decided["status"], "stored")
        self.assertNotEqual(decided["decisions"][0]["data"]["outcome"], "accepted", "the hour that comes twice overlaps")

    def test_the_29th_of_february(self):
        for day in ("2023-02-29", "2100-02-29", "1900-02-29", "2024-02-30"):
            self.refused(self.record("feb", starts=f"{day}T09:00:00+08:00", ends="2024-03-05T09:00:00+08:00"), "bad_time",
                         "data.starts")
            self.refused(event("volunteer.withdrawn", {"volunteer": "v1", "on": day}), "bad_time", "data.on")
        for day in ("2024-02-29", "2000-02-29"):
            record = self.record(f"feb{day}", starts=f"{day}T09:00:00+08:00", ends=f"{day}T10:00:00+08:00")
            self.assertEqual(self.city.publish_one(record)["status"], "stored")

    def test_times_without_offset(self):
        for text in ("2023-03-05T09:00:00", "2023-03-05 09:00:00", "2023-03-05", "09:00:00+08:00", "2023-03-05T09:00+08:00",
                     "1678000000", "2023-03-05T09:00:00 +08:00", "", "now", "5 March 2023"):
            self.refused(self.record("offset", starts=text), "bad_time", "data.starts")
            self.refused(dict(volunteer("bi:offset"), time=text), "wrong_type" if text == "" else "bad_time", "time")

    def test_year_0_and_9999(self):
        for text in ("0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "1899-12-31T23:59:59Z", "-001-01-01T00:00:00Z",
                     "10000-01-01T00:00:00Z", "00000-01-01T00:00:00Z"):
            self.refused(dict(volunteer("bi:y0"), time=text), "bad_time", "time")
        self.refused(dict(volunteer("bi:y9"), time="9999-12-31T23:59:59Z"), "in_future", "time")
        for year in ("0000", "1969", "9999"):
            there = {"starts": f"{year}-03-05T00:00:00Z", "ends": f"{year}-03-05T01:00:00Z"}
            self.refused(self.record("y", time="2023-01-01T00:00:00Z", **there), "out_of_range",
                         "data.ends" if year == "9999" else "data.starts")
            self.refused(event("volunteer.withdrawn", {"volunteer": "v1", "on": f"{year}-03-05"}), "out_of_range", "data.on")
        self.refused(self.record("y5", starts="10000-03-05T00:00:00Z"), "bad_time", "data.starts")

    def test_times_in_the_future(self):
        now = datetime.datetime.now(datetime.timezone.utc)

        def ahead(**more):
            return (now + datetime.timedelta(**more)).strftime("%Y-%m-%dT%H:%M:%SZ")

        for text in (ahead(minutes=10), ahead(days=1), ahead(days=3650)):
            self.refused(dict(volunteer("bi:future"), time=text), "in_future", "time")
        self.assertEqual(self.city.publish_one(dict(volunteer("bi:soon"), time=ahead(minutes=2)))["status"], "stored")


class Identifiers(BadInput):
    def test_ids_with_control_characters(self):
        for wrong in ("a\u0001b", "a\u0000b", "a\nb", "a\tb", "a\u007fb", " a", "a b", "a\u00a0b", "志愿者", "a\u200bb", "\u202ea"):
            self.refused(dict(volunteer("bi:control"), id=wrong), "wrong_type", "id")
            self.refused(dict(volunteer("bi:control"), source=wrong), "wrong_type", "source")
            self.refused(volunteer(wrong), "wrong_type", "data.volunteer")

    def test_ids_of_65_bytes(self):
        self.refused(volunteer("x" * 65), "too_long", "data.volunteer")
        self.refused(self.record("x" * 62), "too_long", "data.record")
        self.refused(dict(volunteer("bi:65"), id="x" * 65), "too_long", "id")
        self.assertEqual(self.city.publish_one(dict(volunteer("y" * 64), id="y" * 64))["status"], "stored")

    def test_ids_that_are_no_texts(self):
        for wrong in (5, True, ["a"], {"a": 1}, 1.5):
            self.refused(dict(volunteer("bi:type"), id=wrong), "wrong_type", "id")
            self.refused(volunteer(wrong), "wrong_type", "data.volunteer")
        self.refused(dict(volunteer("bi:type"), id=None), "missing_field", "id")
        self.refused(dict(volunteer("bi:type"), id=""), "wrong_type", "id")

    def test_the_same_id_with_other_content(self):
        one = volunteer("bi:same")
        self.assertEqual(self.city.publish_one(one)["status"], "stored")
        for other in (dict(one, data=dict(one["data"], volunteer="bi:other")), dict(one, time="2023-01-05T09:00:01+08:00"),
                      dict(one, type="volunteer.withdrawn", data={"volunteer": "bi:same"})):
            self.assert_rejected(self.city.publish_one(other), "id_conflict", "id")
        shuffled = dict(reversed(one.items()), data=dict(reversed(one["data"].items())))
        self.assertEqual(self.city.publish_one(shuffled)["status"], "duplicate")
        self.assertEqual(self.result_of(json.dumps(one, indent=3).encode())["status"], "duplicate")


class Rewards(BadInput):
    """What is offered, redeemed, given away, applied for and honoured, each with one thing wrong."""

    SOUND = {
        "reward.offered": {"reward": "bi:r", "title": "雨伞", "account": "points", "cost": 100},
        "reward.redeemed": {"redemption": "bi:x", "volunteer": "v1", "reward": "bi:r", "quantity": 1},
        "reward.voided": {"redemption": "bi:x", "by": "clerk:1", "reason": "缺货"},
        "points.transferred": {"transfer": "bi:t", "from": "v1", "to": "v2", "account": "points", "amount": 1, "reason": "赠"},
        "fund.allocated": {"fund": "bi:f", "entry": "bi:fa", "amount_fen": 100, "origin": "市财政", "year": 2018},
        "fund.committed": {"fund": "bi:f", "entry": "bi:fc", "amount_fen": 100, "purpose": "礼品", "by": "clerk:1"},
        "fund.spent": {"fund": "bi:f", "entry": "bi:fs", "amount_fen": 100, "purpose": "礼品", "by": "clerk:2"},
        "fund.returned": {"fund": "bi:f", "entry": "bi:fr", "amount_fen": 100, "purpose": "结余", "by": "clerk:2"},
        "star.applied": {"application": "bi:s", "volunteer": "v1", "stars": 1},
        "star.reviewed": {"application": "bi:s", "outcome": "accepted", "by": "clerk:1"},
        "honour.defined": {"honour": "bi:h", "title": "天水好人", "level": "municipal"},
        "honour.nominated": {"nomination": "bi:n", "honour": "bi:h", "subject": {"kind": "volunteer", "id": "v1"}, "year": 2018},
        "honour.reviewed": {"nomination": "bi:n", "stage": "县区", "outcome": "accepted", "by": "clerk:1"},
        "honour.awarded": {"nomination": "bi:n", "on": "2018-12-05"},
        "case.nominated": {"case": "bi:k", "subject": {"kind": "volunteer", "id": "v1"}, "title": "一顿热饭", "by": "clerk:1"},
        "case.verified": {"case": "bi:k", "outcome": "accepted", "by": "clerk:2", "evidence": [{"digest": "x", "note": "走访"}]},
        "case.published": {"case": "bi:k", "subject": {"kind": "volunteer", "id": "v1"}, "text": "事迹", "consent": True},
        "case.withdrawn": {"case": "bi:k", "reason": "有误", "by": "clerk:2"},
        "certificate.requested": {"certificate": "bi:z", "volunteer": "v1", "organisation": ORGANISATION,
                                  "from": "2018-01-01", "to": "2018-06-30"},
        "certificate.issued": {"certificate": "bi:z", "number": "1", "minutes": 60, "digest": "0" * 64, "handler": "clerk:2"},
        "certificate.refused": {"certificate": "bi:z", "reason": "无记录"},
        "certificate.revoked": {"certificate": "bi:z", "reason": "有误", "by": "clerk:2"},
    }

    def test_what_a_reward_costs_and_how_many_there_are(self):
        for cost in (0, -1, 10**9 + 1, 2**63 - 1):
            self.wrong("reward.offered", "out_of_range", "cost", cost=cost)
        self.wrong("reward.offered", "wrong_type", "cost", cost="100")
        self.wrong("reward.offered", "missing_field", "cost", cost=None)
        for name, value in (("stock", -1), ("stock", 10**6 + 1), ("min_stars", 6), ("limit_per_year", 0), ("cost_fen", -1),
                            ("minimum_balance", -1)):
            self.wrong("reward.offered", "out_of_range", name, **{name: value})
        self.wrong("reward.offered", "too_long", "limit_group", limit_group="组" * 22)
        self.wrong("reward.offered", "bad_time", "valid_until", valid_until="2018-02-30")
        self.wrong("reward.offered", "unknown_field", "price", price=1)

    def test_how_much_is_redeemed_or_given(self):
        for quantity in (0, -1, 10001):
            self.wrong("reward.redeemed", "out_of_range", "quantity", quantity=quantity)
        self.wrong("reward.redeemed", "missing_field", "quantity", quantity=None)
        self.wrong("reward.redeemed", "unknown_reward", "reward", True, reward="bi:none")
        self.wrong("reward.voided", "missing_field", "reason", reason=None)
        for amount in (0, -5, 10**9 + 1):
            self.wrong("points.transferred", "out_of_range", "amount", amount=amount)
        self.wrong("points.transferred", "not_in_dictionary", "account", account="pointz")
        self.wrong("points.transferred", "out_of_range", "to", to="v1")

    def test_money_that_is_none_and_funds_that_nobody_has(self):
        for kind in ("fund.allocated", "fund.committed", "fund.spent", "fund.returned"):
            for amount in (0, -1, 10**12 + 1, 2**63 - 1):
                self.wrong(kind, "out_of_range", "amount_fen", amount_fen=amount)
            self.wrong(kind, "wrong_type", "amount_fen", amount_fen="100")
            self.wrong(kind, "wrong_type", "amount_fen", amount_fen=1.5)
            for name in self.SOUND[kind]:
                self.wrong(kind, "missing_field", name, **{name: None})
            self.wrong(kind, "unknown_field", "amount", amount=100)
        self.assert_stored(self.city.publish([event("fund.allocated", {**self.SOUND["fund.allocated"], "fund": "bi:fund", "entry": "bi:fa0"})]))
        for kind in ("fund.committed", "fund.spent", "fund.returned"):
            self.wrong(kind, "unknown_fund", "fund", True)
            self.wrong(kind, "unknown_fund_entry", "of", True, fund="bi:fund", of="bi:none")
            self.wrong(kind, "unknown_document", "document", True, fund="bi:fund", document="bi:none")
            self.wrong(kind, "too_long", "purpose", purpose="礼" * 100)
        for year in (1899, 10000):
            self.wrong("fund.allocated", "out_of_range", "year", year=year)
        self.wrong("fund.allocated", "unknown_region", "region", True, region="629999000000")
        self.wrong("fund.allocated", "too_long", "origin", origin="市" * 100)

    def test_stars_and_who_reviews_them(self):
        for stars in (0, 6, -1):
            self.wrong("star.applied", "out_of_range", "stars", stars=stars)
        self.wrong("star.applied", "unknown_volunteer", "volunteer", True, volunteer="nobody:1")
        self.wrong("star.reviewed", "unknown_application", "application", True)
        self.wrong("star.reviewed", "not_in_dictionary", "outcome", outcome="held")
        self.wrong("star.reviewed", "not_in_dictionary", "level", level="street")

    def test_what_is_to_be_certified_and_by_whom(self):
        kind = "certificate.requested"
        for field in ("certificate", "volunteer", "organisation", "from", "to"):
            self.wrong(kind, "missing_field", field, **{field: None})
        self.wrong(kind, "missing_field", "records", **{"from": None, "to": None})
        self.wrong(kind, "missing_field", "records", **{"from": None, "to": None, "records": []})
        self.assert_stored(self.city.publish(service("bi:certified", "v1")))
        self.wrong(kind, "out_of_range", "from", records=["bi:certified"])
        self.wrong(kind, "out_of_range", "to", records=["bi:certified"], **{"from": None})
        self.wrong(kind, "out_of_range", "to", to="2017-12-31")
        self.wrong(kind, "out_of_range", "to", to="2999-01-01")
        self.wrong(kind, "bad_time", "to", to="2018-02-30")
        self.wrong(kind, "wrong_type", "records", records="bi:r")
        self.wrong(kind, "wrong_type", "records[0]", records=[5])
        self.wrong(kind, "too_long", "records[0]", records=["x" * 65])
        self.wrong(kind, "too_long", "note", note="注" * 86)
        self.wrong(kind, "unknown_record", "records[0]", True, **{"from": None, "to": None, "records": ["bi:none"]})
        self.wrong(kind, "unknown_volunteer", "volunteer", True, volunteer="nobody:1")
        self.wrong(kind, "unknown_organisation", "organisation", True, organisation="nobody:1")

    def test_what_becomes_of_a_certificate(self):
        for kind in ("certificate.issued", "certificate.refused", "certificate.revoked"):
            self.wrong(kind, "missing_field", "certificate", certificate=None)
            self.wrong(kind, "unknown_certificate", "certificate", True)
            self.wrong(kind, "too_long", "certificate", certificate="x" * 65)
        for field in ("number", "minutes", "digest", "handler"):
            self.wrong("certificate.issued", "missing_field", field, **{field: None})
        self.wrong("certificate.issued", "out_of_range", "minutes", minutes=-1)
        self.wrong("certificate.issued", "too_long", "number", number="1" * 129)
        self.wrong("certificate.issued", "too_long", "digest", digest="0" * 65)
        self.wrong("certificate.issued", "identity_in_identifier", "number", number="13912345678")
        for kind in ("certificate.refused", "certificate.revoked"):
            self.wrong(kind, "missing_field", "reason", reason=None)
            self.wrong(kind, "too_long", "reason", reason="因" * 86)
        self.wrong("certificate.revoked", "missing_field", "by", by=None)

    def test_honours_and_nominations(self):
        self.wrong("honour.defined", "not_in_dictionary", "level", level="galactic")
        self.wrong("honour.defined", "not_in_dictionary", "classes", classes=["nothing"])
        for places in (0, 1001):
            self.wrong("honour.defined", "out_of_range", "places", places=places)
        for name, value in (("approvals", -1), ("approvals", 10), ("notice_days", -1), ("notice_days", 61), ("stages", ["甲", "甲"]),
                            ("stages", [str(n) for n in range(10)])):
            self.wrong("honour.defined", "out_of_range", name, **{name: value})
        self.wrong("honour.defined", "too_long", "stages[0]", stages=["社" * 22])
        self.wrong("honour.defined", "wrong_type", "stages", stages="县区")
        for kind in ("record", "nomination", "person", "志愿者"):
            self.wrong("honour.defined", "not_in_dictionary", "kinds", kinds=["team", kind])
        self.assert_stored(self.city.publish(event("honour.defined", self.SOUND["honour.defined"])))
        self.wrong("honour.nominated", "wrong_type", "by", by="张 三")
        self.wrong("honour.nominated", "out_of_range", "subject.kind", subject={"kind": "record", "id": "r1"})
        for year in (1899, 10000):
            self.wrong("honour.nominated", "out_of_range", "year", year=year)
        self.wrong("honour.nominated", "unknown_volunteer", "subject.id", True, subject={"kind": "volunteer", "id": "nobody:1"})
        self.wrong("honour.nominated", "not_in_dictionary", "subject.kind", subject={"kind": "person", "id": "v1"})
        self.wrong("honour.nominated", "too_long", "story", story="事" * 2731, story_consent=True)
        self.wrong("honour.nominated", "consent_missing", "story_consent", story="事")
        self.wrong("honour.reviewed", "unknown_nomination", "nomination", True)
        self.wrong("honour.awarded", "bad_time", "on", on="2018-13-01")

    def test_cases_and_what_is_published_of_them(self):
        kinds = ("case.nominated", "case.verified", "case.published", "case.withdrawn")
        for kind in kinds:
            for field in self.SOUND[kind]:
                if field != "evidence":
                    self.wrong(kind, "missing_field", field, **{field: None})
            self.wrong(kind, "too_long", "case", case="x" * 65)
            self.wrong(kind, "identity_in_identifier", "case", case="13912345678")
            self.wrong(kind, "unknown_field", "clues", clues="x")
        for kind in kinds[1:]:
            self.wrong(kind, "unknown_case", "case", True)
        for field, size in (("title", 43), ("clue", 1366)):
            self.wrong("case.nominated", "too_long", field, **{field: "事" * size})
        self.wrong("case.nominated", "unknown_volunteer", "subject.id", True, subject={"kind": "volunteer", "id": "nobody:1"})
        self.wrong("case.nominated", "unknown_nomination", "nomination", True, nomination="bi:none")
        self.wrong("case.nominated", "not_in_dictionary", "subject.kind", subject={"kind": "person", "id": "v1"})
        self.wrong("case.nominated", "out_of_range", "subject.kind", subject={"kind": "record", "id": "r1"})
        self.assert_stored(self.city.publish(event("case.nominated", self.SOUND["case.nominated"])))
        self.wrong("case.nominated", "already_exists", "case")
        self.wrong("case.verified", "not_in_dictionary", "outcome", outcome="real")
        self.wrong("case.verified", "missing_field", "evidence", evidence=[])
        self.wrong("case.verified", "missing_field", "evidence[0].note", evidence=[{"digest": "x"}])
        self.wrong("case.verified", "wrong_type", "evidence", evidence="走访")
        self.wrong("case.verified", "self_review", "by", by="clerk:1")
        self.wrong("case.published", "wrong_state", "case")
        self.assert_stored(self.city.publish(event("case.verified", self.SOUND["case.verified"])))
        self.wrong("case.published", "consent_missing", "subject.id")
        self.wrong("case.published", "consent_missing", "consent", consent=False)
        self.wrong("case.published", "wrong_type", "consent", consent="yes")
        self.wrong("case.published", "too_long", "text", text="事" * 2731)
        self.wrong("case.published", "wrong_state", "subject.id", subject={"kind": "volunteer", "id": "v2"})
        self.wrong("case.withdrawn", "too_long", "reason", reason="因" * 86)

    def test_nobody_decides_but_the_daemon(self):
        for kind, data in (("redemption.decided", {"redemption": "bi:x", "outcome": "accepted"}),
                           ("star.decided", {"application": "bi:s", "outcome": "accepted"}),
                           ("case.retracted", {"case": "bi:k", "volunteer": "v1"}),
                           ("honour.considered", {"run": 1, "honour": "bi:h", "volunteer": "v1", "rank": 1}),
                           ("honour.proposed", {"honour": "bi:h", "year": 2018, "subject": {"kind": "volunteer", "id": "v1"},
                                                "rank": 1, "place": 1, "considered": 1})):
            self.refused(event(kind, data), "not_allowed", "type")


class Stations(BadInput):
    """Stations, plans and documents, each with one thing wrong."""

    EVIDENCE = {"digest": "sha256:0", "note": "验收单"}
    SOUND = {
        "station.planned": {"station": "bi:s", "region": COMMUNITY, "name": "站", "due": "2018-12-31"},
        "station.progressed": {"station": "bi:s", "part": "team", "done": True, "evidence": EVIDENCE, "by": "clerk:1", "on": "2018-09-01"},
        "station.built": {"station": "bi:s", "on": "2018-09-01", "evidence": EVIDENCE},
        "station.opened": {"station": "bi:s", "on": "2018-09-01"},
        "station.closed": {"station": "bi:s", "on": "2018-09-01"},
        "plan.set": {"plan": "bi:p", "subject": {"kind": "region", "id": COMMUNITY}, "measure": "teams", "target": 1, "due": "2018-12-31"},
        "document.registered": {"document": "bi:d", "title": "办法", "number": "1号", "issued_by": "市政府", "on": "2018-01-01"},
        "document.withdrawn": {"document": "bi:d", "on": "2018-09-01", "by": "clerk:1"},
    }

    def test_what_is_missing_or_no_day_or_too_long(self):
        for kind, sound in self.SOUND.items():
            for name in sound:
                self.wrong(kind, "missing_field", name, **{name: None})
            self.wrong(kind, "unknown_field", "colour", colour="red")
        for kind, day in (("station.planned", "due"), ("station.built", "on"), ("plan.set", "from"), ("document.withdrawn", "on")):
            for value in ("2018-02-29", "2018-9-1", "soon"):
                self.wrong(kind, "bad_time", day, **{day: value})
            self.wrong(kind, "wrong_type", day, **{day: 20180901})
        self.wrong("station.planned", "too_long", "name", name="站" * 100)
        self.wrong("plan.set", "too_long", "title", title="划" * 100)
        self.wrong("document.withdrawn", "too_long", "reason", reason="因" * 200)
        self.wrong("station.progressed", "not_in_dictionary", "part", part="roof")
        self.wrong("station.progressed", "wrong_type", "done", done="yes")
        self.wrong("station.progressed", "missing_field", "evidence.digest", evidence={"note": "口头"})
        for target in (-1, 2**63):
            self.wrong("plan.set", "out_of_range", "target", target=target)

    def test_what_nobody_has_heard_of(self):
        self.wrong("station.planned", "unknown_region", "region", True, region="629999000000")
        self.wrong("station.planned", "unknown_organisation", "responsible", True, responsible="bi:none")
        for kind in ("station.progressed", "station.built", "station.opened", "station.closed"):
            self.wrong(kind, "unknown_station", "station", True, station="bi:none")
        self.wrong("document.withdrawn", "unknown_document", "document", True, document="bi:none")
        self.wrong("plan.set", "unknown_document", "document", True, document="bi:none")
        self.assert_stored(self.city.publish([event("station.planned", {**self.SOUND["station.planned"], "station": "bi:s1"})]))
        self.wrong("station.progressed", "unknown_team", "team", True, station="bi:s1", team="bi:none")
        self.wrong("station.opened", "wrong_state", "station", station="bi:s1")


class Messages(BadInput):
    def test_an_array_of_10001_events(self):
        self.assertEqual(self.message_error(b"[" + b"{}," * 10000 + b"{}]"), "too_large")
        results = json.loads(self.city.ask_raw("ingest", b"[" + b"{}," * 9999 + b"{}]"))["results"]
        self.assertEqual(len(results), 10000)
        self.assertEqual({r["code"] for r in results}, {"missing_field"})

    def test_a_body_of_8_mib_and_one_byte_more(self):
        one = json.dumps(volunteer("bi:8mib")).encode()
        self.assertEqual(self.message_error(one + b" " * (8 * MIB + 1 - len(one))), "too_large")
        self.assertEqual(self.result_of(one + b" " * (8 * MIB - len(one)))["status"], "stored")

    def test_a_body_of_9_mib_is_answered_and_beyond_it_the_connection_closes(self):
        self.assertEqual(self.message_error(b" " * (9 * MIB)), "too_large")
        with zmtp.dealer(self.city.endpoint("ingest")) as peer:
            with self.assertRaises(OSError):
                peer.sendall(zmtp.request(b" " * (9 * MIB + 1)))
                zmtp.receive(peer, 1)
        self.assertEqual(self.message_error(b"7"), "not_an_event")

    def test_an_empty_message(self):
        self.assertEqual(self.message_error(b""), "malformed_json")
        self.assertEqual(self.message_error(b" \n\t "), "malformed_json")
        answer = json.loads(self.city.ask_raw("query", b""))
        self.assertEqual((answer["error"]["code"], answer["id"]), (-32700, None))

    def test_wrong_frame_counts(self):
        for name in ("ingest", "query"):
            peer = self.city.socket(name, zmq.DEALER)
            self.addCleanup(peer.close, 0)
            for frames in ([b""], [b"", b""], [b"", b"", b""], [b"{}"], [b"a", b"{}"], [b"a", b""], [b"", b"[]", b"[]"], [b"x"] * 9,
                           [b"%d" % i for i in range(8)] + [b"", b"[]"], [b"x" * 256, b"", b"[]"]):
                peer.send_multipart(frames)
                answer = json.loads(peer.recv_multipart()[-1])
                self.assertIn("error", answer, frames)
                self.assertGreater(len(answer["error"]["message"]), 15)
        self.assertEqual(self.city.publish([])["results"], [])

    def test_what_is_not_an_event(self):
        for body in (b"7", b'"text"', b"null", b"true"):
            self.assertEqual(self.message_error(body), "not_an_event", body)
        self.assert_rejected(self.city.publish_one({}), "missing_field", "specversion")
        for wrong in ([7], [[]], [None], ["x"], [True]):
            self.assert_rejected(self.city.publish(wrong)["results"][0], "not_an_event")

    def test_one_bad_event_does_not_hinder_the_others_of_its_array(self):
        wrong = [7, volunteer("bi:a", region="nowhere"), event("no.such", {}), dict(volunteer("bi:b"), time="x")]
        good = [volunteer(f"bi:good{i}") for i in range(5)]
        mixed = [item for pair in zip(good, wrong) for item in pair] + good[4:]
        self.assertEqual([r["status"] for r in self.city.publish(mixed)["results"]], ["stored", "rejected"] * 4 + ["stored"])


class Tcp(DaemonTest):
    def test_a_body_of_1_mib_and_one_byte_more(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            endpoint = f"tcp://127.0.0.1:{probe.getsockname()[1]}"
        daemon = self.daemon({"bus": {"ingest": [f"ipc://{self.folder}/d/run/ingest.sock", endpoint]}}).start()
        self.assert_stored(daemon.publish(city_events(), endpoint))
        one = json.dumps(volunteer("tcp:1")).encode()
        answer = json.loads(daemon.ask_raw("ingest", one + b" " * (MIB - len(one)), endpoint))
        self.assertEqual(answer["results"][0]["status"], "stored")
        with zmtp.dealer(endpoint) as peer:
            with self.assertRaises(OSError):
                peer.sendall(zmtp.request(one + b" " * (MIB + 1 - len(one))))
                zmtp.receive(peer, 1)
        self.assertEqual(daemon.publish_one(volunteer("tcp:2"))["status"], "stored")


if __name__ == "__main__":
    unittest.main()
