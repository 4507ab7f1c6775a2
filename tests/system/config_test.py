"""--check and the configuration file, with the real program and its child."""

import os
import subprocess
import unittest

from harness import DAEMON, PATIENCE, ROOT, DaemonTest


class Check(DaemonTest):
    def check(self, text, policies=True, arguments=("--check",)):
        if policies:
            (self.folder / "policies").mkdir(exist_ok=True)
        path = self.folder / "c.conf"
        path.write_text(text)
        return subprocess.run([str(DAEMON), "--config", str(path), *arguments], capture_output=True, text=True,
                              timeout=PATIENCE, stdin=subprocess.DEVNULL)

    folders = 'data_dir = "d"; runtime_dir = "r"; policy_dir = "policies";\n'

    def refused(self, text, *complaints):
        done = self.check(text)
        self.assertEqual(done.returncode, 1, done)
        for complaint in complaints:
            self.assertIn(complaint, done.stderr)
        self.assertNotIn("configuration ok", done.stdout)

    def test_a_good_file(self):
        done = self.check(self.folders)
        self.assertEqual((done.returncode, done.stdout), (0, "configuration ok\n"), done)
        self.assertFalse((self.folder / "d").exists(), "a check starts nothing")

    def test_complaints_name_file_and_line_and_come_all_at_once(self):
        path = self.folder / "c.conf"
        self.refused(self.folders + "bus: {\n  query_thread = 2;\n  queue_mib = 99999999999;\n};\nclok = \"system\";\n",
                     f"{path}:3: bus.query_thread: there is no such option; did you mean bus.query_threads?",
                     f"{path}:4: bus.queue_mib: 99999999999 is out of range: 1 to 1024 MiB",
                     f"{path}:6: clok: there is no such option; did you mean clock?")

    def test_an_unknown_key(self):
        self.refused(self.folders + "nonsense = 1;\n", "c.conf:2: nonsense: there is no such option")
        self.refused(self.folders + "nonsense: {\n  a = 1;\n};\n", "c.conf:", "nonsense")
        self.refused(self.folders + 'city: { regoin = "620500000000"; };\n', "did you mean city.region?")

    def test_a_wrong_type(self):
        for line in ("bus: { query_threads = \"two\"; };", "bus: { query_threads = 2.5; };", "bus: { query_threads = true; };",
                     "bus: { query_threads = [ 2 ]; };", "bus = 7;", "bus = ( );", "bus: { ingest = \"ipc:///x\"; };",
                     "bus: { ingest = [ 1 ]; };", "journal: { compress = 1; };", "journal: { compress = \"yes\"; };", "clock = 1;",
                     "clock = \"sundial\";", "city: { name = 5; };", "data_dir = 5;", "log: { level = \"loud\"; };", "city = \"x\";"):
            with self.subTest(line):
                self.refused(line.replace("data_dir", "plugin_dir") + "\n" + self.folders, "c.conf:1: ")

    def test_a_number_out_of_range(self):
        for number in ("0", "-1", "17", "99999999999", "9223372036854775807", "9223372036854775808L", "-99999999999999999999L",
                       "0xFFFFFFFFFFFF"):
            with self.subTest(number):
                self.refused(f"bus: {{ query_threads = {number}; }};\n" + self.folders, "c.conf:1")

    def test_endpoints_that_are_none(self):
        for endpoint in ("tcp://*:7711", "tcp://0.0.0.0:7711", "tcp://127.0.0.1", "tcp://127.0.0.1:0", "tcp://127.0.0.1:65536",
                         "tcp://127.0.0.1:x", "ipc://", "ipc://@abstract", "inproc://x", "http://x", "", "ipc:///" + "x" * 200):
            with self.subTest(endpoint):
                self.refused(f'bus: {{ ingest = [ "{endpoint}" ]; }};\n' + self.folders, "c.conf:1: bus.ingest")

    def test_files_that_are_no_configuration(self):
        for text in ("", "\0", "\xff\xfe", "{" * 5000, "a: { " * 5000, "(" * 100000, "x = \"" + "y" * 1000000, "/* ", "@include \"c.conf\"\n",
                     "@include \"/dev/zero\"\n", "@include \"/dev/null\"\n", "data_dir = \"\";", "a = 1;" * 20000,
                     "data_dir = \"d\"; data_dir = \"e\";"):
            with self.subTest(text[:20]):
                self.refused(text, "c.conf")

    def test_a_data_dir_in_a_folder_that_is_not_there(self):
        (self.folder / "policies").mkdir()
        (self.folder / "c.conf").write_text('data_dir = "no/such/d"; runtime_dir = "r"; policy_dir = "policies";\n')
        done = subprocess.run([str(DAEMON), "--config", str(self.folder / "c.conf")], capture_output=True, text=True,
                              timeout=PATIENCE, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("no/such/d", done.stderr)

    def test_a_second_daemon_on_the_same_directory(self):
        first = self.daemon().start()
        done = subprocess.run([str(DAEMON), "--config", str(first.config_path)], capture_output=True, text=True, timeout=PATIENCE,
                              stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 1, done)
        self.assertIn("another daemon", done.stderr)
        self.assertEqual(first.query("status")["state"], "running")

    def test_a_syntax_error(self):
        self.refused(self.folders + "bus: {", "c.conf:", "syntax error")

    def test_an_include_of_a_folder_does_not_end_the_program_silently(self):
        self.refused(self.folders + '@include "."\n', "@include")

    def test_includes_begin_at_the_files_folder(self):
        (self.folder / "more.conf").write_text("store: {\n  checkpoint_ms = 5;\n};\n")
        self.refused(self.folders + '@include "more.conf"\n', "more.conf:2: store.checkpoint_ms: 5 is out of range")

    def test_a_file_that_is_not_there(self):
        done = subprocess.run([str(DAEMON), "--config", str(self.folder / "none"), "--check"], capture_output=True,
                              text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No such file", done.stderr)

    def test_wrong_usage(self):
        for arguments in (["--nonsense"], ["argument"], ["--config"]):
            done = subprocess.run([str(DAEMON), *arguments], capture_output=True, text=True, timeout=PATIENCE)
            self.assertEqual(done.returncode, 2, done)

    def test_version(self):
        done = subprocess.run([str(DAEMON), "--version"], capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.stdout, r"^volunteerd \d+\.\d+\.\d+\n$")

    def test_policy_files_are_vetted(self):
        (self.folder / "policies").mkdir()
        (self.folder / "policies" / "broken.lua").write_text("return {\n  name = \n")
        self.refused(self.folders, "broken.lua:")

    def test_faults_of_the_file_and_of_the_policies_come_at_once(self):
        (self.folder / "policies").mkdir()
        (self.folder / "policies" / "broken.lua").write_text("return 7\n")
        self.refused(self.folders + "clok = 1;\n", "c.conf:2: clok:", "broken.lua:")

    def test_a_policy_folder_that_is_not_there(self):
        done = self.check(self.folders, policies=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("policy_dir", done.stderr)

    def test_the_shipped_policies_are_good(self):
        done = self.check(f'data_dir = "d"; runtime_dir = "r"; policy_dir = "{ROOT}/scripts/policies";\n')
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_relative_paths_begin_at_the_files_folder(self):
        (self.folder / "policies").mkdir()
        (self.folder / "c.conf").write_text(self.folders)
        done = subprocess.run([str(DAEMON), "--config", "c.conf", "--check"], cwd=self.folder, capture_output=True,
                              text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)
        done = subprocess.run([str(DAEMON), "--config", os.path.join(self.folder.name, "c.conf"), "--check"],
                              cwd=self.folder.parent, capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
