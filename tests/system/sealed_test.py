"""What identifies a person is nowhere in clear: not on disk, not on the feed, not in an answer, not in the log."""

import json
import unittest

from harness import COMMUNITY, CityTest, activity, event, identity_number, organisation, service

NAME, PHONE, NOTE = "诸葛测试甲", "13987654321", "本人家庭住址某某路"
NUMBER = identity_number(777, born="19770707")
CONTACT = "联系人欧阳测试 0938-8213456"
SECRETS = (NAME, PHONE, NUMBER, NOTE, CONTACT)


class Sealed(CityTest):
    def assert_clear_of_secrets(self, text, where):
        for secret in SECRETS:
            self.assertNotIn(secret, text, f"{secret} stands in clear in {where}")
            self.assertNotIn(json.dumps(secret)[1:-1], text, f"{secret} stands escaped in {where}")

    def test_nothing_sealed_is_seen_anywhere(self):
        feed = self.city.subscribe("")
        answers = [self.city.publish([
            event("volunteer.registered", {"volunteer": "sealed:1", "region": COMMUNITY, "identity": {
                "name": NAME, "document_kind": "resident_id", "number": NUMBER, "phone": PHONE}},
                time="2023-01-05T09:00:00+08:00"),
            organisation("sealed:o1", contact=CONTACT),
            activity("sealed:a1", contact=CONTACT),
            service("sealed:r1", "sealed:1", time="2023-06-01T09:00:00+08:00"),  # late: held
            event("service.reviewed", {"record": "sealed:r1", "outcome": "accepted", "reviewer": "clerk:2", "note": NOTE}),
            event("volunteer.updated", {"volunteer": "sealed:1", "changes": {"identity": {
                "name": NAME, "document_kind": "resident_id", "number": NUMBER, "phone": PHONE}}}),
            event("activity.changed", {"activity": "sealed:a1", "changes": {"contact": CONTACT}}),
        ])]
        for result in answers[0]["results"]:
            self.assertEqual(result["status"], "stored", result)
        seen = []
        while len(seen) < 7:
            topic, body = feed.recv_multipart()
            if topic != b"feed.heartbeat":
                seen.append(body.decode())
        feed.close(0)
        journal = self.city.query("journal.read", after=0, limit=10000)
        sealed = {e["type"]: e.get("sealed") for e in journal["events"] if "sealed:" in json.dumps(e["data"])}
        self.assertEqual(sealed["volunteer.registered"], "identity")
        self.assertEqual(sealed["service.reviewed"], "note")
        self.assertEqual(sealed["volunteer.updated"], "changes.identity")
        answers += [journal, self.city.query("volunteer.get", volunteer="sealed:1"),
                    self.city.query("organisation.get", organisation="sealed:o1"),
                    self.city.query("activity.get", activity="sealed:a1"),
                    self.city.query("explain", volunteer="sealed:1"), self.city.query("explain", record="sealed:r1")]
        for answer in answers:
            self.assert_clear_of_secrets(json.dumps(answer, ensure_ascii=False), "an answer")
        self.assert_clear_of_secrets("".join(seen), "the feed")
        self.assert_clear_of_secrets(self.city.log_text(), "the log")
        for file in self.city.data.rglob("*"):
            if file.is_file():
                content = file.read_bytes()
                for secret in SECRETS:
                    self.assertFalse(secret.encode() in content, f"{secret} stands in clear in {file}")

    def test_the_birth_month_and_sex_come_from_the_number_but_no_full_birthday(self):
        number = identity_number(778, born="19850615")
        self.assert_stored(self.city.publish(event("volunteer.registered", {
            "volunteer": "sealed:2", "region": COMMUNITY,
            "identity": {"name": "测试", "document_kind": "resident_id", "number": number}})))
        person = self.city.query("volunteer.get", volunteer="sealed:2")
        self.assertEqual((person["born"], person["sex"]), ("1985-06", "female"))
        self.assertNotIn("1985-06-15", json.dumps(person))

    def test_a_refused_registration_leaves_its_number_free(self):
        number = identity_number(779)
        identity = {"name": "测试", "document_kind": "resident_id", "number": number}
        first = self.city.publish_one(event("volunteer.registered", {
            "volunteer": "sealed:3", "region": "620599999999", "identity": identity}))
        self.assert_rejected(first, "unknown_region", "data.region", retryable=True)
        second = self.city.publish_one(event("volunteer.registered", {
            "volunteer": "sealed:3", "region": COMMUNITY, "identity": identity}))
        self.assertEqual(second["status"], "stored", second)
        third = self.city.publish_one(event("volunteer.registered", {
            "volunteer": "sealed:4", "region": COMMUNITY, "identity": identity}))
        self.assert_rejected(third, "identity_known", "data.identity.number")


if __name__ == "__main__":
    unittest.main()
