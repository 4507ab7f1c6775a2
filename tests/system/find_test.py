"""volunteer find: who has this number, telephone or name; each reading stands in the journal."""
import unittest

from eligibility_test import PeopleTest
from harness import COMMUNITY, CITY, COUNTY, identity_number
from small_city import OTHER_COMMUNITY, OTHER_COUNTY
from volunteerctl_test import control

OLD = "620599491231002"  # fifteen digits; the same person's renewed number follows
PHONE = "13800000001"


class FindTest(PeopleTest):
    def setUp(self):
        super().setUp()
        self.number = identity_number(900, born="19800203")
        self.register("f:1", "张明", number=self.number, phone=PHONE)
        self.register("f:2", "张明", region=OTHER_COMMUNITY, number="E123", document_kind="passport")
        self.register("f:3", "李红", number=OLD)

    def register(self, name, person, region=COMMUNITY, number=None, document_kind="resident_id", **more):
        self.city.send("volunteer.registered", {"volunteer": name, "region": region, "born": {"f:2": "1980-02"}.get(name), "identity": {
            "name": person, "document_kind": document_kind, "number": number, **more}} if name == "f:2" else {
            "volunteer": name, "region": region, "identity": {"name": person, "document_kind": document_kind, "number": number, **more}})

    def find(self, **question):
        return [item["volunteer"] for item in self.ask("volunteer.find", **question)["items"]]

    def readings(self):
        return [(e["data"]["volunteer"], e["data"]["by"], e["data"]["purpose"])
                for e in self.ask("journal.read", types=["identity.read"], limit=1000)["events"]]


class ByNumber(FindTest):
    def test_a_number_finds_its_person_and_the_reading_is_noted(self):
        (item,) = self.ask("volunteer.find", number=self.number, by="clerk:3", purpose="核对")["items"]
        self.assertEqual((item["volunteer"], item["name"], item["region"], item["state"]), ("f:1", "张明", COMMUNITY, "registered"))
        self.assertEqual(self.readings(), [("f:1", "clerk:3", "核对")])
        self.assertEqual(self.find(number="e 123"), ["f:2"])
        self.assertEqual(self.find(number="E123", document_kind="taiwan_permit"), [])
        self.assertEqual(self.readings()[1:], [("f:2", "console", "volunteer.find")])
        self.assert_replay_agrees()

    def test_the_old_number_and_the_renewed_one_find_one_person(self):
        body = "62059919491231002"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        renewed = body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights)) % 11]
        self.assertEqual(self.find(number=OLD), ["f:3"])
        self.assertEqual(self.find(number=renewed.lower()), ["f:3"])

    def test_nobody_found_is_nothing_read(self):
        self.assertEqual(self.find(number="620502199001010000"), [])
        self.assertEqual(self.readings(), [])

    def test_the_number_of_a_merged_person_finds_the_survivor(self):
        self.stored("volunteer.merged", volunteer="f:1", into="f:3")
        self.assertEqual(self.find(number=self.number), ["f:3"])


class ByPhoneAndName(FindTest):
    def test_a_telephone_finds_its_person_however_it_is_written(self):
        self.assertEqual(self.find(phone=PHONE), ["f:1"])
        self.assertEqual(self.find(phone="138-0000 0001"), ["f:1"])
        self.assertEqual(self.find(phone="13800000002"), [])
        self.assertEqual(self.find(phone=PHONE, region=OTHER_COUNTY), [])

    def test_a_name_is_looked_for_within_a_region(self):
        self.assertEqual(self.find(name="张明", region=COUNTY), ["f:1"])
        self.assertEqual(self.find(name="张明", region=CITY), ["f:1", "f:2"])
        self.assertEqual(sorted(name for name, _, _ in self.readings()), ["f:1", "f:1", "f:2"])
        self.assertEqual(self.find(name="张", region=CITY), [])
        self.refuse("missing_field", "region", "volunteer.find", name="张明")

    def test_one_way_is_said(self):
        self.refuse("missing_field", "number", "volunteer.find")
        self.refuse("unknown_field", "number", "volunteer.find", number="E123", phone=PHONE)
        self.refuse("unknown_region", "region", "volunteer.find", name="张明", region="620509000000")

    def test_a_reading_that_cannot_be_noted_is_not_made(self):
        self.refuse("out_of_range", "purpose", "volunteer.find", number=self.number, purpose="核" * 200)
        self.assertEqual(self.readings(), [])

    def test_no_publisher_says_who_read_what(self):
        self.refused("not_allowed", "type", "identity.read", volunteer="f:1", by="clerk:1", purpose="x")


class Twice(FindTest):
    def test_who_has_one_name_and_birth_or_one_telephone_is_suspected(self):
        self.register("f:4", "王芳", number=identity_number(901, born="19700101"), phone=PHONE)
        answer = self.ask("volunteer.suspects", region=CITY)
        self.assertEqual(answer["count"], 3)
        groups = [(item["same"], tuple(item["volunteers"])) for item in answer["items"]]
        self.assertEqual(sorted(groups), [("name_and_birth", ("f:1", "f:2")), ("name_and_birth", ("v:1", "v:2", "v:3")),
                                          ("phone", ("f:1", "f:4"))])
        self.assertEqual(sorted(item["volunteers"][0] for item in self.ask("volunteer.suspects", region=COUNTY)["items"]), ["f:1", "v:1"])
        self.assertEqual(self.readings(), [])
        self.assertNotIn("张明", str(answer))


class AClerk(FindTest):
    def test_a_clerk_finds_by_name_and_by_a_number_that_is_not_typed_in_the_command(self):
        run = control(self.city.daemon.runtime, "volunteer", "find", "--name", "张明", "--region", COUNTY, "--by", "clerk:3", "--purpose", "核对",
                      language="zh_CN.UTF-8")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("f:1", run.stdout)
        self.assertIn("已注册", run.stdout)
        run = control(self.city.daemon.runtime, "volunteer", "find", "--number", "-", text=self.number + "\n")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("张明", run.stdout)
        run = control(self.city.daemon.runtime, "volunteer", "find", "--name", "张明")
        self.assertEqual(run.returncode, 2)
        self.assertIn("region", run.stderr)


if __name__ == "__main__":
    unittest.main()
