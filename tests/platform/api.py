"""What the test platform answers to each request, by plugins/recruitment/openapi.json. No sockets here: a request comes
as method, target, headers and body, and becomes a status, headers and a body.

Threads: any; the database has its lock."""

import datetime
import hmac
import json
import re
import threading
import urllib.parse

import faults
import webhooks
from database import KINDS, RESOURCES, KeyReused, refused

CHINA = datetime.timezone(datetime.timedelta(hours=8))
MOST_BODY = 1 << 20
MOST_HOOK = 256 << 10
JSON_TYPE, PROBLEM_TYPE = "application/json", "application/problem+json"


class Refusal(Exception):
    """An answer that is an error of the contract."""

    def __init__(self, status, code, title, parameter=None, retry_after=None):
        super().__init__(title)
        self.status, self.retry_after = status, retry_after
        self.body = {"type": "about:blank", "title": title, "status": status, "code": code}
        if parameter:
            self.body["parameter"] = parameter

    def answer(self):
        headers = {"Content-Type": PROBLEM_TYPE}
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return self.status, headers, json.dumps(self.body, ensure_ascii=False).encode()


class Api:
    def __init__(self, database, token, webhook_secret):
        self.database, self.token, self.webhook_secret = database, token, webhook_secret
        self.lock = threading.Lock()
        self.pages = {}  # the last page given of each resource, for the fault that repeats it

    def answer(self, method, target, headers, body, fault=None):
        """(status, headers, body)."""
        place = urllib.parse.urlsplit(target)
        try:
            self.refuse_by(fault)
            if place.path == "/v1/notifications":
                return self.notification(method, headers, body)
            self.check_token(headers)
            query = dict(urllib.parse.parse_qsl(place.query, keep_blank_values=True))
            name = place.path.removeprefix("/v1/")
            if method == "GET" and place.path.startswith("/v1/") and name in RESOURCES:
                return good(self.page(name, query, fault))
            if method == "GET" and name == "totals":
                return good(self.totals())
            if method == "GET" and name == "results":
                return good(self.held(query))
            if method == "POST" and name == "results":
                return good(self.push(headers, body, fault))
            raise Refusal(404, "not_found", "没有这个地址")
        except Refusal as refusal:
            return refusal.answer()

    @staticmethod
    def refuse_by(fault):
        kind = fault.kind if fault else None
        if kind == "too_many":
            raise Refusal(429, "too_many_requests", "请求太多", retry_after=fault.retry_after)
        if kind == "unavailable":
            raise Refusal(503, "unavailable", "平台维护中", retry_after=fault.retry_after)
        if kind == "failure":
            raise Refusal(500, "failure", "平台内部出错")
        if kind == "unauthorised":
            raise Refusal(401, "unauthorised", "令牌不对")
        if kind == "forbidden":
            raise Refusal(403, "forbidden", "令牌没有这项权限")

    def check_token(self, headers):
        given = headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.token}".encode()):
            raise Refusal(401, "unauthorised", "没有令牌，或令牌不对")

    # ---- pulled ----

    def page(self, resource, query, fault):
        modified, id, limit = page_parameters(query)
        items = self.database.page(resource, modified, id, limit)
        if items:
            modified, id = items[-1]["modified"], items[-1]["id"]
        page = {"items": items, "next": f"/v1/{resource}?after_modified={modified}&after_id={id}&limit={limit}"}
        with self.lock:
            before = self.pages.get(resource)
            self.pages[resource] = page
        return faults.spoil_page(fault, json.loads(json.dumps(page)), before) if fault else encode(page)

    def totals(self):
        now = datetime.datetime.now(CHINA).strftime("%Y-%m-%dT%H:%M:%S+08:00")
        return encode({"at": now, **self.database.totals()})

    def held(self, query):
        limit = number(query, "limit", 500, 1, 500)
        after = query.get("after", "")
        if len(after) > 256:
            raise Refusal(400, "bad_request", "after 太长", "after")
        items = self.database.held(after, limit)
        return encode({"items": items, **({"next": items[-1]["thing"]} if len(items) == limit else {})})

    # ---- pushed ----

    def push(self, headers, body, fault):
        key = headers.get("Idempotency-Key", "")
        if not re.fullmatch(r"[\x21-\x7e]{1,128}", key):
            raise Refusal(400, "bad_request", "须有请求头 Idempotency-Key", "Idempotency-Key")
        if headers.get("Content-Type", "").split(";")[0] != JSON_TYPE:
            raise Refusal(415, "wrong_media_type", "须为 application/json")
        items = results_of(body)
        if fault and fault.kind == "refuse_items":
            retryable = fault.code == "later"
            return encode({"items": [refused(item["key"], fault.code, retryable, "按测试要求") for item in items]})
        try:
            answers = {"items": self.database.push(key, items)}
        except KeyReused:
            raise Refusal(422, "key_reused", "幂等键用于过别的内容") from None
        return encode(faults.spoil_answers(fault, answers) if fault else answers)

    def notification(self, method, headers, body):
        if method != "POST":
            raise Refusal(404, "not_found", "没有这个地址")
        if len(body) > MOST_HOOK:
            raise Refusal(413, "too_large", "正文超过 256 KiB")
        wrong = webhooks.code_of_wrong(self.webhook_secret, headers, body)
        if wrong:
            raise Refusal(401, wrong, "签名不对，或时间相差太多")
        hook = object_of(body)
        if hook.get("type") != "results.decided" or not isinstance(hook.get("data"), dict):
            raise Refusal(400, "bad_request", "type 须为 results.decided", "type")
        results_of(encode(hook["data"]))
        self.database.notified(headers["webhook-id"], body.decode())
        return 204, {}, b""


def encode(value):
    return json.dumps(value, ensure_ascii=False).encode()


def good(body):
    return 200, {"Content-Type": JSON_TYPE}, body


def object_of(body):
    try:
        value = json.loads(body)
    except ValueError:
        raise Refusal(400, "bad_request", "正文不是 JSON") from None
    if not isinstance(value, dict):
        raise Refusal(400, "bad_request", "正文须为对象")
    return value


def results_of(body):
    """The items of a body, each with the members that every kind has."""
    if len(body) > MOST_BODY:
        raise Refusal(413, "too_large", "正文超过 1 MiB")
    items = object_of(body).get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= 100:
        raise Refusal(400, "bad_request", "items 须为 1 至 100 件", "items")
    for place, item in enumerate(items):
        if not is_result(item):
            raise Refusal(400, "bad_request", "一件须有 key、kind、external_id、version、at、value，没有别的", f"items[{place}]")
    return items


def is_result(item):
    if not isinstance(item, dict) or set(item) != {"key", "kind", "external_id", "version", "at", "value"}:
        return False
    texts = all(isinstance(item[name], str) for name in ("key", "kind", "external_id", "at"))
    return (texts and item["kind"] in KINDS and 1 <= len(item["key"]) <= 128 and isinstance(item["value"], dict)
            and isinstance(item["version"], int) and item["version"] >= 1
            and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", item["at"]) is not None)


def number(query, name, default, least, most):
    given = query.get(name)
    if given is None:
        return default
    if not re.fullmatch(r"[0-9]{1,18}", given) or not least <= int(given) <= most:
        raise Refusal(400, "bad_request", f"{name} 须在 {least} 至 {most} 之间", name)
    return int(given)


def page_parameters(query):
    if ("after_modified" in query) != ("after_id" in query):
        raise Refusal(400, "bad_request", "after_modified 与 after_id 须同给或同不给", "after_id")
    id = query.get("after_id", "")
    if not re.fullmatch(r"[A-Za-z0-9._-]{0,40}", id):
        raise Refusal(400, "bad_request", "after_id 不是编号", "after_id")
    return number(query, "after_modified", -1, 0, 1 << 62), id, number(query, "limit", 500, 1, 500)
