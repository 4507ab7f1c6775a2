/* `explain`: what became of a record, event by event, and why; volunteers and regions in files of
 * their own. */
#include "bus/explain.h"

#include <stdlib.h>

#include "bus/explain_points.h"
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_record.h"
#include "domain/record_notes.h"
#include "policy/facts.h"

#define SCAN_LIMIT 100000 /* journal records looked through for one record's events */

struct record_story {
    struct query *query;
    struct str record;
    struct arena arena; /* of one journal record */
    json_t *events;
    json_t *decisions;
    json_t *findings;    /* of the last decision; borrowed from it */
    struct str revision; /* of the last that a policy made; none: none did */
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
        story->revision = arena_copy(story->query->arena, event->revision);
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

static int sequence_compare(const void *a, const void *b) {
    const uint64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* A dispute, what came of it and a transfer may be long after the last decision: each is looked up
 * by itself. */
static int read_notes(struct record_story *story, uint32_t number, uint64_t last) {
    struct record_note note;
    int r = record_note_get(story->query->view, number, &note);
    uint64_t sequences[] = {note.disputed, note.settled, note.transferred};
    size_t n = sizeof sequences / sizeof *sequences;
    qsort(sequences, n, sizeof *sequences, sequence_compare);
    for (size_t i = 0; r == 0 && i < n; i++)
        if (sequences[i] > last)
            r = read_story(story, sequences[i] - 1, sequences[i]);
    return r;
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
    uint32_t number;
    if (r == 0)
        r = query_found(thing_find(query->view, NOUN_RECORD, record.id, &number));
    if (r == 0)
        r = read_notes(&story, number, last);
    arena_deinit(&story.arena);
    json_object_set_new(object, "findings",
                        story.findings ? json_incref(story.findings) : json_array());
    json_object_set_new(
        object, "rule",
        explain_rule(query, story.revision, record_date(&query->city.zone, &record.row)));
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

/* One row a subject: its parameter, and which of the others go with it. */
static const struct {
    const char *name;
    int (*explain)(struct query *query, json_t **ret_result);
    const char *others[6];
} subjects[] = {
    {"volunteer", explain_volunteer, {"as_of", "rule", "records", "cursor", "limit"}},
    {"record", explain_record, {"rule"}},
    {"region", explain_region, {"as_of", "rule"}},
};
#define N_SUBJECTS (sizeof subjects / sizeof *subjects)

static bool goes_with(size_t subject, const char *parameter) {
    bool goes = strcmp(subjects[subject].name, parameter) == 0;
    for (size_t i = 0; subjects[subject].others[i]; i++)
        goes |= strcmp(subjects[subject].others[i], parameter) == 0;
    return goes;
}

int query_explain(struct query *query, json_t **ret_result) {
    size_t subject = N_SUBJECTS;
    const char *name;
    json_t *value;
    for (size_t i = N_SUBJECTS; i-- > 0;)
        if (query_text(query, subjects[i].name).data)
            subject = i;
    if (subject == N_SUBJECTS)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "volunteer",
                           "name one volunteer, record or region: explain says why for one at a "
                           "time");
    json_object_foreach(query->params, name, value) {
        bool is_common = strcmp(name, "fresh") == 0 || strcmp(name, "by") == 0;
        if (!is_common && !goes_with(subject, name))
            return problem_set(query->problem, PROBLEM_UNKNOWN_FIELD, name,
                               "%s does not go with %s: explain says why for one at a time", name,
                               subjects[subject].name);
    }
    return subjects[subject].explain(query, ret_result);
}
