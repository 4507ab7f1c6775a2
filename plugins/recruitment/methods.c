#include "methods.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recruitment.h"
#include "table.h"

void answer_json(struct vol_call *call, json_t *answer) {
    char *text = json_dumps(answer, JSON_COMPACT);
    if (text)
        vol_answer(call, text);
    else
        vol_refuse(call, "busy", "", "out of memory");
    free(text);
    json_decref(answer);
}

const char *parameter_text(struct recruitment *recruitment, const struct vol_value *parameters,
                           const char *name) {
    return vol_text(recruitment->core, vol_member(recruitment->core, parameters, name));
}

/* The command line sends what it was given, which may be a text. */
int64_t parameter_number(struct recruitment *recruitment, const struct vol_value *parameters,
                         const char *name, int64_t fallback) {
    const char *text = parameter_text(recruitment, parameters, name);
    char *end = NULL;
    if (!text)
        return vol_integer(recruitment->core, vol_member(recruitment->core, parameters, name),
                           fallback);
    long long number = strtoll(text, &end, 10);
    return *text && !*end ? number : fallback;
}

void parameter_page(struct recruitment *recruitment, const struct vol_value *parameters,
                    int64_t *ret_cursor, int64_t *ret_limit) {
    *ret_cursor = parameter_number(recruitment, parameters, "cursor", 0);
    *ret_limit = parameter_number(recruitment, parameters, "limit", PAGE_LIMIT);
    if (*ret_limit < 1 || *ret_limit > PAGE_LIMIT_MOST)
        *ret_limit = PAGE_LIMIT_MOST;
}

/* ---- status ---- */

static json_t *text_or_null(const char *text) {
    return text && *text ? json_string(text) : json_null();
}

static json_t *time_or_null(int64_t ms) {
    char text[TIME_BYTES];
    if (ms <= 0)
        return json_null();
    time_text(ms, text);
    return json_string(text);
}

static int64_t problems_of(struct recruitment *recruitment, int resource, const char *state) {
    return sql_number(&recruitment->sql, 0,
                      "SELECT count(*) FROM problems WHERE resource = ? AND state = ?", "ss",
                      resource_kinds[resource].name, state);
}

static json_t *resource_status(struct recruitment *recruitment, int resource) {
    const char *name = resource_kinds[resource].name;
    struct place place;
    cursor_read(&recruitment->sql, (enum resource)resource, &place);
    json_t *object = json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "resource", name, "title",
        resource_kinds[resource].title, "pulled",
        (json_int_t)sql_number(&recruitment->sql, 0,
                               "SELECT pulled FROM cursors WHERE resource = ?", "s", name),
        "live",
        (json_int_t)sql_number(&recruitment->sql, 0,
                               "SELECT count(*) FROM things WHERE resource = ? AND deleted = 0",
                               "s", name),
        "deleted",
        (json_int_t)sql_number(&recruitment->sql, 0,
                               "SELECT count(*) FROM things WHERE resource = ? AND deleted = 1",
                               "s", name),
        "waiting", (json_int_t)problems_of(recruitment, resource, "waiting"), "conflicts",
        (json_int_t)problems_of(recruitment, resource, "conflict"), "ignored",
        (json_int_t)problems_of(recruitment, resource, "ignored"), "late",
        (json_int_t)sql_number(&recruitment->sql, 0, "SELECT count(*) FROM late WHERE resource = ?",
                               "s", name));
    json_object_set_new(object, "cursor",
                        place.begun ? json_pack("{s:I, s:s}", "modified",
                                                (json_int_t)place.modified, "id", place.id)
                                    : json_null());
    return object;
}

static json_t *outbox_status(struct recruitment *recruitment) {
    static const char *const states[] = {"waiting", "sending", "failed", "sent", "given_up"};
    json_t *object = json_object();
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        json_object_set_new(object, states[i],
                            json_integer(outbox_count(&recruitment->outbox, states[i])));
    return object;
}

/* What the table does not say: the outbox, the last contact, and what is wrong. */
static void say_status(struct recruitment *recruitment, json_t *answer) {
    static const struct table_column columns[] = {
        {"waiting", "待推送", "integer"},  {"sending", "推送中", "integer"},
        {"failed", "待重试", "integer"},   {"sent", "已送达", "integer"},
        {"given_up", "已放弃", "integer"}, {NULL, NULL, NULL}};
    const char *contact = json_string_value(json_object_get(answer, "last_contact"));
    char sentence[400];
    json_t *list = json_pack("[O]", json_object_get(answer, "outbox"));
    document_put(answer, "向平台推送", columns, list);
    json_decref(list);
    snprintf(sentence, sizeof sentence, "平台：%.200s，最近一次应答：%s", recruitment->url,
             contact ? contact : "还没有");
    document_say(answer, sentence);
    if (!*recruitment->last_error)
        return;
    snprintf(sentence, sizeof sentence, "最近的错误：%s", recruitment->last_error);
    document_say(answer, sentence);
}

static void method_status(void *self, struct vol_call *call, const struct vol_value *parameters) {
    static const struct table_column columns[] = {
        {"title", "类别", "text"},        {"pulled", "取到", "integer"},
        {"live", "现有", "integer"},      {"deleted", "已删除", "integer"},
        {"waiting", "等待中", "integer"}, {"conflicts", "冲突", "integer"},
        {"ignored", "不处理", "integer"}, {NULL, NULL, NULL}};
    struct recruitment *recruitment = self;
    json_t *answer = json_object(), *list = json_array(), *resources = json_object();
    (void)parameters;
    for (int i = 0; i < RESOURCES; i++)
        json_array_append_new(list, resource_status(recruitment, i));
    for (int i = 0; i < RESOURCES; i++)
        json_object_set(resources, resource_kinds[i].name, json_array_get(list, (size_t)i));
    json_object_set_new(answer, "state", json_string(pull_state(recruitment)));
    json_object_set_new(answer, "last_contact", time_or_null(recruitment->last_contact_s * 1000));
    json_object_set_new(answer, "last_error", text_or_null(recruitment->last_error));
    json_object_set_new(answer, "follow",
                        json_integer(database_number(&recruitment->sql, "follow", 0)));
    json_object_set_new(answer, "url", json_string(recruitment->url));
    json_object_set_new(answer, "resources", resources);
    json_object_set_new(answer, "outbox", outbox_status(recruitment));
    table_put(answer, "招募平台", columns, list);
    document_put(answer, "从平台取数", columns, list);
    say_status(recruitment, answer);
    json_decref(list);
    answer_json(call, answer);
}

static void method_pull(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)parameters;
    pull_soon(self);
    vol_answer(call, "{\"pulling\":true}");
}

const struct vol_method recruitment_methods[] = {
    {"status", method_status, NULL,
     "how far each resource was read, what waits, the outbox by state, the last contact and error"},
    {"conflicts", method_conflicts, "resource, state (conflict, waiting, ignored), cursor, limit",
     "items of the platform that were refused here: why, and where"},
    {"resolve", method_resolve, "conflict, action (retry, ignore)",
     "tries an item again, or leaves it"},
    {"link", method_link, "resource (registrations, teams, activities), external, id",
     "says that it is one that is registered here already"},
    {"reload", method_reload, NULL, "reads the mapping again, and tries again what was refused"},
    {"outbox", method_outbox, "state (waiting, sending, failed, sent, given_up), cursor, limit",
     "what the platform is to be told, and what became of it"},
    {"resend", method_resend, "item, or state = given_up", "sends what was given up once more"},
    {"pull", method_pull, NULL, "reads the platform now"},
    {"reconcile", method_reconcile, NULL, "both sides' totals, and examples of what differs"},
    {NULL, NULL, NULL, NULL}};
