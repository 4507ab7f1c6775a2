"""The manual pages: made from the table of commands, they render without a warning, and name what the program has."""

import re
import subprocess
import unittest

from harness import CONTROL, PROGRAMS

PAGES = PROGRAMS.parent / "man"


def words_of_help():
    text = subprocess.run([str(CONTROL), "--help"], capture_output=True, text=True).stdout
    return sorted(set(re.findall(r"^  ([a-z]+) ", text, re.M)))


def render(page):
    """(text, warnings)"""
    run = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", page], capture_output=True, text=True,
                         env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "80", "MAN_KEEP_FORMATTING": ""})
    return re.sub(".\b", "", run.stdout), run.stderr


class ManualTest(unittest.TestCase):
    def test_there_is_a_page_for_every_command_and_for_the_daemon(self):
        pages = {page.name for page in PAGES.glob("man?/*")}
        for noun in words_of_help():
            self.assertIn(f"volunteerctl-{noun}.1", pages)
        self.assertLessEqual({"volunteerctl.1", "volunteerd.8", "volunteerd.conf.5"}, pages)

    def test_every_page_renders_without_a_warning(self):
        for page in sorted(PAGES.rglob("*.[1-8]")):
            with self.subTest(page.name):
                text, warnings = render(page)
                self.assertEqual(warnings, "")
                self.assertGreater(len(text.splitlines()), 15)

    def test_pages_name_arguments_options_and_examples(self):
        text, _ = render(PAGES / "man1" / "volunteerctl-region.1")
        for word in ("region recode", "--dry-run", "--depth N", "--file FILE", "volunteerctl region tree 620502000000 --depth 1"):
            self.assertIn(word, text)
        self.assertIn("region recode", render(PAGES / "man1" / "volunteerctl.1")[0])
        self.assertIn("team: ", render(PAGES / "man1" / "volunteerctl-list.1")[0].replace("team\n", "team: "))

    def test_the_configuration_page_names_every_option(self):
        text, _ = render(PAGES / "man5" / "volunteerd.conf.5")
        sample = (PROGRAMS.parents[2] / "conf" / "volunteerd.conf").read_text()
        for option in ("data_dir", "bus.max_message_bytes", "policies.watchdog_s", "clock"):
            self.assertIn(option, text)
            self.assertIn(option.split(".")[-1], sample)
        limits = dict(re.findall(r"limits\.(\w+)\n(?:(?!limits\.).)*?default\s+(\d+)\.", text, re.S))
        self.assertLessEqual({"memory_mib", "disk_mib", "descriptors", "cpu_percent", "hang_s", "stop_s", "answer_s"}, set(limits))
        for name, default in limits.items():
            self.assertIn(f"{name} = {default};", sample)

    def test_pages_of_commands_are_chinese_too(self):
        text, _ = render(PAGES / "zh_CN" / "man1" / "volunteerctl-send.1")
        self.assertIn("退出且不发送", re.sub(r"\s", "", text))
        english = {page.name for page in (PAGES / "man1").iterdir()}
        self.assertEqual(english, {page.name for page in (PAGES / "zh_CN" / "man1").iterdir()})


if __name__ == "__main__":
    unittest.main()
