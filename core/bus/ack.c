#include "bus/ack.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define WALK_LIMIT 1000            /* records read on rather than begun anew */
#define KEPT_TEXT_BYTES (1u << 20) /* larger ones are given back to the machine */

/* The decisions of one cause: a JSON array, empty where it had none. */
struct span {
    uint64_t sequence;
    size_t offset, size;
};

void epoch_format(uint64_t epoch, char ret_text[static 20]) {
    snprintf(ret_text, 20, "%016" PRIx64, epoch);
}

/* ---- decisions of duplicates ---- */

void decision_reader_init(struct decision_reader *reader, struct journal *journal) {
    *reader = (struct decision_reader){.journal = journal};
    arena_init(&reader->arena);
}

static void decision_reader_close(struct decision_reader *self) {
    if (self->reader)
        journal_reader_close(self->reader);
    self->reader = NULL;
    self->held = false;
}

void decision_reader_deinit(struct decision_reader *reader) {
    decision_reader_close(reader);
    arena_deinit(&reader->arena);
    buf_deinit(&reader->spans);
    buf_deinit(&reader->text);
}

static bool decision_reader_next(struct decision_reader *self) {
    if (self->held) {
        self->held = false;
        return true;
    }
    return journal_reader_next(self->reader, &self->record, &self->at) == 0;
}

/* Stands at the event itself afterwards. */
static bool decision_reader_seek(struct decision_reader *self, uint64_t sequence) {
    uint64_t next = self->held ? self->at : self->at + 1;
    if (!self->reader || sequence < next || sequence - next > WALK_LIMIT) {
        decision_reader_close(self);
        if (journal_reader_open(self->journal, sequence - 1, &self->reader) != 0) {
            self->reader = NULL;
            return false;
        }
    }
    do {
        if (!decision_reader_next(self)) {
            decision_reader_close(self);
            return false;
        }
    } while (self->at < sequence);
    return self->at == sequence;
}

static void put_decision(const struct event *decision, struct buf *out) {
    buf_json_item(out);
    buf_put_byte(out, '{');
    buf_json_key(out, "type");
    buf_json_string(out, str_from(decision->type->name));
    buf_json_key(out, "data");
    event_data_to_json(decision, out);
    buf_put_byte(out, '}');
}

/* An event and its decisions follow one another: the first record of another cause ends them. */
static void put_recorded_decisions(struct decision_reader *self, uint64_t sequence) {
    struct buf *out = &self->text;
    if (!decision_reader_seek(self, sequence))
        return;
    bool any = false;
    while (decision_reader_next(self)) {
        struct event event;
        arena_reset(&self->arena);
        if (event_decode(self->record, &self->arena, &event) != 0 || event.cause != sequence) {
            self->held = true;
            break;
        }
        if (!any)
            buf_put_byte(out, '[');
        any = true;
        put_decision(&event, out);
    }
    if (any)
        buf_put_byte(out, ']');
}

static int span_compare(const void *a, const void *b) {
    const struct span *left = a, *right = b;
    return (left->sequence > right->sequence) - (left->sequence < right->sequence);
}

static size_t collect_duplicates(struct decision_reader *self, const struct batch *batch) {
    size_t n = 0;
    buf_reset(&self->spans);
    for (size_t i = 0; i < batch->n_events; i++) {
        if (batch->results[i].status != RESULT_DUPLICATE)
            continue;
        struct span span = {.sequence = batch->results[i].sequence};
        buf_put(&self->spans, &span, sizeof span);
        n++;
    }
    return n;
}

static void read_duplicates(struct decision_reader *self, const struct batch *batch) {
    size_t n = collect_duplicates(self, batch);
    if (n == 0)
        return;
    struct span *spans = (void *)self->spans.data;
    qsort(spans, n, sizeof *spans, span_compare);
    if (self->text.capacity > KEPT_TEXT_BYTES)
        buf_deinit(&self->text);
    buf_reset(&self->text);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && spans[i].sequence == spans[i - 1].sequence) {
            spans[i] = spans[i - 1];
            continue;
        }
        spans[i].offset = self->text.size;
        put_recorded_decisions(self, spans[i].sequence);
        spans[i].size = self->text.size - spans[i].offset;
    }
}

static struct str decisions_of(const struct decision_reader *self, uint64_t sequence) {
    const struct span wanted = {.sequence = sequence};
    const struct span *span =
        self->spans.size ? bsearch(&wanted, self->spans.data, self->spans.size / sizeof wanted,
                                   sizeof wanted, span_compare)
                         : NULL;
    if (!span || span->size == 0)
        return STR_NONE;
    return (struct str){self->text.data + span->offset, span->size};
}

/* ---- results ---- */

static void put_findings(const struct list *findings, struct buf *out) {
    const struct finding *items = findings->items;
    buf_json_key(out, "findings");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < findings->n; i++) {
        buf_json_item(out);
        fields_to_json(&finding_fields, &items[i], out);
    }
    buf_put_byte(out, ']');
}

static void put_problem(const struct problem *problem, const struct list *findings,
                        struct buf *out) {
    char code[48];
    buf_json_key(out, "code");
    buf_json_string(out, str_from(problem_code_text(problem, code)));
    if (*problem->field) {
        buf_json_key(out, "field");
        buf_json_string(out, str_from(problem->field));
    }
    buf_json_key(out, "message");
    buf_json_string(out, str_from(problem->message));
    buf_json_key(out, "retryable");
    buf_put_str(out, problem_is_retryable(problem) ? STR("true") : STR("false"));
    if (findings->n)
        put_findings(findings, out);
}

static void put_decisions(const struct result *result, struct buf *out) {
    buf_json_key(out, "decisions");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < result->n_decisions; i++)
        put_decision(&result->decisions[i], out);
    buf_put_byte(out, ']');
}

static void put_first_decisions(const struct decision_reader *duplicates, uint64_t sequence,
                                struct buf *out) {
    struct str decisions = decisions_of(duplicates, sequence);
    if (!decisions.size)
        return;
    buf_json_key(out, "decisions");
    buf_put_str(out, decisions);
}

void ack_render_result(const struct event *event, const struct result *result,
                       const struct decision_reader *duplicates, struct buf *out) {
    static const char *const words[] = {"stored", "duplicate", "rejected"};
    buf_put_byte(out, '{');
    if (event->id.size) {
        buf_json_key(out, "id");
        buf_json_string(out, event->id);
    }
    buf_json_key(out, "status");
    buf_json_string(out, str_from(words[result->status]));
    if (result->status == RESULT_REJECTED) {
        put_problem(result->problem, &result->findings, out);
    } else {
        if (result->sequence) {
            buf_json_key(out, "sequence");
            buf_json_integer(out, (int64_t)result->sequence);
        }
        if (result->status == RESULT_DUPLICATE && duplicates)
            put_first_decisions(duplicates, result->sequence, out);
        else if (result->n_decisions)
            put_decisions(result, out);
    }
    buf_put_byte(out, '}');
}

void ack_render(const struct batch *batch, uint64_t epoch, struct decision_reader *duplicates,
                struct buf *out) {
    char text[20];
    epoch_format(epoch, text);
    read_duplicates(duplicates, batch);
    buf_put_byte(out, '{');
    buf_json_key(out, "epoch");
    buf_json_string(out, str_from(text));
    buf_json_key(out, "results");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < batch->n_events; i++) {
        buf_json_item(out);
        ack_render_result(&batch->events[i], &batch->results[i], duplicates, out);
    }
    buf_put_str(out, STR("]}"));
}
