"""What the plugin recruitment cannot take over is listed with its reason, holds up nothing else, and is mended by a clerk: by
saying who somebody is, by editing the mapping, by trying again, or by letting it be."""

import unittest

import recruiting
from harness import COMMUNITY, identity_number
from recruiting import ours


class Conflicts(recruiting.RecruitingTest):
    people = 10

    def setUp(self):
        self.all.running()

    def edit(self, old, new):
        """The administrator edits the mapping, and says so."""
        text = self.all.mapping.read_text()
        self.assertIn(old, text)
        self.all.mapping.write_text(text.replace(old, new, 1))
        return self.all.call("reload")

    def test_somebody_who_is_registered_already_is_linked_by_a_clerk_and_their_service_goes_there(self):
        number = identity_number(601, born="19900512")
        self.city.send("volunteer.registered", {"volunteer": "city:1", "region": COMMUNITY, "identity": {
            "name": "无名", "document_kind": "resident_id", "number": number}})
        self.add_person("R9000001", 601)
        self.add_activity("A900001")
        self.enrol("E900001", "A900001", "R9000001")
        found = self.wait_conflict(external="R9000001", code="identity_known")
        self.assertEqual(found["resource"], "registrations")
        self.assertTrue(found["message"])
        self.assertIsNone(self.has("volunteer", ours("R9000001")))
        self.all.call("link", resource="registrations", external="R9000001", id="city:1")
        enrolled = self.wait(lambda: self.daemon.query("enrolment.list", volunteer="city:1")["items"], "the enrolment")
        self.assertEqual(enrolled[0]["activity"], ours("A900001"))
        self.all.settled()
        self.assertIn("R9000001", [link["external"] for link in self.daemon.query("volunteer.get", volunteer="city:1")["links"]])
        decided = [one for one in self.platform.held("enrolment_decision") if one["external_id"] == "E900001"]
        self.assertEqual([one["value"]["outcome"] for one in decided], ["通过"])

    def test_a_link_to_nobody_is_refused(self):
        for wrong in ({"resource": "registrations", "external": "R0000001", "id": "nobody:1"},
                      {"resource": "nothing", "external": "R0000001", "id": "city:1"}, {"external": "R0000001"}):
            with self.assertRaises(recruiting.QueryError):
                self.all.call("link", **wrong)

    def test_a_word_that_the_mapping_does_not_know_is_listed_and_taken_once_it_does(self):
        self.platform.put("teams", "T9001", data={"teamName": "新队", "category": "党员先锋", "areaCode": COMMUNITY, "legal": "筹备中",
                                                  "createTime": self.time(-3)})
        found = self.wait_conflict(external="T9001")
        self.assertEqual(found["code"], "not_in_dictionary")
        self.assertIn("legal", found["field"] + found["message"])
        self.edit('["未登记"] = "grassroots"', '["未登记"] = "grassroots", ["筹备中"] = "grassroots"')
        self.wait(lambda: self.has("team", ours("T9001")), "the team")
        self.assertEqual(self.has("team", ours("T9001"))["legal_status"], "grassroots")
        self.all.settled()

    def test_a_mistake_in_the_mapping_is_a_conflict_with_its_line_and_the_rest_goes_on(self):
        line = '  if professional == "是" then error("想一想") end'
        marker = 'local professional = may(item, "data.professional")'
        self.edit(marker, f"{marker}\n{line}")
        at = self.all.mapping.read_text().splitlines().index(line) + 1
        self.platform.put("teams", "T9002", data={"teamName": "专业队", "category": "绿色环保", "areaCode": COMMUNITY, "legal": "已备案",
                                                  "professional": "是", "createTime": self.time(-3)})
        self.platform.put("teams", "T9003", data={"teamName": "普通队", "category": "绿色环保", "areaCode": COMMUNITY, "legal": "已备案",
                                                  "professional": "否", "createTime": self.time(-3)})
        self.wait(lambda: self.has("team", ours("T9003")), "the other team")
        self.assertIn(f"recruitment.lua:{at}", self.wait_conflict(external="T9002")["message"])
        self.edit(line + "\n", "")
        self.wait(lambda: self.has("team", ours("T9002")), "the team")
        self.all.settled()

    def test_a_mapping_that_does_not_load_is_refused_and_the_old_one_stays(self):
        text = self.all.mapping.read_text()
        self.addCleanup(self.all.mapping.write_text, text)
        for wrong in ("return {", "return { volunteer = 1 }", "while true do end", 'os.execute("true")'):
            self.all.mapping.write_text(wrong)
            with self.assertRaises(recruiting.QueryError) as caught:
                self.all.call("reload")
            self.assertTrue(caught.exception.message)
        self.add_person("R9000004", 604)
        self.wait(lambda: self.has("volunteer", ours("R9000004")), "a person by the old mapping")
        self.all.settled()

    def test_what_a_clerk_lets_be_is_off_the_list_until_it_changes(self):
        self.platform.put("teams", "T9004", data={"teamName": "怪队", "category": "没有的类别", "areaCode": COMMUNITY, "legal": "已备案",
                                                  "createTime": self.time(-3)})
        found = self.wait_conflict(external="T9004")
        self.all.call("resolve", conflict=found["conflict"], action="ignore")
        self.assertEqual([one for one in self.all.conflicts() if one["external"] == "T9004" and one["state"] != "ignored"], [])
        self.assertEqual([one["external"] for one in self.all.conflicts(state="ignored")], ["T9004"])
        self.platform.put("teams", "T9004", merge={"category": "绿色环保"})
        self.wait(lambda: self.has("team", ours("T9004")), "the team")
        self.assertEqual(self.all.conflicts(state="ignored"), [])

    def test_a_member_that_is_missing_or_of_another_type_is_named(self):
        self.add_person("R9000005", 605)
        self.wait(lambda: self.has("volunteer", ours("R9000005")), "the person")
        self.platform.put("registrations", "R9000006", data={
            "realName": "无名", "idType": "居民身份证", "gender": "男", "areaCode": COMMUNITY, "registerTime": self.time(-2), "status": "正常"})
        missing = self.wait_conflict(external="R9000006")
        self.assertEqual((missing["code"], missing["field"]), ("missing_field", "data.idNo"))
        self.platform.put("registrations", "R9000006", merge={"idNo": 12})
        self.wait_conflict(external="R9000006", code="wrong_type")
        self.platform.put("registrations", "R9000006", merge={"idNo": identity_number(606, born="19900512"), "bloodType": "O"})
        self.wait(lambda: self.has("volunteer", ours("R9000006")), "the person, with a member that nobody knows")
        self.all.settled()

    def test_an_action_or_a_conflict_that_there_is_not_is_refused(self):
        for wrong in ({"conflict": 10**9, "action": "retry"}, {"conflict": 1, "action": "burn"}, {"action": "retry"}):
            with self.assertRaises(recruiting.QueryError):
                self.all.call("resolve", **wrong)


if __name__ == "__main__":
    unittest.main()
