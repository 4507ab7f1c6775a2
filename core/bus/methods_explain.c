/* `explain`: why a volunteer has the stars they have and which records did not count; what became
 * of a record, event by event, and why. */
#include <stdlib.h>

#include "bus/explain_points.h"
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_record.h"
#include "bus/methods_rules.h"
#include "domain/stars.h"
#include "policy/facts.h"

#define NOT_COUNTED_LIMIT 100
#define CHANGES_LIMIT 100
#define SCAN_LIMIT 100000 /* journal records looked through for one record's events */

/* ---- volunteer: what the rule says now ---- */

static json_t *rule_json(struct query *query, const struct answer *answer) {
    struct rules rules;
    const struct policy_revision *revision = NULL;
    if (!answer->asked)
        return json_null();
    if (rules_load(query, &rules) == 0)
        revision = rules_find(&rules, answer->revision);
    struct str title = revision ? rule_glance(revision->data.text, "title") : STR_NONE;
    json_t *rule = json_pack("{s:o, s:o}", "revision", json_from_str(answer->revision), "title",
                             json_from_str(title));
    if (answer->failed)
        json_object_set_new(rule, "failure", json_from_str(answer->failure));
    else
        json_object_set_new(rule, "stars", json_integer(answer->stars));
    return rule;
}

/* The first finding that says what is still needed. */
static json_t *next_json(struct query *query, const struct answer *answer) {
    const struct finding *items = answer->findings.items;
    for (size_t i = 0; i < answer->findings.n; i++) {
        if (!HAS(&items[i], finding, needed))
            continue;
        struct str text =
            policy_finding_text(query->host, answer->revision, &items[i], query->arena);
        return json_pack("{s:o, s:o, s:o}", "code", json_from_str(items[i].code), "needed",
                         json_from_scalar(&items[i].needed), "text", json_from_str(text));
    }
    return json_null();
}

static int put_rating(struct query *query, uint32_t volunteer, json_t *object) {
    struct question question = {
        .kind = POLICY_KIND_STAR_RATING, .number = volunteer, .date = query_today(query)};
    struct answer answer;
    int r = policy_evaluate(query->host, query->view, &query->city, &question, CAUSE_ON_DEMAND,
                            STR_NONE, query->arena, &answer);
    if (r < 0)
        return r;
    bool judged = answer.asked && !answer.failed;
    json_object_set_new(object, "rule", rule_json(query, &answer));
    json_object_set_new(
        object, "why",
        judged ? json_from_findings(query, answer.revision, &answer.findings, query->arena)
               : json_array());
    json_object_set_new(object, "next", judged ? next_json(query, &answer) : json_null());
    return 0;
}

/* ---- volunteer: changes and records ---- */

static int put_changes(struct query *query, uint32_t volunteer, const struct volunteer_row *row,
                       struct wanted_list *wanted, json_t *object) {
    json_t *changes = json_array();
    json_object_set_new(object, "changes", changes);
    uint32_t n = row->n_star_changes;
    uint32_t first = n > CHANGES_LIMIT ? n - CHANGES_LIMIT + 1 : 1;
    for (; first <= n; first++) {
        struct star_change_row change;
        int r = query_found(star_change_get(query->view, volunteer, first, &change));
        if (r != 0)
            return r;
        json_t *item = json_pack("{s:i, s:i, s:o, s:I}", "from", change.from, "to", change.to, "on",
                                 json_from_date(change.on, INT32_MIN), "sequence",
                                 (json_int_t)change.sequence);
        json_array_append_new(changes, item);
        wanted_add(query, wanted, change.sequence, item);
    }
    return 0;
}

/* The newest of the records that are not accepted. */
struct not_counted {
    uint32_t n;
    struct month_entry entries[NOT_COUNTED_LIMIT];
};

static int entry_compare(const void *a, const void *b) {
    const struct month_entry *left = a, *right = b;
    return (left->starts_minute < right->starts_minute) -
           (left->starts_minute > right->starts_minute);
}

/* Keeps the newest: a full list gives up its oldest for a newer one. */
static int keep_entry(void *context, const struct month_entry *entry) {
    struct not_counted *list = context;
    if (entry->state == RECORD_ACCEPTED)
        return 0;
    if (list->n < NOT_COUNTED_LIMIT) {
        list->entries[list->n++] = *entry;
        return 0;
    }
    uint32_t oldest = 0;
    for (uint32_t i = 1; i < list->n; i++)
        if (list->entries[i].starts_minute < list->entries[oldest].starts_minute)
            oldest = i;
    if (list->entries[oldest].starts_minute < entry->starts_minute)
        list->entries[oldest] = *entry;
    return 0;
}

static int put_not_counted(struct query *query, uint32_t volunteer, struct wanted_list *wanted,
                           json_t *object) {
    struct not_counted list = {.n = 0};
    json_t *items = json_array();
    json_object_set_new(object, "not_counted", items);
    int r = person_records(query, volunteer, keep_entry, &list);
    qsort(list.entries, list.n, sizeof *list.entries, entry_compare);
    for (uint32_t i = 0; r == 0 && i < list.n; i++) {
        struct record record;
        r = query_found(record_get(query->view, list.entries[i].record, &record));
        if (r != 0)
            return r;
        json_t *item = json_pack("{s:o, s:s, s:o, s:I}", "record", json_from_str(record.id),
                                 "state", record_state_text(record.row.state), "starts",
                                 json_from_time(query, record.row.starts_s * MICROSECONDS),
                                 "minutes", (json_int_t)record.row.minutes);
        json_array_append_new(items, item);
        wanted_add(query, wanted, record.row.decision, item);
    }
    return r;
}

static int explain_volunteer(struct query *query, json_t **ret_result) {
    struct wanted_list wanted = {0};
    struct volunteer_row row;
    uint32_t number;
    int r = query_noun(query, NOUN_VOLUNTEER, "volunteer", &number);
    if (r != 0)
        return r;
    r = query_found(volunteer_get(query->view, number, &row));
    if (r != 0)
        return r;
    json_t *object = json_pack(
        "{s:o, s:i, s:o, s:I, s:I, s:{s:I, s:I}, s:I}", "volunteer",
        json_from_str(query_text(query, "volunteer")), "stars", row.stars, "stars_since",
        json_from_date(row.stars_since, 0), "minutes", (json_int_t)row.minutes, "carried_minutes",
        (json_int_t)row.carried_minutes, "counted", "records", (json_int_t)row.n_accepted,
        "minutes", (json_int_t)row.minutes, "held", (json_int_t)row.n_held);
    r = put_rating(query, number, object);
    if (r == 0)
        r = put_changes(query, number, &row, &wanted, object);
    if (r == 0)
        r = put_not_counted(query, number, &wanted, object);
    if (r == 0)
        r = wanted_fill(query, &wanted);
    if (r == 0)
        *ret_result = object;
    else
        json_decref(object);
    return r;
}

/* ---- record ---- */

struct record_story {
    struct query *query;
    struct str record;
    struct arena arena; /* of one journal record */
    json_t *events;
    json_t *decisions;
    json_t *findings; /* of the last decision; borrowed from it */
};

static json_t *facts_json(struct str facts) {
    struct buf text = {0};
    facts_to_json(facts, &text);
    json_t *json = query_json(&text);
    buf_deinit(&text);
    return json;
}

static void add_decision(struct record_story *story, const struct event *event) {
    json_t *decision =
        json_pack("{s:I, s:s}", "sequence", (json_int_t)event->sequence, "type", event->type->name);
    json_t *findings = json_array();
    if (event->type->number == EVENT_service_decided) {
        const struct service_decided *decided = event->data;
        json_decref(findings);
        findings =
            json_from_findings(story->query, event->revision, &decided->findings, &story->arena);
        json_object_set_new(decision, "outcome",
                            json_string(OUTCOME_choices.words[decided->outcome]));
        json_object_set_new(decision, "minutes", json_integer(decided->minutes));
        json_object_set_new(decision, "revision", json_from_str(event->revision));
        json_object_set_new(decision, "facts", facts_json(event->facts));
    } else {
        const struct service_reviewed *reviewed = event->data;
        json_object_set_new(decision, "outcome",
                            json_string(REVIEW_choices.words[reviewed->outcome]));
        json_object_set_new(decision, "reviewer", json_from_str(reviewed->reviewer));
    }
    json_object_set_new(decision, "findings", findings);
    story->findings = findings;
    json_array_append_new(story->decisions, decision);
}

/* An event about the record goes into the story. The record's id is the first field of each such
 * type. */
static void tell(struct record_story *story, const struct event *event) {
    if (event->type->noun != NOUN_RECORD)
        return;
    const struct field *field = &event->type->fields->list[0];
    const struct str *id = (const void *)((const char *)event->data + field->offset);
    if (!str_equal(*id, story->record))
        return;
    json_t *item =
        json_pack("{s:I, s:s, s:o}", "sequence", (json_int_t)event->sequence, "type",
                  event->type->name, "time", json_from_time(story->query, event->time.us));
    json_array_append_new(story->events, item);
    if (event->type->number == EVENT_service_decided ||
        event->type->number == EVENT_service_reviewed)
        add_decision(story, event);
}

/* From its recording to its last decision, but for a long while in between. */
static int read_story(struct record_story *story, uint64_t after, uint64_t last) {
    struct journal_reader *reader = NULL;
    struct str bytes;
    uint64_t sequence = 0;
    int r = journal_reader_open(story->query->services->journal, after, &reader);
    for (size_t n = 0; r == 0 && sequence < last && n < SCAN_LIMIT; n++) {
        struct event event;
        arena_reset(&story->arena);
        r = journal_reader_next(reader, &bytes, &sequence);
        if (r != 0 || event_decode(bytes, &story->arena, &event) != 0)
            continue;
        event.sequence = sequence;
        tell(story, &event);
    }
    journal_reader_close(reader);
    if (r == 0 && sequence < last)
        return read_story(story, last - 1, last);
    return r < 0 ? r : 0;
}

static int explain_record(struct query *query, json_t **ret_result) {
    struct wanted_list wanted = {0};
    struct record record;
    json_t *object;
    int r = record_asked(query, &record, &object);
    if (r != 0)
        return r;
    struct record_story story = {
        .query = query, .record = record.id, .events = json_array(), .decisions = json_array()};
    arena_init(&story.arena);
    uint64_t last = record.row.decision ? record.row.decision : record.row.sequence;
    r = read_story(&story, record.row.sequence - 1, last);
    arena_deinit(&story.arena);
    json_object_set_new(object, "findings",
                        story.findings ? json_incref(story.findings) : json_array());
    json_object_set_new(object, "events", story.events);
    json_object_set_new(object, "decisions", story.decisions);
    if (r == 0)
        r = explain_points(query, &record, &wanted, object);
    if (r == 0)
        r = wanted_fill(query, &wanted);
    if (r == 0)
        *ret_result = object;
    else
        json_decref(object);
    return r;
}

int query_explain(struct query *query, json_t **ret_result) {
    bool volunteer = query_text(query, "volunteer").data != NULL;
    bool record = query_text(query, "record").data != NULL;
    if (volunteer == record)
        return problem_set(query->problem,
                           volunteer ? PROBLEM_UNKNOWN_FIELD : PROBLEM_MISSING_FIELD,
                           volunteer ? "record" : "volunteer",
                           "name one volunteer or one record: explain says why for one at a time");
    return volunteer ? explain_volunteer(query, ret_result) : explain_record(query, ret_result);
}
