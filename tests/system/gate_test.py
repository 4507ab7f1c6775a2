"""How a rule comes into force and goes: parameters from a day on, the file that follows, two who were at it, a second
signature, a step back, retirement."""
import json
import os
import pathlib
import shlex
import subprocess
import tempfile
import unittest

from harness import CONTROL, DAEMON, Daemon
from policy_test import PolicyTest, shipped, with_hours
from small_city import COUNTY, OTHER_COMMUNITY, OTHER_COUNTY, QueryTest, decisions


def control(daemon, *arguments, check=0, language="C"):
    """volunteerctl against the daemon; what it printed."""
    run = subprocess.run([CONTROL, "--runtime", daemon.runtime, *map(str, arguments)], capture_output=True, text=True,
                         env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": language}, timeout=60)
    assert run.returncode == check, f"{arguments}: {run.returncode}\n{run.stdout}\n{run.stderr}"
    return run.stdout + run.stderr


def terminal(daemon, typed, *arguments):
    """The same at a terminal, where somebody types."""
    command = " ".join(shlex.quote(str(word)) for word in (CONTROL, "--runtime", daemon.runtime, *arguments))
    run = subprocess.run(["script", "-qec", command, "/dev/null"], input=typed, capture_output=True, text=True,
                         env={**os.environ, "LC_ALL": "C.UTF-8", "TERM": "xterm", "NO_COLOR": "1"}, timeout=60)
    return run.stdout


class GateTest(PolicyTest):
    def set(self, parameters, day, **more):
        return self.ask("policy.set", policy="star_rating", parameters=parameters, **{"from": day}, **more)

    def revision(self):
        return self.ask("policy.get", policy="star_rating")["revision"]

    def events(self, kind):
        return self.ask("journal.read", types=[kind])["events"]


class SetTest(GateTest):
    def test_a_parameter_gets_another_value_from_a_day_on_and_the_text_stays(self):
        before = self.ask("policy.get", policy="star_rating")["text"]
        answer = self.set({"hours.1": 1}, "2013-01-01", by="clerk:1")
        self.assertEqual(answer["revision"], "star_rating:2")
        event = self.events("policy.activated")[-1]
        self.assertEqual(event["data"]["parameters"],
                         {"2013-01-01": {"count_carried": True, "hours": [1, 300, 600, 1000, 1500]}})
        self.assertEqual(event["data"]["based_on"], "star_rating:1")
        self.assertEqual(event["data"]["text"].replace('  based_on = "star_rating:2",\n', ""), before)
        self.city.register("v:1")
        self.assertEqual(decisions(self.city.serve("r:1", "v:1", 2, hours=2), "star.changed")[0]["to"], 1)

    def test_the_change_is_said_in_words(self):
        answer = self.set({"hours.5": "1200"}, "2027-01-01", **{"try": True})
        change = answer["changes"][0]
        self.assertEqual((change["item"], change["was"], change["becomes"], change["unit"], change["from"]),
                         ("五星", 1500, 1200, "小时", "2027-01-01"))
        self.assertEqual(self.revision(), "star_rating:1")
        said = control(self.city.daemon, "policy", "set", "star_rating", "hours.5=1200", "--from", "2027-01-01",
                       language="zh_CN")
        self.assertIn("五星: 1500 → 1200 小时, 自 2027-01-01", said)
        self.assertEqual(self.revision(), "star_rating:2")

    def test_the_file_follows_and_is_no_draft(self):
        control(self.city.daemon, "policy", "set", "star_rating", "hours.5=1200", "--from", "2027-01-01")
        text = self.policy_file("star_rating.lua").read_text(encoding="utf-8")
        self.assertIn('["2027-01-01"] = {', text)
        self.assertIn("1200", text)
        self.assertIn('based_on = "star_rating:2"', text)
        self.assertEqual([item["state"] for item in self.items(policy="star_rating")], ["in_force"])
        # and goes on from there
        control(self.city.daemon, "policy", "set", "star_rating", "hours.5=1100", "--from", "2028-01-01")
        text = self.policy_file("star_rating.lua").read_text(encoding="utf-8")
        self.assertIn('["2028-01-01"] = {', text)
        self.assertIn('based_on = "star_rating:3"', text)
        answer = self.activate(text.replace("1100", "1101"))
        self.assertEqual(answer["revision"], "star_rating:4")

    def test_earlier_changes_are_kept_by_later_ones(self):
        self.set({"hours.1": 50}, "2027-01-01")
        self.set({"hours.2": 200}, "2028-01-01")
        parameters = self.ask("policy.get", policy="star_rating")["parameters"]
        self.assertEqual(parameters["2027-01-01"]["hours"][:2], [50, 300])
        self.assertEqual(parameters["2028-01-01"]["hours"][:2], [50, 200])

    def test_what_later_days_say_is_named(self):
        self.set({"hours.1": 50}, "2028-01-01")
        answer = self.set({"hours.1": 60}, "2027-01-01")
        self.assertEqual(answer["later"], ["2028-01-01"])

    def test_values_keep_their_kind(self):
        for wrong in ("many", "1.5", "true", [1], {"a": 1}, None):
            with self.subTest(value=wrong):
                error = self.refuse("wrong_type", "parameters", "policy.set", policy="star_rating",
                                    parameters={"hours.1": wrong}, **{"from": "2027-01-01"})
                self.assertIn("hours.1", error.message)
        self.refuse("wrong_type", "parameters", "policy.set", policy="star_rating", parameters={"hours": 5},
                    **{"from": "2027-01-01"})
        self.set({"hours": "[10, 20, 30, 40, 50]"}, "2027-01-01")

    def test_refusals(self):
        def refuse(code, field, parameters, day="2027-01-01", **more):
            return self.refuse(code, field, "policy.set", policy="star_rating", parameters=parameters,
                               **{"from": day, **more})
        self.assertIn("did you mean hours", refuse("unknown_field", "parameters", {"huors": 1}).message)
        self.assertIn("5 entries", refuse("out_of_range", "parameters", {"hours.6": 1}).message)
        refuse("out_of_range", "parameters", {"hours.0": 1})
        refuse("unknown_field", "parameters", {"hours.1.2": 1})
        refuse("missing_field", "parameters", {})
        refuse("wrong_state", "parameters", {"hours.5": 1500})
        refuse("wrong_type", "from", {"hours.5": 1}, day="2027-02-30")
        refuse("out_of_range", "from", {"hours.5": 1}, day="1990-01-01")
        refuse("unknown_region", "scope", {"hours.5": 1}, scope="nowhere")
        refuse("unknown_policy", "policy", {"hours.5": 1}, scope=COUNTY)
        self.refuse("unknown_policy", "policy", "policy.set", policy="nothing", parameters={"a": 1},
                    **{"from": "2027-01-01"})
        self.assertEqual(self.revision(), "star_rating:1")

    def test_a_scopes_own_rule_is_changed_alone(self):
        self.activate(with_hours(shipped("star_rating.lua"), 90), scope=OTHER_COUNTY)
        answer = self.set({"hours.1": 2}, "2012-10-23", scope=OTHER_COUNTY)
        self.assertEqual(answer["revision"], "star_rating:3")
        self.city.register("v:1")
        self.city.register("v:2", OTHER_COMMUNITY)
        self.assertEqual(decisions(self.city.serve("r:1", "v:1", 3, hours=4), "star.changed"), [])
        self.assertEqual(decisions(self.city.serve("r:2", "v:2", 3, hours=4), "star.changed")[0]["to"], 1)


class ComparisonTest(GateTest):
    """What an activation would change is shown first and goes with it into the journal."""

    def setUp(self):
        super().setUp()
        self.city.register("v:1")
        self.city.serve("r:1", "v:1", 3, hours=4)

    def write(self, hours):
        path = self.city.daemon.folder / "mine.lua"
        path.write_text(with_hours(shipped("star_rating.lua"), hours), encoding="utf-8")
        return path

    def test_it_stands_in_the_journal(self):
        control(self.city.daemon, "policy", "activate", self.write(4))
        diff = self.events("policy.activated")[-1]["data"]["diff"]
        self.assertEqual((diff["kind"], diff["judged"], diff["changed"], diff["revision"]),
                         ("star_rating", 1, 1, "star_rating:1"))
        self.assertEqual([(t["from"], t["to"], t["n"]) for t in diff["transitions"] if t["from"] != t["to"]],
                         [("0", "1", 1)])

    def test_it_goes_with_parameters_too(self):
        control(self.city.daemon, "policy", "set", "star_rating", "hours.1=3", "--from", "2013-01-01")
        control(self.city.daemon, "policy", "set", "star_rating", "hours.1=2", "--from", "2014-01-01")
        diff = self.events("policy.activated")[-1]["data"]["diff"]
        self.assertEqual((diff["revision"], diff["judged"]), ("star_rating:2", 1))

    def test_a_person_at_a_terminal_sees_it_and_is_asked(self):
        said = terminal(self.city.daemon, "n\n", "policy", "activate", self.write(4))
        self.assertIn("[y/N]", said)
        self.assertIn("nothing was changed", said)
        self.assertRegex(said, r"0.*1")
        self.assertEqual(self.revision(), "star_rating:1")
        terminal(self.city.daemon, "y\n", "policy", "activate", self.write(4))
        self.assertEqual(self.revision(), "star_rating:2")

    def test_it_may_be_left_out(self):
        control(self.city.daemon, "policy", "activate", self.write(4), "--no-diff")
        self.assertNotIn("diff", self.events("policy.activated")[-1]["data"])

    def test_of_a_kind_that_cannot_be_compared_there_is_none(self):
        path = self.city.daemon.folder / "b.lua"
        path.write_text(shipped("bulletin_station.lua").replace('kind = "bulletin",', 'kind = "bulletin", basis = "doc-1",', 1),
                        encoding="utf-8")
        self.assertIn("bulletin_station:2", control(self.city.daemon, "policy", "activate", path))
        self.assertNotIn("diff", self.events("policy.activated")[-1]["data"])

    def test_a_comparison_of_another_text_is_refused(self):
        text = with_hours(shipped("star_rating.lua"), 4)
        job = self.ask("job.start", job="policy.diff", parameters={"text": text})["job"]
        while self.ask("job.get", job=job, wait_ms=5000)["state"] == "running":
            pass
        other = with_hours(shipped("star_rating.lua"), 5)
        self.refuse("wrong_state", "diff", "policy.activate", text=other, diff=job)
        self.refuse("wrong_state", "diff", "policy.activate", text=text, diff="policy.diff-99")
        self.activate(text, diff=job)


class FileTest(GateTest):
    def edited(self, name="mine.lua", hours=90, base=None):
        text = with_hours(shipped("star_rating.lua"), hours)
        if base:
            text = text.replace("return {", f'return {{\n  based_on = "{base}",', 1)
        path = self.city.daemon.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def test_an_activated_file_says_which_revision_it_is(self):
        path = self.edited()
        self.assertIn("star_rating:2", control(self.city.daemon, "policy", "activate", path))
        text = path.read_text(encoding="utf-8")
        self.assertIn('based_on = "star_rating:2"', text)
        self.assertEqual(self.ask("policy.get", policy="star_rating")["text"], text)
        self.assertIn("in force already", control(self.city.daemon, "policy", "activate", path, check=1))

    def test_a_file_that_cannot_be_written_is_no_failure(self):
        path = self.edited()
        path.chmod(0o444)
        if os.access(path, os.W_OK):
            self.skipTest("root writes what it likes")
        self.assertIn("policy pull", control(self.city.daemon, "policy", "activate", path))

    def test_two_who_changed_the_same_rule_see_all_three_texts(self):
        self.activate(with_hours(shipped("star_rating.lua"), 80))
        path = self.edited(base="star_rating:1", hours=70)
        said = control(self.city.daemon, "policy", "activate", path, check=1)
        self.assertIn("star_rating:2 is newer", said)
        self.assertIn("+    [\"2012-10-23\"] = { hours = { 80,", " ".join(said.splitlines(True)).replace("\n ", "\n"))
        merged = pathlib.Path(f"{path}.merged").read_text(encoding="utf-8")
        self.assertIn("<<<<<<<", merged)
        self.assertIn("{ 70,", merged)
        self.assertIn("{ 80,", merged)
        error = self.refuse("wrong_state", "text", "policy.activate", text=path.read_text(encoding="utf-8"))
        self.assertIn("{ 80,", error.data["in_force_text"])
        self.assertIn("{ 100,", error.data["base_text"])

    def test_what_does_not_meet_is_merged(self):
        path = self.city.daemon.folder / "mine.lua"
        control(self.city.daemon, "policy", "pull", "star_rating", path)
        text = path.read_text(encoding="utf-8")
        control(self.city.daemon, "policy", "set", "star_rating", "hours.5=1200", "--from", "2027-01-01")
        path.write_text(text.replace("志愿者星级评定", "志愿者星级评定办法"), encoding="utf-8")
        said = control(self.city.daemon, "policy", "activate", path, check=1)
        self.assertIn("without conflict", said)
        merged = pathlib.Path(f"{path}.merged")
        self.assertIn("star_rating:3", control(self.city.daemon, "policy", "activate", merged))
        self.assertIn("1200", merged.read_text(encoding="utf-8"))

    def test_pull_writes_what_is_in_force_and_keeps_what_stood_there(self):
        self.set({"hours.5": 1200}, "2027-01-01")
        path = self.city.daemon.folder / "mine.lua"
        path.write_text("-- my notes\n", encoding="utf-8")
        said = control(self.city.daemon, "policy", "pull", "star_rating", path)
        self.assertIn("mine.lua~", said)
        self.assertIn('["2027-01-01"]', path.read_text(encoding="utf-8"))
        self.assertEqual(pathlib.Path(f"{path}~").read_text(encoding="utf-8"), "-- my notes\n")
        verdict = self.ask("policy.check", text=path.read_text(encoding="utf-8"))
        self.assertTrue(verdict["ok"], verdict["complaints"])
        control(self.city.daemon, "policy", "pull", "star_rating")
        self.assertEqual(self.policy_file("star_rating.lua").read_text(encoding="utf-8"),
                         path.read_text(encoding="utf-8"))
        self.assertEqual(control(self.city.daemon, "policy", "pull", "star_rating", "-"),
                         path.read_text(encoding="utf-8"))


class RollbackTest(GateTest):
    def hours(self):
        return self.ask("policy.get", policy="star_rating")["text"].split("hours = { ")[1].split(",")[0]

    def test_the_newest_revision_is_taken_back_whole(self):
        first = shipped("star_rating.lua")
        self.activate(with_hours(first, 8))
        answer = self.ask("policy.rollback", policy="star_rating", by="clerk:1")
        self.assertEqual((answer["revision"], answer["restores"], answer["takes_back"]),
                         ("star_rating:3", "star_rating:1", "star_rating:2"))
        self.assertEqual(self.hours(), "100")
        self.city.register("v:1")
        self.assertEqual(decisions(self.city.serve("r:1", "v:1", 3, hours=9), "star.changed"), [])

    def test_a_second_step_goes_further_back(self):
        first = shipped("star_rating.lua")
        self.activate(with_hours(first, 8))
        self.activate(with_hours(first, 9))
        self.ask("policy.rollback", policy="star_rating")
        self.assertEqual(self.hours(), "8")
        self.ask("policy.rollback", policy="star_rating")
        self.assertEqual(self.hours(), "100")
        error = self.refuse("wrong_state", "policy", "policy.rollback", policy="star_rating")
        self.assertIn("nothing behind", error.message)

    def test_parameters_go_back_too(self):
        self.set({"hours.5": 1200}, "2027-01-01")
        self.set({"hours.5": 1100}, "2027-01-01")
        self.ask("policy.rollback", policy="star_rating")
        self.assertEqual(self.ask("policy.get", policy="star_rating")["parameters"]["2027-01-01"]["hours"][4], 1200)

    def test_it_holds_for_the_days_of_the_one_that_went(self):
        self.activate(with_hours(shipped("star_rating.lua"), 8), effective="2018-01-01")
        answer = self.ask("policy.rollback", policy="star_rating")
        self.assertEqual(answer["effective"], "2018-01-01")

    def test_a_revision_whose_day_has_not_come_is_taken_back(self):
        self.activate(with_hours(shipped("star_rating.lua"), 8), effective="2099-01-01")
        self.ask("policy.rollback", policy="star_rating")
        self.assertEqual(self.items(revision="star_rating:3")[0]["effective"], "2099-01-01")

    def test_with_nothing_behind_it_is_refused(self):
        self.refuse("wrong_state", "policy", "policy.rollback", policy="star_rating")
        self.refuse("unknown_policy", "policy", "policy.rollback", policy="nothing")
        said = control(self.city.daemon, "policy", "rollback", "star_rating", check=1)
        self.assertIn("policy retire", said)


class RetireTest(GateTest):
    def test_the_wider_scopes_rule_holds_again(self):
        self.activate(with_hours(shipped("star_rating.lua"), 1), scope=OTHER_COUNTY)
        self.city.register("v:1", OTHER_COMMUNITY)
        self.assertEqual(len(decisions(self.city.serve("r:1", "v:1", 3, hours=2), "star.changed")), 1)
        control(self.city.daemon, "policy", "retire", "star_rating", "--scope", OTHER_COUNTY, "--reason", "并入市级规则")
        self.city.register("v:2", OTHER_COMMUNITY)
        self.assertEqual(decisions(self.city.serve("r:2", "v:2", 3, hours=2), "star.changed"), [])
        self.assertEqual([item["scope"] for item in self.items(policy="star_rating")], [None])
        event = self.events("policy.retired")[0]["data"]
        self.assertEqual((event["policy"], event["scope"], event["reason"]), ("star_rating", OTHER_COUNTY, "并入市级规则"))

    def test_without_it_nothing_is_asked(self):
        self.ask("policy.retire", policy="star_rating", reason="x")
        self.assertEqual(self.items(policy="star_rating")[0]["state"], "not_active")
        states = [item["state"] for item in self.ask("policy.history", policy="star_rating")["items"]]
        self.assertEqual(states, ["retired"])
        self.refuse("wrong_state", "policy", "policy.retire", policy="star_rating", reason="x")
        self.refuse("unknown_policy", "policy", "policy.retire", policy="nothing", reason="x")
        self.activate(shipped("star_rating.lua"))
        self.assertEqual(self.items(policy="star_rating")[0]["state"], "in_force")


class SetAsideTest(GateTest):
    def test_one_revision_goes_and_comes_back(self):
        self.activate(with_hours(shipped("star_rating.lua"), 8))
        self.ask("policy.set_aside", policy="star_rating", reason="算错了")
        self.assertEqual(self.revision(), "star_rating:1")
        control(self.city.daemon, "policy", "release", "star_rating")
        self.assertEqual(self.revision(), "star_rating:2")
        self.refuse("wrong_state", "policy", "policy.release", policy="star_rating")


class ListTest(GateTest):
    def test_scopes_stand_in_a_tree(self):
        self.activate(with_hours(shipped("star_rating.lua"), 90), scope=OTHER_COUNTY)
        said = control(self.city.daemon, "policy", "list")
        lines = said.splitlines()
        at = next(i for i, line in enumerate(lines) if "麦积区" in line)
        self.assertIn("star_rating:2", lines[at + 1])
        self.assertTrue(any("star_rating:1" in line for line in lines[:at]))


class SignTest(QueryTest):
    """Where the configuration names signers, nothing comes into force without one."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="vd-"))
        cls.addClassCleanup(lambda: subprocess.run(["rm", "-rf", cls.folder], check=True))
        lines = []
        for name in ("clerk:2", "clerk:3", "clerk:9"):
            run = subprocess.run([CONTROL, "--json", "key", "new", name, cls.key(name)], capture_output=True, text=True,
                                 check=True)
            lines.append(f"{name}:{json.loads(run.stdout)['public']}")
        cls.signers = lines[:2]

    @classmethod
    def key(cls, name):
        return cls.folder / name.replace(":", "-")

    def setUp(self):
        self.city = self.start_city(self.addCleanup, config={"policies": {"signers": self.signers}})
        self.city.define_basics()
        self.path = self.city.daemon.folder / "mine.lua"

    def propose(self, hours=1, by="clerk:1", **more):
        return self.ask("policy.activate", text=with_hours(shipped("star_rating.lua"), hours), by=by, **more)

    def revision(self):
        return self.ask("policy.get", policy="star_rating")["revision"]

    def sign(self, revision, name="clerk:2", check=0):
        return control(self.city.daemon, "policy", "sign", revision, "--key", self.key(name), check=check)

    def test_a_proposal_comes_into_force_with_the_second_signature(self):
        answer = self.propose()
        self.assertEqual((answer["state"], answer["revision"]), ("proposed", "star_rating:2"))
        self.assertEqual(self.revision(), "star_rating:1")
        listed = [item["state"] for item in self.ask("policy.list")["items"] if item["policy"] == "star_rating"]
        self.assertEqual(sorted(listed), ["in_force", "proposed"])
        self.assertIn("clerk:2", self.sign("star_rating:2"))
        self.assertEqual(self.revision(), "star_rating:2")
        event = self.ask("journal.read", types=["policy.activated"])["events"][-1]["data"]
        self.assertEqual((event["by"], event["second"]), ("clerk:1", "clerk:2"))
        self.assertTrue(event["signature"])
        self.city.register("v:1")
        self.assertEqual(decisions(self.city.serve("r:1", "v:1", 3, hours=2), "star.changed")[0]["to"], 1)

    def test_nobody_signs_their_own(self):
        self.propose(by="clerk:2")
        self.assertIn("somebody else has to sign", self.sign("star_rating:2", "clerk:2", check=1))
        self.sign("star_rating:2", "clerk:3")

    def test_a_stranger_s_signature_is_not_taken(self):
        self.propose()
        self.assertIn("no signer", self.sign("star_rating:2", "clerk:9", check=1))
        self.refuse("not_allowed", "signature", "policy.sign", revision="star_rating:2", signature="x" * 88)
        self.assertEqual(self.revision(), "star_rating:1")

    def test_a_signature_of_one_proposal_is_none_of_another(self):
        self.propose(hours=1)
        self.propose(hours=2)
        digest = self.ask("policy.get", revision="star_rating:2")["digest"]
        self.assertNotEqual(digest, self.ask("policy.get", revision="star_rating:3")["digest"])
        self.sign("star_rating:3")
        signature = self.ask("journal.read", types=["policy.activated"])["events"][-1]["data"]["signature"]
        self.refuse("not_allowed", "signature", "policy.sign", revision="star_rating:2", signature=signature)

    def test_what_was_proposed_before_another_came_into_force_is_stale(self):
        self.propose(hours=1)
        self.propose(hours=2)
        self.sign("star_rating:3")
        self.assertIn("propose it again", self.sign("star_rating:2", check=1))
        self.assertEqual(self.revision(), "star_rating:3")

    def test_what_is_in_force_is_not_signed_again(self):
        self.propose()
        self.sign("star_rating:2")
        self.assertIn("not proposed", self.sign("star_rating:2", check=1))
        self.assertIn("star_rating:7", self.sign("star_rating:7", check=1))

    def test_a_step_back_is_proposed_too(self):
        self.propose()
        self.sign("star_rating:2")
        answer = self.ask("policy.rollback", policy="star_rating", by="clerk:1")
        self.assertEqual(answer["state"], "proposed")
        self.assertEqual(self.revision(), "star_rating:2")
        self.sign("star_rating:3")
        self.assertEqual(self.revision(), "star_rating:3")

    def test_a_proposal_survives_a_restart_and_a_replay(self):
        self.propose()
        self.city.daemon.stop()
        self.city.daemon.start()
        self.sign("star_rating:2")
        self.assertEqual(self.revision(), "star_rating:2")
        self.assertTrue(self.city.daemon.run_job("journal.replay")["result"]["identical"])

    def test_a_key_that_others_may_read_is_not_used(self):
        self.propose()
        self.key("clerk:2").chmod(0o644)
        self.addCleanup(self.key("clerk:2").chmod, 0o600)
        self.assertIn("chmod 600", self.sign("star_rating:2", check=1))

    def test_the_first_start_needs_no_signature(self):
        self.assertEqual(self.revision(), "star_rating:1")


class SignersOfTheConfigurationTest(QueryTest):
    def complaint(self, signers):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="vd-"))
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", folder], check=True))
        daemon = Daemon(folder, config={"policies": {"signers": signers}})
        self.addCleanup(daemon.close)
        run = subprocess.run([DAEMON, "--config", daemon.config_path, "--check"], capture_output=True, text=True)
        self.assertEqual(run.returncode, 1)
        return run.stderr

    def test_each_mistake_is_said(self):
        key = "A" * 43 + "="
        self.assertIn("name:KEY", self.complaint(["nonsense"]))
        self.assertIn("not a public key", self.complaint(["clerk:2:AAAA"]))
        self.assertIn("there already", self.complaint([f"clerk:2:{key}", f"clerk:3:{key}"]))


if __name__ == "__main__":
    unittest.main()
