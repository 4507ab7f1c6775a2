"""The plugin recruitment: somebody who left and comes back is for a clerk, and what `volunteerd --check` says of its options."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import recruiting
from harness import COMMUNITY, DAEMON, identity_number, settings
from recruiting import ours


class Again(recruiting.RecruitingTest):
    people = 4

    def test_somebody_who_left_and_comes_back_goes_on_under_a_new_registration(self):
        self.add_person("R9000001", 901)
        self.wait(lambda: self.has("volunteer", ours("R9000001")), "the person")
        self.platform.put("registrations", "R9000001", merge={"status": "停用"})
        self.wait(lambda: self.has("volunteer", ours("R9000001"))["state"] == "withdrawn", "the withdrawal")
        self.platform.put("registrations", "R9000001", merge={"status": "正常"})
        found = self.wait_conflict(external="R9000001", code="wrong_state")
        self.assertIn("volunteer.withdrawn", found["message"])
        self.city.send("volunteer.registered", {"volunteer": "city:901", "region": COMMUNITY, "identity": {
            "name": "无名", "document_kind": "resident_id", "number": identity_number(901, born="19900512")}})
        self.all.call("link", resource="registrations", external="R9000001", id="city:901")
        self.add_activity("A900001")
        self.enrol("E900001", "A900001", "R9000001")
        self.wait(lambda: self.daemon.query("enrolment.list", volunteer="city:901")["items"], "the enrolment")
        self.assertEqual(self.daemon.query("enrolment.list", volunteer=ours("R9000001"))["items"], [])
        self.wait(lambda: [link["external"] for link in self.daemon.query("volunteer.get", volunteer="city:901")["links"]] ==
                  ["R9000001"], "the link")
        self.wait(lambda: not [one for one in self.all.conflicts() if one["external"] == "R9000001"], "the conflict to end")

    def test_an_activity_that_was_called_off_and_goes_on_is_listed(self):
        self.add_activity("A900002")
        self.wait(lambda: self.has("activity", ours("A900002")), "the activity")
        self.platform.put("activities", "A900002", merge={"status": "已取消"})
        self.wait(lambda: self.has("activity", ours("A900002"))["state"] == "cancelled", "the cancellation")
        self.platform.put("activities", "A900002", merge={"status": "招募中"})
        found = self.wait_conflict(external="A900002", code="wrong_state")
        self.all.call("resolve", conflict=found["conflict"], action="ignore")
        self.assertEqual([one["external"] for one in self.all.conflicts(state="ignored")], ["A900002"])

    def test_what_is_said_to_happen_only_later_waits_for_its_time(self):
        self.add_person("R9000004", 904, registerTime=self.time(1))
        found = self.wait(lambda: [one for one in self.all.conflicts(state="waiting") if one["external"] == "R9000004"],
                          "the person to wait")[0]
        self.assertEqual(found["code"], "in_future")
        self.platform.put("registrations", "R9000004", merge={"registerTime": self.time(-1)})
        self.wait(lambda: self.has("volunteer", ours("R9000004")), "the person, once the time is right")

    def test_a_database_that_is_lost_is_made_again_from_both_sides(self):
        self.add_person("R9000003", 903)
        self.wait(lambda: self.has("volunteer", ours("R9000003")), "the person")
        self.platform.put("registrations", "R9000003", merge={"job": "教师"})
        self.wait(lambda: self.has("volunteer", ours("R9000003")).get("occupation") == "teacher", "the occupation")
        self.platform.put("teams", "T0002", merge={"teamName": "新名"})
        self.wait(lambda: self.daemon.query("team.get", team=ours("T0002"))["name"] == "新名", "the name")
        head = self.all.head()
        for file in pathlib.Path(self.daemon.data, "local", "plugins", "recruitment", "files").glob("recruitment.db*"):
            file.unlink()
        self.assertTrue(self.all.kill())
        self.wait(lambda: self.all.status()["resources"]["registrations"]["live"] > self.people, "everything to be read again")
        self.all.settled(conflicts=None)
        self.assertEqual([one for one in self.all.conflicts() if one["resource"] in ("registrations", "teams")
                          and one["external"] in ("R9000003", "T0002")], [])
        again = self.daemon.query("journal.read", after=head, types=["volunteer.registered", "team.formed"], limit=100)["events"]
        self.assertEqual(again, [])
        minutes = self.all.call("reconcile")["results"]["minutes"]
        self.assertGreater(minutes["platform"], 0)
        self.assertEqual((minutes["here"], minutes["core"]), (minutes["platform"],) * 2)
        self.platform.put("registrations", "R9000003", merge={"job": "农民"})
        self.wait(lambda: self.has("volunteer", ours("R9000003")).get("occupation") == "farmer", "what changes afterwards")


class Check(unittest.TestCase):
    """volunteerd --check, which starts nothing."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="vr-")
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name)
        (self.path / "policies").mkdir()

    def check(self, **options):
        plugin = {"name": "recruitment", "url": "https://localhost:8443", "mapping": str(recruiting.MAPPING),
                  "token": recruiting.secret_file(self.path, "token", "t"), **options}
        config = self.path / "c.conf"
        config.write_text(settings({"data_dir": str(self.path / "data"), "runtime_dir": str(self.path / "run"),
                                    "policy_dir": str(self.path / "policies"), "plugin_dir": str(recruiting.PLUGINS),
                                    "plugins": [plugin]}))
        done = subprocess.run([str(DAEMON), "--config", str(config), "--check"], capture_output=True, text=True,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})
        return done.returncode, done.stdout + done.stderr

    def test_a_mapping_with_a_mistake_is_refused_with_its_line(self):
        text = recruiting.MAPPING.read_text()
        for broken, word in ((text + "\nend", f"broken.lua:{text.count(chr(10)) + 2}"),
                             (text.replace("  team = team,", ""), "no function team"), ("return {}", "no function volunteer")):
            path = self.path / "broken.lua"
            path.write_text(broken)
            code, said = self.check(mapping=str(path))
            self.assertEqual(code, 1, said)
            self.assertIn(word, said)

    def test_a_prefix_that_no_id_may_have_and_webhooks_without_a_secret_are_refused(self):
        code, said = self.check(prefix="天水")
        self.assertEqual(code, 1, said)
        self.assertIn("prefix", said)
        code, said = self.check(listen="127.0.0.1:8444")
        self.assertEqual(code, 1, said)
        self.assertIn("webhook_secret", said)

    def test_what_is_right_is_taken(self):
        code, said = self.check(prefix="tszyz-2", listen="127.0.0.1:8444", notify_url="https://localhost:8445/",
                                webhook_secret=recruiting.secret_file(self.path, "secret", "whsec_" + "QUJD" * 8))
        self.assertEqual(code, 0, said)


if __name__ == "__main__":
    unittest.main()
