/* Conflicts: what a person sees and does about them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "methods.h"
#include "recruitment.h"
#include "table.h"

static json_t *conflict_row(const struct sql_rows *rows) {
    char since[TIME_BYTES];
    time_text(sql_integer(rows, 8), since);
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:s}", "conflict",
                     (json_int_t)sql_integer(rows, 0), "resource", sql_text(rows, 1), "external",
                     sql_text(rows, 2), "state", sql_text(rows, 3), "code", sql_text(rows, 4),
                     "field", sql_text(rows, 5), "message", sql_text(rows, 6), "attempts",
                     (json_int_t)sql_integer(rows, 7), "since", since);
}

void method_conflicts(void *self, struct vol_call *call, const struct vol_value *parameters) {
    static const struct table_column columns[] = {
        {"conflict", "序号", "integer"},  {"resource", "类别", "text"},
        {"external", "平台编号", "text"}, {"state", "状态", "text"},
        {"code", "代码", "text"},         {"field", "字段", "text"},
        {"message", "原因", "text"},      {NULL, NULL, NULL}};
    struct recruitment *recruitment = self;
    struct sql_rows rows;
    int64_t cursor, limit;
    const char *state = parameter_text(recruitment, parameters, "state");
    json_t *list = json_array();
    parameter_page(recruitment, parameters, &cursor, &limit);
    for (sql_ask(&recruitment->sql, &rows,
                 "SELECT conflict, resource, external, state, code, field, message, attempts, "
                 "since_ms FROM problems WHERE conflict > ? AND (?2 IS NULL OR resource = ?2) AND "
                 "state = ?3 ORDER BY conflict LIMIT ?4",
                 "issi", cursor, parameter_text(recruitment, parameters, "resource"),
                 state ? state : "conflict", limit);
         sql_next(&rows);)
        json_array_append_new(list, conflict_row(&rows));
    answer_json(call, table_page("冲突", columns, "conflicts", "conflict", list, limit));
}

void method_resolve(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct recruitment *recruitment = self;
    int64_t number = parameter_number(recruitment, parameters, "conflict", 0);
    const char *action = parameter_text(recruitment, parameters, "action");
    bool retries = action && strcmp(action, "retry") == 0;
    if (!retries && (!action || strcmp(action, "ignore") != 0)) {
        vol_refuse(call, "not_in_dictionary", "action", "retry, or ignore");
        return;
    }
    sql_run(&recruitment->sql, "UPDATE problems SET state = ?, next_ms = ? WHERE conflict = ?",
            "sii", retries ? "waiting" : "ignored", now_ms(), number);
    if (sql_changed(&recruitment->sql) == 0) {
        vol_refuse(call, "wrong_state", "conflict",
                   "there is no conflict of that number (any more): see recruitment.conflicts");
        return;
    }
    if (retries)
        pull_soon(recruitment);
    count_now(recruitment);
    answer_json(call, json_pack("{s:I, s:s}", "conflict", (json_int_t)number, "state",
                                retries ? "waiting" : "ignored"));
}

/* ---- reload ---- */

void method_reload(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct recruitment *recruitment = self;
    struct mapping *mapping = NULL;
    char message[400];
    (void)parameters;
    if (!mapping_open(recruitment->mapping_path, ours_find, recruitment, &mapping, message,
                      sizeof message)) {
        vol_refuse(call, "wrong_state", "mapping", message);
        return;
    }
    mapping_close(recruitment->mapping);
    recruitment->mapping = mapping;
    sql_run(&recruitment->sql,
            "UPDATE problems SET state = 'waiting', next_ms = ? WHERE state = 'conflict' AND code "
            "<> 'identity_known'",
            "i", now_ms());
    int64_t n = sql_changed(&recruitment->sql);
    outbox_resend(&recruitment->outbox, 0, now_ms());
    pull_soon(recruitment);
    push_step(recruitment);
    answer_json(call, json_pack("{s:I}", "tried_again", (json_int_t)n));
}

/* ---- link ---- */

struct linking {
    enum resource resource;
    const char *external, *id;
};

/* What it was here has ended: it may become another one. */
static bool has_ended(const struct thing *thing) {
    static const char *const ends[] = {"volunteer.withdrawn", "team.dissolved",
                                       "activity.cancelled", "activity.closed"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (json_object_get(thing->said, ends[i]))
            return true;
    return false;
}

/* False, and refused, where it cannot be linked so. */
static bool check_link(struct recruitment *recruitment, struct vol_call *call,
                       const struct linking *linking) {
    struct vol_core *core = recruitment->core;
    struct thing thing;
    if (linking->resource == RESOURCES || !resource_kinds[linking->resource].noun) {
        vol_refuse(call, "not_in_dictionary", "resource", "registrations, teams or activities");
        return false;
    }
    if (!linking->external || !linking->id || strlen(linking->external) > EXTERNAL_MOST ||
        strlen(linking->id) > OURS_MOST) {
        vol_refuse(call, "missing_field", linking->external ? "id" : "external",
                   "say the platform's id as external, and ours as id");
        return false;
    }
    thing_read(&recruitment->sql, linking->resource, linking->external, &thing);
    bool is_own =
        thing.known && !thing.linked && json_object_size(thing.said) != 0 && !has_ended(&thing);
    thing_release(&thing);
    bool waits = sql_number(&recruitment->sql, 0,
                            "SELECT count(*) FROM problems WHERE resource = ? AND external = ?",
                            "ss", resource_kinds[linking->resource].name, linking->external) != 0;
    if (is_own || !waits) {
        vol_refuse(call, "wrong_state", "external",
                   is_own
                       ? "it has been registered here by itself: merge the two (volunteer.merged)"
                       : "no conflict has that id of the platform: see recruitment.conflicts");
        return false;
    }
    const struct vol_value *found =
        vol_get_many(core, resource_kinds[linking->resource].noun, &linking->id, 1);
    if (vol_kind_of(core, vol_item(core, found, 0)) == VOL_OBJECT)
        return true;
    vol_refuse(call, "wrong_state", "id", "there is nothing of that id here");
    return false;
}

/* What it is on the platform counts as said; later changes of it are changes of ours. The conflict
 * is tried again, and so is whatever waited for it. */
static int write_link(struct recruitment *recruitment, const struct linking *linking) {
    struct thing thing = {.linked = true, .adopts = true, .said = json_object()};
    snprintf(thing.ours, sizeof thing.ours, "%s", linking->id);
    sql_begin(&recruitment->sql);
    thing_write(&recruitment->sql, linking->resource, linking->external, &thing, NULL);
    sql_run(&recruitment->sql,
            "UPDATE problems SET state = 'waiting', next_ms = ?1 WHERE state = 'waiting' OR "
            "(resource = ?2 AND external = ?3)",
            "iss", now_ms(), resource_kinds[linking->resource].name, linking->external);
    thing_release(&thing);
    if (linking->resource == RESOURCE_REGISTRATIONS && !push_person(recruitment, linking->id)) {
        sql_abort(&recruitment->sql);
        return -EAGAIN;
    }
    return sql_commit(&recruitment->sql);
}

void method_link(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct recruitment *recruitment = self;
    struct linking linking = {
        .resource = resource_find(parameter_text(recruitment, parameters, "resource")),
        .external = parameter_text(recruitment, parameters, "external"),
        .id = parameter_text(recruitment, parameters, "id")};
    if (!check_link(recruitment, call, &linking))
        return;
    if (write_link(recruitment, &linking) != 0) {
        vol_refuse(call, "busy", "", "it could not be written down; try again");
        return;
    }
    pull_soon(recruitment);
    push_step(recruitment);
    answer_json(call, json_pack("{s:s, s:s}", "external", linking.external, "id", linking.id));
}
