"""健全注册培训机制，定期开展新理论、新知识、新技能培训: a plan, what is done of it, what ends soon, and what it opens."""

import unittest

import mission  # noqa: F401
from harness import event
from paper import PaperScenario
from small_city import CITY, COMMUNITY, COUNTY, OTHER_COMMUNITY, OTHER_COUNTY

COURSES = [("course:theory", "志愿服务理论", "theory", None), ("course:law", "志愿服务条例", "knowledge", None),
           ("course:aid", "急救", "skill", 12)]


class TrainingTest(PaperScenario):
    def setUp(self):
        super().setUp()
        for course, title, topic, months in COURSES:
            self.stored("course.defined", course=course, title=title, topic=topic, minutes=90,
                        **({"valid_months": months} if months else {}))
        self.city.register("v:1")
        self.city.register("v:2", OTHER_COMMUNITY)
        self.n = 0

    def train(self, volunteer, course, day, passed=True):
        self.n += 1
        self.city.on(day)
        return self.stored("training.completed", training=f"training:{self.n}", volunteer=volunteer, course=course, minutes=90,
                           passed=passed, on=day)

    def test_the_years_plan_stands_beside_what_was_done_of_it(self):
        self.stored("plan.set", plan="plan:2018", subject={"kind": "region", "id": CITY}, measure="trainings", target=4,
                    due="2018-12-31")
        self.train("v:1", "course:theory", "2018-03-05")
        self.train("v:1", "course:aid", "2018-04-05")
        self.train("v:2", "course:law", "2018-04-06")
        self.train("v:2", "course:aid", "2018-04-07", passed=False)
        rows, total = self.table(self.report("training"), "计划与完成")
        self.assertEqual([(row["region"], row["theory"], row["knowledge"], row["skill"]) for row in rows],
                         [(COUNTY, 1, 0, 1), (OTHER_COUNTY, 0, 1, 0)])
        self.assertEqual((total["passed"], total["target"], total["rate"], total["state"]), (3, 4, [3, 4], "not_met"))
        self.train("v:2", "course:aid", "2018-05-01")
        self.assertEqual(self.table(self.report("training"), "计划与完成")[1]["state"], "met")
        plan = self.ask("plan.get", plan="plan:2018")
        self.assertEqual((plan["value"], plan["reached"]), (4, True))
        topics, _ = self.table(self.report("training", by="topic"), "按内容")
        self.assertEqual([(row["topic"], row["passed"]) for row in topics], [("理论", 1), ("知识", 1), ("技能", 2)])
        self.assertEqual(self.table(self.report("training", as_of="2018-04-05"), "计划与完成")[1]["passed"], 2)
        self.assert_replay_agrees()

    def test_another_year_begins_with_nothing_done(self):
        self.stored("plan.set", plan="plan:2019", subject={"kind": "region", "id": CITY}, measure="trainings", target=1,
                    due="2019-12-31")
        self.train("v:1", "course:theory", "2018-03-05")
        self.assertIsNone(self.table(self.report("training"), "计划与完成")[1]["target"])
        self.city.on("2019-01-10").define_organisation("org:x", "新年")
        total = self.table(self.report("training"), "计划与完成")[1]
        self.assertEqual((total["passed"], total["target"]), (0, 1))
        self.assertFalse(self.ask("plan.get", plan="plan:2019")["reached"])
        self.assertEqual([row["ever"] for row in self.table(self.report("training"), "按内容")[0]], [1, 0, 0])

    def test_who_has_to_come_again_stands_on_a_list_until_they_did(self):
        self.train("v:1", "course:aid", "2018-03-20")
        self.stored("qualification.recorded", volunteer="v:2", qualification="心理咨询师", valid_until="2019-03-15")
        self.assertEqual(self.ask("training.get", training="training:1")["valid_until"], "2019-03-20")
        self.city.on("2019-03-01").define_organisation("org:x", "三月")
        document = self.report("training")
        ending, _ = self.table(document, "即将到期")
        self.assertEqual([(row["volunteer"], row["kind"], row["title"], row["days"]) for row in ending],
                         [("v:2", "资格", "心理咨询师", 14), ("v:1", "培训", "急救", 19)])
        self.assertEqual(self.table(self.report("training", within=14), "即将到期")[0][0]["volunteer"], "v:2")
        self.assertEqual(len(self.table(self.report("training", region=COUNTY), "即将到期")[0]), 1)
        self.assertIn("心理咨询师", self.clerk("report", "training", "--within", "30"))
        self.train("v:1", "course:aid", "2019-03-02")
        self.stored("qualification.recorded", volunteer="v:2", qualification="心理咨询师", valid_until="2021-03-15")
        self.assertEqual(self.table(self.report("training"), "即将到期")[0], [])

    def test_who_has_left_is_reminded_of_nothing(self):
        self.train("v:1", "course:aid", "2018-03-20")
        self.city.on("2019-03-01")
        self.stored("volunteer.withdrawn", volunteer="v:1", reason="搬迁")
        self.assertEqual(self.table(self.report("training"), "即将到期")[0], [])

    def test_an_activity_takes_only_those_whose_training_holds_on_its_day(self):
        self.city.define_organisation("org:1", "红十字会")
        self.train("v:1", "course:aid", "2018-03-20")
        self.city.on("2019-03-10")
        for activity, day in (("act:last", "2019-03-20"), ("act:over", "2019-03-21")):
            self.hold_activity(activity, day, COMMUNITY, needs={"courses": ["course:aid"]})
        outcomes = {}
        for activity, volunteer in (("act:last", "v:1"), ("act:over", "v:1"), ("act:last", "v:2")):
            result = self.city.daemon.publish_one(event("enrolment.requested", {
                "activity": activity, "volunteer": volunteer, "by": "self"}, time="2019-03-10T12:00:00+08:00"))
            (decided,) = [item["data"] for item in result["decisions"] if item["type"] == "enrolment.decided"]
            outcomes[activity, volunteer] = decided["outcome"]
        self.assertEqual(outcomes, {("act:last", "v:1"): "accepted", ("act:over", "v:1"): "refused",
                                    ("act:last", "v:2"): "refused"})


if __name__ == "__main__":
    unittest.main()
