"""Every service of a plugin against the real daemon: one that does what it is asked, by way of its methods on the query
socket."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

from harness import COMMUNITY, PROGRAMS, Daemon, QueryError, city_events, event, eventually

NAME = "well_behaved"


def person(id):
    return {"type": "volunteer.registered", "id": id, "data": f'{{"volunteer": "w:{id}", "region": "{COMMUNITY}"}}'}


class ServicesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Daemon()
        cls.secret = cls.daemon.folder / "secret"
        cls.secret.write_text("hunter2\n")
        cls.secret.chmod(0o600)
        cls.daemon.config["plugin_dir"] = str(PROGRAMS.parent / "tests" / "plugins")
        cls.daemon.config["plugins"] = [{"name": NAME, "limits": {"answer_s": 1}, "seconds": 9,
                                         "secret": f"file:{cls.secret}"}]
        cls.daemon.write_config()
        cls.daemon.start()
        cls.daemon.publish(city_events())
        cls.wait_running()

    @classmethod
    def tearDownClass(cls):
        cls.daemon.close()

    @classmethod
    def wait_running(cls, but=0):
        return eventually(lambda: next((plugin for plugin in [cls.plugin()] if plugin["state"] == "running" and
                                        plugin["pid"] != but), None), "the plugin to run")

    @classmethod
    def plugin(cls):
        return cls.daemon.query("plugin.list")["plugins"][0]

    def ask(self, method, /, **parameters):
        return self.daemon.query(f"{NAME}.{method}", **parameters)["value"]

    def log(self):
        return [line["text"] for line in self.daemon.query("plugin.log", plugin=NAME, limit=1000)["lines"]]

    def test_it_is_told_its_settings_and_nobody_else_its_secret(self):
        settings = self.ask("settings")
        self.assertEqual((settings["secret"], settings["seconds"], settings["greeting"], settings["region"],
                          settings["time_zone"]), ("hunter2", 9, "hello", "620500000000", "Asia/Shanghai"))
        self.assertTrue(settings["folder"].endswith(f"/local/plugins/{NAME}/files"))
        self.assertNotIn("hunter2", str(self.daemon.query("plugin.get", plugin=NAME)) + self.daemon.log_text())

    def test_what_it_publishes_is_durable_once(self):
        first = self.ask("publish", events=[person("1"), person("2")])
        self.assertEqual((first["results"], first["status"]), (2, 0))
        again = self.ask("publish", events=[person("2")])
        self.assertEqual((again["status"], again["sequence"]), (1, first["sequence"]))
        other = self.ask("publish", events=[{**person("3"), "id": "2"}])
        self.assertEqual((other["status"], other["code"]), (2, "id_conflict"))
        self.assertEqual(self.daemon.query("volunteer.get", volunteer="w:2")["volunteer"], "w:2")

    def test_it_publishes_under_no_other_source_and_no_other_type(self):
        for change, field in (({"source": "/plugins/somebody"}, "source"), ({"source": "test"}, "source"),
                              ({"type": "service.reviewed",
                                "data": '{"record": "x:1", "outcome": "accepted", "reviewer": "x:2"}'}, "type")):
            answer = self.ask("publish", events=[{**person("9"), **change}])
            self.assertEqual((answer["status"], answer["code"], answer["field"]), (2, "not_allowed", field))

    def test_it_reads_the_state(self):
        self.daemon.publish([event("volunteer.registered", {"volunteer": "a", "region": COMMUNITY})])
        many = self.ask("get_many")
        self.assertEqual((many[0]["volunteer"], many[1]), ("a", None))
        self.assertEqual(self.ask("ask", method="volunteer.get", parameters='{"volunteer": "a"}')["volunteer"], "a")
        self.assertEqual(self.ask("ask", method="volunteer.get", parameters='{"volunteer": "z"}')["error"]["code"],
                         "unknown_volunteer")
        self.assertEqual(self.ask("ask", method="plugin.restart", parameters=f'{{"plugin": "{NAME}"}}')["error"]["code"],
                         "not_allowed")
        snapshot = self.ask("snapshot")
        self.assertEqual(snapshot["begun"], 0)
        self.assertIn('"region"', snapshot["status"])

    def test_events_come_and_are_counted(self):
        before = eventually(lambda: (lambda plugin: plugin["behind"] == 0 and plugin)(self.plugin()), "it to catch up")
        self.daemon.publish([event("volunteer.registered", {"volunteer": "counted", "region": COMMUNITY})])
        after = eventually(lambda: (lambda plugin: plugin["cursor"] > before["cursor"] and plugin["behind"] == 0 and
                                    plugin["counters"]["events"] > before["counters"]["events"] and plugin)(self.plugin()),
                           "the event to be counted")
        self.assertGreater(after["counters"]["events"], 0)

    def test_what_was_not_taken_comes_to_the_next_process(self):
        self.ask("take", events=0)
        self.daemon.publish([event("volunteer.registered", {"volunteer": "kept", "region": COMMUNITY})])
        held = eventually(lambda: (lambda plugin: plugin["behind"] > 0 and plugin)(self.plugin()), "it to be behind")
        self.daemon.query("plugin.restart", plugin=NAME)
        self.wait_running(held["pid"])
        eventually(lambda: (lambda plugin: plugin["behind"] == 0 and plugin["counters"]["events"] > 0)(self.plugin()),
                   "the event to come again")

    def test_answers_refusals_and_silence(self):
        self.assertEqual(self.ask("later"), "later")
        with self.assertRaises(QueryError) as refused:
            self.ask("refuse")
        self.assertEqual((refused.exception.data["code"], refused.exception.data["field"]), ("not_allowed", "by"))
        with self.assertRaises(QueryError) as silent:
            self.ask("never")
        self.assertIn("limits.answer_s", silent.exception.message)
        with self.assertRaises(QueryError):
            self.ask("nonsense")

    def test_its_words_stand_in_the_log(self):
        self.ask("say", line="a word of its own")
        eventually(lambda: "a word of its own" in self.log(), "the line")
        eventually(lambda: "printed in start" in self.log(), "what it printed")
        self.daemon.query("plugin.dump", plugin=NAME)
        eventually(lambda: self.log().count("a line of the dump") >= 30, "the dump")

    def test_its_box_is_said(self):
        plugin = self.plugin()
        self.assertIn("no_new_privs", plugin["box"])
        self.assertIsInstance(plugin["unboxed"], list)


if __name__ == "__main__":
    unittest.main()
