"""Campaigns, notices with their receipts, tasks, commitments: each step in its place, what is overdue at midnight, and the two reports.
Against the real daemon, by the events' clock."""
import json
import unittest

from eligibility_test import PeopleTest
from harness import CITY, COMMUNITY, COUNTY
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, OTHER_TOWNSHIP

EVIDENCE = {"digest": "b2:0123", "note": "已完成", "uri": "file:///photos/1.jpg"}
CAMPAIGN = {"campaign": "c:1", "title": "在职党员先锋行", "document": "doc:1", "starts": "2018-08-23", "ends": "2018-12-31", "regions": [CITY]}
NOTICE = {"notice": "n:1", "campaign": "c:1", "title": "关于开展先锋行的通知", "number": "天创办发〔2018〕12号", "to": ["org:1", "org:2", "org:3"],
          "due": "2018-08-31"}
TASK = {"task": "t:1", "notice": "n:1", "organisation": "org:1", "owner": "owner:1", "due": "2018-09-30"}
COMMITMENT = {"commitment": "k:1", "subject": {"kind": "organisation", "id": "org:1"}, "text": "年底前建成十个站", "due": "2018-09-30",
              "campaign": "c:1"}


class CampaignTest(PeopleTest):
    @classmethod
    def build(cls, cleanup):
        cls.city = cls.start_dated_city(cleanup)
        cls.city.on("2018-08-20").define_basics()
        cls.city.define_organisation("org:3", "天水供电公司", region=CITY, kind="enterprise", parent="org:1")
        cls.city.define_organisation("org:4", "局外单位")
        cls.city.send("document.registered", {"document": "doc:1", "title": "通知", "number": "12", "issued_by": "市创城办", "on": "2018-08-20"})

    def launch(self):
        for type_name, data in (("campaign.launched", CAMPAIGN), ("notice.issued", NOTICE), ("task.assigned", TASK),
                                ("commitment.made", COMMITMENT)):
            self.stored(type_name, **data)

    def midnight(self, day):
        """The day comes, by something that concerns nobody."""
        self.city.on(day).define_organisation("org:9", f"单位{day}")

    def figures(self, noun="region", name=CITY):
        counted = self.ask(f"{noun}.get", **{noun: name})["counters"]
        return {key: value for key, value in counted.items() if key.startswith(("notices_", "tasks_", "commitments_")) and value}

    def section(self, report, title, **params):
        """Rows by their first column, as {column: cell}; the total under None."""
        (section,) = [one for one in self.ask(f"report.{report}", **params)["document"]["sections"] if one["title"] == title]
        names = [column["name"] for column in section["columns"]]
        rows = {row[0]: dict(zip(names, row)) for row in section["rows"]}
        for row in section["rows"]:
            self.assertEqual(len(row), len(names))
        if "total" in section:
            rows[None] = dict(zip(names, section["total"]))
        return rows

    def overdue(self, **params):
        """Names of whom it is of, by what is overdue."""
        (section,) = self.ask("report.overdue", **params)["document"]["sections"]
        return {row[1]: row[4] for row in section["rows"]}

    def decided(self, type_name):
        return [item["data"] for item in self.ask("journal.read", after=0, types=[type_name], limit=1000)["events"]]


class Steps(CampaignTest):
    """One city, one day: nothing here waits for a midnight, and each test has names of its own."""

    @classmethod
    def setUpClass(cls):
        cls.build(cls.addClassCleanup)

    def setUp(self):
        if not self.ask("campaign.list")["items"]:
            self.city.on("2018-08-23")
            self.launch()

    @classmethod
    def tearDownClass(cls):
        assert cls.city.daemon.run_job("journal.replay")["result"]["identical"] is True

    def test_every_type_insists_on_its_fields(self):
        for type_name, data in (("campaign.launched", {**CAMPAIGN, "campaign": "c:new"}), ("notice.issued", {**NOTICE, "notice": "n:new"}),
                                ("notice.received", {"notice": "n:1", "organisation": "org:1", "by": "clerk:1"}),
                                ("task.assigned", {**TASK, "task": "t:new"}), ("task.reported", {"task": "t:1", "evidence": EVIDENCE}),
                                ("task.accepted", {"task": "t:1", "by": "boss:1"}),
                                ("task.returned", {"task": "t:1", "by": "boss:1", "reason": "x"}),
                                ("commitment.made", {**COMMITMENT, "commitment": "k:new"}),
                                ("commitment.kept", {"commitment": "k:1", "evidence": EVIDENCE}), ("campaign.closed", {"campaign": "c:1"})):
            optional = {"campaign", "due"} if type_name == "notice.issued" else {"notice"} if type_name == "task.assigned" else {"campaign"}
            for field in data:
                if field in optional and type_name not in ("campaign.launched", "campaign.closed", "notice.received"):
                    continue
                self.refused("missing_field", f"data.{field}", type_name, **{name: data[name] for name in data if name != field})
                self.refused("wrong_type", f"data.{field}", type_name, **{**data, field: 7})
            self.refused("unknown_field", "data.nonsense", type_name, **{**data, "nonsense": 1})

    def test_what_is_too_long_or_unknown_or_there_already_is_refused(self):
        long = "长" * 1500
        for code, field, type_name, data in (
                ("too_long", "data.title", "campaign.launched", {**CAMPAIGN, "campaign": "c:2", "title": long}),
                ("unknown_document", "data.document", "campaign.launched", {**CAMPAIGN, "campaign": "c:2", "document": "no:1"}),
                ("unknown_region", "data.regions[1]", "campaign.launched", {**CAMPAIGN, "campaign": "c:2", "regions": [CITY, "620500000009"]}),
                ("out_of_range", "data.regions[1]", "campaign.launched", {**CAMPAIGN, "campaign": "c:2", "regions": [CITY, CITY]}),
                ("out_of_range", "data.regions", "campaign.launched", {**CAMPAIGN, "campaign": "c:2", "regions": []}),
                ("out_of_range", "data.ends", "campaign.launched", {**CAMPAIGN, "campaign": "c:2", "ends": "2018-08-22"}),
                ("already_exists", "data.campaign", "campaign.launched", CAMPAIGN),
                ("too_long", "data.number", "notice.issued", {**NOTICE, "notice": "n:2", "number": long}),
                ("unknown_campaign", "data.campaign", "notice.issued", {**NOTICE, "notice": "n:2", "campaign": "no:1"}),
                ("unknown_organisation", "data.to[1]", "notice.issued", {**NOTICE, "notice": "n:2", "to": ["org:1", "no:1"]}),
                ("out_of_range", "data.to[1]", "notice.issued", {**NOTICE, "notice": "n:2", "to": ["org:1", "org:1"]}),
                ("out_of_range", "data.to", "notice.issued", {**NOTICE, "notice": "n:2", "to": []}),
                ("out_of_range", "data.to", "notice.issued", {**NOTICE, "notice": "n:2", "to": [f"o:{n}" for n in range(501)]}),
                ("out_of_range", "data.due", "notice.issued", {**NOTICE, "notice": "n:2", "due": "2018-08-22"}),
                ("already_exists", "data.notice", "notice.issued", NOTICE),
                ("unknown_notice", "data.notice", "notice.received", {"notice": "no:1", "organisation": "org:1", "by": "c:1"}),
                ("unknown_organisation", "data.organisation", "notice.received", {"notice": "n:1", "organisation": "no:1", "by": "c:1"}),
                ("unknown_notice", "data.notice", "task.assigned", {**TASK, "task": "t:2", "notice": "no:1"}),
                ("unknown_organisation", "data.organisation", "task.assigned", {**TASK, "task": "t:2", "organisation": "no:1"}),
                ("not_in_dictionary", "data.measure", "task.assigned", {**TASK, "task": "t:2", "measure": "volunters"}),
                ("missing_field", "data.measure", "task.assigned", {**TASK, "task": "t:2", "target": 5}),
                ("out_of_range", "data.due", "task.assigned", {**TASK, "task": "t:2", "due": "2018-08-22"}),
                ("too_long", "data.title", "task.assigned", {**TASK, "task": "t:2", "title": long}),
                ("already_exists", "data.task", "task.assigned", TASK),
                ("unknown_task", "data.task", "task.reported", {"task": "no:1", "evidence": EVIDENCE}),
                ("missing_field", "data.evidence.digest", "task.reported", {"task": "t:1", "evidence": {"note": "x"}}),
                ("unknown_task", "data.task", "task.accepted", {"task": "no:1", "by": "boss:1"}),
                ("unknown_task", "data.task", "task.returned", {"task": "no:1", "by": "boss:1", "reason": "x"}),
                ("too_long", "data.reason", "task.returned", {"task": "t:1", "by": "boss:1", "reason": long}),
                ("unknown_organisation", "data.subject.id", "commitment.made",
                 {**COMMITMENT, "commitment": "k:2", "subject": {"kind": "organisation", "id": "no:1"}}),
                ("out_of_range", "data.subject.kind", "commitment.made",
                 {**COMMITMENT, "commitment": "k:2", "subject": {"kind": "station", "id": "no:1"}}),
                ("out_of_range", "data.due", "commitment.made", {**COMMITMENT, "commitment": "k:2", "due": "2018-08-22"}),
                ("unknown_campaign", "data.campaign", "commitment.made", {**COMMITMENT, "commitment": "k:2", "campaign": "no:1"}),
                ("too_long", "data.text", "commitment.made", {**COMMITMENT, "commitment": "k:2", "text": long}),
                ("already_exists", "data.commitment", "commitment.made", COMMITMENT),
                ("unknown_commitment", "data.commitment", "commitment.kept", {"commitment": "no:1", "evidence": EVIDENCE}),
                ("unknown_campaign", "data.campaign", "campaign.closed", {"campaign": "no:1"}),
                ("not_allowed", "type", "task.overdue", {"task": "t:1", "organisation": "org:1", "owner": "o", "due": "2018-09-30"})):
            with self.subTest(type=type_name, field=field):
                self.refused(code, field, type_name, **data)

    def test_a_receipt_is_given_once_and_by_whom_the_notice_went_to(self):
        self.stored("notice.issued", **{**NOTICE, "notice": "n:r", "due": "2018-08-24"})
        self.refused("wrong_state", "data.organisation", "notice.received", notice="n:r", organisation="org:4", by="clerk:1")
        self.refused("out_of_range", "time", "notice.received", "2018-08-22T12:00:00+08:00", notice="n:r", organisation="org:1", by="clerk:1")
        self.stored("notice.received", notice="n:r", organisation="org:1", by="clerk:1")
        self.refused("wrong_state", "data.organisation", "notice.received", notice="n:r", organisation="org:1", by="clerk:1")
        answer = self.ask("notice.receipts", notice="n:r")
        self.assertEqual((answer["addressees"], answer["received"], answer["late"], answer["due"]), (3, 1, 0, "2018-08-24"))
        self.assertEqual([(item["organisation"], item["state"]) for item in answer["items"]],
                         [("org:1", "received"), ("org:2", "waiting"), ("org:3", "waiting")])
        self.assertEqual((answer["items"][0]["by"], answer["items"][0]["received_on"], answer["items"][1]["name"]),
                         ("clerk:1", "2018-08-23", "麦积区税务局"))
        self.assertEqual([item["organisation"] for item in self.ask("notice.receipts", notice="n:r", state="waiting")["items"]],
                         ["org:2", "org:3"])
        self.refuse("out_of_range", "state", "notice.receipts", notice="n:r", state="lost")
        self.refuse("unknown_notice", "notice", "notice.receipts", notice="no:1")
        self.assertEqual(self.ask("notice.get", notice="n:r")["state"], "open")

    def test_a_task_goes_from_its_owner_to_another_who_accepts_or_returns_it(self):
        task = {**TASK, "task": "t:s", "title": "走访", "measure": "volunteers", "target": 2}
        self.stored("task.assigned", **task)
        shown = self.ask("task.get", task="t:s")
        self.assertEqual((shown["state"], shown["campaign"], shown["value"], shown["reached"]), ("assigned", "c:1", 0, False))
        for step, more in (("accepted", {}), ("returned", {"reason": "x"})):
            self.refused("wrong_state", "data.task", f"task.{step}", task="t:s", by="boss:1", **more)
        self.stored("task.reported", task="t:s", evidence=EVIDENCE, by="deputy:1")
        self.refused("wrong_state", "data.task", "task.reported", task="t:s", evidence=EVIDENCE)
        for who in ("owner:1", "deputy:1"):
            self.refused("self_review", "data.by", "task.accepted", task="t:s", by=who)
            self.refused("self_review", "data.by", "task.returned", task="t:s", by=who, reason="x")
        self.stored("task.returned", task="t:s", by="boss:1", reason="照片不清")
        self.assertEqual(self.ask("task.get", task="t:s")["state"], "returned")
        self.stored("task.reported", task="t:s", evidence={"digest": "b2:9", "note": "补照"})
        self.stored("task.accepted", task="t:s", by="boss:1")
        for step, more in (("reported", {"evidence": EVIDENCE}), ("accepted", {"by": "boss:1"}), ("returned", {"by": "boss:1", "reason": "x"})):
            self.refused("wrong_state", "data.task", f"task.{step}", task="t:s", **more)
        shown = self.ask("task.get", task="t:s")
        self.assertEqual((shown["state"], shown["accepted_on"], shown["late"], shown["times_returned"]), ("accepted", "2018-08-23", False, 1))
        self.assertEqual([(step["step"], step["by"], step.get("note"), step.get("digest")) for step in shown["steps"]],
                         [("reported", "deputy:1", "已完成", "b2:0123"), ("returned", "boss:1", "照片不清", None),
                          ("reported", "owner:1", "补照", "b2:9"), ("accepted", "boss:1", None, None)])

    def test_regions_and_organisations_of_any_kind_commit_themselves(self):
        self.stored("commitment.made", **{**COMMITMENT, "commitment": "k:r", "subject": {"kind": "region", "id": COUNTY}})
        shown = self.ask("commitment.get", commitment="k:r")
        self.assertEqual((shown["state"], shown["subject"]), ("made", {"kind": "region", "id": COUNTY, "name": "秦州区"}))
        self.assertEqual(self.ids("commitment.list", "commitment", subject_kind="region", subject=COUNTY), ["k:r"])
        self.assertEqual(self.figures("region", COUNTY)["commitments_made"] - self.figures("organisation", "org:1")["commitments_made"], 1)
        self.stored("commitment.kept", commitment="k:r", evidence=EVIDENCE)
        shown = self.ask("commitment.get", commitment="k:r")
        self.assertEqual((shown["state"], shown["kept_on"], shown["late"], shown["evidence"]), ("kept", "2018-08-23", False, EVIDENCE))
        self.refused("wrong_state", "data.commitment", "commitment.kept", commitment="k:r", evidence=EVIDENCE)

    def test_a_closed_campaign_takes_nothing_new(self):
        self.stored("campaign.launched", **{**CAMPAIGN, "campaign": "c:x", "regions": [COUNTY, OTHER_COUNTY]})
        self.stored("notice.issued", **{**NOTICE, "notice": "n:x", "campaign": "c:x"})
        self.stored("post.defined", post="p:x", kind="other", region=COMMUNITY, duty="x", campaign="c:x")
        self.activity("a:x", campaign="c:x")
        self.stored("campaign.closed", campaign="c:x")
        shown = self.ask("campaign.get", campaign="c:x")
        self.assertEqual((shown["state"], shown["closed_on"], shown["regions"], shown["activities"], shown["notices_to"]),
                         ("closed", "2018-08-23", [COUNTY, OTHER_COUNTY], 1, 3))
        self.refused("wrong_state", "data.campaign", "campaign.closed", campaign="c:x")
        self.refused("wrong_state", "data.campaign", "notice.issued", **{**NOTICE, "notice": "n:y", "campaign": "c:x"})
        self.refused("wrong_state", "data.campaign", "commitment.made", **{**COMMITMENT, "commitment": "k:y", "campaign": "c:x"})
        self.refused("wrong_state", "data.notice", "task.assigned", **{**TASK, "task": "t:y", "notice": "n:x"})
        self.refused("wrong_state", "data.campaign", "post.defined", post="p:y", kind="other", region=COMMUNITY, duty="x", campaign="c:x")
        result = self.publish("activity.published", activity="a:y", title="x", content="x", category="ecology", kind="service",
                              organisation="org:1", region=COMMUNITY, place={"text": "x"}, starts="2018-09-01T09:00:00+08:00",
                              ends="2018-09-01T10:00:00+08:00", places=5, risk="无", campaign="c:x")
        self.assertEqual((result["code"], result["field"]), ("wrong_state", "data.campaign"))
        # What was begun goes on: changed, defined anew, received.
        self.stored("activity.changed", activity="a:x", changes={"title": "改名"})
        self.stored("post.defined", post="p:x", kind="other", region=COMMUNITY, duty="改", campaign="c:x")
        self.stored("notice.received", notice="n:x", organisation="org:1", by="clerk:1")
        self.assertEqual(self.ids("activity.list", "activity", campaign="c:x"), ["a:x"])
        self.assertEqual(self.ids("campaign.list", "campaign", state="closed"), ["c:x"])

    def test_nobody_who_was_dissolved_is_asked_for_anything(self):
        self.city.define_organisation("org:gone", "撤销单位")
        self.stored("organisation.dissolved", organisation="org:gone")
        self.refused("wrong_state", "data.to[0]", "notice.issued", **{**NOTICE, "notice": "n:g", "to": ["org:gone"]})
        self.refused("wrong_state", "data.organisation", "task.assigned", **{**TASK, "task": "t:g", "organisation": "org:gone"})
        self.refused("wrong_state", "data.subject.id", "commitment.made",
                     **{**COMMITMENT, "commitment": "k:g", "subject": {"kind": "organisation", "id": "org:gone"}})


class Midnights(CampaignTest):
    def setUp(self):
        self.build(self.addCleanup)
        self.city.on("2018-08-23")
        self.launch()

    def test_what_nobody_reported_is_overdue_once_its_day_is_over(self):
        self.stored("task.assigned", **{**TASK, "task": "t:2", "organisation": "org:2", "owner": "owner:2"})
        self.stored("task.reported", task="t:2", evidence=EVIDENCE)
        self.midnight("2018-09-30")
        self.assertEqual(self.decided("task.overdue"), [])
        self.midnight("2018-10-01")
        self.assertEqual(self.decided("task.overdue"), [{"task": "t:1", "organisation": "org:1", "owner": "owner:1", "due": "2018-09-30"}])
        self.assertEqual([item["commitment"] for item in self.decided("commitment.overdue")], ["k:1"])
        self.midnight("2018-10-05")
        self.assertEqual(len(self.decided("task.overdue") + self.decided("commitment.overdue")), 2)
        self.assertEqual(self.ids("task.list", "task", state="overdue", organisation="org:1"), ["t:1"])
        self.assertEqual(self.ids("task.list", "task", state="overdue", region=OTHER_COUNTY), [])
        self.assertEqual(self.ids("commitment.list", "commitment", state="overdue"), ["k:1"])
        shown = self.ask("task.get", task="t:1")
        self.assertEqual((shown["state"], shown["overdue_on"], shown["days_overdue"]), ("overdue", "2018-10-01", 5))
        expected = {"notices_to": 3, "tasks_open": 2, "tasks_reported": 1, "tasks_overdue": 1, "commitments_made": 1, "commitments_overdue": 1}
        self.assertEqual(self.figures(), expected)
        self.assertEqual(self.figures("region", OTHER_COUNTY), {"notices_to": 1, "tasks_open": 1, "tasks_reported": 1})
        self.assertEqual(self.figures("organisation", "org:2"), {"notices_to": 1, "tasks_open": 1, "tasks_reported": 1})
        # Reported in time and sent back after the day: the next midnight finds it, once.
        self.stored("task.returned", task="t:2", by="boss:1", reason="不完整")
        self.midnight("2018-10-06")
        self.assertEqual([item["task"] for item in self.decided("task.overdue")], ["t:1", "t:2"])
        # Late is late, and stays so; the list is shorter.
        self.stored("task.reported", task="t:1", evidence=EVIDENCE)
        self.stored("task.accepted", task="t:1", by="boss:1")
        self.stored("commitment.kept", commitment="k:1", evidence=EVIDENCE)
        self.assertEqual(self.figures(), {"notices_to": 3, "tasks_open": 1, "tasks_overdue": 1, "tasks_accepted": 1, "tasks_late": 1,
                                          "commitments_made": 1, "commitments_kept": 1, "commitments_late": 1})
        self.midnight("2018-10-09")
        self.assertEqual(len(self.decided("task.overdue")), 2)
        self.assertEqual((self.ask("task.get", task="t:1")["late"], self.ask("commitment.get", commitment="k:1")["late"]), (True, True))
        self.assert_replay_agrees()

    def test_the_list_of_responsibility_says_what_of_whom_since_when(self):
        self.stored("commitment.made", **{**COMMITMENT, "commitment": "k:2", "due": "2018-09-10", "subject": {"kind": "region", "id": COUNTY}})
        self.stored("task.assigned", **{**TASK, "task": "t:3", "title": "走访小区", "organisation": "org:3", "owner": "owner:3", "due": "2018-09-20"})
        for name in ("org:1", "org:2"):
            self.stored("notice.received", notice="n:1", organisation=name, by="clerk:1")
        self.midnight("2018-08-31")
        self.assertEqual(self.overdue(), {})
        self.midnight("2018-10-02")
        answer = self.ask("report.overdue")["document"]
        self.assertEqual([[row[0], row[1], row[2], row[4], row[5], row[6], row[7], row[8]] for row in answer["sections"][0]["rows"]], [
            ["通知回执", "n:1", "关于开展先锋行的通知", "天水供电公司", None, "天水市文明办", "2018-08-31", 32],
            ["承诺", "k:2", "年底前建成十个站", "秦州区", None, "天水市", "2018-09-10", 22],
            ["任务", "t:3", "走访小区", "天水供电公司", "owner:3", "天水市文明办", "2018-09-20", 12],
            ["任务", "t:1", "关于开展先锋行的通知", "天水市文明办", "owner:1", None, "2018-09-30", 2],
            ["承诺", "k:1", "年底前建成十个站", "天水市文明办", None, None, "2018-09-30", 2]])
        self.assertEqual(list(self.overdue(region=COUNTY)), ["k:2", "t:1", "k:1"])
        self.assertEqual(self.ask("notice.get", notice="n:1")["state"], "overdue")
        self.stored("notice.received", notice="n:1", organisation="org:3", by="clerk:3")
        (item,) = self.ask("notice.receipts", notice="n:1", state="late")["items"]
        self.assertEqual((item["organisation"], item["received_on"]), ("org:3", "2018-10-02"))
        self.assertEqual((self.ask("notice.get", notice="n:1")["state"], self.figures()["notices_late"]), ("complete", 1))
        self.assertEqual(set(self.overdue()), {"k:1", "k:2", "t:1", "t:3"})

    def test_stations_that_are_late_stand_on_the_list_with_who_answers_for_them(self):
        self.city.define_organisation("org:cm", "进步巷居委会", kind="self_governing", region=COMMUNITY)
        planned = {"name": "工作站", "due": "2018-08-31"}
        self.stored("station.planned", station="s:1", region=COMMUNITY, **planned)
        self.stored("station.planned", station="s:2", region=OTHER_COMMUNITY, **planned)
        self.stored("station.planned", station="s:3", region=OTHER_COMMUNITY, responsible="org:3", **planned)
        self.stored("station.planned", station="s:4", region=COMMUNITY, **{**planned, "due": "2018-09-30"})
        self.midnight("2018-09-05")
        overdue = self.overdue()
        self.assertEqual({key: overdue[key] for key in overdue if key != "n:1"}, {"s:1": "进步巷居委会", "s:2": "道北街道", "s:3": "天水供电公司"})
        late = {item["station"]: item["responsible"]["name"] for item in self.ask("station.progress")["overdue"]}
        self.assertEqual(late, {"s:1": "进步巷居委会", "s:2": "道北街道", "s:3": "天水供电公司"})
        self.assertEqual(set(self.overdue(region=OTHER_COUNTY)), {"n:1", "s:2", "s:3"})

    def test_a_successor_answers_for_whom_it_took_over(self):
        self.stored("organisation.dissolved", organisation="org:2", successor="org:4")
        self.refused("wrong_state", "data.organisation", "notice.received", notice="n:1", organisation="org:2", by="clerk:1")
        self.stored("notice.received", notice="n:1", organisation="org:4", by="clerk:4")
        (item,) = self.ask("notice.receipts", notice="n:1", state="received")["items"]
        self.assertEqual((item["organisation"], item["received_by_successor"]), ("org:2", "org:4"))
        self.refused("wrong_state", "data.organisation", "notice.received", notice="n:1", organisation="org:4", by="clerk:4")
        self.assertEqual(self.figures("organisation", "org:2"), {"notices_to": 1, "notices_received": 1})
        self.stored("organisation.dissolved", organisation="org:1", successor="org:4")
        self.assertEqual(self.ask("task.get", task="t:1")["successor"], "org:4")
        self.midnight("2018-10-01")
        self.assertEqual(self.overdue()["t:1"], "局外单位")
        self.assert_replay_agrees()

    def test_the_campaigns_report_is_by_region_unit_and_campaign_and_of_any_day(self):
        self.stored("campaign.launched", **{**CAMPAIGN, "campaign": "c:2", "title": "春风行动"})
        self.stored("notice.issued", **{**NOTICE, "notice": "n:2", "campaign": "c:2", "to": ["org:2"]})
        self.stored("notice.received", notice="n:1", organisation="org:1", by="clerk:1")
        self.activity("a:1", campaign="c:1")
        self.activity("a:2", campaign="c:1", region=OTHER_TOWNSHIP, organisation="org:2")
        self.activity("a:3", campaign="c:1")
        self.stored("activity.cancelled", activity="a:3")
        self.city.register("v:1", region=OTHER_COMMUNITY)
        self.stored("service.recorded", "2018-08-24T12:00:00+08:00", record="r:1", volunteer="v:1", activity="a:2", organisation="org:2",
                    starts="2018-08-23T09:00:00+08:00", ends="2018-08-23T11:00:00+08:00", method="code", recorder="clerk:1")
        self.city.on("2018-08-25")
        receipts = self.section("campaign", "通知回执")
        self.assertEqual({key: (row["to"], row["received"], row["missing"], row["received_rate"]) for key, row in receipts.items()},
                         {COUNTY: (1, 1, 0, [1, 1]), OTHER_COUNTY: (2, 0, 2, [0, 2]), CITY: (1, 0, 1, [0, 1]), None: (4, 1, 3, [1, 4])})
        self.assertEqual(receipts[CITY]["name"], "天水市本级")
        self.assertEqual(self.section("campaign", "通知回执", region=COMMUNITY)[COMMUNITY]["name"], "进步巷社区居委会")
        self.assertEqual(self.section("campaign", "通知回执", campaign="c:2")[None]["to"], 1)
        self.assertEqual(self.section("campaign", "通知回执", campaign="c:1", by="unit")["org:3"]["missing"], 1)
        done = self.section("campaign", "活动", campaign="c:1")
        self.assertEqual({key: (row["activities"], row["records"], row["minutes"]) for key, row in done.items()},
                         {COUNTY: (1, 0, 0), OTHER_COUNTY: (1, 1, 120), None: (2, 1, 120)})
        both = self.section("campaign", "专项行动")
        self.assertEqual((both["c:1"]["activities"], both["c:1"]["received_rate"], both["c:2"]["title"]), (2, [1, 3], "春风行动"))
        self.assertEqual((both["c:2"]["activities"], both["c:1"]["kept_rate"], both["c:1"]["accepted_rate"]), (0, [0, 1], [0, 1]))
        self.assertEqual(set(self.section("campaign", "任务", by="unit")), {"org:1", None})
        # An activity that goes over to another campaign is counted there alone.
        self.stored("activity.changed", activity="a:1", changes={"campaign": "c:2"})
        self.assertEqual([self.section("campaign", "活动", campaign=name)[None]["activities"] for name in ("c:1", "c:2")], [1, 1])
        self.stored("activity.changed", activity="a:1", changes={"campaign": None})
        self.assertEqual((self.ask("campaign.get", campaign="c:2")["activities"], self.section("campaign", "活动")[None]["activities"]), (0, 1))
        self.stored("task.reported", task="t:1", evidence=EVIDENCE)
        self.stored("task.accepted", task="t:1", by="boss:1")
        self.assertEqual(self.section("campaign", "任务")[None]["accepted"], 1)
        self.assertEqual(self.section("campaign", "任务", as_of="2018-08-24")[None]["accepted"], 0)
        series = {one["title"]: [(point["label"], point["value"]) for point in one["points"]] for one in self.ask("report.campaign")["document"]["series"]}
        self.assertEqual(series["通知回执：回执率"], [("秦州区", [1, 1]), ("麦积区", [0, 2])])
        self.assertEqual((series["活动：活动数"], series["任务：完成率"]), ([("秦州区", 0), ("麦积区", 1)], [("秦州区", [1, 1]), ("麦积区", None)]))
        self.assertNotIn("series", self.ask("report.campaign", by="unit")["document"])
        self.refuse("out_of_range", "as_of", "report.campaign", campaign="c:1", as_of="2018-08-24")
        self.refuse("unknown_campaign", "campaign", "report.campaign", campaign="no:1")
        json.dumps(self.ask("report.campaign", region=COUNTY, by="community"))
        self.assert_replay_agrees()


if __name__ == "__main__":
    unittest.main()
