"""volunteerctl speaks Chinese and English: the catalogue of messages is whole, and follows the environment also where no
Chinese locale was ever generated."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from harness import CONTROL, ROOT, CityTest

SOURCE = ROOT / "tools" / "volunteerctl"
CATALOGUE = SOURCE / "po" / "zh_CN.po"
CHINESE = re.compile("[\u4e00-\u9fff]")
LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")


def speak(*arguments, **environment):
    clean = {name: value for name, value in os.environ.items() if name not in LOCALE}
    return subprocess.run([str(CONTROL), *map(str, arguments)], capture_output=True, text=True, env={**clean, **environment})


def messages(text):
    """{msgid: msgstr} of a .po, and the entries that are fuzzy."""
    found, fuzzy = {}, []
    for entry in text.split("\n\n"):
        match = re.search(r'^msgid ((?:".*"\n?)+)msgstr ((?:".*"\n?)+)', entry, re.M)
        if not match or entry.startswith("#~"):
            continue
        identifier, translation = ("".join(re.findall(r'"(.*)"', part)) for part in match.groups())
        found[identifier] = translation
        if re.search("^#,.*fuzzy", entry, re.M) and identifier:
            fuzzy.append(identifier)
    return found, fuzzy


class CatalogueTest(unittest.TestCase):
    """tools/volunteerctl/po/update brings the catalogue up to the source; what is new is then translated by hand."""

    def test_every_message_of_the_source_is_translated(self):
        with tempfile.NamedTemporaryFile(suffix=".pot") as template:
            subprocess.run([SOURCE / "po" / "extract", template.name], check=True)
            wanted, _ = messages(pathlib.Path(template.name).read_text())
        has, fuzzy = messages(CATALOGUE.read_text())
        self.assertGreater(len(wanted), 300)
        self.assertEqual(sorted(m for m in wanted if not has.get(m)), [])
        self.assertEqual(fuzzy, [])
        self.assertEqual(sorted(m for m in has if m not in wanted), [], "no longer said by anybody")

    def test_translations_have_the_directives_of_their_message(self):
        run = subprocess.run(["msgfmt", "--check", "-o", os.devnull, CATALOGUE], capture_output=True, text=True)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        for message, translation in messages(CATALOGUE.read_text())[0].items():
            directives = [sorted(re.sub(r"\d+\$", "", d) for d in re.findall(r"%(?:\d+\$)?[-.*0-9]*(?:ll|z)?[a-z]", text))
                          for text in (message, translation)]
            if message:
                self.assertEqual(*directives, message)

    def test_translations_are_chinese(self):
        for message, translation in messages(CATALOGUE.read_text())[0].items():
            if re.search("[A-Za-z]{3}", re.sub(r"%[-.*0-9]*(?:ll|z)?[a-z]", "", message)):
                self.assertRegex(translation, CHINESE, message)


class LanguageTest(unittest.TestCase):
    def test_the_environment_chooses_the_language(self):
        for chinese, environment in (
            (True, {"LANG": "zh_CN.UTF-8"}), (True, {"LC_ALL": "zh_CN.UTF-8"}), (True, {"LC_MESSAGES": "zh_CN"}),
            (True, {"LANGUAGE": "zh_CN:en"}), (True, {"LANG": "C.UTF-8", "LANGUAGE": "zh_CN"}), (True, {"LANG": "zh"}),
            (True, {"LANG": "en_US.UTF-8", "LANGUAGE": "zh_CN"}), (True, {"LANG": "en_GB.UTF-8", "LC_ALL": "zh_CN.UTF-8"}),
            (False, {}), (False, {"LANG": "C.UTF-8"}), (False, {"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}),
            (False, {"LANG": "C", "LANGUAGE": "zh_CN"}), (False, {"LANG": "zh_CN.UTF-8", "LANGUAGE": "en"}),
            (False, {"LANG": "en_US.UTF-8"}), (False, {"LANG": "zhx"}),
        ):
            with self.subTest(environment):
                run = speak("--help", **environment)
                self.assertEqual("用法" in run.stdout, chinese, run.stdout)
                self.assertEqual("Usage" in run.stdout, not chinese, run.stdout)

    def test_help_of_every_command_and_option_is_chinese(self):
        for noun in set(re.findall(r"^  ([a-z]+) ", speak("--help", LANG="zh_CN.UTF-8").stdout, re.M)):
            verbs = re.findall(rf"^  {noun} ([a-z]+)(?: [A-Z\[]|  )", speak(noun, "--help", LANG="zh_CN.UTF-8").stdout, re.M)
            for command in [[noun, verb] for verb in verbs] or [[noun]]:
                for line in speak(*command, "--help", LANG="zh_CN.UTF-8").stdout.splitlines():
                    if re.match(r"  (--|[A-Z])\S* .*?\S  +\S", line):
                        self.assertRegex(line, CHINESE, f"{command}: {line}")

    def test_complaints_are_chinese_and_exit_codes_the_same(self):
        for arguments in (["polcy"], ["show", "volunteer"], ["send", "service.recordd"], ["publish", "x", "--batch", "0"],
                          ["status", "--runtime", "/nonexistent"], ["points", "adjust", "v", "points", "1"]):
            english, chinese = speak(*arguments, LANG="C.UTF-8"), speak(*arguments, LANG="zh_CN.UTF-8")
            self.assertEqual(english.returncode, chinese.returncode)
            self.assertNotRegex(english.stderr, CHINESE)
            self.assertRegex(chinese.stderr, CHINESE)


class ChineseOutputTest(CityTest):
    def test_headings_are_chinese_and_json_never_changes(self):
        run = speak("list", "volunteer", "--runtime", self.city.runtime, LANG="zh_CN.UTF-8")
        self.assertRegex(run.stdout.splitlines()[0], "^编号 +区划 +状态 +资格状态 +星级")
        both = [speak("list", "volunteer", "--json", "--runtime", self.city.runtime, LANG=language).stdout
                for language in ("zh_CN.UTF-8", "C.UTF-8")]
        self.assertEqual(*both)


if __name__ == "__main__":
    unittest.main()
