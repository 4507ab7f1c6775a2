"""activity ical: what a phone takes over. Read back with python3-icalendar, a parser of other people's."""
import datetime
import json
import pathlib
import unittest

import icalendar

from eligibility_test import DAY, PeopleTest
from volunteerctl_test import control

CHINA = datetime.timezone(datetime.timedelta(hours=8))
ODD = "清洁, 扫除; 带手套\\工具\n第二行:" + "天水市秦州区藉河河堤" * 20


class IcalTest(PeopleTest):
    def ical(self, *arguments, code=0):
        run = control(self.city.daemon.runtime, "activity", "ical", *arguments)
        self.assertEqual(run.returncode, code, run.stderr)
        return run.stdout

    def events(self, *arguments):
        """Those of the calendar, by their UID."""
        calendar = icalendar.Calendar.from_ical(self.ical(*arguments))
        self.assertEqual(str(calendar["VERSION"]), "2.0")
        self.assertTrue(str(calendar["PRODID"]))
        found = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
        self.assertEqual(len(found), len(calendar.walk("VEVENT")), "an identifier stands once")
        return found

    def event_of(self, *arguments):
        ((_, event),) = self.events(*arguments).items()
        return event

    def test_an_activity_is_an_event_with_its_times_and_place(self):
        self.activity("a:1", place={"text": "藉河河堤", "position": {"longitude": "105.724", "latitude": "34.58"}}, leader="站长")
        event = self.event_of("a:1")
        self.assertEqual(event.decoded("DTSTART"), datetime.datetime(2018, 8, 23, 9, tzinfo=CHINA))
        self.assertEqual(event.decoded("DTEND"), datetime.datetime(2018, 8, 23, 11, tzinfo=CHINA))
        self.assertEqual((str(event["SUMMARY"]), str(event["LOCATION"]), str(event["STATUS"]), int(event["SEQUENCE"])),
                         ("清理河堤", "藉河河堤", "CONFIRMED", 0))
        self.assertIn("河边路滑", str(event["DESCRIPTION"]))
        self.assertEqual((float(event["GEO"].latitude), float(event["GEO"].longitude)), (34.58, 105.724))
        self.assertIn("DTSTAMP", event)

    def test_a_change_keeps_the_identifier_and_raises_the_number(self):
        self.activity("a:1")
        first = self.event_of("a:1")
        self.stored("activity.changed", activity="a:1", changes={"starts": f"{DAY}T08:00:00+08:00"})
        self.stored("activity.changed", activity="a:1", changes={"title": "清理西十里河堤"})
        second = self.event_of("a:1")
        self.assertEqual(str(second["UID"]), str(first["UID"]))
        self.assertEqual(str(first["UID"]), "a:1@620500000000.volunteerd")
        self.assertEqual(int(second["SEQUENCE"]), 2)
        self.assertEqual(second.decoded("DTSTART"), datetime.datetime(2018, 8, 23, 8, tzinfo=CHINA))
        self.stored("activity.cancelled", activity="a:1")
        third = self.event_of("a:1")
        self.assertEqual((str(third["UID"]), str(third["STATUS"]), int(third["SEQUENCE"])), (str(first["UID"]), "CANCELLED", 3))

    def test_each_shift_is_an_event_of_its_own(self):
        hours = {"s:1": ("09:00:00", "10:00:00"), "s:2": ("10:00:00", "11:00:00")}
        self.activity("a:1", shifts=[{"shift": name, "places": 3, "starts": f"{DAY}T{a}+08:00", "ends": f"{DAY}T{b}+08:00"}
                                     for name, (a, b) in hours.items()])
        found = self.events("a:1")
        self.assertEqual(sorted(found), ["a:1/s:1@620500000000.volunteerd", "a:1/s:2@620500000000.volunteerd"])
        self.assertEqual(found["a:1/s:2@620500000000.volunteerd"].decoded("DTSTART"), datetime.datetime(2018, 8, 23, 10, tzinfo=CHINA))

    def test_texts_come_back_as_they_were_and_lines_are_folded_between_characters(self):
        self.activity("a:1", content=ODD, title="学雷锋;便民, 服务")
        raw = self.ical("a:1")
        for line in raw.encode().replace(b"\r\n", b"\n").split(b"\n"):
            self.assertLessEqual(len(line), 75)
            line.decode("utf-8")  # no character is cut
        event = self.event_of("a:1")
        self.assertTrue(str(event["DESCRIPTION"]).startswith(ODD))
        self.assertEqual(str(event["SUMMARY"]), "学雷锋;便民, 服务")

    def test_a_team_has_all_its_activities(self):
        self.stored("team.formed", team="t:1", name="河堤队", category="ecology", organisation="org:1", legal_status="filed")
        self.activity("a:1", team="t:1")
        self.activity("a:2", team="t:1", day="2018-09-01")
        self.activity("a:3")
        self.assertEqual(sorted(self.events("--team", "t:1")), ["a:1@620500000000.volunteerd", "a:2@620500000000.volunteerd"])
        self.assertEqual(len(self.events("--region", "620502000000")), 4)

    def test_a_volunteer_has_what_they_enrolled_for_and_sees_what_became_of_it(self):
        self.activity("a:1", places=1)
        self.activity("a:2", places=1, day="2018-09-01")
        self.enrol("v:1", "a:1")
        self.enrol("v:2", "a:1")
        self.enrol("v:2", "a:2")
        waiting, coming = "a:1/v:2@620500000000.volunteerd", "a:2/v:2@620500000000.volunteerd"
        before = self.events("--volunteer", "v:2")
        self.assertEqual((str(before[waiting]["STATUS"]), str(before[coming]["STATUS"])), ("TENTATIVE", "CONFIRMED"))
        self.stored("enrolment.cancelled", activity="a:1", volunteer="v:1")  # moves v:2 up
        self.stored("enrolment.cancelled", activity="a:2", volunteer="v:2")
        after = self.events("--volunteer", "v:2")
        self.assertEqual((str(after[waiting]["STATUS"]), str(after[coming]["STATUS"])), ("CONFIRMED", "CANCELLED"))
        for name in before:
            self.assertGreater(int(after[name]["SEQUENCE"]), int(before[name]["SEQUENCE"]))

    def test_it_is_written_into_a_file(self):
        self.activity("a:1")
        path = pathlib.Path(self.city.daemon.runtime) / "service.ics"
        self.assertEqual(self.ical("a:1", "--output", str(path)), "")
        self.assertEqual(len(icalendar.Calendar.from_ical(path.read_bytes()).walk("VEVENT")), 1)
        answer = json.loads(self.ical("a:1", "--json"))
        self.assertEqual(answer["events"], 1)
        self.assertEqual(len(icalendar.Calendar.from_ical(answer["calendar"]).walk("VEVENT")), 1)

    def test_what_is_asked_for_must_be_one_thing_that_there_is(self):
        self.ical(code=2)
        self.ical("a:1", "--team", "t:1", code=2)
        self.ical("a:9", code=1)
        self.ical("--team", "t:9", code=1)
        self.ical("--volunteer", "v:9", code=1)


if __name__ == "__main__":
    unittest.main()
