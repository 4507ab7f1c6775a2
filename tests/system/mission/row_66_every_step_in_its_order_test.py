"""规范每一个具体项目、具体流程: whatever goes through steps is a machine that refuses the wrong one, in every state that it can be in, and
says what stands. Each machine is played into each of its states; there every step is tried (event.try: nothing of it stays)."""

import unittest

import mission  # noqa
from harness import COMMUNITY, event
from small_city import OTHER_COMMUNITY, SECOND_COMMUNITY, QueryTest

DAY = "2018-08-23"
REFUSALS = {"wrong_state", "already_exists", "out_of_range"}  # the last: a time before what has happened
RATED = """return {
  name = "star_rating", kind = "star_rating", title = "依次申请", texts = {},
  decide = function(volunteer) return { stars = 1, on_application = true, approved_by = "county" } end,
  cases = { { name = "一星", given = {}, expect = { stars = 1, on_application = true } } },
}
"""
PERSON = {"by": "clerk:2"}
PLACES = [COMMUNITY, SECOND_COMMUNITY, OTHER_COMMUNITY]  # one emergency at a time in each


def at(hour, minute=0):
    return f"{DAY}T{hour:02}:{minute:02}:00+08:00"


def subject(kind, name):
    return {"subject": {"kind": kind, "id": name}}


def machine(steps, states):
    """`steps`: name: (type, data of the n-th thing). `states`: name: (steps that lead there, steps that are good there)."""
    return {"steps": {name: step for name, step in steps}, "states": states}


MACHINES = {
    # 40 days old when it is told: held by the shipped rule
    "service record": machine([
        ("record", ("service.recorded", lambda n: {
            "record": f"r:{n}", "volunteer": f"p:{n}", "organisation": "org:1", "starts": "2018-07-01T09:00:00+08:00",
            "ends": "2018-07-01T11:00:00+08:00", "method": "manual", "recorder": "clerk:1"})),
        ("accept", ("service.reviewed", lambda n: {"record": f"r:{n}", "outcome": "accepted", "reviewer": "clerk:2"})),
        ("refuse", ("service.reviewed", lambda n: {"record": f"r:{n}", "outcome": "refused", "reviewer": "clerk:2"})),
        ("correct", ("service.corrected", lambda n: {"record": f"r:{n}", "minutes": 60, "reason": "核实", **PERSON})),
        ("revoke", ("service.revoked", lambda n: {"record": f"r:{n}", "reason": "错录", **PERSON})),
        ("dispute", ("service.disputed", lambda n: {"record": f"r:{n}", "text": "不止这些"})),
        ("settle", ("service.settled", lambda n: {"record": f"r:{n}", "outcome": "dismissed", **PERSON})),
        ("transfer", ("service.transferred", lambda n: {"record": f"r:{n}", "organisation": "org:2", **PERSON})),
    ], {
        "not there": ([], {"record"}),
        "held": (["record"], {"accept", "refuse", "correct", "revoke", "dispute"}),
        "accepted": (["record", "accept"], {"correct", "revoke", "dispute", "transfer"}),
        "refused": (["record", "refuse"], {"correct", "revoke", "dispute"}),
        "disputed": (["record", "accept", "dispute"], {"correct", "revoke", "settle"}),
        "settled": (["record", "accept", "dispute", "settle"], {"correct", "revoke", "dispute", "transfer"}),
        "transferred": (["record", "accept", "transfer"], {"correct", "revoke", "dispute"}),
        "revoked": (["record", "accept", "revoke"], {"dispute"}),
    }),
    "public notice": machine([
        ("open", ("public_notice.opened", lambda n: {"notice": f"n:{n}", **subject("volunteer", f"p:{n}"), "from": DAY,
                                                     "working_days": 3})),
        ("object", ("public_notice.objected", lambda n: {"notice": f"n:{n}", "text": "不实"})),
        ("pass", ("public_notice.ended", lambda n: {"notice": f"n:{n}", "outcome": "accepted", **PERSON})),
        ("refuse", ("public_notice.ended", lambda n: {"notice": f"n:{n}", "outcome": "refused", **PERSON})),
    ], {
        "not there": ([], {"open"}),
        "open": (["open"], {"object", "refuse"}),  # it passes when its days are over
        "objected": (["open", "object"], {"object", "refuse"}),
        "refused": (["open", "refuse"], set()),
    }),
    "star application": machine([
        ("apply", ("star.applied", lambda n: {"application": f"s:{n}", "volunteer": f"p:{n}", "stars": 1})),
        ("approve", ("star.reviewed", lambda n: {"application": f"s:{n}", "outcome": "accepted", **PERSON})),
        ("refuse", ("star.reviewed", lambda n: {"application": f"s:{n}", "outcome": "refused", **PERSON})),
    ], {
        "not there": ([], {"apply"}),
        "pending": (["apply"], {"approve", "refuse"}),
        "approved": (["apply", "approve"], set()),
        "refused": (["apply", "refuse"], set()),
    }),
    "nomination": machine([
        ("nominate", ("honour.nominated", lambda n: {"nomination": f"h:{n}", "honour": "good", **subject("volunteer", f"p:{n}"),
                                                     "year": 2018})),
        ("approve", ("honour.reviewed", lambda n: {"nomination": f"h:{n}", "stage": "初评", "outcome": "accepted", **PERSON})),
        ("refuse", ("honour.reviewed", lambda n: {"nomination": f"h:{n}", "stage": "初评", "outcome": "refused", **PERSON})),
        ("again", ("honour.reviewed", lambda n: {"nomination": f"h:{n}", "stage": "终评", "outcome": "accepted", "by": "clerk:4"})),
        ("show", ("public_notice.opened", lambda n: {"notice": f"h:{n}", **subject("nomination", f"h:{n}"), "from": DAY, "working_days": 5})),
        ("award", ("honour.awarded", lambda n: {"nomination": f"h:{n}", "on": DAY})),
        ("withdraw", ("honour.withdrawn", lambda n: {"nomination": f"h:{n}", "reason": "不实", **PERSON})),
    ], {
        "not there": ([], {"nominate"}),
        "nominated": (["nominate"], {"approve", "refuse", "again", "withdraw"}),
        "reviewed": (["nominate", "approve"], {"again", "withdraw"}),  # nobody reviews twice, and no stage is reviewed twice
        "approved": (["nominate", "approve", "again"], {"show", "withdraw"}),
        "noticed": (["nominate", "approve", "again", "show"], {"withdraw"}),  # awarded when its days are over
        "refused": (["nominate", "refuse"], set()),
        "withdrawn": (["nominate", "withdraw"], set()),
    }),
    "case": machine([
        ("nominate", ("case.nominated", lambda n: {"case": f"k:{n}", **subject("organisation", "org:1"), "title": "十年如一日", "by": "clerk:4"})),
        ("verify", ("case.verified", lambda n: {"case": f"k:{n}", "outcome": "accepted", **PERSON,
                                                "evidence": [{"digest": "x", "note": "走访"}]})),
        ("refuse", ("case.verified", lambda n: {"case": f"k:{n}", "outcome": "refused", **PERSON, "reason": "不实"})),
        ("publish", ("case.published", lambda n: {"case": f"k:{n}", **subject("organisation", "org:1"), "text": "事迹", "consent": True})),
        ("withdraw", ("case.withdrawn", lambda n: {"case": f"k:{n}", "reason": "本人要求", **PERSON})),
    ], {
        "not there": ([], {"nominate"}),
        "nominated": (["nominate"], {"verify", "refuse", "withdraw"}),
        "verified": (["nominate", "verify"], {"publish", "withdraw"}),
        "refused": (["nominate", "refuse"], set()),
        "published": (["nominate", "verify", "publish"], {"withdraw"}),
        "withdrawn": (["nominate", "verify", "publish", "withdraw"], set()),
    }),
    "complaint": machine([
        ("file", ("complaint.filed", lambda n: {"complaint": f"c:{n}", **subject("volunteer", f"p:{n}"), "text": "迟到"})),
        ("refer", ("complaint.referred", lambda n: {"complaint": f"c:{n}", "to": "民政局"})),
        ("resolve", ("complaint.resolved", lambda n: {"complaint": f"c:{n}", "outcome": "dismissed", **PERSON})),
    ], {
        "not there": ([], {"file"}),
        "filed": (["file"], {"refer", "resolve"}),
        "referred": (["file", "refer"], {"refer", "resolve"}),
        "resolved": (["file", "resolve"], set()),
    }),
    "redemption": machine([
        ("redeem", ("reward.redeemed", lambda n: {"redemption": f"x:{n}", "volunteer": f"p:{n}", "reward": "towel", "quantity": 1})),
        ("settle", ("reward.settled", lambda n: {"redemption": f"x:{n}", **PERSON})),
        ("void", ("reward.voided", lambda n: {"redemption": f"x:{n}", "reason": "缺货", **PERSON})),
    ], {
        "not there": ([], {"redeem"}),
        "held": (["redeem"], {"settle", "void"}),
        "settled": (["redeem", "settle"], set()),
        "voided": (["redeem", "void"], set()),
    }),
    "activity": machine([
        ("publish", ("activity.published", lambda n: {
            "activity": f"b:{n}", "title": "清扫", "content": "清扫河堤", "category": "ecology", "kind": "service",
            "organisation": "org:1", "region": COMMUNITY, "place": {"text": "河堤"}, "starts": at(9), "ends": at(11), "places": 5,
            "risk": "路滑"})),
        ("change", ("activity.changed", lambda n: {"activity": f"b:{n}", "changes": {"places": 6}})),
        ("cancel", ("activity.cancelled", lambda n: {"activity": f"b:{n}", "reason": "大雨"})),
        ("close", ("activity.closed", lambda n: {"activity": f"b:{n}"})),
    ], {
        "not there": ([], {"publish"}),
        "published": (["publish"], {"change", "cancel", "close"}),
        "cancelled": (["publish", "cancel"], set()),
        "closed": (["publish", "close"], set()),
    }),
    "attendance": machine([
        ("come", ("attendance.checked_in", lambda n: {"activity": "a:1", "volunteer": f"p:{n}", "at": at(9), "method": "qr"})),
        ("leave", ("attendance.checked_out", lambda n: {"activity": "a:1", "volunteer": f"p:{n}", "at": at(10), "method": "qr"})),
        ("come again", ("attendance.checked_in", lambda n: {"activity": "a:1", "volunteer": f"p:{n}", "at": at(10, 5), "method": "qr"})),
        ("miss", ("attendance.missed", lambda n: {"activity": "a:1", "volunteer": f"p:{n}"})),
    ], {
        "enrolled": ([], {"come", "come again", "miss"}),
        "here": (["come"], {"leave"}),
        "gone": (["come", "leave"], {"come again"}),
        "missed": (["miss"], {"come", "come again"}),
    }),
    "team": machine([
        ("form", ("team.formed", lambda n: {"team": f"t:{n}", "name": "巷口队", "category": "ecology", "organisation": "org:1",
                                            "legal_status": "grassroots"})),
        ("update", ("team.updated", lambda n: {"team": f"t:{n}", "changes": {"name": "桥头队"}})),
        ("join", ("team.joined", lambda n: {"team": f"t:{n}", "volunteer": f"p:{n}"})),
        ("leave", ("team.left", lambda n: {"team": f"t:{n}", "volunteer": f"p:{n}"})),
        ("dissolve", ("team.dissolved", lambda n: {"team": f"t:{n}"})),
    ], {
        "not there": ([], {"form"}),
        "active": (["form"], {"update", "join", "dissolve"}),
        "joined": (["form", "join"], {"update", "leave", "dissolve"}),
        "dissolved": (["form", "join", "dissolve"], set()),
    }),
    "volunteer": machine([
        ("suspend", ("volunteer.suspended", lambda n: {"volunteer": f"p:{n}", "reason": "核查"})),
        ("restore", ("volunteer.restored", lambda n: {"volunteer": f"p:{n}", "reason": "查清"})),
        ("move", ("volunteer.moved", lambda n: {"volunteer": f"p:{n}", "region": OTHER_COMMUNITY})),
        ("withdraw", ("volunteer.withdrawn", lambda n: {"volunteer": f"p:{n}", "reason": "迁居"})),
    ], {
        "registered": ([], {"suspend", "move", "withdraw"}),
        "suspended": (["suspend"], {"suspend", "restore", "move", "withdraw"}),  # again: until another day
        "withdrawn": (["withdraw"], set()),
    }),
    "post": machine([
        ("claim", ("post.claimed", lambda n: {"post": "crossing", "volunteer": f"p:{n}"})),
        ("release", ("post.released", lambda n: {"post": "crossing", "volunteer": f"p:{n}"})),
    ], {
        "free": ([], {"claim"}),
        "claimed": (["claim"], {"release"}),
        "released": (["claim", "release"], {"claim"}),
    }),
    "project": machine([
        ("define", ("project.defined", lambda n: {"project": f"j:{n}", "title": "邻里", "category": "elderly", "organisation": "org:1"})),
        ("close", ("project.closed", lambda n: {"project": f"j:{n}"})),
    ], {
        "not there": ([], {"define"}),
        "open": (["define"], {"define", "close"}),
        "closed": (["define", "close"], set()),
    }),
    "consent": machine([
        ("give", ("consent.given", lambda n: {"volunteer": f"p:{n}", "purpose": "publicity", "text_version": "2018-01"})),
        ("withdraw", ("consent.withdrawn", lambda n: {"volunteer": f"p:{n}", "purpose": "publicity", "text_version": "2018-01"})),
    ], {
        "not given": ([], {"give"}),
        "given": (["give"], {"withdraw"}),
        "withdrawn": (["give", "withdraw"], {"give"}),
    }),
    "emergency": machine([
        ("declare", ("emergency.declared", lambda n: {"emergency": f"e:{n}", "region": PLACES[n % 3], "by": "clerk:2"})),
        ("end", ("emergency.ended", lambda n: {"emergency": f"e:{n}", "region": PLACES[n % 3], "by": "clerk:2"})),
    ], {
        "not there": ([], {"declare"}),
        "declared": (["declare"], {"end"}),
        "ended": (["declare", "end"], set()),
    }),
    "certificate": machine([
        ("request", ("certificate.requested", lambda n: {"certificate": f"z:{n}", "volunteer": f"p:{n}", "organisation": "org:1",
                                                         "from": "2018-01-01", "to": "2018-07-31"})),
        ("refuse", ("certificate.refused", lambda n: {"certificate": f"z:{n}", "reason": "没有这项服务", **PERSON})),
        ("revoke", ("certificate.revoked", lambda n: {"certificate": f"z:{n}", "reason": "不实", **PERSON})),
    ], {
        "not there": ([], {"request"}),
        "requested": (["request"], {"refuse"}),  # issued by a command of its own; revoked after that
        "refused": (["request", "refuse"], set()),
    }),
    "station": machine([
        ("plan", ("station.planned", lambda n: {"station": f"st:{n}", "region": COMMUNITY, "name": "服务站", "due": "2018-12-31"})),
        ("build", ("station.built", lambda n: {"station": f"st:{n}", "on": DAY, "evidence": {"digest": "x", "note": "验收"}})),
        ("open", ("station.opened", lambda n: {"station": f"st:{n}", "on": DAY})),
    ], {
        "not there": ([], {"plan"}),
        "planned": (["plan"], {"plan"}),  # built when all four parts are evidenced, opened when built
    }),
}


class EveryStepInItsOrder(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_dated_city(cls.addClassCleanup)
        cls.city.on("2018-08-01").define_basics()
        cls.city.on(DAY)
        cls.city.publish_activity("a:1", starts=at(8), ends=at(20), places=1000)
        cls.city.daemon.query("policy.activate", text=RATED, by="clerk:9", effective="2018-01-01")
        cls.city.send("honour.defined", {"honour": "good", "title": "天水好人", "level": "municipal"})
        cls.city.send("reward.offered", {"reward": "towel", "title": "毛巾", "account": "points", "cost": 10})
        cls.city.send("post.defined", {"post": "crossing", "kind": "crossing", "region": COMMUNITY, "duty": "劝导"})
        cls.serial = 0

    def person(self):
        """Somebody who may do all of it; the number of all that is about them."""
        EveryStepInItsOrder.serial = n = self.serial + 1
        self.city.register(f"p:{n}")
        self.city.send("consent.given", {"volunteer": f"p:{n}", "purpose": "transfer", "text_version": "2018-01"})
        self.city.send("enrolment.requested", {"activity": "a:1", "volunteer": f"p:{n}", "by": "self"})
        self.ask("points.adjust", adjustment=f"adj:{n}", volunteer=f"p:{n}", account="points", amount=100, reason="奖励", by="clerk:3")
        return n

    def play(self, name):
        steps, states = MACHINES[name]["steps"], MACHINES[name]["states"]
        for state, (path, good) in states.items():
            n = self.person()
            for step in path:
                type_name, data = steps[step]
                self.city.send(type_name, data(n))
            for step, (type_name, data) in steps.items():
                with self.subTest(machine=name, state=state, step=step):
                    answer = self.ask("event.try", event=event(type_name, data(n), time=f"{DAY}T12:00:00+08:00"))
                    if step in good:
                        self.assertEqual(answer["status"], "stored", answer)
                        continue
                    self.assertEqual(answer["status"], "rejected", answer)
                    known = {"unknown_" + type_name.split(".")[0]} if not path else set()
                    self.assertTrue(answer["code"] in REFUSALS | known or answer["code"].startswith("unknown_") and not path, answer)
                    self.assertGreater(len(answer["message"]), 15, answer)


def test_of(name):
    return lambda self: self.play(name)


for machine_name in MACHINES:
    setattr(EveryStepInItsOrder, "test_" + machine_name.replace(" ", "_"), test_of(machine_name))


if __name__ == "__main__":
    unittest.main()
