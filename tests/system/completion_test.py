"""What bash and zsh offer after Tab, asked of real shells."""

import os
import shutil
import subprocess
import tempfile
import unittest

from harness import CONTROL, PROGRAMS

FOLDER = PROGRAMS.parent / "completions"


def bash(*words):
    """The words that bash offers for the last one."""
    script = f"""
        . {FOLDER}/volunteerctl
        COMP_WORDS=({" ".join(f"'{word}'" for word in words)})
        COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        compopt() {{ :; }}
        _volunteerctl
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    run = subprocess.run(["bash", "--norc", "-eu", "-c", script], capture_output=True, text=True)
    assert run.returncode == 0 and not run.stderr, run.stderr
    return run.stdout.split()


def zsh(*words):
    """The same of zsh, whose compadd is written down instead of shown."""
    script = f"""
        autoload -Uz compinit; compdef() {{ : }}
        compadd() {{ while [[ $1 == -* ]]; do [[ $1 == -S ]] && shift; [[ $1 == -- ]] && {{ shift; break }}; shift; done
                     print -l -- "$@" }}
        _files() {{ print FILES }}; _message() {{ : }}
        source {FOLDER}/_volunteerctl
        words=({" ".join(f"'{word}'" for word in words)}); CURRENT=$#words
        _volunteerctl
    """
    run = subprocess.run(["zsh", "-f", "-c", script], capture_output=True, text=True)
    assert run.returncode == 0 and not run.stderr, run.stderr
    return [word for word in run.stdout.split() if word.startswith(words[-1])]


class CompletionTest(unittest.TestCase):
    SHELLS = [bash] + ([zsh] if shutil.which("zsh") else [])

    def offers(self, typed, *offered, also=True):
        for shell in self.SHELLS:
            with self.subTest(shell=shell.__name__, typed=typed):
                words = shell("volunteerctl", *typed)
                if also:
                    self.assertLessEqual(set(offered), set(words))
                else:
                    self.assertEqual(sorted(offered), sorted(words))

    def test_nouns_and_verbs(self):
        self.offers(["reg"], "region", also=False)
        self.offers(["region", ""], "import", "tree", "recode", also=False)
        self.offers(["region", "tr"], "tree", also=False)
        self.offers(["import", ""], "list", "undo", "template", "volunteer.registered")
        self.offers(["import", "volunteer.reg"], "volunteer.registered", also=False)
        self.offers(["import", "volunteer.registered", "a.csv", "--ref"], "--refused", also=False)
        self.offers(["import", "undo", "x", "--b"], "--by", also=False)
        self.offers(["--json", "region", "tr"], "tree", also=False)
        self.offers(["--runtime", "region", "rep"], "report", also=False)
        self.offers(["help", "region", "tr"], "tree", also=False)

    def test_options_and_their_words(self):
        self.offers(["region", "tree", "--"], "--depth", "--json", "--timeout")
        self.offers(["region", "tree", "--dep"], "--depth", also=False)
        self.offers(["policy", "activate", "x.lua", "--retroactivity", "from_"], "from_now", "from_date", also=False)

    def test_words_of_arguments(self):
        self.offers(["record", "review", "r1", ""], "accepted", "refused", also=False)
        self.offers(["list", "civ"], "civilised_title", also=False)
        self.offers(["completion", ""], "bash", "zsh", also=False)
        self.offers(["dictionary", "set", "ca"], "category", also=False)

    def test_types_with_their_fields_and_nouns_with_their_filters(self):
        self.offers(["send", "volunteer.reg"], "volunteer.registered", also=False)
        self.offers(["send", "volunteer.moved", "re"], "region=", also=False)
        self.offers(["list", "team", "leg"], "legal_status=", also=False)
        self.offers(["watch", "star.", ], "star.changed")
        self.offers(["watch", "star.changed", "service.rec"], "service.recorded", also=False)

    def test_files(self):
        with tempfile.TemporaryDirectory() as folder:
            open(os.path.join(folder, "rule.lua"), "w").close()
            self.assertEqual(bash("volunteerctl", "policy", "check", folder + "/ru"), [folder + "/rule.lua"])
            self.assertEqual(bash("volunteerctl", "report", "ranking", "-o", folder + "/ru"), [folder + "/rule.lua"])
            self.assertIn("--by", bash("volunteerctl", "report", "ranking", "-o", "x.csv", "--b"))

    def test_scripts_are_what_the_program_prints(self):
        for shell, name in (("bash", "volunteerctl"), ("zsh", "_volunteerctl")):
            run = subprocess.run([str(CONTROL), "completion", shell], capture_output=True, text=True)
            self.assertEqual((FOLDER / name).read_text(), run.stdout)
            if shutil.which(shell):
                subprocess.run([shell, "-n", FOLDER / name], check=True)


if __name__ == "__main__":
    unittest.main()
