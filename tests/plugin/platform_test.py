"""The recruitment platform of the tests, and the contract that it keeps: the document is whole, every answer is as it
says, and each fault is the fault it is called. What the plugin is tested against must itself be right."""

import collections
import http.client
import json
import pathlib
import ssl
import sys
import tempfile
import time
import unittest
import urllib.parse

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "platform"))

import client
import population
import webhooks
from database import RESOURCES

CONTRACT = json.loads((ROOT / "plugins" / "recruitment" / "openapi.json").read_text(encoding="utf-8"))
METHODS = ("get", "put", "post", "delete", "patch")


def resolved(node):
    """What a node says, a reference followed."""
    while "$ref" in node:
        name = node["$ref"]
        assert name.startswith("#/"), name
        node = CONTRACT
        for part in name[2:].split("/"):
            node = node[part]
    return node


def nodes(node):
    """Every object of the document."""
    if isinstance(node, dict):
        yield node
    for below in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(below)


def operations():
    for place in ("paths", "webhooks"):
        for name, path in CONTRACT[place].items():
            for method, operation in path.items():
                yield place, name, method, operation


def check(value, schema):
    """Against a schema of the document; its references begin at the document's root."""
    whole = {"$schema": "https://json-schema.org/draft/2020-12/schema", "components": CONTRACT["components"], **schema}
    jsonschema.Draft202012Validator(whole).validate(value)


def check_answer(path, method, status, headers, body):
    """One answer of the platform against the document."""
    operation = CONTRACT["paths"][path][method.lower()]
    response = resolved(operation["responses"][str(status)])
    for name, header in response.get("headers", {}).items():
        if header.get("required"):
            assert name in headers, f"{path} {status}: no {name}"
    if "content" not in response:
        assert not body
        return None
    media = headers["Content-Type"].split(";")[0]
    value = json.loads(body)
    check(value, response["content"][media]["schema"])
    return value


class Contract(unittest.TestCase):
    def test_the_document_has_what_openapi_asks_of_it(self):
        self.assertRegex(CONTRACT["openapi"], r"^3\.1\.\d+$")
        self.assertTrue(CONTRACT["info"]["title"] and CONTRACT["info"]["version"])
        self.assertTrue(all(server["url"].startswith("https://") for server in CONTRACT["servers"]))
        names = set()
        for _, name, method, operation in operations():
            self.assertIn(method, METHODS, name)
            self.assertNotIn(operation["operationId"], names)
            names.add(operation["operationId"])
            self.assertTrue(operation["summary"], name)
            for response in operation["responses"].values():
                self.assertTrue(resolved(response)["description"], name)
            for parameter in operation.get("parameters", []):
                parameter = resolved(parameter)
                self.assertIn(parameter["in"], ("query", "header", "path"))
                self.assertTrue(parameter["description"] and parameter["schema"], parameter["name"])
        self.assertEqual({name for _, name, _, _ in operations() if name.startswith("/v1/")},
                         {f"/v1/{name}" for name in (*RESOURCES, "totals", "results", "notifications")})
        self.assertEqual(set(CONTRACT["webhooks"]), {"items.changed", "results.decided"})

    def test_every_reference_leads_somewhere_and_nothing_is_left_over(self):
        referred = {node["$ref"] for node in nodes(CONTRACT) if "$ref" in node}
        for name in referred:
            self.assertIsInstance(resolved({"$ref": name}), dict)
        for group in ("schemas", "parameters", "responses"):
            for name in CONTRACT["components"][group]:
                self.assertIn(f"#/components/{group}/{name}", referred)

    def test_every_operation_says_its_errors_and_each_is_a_problem(self):
        for place, name, method, operation in operations():
            wanted = {"401", "429", "500"} | ({"403", "503"} if place == "paths" and operation.get("security") != [] else set())
            if method == "post":
                wanted |= {"400", "413"}
            self.assertEqual(wanted - set(operation["responses"]), set(), name)
            for status, response in operation["responses"].items():
                if status.startswith("2"):
                    continue
                content = resolved(response)["content"]["application/problem+json"]
                self.assertEqual(content["schema"], {"$ref": "#/components/schemas/Problem"})
                for example in content["examples"].values():
                    check(example["value"], content["schema"])
                    self.assertEqual(str(example["value"]["status"]), status)

    def test_every_schema_is_one_and_its_examples_are_of_it(self):
        for name, schema in CONTRACT["components"]["schemas"].items():
            jsonschema.Draft202012Validator.check_schema(schema)
            for example in schema.get("examples", []):
                check(example, schema)
        for resource in ("Registration", "Team", "Activity", "Enrolment", "Attendance"):
            for member, schema in CONTRACT["components"]["schemas"][resource]["properties"].items():
                said = schema.get("description") or resolved(schema if "$ref" in schema else schema)["description"]
                self.assertRegex(said, r"[\u4e00-\u9fff]", f"{resource}.{member}")


class PlatformTest(unittest.TestCase):
    """A class of tests with one platform; `people` is how many are in it."""

    people = 60

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="vp-")
        cls.addClassCleanup(folder.cleanup)
        cls.platform = client.Platform(folder.name, people=cls.people).start()
        cls.addClassCleanup(cls.platform.stop)
        cls.context = ssl.create_default_context(cafile=cls.platform.ca)

    def request(self, method, target, body=None, headers=None, url=None):
        """(status, headers, body), as they came."""
        place = urllib.parse.urlsplit(url or self.platform.url)
        connection = http.client.HTTPSConnection(place.hostname, place.port, context=self.context, timeout=30)
        self.addCleanup(connection.close)
        sent = {"Authorization": f"Bearer {self.platform.token}", **(headers or {})}
        connection.request(method, target, body, {name: text for name, text in sent.items() if text is not None})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def call(self, method, target, body=None, headers=None, status=200):
        """An answer that is as the contract says."""
        got, answered, text = self.request(method, target, body, headers)
        self.assertEqual(got, status, text)
        return check_answer(urllib.parse.urlsplit(target).path, method, got, answered, text)

    def pages(self, resource, limit):
        target = f"/v1/{resource}?limit={limit}"
        while True:
            page = self.call("GET", target)
            yield page
            if not page["items"]:
                return
            target = page["next"]

    def push(self, items, key, status=200):
        return self.call("POST", "/v1/results", json.dumps({"items": items}),
                         {"Content-Type": "application/json", "Idempotency-Key": key}, status)


def result(key, kind="stars", external_id="R0000001", version=1, **value):
    return {"key": key, "kind": kind, "external_id": external_id, "version": version,
            "at": "2018-08-23T09:00:00+08:00", "value": value}


class Pulling(PlatformTest):
    def test_every_item_comes_once_and_in_order_and_is_as_the_contract_says(self):
        for resource in RESOURCES:
            items = [item for page in self.pages(resource, 7) for item in page["items"]]
            places = [(item["modified"], item["id"]) for item in items]
            self.assertEqual(places, sorted(set(places)))
            self.assertEqual(len(items), self.platform.totals()["resources"][resource]["live"])

    def test_several_share_a_moment_so_that_who_pages_by_time_alone_loses_some(self):
        moments = collections.Counter(item["modified"] for page in self.pages("registrations", 500) for item in page["items"])
        self.assertGreater(max(moments.values()), 7)

    def test_the_last_page_repeats_until_something_changes_and_then_has_only_that(self):
        *_, last = self.pages("teams", 500)
        again = self.call("GET", last["next"])
        self.assertEqual(again, last)
        self.platform.put("teams", "T0001", merge={"teamName": "改了名的队伍"})
        news = self.call("GET", last["next"])["items"]
        self.assertEqual([(item["id"], item["data"]["teamName"]) for item in news], [("T0001", "改了名的队伍")])

    def test_what_is_deleted_is_said_and_has_no_content(self):
        *_, last = self.pages("attendance", 500)
        self.platform.put("attendance", "K0000001")
        news = self.call("GET", last["next"])["items"]
        self.assertEqual([(item["id"], item["state"], "data" in item) for item in news], [("K0000001", "deleted", False)])
        self.assertEqual(self.platform.totals()["resources"]["attendance"]["deleted"], 1)

    def test_wrong_parameters_and_tokens_are_refused(self):
        for target in ("/v1/teams?limit=0", "/v1/teams?limit=501", "/v1/teams?limit=x", "/v1/teams?after_modified=1",
                       "/v1/teams?after_modified=-1&after_id=", "/v1/teams?after_modified=1&after_id=a%20b"):
            self.assertEqual(self.call("GET", target, status=400)["code"], "bad_request")
        for token in (None, "Bearer nobody", "Basic eDp5"):
            self.assertEqual(self.call("GET", "/v1/teams", headers={"Authorization": token}, status=401)["code"],
                             "unauthorised")
        self.assertEqual(self.request("GET", "/v1/secrets")[0], 404)
        self.assertEqual(self.request("DELETE", "/v1/teams")[0], 404)


class People(unittest.TestCase):
    def make(self, people, seed, **more):
        until = more.get("until", population.datetime.date(2018, 12, 1))
        return list(population.Population(people, seed, until, 25, ["620502001001", "620503001001"]).rows())

    def test_the_same_seed_makes_the_same_people_and_another_makes_others(self):
        self.assertEqual(self.make(200, 7), self.make(200, 7))
        self.assertNotEqual(self.make(200, 7), self.make(200, 8))

    def test_everybody_has_a_number_of_their_own_that_says_their_birthday_and_sex(self):
        numbers = set()
        for resource, _, _, text in self.make(20000, 1):
            data = json.loads(text)
            if resource != "registrations":
                continue
            number = data["idNo"]
            digits = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(number[:17]))
            self.assertEqual(number[17], "10X98765432"[digits % 11])
            self.assertEqual(number[6:14], data["birthday"].replace("-", ""))
            self.assertEqual(int(number[16]) % 2, 1 if data["gender"] == "男" else 0)
            numbers.add(number)
        self.assertEqual(len(numbers), 20000)

    def test_nothing_is_later_than_it_should_be_and_who_came_was_enrolled(self):
        until = population.milliseconds(population.datetime.datetime(2018, 12, 1, tzinfo=population.CHINA))
        enrolled, came = set(), set()
        for resource, _, modified, text in self.make(3000, 1):
            data = json.loads(text)
            self.assertLess(modified, until)
            if resource in ("enrolments", "attendance"):
                pair = (data["registrationId"], data["activityId"], data.get("periodNo"))
                (enrolled if resource == "enrolments" else came).add(pair)
        self.assertEqual((len(enrolled), len(came)), (3000, 2700))
        self.assertLess(came, enrolled)


class Pushing(PlatformTest):
    def test_what_comes_again_has_one_effect(self):
        item = result("one", "hours", record="r1", minutes=120)
        self.assertEqual(self.push([item], "b1")["items"], [{"key": "one", "status": "accepted"}])
        for batch in ("b1", "b2"):  # the same message, and the same item in another
            self.assertEqual(self.push([item], batch)["items"][0]["code"], "repeated")
        self.assertEqual(self.platform.totals()["results"]["minutes"], 120)
        self.assertEqual(self.platform.ask("pushes")["hours"]["repeats"], 2)

    def test_an_older_state_does_not_replace_a_newer_one(self):
        newer = result("s9", version=9, external_id="R0000002", stars=2)
        older = result("s5", version=5, external_id="R0000002", stars=1)
        self.push([newer], "b3")
        self.assertEqual(self.push([older], "b4")["items"][0], {"key": "s5", "status": "accepted", "code": "superseded"})
        held = [item["value"] for item in self.platform.held("stars") if item["external_id"] == "R0000002"]
        self.assertEqual(held, [{"stars": 2}])

    def test_each_item_is_answered_for_itself_with_the_code_that_fits(self):
        items = [result("good", external_id="R0000003", stars=5), result("nobody", external_id="R9999999", stars=1),
                 result("wrong", external_id="R0000003", stars=9),
                 result("decision", "enrolment_decision", "E0000001", outcome="候补"),
                 result("word", "enrolment_decision", "E0000001", outcome="maybe"),
                 result("paper", "certificate", "R0000003", certificateNo="天志证〔2018〕1号", minutes=600, status="有效")]
        answers = self.push(items, "b5")["items"]
        self.assertEqual([(answer["key"], answer["status"], answer.get("code")) for answer in answers], [
            ("good", "accepted", None), ("nobody", "refused", "unknown_external_id"), ("wrong", "refused", "bad_value"),
            ("decision", "accepted", None), ("word", "refused", "bad_value"), ("paper", "accepted", None)])
        self.assertEqual([answer["retryable"] for answer in answers if answer["status"] == "refused"], [True, False, False])
        other = result("good", external_id="R0000003", stars=4)
        self.assertEqual(self.push([other], "b6")["items"][0]["code"], "key_conflict")

    def test_a_key_that_stood_for_another_message_is_refused_whole(self):
        self.push([result("k1", external_id="R0000004", stars=1)], "b7")
        self.assertEqual(self.push([result("k2", external_id="R0000004", stars=2)], "b7", 422)["code"], "key_reused")
        self.assertNotIn({"stars": 2}, [item["value"] for item in self.platform.held("stars")
                                        if item["external_id"] == "R0000004"])

    def test_messages_that_are_none_are_refused(self):
        good = {"Content-Type": "application/json", "Idempotency-Key": "b8"}
        for body, headers, status in (
                (b"no json", good, 400), (b"[]", good, 400), (b'{"items": []}', good, 400), (b'{"items": [1]}', good, 400),
                (json.dumps({"items": [result(f"n{n}", stars=1) for n in range(101)]}), good, 400),
                (b"{}", {**good, "Idempotency-Key": None}, 400), (b"{}", {**good, "Content-Type": "text/plain"}, 415),
                (b" " * (1 << 20) + b"{}", good, 413)):
            self.call("POST", "/v1/results", body, headers, status)

    def test_what_is_held_can_be_paged_through_and_adds_up_to_the_totals(self):
        self.push([result(f"p{n}", "hours", f"R00000{n:02d}", record=f"p{n}", minutes=n) for n in range(10, 20)], "b9")
        items, after = [], ""
        while after is not None:
            page = self.call("GET", f"/v1/results?limit=3&after={urllib.parse.quote(after)}")
            items += page["items"]
            after = page.get("next")
        totals = self.call("GET", "/v1/totals")["results"]
        self.assertEqual(sum(item["value"]["minutes"] for item in items if item["kind"] == "hours"), totals["minutes"])
        self.assertEqual(sum(item["value"]["stars"] for item in items if item["kind"] == "stars"), totals["stars"])
        self.assertEqual([item["thing"] for item in items], sorted(item["thing"] for item in items))


class Faults(PlatformTest):
    def spoilt(self, kind, target="/v1/teams", **what):
        self.platform.fault(kind, urllib.parse.urlsplit(target).path, **what)
        return self.request("GET", target)

    def test_refusals_are_those_of_the_contract_and_go_away(self):
        for kind, status in (("too_many", 429), ("unavailable", 503), ("failure", 500), ("unauthorised", 401),
                             ("forbidden", 403)):
            got, headers, body = self.spoilt(kind, retry_after=7)
            self.assertEqual(got, status)
            check_answer("/v1/teams", "GET", got, headers, body)
            if status in (429, 503):
                self.assertEqual(headers["Retry-After"], "7")
            self.call("GET", "/v1/teams")

    def test_a_connection_is_cut_before_and_within_the_answer(self):
        for kind, error in (("cut", (ConnectionError, http.client.RemoteDisconnected)),
                            ("cut_body", (http.client.IncompleteRead, ConnectionError)),
                            ("cut_after", (ConnectionError, http.client.RemoteDisconnected))):
            with self.assertRaises(error):
                self.spoilt(kind)
            self.call("GET", "/v1/teams")

    def test_what_was_pushed_before_a_cut_is_kept(self):
        self.platform.fault("cut_after", "/v1/results", method="POST")
        with self.assertRaises((ConnectionError, http.client.RemoteDisconnected)):
            self.push([result("cut", external_id="R0000005", stars=3)], "cut")
        self.assertEqual(self.push([result("cut", external_id="R0000005", stars=3)], "cut")["items"][0]["code"], "repeated")

    def test_pages_come_again_and_in_another_order(self):
        first = self.call("GET", "/v1/activities?limit=1")
        self.platform.fault("repeat", "/v1/activities")
        self.assertEqual(self.call("GET", first["next"]), first)
        whole = self.call("GET", "/v1/registrations?limit=5")
        self.platform.fault("reorder", "/v1/registrations")
        turned = self.call("GET", "/v1/registrations?limit=5")
        self.assertEqual((turned["items"][::-1], turned["next"]), (whole["items"], whole["next"]))

    def test_members_go_missing_change_their_type_and_come_new(self):
        for kind, member in (("missing", "idNo"), ("wrong_type", "realName"), ("page_without", "next")):
            _, headers, body = self.spoilt(kind, "/v1/registrations?limit=3", member=member)
            with self.assertRaises(jsonschema.ValidationError):
                check_answer("/v1/registrations", "GET", 200, headers, body)
        _, headers, body = self.spoilt("extra", "/v1/registrations?limit=3", member="bloodType")
        page = check_answer("/v1/registrations", "GET", 200, headers, body)
        self.assertTrue(all("bloodType" in item["data"] for item in page["items"]))

    def test_answers_that_are_no_pages(self):
        for kind in ("garbage", "html"):
            with self.assertRaises(ValueError):
                json.loads(self.spoilt(kind)[2])
        self.assertGreater(len(self.spoilt("huge")[2]), 8 << 20)

    def test_pushed_items_are_refused_and_answers_left_out(self):
        self.platform.fault("refuse_items", "/v1/results", code="later")
        answer = self.push([result("later", external_id="R0000006", stars=1)], "later")["items"][0]
        self.assertEqual((answer["code"], answer["retryable"]), ("later", True))
        self.platform.fault("fewer_answers", "/v1/results")
        self.assertEqual(self.push([result("few", external_id="R0000006", stars=1)], "few")["items"], [])

    def test_a_slow_answer_is_slow_and_a_fault_waits_for_its_turn(self):
        self.platform.fault("slow", "/v1/totals", seconds=0.2)
        before = time.monotonic()
        self.call("GET", "/v1/totals")
        self.assertGreaterEqual(time.monotonic() - before, 0.2)
        self.platform.fault("failure", "/v1/totals", after=1, times=2)
        self.assertEqual([self.request("GET", "/v1/totals")[0] for _ in range(4)], [200, 500, 500, 200])
        self.assertEqual(self.platform.ask("faults")["left"], 0)

    def test_who_checks_names_and_authorities_does_not_talk_to_a_wrong_one(self):
        with self.assertRaises(ssl.SSLCertVerificationError) as caught:
            self.request("GET", "/v1/teams", url=self.platform.wrong_url)
        self.assertIn("localhost", str(caught.exception))
        self.context = ssl.create_default_context()
        with self.assertRaises(ssl.SSLCertVerificationError):
            self.request("GET", "/v1/teams")


class Webhooks(PlatformTest):
    def test_a_signature_is_that_of_standard_webhooks(self):
        self.assertEqual(
            webhooks.signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330",
                               b'{"test": 2432232314}'), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")

    def notify(self, body, id="msg_1", timestamp=None, signature=None):
        timestamp = str(timestamp or int(time.time()))
        return self.request("POST", "/v1/notifications", body, {
            "Authorization": None, "Content-Type": "application/json", "webhook-id": id, "webhook-timestamp": timestamp,
            "webhook-signature": signature or webhooks.signature(self.platform.webhook_secret, id, timestamp, body)})

    def test_signed_news_are_taken_once_and_forged_or_old_ones_are_not(self):
        body = json.dumps({"type": "results.decided", "timestamp": "2018-08-23T09:00:00+08:00",
                           "data": {"items": [result("n1", stars=1)]}}).encode()
        check(json.loads(body), {"$ref": "#/components/schemas/DecidedHook"})
        right = webhooks.signature(self.platform.webhook_secret, "msg_1", str(int(time.time())), body)
        for _ in range(2):
            self.assertEqual(self.notify(body)[0], 204)
        self.assertEqual(self.notify(body, signature=f"v1,{'A' * 43}=")[0], 401)
        self.assertEqual(self.notify(body + b" ", signature=right)[0], 401)
        status, headers, text = self.notify(body, timestamp=int(time.time()) - 301)
        self.assertEqual(check_answer("/v1/notifications", "POST", status, headers, text)["code"], "stale_timestamp")
        self.assertEqual(self.notify(b'{"type": "other"}', "msg_2")[0], 400)
        self.assertEqual(self.notify(b" " * (300 << 10), "msg_3")[0], 413)
        self.assertEqual([(one["id"], one["times"]) for one in self.platform.ask("notifications")["notifications"]],
                         [("msg_1", 2)])


if __name__ == "__main__":
    unittest.main()
