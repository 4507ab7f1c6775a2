/* What has not been decided yet, or will be decided otherwise from a later day on. */
#include <stdlib.h>

#include "bus/explain.h"
#include "bus/methods_common.h"
#include "bus/methods_rules.h"
#include "domain/runs.h"
#include "domain/star_applications.h"
#include "domain/volunteers.h"

#define DAYS_MOST 8 /* that are looked ahead to */

static int put_application(struct query *query, uint32_t volunteer, json_t *list) {
    struct application_row row;
    uint32_t number;
    int r = application_open_of(query->view, volunteer, &number);
    if (r != 0 || number == 0)
        return r < 0 ? r : 0;
    r = query_found(application_get(query->view, number, &row));
    if (r != 0)
        return r;
    json_array_append_new(
        list,
        json_pack("{s:s, s:o, s:i, s:s, s:o, s:o}", "kind", "application", "application",
                  json_from_number(query, NOUN_APPLICATION, number, query->arena), "stars",
                  row.stars, "state", application_state_text((enum application_state)row.state),
                  "on", json_from_date(row.on, 0), "notice_until",
                  json_from_date(row.notice_until, 0)));
    return 0;
}

/* Runs that rate everyone and have not come to this person. */
static int put_runs(struct query *query, uint32_t volunteer, json_t *list) {
    uint32_t last = run_last(query->view);
    struct run_row run;
    int r = 0;
    for (uint32_t number = run_complete(query->view) + 1; r == 0 && number <= last; number++) {
        r = query_found(run_get(query->view, number, &run));
        if (r != 0 || run.done || run.kind != RUN_STARS || run.cursor >= volunteer ||
            run.last < volunteer)
            continue;
        json_array_append_new(
            list, json_pack("{s:s, s:I, s:o, s:I, s:I}", "kind", "run", "cause",
                            (json_int_t)run.cause, "as_of", json_from_date(run.as_of, INT32_MIN),
                            "judged", (json_int_t)run.cursor, "total", (json_int_t)run.last));
    }
    return r < 0 ? r : 0;
}

/* ---- rules of later days ---- */

struct days {
    size_t n;
    int32_t list[DAYS_MOST];
};

/* Keeps the nearest, in order. */
static void add_day(struct days *days, int32_t day) {
    size_t at = 0;
    while (at < days->n && days->list[at] < day)
        at++;
    if ((at < days->n && days->list[at] == day) || at == DAYS_MOST)
        return;
    size_t moved = (days->n < DAYS_MOST ? days->n : DAYS_MOST - 1) - at;
    memmove(&days->list[at + 1], &days->list[at], moved * sizeof *days->list);
    days->list[at] = day;
    days->n += days->n < DAYS_MOST;
}

/* Days after today on which a rule for stars, or parameters of one, come into force. */
static void find_days(const struct rules *rules, struct days *days) {
    for (size_t i = 0; i < rules->n; i++) {
        const struct policy_activated *data = &rules->items[i].data;
        const struct str *sets = data->sets.items;
        if (data->kind != POLICY_KIND_STAR_RATING || rules->items[i].state == POLICY_SET_ASIDE)
            continue;
        if (data->effective > rules->today)
            add_day(days, data->effective);
        for (size_t k = 0; k < data->sets.n; k++) {
            int32_t day;
            if (date_parse(sets[k], &day) == 0 && day > rules->today)
                add_day(days, day);
        }
    }
}

/* Whether that revision, or parameters of it, begin on that day. */
static bool begins_on(const struct rules *rules, struct str revision, int32_t day) {
    const struct policy_revision *found = rules_find(rules, revision);
    if (!found)
        return false;
    const struct str *sets = found->data.sets.items;
    bool begins = found->data.effective == day;
    for (size_t i = 0; i < found->data.sets.n; i++) {
        int32_t set;
        begins |= date_parse(sets[i], &set) == 0 && set == day;
    }
    return begins;
}

/* What it would say with the service there is today. */
static int put_day(struct query *query, const struct rules *rules, uint32_t volunteer, int32_t day,
                   json_t *list) {
    struct question question = {.kind = POLICY_KIND_STAR_RATING, .number = volunteer, .date = day};
    struct answer answer;
    int r = policy_evaluate(query->host, query->view, &query->city, &question, CAUSE_ON_DEMAND,
                            STR_NONE, query->arena, &answer);
    if (r != 0 || !answer.asked || !begins_on(rules, answer.revision, day))
        return r;
    json_t *item =
        json_pack("{s:s, s:o, s:o}", "kind", "rule", "from", json_from_date(day, INT32_MIN), "rule",
                  explain_rule(query, answer.revision, day));
    json_object_set_new(item, "stars", answer.failed ? json_null() : json_integer(answer.stars));
    json_array_append_new(list, item);
    return 0;
}

static int put_rules(struct query *query, uint32_t volunteer, json_t *list) {
    struct days days = {0};
    struct rules rules;
    int r = rules_load(query, &rules);
    if (r == 0)
        find_days(&rules, &days);
    for (size_t i = 0; r == 0 && i < days.n; i++)
        r = put_day(query, &rules, volunteer, days.list[i], list);
    return r;
}

int explain_pending(struct query *query, uint32_t volunteer, json_t **ret_list) {
    struct volunteer_row row;
    json_t *list = json_array();
    int r = query_found(volunteer_get(query->view, volunteer, &row));
    if (r == 0 && row.n_held)
        json_array_append_new(
            list, json_pack("{s:s, s:I}", "kind", "held", "records", (json_int_t)row.n_held));
    if (r == 0)
        r = put_application(query, volunteer, list);
    if (r == 0)
        r = put_runs(query, volunteer, list);
    if (r == 0)
        r = put_rules(query, volunteer, list);
    *ret_list = list;
    return r;
}
