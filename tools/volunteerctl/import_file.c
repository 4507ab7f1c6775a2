/* import TYPE FILE: a clerk's spreadsheet as events. The whole file is read and checked before
 * anything is sent; the good lines go in, the others are reported. All of it carries one batch,
 * named after the file's bytes and how it was read: the same file again stores nothing, whatever
 * interrupted it the first time. */
#include <sodium.h>
#include <stdlib.h>

#include "ask.h"
#include "commands.h"
#include "events.h"
#include "import_rows.h"
#include "progress.h"
#include "table.h"
#include "value.h"

#define BATCH 500
#define IN_FLIGHT 4
#define PATIENCE_MS 60000
#define TRIED_AT_ONCE 200
#define DIGEST_SHOWN 6

struct importing {
    struct call *call;
    const char *file;
    const struct event_type *type;
    struct import_map map;
    struct import_rows rows;
    struct refusals refusals;
    struct progress progress;
    bool dry_run;
    bool tries; /* asks the daemon before anything is sent */
    char batch[BATCH_NAME_SIZE];
    struct publish_counts counts;
    uint64_t n_before; /* of a dry run: stored already */
    /* Events that wait to be tried. */
    json_t *tried;
    uint64_t tried_rows[TRIED_AT_ONCE];
};

static int fault_say(const struct importing *importing, const struct grid_fault *fault) {
    if (fault->row)
        return complain_json(importing->call->json, REFUSED, fault->code, "%s:%llu: %s: %s",
                             importing->file, (unsigned long long)fault->row, fault->code,
                             fault->message);
    return complain_json(importing->call->json, REFUSED, fault->code, "%s: %s: %s", importing->file,
                         fault->code, fault->message);
}

/* ---- what the command line says ---- */

static int type_take(struct importing *importing) {
    const char *name = call_argument(importing->call, 0);
    importing->type = catalogue_find(str_from(name));
    if (!importing->type)
        return event_type_check(name) == DONE
                   ? complain(USAGE,
                              _("“%s” begins several types; volunteerctl schema lists them."), name)
                   : USAGE;
    if (importing->type->writer != WRITER_PUBLISHER)
        return complain(USAGE, _("%s is not imported: %s."), name,
                        importing->type->writer == WRITER_COMMAND
                            ? _("a command of its own writes it")
                            : _("only the daemon writes it"));
    return DONE;
}

static int words_take(struct importing *importing) {
    const struct call *call = importing->call;
    const char *map = call_text(call, "map");
    int code = map ? import_map_read(&importing->map, map, call->json) : DONE;
    for (size_t i = 2; code == DONE && i < call->n_arguments; i++)
        code = import_map_take(&importing->map, call->arguments[i]);
    return code;
}

/* Equal bytes, read in the same way, are the same batch. */
static int batch_name(struct importing *importing) {
    const char *given = call_text(importing->call, "batch"), *noun;
    const char *sheet = call_text(importing->call, "sheet");
    uint8_t digest[crypto_generichash_BYTES_MIN];
    BUF_AUTO text = {0};
    BUF_AUTO name = {0};
    if (given && strlen(given) >= sizeof importing->batch)
        return complain(USAGE, _("--batch takes up to %zu bytes."), sizeof importing->batch - 1);
    noun = noun_info(importing->type->noun)->name;
    buf_put_counted(&text, grid_digest(importing->rows.grid));
    buf_put_counted(&text, str_from(importing->type->name));
    buf_put_counted(&text, str_from(importing->rows.source));
    buf_put_counted(&text, str_from(sheet ? sheet : ""));
    for (size_t i = 0; i < importing->map.n; i++) {
        const struct import_mapping *mapping = &importing->map.list[i];
        buf_put_counted(&text, str_from(mapping->heading ? mapping->heading : ""));
        buf_put_counted(&text, str_from(mapping->field));
        buf_put_counted(&text, str_from(mapping->value ? mapping->value : ""));
    }
    crypto_generichash(digest, sizeof digest, (const uint8_t *)text.data, text.size, NULL, 0);
    buf_printf(&name, "%.20s-", noun);
    for (size_t i = 0; i < DIGEST_SHOWN; i++)
        buf_printf(&name, "%02x", digest[i]);
    snprintf(importing->batch, sizeof importing->batch, "%s", given ? given : buf_text(&name));
    return DONE;
}

static int source_check(const char *source) {
    for (const char *at = source; *at; at++)
        if (*at <= ' ' || *at > '~' || *at == '"' || *at == '\\')
            return complain(USAGE, _("--source is the name of a system: printable ASCII without "
                                     "blanks or quotation marks."));
    return DONE;
}

static int file_open(struct importing *importing) {
    struct import_rows *rows = &importing->rows;
    struct call *call = importing->call;
    const char *source = call_text(call, "source");
    rows->call = call;
    rows->refusals = &importing->refusals;
    rows->source = source ? source : "volunteerctl";
    arena_init(&rows->arena);
    int code = source_check(rows->source);
    if (code != DONE)
        return code;
    if (grid_open(&rows->grid, importing->file, call_text(call, "sheet"), &rows->fault) != 0 ||
        import_columns_find(&rows->columns, importing->type, &importing->map, rows->grid,
                            &rows->fault) != 0)
        return fault_say(importing, &rows->fault);
    cell_reader_init(&rows->reader, call, &rows->zone, grid_from_1904(rows->grid));
    code = batch_name(importing);
    rows->batch = importing->batch;
    return code;
}

/* ---- a dry run asks the daemon, too ---- */

/* What stands at "data.parent" of an event. */
static const char *value_at(const json_t *event, const char *path) {
    char part[96];
    while (*path && json_is_object(event)) {
        size_t size = strcspn(path, ".");
        snprintf(part, sizeof part, "%.*s", (int)size, path);
        event = json_object_get(event, part);
        path += size + (path[size] == '.');
    }
    return json_is_string(event) ? json_string_value(event) : "";
}

/* What an earlier row will have brought by then is not missing. */
static bool comes_with_the_file(const struct importing *importing, const json_t *event,
                                const json_t *result) {
    char unknown[64];
    snprintf(unknown, sizeof unknown, "unknown_%.40s", noun_info(importing->type->noun)->name);
    return strcmp(text_at(result, "code"), unknown) == 0 &&
           import_rows_has(&importing->rows, str_from(value_at(event, text_at(result, "field"))));
}

static void result_take(struct importing *importing, size_t index, const json_t *result) {
    struct import_rows *rows = &importing->rows;
    const json_t *event = json_array_get(importing->tried, index);
    struct str field = str_from(text_at(result, "field"));
    importing->n_before += strcmp(text_at(result, "status"), "duplicate") == 0;
    if (strcmp(text_at(result, "status"), "rejected") != 0 ||
        comes_with_the_file(importing, event, result))
        return;
    if (str_starts_with(field, STR("data.")))
        field = (struct str){field.data + 5, field.size - 5};
    refusals_add(&importing->refusals, importing->tried_rows[index],
                 import_columns_of(&rows->columns, field), text_at(result, "code"), field.data,
                 text_at(result, "message"));
    importing->refusals.list[importing->refusals.n - 1].retryable = flag_at(result, "retryable");
}

static int tried_ask(struct importing *importing) {
    json_auto_t *answer = NULL;
    size_t n = json_array_size(importing->tried);
    if (n == 0)
        return DONE;
    int code = client_ask(&importing->call->client, "event.try",
                          json_pack("{s:O}", "events", importing->tried), &answer);
    for (size_t i = 0; code == DONE && i < n; i++)
        result_take(importing, i, json_array_get(json_object_get(answer, "results"), i));
    json_array_clear(importing->tried);
    return code;
}

static int event_try(struct importing *importing, struct str event, uint64_t row) {
    json_error_t error;
    json_t *json = json_loadb(event.data, event.size, 0, &error);
    size_t n = json_array_size(importing->tried);
    importing->tried_rows[n] = row;
    json_array_append_new(importing->tried, json);
    return n + 1 == TRIED_AT_ONCE ? tried_ask(importing) : DONE;
}

/* ---- reading and checking all of it ---- */

static int lost_way(const struct importing *importing) {
    return complain_json(importing->call->json, REFUSED, "too_many_refused",
                         _("%s: more than %u lines are refused, so nothing was sent: is this a "
                           "file of %s? The first: row %llu: %s"),
                         importing->file, REFUSALS_LIMIT, importing->type->name,
                         (unsigned long long)importing->refusals.list[0].row,
                         importing->refusals.list[0].message);
}

static int file_check(struct importing *importing) {
    struct import_rows *rows = &importing->rows;
    struct str event;
    uint64_t row;
    int next = import_rows_begin(rows) == 0 ? 1 : -1, code = DONE;
    progress_begin(&importing->progress, &importing->call->terminal, _("checking"));
    while (code == DONE && next > 0 && (next = import_rows_next(rows, true, &event, &row)) > 0) {
        if (importing->refusals.n > REFUSALS_LIMIT)
            code = lost_way(importing);
        else if (importing->tries && next == 1)
            code = event_try(importing, event, row);
        if (rows->n_rows % 256 == 0)
            progress_update(&importing->progress, grid_done_bytes(rows->grid),
                            grid_total_bytes(rows->grid), NULL);
        if (code == DONE)
            code = rows->reader.failure;
    }
    if (code == DONE && next == 0 && importing->tries)
        code = tried_ask(importing);
    progress_end(&importing->progress);
    if (code == DONE && next < 0)
        return fault_say(importing, &rows->fault);
    if (code == DONE && rows->n_rows == 0) {
        grid_fail(&rows->fault, "empty_file", rows->columns.heading_row,
                  _("there are no rows below the heading"));
        return fault_say(importing, &rows->fault);
    }
    refusals_sort(&importing->refusals);
    return code;
}

/* ---- sending ---- */

static enum source_state event_next(void *self, struct str *ret_event, uint64_t *ret_row) {
    struct importing *importing = self;
    int next = import_rows_next(&importing->rows, false, ret_event, ret_row);
    return next == 1 ? SOURCE_EVENT : SOURCE_END;
}

static void event_rejected(void *self, uint64_t row, const struct rejection *rejection) {
    struct importing *importing = self;
    struct str field = str_from(rejection->field);
    if (str_starts_with(field, STR("data.")))
        field = (struct str){field.data + 5, field.size - 5};
    /* The list is walked while rows are sent: what comes now goes to another one. */
    struct refusals *rejected = &importing->refusals;
    refusals_add(rejected, row, import_columns_of(&importing->rows.columns, field),
                 *rejection->code ? rejection->code : "rejected", field.data, rejection->message);
    rejected->list[rejected->n - 1].retryable = rejection->retryable;
}

static void event_settled(void *self, const struct publish_counts *counts, const char *waiting) {
    struct importing *importing = self;
    progress_update(&importing->progress,
                    (int64_t)(counts->stored + counts->duplicate + counts->rejected),
                    (int64_t)importing->rows.n_rows, waiting);
}

static int file_send(struct importing *importing) {
    struct call *call = importing->call;
    struct publish_options options = {.batch = BATCH,
                                      .in_flight = IN_FLIGHT,
                                      .timeout_ms = call->client.timeout_ms,
                                      .patience_ms = PATIENCE_MS};
    struct event_source source = {importing, event_next, -1};
    struct publish_watcher watcher = {importing, event_rejected, event_settled};
    struct refusals checked = importing->refusals;
    uint64_t n_rows = importing->rows.n_rows;
    if (import_rows_begin(&importing->rows) != 0)
        return fault_say(importing, &importing->rows.fault);
    importing->refusals = (struct refusals){0};
    importing->rows.refusals = &checked;
    importing->rows.n_rows = n_rows;
    progress_begin(&importing->progress, &call->terminal, _("importing"));
    int code = publisher_run(&call->client, &options, &source, &watcher, &importing->counts);
    progress_end(&importing->progress);
    importing->rows.n_rows = n_rows;
    importing->rows.refusals = &importing->refusals;
    for (size_t i = 0; i < checked.n; i++) {
        const struct refusal *refusal = &checked.list[i];
        refusals_add(&importing->refusals, refusal->row, refusal->column, refusal->code,
                     refusal->field, refusal->message);
    }
    refusals_deinit(&checked);
    refusals_sort(&importing->refusals);
    if (code == DONE && importing->rows.fault.code)
        return fault_say(importing, &importing->rows.fault);
    return code;
}

/* ---- saying ---- */

static void ignored_say(const struct importing *importing) {
    const struct import_columns *columns = &importing->rows.columns;
    BUF_AUTO ignored = {0};
    for (size_t i = 0; i < columns->n; i++)
        if (columns->list[i].role == COLUMN_IGNORED && *columns->list[i].heading)
            buf_printf(&ignored, "%s%s", ignored.size ? ", " : "", columns->list[i].heading);
    if (ignored.size)
        note(_("columns that were not read: %s"), buf_text(&ignored));
    if (importing->rows.n_totals)
        note(_("rows that are sums or notes, and were passed over: %llu, the first of them row "
               "%llu"),
             (unsigned long long)importing->rows.n_totals,
             (unsigned long long)importing->rows.first_total);
}

static json_t *ignored_json(const struct import_columns *columns) {
    json_t *list = json_array();
    for (size_t i = 0; i < columns->n; i++)
        if (columns->list[i].role == COLUMN_IGNORED && *columns->list[i].heading)
            json_array_append_new(list, json_string(columns->list[i].heading));
    return list;
}

static void say_json(const struct importing *importing) {
    const struct publish_counts *counts = &importing->counts;
    const struct import_rows *rows = &importing->rows;
    uint64_t n = counts->stored + counts->duplicate + counts->rejected;
    json_auto_t *summary = json_pack(
        "{s:s, s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:I, s:o, s:o}", "batch",
        importing->batch, "type", importing->type->name, "dry_run", importing->dry_run, "rows",
        (json_int_t)rows->n_rows, "stored", (json_int_t)counts->stored, "duplicate",
        (json_int_t)(importing->dry_run ? importing->n_before : counts->duplicate), "good",
        (json_int_t)(rows->n_rows - importing->refusals.n_rows), "refused_rows",
        (json_int_t)importing->refusals.n_rows, "passed_over", (json_int_t)rows->n_totals,
        "seconds", counts->seconds, "per_second",
        (json_int_t)(counts->seconds > 0 ? (double)n / counts->seconds : 0), "ignored_columns",
        ignored_json(&rows->columns), "refused",
        refusals_json(&importing->refusals, &rows->columns));
    print_json(&importing->call->terminal, summary);
}

static void say(const struct importing *importing) {
    const struct publish_counts *counts = &importing->counts;
    const struct import_rows *rows = &importing->rows;
    size_t n_refused = importing->refusals.n_rows;
    ignored_say(importing);
    if (n_refused)
        refusals_print(importing->call, &importing->refusals, &rows->columns);
    if (importing->dry_run) {
        print(_("%llu rows of %s: %llu are good, %zu would be refused. Nothing was sent.\n"),
              (unsigned long long)rows->n_rows, importing->file,
              (unsigned long long)(rows->n_rows - n_refused), n_refused);
        if (importing->n_before)
            print(_("%llu of them are stored already.\n"), (unsigned long long)importing->n_before);
        return;
    }
    print(_("%llu rows of %s: %llu stored, %llu stored before, %zu refused.\n"),
          (unsigned long long)rows->n_rows, importing->file, (unsigned long long)counts->stored,
          (unsigned long long)counts->duplicate, n_refused);
    if (counts->stored + counts->duplicate)
        print(_("volunteerctl import undo %s --by PERSON takes it back.\n"), importing->batch);
}

/* The lines that were refused, and what the command ends with. */
static int report(struct importing *importing) {
    struct call *call = importing->call;
    const char *path = call_text(call, "refused");
    size_t n_refused = importing->refusals.n_rows;
    int code = DONE;
    if (call->json)
        say_json(importing);
    else
        say(importing);
    if (path && n_refused)
        code = refusals_write(call, &importing->refusals, &importing->rows.columns,
                              importing->rows.grid, path);
    if (path && n_refused && code == DONE)
        note(_("the refused lines stand in %s: mend them there and import that file."), path);
    if (code == DONE && n_refused)
        return complain(REFUSED, _("lines that were refused: %zu."), n_refused);
    return code;
}

static int all_or_nothing(struct importing *importing) {
    if (!call_flag(importing->call, "all-or-nothing") || importing->refusals.n == 0)
        return DONE;
    refusals_print(importing->call, &importing->refusals, &importing->rows.columns);
    return complain_json(importing->call->json, REFUSED, NULL,
                         _("nothing of %s was sent; lines that would be refused: %zu."),
                         importing->file, importing->refusals.n_rows);
}

int run_import_file(struct call *call) {
    struct importing importing = {.call = call,
                                  .file = call_argument(call, 1),
                                  .dry_run = call_flag(call, "dry-run"),
                                  .tries = call_flag(call, "dry-run") ||
                                           call_flag(call, "all-or-nothing"),
                                  .tried = json_array()};
    int code = type_take(&importing);
    if (code == DONE)
        code = words_take(&importing);
    if (code == DONE)
        code = ask_zone(call, &importing.rows.zone);
    if (code == DONE)
        code = file_open(&importing);
    if (code == DONE)
        code = file_check(&importing);
    if (code == DONE && !importing.dry_run)
        code = all_or_nothing(&importing);
    if (code == DONE && !importing.dry_run)
        code = file_send(&importing);
    if (code == DONE)
        code = report(&importing);
    import_rows_deinit(&importing.rows);
    grid_close(importing.rows.grid);
    refusals_deinit(&importing.refusals);
    import_map_deinit(&importing.map);
    json_decref(importing.tried);
    return code;
}
