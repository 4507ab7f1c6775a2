#include "tally.h"

#include "table.h"

void tally_init(struct tally *tally, struct progress *progress) {
    *tally = (struct tally){.progress = progress, .examples = json_array()};
}

void tally_deinit(struct tally *tally) {
    json_decref(tally->examples);
}

static struct tally_code *code_find(struct tally *tally, const char *code) {
    for (size_t i = 0; i < tally->n_codes; i++)
        if (strcmp(tally->codes[i].code, code) == 0)
            return &tally->codes[i];
    if (tally->n_codes == TALLY_CODES)
        return &tally->codes[TALLY_CODES - 1];
    struct tally_code *found = &tally->codes[tally->n_codes++];
    snprintf(found->code, sizeof found->code, "%.60s", code);
    return found;
}

void tally_add(struct tally *tally, const char *file, uint64_t line,
               const struct rejection *rejection) {
    const char *code = *rejection->code ? rejection->code : "rejected";
    struct tally_code *found = code_find(tally, code);
    found->n++;
    found->retryable = rejection->retryable;
    if (found->n > TALLY_EXAMPLES)
        return;
    progress_end(tally->progress);
    note("%s:%llu: %s: %s%s%s%s%s%s", file, (unsigned long long)line, code, rejection->message,
         *rejection->field ? " (" : "", rejection->field, *rejection->field ? ")" : "",
         *rejection->id ? " id=" : "", rejection->id);
    json_array_append_new(tally->examples,
                          json_pack("{s:I, s:s, s:s, s:s, s:s}", "line", (json_int_t)line, "code",
                                    code, "field", rejection->field, "message", rejection->message,
                                    "id", rejection->id));
}

static double rate_of(const struct publish_counts *counts) {
    uint64_t n = counts->stored + counts->duplicate + counts->rejected;
    return counts->seconds > 0 ? (double)n / counts->seconds : 0;
}

static void tally_print_json(const struct tally *tally, const struct call *call,
                             const struct publish_counts *counts) {
    json_auto_t *codes = json_object();
    for (size_t i = 0; i < tally->n_codes; i++)
        json_object_set_new(codes, tally->codes[i].code,
                            json_integer((json_int_t)tally->codes[i].n));
    uint64_t n = counts->stored + counts->duplicate + counts->rejected;
    json_auto_t *summary = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:O, s:I, s:I, s:f, s:I, s:O}", "events", (json_int_t)n,
        "stored", (json_int_t)counts->stored, "duplicate", (json_int_t)counts->duplicate,
        "rejected", (json_int_t)counts->rejected, "decisions", (json_int_t)counts->decisions,
        "codes", codes, "last_line", (json_int_t)counts->last_line, "sequence",
        (json_int_t)counts->highest_sequence, "seconds", counts->seconds, "per_second",
        (json_int_t)rate_of(counts), "examples", tally->examples);
    print_json(&call->terminal, summary);
}

static void row(struct table *table, const char *name, int64_t n, enum colour colour) {
    table_row(table, NULL);
    table_text(table, 0, name);
    table_number(table, 1, n);
    if (n > 0)
        table_colour(table, 1, colour);
}

void tally_print(struct tally *tally, const struct call *call,
                 const struct publish_counts *counts) {
    if (call->json) {
        tally_print_json(tally, call, counts);
        return;
    }
    struct table *table = table_new(&call->terminal);
    char text[TEXT_SIZE];
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_NUMBER);
    table_column(table, NULL, COLUMN_TEXT);
    table_without_headings(table);
    row(table, _("stored"), (int64_t)counts->stored, COLOUR_GOOD);
    row(table, _("duplicate"), (int64_t)counts->duplicate, COLOUR_PLAIN);
    row(table, _("rejected"), (int64_t)counts->rejected, COLOUR_BAD);
    for (size_t i = 0; i < tally->n_codes; i++) {
        table_row(table, NULL);
        table_printf(table, 0, "  %s", tally->codes[i].code);
        table_number(table, 1, (int64_t)tally->codes[i].n);
        table_text(table, 2, tally->codes[i].retryable ? _("may succeed later") : "");
    }
    row(table, _("decisions"), (int64_t)counts->decisions, COLOUR_PLAIN);
    row(table, _("events per second"), (int64_t)rate_of(counts), COLOUR_STRONG);
    snprintf(text, sizeof text, _("in %.1f s"), counts->seconds);
    table_text(table, 2, text);
    table_print(table);
}
