"""Whatever the platform does wrong, the plugin recruitment says what it is, tries again with growing pauses, and ends with what
there is: nothing lost, nothing doubled."""

import unittest

import recruiting
from recruiting import ours


class Faults(recruiting.RecruitingTest):
    people = 20
    options = {"timeout_s": 1, "page_limit": 7, "poll_ms": 100}

    def setUp(self):
        self.platform.ask("clear_faults")
        self.all.settled()

    def survives(self, kind, path="/v1/registrations", said=None, times=2, **what):
        """A person comes while this goes wrong. The plugin's own word for it is looked for where `said` is given."""
        number = next(self.city.serials) + 700
        id = f"R9{number:06d}"
        self.platform.fault(kind, path, times=times, **what)
        self.add_person(id, number)
        if said:
            self.wait(lambda: any(word in (self.all.status()["last_error"] or "") for word in said), f"one of {said} to be said")
        self.wait(lambda: self.has("volunteer", ours(id)), f"the person in spite of {kind}")
        self.wait(lambda: self.platform.ask("faults")["left"] == 0, f"{kind} to be over")
        self.all.settled()
        self.assertEqual(sum(data["volunteer"] == ours(id) for data in self.all.told("volunteer.registered")), 1)
        self.assertEqual(self.all.process()["restarts"], 0)

    def test_an_error_of_the_platform(self):
        self.survives("failure", times=4, said=["500"])

    def test_a_connection_that_is_cut_before_and_within_the_answer(self):
        self.survives("cut")
        self.survives("cut_body")

    def test_a_platform_that_does_not_answer_in_time(self):
        self.survives("slow", seconds=1.5, times=1)

    def test_pages_that_come_again_and_items_in_another_order(self):
        self.survives("repeat")
        self.survives("reorder")
        self.assertEqual(self.all.conflicts(), [])

    def test_answers_that_are_no_pages(self):
        for kind in ("garbage", "html", "huge"):
            self.survives(kind, times=1)
        self.survives("page_without", member="items", times=4, said=["items"])
        self.survives("page_without", member="next")

    def test_a_changed_schema_is_a_conflict_that_names_the_member(self):
        for kind, member, code in (("missing", "realName", "missing_field"), ("wrong_type", "gender", "wrong_type")):
            number = next(self.city.serials) + 700
            id = f"R9{number:06d}"
            self.platform.fault(kind, "/v1/registrations", member=member)
            self.add_person(id, number)
            # The fault may have met an empty page: then nothing was wrong with the person.
            found = self.wait(lambda id=id: [one for one in self.all.conflicts() if one["external"] == id]
                              or self.has("volunteer", ours(id)), "the person, or a conflict")
            if isinstance(found, list):
                self.assertEqual((found[0]["code"], found[0]["field"]), (code, f"data.{member}"))
                self.platform.put("registrations", id, merge={"mobile": "19900000001"})
                self.wait(lambda id=id: self.has("volunteer", ours(id)), "the person")
        self.survives("extra", member="bloodType")
        self.all.settled()

    def test_a_token_that_is_refused_is_said_with_what_to_do(self):
        self.survives("unauthorised", times=4, said=["token"])
        self.survives("forbidden", times=4, said=["403", "token"])

    def test_retry_after_is_respected(self):
        self.platform.fault("too_many", "/v1/registrations", retry_after=1)
        self.wait(lambda: self.platform.ask("faults")["left"] == 0, "the 429")
        self.all.settled()
        requests = [one for one in self.platform.ask("requests", prefix="/v1/registrations")["requests"]]
        at = max(place for place, one in enumerate(requests) if one["fault"] == "too_many")
        self.assertGreaterEqual(requests[at + 1]["at"] - requests[at]["at"], 1.0)

    def test_pauses_grow_while_it_fails(self):
        self.platform.fault("failure", "/v1/teams", times=6)
        self.wait(lambda: self.platform.ask("faults")["left"] == 0, "six failures")
        self.all.settled()
        requests = [one for one in self.platform.ask("requests", prefix="/v1/teams")["requests"]]
        failed = [one["at"] for one in requests if one["fault"] == "failure"][-6:]
        pauses = [after - before for before, after in zip(failed, failed[1:])]
        self.assertGreater(sum(pauses[3:]), 2 * sum(pauses[:2]), pauses)

    def test_a_platform_that_is_away_for_a_while(self):
        self.platform.stop()
        self.wait(lambda: self.all.status()["last_error"], "it to be said")
        self.platform.start()
        self.all.settled()


class WrongName(unittest.TestCase):
    def test_a_certificate_with_another_name_or_of_another_authority_is_refused_and_said(self):
        with recruiting.tempfile.TemporaryDirectory(prefix="vr-") as folder:
            everything = recruiting.Recruiting(folder, people=5)
            self.addCleanup(everything.close)
            everything.options["url"] = everything.platform.wrong_url
            everything.daemon.write_config()
            everything.start()
            said = recruiting.eventually(lambda: everything.status()["last_error"], "the name to be wrong")
            self.assertRegex(said, "(?i)certificate|TLS|name|证书")
            self.assertEqual(everything.status()["resources"]["registrations"]["pulled"], 0)
            self.assertEqual(everything.platform.ask("requests")["requests"], [])


if __name__ == "__main__":
    unittest.main()
