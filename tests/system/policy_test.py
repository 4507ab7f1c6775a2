"""policy.list, get, check, activate and history: rules that change while the daemon runs."""
import re
import unittest

from harness import ROOT
from small_city import (CITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, QueryTest, decisions)


def shipped(name):
    return (ROOT / "scripts" / "policies" / name).read_text(encoding="utf-8")


def with_hours(text, hours):
    """The shipped rule with other hours for its first star, and one case that is true for any."""
    text, n = re.subn(r"hours = \{ 100,", f"hours = {{ {hours},", text, count=1)
    case = '{ name = "没有服务", given = { minutes = 0 }, expect = { stars = 0 } }'
    text, m = re.subn(r"\n  cases = \{.*?\n  \},\n", f"\n  cases = {{ {case} }},\n", text, flags=re.S)
    assert n == m == 1, "star_rating.lua no longer looks as these tests edit it"
    return text


class PolicyTest(QueryTest):
    def setUp(self):
        self.city = self.start_city(self.addCleanup)
        self.city.define_basics()

    def activate(self, text, **params):
        return self.ask("policy.activate", text=text, **params)

    def items(self, **wanted):
        return [item for item in self.ask("policy.list")["items"]
                if all(item[name] == value for name, value in wanted.items())]

    def policy_file(self, name):
        return self.city.daemon.policies / name

    def write_file(self, name, text):
        self.policy_file(name).write_text(text, encoding="utf-8")


class ListTest(PolicyTest):
    def test_what_stood_in_the_folder_is_in_force_from_the_first_start(self):
        items = self.items(state="in_force")
        self.assertLessEqual({"acceptance", "star_rating"}, {item["policy"] for item in items})
        stars = self.items(policy="star_rating")[0]
        self.assertEqual((stars["kind"], stars["revision"]), ("star_rating", "star_rating:1"))
        self.assertEqual((stars["file"], stars["differs"]), ("star_rating.lua", False))
        self.assertTrue(stars["title"])
        self.assertIsNone(stars["scope"])
        self.assertRegex(stars["effective"], r"^\d{4}-\d\d-\d\d$")

    def test_a_file_that_differs_is_a_draft_and_changes_nothing(self):
        self.write_file("star_rating.lua", with_hours(shipped("star_rating.lua"), 1))
        in_force, draft = sorted(self.items(policy="star_rating"), key=lambda item: item["state"],
                                 reverse=True)
        self.assertEqual((in_force["state"], in_force["differs"]), ("in_force", True))
        self.assertEqual((draft["state"], draft["file"]), ("draft", "star_rating.lua"))
        self.assertEqual(decisions(self.serve_two_hours(), "star.changed"), [])

    def serve_two_hours(self):
        self.city.register("v:1")
        return self.city.serve("r:1", "v:1", 2, hours=2)

    def test_a_file_of_a_policy_that_was_never_activated_is_not_active(self):
        self.write_file("gate.lua", 'return {\n  -- name = "wrong"\n  name = "gate", '
                                    'kind = "registration", title = "注册"\n}\n')
        self.write_file("nameless.lua", "return 1\n")
        self.assertEqual(self.items(policy="gate")[0]["state"], "not_active")
        self.assertEqual(self.items(policy="gate")[0]["title"], "注册")
        self.assertEqual(self.items(policy="nameless")[0]["file"], "nameless.lua")

    def test_a_file_that_cannot_be_read_is_named(self):
        self.policy_file("folder.lua").mkdir()
        self.write_file("long.lua", "-" * 300000)
        self.assertTrue(self.items(policy="folder")[0]["failure"])
        self.assertIn("too long", self.items(policy="long")[0]["failure"])


class GetTest(PolicyTest):
    def test_the_text_in_force_and_that_of_a_revision(self):
        first = self.ask("policy.get", policy="star_rating")
        self.assertEqual(first["text"], shipped("star_rating.lua"))
        self.assertEqual((first["revision"], first["state"]), ("star_rating:1", "in_force"))
        self.activate(with_hours(shipped("star_rating.lua"), 2), by="clerk:2")
        second = self.ask("policy.get", policy="star_rating")
        self.assertEqual((second["revision"], second["by"]), ("star_rating:2", "clerk:2"))
        again = self.ask("policy.get", revision="star_rating:1")
        self.assertEqual((again["text"], again["state"]), (first["text"], "superseded"))

    def test_refusals(self):
        self.refuse("missing_field", "policy", "policy.get")
        self.refuse("unknown_policy", "policy", "policy.get", policy="nothing")
        self.refuse("unknown_policy", "revision", "policy.get", revision="star_rating:9")
        self.refuse("unknown_policy", "revision", "policy.get", policy="acceptance",
                    revision="star_rating:1")


class CheckTest(PolicyTest):
    def test_a_sound_text_passes_with_its_cases(self):
        verdict = self.ask("policy.check", text=shipped("star_rating.lua"), file="star_rating.lua")
        self.assertTrue(verdict["ok"])
        self.assertEqual((verdict["policy"], verdict["kind"]), ("star_rating", "star_rating"))
        self.assertTrue(verdict["cases"])
        self.assertTrue(all(case["ok"] for case in verdict["cases"]))

    def test_a_broken_text_is_told_where_it_breaks_and_nothing_is_activated(self):
        verdict = self.ask("policy.check", text="return {\n  name = \n}")
        self.assertFalse(verdict["ok"])
        self.assertGreaterEqual(verdict["complaints"][0]["line"], 2)
        self.assertEqual(len(self.ask("policy.history", policy="star_rating")["items"]), 1)

    def test_a_text_that_never_ends_is_stopped(self):
        verdict = self.ask("policy.check", text="while true do end")
        self.assertFalse(verdict["ok"])
        self.assertTrue(verdict["complaints"])

    def test_refusals(self):
        self.refuse("out_of_range", "text", "policy.check", text="")
        self.refuse("too_long", "text", "policy.check", text="-" * 262145)
        self.refuse("missing_field", "text", "policy.check")


class ActivateTest(PolicyTest):
    def test_editing_the_hours_and_activating_changes_the_next_decision_without_a_restart(self):
        self.city.register("v:1")
        before = self.city.serve("r:1", "v:1", 3, hours=4)
        self.assertEqual(decisions(before, "star.changed"), [])
        edited = with_hours(shipped("star_rating.lua"), 8)
        self.write_file("star_rating.lua", edited)
        answer = self.activate(edited, file="star_rating.lua")
        self.assertEqual(answer["revision"], "star_rating:2")
        self.assertEqual(answer["effective"], self.city.today.date().isoformat())
        after = self.city.serve("r:2", "v:1", 2, hours=4)
        change = decisions(after, "star.changed")
        self.assertEqual([(c["from"], c["to"]) for c in change], [(0, 1)])
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["stars"], 1)
        explained = self.ask("explain", volunteer="v:1")
        self.assertEqual(explained["changes"][0]["revision"], "star_rating:2")
        self.assertEqual([item["state"] for item in self.items(policy="star_rating")], ["in_force"])

    def test_an_activation_stands_in_the_journal(self):
        answer = self.activate(with_hours(shipped("star_rating.lua"), 8), by="clerk:7",
                               document="doc-1")
        event = self.ask("journal.read", after=answer["sequence"] - 1, limit=1)["events"][0]
        self.assertEqual((event["type"], event["data"]["by"], event["data"]["document"]),
                         ("policy.activated", "clerk:7", "doc-1"))

    def test_all_history_judges_everyone_anew(self):
        self.city.register("v:1")
        self.city.serve("r:1", "v:1", 3, hours=4)
        answer = self.activate(with_hours(shipped("star_rating.lua"), 4),
                               retroactivity="all_history")
        progress = self.next_event(answer["sequence"], "run.progressed")
        while not progress["data"]["done"]:
            progress = self.next_event(int(progress["sequence"]), "run.progressed")
        run = self.ask("policy.history", policy="star_rating")["items"][1]["run"]
        self.assertTrue(run["done"])
        self.assertEqual(self.ask("volunteer.get", volunteer="v:1")["stars"], 1)

    def test_a_county_may_have_a_rule_of_its_own(self):
        answer = self.activate(with_hours(shipped("star_rating.lua"), 1), scope=OTHER_COUNTY)
        self.assertEqual(answer["revision"], "star_rating:2")
        self.city.register("v:1")
        self.city.register("v:2", OTHER_COMMUNITY)
        here = self.city.serve("r:1", "v:1", 3, hours=4)
        there = self.city.serve("r:2", "v:2", 3, hours=4)
        self.assertEqual(decisions(here, "star.changed"), [])
        self.assertEqual(decisions(there, "star.changed")[0]["to"], 1)
        self.assertEqual({item["scope"] for item in self.items(policy="star_rating",
                                                              state="in_force")},
                         {None, OTHER_COUNTY})

    def test_a_day_to_come_is_waited_for(self):
        self.activate(with_hours(shipped("star_rating.lua"), 1), effective="2099-01-01")
        self.assertEqual(self.items(revision="star_rating:2")[0]["state"], "not_active")
        self.city.register("v:1")
        self.assertEqual(decisions(self.city.serve("r:1", "v:1", 3), "star.changed"), [])

    def test_a_text_that_fails_its_check_is_refused_with_the_verdict(self):
        error = self.refuse("policy_refused", "text", "policy.activate", text="return {")
        self.assertFalse(error.data["verdict"]["ok"])
        self.assertIn("line", error.message)
        self.assertEqual(len(self.ask("policy.history", policy="star_rating")["items"]), 1)

    def test_a_text_that_fails_its_cases_is_refused(self):
        wrong = shipped("star_rating.lua").replace("hours = { 100,", "hours = { 99,", 1)
        error = self.refuse("policy_refused", "text", "policy.activate", text=wrong)
        self.assertTrue(any(not case["ok"] for case in error.data["verdict"]["cases"]))
        self.assertIn("差一分钟到一百小时", error.message)

    def test_what_is_in_force_is_not_activated_again(self):
        self.refuse("wrong_state", "text", "policy.activate", text=shipped("star_rating.lua"))

    def test_the_same_text_is_activated_again_to_judge_the_past_by_it(self):
        answer = self.activate(shipped("star_rating.lua"), retroactivity="all_history")
        self.assertEqual(answer["revision"], "star_rating:2")

    def test_a_text_based_on_an_older_revision_is_refused(self):
        text = shipped("star_rating.lua")
        self.activate(with_hours(text, 90))
        based = with_hours(text, 80).replace("return {", 'return {\n  based_on = "star_rating:1",', 1)
        error = self.refuse("wrong_state", "text", "policy.activate", text=based)
        self.assertIn("star_rating:2", error.message)
        self.activate(based.replace("star_rating:1", "star_rating:2"))

    def test_the_scope_of_text_and_parameter_must_agree(self):
        text = with_hours(shipped("star_rating.lua"), 5)
        text = text.replace("return {", f'return {{\n  scope = "{OTHER_COUNTY}",', 1)
        self.refuse("out_of_range", "scope", "policy.activate", text=text, scope=COUNTY)
        self.activate(text)
        self.assertEqual(self.items(revision="star_rating:2")[0]["scope"], OTHER_COUNTY)

    def test_refusals(self):
        text = with_hours(shipped("star_rating.lua"), 5)
        self.refuse("unknown_region", "scope", "policy.activate", text=text, scope="nowhere")
        self.refuse("wrong_type", "effective", "policy.activate", text=text, effective="tomorrow")
        error = self.refuse("out_of_range", "retroactivity", "policy.activate", text=text,
                            retroactivity="never")
        self.assertIn("from_now, from_date, all_history", error.message)
        self.refuse("missing_field", "text", "policy.activate")


class HistoryTest(PolicyTest):
    def test_every_revision_with_what_became_of_it(self):
        text = shipped("star_rating.lua")
        first = self.activate(with_hours(text, 8), by="clerk:1")
        self.activate(with_hours(text, 9), effective="2099-01-01", retroactivity="from_date")
        items = self.ask("policy.history", policy="star_rating")["items"]
        self.assertEqual([item["revision"] for item in items],
                         ["star_rating:1", "star_rating:2", "star_rating:3"])
        self.assertEqual([item["state"] for item in items], ["superseded", "in_force", "not_active"])
        self.assertEqual((items[1]["by"], items[1]["sequence"]), ("clerk:1", first["sequence"]))
        self.assertEqual(items[2]["retroactivity"], "from_date")

    def test_an_unknown_policy_is_refused(self):
        self.refuse("unknown_policy", "policy", "policy.history", policy="nothing")

    def test_revisions_of_a_scope_do_not_supersede_the_citys(self):
        self.activate(with_hours(shipped("star_rating.lua"), 8), scope=OTHER_COUNTY)
        states = [item["state"] for item in self.ask("policy.history", policy="star_rating")["items"]]
        self.assertEqual(states, ["in_force", "in_force"])
        self.assertNotEqual(CITY, self.ask("policy.get", policy="star_rating")["scope"])


if __name__ == "__main__":
    unittest.main()
