"""Row 63: 注册管理、培训、招募、服务记录、激励回馈、星级评定 — the six mechanisms in one life: somebody registers, trains, enrols,
serves, is corrected, earns, redeems, rises, moves and leaves. Under the shipped rules, by the events' clock."""
import unittest

import mission  # noqa: F401
from eligibility_test import PeopleTest
from harness import COMMUNITY, COUNTY, identity_number
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, decisions

WANG = "v:wang"


class AVolunteersLife(PeopleTest):
    def setUp(self):
        self.city = self.start_dated_city(self.addCleanup, self.config)
        self.city.on("2018-01-02")
        self.city.define_basics()

    # ---- what is looked at ----

    def page(self):
        return self.ask("volunteer.get", volunteer=WANG)

    def points(self):
        return {account["account"]: account["balance"] for account in self.page()["points"]}.get("points", 0)

    def people_of(self, region):
        return self.ask("region.get", region=region)["counters"]["volunteers"]

    # ---- what happens on a day ----

    def serve(self, activity, day, starts, ends, method="qr"):
        """Announced, enrolled for, come to and gone from; the derived record's number, or None."""
        self.city.on(day)
        self.stored("attendance.checked_in", f"{day}T{starts}:00+08:00", activity=activity, volunteer=WANG,
                    at=f"{day}T{starts}:00+08:00", method=method)
        result = self.stored("attendance.checked_out", f"{day}T{ends}:00+08:00", activity=activity, volunteer=WANG,
                             at=f"{day}T{ends}:00+08:00", method=method)
        return decisions(result, "service.derived")[0]["record"], result

    def test_from_registration_to_leaving(self):
        # 注册管理: registered once, and once only.
        registered = self.people_of(COUNTY)
        identity = {"name": "无名", "document_kind": "resident_id", "number": identity_number(77, born="19900512")}
        self.stored("volunteer.registered", volunteer=WANG, region=COMMUNITY, identity=identity)
        self.assertEqual((self.page()["state"], self.page()["born"]), ("registered", "1990-05"))
        self.refused("identity_known", "data.identity.number", "volunteer.registered", volunteer="v:again", region=COMMUNITY,
                     identity=identity)
        self.assertEqual(self.people_of(COUNTY), registered + 1)

        # Ninety-five hours on the city's former platform are carried over, kept apart from what is served here.
        self.stored("service.carried_over", record="c:1", volunteer=WANG, minutes=95 * 60, **{"from": "2016-01-01"},
                    to="2017-12-31", organisation="org:1", evidence="旧平台导出")
        self.assertEqual((self.page()["minutes"], self.page()["stars"]), (0, 0))

        # 培训 and 招募: without the course nobody comes to the river; with it, one does.
        self.city.on("2018-02-01")
        self.stored("course.defined", course="first_aid", title="水上急救", topic="skill", minutes=120, valid_months=12)
        for name, day in (("a:1", "2018-03-05"), ("a:2", "2018-04-05")):
            self.activity(name, day=day, starts=9, ends=12, needs={"courses": ["first_aid"]})
        outcome, why = self.enrol(WANG, "a:1")
        self.assertEqual((outcome, why), ("refused", ["training_missing"]))
        self.stored("training.completed", training="t:1", volunteer=WANG, course="first_aid", minutes=120, passed=True,
                    on="2018-02-01")
        self.assertEqual(self.enrol(WANG, "a:1")[0], "accepted")
        self.assertEqual(self.enrol(WANG, "a:2")[0], "accepted")

        # 服务记录: in at nine, out at twelve, and there are three hours: nobody types them.
        first, result = self.serve("a:1", "2018-03-05", "09:00", "12:00")
        self.assertEqual(decisions(result, "service.decided")[0]["outcome"], "accepted")
        self.assertEqual((self.page()["minutes"], self.page()["stars"]), (180, 0))
        self.assertEqual(self.points(), 300)

        # 星级评定: with the next three hours a hundred are reached, and more.
        second, result = self.serve("a:2", "2018-04-05", "09:00", "12:00")
        (star,) = decisions(result, "star.changed")
        self.assertEqual((star["from"], star["to"]), (0, 1))
        self.assertEqual((self.page()["stars"], self.points()), (1, 600))

        # Corrected: two hours of the first day were a pause. The star goes with them, and the points.
        self.city.on("2018-04-10")
        self.stored("service.corrected", record=first, minutes=60, reason="中途休息", by="clerk:2")
        self.assertEqual((self.page()["minutes"], self.page()["stars"], self.points()), (240, 0, 400))
        # A day at a window brings both back.
        self.activity("a:3", day="2018-05-04", starts=9, ends=11)
        self.assertEqual(self.enrol(WANG, "a:3")[0], "accepted")
        self.serve("a:3", "2018-05-04", "09:00", "11:00")
        self.assertEqual((self.page()["stars"], self.points()), (1, 600))

        # 激励回馈: what was earned is spent, once.
        self.stored("reward.offered", reward="rw:rice", title="大米五千克", account="points", cost=500, stock=3, min_stars=1)
        redeemed = self.stored("reward.redeemed", redemption="rd:1", volunteer=WANG, reward="rw:rice", quantity=1)
        self.assertEqual(decisions(redeemed, "redemption.decided")[0]["outcome"], "accepted")
        self.assertEqual(self.points(), 100)
        self.refused("insufficient_points", "data.volunteer", "reward.redeemed", redemption="rd:2", volunteer=WANG, reward="rw:rice",
                     quantity=1)
        self.stored("reward.settled", redemption="rd:1", by="clerk:3")

        # Moves to the other district: history goes along, and both places count right.
        counts = self.people_of(COUNTY), self.people_of(OTHER_COUNTY)
        self.city.on("2018-06-01")
        self.stored("volunteer.moved", volunteer=WANG, region=OTHER_COMMUNITY)
        self.assertEqual((self.people_of(COUNTY), self.people_of(OTHER_COUNTY)), (counts[0] - 1, counts[1] + 1))
        self.assertEqual((self.page()["stars"], self.page()["minutes"], self.points()), (1, 360, 100))

        # Leaves: nothing more is counted, nothing that was is lost.
        self.city.on("2018-07-01")
        self.stored("volunteer.withdrawn", volunteer=WANG, reason="迁居外地")
        self.assertEqual(self.page()["state"], "withdrawn")
        self.assertEqual(self.people_of(OTHER_COUNTY), counts[1])
        self.refused("wrong_state", "data.volunteer", "enrolment.requested", activity="a:3", volunteer=WANG, by="self")
        self.assertEqual(self.ask("record.get", record=second)["state"], "accepted")
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
