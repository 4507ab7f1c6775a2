"""A city by the events' clock that has no rules but those which a test activates: small ones, written here."""

import harness
from harness import COMMUNITY, DaemonTest, eventually
from small_city import OTHER_COMMUNITY, OTHER_COUNTY, DatedCity

ACCEPTANCE = """
    local counted = math.min(record.minutes, parameters.most)
    if record.minutes > parameters.held then return "held", counted end
    return "accepted", counted"""
POINTS = """
    if context.subject ~= "record" then return { postings = {} } end
    local amount = record.counted_minutes // 60 * parameters.units
    if amount == 0 then return { postings = {} } end
    return { postings = { { account = "points", amount = amount, reason = "服务" } } }"""
STARS = """
    local stars = 0
    for level, hours in ipairs(parameters.hours) do
      if record:minutes{} >= hours * 60 then stars = level end
    end
    return stars"""


def lua(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f'["{name}"] = {lua(item)}' for name, item in value.items()) + "}"
    if isinstance(value, list):
        return "{" + ", ".join(lua(item) for item in value) + "}"
    return f'"{value}"' if isinstance(value, str) else str(value)


def rule(kind, body, sets, case, name=None, schedule=None, scope=None):
    """The text of a policy; `record` is what it is asked about, whatever that is."""
    more = f"\n  schedule = {schedule}," if schedule else ""
    more += f'\n  scope = "{scope}",' if scope else ""
    return f"""return {{
  name = "{name or kind}", kind = "{kind}", title = "规则",{more}
  parameters = {lua(sets)},
  decide = function(record, parameters, context){body}
  end,
  cases = {{ {case} }},
}}
"""


def stars(hours, day="2000-01-01", **more):
    return rule("star_rating", STARS, {day: {"hours": hours}}, "{ name = \"无\", given = { minutes = 0 }, expect = 0 }", **more)


def acceptance(most=1440, held=1440, day="2000-01-01", **more):
    return rule("acceptance", ACCEPTANCE, {day: {"most": most, "held": held}},
                '{ name = "一小时", given = { minutes = 60 }, expect = { outcome = "accepted" } }', **more)


def points(units, day="2000-01-01", **more):
    return rule("points", POINTS, {day: {"units": units}},
                '{ name = "无", given = { counted_minutes = 0 }, expect = { postings = {} } }', **more)


class RuledCity(DatedCity):
    def midnight(self, day):
        """The day comes, by something that concerns nobody."""
        self.on(day).define_organisation("org:9", f"单位{day}")

    def activate(self, text, **more):
        """From now on, of whatever day something was served, where nothing else is said."""
        more = more or {"effective": "2000-01-01"}
        return self.daemon.query("policy.activate", text=text, by="clerk:1", **more)

    def serve_on(self, record, volunteer, day, minutes=60, **more):
        """Told on the city's day, whatever day it was served on."""
        hours, rest = divmod(minutes, 60)
        return self.send("service.recorded", {
            "record": record, "volunteer": volunteer, "organisation": "org:1", "starts": f"{day}T00:00:00+08:00",
            "ends": f"{day}T{hours:02d}:{rest:02d}:00+08:00", "method": "code", "recorder": "clerk:1", **more})


class RuledCityTest(DaemonTest):
    def setUp(self):
        super().setUp()
        self.served = self.daemon({"city": {"region": harness.CITY, "name": "天水市", "time_zone": "Asia/Shanghai"},
                                   "clock": "events"}, policies=None)
        self.served.start()
        self.city = RuledCity(self.served).on("2018-03-01")
        self.city.define_regions()
        self.city.define_organisation("org:1", "单位")

    def people(self, *names, region=COMMUNITY):
        for name in names:
            self.city.send("volunteer.registered", {"volunteer": name, "region": region})

    def people_of_other_county(self, *names):
        self.people(*names, region=OTHER_COMMUNITY)
        return OTHER_COUNTY

    def events(self, *types):
        return self.served.query("journal.read", after=0, limit=10000, types=list(types))["events"]

    def finish_runs(self):
        eventually(lambda: not self.served.query("status")["runs"], "the runs to end")

    def stars_of(self, name):
        return self.served.query("volunteer.get", volunteer=name)["stars"]

    def changes(self):
        return [(event["data"]["volunteer"], event["data"]["from"], event["data"]["to"]) for event in self.events("star.changed")]

    def postings(self, name):
        """What was posted to somebody: amounts, in order."""
        return [event["data"]["amount"] for event in self.events("points.posted") if event["data"]["volunteer"] == name]

    def balance(self, name):
        account = [item for item in self.served.query("points.get", points=name)["accounts"] if item["account"] == "points"]
        return (account[0]["balance"], account[0]["owed"]) if account else (0, 0)

    def adjust(self, name, amount):
        self.adjusted = getattr(self, "adjusted", 0) + 1
        self.served.query("points.adjust", adjustment=f"a{self.adjusted}", volunteer=name, account="points", amount=amount,
                          reason="兑换", by="clerk:2")

    def assert_replays(self):
        """The journal gives the same state, and each decision can be asked for again."""
        self.assertTrue(self.served.run_job("journal.replay")["result"]["identical"])
        for event in self.events("service.decided", "points.posted", "points.withheld", "star.changed")[-40:]:
            result = self.served.query("policy.replay", sequence=int(event["sequence"]))["result"]
            if "reverses" not in event["data"] and event.get("policyrevision"):
                self.assertTrue(result["same"], (event, result))
