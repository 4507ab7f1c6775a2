"""The bus as a C program meets it that knows libzmq and nothing of ours."""

import json
import subprocess
import unittest

from harness import PROGRAMS, CityTest, service

CLIENT = PROGRAMS.parent / "tests" / "foreign_client"


class ForeignClient(CityTest):
    def publish(self, bodies):
        run = subprocess.run([CLIENT, self.city.endpoint("ingest")], input="\n".join(bodies) + "\n", capture_output=True,
                             text=True, timeout=120)
        self.assertEqual(run.returncode, 0, run.stderr)
        answers = dict(line.split(" ", 1) for line in run.stdout.splitlines())
        self.assertEqual(len(answers), len(bodies))
        return [json.loads(answers[f"body-{n}"]) for n in range(len(bodies))]

    def test_it_pipelines_with_its_own_correlation_frames(self):
        bodies = [json.dumps([service(f"c{n}-{i}", "v1", starts=f"2023-03-{1 + n:02d}T{8 + i:02d}:00:00+08:00",
                                      ends=f"2023-03-{1 + n:02d}T{8 + i:02d}:30:00+08:00") for i in range(4)])
                  for n in range(25)]
        first, second = self.publish(bodies), self.publish(bodies)
        for before, after in zip(first, second):
            self.assertEqual([r["status"] for r in before["results"]], ["stored"] * 4)
            self.assertEqual([r["status"] for r in after["results"]], ["duplicate"] * 4)
            for one, other in zip(before["results"], after["results"]):
                self.assertEqual((one["sequence"], one["decisions"]), (other["sequence"], other["decisions"]))
        self.assertEqual(self.city.query("volunteer.get", volunteer="v1")["minutes"], 100 * 30)

    def test_what_is_not_json_gets_an_error_in_its_place(self):
        good = json.dumps(service("c-good", "v2"))
        answers = self.publish(["{", good, "[]x"])
        self.assertEqual(answers[0]["error"]["code"], "malformed_json")
        self.assertEqual(answers[1]["results"][0]["status"], "stored")
        self.assertEqual(answers[2]["error"]["code"], "malformed_json")


if __name__ == "__main__":
    unittest.main()
