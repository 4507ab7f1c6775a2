"""A scenario that reads what the city's clerks read: reports as rows by their columns, and what volunteerctl prints in Chinese."""

import os
import subprocess

import mission  # noqa: F401
from harness import CONTROL, PATIENCE, event
from small_city import CITY, QueryTest


def run_clerk(daemon, *arguments, expect=0):
    """What volunteerctl prints in Chinese; where it is refused, what it says of that."""
    result = subprocess.run([str(CONTROL), *arguments, "--runtime", str(daemon.runtime)], capture_output=True, text=True,
                            timeout=PATIENCE, env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "zh_CN"}, check=False)
    assert result.returncode == expect, (arguments, result.stdout, result.stderr)
    return result.stdout if expect == 0 else result.stderr


class PaperCity(QueryTest):
    """What is told to `self.city`, a dated one that the class or set-up makes, and what is read of it."""

    # ---- what people tell ----

    def stored(self, type_name, **data):
        return self.city.send(type_name, data)

    def refused(self, code, field, type_name, **data):
        result = self.city.daemon.publish_one(event(type_name, data, time=f"{self.city.day}T12:00:00+08:00"))
        self.assertEqual((result["status"], result.get("code"), result.get("field")), ("rejected", code, field), result)
        return result["message"]

    def hold_activity(self, name, day, region, hours=2, **more):
        """Published on the city's day for a later one."""
        self.city.publish_activity(name, region, starts=f"{day}T09:00:00+08:00", ends=f"{day}T{9 + hours:02}:00:00+08:00", **more)

    def serve_on(self, record, volunteer, day, organisation, hours=2, **more):
        """Recorded on that day, in the evening of it."""
        self.city.on(day)
        return self.stored("service.recorded", record=record, volunteer=volunteer, organisation=organisation,
                           starts=f"{day}T08:00:00+08:00", ends=f"{day}T{8 + hours:02}:00:00+08:00", method="code",
                           recorder="clerk:1", **more)

    # ---- what they see ----

    def report(self, name, **params):
        return self.ask(f"report.{name}", **params)["document"]

    def table(self, document, title):
        """Rows of a section as dicts by the names of their columns, and the total."""
        (section,) = [section for section in document["sections"] if section["title"] == title]
        names = [column["name"] for column in section["columns"]]
        for row in section["rows"]:
            self.assertEqual(len(row), len(names), row)
        return [dict(zip(names, row)) for row in section["rows"]], dict(zip(names, section.get("total") or []))

    def by_name(self, document, title):
        return {row["name"]: row for row in self.table(document, title)[0]}

    def clerk(self, *arguments, expect=0):
        return run_clerk(self.city.daemon, *arguments, expect=expect)

    def assert_replay_agrees(self):
        job = self.city.daemon.run_job("journal.replay")
        self.assertIs(job["result"]["identical"], True, job)


class PaperScenario(PaperCity):
    """A dated city with its regions, `self.city`; days go forward by self.city.on(DAY)."""

    day = "2018-03-01"

    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup)
        self.city.on(self.day)
        self.city.define_regions()


__all__ = ["CITY", "PaperCity", "PaperScenario", "run_clerk"]
