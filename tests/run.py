"""Runs every suite and counts every test: the C programs of tests/unit, the Python files of tests/system,
tests/plugin, tests/fault and tests/simulation, the targets of tests/fuzz, tools/quickstart, luacheck and shellcheck. Ends with
one line: N passed, M failed.

A suite is one process. What it says is shown only where something failed; a suite that dies without a
count, or does not end in time, is a failure of its own."""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TIME_LIMIT_S = 300


class Suite:
    def __init__(self, name, command, environment=None):
        self.name = name
        self.command = [str(part) for part in command]
        self.environment = environment or {}


class Result:
    def __init__(self, suite, passed, failed, seconds, output):
        self.suite, self.passed, self.failed = suite, passed, failed
        self.seconds, self.output = seconds, output


def environment_of(preset):
    """What the programs of a preset are run with: any finding of a sanitizer is a failed exit."""
    return {
        "VOLUNTEERD_BIN": str(ROOT / "build" / preset / "bin"),
        "VOLUNTEERD_PRESET": preset,
        "CMOCKA_MESSAGE_OUTPUT": "STDOUT",
        "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:exitcode=99",
        "LSAN_OPTIONS": f"suppressions={ROOT}/tests/lsan.supp:print_suppressions=0",
        "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1:exitcode=99",
        "TSAN_OPTIONS": f"suppressions={ROOT}/tests/tsan.supp:exitcode=99",
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def fuzz_suites(preset):
    """The kept inputs; in the preset `fuzz` also new ones, the same each time, for a few seconds."""
    for source in sorted((ROOT / "tests" / "fuzz").glob("*_fuzz.c")):
        target = source.stem.removesuffix("_fuzz")
        if preset == "fuzz":
            yield Suite(f"fuzz/{target}", [sys.executable, "-B", ROOT / "tests" / "fuzz" / "run", target, "--no-build",
                                           "--forget", "--seconds", "3", "--seed", "1"])
        else:
            yield Suite(f"{preset}/fuzz/{target}", [ROOT / "build" / preset / "tests" / "fuzz" / source.stem,
                                                    ROOT / "tests" / "fuzz" / "corpus" / target], environment_of(preset))


def suites_of(preset):
    yield from fuzz_suites(preset)
    if preset == "fuzz":
        return
    environment = environment_of(preset)
    for program in sorted((ROOT / "build" / preset / "tests").glob("*_test")):
        yield Suite(f"{preset}/unit/{program.name}", [program], environment)
    for folder in ("system", "system/mission", "plugin", "fault", "simulation"):
        for file in sorted((ROOT / "tests" / folder).glob("*_test.py")):
            yield Suite(f"{preset}/{folder}/{file.stem}", [sys.executable, "-B", file, "-v"], environment)


def common_suites():
    """What does not depend on a preset."""
    yield Suite("quickstart", [sys.executable, "-B", ROOT / "tests" / "quickstart_test.py", "-v"])
    yield Suite("lint/lua", ["luacheck", "--quiet", "--codes", ROOT / "scripts"])
    shell = [ROOT / "tools" / name for name in ("quickstart", "quickstart_plugins.sh", "test", "simulate", "setup.sh",
                                               "volunteerctl/po/update", "volunteerctl/po/extract")]
    yield Suite("lint/shell", ["shellcheck", "-x", "-P", ROOT, ROOT / ".ci" / "run", *[p for p in shell if p.is_file()]])


def count(output, code):
    """(passed, failed) as the suite's own runner says, else by its exit code."""
    ran = re.findall(r"^Ran (\d+) tests?", output, re.M)
    if ran:
        total = int(ran[-1])
        bad = sum(int(n) for n in re.findall(r"(?:failures|errors|unexpected successes)=(\d+)", output))
        skipped = sum(int(n) for n in re.findall(r"skipped=(\d+)", output))
        # A file that is skipped as a whole has run nothing and skipped one.
        return max(total - bad - skipped, 0), max(bad, 1 if code else 0)
    passed = sum(int(n) for n in re.findall(r"^\[  PASSED  \] (\d+) test", output, re.M))
    failed = sum(int(n) for n in re.findall(r"^\[  FAILED  \] (?:[^:\n]*: )?(\d+) test", output, re.M))
    if passed or failed:
        return passed, max(failed, 1 if code else 0)
    return (0, 1) if code else (1, 0)


def run(suite):
    started = time.monotonic()
    process = subprocess.Popen(
        suite.command, cwd=ROOT, env={**os.environ, **suite.environment}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        output, _ = process.communicate(timeout=TIME_LIMIT_S)
        text = output.decode(errors="replace")
        passed, failed = count(text, process.returncode)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        output, _ = process.communicate()
        text = output.decode(errors="replace") + f"\nnot over after {TIME_LIMIT_S} s\n"
        passed, failed = 0, 1
    return Result(suite, passed, failed, time.monotonic() - started, text)


def show(result):
    word = "ok" if result.failed == 0 else "FAILED"
    print(f"{result.suite.name:44} {result.passed:5} passed {result.failed:3} failed {result.seconds:7.1f} s  {word}",
          flush=True)
    if result.failed:
        lines = result.output.splitlines()
        print("\n".join("    " + line for line in lines[-150:]), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--presets", nargs="+", default=["dev"])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() + 1)  # most of them wait now and then
    parser.add_argument("only", nargs="*", help="parts of suite names")
    arguments = parser.parse_args()
    for preset in arguments.presets:
        if not (ROOT / "build" / preset / "CMakeCache.txt").is_file():
            parser.error(f"there is no build/{preset}: tools/test builds it")
    suites = [suite for preset in arguments.presets for suite in suites_of(preset)] + list(common_suites())
    if arguments.only:
        suites = [suite for suite in suites if any(part in suite.name for part in arguments.only)]
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        results = []
        for future in concurrent.futures.as_completed([pool.submit(run, suite) for suite in suites]):
            results.append(future.result())
            show(results[-1])
    passed = sum(result.passed for result in results)
    failed = sum(result.failed for result in results) + (0 if results else 1)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
