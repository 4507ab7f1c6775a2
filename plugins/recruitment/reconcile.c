#include "reconcile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "methods.h"
#include "platform.h"
#include "recruitment.h"
#include "table.h"

#define SLICE 500

enum {
    STEP_CORE = 0, /* a resource each, then a walk through each, then results */
    STEP_WALK = RESOURCES,
    STEP_RESULTS = 2 * RESOURCES,
    STEP_END
};

/* What the platform was told, by the names of its totals. */
struct result_total {
    const char *name, *group, *title; /* group: member of the platform's results; NULL: none */
    const char *ask;                  /* one number of what was told */
};

static const struct result_total result_totals[] = {
    {"accepted", "decisions", "报名通过",
     "SELECT count(*) FROM told WHERE kind = 'enrolment_decision' AND value LIKE '%\"accepted\"%'"},
    {"waitlisted", "decisions", "报名候补",
     "SELECT count(*) FROM told WHERE kind = 'enrolment_decision' AND value LIKE "
     "'%\"waitlisted\"%'"},
    {"refused", "decisions", "报名不通过",
     "SELECT count(*) FROM told WHERE kind = 'enrolment_decision' AND value LIKE '%\"refused\"%'"},
    {"records", NULL, "服务记录", "SELECT count(*) FROM told WHERE kind = 'hours' AND number > 0"},
    {"minutes", NULL, "时长（分钟）", "SELECT sum(number) FROM told WHERE kind = 'hours'"},
    {"starred", NULL, "有星级的人",
     "SELECT count(*) FROM told WHERE kind = 'stars' AND number > 0"},
    {"stars", NULL, "星级合计", "SELECT sum(number) FROM told WHERE kind = 'stars'"},
    {"valid", "certificates", "有效证明",
     "SELECT count(*) FROM told WHERE kind = 'certificate' AND number = 1"},
    {"revoked", "certificates", "作废证明",
     "SELECT count(*) FROM told WHERE kind = 'certificate' AND number = 0"},
};
#define N_RESULT_TOTALS (sizeof result_totals / sizeof *result_totals)

static void reconcile_free(struct reconcile *reconcile) {
    reconcile->recruitment->reconcile = NULL;
    json_decref(reconcile->totals);
    json_decref(reconcile->core);
    json_decref(reconcile->examples);
    json_decref(reconcile->result);
    free(reconcile->last);
    free(reconcile);
}

void reconcile_stop(void *self) {
    struct recruitment *recruitment = self;
    if (recruitment->reconcile)
        reconcile_free(recruitment->reconcile);
}

void reconcile_fail(struct reconcile *reconcile, const char *error) {
    if (reconcile->call)
        vol_refuse(reconcile->call, "busy", "", error);
    else
        log_line(reconcile->recruitment, VOL_WARNING, "the reconciliation ended: %s", error);
    reconcile_free(reconcile);
}

void reconcile_example(struct reconcile *reconcile, const char *what, const char *external,
                       const char *platform, const char *here) {
    if (reconcile->n_examples++ >= EXAMPLES_MOST)
        return;
    json_array_append_new(reconcile->examples,
                          json_pack("{s:s, s:s, s:s?, s:s?}", "what", what, "external", external,
                                    "platform", platform, "here", here));
}

/* ---- totals ---- */

static int64_t platform_resource(const struct reconcile *reconcile, int resource,
                                 const char *member) {
    const json_t *resources = json_object_get(reconcile->totals, "resources");
    return json_integer_value(
        json_object_get(json_object_get(resources, resource_kinds[resource].name), member));
}

static int64_t here_resource(const struct reconcile *reconcile, int resource, bool deleted) {
    return sql_number(&reconcile->recruitment->sql, 0,
                      "SELECT count(*) FROM things WHERE resource = ? AND deleted = ?", "si",
                      resource_kinds[resource].name, (int64_t)deleted);
}

static int64_t platform_result(const struct reconcile *reconcile,
                               const struct result_total *total) {
    const json_t *results = json_object_get(reconcile->totals, "results");
    if (total->group)
        results = json_object_get(results, total->group);
    return json_integer_value(json_object_get(results, total->name));
}

static int64_t here_result(const struct reconcile *reconcile, const struct result_total *total) {
    return sql_number(&reconcile->recruitment->sql, 0, total->ask, "");
}

static bool resource_differs(const struct reconcile *reconcile, int resource) {
    return platform_resource(reconcile, resource, "live") !=
               here_resource(reconcile, resource, false) ||
           platform_resource(reconcile, resource, "deleted") !=
               here_resource(reconcile, resource, true);
}

static bool results_differ(const struct reconcile *reconcile) {
    for (size_t i = 0; i < N_RESULT_TOTALS; i++)
        if (platform_result(reconcile, &result_totals[i]) !=
            here_result(reconcile, &result_totals[i]))
            return true;
    return false;
}

/* ---- the daemon's ---- */

static void core_add(struct reconcile *reconcile, const char *name, int64_t number) {
    int64_t before = json_integer_value(json_object_get(reconcile->core, name));
    json_object_set_new(reconcile->core, name, json_integer(before + number));
}

static void add_person(struct reconcile *reconcile, const struct vol_value *person) {
    struct vol_core *core = reconcile->recruitment->core;
    int64_t stars = vol_integer(core, vol_member(core, person, "stars"), 0);
    core_add(reconcile, "minutes", vol_integer(core, vol_member(core, person, "minutes"), 0));
    core_add(reconcile, "starred", stars > 0);
    core_add(reconcile, "stars", stars);
}

struct slice {
    char ids[SLICE][OURS_MOST + 1];
    const char *pointers[SLICE];
    int64_t n_live[SLICE]; /* things of the platform that are that one of ours */
    size_t n;
};

static void slice_read(struct reconcile *reconcile, int resource, struct slice *slice) {
    struct sql_rows rows;
    slice->n = 0;
    sql_ask(&reconcile->recruitment->sql, &rows,
            "SELECT ours, sum(deleted = 0) FROM things INDEXED BY things_ours WHERE resource = ? "
            "AND ours > ? AND said <> "
            "'{}' GROUP BY ours ORDER BY ours LIMIT ?",
            "ssi", resource_kinds[resource].name, reconcile->last ? reconcile->last : "",
            (int64_t)SLICE);
    for (; sql_next(&rows) && slice->n < SLICE; slice->n++) {
        snprintf(slice->ids[slice->n], sizeof *slice->ids, "%s", sql_text(&rows, 0));
        slice->pointers[slice->n] = slice->ids[slice->n];
        slice->n_live[slice->n] = sql_integer(&rows, 1);
    }
    sql_end(&rows);
}

static void note_slice(struct reconcile *reconcile, int resource, const struct slice *slice,
                       const struct vol_value *things) {
    struct vol_core *core = reconcile->recruitment->core;
    const char *name = resource_kinds[resource].name;
    for (size_t i = 0; i < slice->n; i++) {
        const struct vol_value *thing = vol_item(core, things, i);
        bool there = vol_kind_of(core, thing) == VOL_OBJECT;
        if (there)
            core_add(reconcile, name, slice->n_live[i]);
        else if (slice->n_live[i])
            reconcile_example(reconcile, name, slice->ids[i], "读到", "核心没有");
        if (there && resource == RESOURCE_REGISTRATIONS)
            add_person(reconcile, thing);
    }
}

/* Whoever the platform knows, some at a time. True: there is more. */
static bool count_slice(struct reconcile *reconcile, int resource) {
    struct slice *slice = calloc(1, sizeof *slice);
    if (!slice)
        abort();
    slice_read(reconcile, resource, slice);
    bool more = slice->n == SLICE;
    if (slice->n) {
        note_slice(reconcile, resource, slice,
                   vol_get_many(reconcile->recruitment->core, resource_kinds[resource].noun,
                                slice->pointers, slice->n));
        free(reconcile->last);
        reconcile->last = strdup(slice->ids[slice->n - 1]);
    }
    free(slice);
    return more;
}

/* ---- the answer ---- */

static json_t *core_number(const struct reconcile *reconcile, const char *name) {
    bool counted = reconcile->step >= STEP_WALK;
    json_t *number = counted ? json_object_get(reconcile->core, name) : NULL;
    return number ? json_incref(number) : json_null();
}

static json_t *row_make(const char *title, int64_t platform, int64_t here, json_t *core) {
    return json_pack("{s:s, s:I, s:I, s:o}", "title", title, "platform", (json_int_t)platform,
                     "here", (json_int_t)here, "core", core);
}

static bool is_equal(const json_t *row) {
    const json_t *here = json_object_get(row, "here"), *core = json_object_get(row, "core");
    return json_equal(json_object_get(row, "platform"), here) &&
           (json_is_null(core) || json_equal(core, here));
}

static void put_resources(const struct reconcile *reconcile, json_t *answer, json_t *list) {
    json_t *resources = json_object();
    for (int i = 0; i < RESOURCES; i++) {
        int64_t platform = platform_resource(reconcile, i, "live");
        int64_t platform_deleted = platform_resource(reconcile, i, "deleted");
        int64_t here = here_resource(reconcile, i, false);
        int64_t here_deleted = here_resource(reconcile, i, true);
        char title[64];
        snprintf(title, sizeof title, "%s（已删除）", resource_kinds[i].title);
        json_t *core = core_number(reconcile, resource_kinds[i].name);
        json_object_set_new(resources, resource_kinds[i].name,
                            json_pack("{s:{s:I, s:I}, s:{s:I, s:I}, s:O}", "platform", "live",
                                      (json_int_t)platform, "deleted", (json_int_t)platform_deleted,
                                      "here", "live", (json_int_t)here, "deleted",
                                      (json_int_t)here_deleted, "core", core));
        json_array_append_new(list, row_make(resource_kinds[i].title, platform, here, core));
        json_array_append_new(list, row_make(title, platform_deleted, here_deleted, json_null()));
    }
    json_object_set_new(answer, "resources", resources);
}

static void put_results(const struct reconcile *reconcile, json_t *answer, json_t *list) {
    json_t *results = json_object();
    for (size_t i = 0; i < N_RESULT_TOTALS; i++) {
        const struct result_total *total = &result_totals[i];
        json_t *row = row_make(total->title, platform_result(reconcile, total),
                               here_result(reconcile, total), core_number(reconcile, total->name));
        json_t *copy = json_copy(row);
        json_object_del(copy, "title");
        json_object_set_new(results, total->name, copy);
        json_array_append_new(list, row);
    }
    json_object_set_new(answer, "results", results);
}

static void say_result(const struct reconcile *reconcile, json_t *answer, bool partial) {
    static const struct table_column columns[] = {{"what", "类别", "text"},
                                                  {"external", "平台编号", "text"},
                                                  {"platform", "平台", "text"},
                                                  {"here", "对接", "text"},
                                                  {NULL, NULL, NULL}};
    if (json_array_size(reconcile->examples))
        document_put(answer, "不一致的例子", columns, reconcile->examples);
    document_say(answer, json_is_true(json_object_get(answer, "equal")) ? "两边一致。"
                         : partial ? "还在核对；请稍后再执行一次，即得全部结果。"
                                   : "两边不一致：先看冲突（recruitment.conflicts）"
                                     "和推送（recruitment.outbox）。");
}

static json_t *answer_make(const struct reconcile *reconcile, bool partial) {
    static const struct table_column columns[] = {{"title", "项目", "text"},
                                                  {"platform", "平台", "integer"},
                                                  {"here", "对接", "integer"},
                                                  {"core", "系统", "integer"},
                                                  {NULL, NULL, NULL}};
    json_t *answer = json_object(), *list = json_array(), *row;
    bool equal = json_array_size(reconcile->examples) == 0;
    size_t i;
    put_resources(reconcile, answer, list);
    put_results(reconcile, answer, list);
    json_array_foreach(list, i, row) equal &= is_equal(row);
    json_object_set_new(answer, "equal", json_boolean(equal && !partial));
    json_object_set_new(answer, "partial", json_boolean(partial));
    json_object_set_new(
        answer, "outstanding",
        json_integer(sql_number(&reconcile->recruitment->sql, 0,
                                "SELECT count(*) FROM outbox WHERE lane = 'results' AND state <> "
                                "'sent'",
                                "")));
    json_object_set(answer, "examples", reconcile->examples);
    table_put(answer, "两边核对", columns, list);
    document_put(answer, "总数", columns, list);
    json_decref(list);
    say_result(reconcile, answer, partial);
    return answer;
}

void reconcile_beat(struct reconcile *reconcile) {
    if (!reconcile->call || now_ms() - reconcile->began_ms < RECONCILE_MS)
        return;
    answer_json(reconcile->call, answer_make(reconcile, true));
    reconcile->call = NULL;
}

static void finish(struct reconcile *reconcile) {
    json_t *answer = answer_make(reconcile, false);
    if (reconcile->call) {
        answer_json(reconcile->call, answer);
        reconcile_free(reconcile);
        return;
    }
    reconcile->result = answer;
    reconcile->began_ms = now_ms();
}

/* ---- steps ---- */

static void due(void *context) {
    struct recruitment *recruitment = context;
    if (recruitment->reconcile && !recruitment->reconcile->result)
        reconcile_next(recruitment->reconcile);
}

static void next_step(struct reconcile *reconcile) {
    reconcile->step++;
    reconcile->n_examples = 0;
    free(reconcile->last);
    reconcile->last = NULL;
}

/* True: the step goes on by itself. */
static bool run_step(struct reconcile *reconcile) {
    int step = reconcile->step;
    if (step < STEP_WALK) {
        if (!resource_kinds[step].noun || !count_slice(reconcile, step))
            next_step(reconcile);
        vol_timer(reconcile->recruitment->core, 1, 0, due, reconcile->recruitment);
        return true;
    }
    if (step < STEP_RESULTS && resource_differs(reconcile, step - STEP_WALK)) {
        reconcile_walk_resource(reconcile, (enum resource)(step - STEP_WALK));
        return true;
    }
    if (step == STEP_RESULTS && results_differ(reconcile)) {
        reconcile_walk_results(reconcile);
        return true;
    }
    return false;
}

void reconcile_next(struct reconcile *reconcile) {
    reconcile_beat(reconcile);
    while (reconcile->step < STEP_END) {
        if (run_step(reconcile))
            return;
        next_step(reconcile);
    }
    finish(reconcile);
}

static bool totals_are_right(const json_t *totals) {
    for (int i = 0; i < RESOURCES; i++)
        if (!json_is_integer(json_object_get(
                json_object_get(json_object_get(totals, "resources"), resource_kinds[i].name),
                "live")))
            return false;
    return json_is_integer(json_object_get(json_object_get(totals, "results"), "minutes"));
}

static void totals_replied(struct recruitment *recruitment, void *context,
                           const struct reply *reply) {
    struct reconcile *reconcile = context;
    (void)recruitment;
    if (!reply->good || !totals_are_right(reply->body)) {
        reconcile_fail(reconcile, reply->good ? "the platform's totals are not as the contract says"
                                              : reply->error);
        return;
    }
    reconcile->totals = json_incref(reply->body);
    reconcile_next(reconcile);
}

/* One that runs, or has just ended. False: it is gone, and another one may begin. */
static bool join(struct reconcile *reconcile, struct vol_call *call) {
    if (!reconcile->result && reconcile->call) {
        vol_refuse(call, "busy", "", "somebody waits for a reconciliation already");
        return true;
    }
    if (!reconcile->result) {
        reconcile->call = call;
        reconcile->began_ms = now_ms();
        return true;
    }
    bool fresh = now_ms() - reconcile->began_ms < RECONCILE_KEPT_MS;
    if (fresh)
        answer_json(call, json_incref(reconcile->result));
    reconcile_free(reconcile);
    return fresh;
}

void method_reconcile(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct recruitment *recruitment = self;
    (void)parameters;
    if (recruitment->reconcile && join(recruitment->reconcile, call))
        return;
    struct reconcile *reconcile = calloc(1, sizeof *reconcile);
    if (!reconcile)
        abort();
    *reconcile = (struct reconcile){.recruitment = recruitment,
                                    .call = call,
                                    .began_ms = now_ms(),
                                    .core = json_object(),
                                    .examples = json_array()};
    recruitment->reconcile = reconcile;
    if (platform_get(recruitment, "/v1/totals", totals_replied, reconcile) < 0)
        reconcile_fail(reconcile, "too many requests wait already");
}
