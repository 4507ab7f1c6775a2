"""13: 人人可为,处处可为 (the registration). Whoever lives here registers: with a card of 1985, with a passport, through a team, as a
pupil with a mother's word; and nobody twice."""
import unittest

import mission  # noqa: F401
from eligibility_test import PeopleTest
from harness import COMMUNITY
from volunteerctl_test import control


class Everyone(PeopleTest):
    def send(self, *fields, kind="volunteer.registered", code=0):
        run = control(self.city.daemon.runtime, "send", kind, "--at", "2018-08-01", *fields, language="zh_CN.UTF-8")
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def person(self, name, number, *more, kind="resident_id", code=0):
        return self.send(f"volunteer={name}", f"region={COMMUNITY}", "identity.name=无名", f"identity.document_kind={kind}",
                         f"identity.number={number}", *more, code=code)

    def state(self, name):
        shown = self.ask("volunteer.get", volunteer=name)
        return shown["state"], shown["born"], shown.get("sex")

    def test_whoever_lives_here_may_register_and_nobody_twice(self):
        # An old lady with the card of fifteen digits: nobody asks her for her birthday.
        self.person("w:old", "620599491231002")
        self.assertEqual(self.state("w:old"), ("registered", "1949-12", "female"))
        # A teacher from abroad, by passport; born must be said, because the document does not.
        self.person("w:abroad", "P1234567", "born=1985-06", kind="passport")
        self.assertEqual(self.state("w:abroad")[0], "registered")
        # A worker, through the unit that registers its people.
        self.person("w:worker", "P7654321", "born=1990-06", "registered_by=org:1", "employer=org:1", kind="passport")
        self.assertEqual(self.ask("volunteer.get", volunteer="w:worker")["registered_by"], "org:1")
        # A pupil of fifteen waits until the mother has agreed.
        self.person("w:pupil", "P1111111", "born=2003-01", kind="passport")
        self.assertEqual(self.state("w:pupil")[0], "held")
        self.send("volunteer=w:pupil", "changes.guardian_consent.by=母亲", "changes.guardian_consent.on=2018-08-01", kind="volunteer.updated")
        self.assertEqual(self.state("w:pupil")[0], "registered")
        # The old lady again, with her new card, at another desk: she hears where she is registered, the desk does not hear her id.
        self.stored("team.formed", team="t:1", name="夕阳红队", category="elderly", region=COMMUNITY, legal_status="grassroots")
        self.stored("team.joined", team="t:1", volunteer="w:old")
        said = self.person("w:again", "62059919491231002" + check("62059919491231002"), code=1)
        self.assertIn("夕阳红队", said)
        self.assertNotIn("w:old", said)


def check(body):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, weights)) % 11]


if __name__ == "__main__":
    unittest.main()
