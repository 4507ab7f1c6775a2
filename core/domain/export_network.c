/* How the rows of the organisation network read in the export: titles, plans, teams, links,
 * stations. */
#include "domain/civilised_titles.h"
#include "domain/counters.h"
#include "domain/documents.h"
#include "domain/plans.h"
#include "domain/render.h"
#include "domain/stations.h"
#include "domain/teams.h"
#include "domain/volunteer_links.h"

static void render_subject(struct str key, struct buf *out) {
    put_noun(out, key, 0);
    put_integer(out, "number", key_number(key, 1));
}

/* What follows the last step that could be read: the export shows damage rather than hiding it. */
static void render_rest(int outcome, const struct cursor *in, struct str row, struct buf *out) {
    buf_put_byte(out, ']');
    if (outcome == THING_DAMAGED || in->failed)
        put_hex(out, "bytes", row);
}

void render_civilised_title(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct civilised_title_step step;
    int r;
    render_subject(key, out);
    put_word(out, "title", &CIVILISED_TITLE_choices, key_byte(key, 5));
    buf_json_key(out, "steps");
    buf_put_byte(out, '[');
    while ((r = civilised_title_next(&in, &step)) == 0) {
        buf_json_item(out);
        buf_put_byte(out, '{');
        put_integer(out, "kind", step.kind);
        put_integer(out, "level", step.level);
        put_integer(out, "outcome", step.outcome);
        put_integer(out, "on", step.on);
        put_integer(out, "recorded_on", step.recorded_on);
        put_integer(out, "document", step.document);
        put_integer(out, "sequence", (int64_t)step.sequence);
        buf_put_byte(out, '}');
    }
    render_rest(r, &in, row, out);
}

void render_plan(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct plan plan;
    bool left;
    int r;
    render_subject(key, out);
    buf_json_key(out, "versions");
    buf_put_byte(out, '[');
    while ((r = plan_next(&in, &plan, &left)) == 0) {
        buf_json_item(out);
        buf_put_byte(out, '{');
        put_integer(out, "plan", plan.plan);
        put_integer(out, "left", left);
        put_word(out, "measure", &MEASURE_choices, (size_t)plan.measure);
        put_integer(out, "target", plan.target);
        put_integer(out, "due", plan.due);
        put_integer(out, "from", plan.from);
        put_integer(out, "set_on", plan.set_on);
        put_integer(out, "recorded_on", plan.recorded_on);
        put_integer(out, "sequence", (int64_t)plan.sequence);
        buf_put_byte(out, '}');
    }
    render_rest(r, &in, row, out);
}

void render_team(struct str key, struct str row, struct buf *out) {
    struct team_row team;
    put_integer(out, "team", key_number(key, 0));
    if (!row_is(out, row, &team, sizeof team))
        return;
    put_integer(out, "region", team.region);
    put_integer(out, "organisation", team.organisation);
    put_integer(out, "members", team.n_members);
    put_integer(out, "successor", team.successor);
    put_integer(out, "formed_on", team.formed_on);
    put_integer(out, "dissolved_on", team.dissolved_on);
    put_integer(out, "state", team.state);
}

void render_member(struct str key, struct str row, struct buf *out) {
    struct member_row member;
    put_integer(out, "team", key_number(key, 0));
    put_integer(out, "volunteer", key_number(key, 4));
    if (!row_is(out, row, &member, sizeof member))
        return;
    put_integer(out, "n", member.n);
    put_integer(out, "joined_on", member.joined_on);
    put_integer(out, "left_on", member.left_on);
    put_integer(out, "times", member.n_times);
    put_integer(out, "sequence", (int64_t)member.sequence);
}

/* n 0: how many there are. */
void render_membership(struct str key, struct str row, struct buf *out) {
    uint32_t value, n = key_number(key, 4);
    put_integer(out, "volunteer", key_number(key, 0));
    put_integer(out, "n", n);
    if (row_is(out, row, &value, sizeof value))
        put_integer(out, n ? "team" : "count", value);
}

static void render_link_of_volunteer(struct str key, struct str row, struct buf *out) {
    struct volunteer_link link;
    uint32_t count, n = key_number(key, 5);
    put_integer(out, "volunteer", key_number(key, 1));
    put_integer(out, "n", n);
    if (n == 0) {
        if (row_is(out, row, &count, sizeof count))
            put_integer(out, "count", count);
    } else if (volunteer_link_decode(row, &link) == 0) {
        put_text(out, "system", link.system);
        put_text(out, "external", link.external);
        put_integer(out, "linked_on", link.linked_on);
        put_integer(out, "sequence", (int64_t)link.sequence);
    } else {
        put_hex(out, "bytes", row);
    }
}

void render_link(struct str key, struct str row, struct buf *out) {
    const char *end = key.size ? memchr(key.data, 0, key.size) : NULL;
    uint32_t volunteer;
    if (end == key.data) {
        render_link_of_volunteer(key, row, out);
        return;
    }
    size_t system = end ? (size_t)(end - key.data) : key.size;
    size_t external = end ? system + 1 : key.size;
    put_text(out, "system", (struct str){key.data, system});
    put_text(out, "external", (struct str){key.data + external, key.size - external});
    if (row_is(out, row, &volunteer, sizeof volunteer))
        put_integer(out, "volunteer", volunteer);
}

static void render_step(const struct station_step *step, struct buf *out) {
    put_text(out, "step", str_from(station_step_text(step->kind)));
    put_integer(out, "done", step->done);
    put_integer(out, "on", step->on);
    put_integer(out, "recorded_on", step->recorded_on);
    put_integer(out, "sequence", (int64_t)step->sequence);
    put_integer(out, "region", step->region);
    put_integer(out, "due", step->due);
    put_integer(out, "responsible", step->responsible);
    put_integer(out, "team", step->team);
    put_text(out, "by", step->by);
    put_text(out, "digest", step->digest);
    put_text(out, "uri", step->uri);
    put_text(out, "note", step->note);
}

void render_station(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct station_step step;
    int r;
    put_integer(out, "station", key_number(key, 0));
    buf_json_key(out, "steps");
    buf_put_byte(out, '[');
    while ((r = station_step_next(&in, &step)) == 0) {
        buf_json_item(out);
        buf_put_byte(out, '{');
        render_step(&step, out);
        buf_put_byte(out, '}');
    }
    render_rest(r, &in, row, out);
}

void render_document_end(struct str key, struct str row, struct buf *out) {
    struct document_end end;
    put_integer(out, "document", key_number(key, 0));
    if (document_end_decode(row, &end) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_integer(out, "on", end.on);
    put_integer(out, "recorded_on", end.recorded_on);
    put_integer(out, "sequence", (int64_t)end.sequence);
    put_integer(out, "replaced_by", end.replaced_by);
    put_text(out, "by", end.by);
    put_text(out, "reason", end.reason);
}
