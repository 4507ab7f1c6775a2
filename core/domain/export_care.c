/* How the rows about needs and the people served read in the export. */
#include "domain/beneficiaries.h"
#include "domain/needs.h"
#include "domain/ratings.h"
#include "domain/render.h"

static void put_numbers(struct buf *out, const char *name, const char *items, size_t n) {
    buf_json_key(out, name);
    buf_put_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        uint32_t number;
        memcpy(&number, items + i * sizeof number, sizeof number);
        buf_json_item(out);
        buf_json_integer(out, number);
    }
    buf_put_byte(out, ']');
}

void render_need(struct str key, struct str row, struct buf *out) {
    struct need_row need;
    put_integer(out, "need", key_number(key, 0));
    if (!row_is(out, row, &need, sizeof need))
        return;
    struct cursor rest = {row.data + sizeof need, row.data + row.size, false};
    put_integer(out, "region", need.region);
    put_integer(out, "activity", need.activity);
    put_integer(out, "filed_on", need.filed_on);
    put_integer(out, "matched_on", need.matched_on);
    put_integer(out, "referred_on", need.referred_on);
    put_integer(out, "closed_on", need.closed_on);
    put_text(out, "state", str_from(need_state_text((enum need_state)need.state)));
    put_word(out, "priority", &NEED_PRIORITY_choices, need.priority);
    put_integer(out, "category", need.category);
    put_integer(out, "group", need.group);
    put_integer(out, "outcome", need.outcome);
    put_text(out, "referred_to", cursor_counted(&rest));
}

void render_need_order(struct str key, struct str row, struct buf *out) {
    (void)row;
    put_integer(out, "closed", key_byte(key, 0));
    put_word(out, "priority", &NEED_PRIORITY_choices, key_byte(key, 1));
    put_integer(out, "filed_on", (int32_t)(key_number(key, 2) ^ UINT32_C(0x80000000)));
    put_integer(out, "need", key_number(key, 6));
}

void render_need_matched(struct str key, struct str row, struct buf *out) {
    put_integer(out, "activity", key_number(key, 0));
    put_numbers(out, "needs", row.data, row.size / sizeof(uint32_t));
}

void render_beneficiary(struct str key, struct str row, struct buf *out) {
    struct beneficiary_row person;
    put_integer(out, "beneficiary", key_number(key, 0));
    if (!row_is(out, row, &person, sizeof person))
        return;
    put_integer(out, "plan_sequence", (int64_t)person.plan_sequence);
    put_integer(out, "region", person.region);
    put_integer(out, "project", person.project);
    put_integer(out, "missed", person.n_missed);
    put_integer(out, "enrolled_on", person.enrolled_on);
    put_integer(out, "left_on", person.left_on);
    put_integer(out, "plan_on", person.plan_on);
    put_integer(out, "last_visit_on", person.last_visit_on);
    put_integer(out, "missed_on", person.missed_on);
    put_integer(out, "due_on", person.due_on);
    put_integer(out, "overdue_since", person.overdue_since);
    put_integer(out, "interval_days", person.interval_days);
    put_integer(out, "group", person.group);
    put_integer(out, "state", person.state);
    put_numbers(out, "volunteers", row.data + sizeof person,
                (row.size - sizeof person) / sizeof(uint32_t));
}

void render_visit(struct str key, struct str row, struct buf *out) {
    const struct visits visits = {row.size / sizeof(struct visit), row.data};
    put_integer(out, "beneficiary", key_number(key, 0));
    buf_json_key(out, "visits");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < visits.n; i++) {
        struct visit visit = visit_at(&visits, i);
        buf_json_item(out);
        buf_printf(out, "[%u,%d]", visit.record, visit.on);
    }
    buf_put_byte(out, ']');
}

void render_visit_due(struct str key, struct str row, struct buf *out) {
    render_day_list(key, row, "beneficiary", out);
}

void render_activity_rating(struct str key, struct str row, struct buf *out) {
    struct activity_rating rating;
    put_integer(out, "activity", key_number(key, 0));
    if (!row_is(out, row, &rating, sizeof rating))
        return;
    for (size_t by = 0; by < RATED_BY_COUNT; by++)
        put_numbers(out, RATED_BY_choices.words[by], (const char *)rating.n[by], RATING_MOST);
}
