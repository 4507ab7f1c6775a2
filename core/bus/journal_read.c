/* journal.read: catching up without loss. */
#include <errno.h>

#include "bus/ack.h"
#include "bus/methods.h"

#define LIMIT_DEFAULT 1000
#define LIMIT_MOST 10000
#define WAIT_LIMIT_MS 60000
#define ANSWER_BYTES (4u << 20) /* an answer ends behind the event that passes this */
#define SCAN_LIMIT 200000       /* records passed over for their type in one answer */

struct reading {
    struct query *query;
    uint64_t next;
    size_t n_events;
    size_t limit;
    json_t *types;      /* NULL: all */
    struct arena arena; /* of one record */
};

static bool is_wanted(const struct reading *self, const char *type) {
    size_t i;
    json_t *item;
    json_array_foreach(self->types, i, item) {
        if (!strcmp(json_string_value(item), type))
            return true;
    }
    return !self->types;
}

static int put_record(struct reading *self, struct str record) {
    struct event event;
    struct buf *out = self->query->text;
    arena_reset(&self->arena);
    if (event_decode(record, &self->arena, &event) != 0)
        return -EBADMSG;
    event.sequence = self->next;
    if (!is_wanted(self, event.type->name))
        return 0;
    buf_json_item(out);
    event_to_json(&event, str_from(self->query->services->region), out);
    self->n_events++;
    return 0;
}

static int read_records(struct reading *self, struct journal_reader *reader) {
    int result = 0;
    for (size_t i = 0; i < SCAN_LIMIT && result == 0; i++) {
        struct str record;
        uint64_t sequence;
        if (self->n_events == self->limit || self->query->text->size > ANSWER_BYTES)
            return 0;
        result = journal_reader_next(reader, &record, &sequence);
        if (result == 0) {
            self->next = sequence;
            result = put_record(self, record);
        }
    }
    return result == JOURNAL_END ? 0 : result;
}

static int read_events(struct reading *self) {
    struct journal_reader *reader;
    int result = journal_reader_open(self->query->services->journal, self->next, &reader);
    if (result == JOURNAL_NOT_THERE)
        return problem_set(self->query->problem, PROBLEM_OUT_OF_RANGE, "after",
                           "events this old are in the archive");
    if (result != 0)
        return result;
    result = read_records(self, reader);
    journal_reader_close(reader);
    return result;
}

/* Nothing new: come again when the head has moved, or to say so when the time is out. */
static bool must_wait(struct query *query, const struct reading *self, uint64_t head) {
    const struct io *io = query->services->io;
    int64_t wait_ms = query_integer(query, "wait_ms", 0);
    if (self->n_events > 0 || self->next < head || !query->may_wait || wait_ms <= 0)
        return false;
    query->reached = self->next;
    if (query->deadline_us == 0)
        query->deadline_us = io->boottime_us(io->self) + wait_ms * 1000;
    query->wait = (struct wait){WAIT_HEAD, head};
    return true;
}

static int check_integer(struct query *query, const char *name, int64_t least, int64_t most) {
    int64_t value = query_integer(query, name, least);
    if (value >= least && value <= most)
        return 0;
    return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, name, "%s must be %lld to %lld", name,
                       (long long)least, (long long)most);
}

static int check_types(struct query *query) {
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(query->params, "types"), i, item) {
        struct str name = str_from(json_string_value(item));
        if (!name.size)
            return problem_set(query->problem, PROBLEM_WRONG_TYPE, "types", "types holds texts");
        if (catalogue_find(name))
            continue;
        const char *nearest = catalogue_nearest(name);
        return problem_set(query->problem, PROBLEM_UNKNOWN_TYPE, "types",
                           "there is no event type %.*s%s%s%s", STR_ARG(name),
                           nearest ? "; did you mean " : "", nearest ? nearest : "",
                           nearest ? "?" : "");
    }
    return 0;
}

static int check_epoch(struct query *query, const struct journal_head *head) {
    struct str epoch = query_text(query, "epoch");
    char text[20];
    epoch_format(head->epoch, text);
    if (!epoch.data || str_equal(epoch, str_from(text)))
        return 0;
    /* A journal is of one epoch from its first record on. */
    query->error_data =
        json_pack("{s:s, s:i, s:I}", "epoch", text, "began", 1, "head", (json_int_t)head->sequence);
    return problem_set(query->problem, PROBLEM_EPOCH_CHANGED, "epoch",
                       "the journal's epoch is %s: what was read under another one may not have "
                       "stayed; read again from the start or from where the two are equal",
                       text);
}

/* Whoever read further than there is would wait for ever, or miss what comes under those numbers.
 */
static int check_after(struct query *query, const struct journal_head *head) {
    uint64_t after = (uint64_t)query_integer(query, "after", 0);
    if (after <= head->sequence)
        return 0;
    query->error_data = json_pack("{s:I}", "head", (json_int_t)head->sequence);
    return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "after",
                       "the journal ends at %llu: was this read from another one?",
                       (unsigned long long)head->sequence);
}

static int check_parameters(struct query *query, const struct journal_head *head) {
    int result = check_integer(query, "after", 0, INT64_MAX);
    if (result == 0)
        result = check_integer(query, "limit", 1, LIMIT_MOST);
    if (result == 0)
        result = check_integer(query, "wait_ms", 0, WAIT_LIMIT_MS);
    if (result == 0)
        result = check_types(query);
    if (result == 0)
        result = check_epoch(query, head);
    return result == 0 ? check_after(query, head) : result;
}

static void put_end(struct reading *self, const struct journal_head *head) {
    struct buf *out = self->query->text;
    char epoch[20];
    epoch_format(head->epoch, epoch);
    buf_put_byte(out, ']');
    buf_json_key(out, "next");
    buf_json_integer(out, (int64_t)self->next);
    buf_json_key(out, "head");
    buf_json_integer(out, (int64_t)head->sequence);
    buf_json_key(out, "epoch");
    buf_json_string(out, str_from(epoch));
    buf_json_key(out, "sequence");
    buf_json_integer(out, (int64_t)head->sequence);
    buf_put_byte(out, '}');
}

int query_journal_read(struct query *query, json_t **ret_result) {
    (void)ret_result; /* the answer is text */
    struct journal_head head = journal_head(query->services->journal);
    int result = check_parameters(query, &head);
    if (result != 0)
        return result;
    struct reading self = {.query = query,
                           .next = (uint64_t)query_integer(query, "after", 0),
                           .limit = (size_t)query_integer(query, "limit", LIMIT_DEFAULT),
                           .types = json_object_get(query->params, "types")};
    if (query->reached > self.next)
        self.next = query->reached;
    arena_init(&self.arena);
    buf_put_str(query->text, STR("{\"events\":["));
    if (self.next < head.sequence)
        result = read_events(&self);
    if (result == 0 && must_wait(query, &self, head.sequence))
        result = QUERY_WAITS;
    else if (result == 0)
        put_end(&self, &head);
    arena_deinit(&self.arena);
    return result;
}
