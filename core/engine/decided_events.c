#include "engine/decided_events.h"

#include "engine/decide.h"
#include "util/error.h"

/* How far before a decision its beginnings are looked for: what one event decides, and the event.
 */
#define BEFORE_MOST (DECISIONS_LIMIT + 2)
/* Behind it: what lies in a frame. */
#define AFTER_MOST 65536

static void stretch_add(struct stretch *stretch, const struct event *event) {
    if (stretch->n == stretch->capacity) {
        size_t capacity = stretch->capacity ? 2 * stretch->capacity : 16;
        struct event *grown = arena_alloc(stretch->arena, capacity * sizeof *grown);
        if (stretch->n)
            memcpy(grown, stretch->list, stretch->n * sizeof *grown);
        stretch->list = grown;
        stretch->capacity = capacity;
    }
    stretch->list[stretch->n++] = *event;
}

/* 0, JOURNAL_END, < 0. */
static int next_event(struct journal_reader *reader, struct arena *arena, struct event *ret_event) {
    struct str record;
    uint64_t sequence = 0;
    int r = journal_reader_next(reader, &record, &sequence);
    if (r != 0)
        return r;
    if (event_decode(arena_copy(arena, record), arena, ret_event) != 0)
        return error_note(-EBADMSG, "a journal record cannot be decoded");
    ret_event->sequence = sequence;
    if (!ret_event->has_time)
        ret_event->time.us = ret_event->recorded_us;
    return 0;
}

static int open_at(struct journal *journal, uint64_t sequence, struct journal_reader **ret_reader) {
    int r = journal_reader_open(journal, sequence - 1, ret_reader);
    return r == JOURNAL_NOT_THERE ? DECIDED_ARCHIVED : r;
}

int decided_event(struct journal *journal, uint64_t sequence, struct arena *arena,
                  struct event *ret_event) {
    struct journal_reader *reader = NULL;
    if (sequence == 0 || sequence > journal_head(journal).sequence)
        return DECIDED_UNKNOWN;
    int r = open_at(journal, sequence, &reader);
    if (r == 0)
        r = next_event(reader, arena, ret_event);
    journal_reader_close(reader);
    return r == JOURNAL_END ? DECIDED_UNKNOWN : r;
}

/* From where one event's decisions may begin, up to the end of the chunk that the decision lies in,
 * or to the next event that follows from something else. */
int stretch_read(struct journal *journal, uint64_t sequence, uint64_t cause,
                 struct stretch *stretch) {
    struct journal_reader *reader = NULL;
    uint64_t from = sequence > BEFORE_MOST ? sequence - BEFORE_MOST : 1;
    struct event event;
    int r = open_at(journal, from > cause ? from : cause, &reader);
    for (size_t n = 0; r == 0 && n < BEFORE_MOST + AFTER_MOST; n++) {
        r = next_event(reader, stretch->arena, &event);
        bool follows = r == 0 && (event.cause == cause || event.sequence == cause);
        if (r == 0 && !follows && event.sequence > sequence)
            break;
        if (r == 0 && !follows)
            stretch->n = 0; /* what lies before is another chunk's */
        else if (r == 0)
            stretch_add(stretch, &event);
        if (r == 0 && event.sequence > sequence && event.type->number == EVENT_run_progressed)
            break;
    }
    journal_reader_close(reader);
    return r == JOURNAL_END ? 0 : r;
}

size_t stretch_place(const struct stretch *stretch, uint64_t sequence) {
    size_t i = 0;
    while (i < stretch->n && stretch->list[i].sequence != sequence)
        i++;
    return i;
}

/* ---- the answer it belongs to ---- */

static const struct list *findings_of(const struct event *event) {
    size_t field = fields_find(event->type->fields, STR("findings"));
    if (field == NOT_FOUND_FIELD)
        return NULL;
    return (const void *)((const char *)event->data + event->type->fields->list[field].offset);
}

bool event_says(const struct event *event, struct str code) {
    const struct list *findings = findings_of(event);
    return findings && findings->n &&
           str_equal(((const struct finding *)findings->items)[0].code, code);
}

/* An entry that a rule granted, not one that takes another back. */
const struct points_posted *event_grant(const struct event *event) {
    const struct points_posted *data = event->data;
    if (event->type->number != EVENT_points_posted || HAS(data, points_posted, reverses))
        return NULL;
    return data;
}

/* Findings and facts stand with the first entry of an answer; any may say what was spent already.
 */
static bool begins_answer(const struct event *event) {
    const struct list *findings = findings_of(event);
    return event->facts.size ||
           (findings && findings->n && !event_says(event, STR("points_already_spent")));
}

static bool is_granted_with(const struct event *event, const struct event *other) {
    const struct points_posted *a = event_grant(event), *b = event_grant(other);
    return a && b && str_equal(event->revision, other->revision) && str_equal(a->record, b->record);
}

void stretch_entries(const struct stretch *stretch, size_t at, struct decided *decided) {
    size_t first = at, end = at + 1;
    while (first > 0 && !begins_answer(&stretch->list[first]) &&
           is_granted_with(&stretch->list[first - 1], &stretch->list[at]))
        first--;
    while (end < stretch->n && !begins_answer(&stretch->list[end]) &&
           is_granted_with(&stretch->list[end], &stretch->list[at]))
        end++;
    decided->event = stretch->list[first];
    decided->entries = &stretch->list[first];
    decided->n = end - first;
}

/* Of a record that was asked about anew: every entry of the rule lies among what the others posted,
 * and what it found stands with the first of them, be it a grant or not. */
bool event_is_of_record(const struct event *event, struct str record) {
    const struct points_posted *posted = event->data;
    const struct points_withheld *withheld = event->data;
    return (event->type->number == EVENT_points_posted && str_equal(posted->record, record)) ||
           (event->type->number == EVENT_points_withheld && str_equal(withheld->record, record));
}

void stretch_entries_anew(const struct stretch *stretch, size_t at, struct decided *decided) {
    struct str record = ((const struct points_posted *)decided->asked.data)->record;
    size_t first = at, end = at + 1;
    bool found = false;
    while (first > 0 && event_is_of_record(&stretch->list[first - 1], record))
        first--;
    while (end < stretch->n && event_is_of_record(&stretch->list[end], record))
        end++;
    decided->anew = true;
    decided->entries = arena_alloc(stretch->arena, (end - first) * sizeof *decided->entries);
    for (size_t i = first; i < end; i++) {
        const struct event *event = &stretch->list[i];
        if (event->type->number != EVENT_points_posted ||
            !str_equal(event->revision, decided->asked.revision))
            continue;
        if (!found && begins_answer(event))
            decided->event = *event;
        found |= begins_answer(event);
        decided->entries[decided->n++] = *event;
    }
}
