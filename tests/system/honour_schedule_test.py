"""Honours: whom a rule with a schedule proposes when its day comes, with the reasons, and who of them is nominated."""
import os
import subprocess
import unittest

import honour_test
from harness import CONTROL


class ScheduleTest(honour_test.HonoursTest):
    """A rule with a schedule asks about everybody when its day comes, and proposes the best in order."""

    def activate(self, body, schedule='{ yearly = "03-31" }', name="honour"):
        text = (honour_test.RULE % body.replace("helping", self.code)).replace('name = "honour",', f'name = "{name}", schedule = {schedule},', 1)
        self.ask("policy.activate", text=text, by="clerk:1", effective="2018-01-01")

    def pass_to(self, day):
        self.city.on(day).send("document.registered", {"document": f"d:{day}", "title": "t", "number": "1", "issued_by": "x",
                                                       "on": day})

    def events(self, type_name):
        return self.ask("journal.read", after=0, types=[type_name], limit=1000)["events"]

    def proposed(self, honour="good", year=2018):
        return [(item["place"], item["volunteer"], item["rank"])
                for item in self.ask("honour.proposed", honour=honour, year=year)["items"]]

    def test_the_best_are_proposed_in_order_when_the_day_comes(self):
        self.city.send("honour.defined", {"honour": "good", "title": "天水好人", "level": "municipal", "places": 3})
        self.activate(honour_test.BY_MINUTES)
        self.assertEqual(self.proposed(), [])
        self.pass_to("2018-04-02")
        expected = [(1, "v:2", 300), (2, "v:4", 300), (3, "v:1", 180)]
        self.assertEqual(self.proposed(), expected)
        events = self.events("honour.proposed")
        self.assertEqual([(event["data"]["place"], event["data"]["subject"]["id"], event["data"]["rank"]) for event in events],
                         expected)
        self.assertEqual((events[0]["data"]["year"], events[0]["data"]["class"]), (2018, self.code))
        considered = {int(event["sequence"]): event for event in self.events("honour.considered")}
        for event in events:
            source = considered[event["data"]["considered"]]
            self.assertEqual(source["data"]["volunteer"], event["data"]["subject"]["id"])
            self.assertEqual(source["data"]["findings"][0]["code"], "hours")
            self.assertEqual(source["policyrevision"], "honour:2")
        self.assertNotIn("v:5", [event["data"]["volunteer"] for event in considered.values()])
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)

    def control(self, *arguments, expect=0):
        run = subprocess.run([str(CONTROL), *arguments, "--runtime", str(self.city.daemon.runtime)], capture_output=True, text=True,
                             env={**os.environ, "LC_ALL": "C.UTF-8"})
        self.assertEqual(run.returncode, expect, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def test_the_first_of_the_list_are_nominated_and_the_list_says_why(self):
        self.activate(honour_test.BY_MINUTES)
        command = ("honour", "nominate", "good", "--year", "2018", "--by", "clerk:1", "--from-proposals")
        self.assertIn("with a schedule", self.control(*command, "2", expect=1))
        self.pass_to("2018-04-02")
        item = self.ask("honour.proposed", honour="good", year=2018)["items"][0]
        self.assertEqual((item["class"], [finding["text"] for finding in item["findings"]]), (self.code, ["服务 5 小时"]))
        printed = self.control("honour", "proposed", "good", "--year", "2018", "--format", "csv")
        self.assertIn("服务 5 小时", printed)
        self.nominate("by-hand", "v:4")
        self.assertIn("by-hand", self.control(*command, "3", expect=1))  # who is nominated already is named, the others go on
        self.assertEqual(self.ids("nomination.list", "nomination"), ["by-hand", "good:2018:1", "good:2018:3"])
        shown = self.ask("nomination.get", nomination="good:2018:1")
        self.assertEqual((shown["subject"]["id"], shown["class"], shown["by"]), ("v:2", self.code, "clerk:1"))
        self.assertIn("nominated", self.control(*command, "1"))  # again: the same events
        self.assertEqual(len(self.ids("nomination.list", "nomination")), 3)
        for wrong in (command[:5] + ("--from-proposals", "1"), command[:3] + ("--by", "x", "--from-proposals", "1")):
            self.control(*wrong, expect=2)

    def test_each_honour_has_a_list_of_its_own(self):
        self.city.send("honour.defined", {"honour": "model", "title": "道德模范", "level": "national", "places": 1})
        self.city.send("honour.defined", {"honour": "team", "title": "优秀队伍", "level": "municipal", "kinds": ["team"]})
        self.activate('return context.honour.id ~= "good" or volunteer.id == "v:3", minutes')
        self.pass_to("2018-04-02")
        self.assertEqual((self.proposed("good"), self.proposed("model"), self.proposed("team")), ([(1, "v:3", 60)], [(1, "v:2", 300)], []))

    def test_nobody_is_proposed_where_nobody_is_good_enough(self):
        self.activate("return minutes >= 600, minutes")
        self.pass_to("2018-04-02")
        self.assertEqual((self.proposed(), self.events("honour.proposed")), ([], []))

    def test_a_later_list_of_the_year_takes_the_place_of_the_first(self):
        self.activate("return minutes > 0, minutes", schedule="{ monthly = 5 }")
        self.pass_to("2018-03-06")
        self.assertEqual(len(self.proposed()), 4)
        self.city.send("volunteer.withdrawn", {"volunteer": "v:2"})
        self.pass_to("2018-04-06")
        self.assertEqual([place[:2] for place in self.proposed()], [(1, "v:4"), (2, "v:1"), (3, "v:3")])

    def test_a_kill_while_it_asks_changes_nothing(self):
        self.activate(honour_test.BY_MINUTES)
        self.pass_to("2018-04-02")
        before = self.proposed()
        self.city.daemon.kill()
        self.city.daemon.start()
        self.assertEqual(self.proposed(), before)
        self.assertIs(self.city.daemon.run_job("journal.replay")["result"]["identical"], True)


if __name__ == "__main__":
    unittest.main()
