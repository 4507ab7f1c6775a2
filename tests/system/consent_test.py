"""The consent ledger: what a person agreed to, under which text, since when, and what was withdrawn."""
import unittest

from eligibility_test import PeopleTest
from volunteerctl_test import control

TEXT = {"purpose": "publicity", "text_version": "2018-1"}


class Consents(PeopleTest):
    def give(self, volunteer="v:1", day="2018-08-01", **more):
        return self.stored("consent.given", f"{day}T12:00:00+08:00", volunteer=volunteer, **{**TEXT, **more})

    def withdraw(self, volunteer="v:1", day="2018-08-10", **more):
        return self.stored("consent.withdrawn", f"{day}T12:00:00+08:00", volunteer=volunteer, **{**TEXT, **more})

    def held(self, day):
        return self.ids("consent.list", "volunteer", purpose="publicity", valid_on=day)

    def test_a_consent_holds_from_its_day_until_the_day_it_is_withdrawn(self):
        self.give()
        self.withdraw()
        self.assertEqual([self.held(day) for day in ("2018-07-31", "2018-08-01", "2018-08-09", "2018-08-10")],
                         [[], ["v:1"], ["v:1"], []])
        (shown,) = self.ask("volunteer.get", volunteer="v:1")["consents"]
        self.assertEqual((shown["purpose"], shown["text_version"], shown["state"], shown["given_on"], shown["withdrawn_on"]),
                         ("publicity", "2018-1", "withdrawn", "2018-08-01", "2018-08-10"))
        self.assert_replay_agrees()

    def test_every_text_and_day_is_kept(self):
        self.give()
        self.give(day="2018-08-02", text_version="2018-2")
        self.withdraw(day="2018-08-03", text_version="whichever")
        self.give(day="2018-08-04")
        page = self.ask("consent.get", consent="publicity/v:1")
        self.assertEqual((page["volunteer"], page["purpose"], page["state"]), ("v:1", "publicity", "given"))
        self.assertEqual([(item["text_version"], item["given_on"], item.get("withdrawn_on")) for item in page["history"]],
                         [("2018-1", "2018-08-01", "2018-08-03"), ("2018-2", "2018-08-02", "2018-08-03"),
                          ("2018-1", "2018-08-04", None)])
        events = self.ask("journal.read", types=["consent.given", "consent.withdrawn"])["events"]
        self.assertEqual([int(e["sequence"]) for e in events if e["type"] == "consent.given"],
                         [item["sequence"] for item in page["history"]])

    def test_purposes_are_the_citys_dictionary_and_each_stands_alone(self):
        self.give()
        self.give(purpose="exchange")
        self.withdraw(purpose="exchange")
        self.assertEqual(self.ids("consent.list", "purpose", volunteer="v:1", state="given"), ["publicity"])
        self.assertEqual(self.ids("consent.list", "purpose", volunteer="v:1", state="withdrawn"), ["exchange"])
        self.refused("not_in_dictionary", "data.purpose", "consent.given", volunteer="v:1", purpose="advertising", text_version="1")

    def test_a_wrong_step_is_refused_and_says_what_to_do(self):
        self.refused("wrong_state", "data.purpose", "consent.withdrawn", volunteer="v:1", **TEXT)
        self.give()
        self.assertIn("another version", self.refused("wrong_state", "data.text_version", "consent.given", volunteer="v:1", **TEXT)["message"])
        self.refused("wrong_state", "data.purpose", "consent.withdrawn", "2018-07-31T12:00:00+08:00", volunteer="v:1", **TEXT)
        self.withdraw()
        self.refused("wrong_state", "data.purpose", "consent.withdrawn", volunteer="v:1", **TEXT)
        self.refuse("unknown_consent", "consent", "consent.get", consent="exchange/v:1")
        self.refuse("unknown_consent", "consent", "consent.get", consent="publicity")

    def test_who_has_left_may_withdraw_and_gives_nothing_more(self):
        self.give()
        self.stored("volunteer.withdrawn", volunteer="v:1")
        self.refused("wrong_state", "data.volunteer", "consent.given", volunteer="v:1", purpose="exchange", text_version="1")
        self.withdraw()
        self.assertEqual(self.held("2018-08-11"), [])

    def test_a_story_is_told_of_whoever_agrees_to_publicity_and_no_more_when_it_is_withdrawn(self):
        self.stored("honour.defined", honour="h:1", title="天水好人", level="municipal")
        nominated = {"honour": "h:1", "subject": {"kind": "volunteer", "id": "v:1"}, "year": 2018, "story": "十年如一日"}
        self.refused("consent_missing", "data.story_consent", "honour.nominated", nomination="n:1", **nominated)
        self.give()
        self.refused("consent_missing", "data.story_consent", "honour.nominated", nomination="n:1", story_consent=False, **nominated)
        self.stored("honour.nominated", nomination="n:1", **nominated)
        self.withdraw()
        self.refused("consent_missing", "data.story_consent", "honour.nominated", "2018-08-11T12:00:00+08:00", nomination="n:2", **nominated)
        self.assert_replay_agrees()

    def test_fields_are_named_where_they_are_wrong(self):
        whole = {"volunteer": "v:1", **TEXT}
        for kind in ("consent.given", "consent.withdrawn"):
            for name in whole:
                with self.subTest(kind, field=name):
                    self.refused("missing_field", f"data.{name}", kind, **{n: v for n, v in whole.items() if n != name})
                    self.refused("wrong_type", f"data.{name}", kind, **{**whole, name: [7]})
            self.refused("unknown_volunteer", "data.volunteer", kind, **{**whole, "volunteer": "nobody:1"})
            self.refused("too_long", "data.text_version", kind, **{**whole, "text_version": "x" * 65})
            self.refused("unknown_field", "data.until", kind, **whole, until="2018-09-01")

    def test_a_person_has_so_many_and_no_more(self):
        for n in range(200):
            self.give(text_version=f"第{n}版")
        self.assertIn("200", self.refused("out_of_range", "data.volunteer", "consent.given", volunteer="v:1", **TEXT)["message"])

    def test_a_clerk_lists_and_shows_them(self):
        self.give()
        run = control(self.city.daemon.runtime, "list", "consent", "purpose=publicity", "state=given", language="zh_CN.UTF-8")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("v:1", run.stdout)
        self.assertIn("2018-08-01", run.stdout)
        run = control(self.city.daemon.runtime, "show", "consent", "publicity/v:1", language="zh_CN.UTF-8")
        self.assertIn("授权用途", run.stdout)
        self.assertIn("2018-1", run.stdout)


if __name__ == "__main__":
    unittest.main()
