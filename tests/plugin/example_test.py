"""The example is built out of tree with nothing but what is installed, in each way that its README names, and works: under
the real daemon it publishes, answers, counts, and goes on after a kill -9 as if nothing had been."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system"))

from harness import COMMUNITY, PROGRAMS, Daemon, QueryError, city_events, event, eventually  # noqa: E402

BUILD = PROGRAMS.parent
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fvisibility=hidden", "-fPIC", "-shared"]
SANITIZE = {"asan": ["-fsanitize=address,undefined"], "tsan": ["-fsanitize=thread"]}.get(os.environ.get("VOLUNTEERD_PRESET"), [])

# A plugin in C++: only what C++20 has without extensions.
IN_CPP = """
#include <volunteerd/volunteer_plugin.h>
static int start(struct vol_core *core, void **ret_self) {
    *ret_self = core;
    vol_log(core, VOL_INFO, vol_json(core, "{s:s}", "folder", core->folder));
    return 0;
}
static const struct vol_option options[] = {
    {.name = "greeting", .kind = VOL_OPTION_TEXT, .text = "hello", .help = "what is said"}, {.name = nullptr}};
VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI, .name = "cplusplus", .version = "1", .summary = "In C++.", .options = options, .start = start};
"""


def run(*command, **more):
    """A command that must succeed; what it printed."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


class Kit:
    """What an author has: the installed files under a prefix, and a copy of the installed example somewhere else."""

    def __init__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="vd-")
        self.folder = pathlib.Path(self.temporary.name)
        self.prefix = self.folder / "prefix"
        run("cmake", "--install", BUILD, "--component", "development", "--prefix", self.prefix)
        self.source = self.folder / "mine"
        shutil.copytree(self.prefix / "share" / "doc" / "volunteerd" / "examples" / "example", self.source)

    def flags(self):
        pc = next(self.prefix.rglob("volunteer_plugin.pc")).parent
        return run("pkg-config", "--cflags", "--libs", "volunteer_plugin", env={**os.environ, "PKG_CONFIG_PATH": str(pc)}).split()

    def compile(self, *arguments, compiler="gcc", standard="-std=c11"):
        """With pkg-config and the compiler alone."""
        run(compiler, standard, *STRICT, *SANITIZE, *arguments, *self.flags())

    def build_with_cmake(self):
        """With the CMake package; where the plugin was installed."""
        build, target = self.folder / "build", self.folder / "installed"
        run("cmake", "-S", self.source, "-B", build, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={self.prefix}",
            f"-DCMAKE_C_FLAGS={' '.join(SANITIZE)}")
        run("cmake", "--build", build)
        run("cmake", "--install", build, "--prefix", target)
        return next(target.rglob("example.so"))

    def close(self):
        self.temporary.cleanup()


def inspect(file, name):
    """What the file declares, as the daemon reads it."""
    answer = run(PROGRAMS / "volunteerd-plugin", "--inspect", file, input=json.dumps({"name": name, "folder": "/", "settings": []}))
    return json.loads(answer)


class Building(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.kit = Kit()
        cls.addClassCleanup(cls.kit.close)

    def test_plain_gcc_and_pkg_config_are_enough(self):
        file = self.kit.folder / "example.so"
        self.kit.compile(self.kit.source / "example.c", "-o", file)
        self.assertEqual(inspect(file, "example")["declaration"]["source"], "/plugins/example")

    def test_the_cmake_package_is_enough(self):
        file = self.kit.build_with_cmake()
        self.assertEqual(file.parent.parts[-2:], ("volunteerd", "plugins"))
        self.assertEqual(inspect(file, "example")["declaration"]["wants"], ["volunteer.registered", "volunteer.withdrawn"])

    def test_the_packages_have_the_version_of_the_abi(self):
        header = next(self.kit.prefix.rglob("volunteer_plugin.h")).read_text()
        abi = ".".join(re.search(rf"#define VOL_ABI_{part} (\d+)", header)[1] for part in ("MAJOR", "MINOR"))
        pc = next(self.kit.prefix.rglob("volunteer_plugin.pc")).parent
        version = run("pkg-config", "--modversion", "volunteer_plugin", env={**os.environ, "PKG_CONFIG_PATH": str(pc)})
        self.assertEqual(version.strip(), abi)
        self.assertIn(f'set(PACKAGE_VERSION "{abi}")', next(self.kit.prefix.rglob("VolunteerPluginConfigVersion.cmake")).read_text())

    def test_a_plugin_may_be_written_in_cpp(self):
        source, file = self.kit.folder / "cplusplus.cc", self.kit.folder / "cplusplus.so"
        source.write_text(IN_CPP)
        # What is not named in an initialiser is zero: that is meant, and -Wextra of C++ says it all the same.
        self.kit.compile(source, "-o", file, "-Wno-missing-field-initializers", compiler="g++", standard="-std=c++20")
        self.assertEqual(inspect(file, "cplusplus")["settings"], {"greeting": "hello"})

    def test_its_readme_says_how_it_is_built(self):
        source = self.kit.folder / "as_told"
        shutil.copytree(self.kit.source, source)
        (told,) = re.findall(r"```\n(cmake.*?)```", (source / "README.md").read_text(), re.S)
        pc = next(self.kit.prefix.rglob("volunteer_plugin.pc")).parent
        run("sh", "-ec", told, cwd=source, env={**os.environ, "PKG_CONFIG_PATH": str(pc), "CMAKE_PREFIX_PATH": str(self.kit.prefix)})
        for file in ("example.so", "build/example.so"):
            self.assertTrue((source / file).is_file(), file)

    def test_the_header_stands_alone_under_every_warning(self):
        source = self.kit.folder / "header.c"
        source.write_text("#include <volunteerd/volunteer_plugin.h>\nextern int used;\nint used;\n")
        more = ["-fsyntax-only", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wcast-qual", "-Wundef", "-Wvla"]
        for standard in ("-std=c11", "-std=c17"):
            self.kit.compile(source, *more, "-Wstrict-prototypes", "-Wmissing-prototypes", standard=standard)
        for standard in ("-std=c++11", "-std=c++20"):
            self.kit.compile(source, *more, "-x", "c++", compiler="g++", standard=standard)


class Running(unittest.TestCase):
    """The example, as an author built it, under the real daemon."""

    @classmethod
    def setUpClass(cls):
        cls.kit = Kit()
        cls.addClassCleanup(cls.kit.close)
        cls.plugins = cls.kit.folder / "plugins"
        cls.plugins.mkdir()
        cls.kit.compile(cls.kit.source / "example.c", "-o", cls.plugins / "example.so")
        folder = cls.kit.folder / "d"
        folder.mkdir()
        cls.city = Daemon(folder, {"plugin_dir": str(cls.plugins), "plugins": [{"name": "example", "system": "tianshui_bus"}]})
        cls.addClassCleanup(cls.city.close)
        cls.city.start()
        cls.city.publish(city_events())
        eventually(lambda: cls.plugin()["state"] == "running", "the plugin to run")

    @classmethod
    def plugin(cls):
        return cls.city.query("plugin.get", plugin="example")

    def register(self, *names):
        answer = self.city.publish([event("volunteer.registered", {"volunteer": name, "region": COMMUNITY}) for name in names])
        self.assertEqual({result["status"] for result in answer["results"]}, {"stored"}, answer)
        return {name: f"{result['sequence']:010}" for name, result in zip(names, answer["results"])}

    def links(self, name):
        return [(link["system"], link["external"]) for link in self.city.query("volunteer.get", volunteer=name)["links"]]

    def wait_for(self, cards):
        """Until each has exactly the one card that follows from the registration."""
        for name, number in cards.items():
            eventually(lambda: self.links(name), f"a card for {name}")
            self.assertEqual(self.links(name), [("tianshui_bus", number)])

    def test_whoever_registers_gets_one_card_and_it_is_counted(self):
        before = self.plugin()["counters"]["given"]
        cards = self.register("kit:1", "kit:2", "kit:3")
        self.wait_for(cards)
        eventually(lambda: self.plugin()["counters"]["given"] >= before + 3, "the counter to say it")
        eventually(lambda: self.plugin()["counters"]["last_event"] >= int(cards["kit:3"]), "it to have seen the last of them")
        linked = next(e for e in self.city.query("journal.read", after=int(cards["kit:1"]), limit=1000)["events"]
                      if e["id"] == f"card-{cards['kit:1']}")
        self.assertEqual(linked["source"], "/plugins/example")

    def test_it_answers_who_has_which_card(self):
        cards = self.register("kit:asks")
        self.wait_for(cards)
        answer = self.city.query("example.card", volunteer="kit:asks")
        self.assertEqual((answer["volunteer"], answer["card"]), ("kit:asks", cards["kit:asks"]))
        for params, code in (({}, "missing_field"), ({"volunteer": "kit:nobody"}, "unknown_volunteer")):
            with self.assertRaises(QueryError) as refused:
                self.city.query("example.card", **params)
            self.assertEqual(refused.exception.data["code"], code)

    def runs_again(self, pid):
        plugin = self.plugin()
        return plugin["state"] == "running" and plugin["pid"] != pid

    def test_a_kill_9_at_any_moment_loses_and_doubles_nothing(self):
        cards = {}
        for i in range(3):
            pid = self.plugin()["pid"]
            cards |= self.register(*[f"kit:killed-{i}-{k}" for k in range(200)])
            os.kill(pid, signal.SIGKILL)  # some are published by now and others are not
            eventually(lambda: self.runs_again(pid), "it to run again")
        last = max(cards, key=cards.get)
        eventually(lambda: self.links(last), "the last card")
        self.wait_for(cards)

    def test_it_goes_on_after_the_daemon_was_killed_and_is_not_behind(self):
        cards = self.register(*[f"kit:daemon-{k}" for k in range(150)])
        self.city.kill()
        self.city.start()
        self.wait_for(cards)
        eventually(lambda: self.plugin()["state"] == "running" and self.plugin()["behind"] == 0, "it to be where the journal is")
        self.city.stop()
        self.city.start()  # nothing comes: it is no further behind for that
        eventually(lambda: self.plugin()["state"] == "running", "it to run again")
        eventually(lambda: self.plugin()["behind"] == 0, "it to say that it is not behind")

    def test_a_wrong_option_is_named_before_anything_runs(self):
        folder = self.kit.folder / "wrong"
        folder.mkdir()
        wrong = Daemon(folder, {"plugin_dir": str(self.plugins),
                                "plugins": [{"name": "example", "system": "bus card", "report_s": 0, "gretting": "x"}]})
        checked = subprocess.run([str(PROGRAMS / "volunteerd"), "--config", str(wrong.config_path), "--check"], capture_output=True, text=True)
        self.assertNotEqual(checked.returncode, 0)
        said = checked.stdout + checked.stderr
        self.assertIn("gretting", said)
        self.assertIn("report_s", said)
        self.assertIn("86400", said)
        self.assertRegex(said, r"volunteerd\.conf:\d+")


if __name__ == "__main__":
    unittest.main()
