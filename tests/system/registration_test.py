"""Who may register: numbers old and new, other documents, one person once, minors with their guardian's consent."""
import unittest

from eligibility_test import PeopleTest
from harness import COMMUNITY, identity_number
from small_city import decisions

OLD = "620599491231002"


def renewed(old):
    body = old[:6] + "19" + old[6:]
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(c) * w for c, w in zip(body, weights)) % 11]


def identity(number, kind="resident_id", **more):
    return {"name": "无名", "document_kind": kind, "number": number, **more}


class Documents(PeopleTest):
    def register(self, name, number, kind="resident_id", **more):
        return self.stored("volunteer.registered", volunteer=name, region=COMMUNITY, identity=identity(number, kind), **more)

    def known(self, number, kind="resident_id", field="data.identity.number"):
        return self.refused("identity_known", field, "volunteer.registered", volunteer="n:9", region=COMMUNITY, identity=identity(number, kind))

    def test_birth_and_sex_come_from_an_old_number_too(self):
        self.register("n:1", OLD)
        shown = self.ask("volunteer.get", volunteer="n:1")
        self.assertEqual((shown["born"], shown["sex"]), ("1949-12", "female"))
        self.assert_replay_agrees()

    def test_the_old_card_and_the_new_one_are_one_person(self):
        self.register("n:1", OLD)
        self.known(renewed(OLD))
        self.known(renewed(OLD).lower())

    def test_a_small_x_is_the_same_number(self):
        number = next(n for n in (identity_number(s, born="19910101") for s in range(500, 600)) if n.endswith("X"))
        self.register("n:1", number)
        self.known(number.lower())

    def test_other_documents_say_no_birth_and_are_told_apart_by_kind(self):
        self.register("n:1", "H1234567", "hk_macao_permit", born="1980-02")
        self.known("h1234567", "hk_macao_permit")
        self.register("n:2", "H1234567", "passport", born="1980-02")
        result = self.register("n:3", "T7654321", "taiwan_permit")
        self.assertEqual(decisions(result, "registration.decided")[0]["outcome"], "held")

    def test_a_number_that_is_none_is_refused(self):
        for number in ("620599490229002", "62059949123100", "6205994912310021", "620599194912310020", "x" * 15):
            with self.subTest(number):
                self.refused("bad_identity_number", "data.identity.number", "volunteer.registered", volunteer="n:1", region=COMMUNITY,
                             identity=identity(number))

    def test_born_that_differs_from_an_old_number_is_refused(self):
        self.refused("bad_identity_number", "data.born", "volunteer.registered", volunteer="n:1", region=COMMUNITY, born="1950-01",
                     identity=identity(OLD))


class OnePersonOnce(PeopleTest):
    def test_the_second_registration_hears_where_the_first_one_is_and_never_whose_it_is(self):
        number = identity_number(901, born="19800101")
        self.stored("volunteer.registered", volunteer="n:secret", region=COMMUNITY, registered_by="org:1",
                    identity={"name": "张秘密", "document_kind": "resident_id", "number": number})
        for team, name in (("t:1", "巡逻队"), ("t:2", "助老队"), ("t:3", "退出的队")):
            self.stored("team.formed", team=team, name=name, category="traffic", region=COMMUNITY, legal_status="filed")
            self.stored("team.joined", team=team, volunteer="n:secret")
        self.stored("team.left", team="t:3", volunteer="n:secret")
        result = self.refused("identity_known", "data.identity.number", "volunteer.registered", volunteer="n:2", region=COMMUNITY,
                              identity=identity(number))
        for told in ("巡逻队", "助老队", "天水市文明办"):
            self.assertIn(told, result["message"])
        for hidden in ("n:secret", "张秘密", number, "退出的队"):
            self.assertNotIn(hidden, str(result))

    def test_who_is_in_no_team_is_told_to_go_on_with_that_registration(self):
        number = identity_number(901, born="19800101")
        self.stored("volunteer.registered", volunteer="n:1", region=COMMUNITY, identity=identity(number))
        result = self.refused("identity_known", "data.changes.identity.number", "volunteer.updated", volunteer="v:1",
                              changes={"identity": identity(number)})
        self.assertIn("registered already", result["message"])

    def test_self_by_a_team_and_by_an_import(self):
        from harness import event
        events = [event("volunteer.registered", {"volunteer": f"n:{n}", "region": COMMUNITY, "registered_by": "org:1",
                                                 "identity": identity(identity_number(910 + n, born="19800101"))},
                        time="2018-08-01T12:00:00+08:00", batch="sheet-1") for n in range(3)]
        results = self.city.daemon.publish(events)["results"]
        self.assertEqual([result["status"] for result in results], ["stored"] * 3)
        self.assertEqual(self.ask("volunteer.get", volunteer="n:0")["registered_by"], "org:1")


class Minors(PeopleTest):
    def register(self, born, **more):
        name = f"m:{born}:{len(more)}"
        result = self.publish("volunteer.registered", volunteer=name, region=COMMUNITY, born=born, identity=identity("E" + born.replace("-", "") + str(len(more)), "passport"), **more)
        if result["status"] == "rejected":
            return result["code"], [finding["code"] for finding in result["findings"]]
        (decided,) = decisions(result, "registration.decided")
        return decided["outcome"], [finding["code"] for finding in decided.get("findings", [])]

    def test_under_eighteen_waits_for_the_guardians_consent(self):
        consent = {"guardian_consent": {"by": "母亲", "on": "2018-07-01"}}
        self.assertEqual(self.register("2000-06"), ("accepted", []))
        self.assertEqual(self.register("2000-08"), ("held", ["guardian_consent_missing"]))  # not before the month is over
        self.assertEqual(self.register("2004-01"), ("held", ["guardian_consent_missing"]))
        self.assertEqual(self.register("2004-01", **consent), ("accepted", []))
        self.assertEqual(self.register("2010-01", **consent), ("accepted", []))
        self.assertEqual(self.register("2016-01", **consent), ("policy_refused", ["too_young"]))

    def test_the_consent_that_comes_later_lets_the_child_in(self):
        self.assertEqual(self.register("2004-01")[0], "held")
        (decided,) = decisions(self.stored("volunteer.updated", volunteer="m:2004-01:0", changes={
            "guardian_consent": {"by": "父亲", "on": "2018-08-01"}}), "registration.decided")
        self.assertEqual(decided["outcome"], "accepted")


if __name__ == "__main__":
    unittest.main()
