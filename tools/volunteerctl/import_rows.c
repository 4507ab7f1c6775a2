#include "import_rows.h"

#include <sodium.h>
#include <stdlib.h>

#include "event/event.h"
#include "sheet_text.h"
#include "value.h"

/* ---- what was seen ---- */

struct seen {
    size_t n, capacity; /* a power of two */
    struct {
        uint64_t hash; /* 0: free */
        uint64_t row;
    } * slots;
};

static uint64_t hash_of(char kind, struct str text) {
    static const uint8_t key[crypto_shorthash_KEYBYTES];
    char joined[160] = {kind};
    uint64_t hash;
    size_t size = text.size < sizeof joined - 1 ? text.size : sizeof joined - 1;
    memcpy(joined + 1, text.data, size);
    crypto_shorthash((uint8_t *)&hash, (const uint8_t *)joined, size + 1, key);
    return hash ? hash : 1;
}

static size_t seen_place(const struct seen *seen, uint64_t hash) {
    size_t at = (size_t)hash & (seen->capacity - 1);
    while (seen->slots[at].hash && seen->slots[at].hash != hash)
        at = (at + 1) & (seen->capacity - 1);
    return at;
}

static void seen_grow(struct seen *seen) {
    struct seen old = *seen;
    seen->capacity = old.capacity ? old.capacity * 2 : 4096;
    seen->slots = calloc(seen->capacity, sizeof *seen->slots);
    if (!seen->slots)
        abort();
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].hash)
            seen->slots[seen_place(seen, old.slots[i].hash)] = old.slots[i];
    free(old.slots);
}

/* The row in which it stood before, 0 where it is new. */
static uint64_t seen_add(struct seen *seen, char kind, struct str text, uint64_t row) {
    uint64_t hash = hash_of(kind, text);
    if (seen->n * 2 >= seen->capacity)
        seen_grow(seen);
    size_t at = seen_place(seen, hash);
    if (seen->slots[at].hash)
        return seen->slots[at].row;
    seen->slots[at].hash = hash;
    seen->slots[at].row = row;
    seen->n++;
    return 0;
}

bool import_rows_has(const struct import_rows *rows, struct str id) {
    return rows->seen && rows->seen->capacity &&
           rows->seen->slots[seen_place(rows->seen, hash_of('i', id))].hash;
}

/* ---- one row's data ---- */

struct making {
    struct import_rows *rows;
    const struct grid_row *row;
    size_t n_problems;
};

static void refuse(struct making *making, size_t column, const char *field,
                   const struct cell_problem *problem) {
    making->n_problems++;
    refusals_add(making->rows->refusals, making->row->number, column, problem->code, field,
                 problem->message);
}

static bool is_given(const struct making *making, const struct target *target) {
    for (size_t i = 0; i < target->n_sources; i++)
        if (grid_cell_at(making->row, target->sources[i]).kind != GRID_EMPTY)
            return true;
    for (size_t i = 0; i < target->n_parts; i++)
        if (is_given(making, target->parts[i]))
            return true;
    return target->is_constant_said;
}

static void value_put(struct making *making, const struct target *target, size_t column,
                      enum column_unit unit, const struct grid_cell *cell) {
    static const struct field whole = {.kind = FIELD_INTEGER, .range = {INT64_MIN, INT64_MAX}};
    struct cell_problem problem = {0};
    struct import_rows *rows = making->rows;
    const struct field *field = target->quantity ? &whole : target->field;
    size_t size = rows->event.size;
    if (cell_read(&rows->reader, field, unit, cell, &rows->event, &problem) != 0) {
        rows->event.size = size;
        buf_put_str(&rows->event, STR("null"));
        refuse(making, column, target->path, &problem);
    }
}

static void text_value_put(struct making *making, const struct target *target, size_t column,
                           const char *text) {
    const struct grid_cell cell = {.kind = GRID_TEXT, .text = str_from(text)};
    value_put(making, target, column, UNIT_PLAIN, &cell);
}

static void own_id_put(struct making *making) {
    buf_printf(&making->rows->event, "\"%s:%07llu\"", making->rows->batch,
               (unsigned long long)making->row->number);
}

static void document_put(struct making *making) {
    struct cell_problem problem = {0};
    struct import_rows *rows = making->rows;
    const struct grid_cell cell = grid_cell_at(making->row, rows->columns.document);
    size_t size = rows->event.size;
    int result = cell.kind == GRID_EMPTY
                     ? cell_fail(&problem, "missing_field", _("the row does not say who it is"))
                     : cell_read_document(&rows->reader, &cell, &rows->event, &problem);
    if (result == 0)
        return;
    rows->event.size = size;
    buf_put_str(&rows->event, STR("null"));
    refuse(making, rows->columns.document, "volunteer", &problem);
}

/* What columns and constants say of a leaf; false where nothing does. */
static bool leaf_put(struct making *making, const struct target *target) {
    const struct import_columns *columns = &making->rows->columns;
    struct buf *out = &making->rows->event;
    bool is_list = target->field->kind == FIELD_LIST && !target->quantity, any = false;
    for (size_t i = 0; i < target->n_sources; i++) {
        const struct import_column *column = &columns->list[target->sources[i]];
        const struct grid_cell cell = grid_cell_at(making->row, target->sources[i]);
        if (cell.kind == GRID_EMPTY && !column->fallback)
            continue;
        if (is_list)
            buf_put_byte(out, any ? ',' : '[');
        any = true;
        if (cell.kind == GRID_EMPTY)
            text_value_put(making, target, target->sources[i], column->fallback);
        else
            value_put(making, target, target->sources[i], column->unit, &cell);
    }
    if (!any && target->constant && *target->constant) {
        any = true;
        if (is_list)
            buf_put_byte(out, '[');
        text_value_put(making, target, SIZE_MAX, target->constant);
    }
    if (any && is_list)
        buf_put_byte(out, ']');
    return any;
}

static void missing_put(struct making *making, const struct target *target) {
    struct cell_problem problem = {0};
    size_t column = target->n_sources ? target->sources[0] : SIZE_MAX;
    cell_fail(&problem, "missing_field", _("it is empty; %s is required"), target->field->label);
    refuse(making, column, target->path, &problem);
}

static void parts_put(struct making *making, const struct target *target);

static void part_put(struct making *making, const struct target *part) {
    struct import_rows *rows = making->rows;
    struct buf *out = &rows->event;
    size_t size = out->size;
    const char *name = part->quantity ? part->quantity : part->field->name;
    bool written = true;
    if (out->data[out->size - 1] != '{')
        buf_put_byte(out, ',');
    buf_json_string(out, str_from(name));
    buf_put_byte(out, ':');
    bool is_own = rows->columns.names_itself && part->field == &rows->columns.type->fields->list[0];
    if (is_own)
        own_id_put(making);
    else if (part->n_parts > 0)
        written = is_given(making, part) ? (parts_put(making, part), true) : false;
    else
        written = leaf_put(making, part);
    if (!written && rows->columns.document != SIZE_MAX && strcmp(part->path, "volunteer") == 0) {
        document_put(making);
        written = true;
    }
    if (written)
        return;
    out->size = size;
    if ((part->field->flags & REQUIRED) && !part->is_change && !part->quantity)
        missing_put(making, part);
}

static void parts_put(struct making *making, const struct target *target) {
    buf_put_byte(&making->rows->event, '{');
    for (size_t i = 0; i < target->n_parts; i++)
        part_put(making, target->parts[i]);
    buf_put_byte(&making->rows->event, '}');
}

/* ---- the event ---- */

static void happened_put(struct making *making) {
    static const struct field time = {.name = "time", .kind = FIELD_TIME};
    struct import_rows *rows = making->rows;
    const struct grid_cell cell = grid_cell_at(making->row, rows->columns.happened);
    struct cell_problem problem = {0};
    size_t size = rows->event.size;
    if (cell.kind == GRID_EMPTY)
        return;
    buf_put_str(&rows->event, STR(",\"time\":"));
    if (cell_read(&rows->reader, &time, UNIT_PLAIN, &cell, &rows->event, &problem) == 0)
        return;
    rows->event.size = size;
    refuse(making, rows->columns.happened, "time", &problem);
}

static void event_put(struct making *making) {
    struct import_rows *rows = making->rows;
    struct buf *out = &rows->event;
    struct cell_problem problem = {0};
    buf_reset(out);
    buf_printf(out,
               "{\"specversion\":\"1.0\",\"id\":\"%s:%07llu\",\"source\":\"%s\",\"type\":\"%s\","
               "\"batch\":\"%s\"",
               rows->batch, (unsigned long long)making->row->number, rows->source,
               rows->columns.type->name, rows->batch);
    rows->reader.has_day = rows->reader.has_clock = false;
    if (rows->columns.day != SIZE_MAX) {
        const struct grid_cell day = grid_cell_at(making->row, rows->columns.day);
        if (cell_read_day(&rows->reader, &day, &problem) != 0)
            refuse(making, rows->columns.day, "", &problem);
    }
    if (rows->columns.happened != SIZE_MAX)
        happened_put(making);
    buf_put_str(out, STR(",\"data\":"));
    parts_put(making, &rows->columns.data);
    buf_put_byte(out, '}');
}

/* Cells in columns that nobody named would be lost without a word. */
static void unnamed_check(struct making *making) {
    const struct import_columns *columns = &making->rows->columns;
    for (size_t i = 0; i < making->row->n; i++) {
        bool named = i < columns->n && *columns->list[i].heading;
        struct cell_problem problem = {0};
        if (named || making->row->cells[i].kind == GRID_EMPTY)
            continue;
        cell_fail(
            &problem, "unknown_field",
            _("“%.*s” stands in column %zu, which has no heading: is a separator too many in "
              "the row?"),
            (int)(making->row->cells[i].text.size < 60 ? making->row->cells[i].text.size : 60),
            making->row->cells[i].text.data, i + 1);
        refuse(making, SIZE_MAX, "", &problem);
        return;
    }
}

static void again_check(struct making *making, char kind, struct str text, const char *field) {
    struct cell_problem problem = {0};
    uint64_t before = seen_add(making->rows->seen, kind, text, making->row->number);
    if (!before || before == making->row->number)
        return;
    cell_fail(&problem, kind == 'p' ? "identity_known" : "already_exists",
              _("it stands in row %llu already"), (unsigned long long)before);
    refuse(making, import_columns_of(&making->rows->columns, str_from(field)), field, &problem);
}

static void event_check_again(struct making *making, const struct event *event) {
    const struct event_type *type = event->type;
    const struct field *own = import_own_id(type);
    if (own)
        again_check(making, 'i', *(const struct str *)((const char *)event->data + own->offset),
                    own->name);
    if (type->number == EVENT_region_defined) {
        const struct region_defined *region = event->data;
        seen_add(making->rows->seen, 'i', region->region, making->row->number);
    }
    if (type->number == EVENT_volunteer_registered) {
        const struct volunteer_registered *registered = event->data;
        if (HAS(registered, volunteer_registered, identity))
            again_check(making, 'p',
                        identity_canonical(&registered->identity, &making->rows->arena),
                        "identity.number");
    }
}

static void event_check_here(struct making *making) {
    static const struct digest_key key = {{0}};
    struct import_rows *rows = making->rows;
    struct event event;
    struct problem problem = {0};
    struct dom_value value;
    const char *message = NULL;
    size_t offset;
    char code[48];
    arena_reset(&rows->arena);
    if (dom_parse(rows->parser, buf_str(&rows->event), &value, &message, &offset) != 0)
        problem_set(&problem, PROBLEM_MALFORMED_JSON, "", "%s", message);
    else if (event_from_json(value, &key, &rows->arena, &event, &problem) == 0)
        event_check_again(making, &event);
    if (problem.code == PROBLEM_NONE)
        return;
    struct str field = str_from(problem.field);
    making->n_problems++;
    refusals_add(rows->refusals, making->row->number, import_columns_of(&rows->columns, field),
                 problem_code_text(&problem, code),
                 str_starts_with(field, STR("data.")) ? problem.field + 5 : problem.field,
                 problem.message);
}

/* ---- rows that are none ---- */

static bool begins_with_any(struct str text, const char *const *words) {
    for (; *words; words++)
        if (str_starts_with(text, str_from(*words)))
            return true;
    return false;
}

/* Sums, and who filled in the form. */
static bool is_no_data(const struct import_rows *rows, const struct grid_row *row) {
    static const char *const sums[] = {"合计",  "总计",  "小计",  "共计", "累计",
                                       "Total", "TOTAL", "total", NULL};
    static const char *const feet[] = {
        "填表",  "制表", "填报", "审核人", "审核：", "负责人：", "说明：",
        "说明:", "注：", "注:",  "备注：", "备注:",  NULL};
    size_t n = 0, first = SIZE_MAX;
    (void)rows;
    for (size_t i = row->n; i-- > 0;)
        if (row->cells[i].kind != GRID_EMPTY) {
            first = i;
            n++;
        }
    BUF_AUTO text = {0};
    sheet_narrow(row->cells[first].text, false, &text);
    if (row->cells[first].kind != GRID_TEXT)
        return false;
    return begins_with_any(buf_str(&text), sums) ||
           (n <= 4 && begins_with_any(row->cells[first].text, feet));
}

/* ---- all of them ---- */

int import_rows_begin(struct import_rows *rows) {
    rows->n_rows = rows->n_totals = 0;
    rows->refused_next = 0;
    if (!rows->parser)
        rows->parser = dom_parser_new();
    if (!rows->seen)
        rows->seen = calloc(1, sizeof *rows->seen);
    if (!rows->parser || !rows->seen)
        abort();
    return grid_rewind(rows->grid, &rows->fault);
}

static bool was_refused(struct import_rows *rows, uint64_t row) {
    const struct refusals *refusals = rows->refusals;
    while (rows->refused_next < refusals->n && refusals->list[rows->refused_next].row < row)
        rows->refused_next++;
    return rows->refused_next < refusals->n && refusals->list[rows->refused_next].row == row;
}

int import_rows_next(struct import_rows *rows, bool checks, struct str *ret_event,
                     uint64_t *ret_row) {
    const struct grid_row *row;
    int next;
    while ((next = grid_next(rows->grid, &row, &rows->fault)) == 1) {
        struct making making = {.rows = rows, .row = row};
        if (row->number <= rows->columns.heading_row || grid_row_is_blank(row))
            continue;
        if (is_no_data(rows, row)) {
            rows->first_total = rows->n_totals++ ? rows->first_total : row->number;
            continue;
        }
        rows->n_rows++;
        *ret_row = row->number;
        if (!checks && was_refused(rows, row->number))
            continue;
        if (checks)
            unnamed_check(&making);
        event_put(&making);
        if (checks && making.n_problems == 0)
            event_check_here(&making);
        if (making.n_problems > 0)
            return 2;
        *ret_event = buf_str(&rows->event);
        return 1;
    }
    return next;
}

void import_rows_deinit(struct import_rows *rows) {
    import_columns_deinit(&rows->columns);
    cell_reader_deinit(&rows->reader);
    buf_deinit(&rows->event);
    dom_parser_free(rows->parser);
    arena_deinit(&rows->arena);
    if (rows->seen)
        free(rows->seen->slots);
    free(rows->seen);
}
