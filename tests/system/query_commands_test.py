"""dictionary.*, calendar.* and points.adjust: what is set by commands, and how it is shown."""
import unittest

from harness import QueryError, event
from small_city import QueryTest


class CommandTest(QueryTest):
    @classmethod
    def setUpClass(cls):
        cls.city = cls.start_city(cls.addClassCleanup)
        cls.city.define_basics()


class DictionaryTest(CommandTest):
    def test_the_shipped_entries_are_listed_by_dictionary(self):
        entries = self.ask("dictionary.list", dictionary="category")["items"]
        self.assertEqual((entries[0]["dictionary"], entries[0]["code"]), ("category", "neighbourhood"))
        self.assertTrue(entries[0]["title"])
        self.assertIsNone(entries[0]["retired"])
        self.assertNotIn("decimals", entries[0])
        accounts = self.ask("dictionary.list", dictionary="account")["items"]
        self.assertEqual(accounts[0]["code"], "points")
        self.assertEqual(accounts[0]["decimals"], 2)

    def test_all_dictionaries_page_without_a_gap(self):
        whole = self.ask("dictionary.list", limit=1000)
        self.assertIsNone(whole["next"])
        seen, cursor = [], None
        while True:
            page = self.ask("dictionary.list", limit=7, **({"cursor": cursor} if cursor else {}))
            seen += page["items"]
            cursor = page["next"]
            if cursor is None:
                break
        self.assertEqual(seen, whole["items"])

    def test_a_dictionary_and_one_entry(self):
        whole = self.ask("dictionary.get", dictionary="category")
        self.assertEqual((whole["dictionary"], whole["open"]), ("category", False))
        self.assertIn("elderly", [entry["code"] for entry in whole["entries"]])
        entry = self.ask("dictionary.get", dictionary="category/elderly")
        self.assertEqual((entry["code"], entry["dictionary"]), ("elderly", "category"))
        self.assertLess(entry["set_sequence"], entry["sequence"])

    def test_what_uses_an_entry_is_counted(self):
        self.assertEqual(self.ask("dictionary.get", dictionary="category/ecology")["uses"], 1)

    def test_an_entry_is_set_and_retired(self):
        answer = self.ask("dictionary.set", dictionary="category", code="snow", title="扫雪除冰",
                          **{"from": "2018-11-01"}, by="clerk:9")
        entry = self.ask("dictionary.get", dictionary="category/snow")
        self.assertEqual((entry["title"], entry["from"]), ("扫雪除冰", "2018-11-01"))
        self.assertEqual(entry["set_sequence"], answer["sequence"])
        stored = self.ask("journal.read", after=answer["sequence"] - 1, limit=1)["events"][0]
        self.assertEqual((stored["type"], stored["data"]["by"]), ("dictionary.entry_set", "clerk:9"))
        self.ask("dictionary.set", dictionary="category", code="snow", title="扫雪", retired="2019-03-01")
        self.assertEqual(self.ask("dictionary.get", dictionary="category/snow")["retired"], "2019-03-01")

    def test_a_list_is_one_batch_and_each_entry_stands_alone(self):
        answer = self.ask("dictionary.set", by="clerk:9", entries=[
            {"dictionary": "skill", "code": "first_aid", "title": "急救"},
            {"dictionary": "skill", "code": "x", "titel": "错"},
            {"dictionary": "account", "code": "points", "title": "积分", "decimals": 3},
            {"dictionary": "skill", "code": "cooking", "title": "烹饪", "by": "clerk:8"}])
        self.assertEqual((answer["stored"], answer["rejected"]), (2, 2))
        self.assertEqual([result["status"] for result in answer["results"]],
                         ["stored", "rejected", "rejected", "stored"])
        first, unknown, decimals, last = answer["results"]
        self.assertEqual((unknown["code"], unknown["field"]), ("unknown_field", "data.titel"))
        self.assertIn("title", unknown["message"])
        self.assertEqual((decimals["code"], decimals["field"]), ("wrong_state", "data.decimals"))
        self.assertEqual(answer["sequence"], last["sequence"])
        events = self.ask("journal.read", after=first["sequence"] - 1, limit=2)["events"]
        self.assertEqual([stored["data"]["by"] for stored in events], ["clerk:9", "clerk:8"])

    def test_refusals(self):
        self.refuse("unknown_dictionary", "dictionary", "dictionary.get", dictionary="colour")
        self.refuse("unknown_dictionary", "dictionary", "dictionary.get", dictionary="category/colour")
        error = self.refuse("out_of_range", "dictionary", "dictionary.list", dictionary="colour")
        self.assertIn("category, domain", error.message)
        error = self.refuse("unknown_field", "dictonary", "dictionary.list", dictonary="category")
        self.assertIn("did you mean dictionary?", error.message)
        self.refuse("out_of_range", "cursor", "dictionary.list", cursor="x")
        self.refuse("missing_field", "title", "dictionary.set", dictionary="category", code="a")
        self.refuse("not_in_dictionary", "dictionary", "dictionary.set", dictionary="colour", code="a",
                    title="b")
        self.refuse("wrong_type", "decimals", "dictionary.set", dictionary="account", code="a", title="b",
                    decimals="two")
        error = self.refuse("unknown_field", "titel", "dictionary.set", dictionary="category", code="a", titel="b")
        self.assertIn("did you mean title?", error.message)
        self.refuse("wrong_state", "retired", "dictionary.set", dictionary="category", code="ecology",
                    title="生态", retired="2019-01-01")
        self.refuse("out_of_range", "entries", "dictionary.set", entries=[])
        self.refuse("wrong_type", "entries[1]", "dictionary.set", entries=[{}, 1])
        self.refuse("unknown_field", "code", "dictionary.set", code="a", entries=[{}])

    def test_on_ingest_a_command_is_not_allowed(self):
        answer = self.city.daemon.publish_one(event("dictionary.entry_set", {
            "dictionary": "category", "code": "x", "title": "y"}))
        self.assertEqual((answer["status"], answer["code"]), ("rejected", "not_allowed"))


class CalendarTest(CommandTest):
    def test_a_day_that_nobody_set_follows_from_the_week(self):
        day = self.ask("calendar.get", calendar="2018-07-07")
        self.assertEqual((day["date"], day["kind"], day["name"], day["set"]), ("2018-07-07", "rest", None, False))
        self.assertEqual(self.ask("calendar.get", calendar="2018-07-09")["kind"], "workday")

    def test_days_are_set_and_listed(self):
        self.ask("calendar.set", date="2018-10-01", kind="holiday", name="国庆节", by="clerk:9")
        answer = self.ask("calendar.set", days=[{"date": "2018-10-02", "kind": "holiday", "name": "国庆节"},
                                                {"date": "2018-09-29", "kind": "workday"}])
        self.assertEqual((answer["stored"], answer["rejected"]), (2, 0))
        items = self.ask("calendar.list")["items"]
        self.assertEqual([(day["date"], day["kind"], day["name"]) for day in items],
                         [("2018-09-29", "workday", None), ("2018-10-01", "holiday", "国庆节"),
                          ("2018-10-02", "holiday", "国庆节")])
        self.assertEqual(self.ids("calendar.list", "date", **{"from": "2018-10-01", "to": "2018-10-01"}),
                         ["2018-10-01"])
        page = self.ask("calendar.list", limit=1)
        self.assertEqual(self.ids("calendar.list", "date", cursor=page["next"], limit=1), ["2018-10-01"])
        self.assertTrue(self.ask("calendar.get", calendar="2018-09-29")["set"])

    def test_refusals(self):
        self.refuse("bad_time", "calendar", "calendar.get", calendar="2018-02-30")
        self.refuse("wrong_type", "from", "calendar.list", **{"from": "soon"})
        self.refuse("not_in_dictionary", "kind", "calendar.set", date="2018-10-01", kind="feast")
        self.refuse("missing_field", "kind", "calendar.set", date="2018-10-01")
        self.refuse("out_of_range", "date", "calendar.set", date="1969-12-31", kind="holiday")
        self.refuse("out_of_range", "days", "calendar.set", days=[])


class MethodListTest(CommandTest):
    def test_parameters_that_follow_from_the_catalogue_are_listed(self):
        methods = {method["name"]: {p["name"]: p for p in method["parameters"]}
                   for method in self.ask("method.list")["methods"]}
        self.assertEqual(methods["region.get"]["region"], {"name": "region", "kind": "text", "required": True})
        self.assertEqual(set(methods["organisation.list"]),
                         {"name", "kind", "region", "parent", "line", "window_service", "state", "cursor", "limit"})
        self.assertEqual(methods["organisation.list"]["window_service"]["kind"], "boolean")
        self.assertEqual(set(methods["calendar.set"]), {"date", "kind", "name", "by", "days", "time"})
        self.assertEqual(methods["calendar.set"]["date"]["kind"], "date")

    def test_a_filter_that_is_none_names_the_nearest(self):
        error = self.refuse("unknown_field", "knd", "organisation.list", knd="school")
        self.assertIn("did you mean kind?", error.message)
        self.refuse("wrong_type", "window_service", "organisation.list", window_service="yes")


class HostileTest(CommandTest):
    """Whatever is put into a parameter is answered, or refused with a code: never an internal error."""

    VALUES = {
        "text": ["", "x", "长" * 200, "a/b/c", "unit/region/", "staff/organisation/org:1", "0", "\t", "620500000000"],
        "integer": [-1, 0, 1, 2**62, -(2**62)],
        "boolean": [True, False],
        "date": ["0000-01-01", "1969-12-31", "2018-02-28", "9999-12-31"],
        "object": [{}, {"a": []}],
        "list": [[], [1], [{}], ["x"] * 50],
    }
    # These stop the clock, wait, or start processes.
    LEFT_OUT = {"clock.accept", "journal.read", "policy.activate", "policy.check", "job.start"}

    def test_every_parameter_of_every_method(self):
        self.city.register("v:1")
        for method in self.ask("method.list")["methods"]:
            if method["name"] in self.LEFT_OUT:
                continue
            required = {p["name"]: self.VALUES[p["kind"]][0] for p in method["parameters"] if p["required"]}
            for parameter in method["parameters"]:
                for value in self.VALUES[parameter["kind"]]:
                    with self.subTest(method["name"], parameter=parameter["name"], value=str(value)[:20]):
                        self.try_it(method["name"], {**required, parameter["name"]: value})

    def try_it(self, method, params):
        try:
            self.ask(method, **params)
        except QueryError as error:
            self.assertIn(error.code, (-32602, -32000), error)
            self.assertTrue(error.data.get("code"), error)

    def test_methods_take_no_word_for_a_number(self):
        for method in self.ask("method.list")["methods"]:
            for parameter in method["parameters"]:
                with self.subTest(method["name"], parameter=parameter["name"]):
                    error = self.refuse("wrong_type", parameter["name"], method["name"],
                                        **{parameter["name"]: None})
                    self.assertEqual(error.code, -32602)


if __name__ == "__main__":
    unittest.main()
