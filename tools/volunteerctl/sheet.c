#include "sheet.h"

#include <csv.h>
#include <iconv.h>
#include <stdarg.h>
#include <stdlib.h>

#include "util/error.h"
#include "util/io.h"
#include "value.h"

#define FILE_LIMIT_BYTES (64u << 20)
#define CELL_LIMIT_BYTES (64u << 10) /* no text of the catalogue is as long */
#define COMPLAINTS_SHOWN 20
#define HEADINGS_LIMIT 32

struct reader {
    struct sheet *sheet;
    char *headings[HEADINGS_LIMIT];
    size_t n_headings;
    size_t place[SHEET_COLUMNS]; /* in the file; SIZE_MAX: it has no such column */
    struct sheet_row row;
    size_t n_fields;
    bool hopeless; /* the heading is wrong: nothing can be said about the rows */
    uint64_t number;
};

static void row_deinit(struct sheet_row *row) {
    for (size_t i = 0; i < SHEET_COLUMNS; i++)
        free(row->cells[i]);
    *row = (struct sheet_row){0};
}

static bool complaint_shown(struct sheet *sheet) {
    return sheet->n_complaints++ < COMPLAINTS_SHOWN;
}

void sheet_complain(struct sheet *sheet, const struct sheet_row *row, size_t column,
                    const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    if (complaint_shown(sheet))
        note(_("%s:%llu: column %s: %s"), sheet->file, (unsigned long long)row->number,
             sheet->columns[column].heading, text);
    free(text);
}

void sheet_complain_line(struct sheet *sheet, uint64_t line, const char *text) {
    if (complaint_shown(sheet))
        note("%s:%llu: %s", sheet->file, (unsigned long long)line, text);
}

void sheet_check_once(struct sheet *sheet, size_t column) {
    json_auto_t *lines = json_object();
    for (size_t i = 0; i < sheet->n_rows; i++) {
        const struct sheet_row *row = &sheet->rows[i];
        const char *cell = sheet_cell(row, column);
        const json_t *line = json_object_get(lines, cell);
        if (line)
            sheet_complain(sheet, row, column, _("“%.60s” stands in line %lld already"), cell,
                           (long long)json_integer_value(line));
        else if (*cell)
            json_object_set_new(lines, cell, json_integer((json_int_t)row->number));
    }
}

static char *text_copy(struct str text) {
    char *copy = malloc(text.size + 1);
    if (!copy)
        abort();
    if (text.size)
        memcpy(copy, text.data, text.size);
    copy[text.size] = '\0';
    return copy;
}

/* A zero would cut the text, and no other of them belongs in a code or a name. */
static bool has_control_characters(struct str text) {
    for (size_t i = 0; i < text.size; i++)
        if (((unsigned char)text.data[i] < ' ' && !strchr("\t\n\r", text.data[i])) ||
            text.data[i] == '\x7f' || text.data[i] == '\0')
            return true;
    return false;
}

static void cell_take(struct reader *reader, size_t column, struct str text) {
    const struct sheet_row here = {.number = reader->number};
    if (has_control_characters(text))
        sheet_complain(reader->sheet, &here, column, _("there is a control character in it"));
    if (text.size > CELL_LIMIT_BYTES) {
        sheet_complain(reader->sheet, &here, column, _("it is longer than 64 KiB"));
        text.size = 0;
    }
    free(reader->row.cells[column]);
    reader->row.cells[column] = text_copy(text);
}

static void field_take(void *data, size_t size, void *context) {
    struct reader *reader = context;
    size_t place = reader->n_fields++;
    struct str text = {data, size};
    if (reader->number == 0) {
        if (place < HEADINGS_LIMIT)
            reader->headings[reader->n_headings++] = text_copy(text);
        return;
    }
    for (size_t i = 0; i < reader->sheet->n_columns; i++)
        if (reader->place[i] == place)
            cell_take(reader, i, text);
}

static void headings_list(const struct sheet *sheet, struct buf *out) {
    for (size_t i = 0; i < sheet->n_columns; i++)
        buf_printf(out, "%s%s", i ? ", " : "", sheet->columns[i].heading);
}

static void heading_found(struct reader *reader, size_t column, size_t place) {
    const struct sheet_row first = {.number = 1};
    if (reader->place[column] != SIZE_MAX) {
        reader->hopeless = true;
        sheet_complain(reader->sheet, &first, column, _("it stands twice; keep one"));
    }
    reader->place[column] = place;
}

/* Without blanks around it. */
static struct str trimmed(const char *text) {
    struct str s = str_from(text);
    while (s.size && (s.data[0] == ' ' || s.data[0] == '\t'))
        s = (struct str){s.data + 1, s.size - 1};
    while (s.size && strchr(" \t\r\n", s.data[s.size - 1]))
        s.size--;
    return s;
}

static bool is_heading(const struct sheet_column *column, const char *written) {
    struct str heading = trimmed(written);
    if (str_equal(heading, str_from(column->heading)))
        return true;
    for (const char *other = column->others; other;) {
        const char *end = strchrnul(other, '|');
        if (str_equal(heading, (struct str){other, (size_t)(end - other)}))
            return true;
        other = *end ? end + 1 : NULL;
    }
    return false;
}

static void headings_take(struct reader *reader) {
    struct sheet *sheet = reader->sheet;
    for (size_t i = 0; i < sheet->n_columns; i++) {
        reader->place[i] = SIZE_MAX;
        for (size_t k = 0; k < reader->n_headings; k++)
            if (is_heading(&sheet->columns[i], reader->headings[k]))
                heading_found(reader, i, k);
        if (reader->place[i] != SIZE_MAX || !sheet->columns[i].required)
            continue;
        BUF_AUTO names = {0};
        headings_list(sheet, &names);
        reader->hopeless = true;
        if (complaint_shown(sheet))
            note(_("%s:1: there is no column “%s”; the first line names the columns: %s."),
                 sheet->file, sheet->columns[i].heading, buf_text(&names));
    }
}

static void row_add(struct sheet *sheet, struct sheet_row *row) {
    if (sheet->n_rows == sheet->capacity) {
        sheet->capacity = sheet->capacity ? sheet->capacity * 2 : 256;
        sheet->rows = reallocarray(sheet->rows, sheet->capacity, sizeof *sheet->rows);
        if (!sheet->rows)
            abort();
    }
    sheet->rows[sheet->n_rows++] = *row;
    *row = (struct sheet_row){0};
}

static void row_end(int character, void *context) {
    (void)character;
    struct reader *reader = context;
    if (reader->number == 0) {
        headings_take(reader);
    } else if (!reader->hopeless && reader->n_fields != reader->n_headings) {
        if (complaint_shown(reader->sheet))
            note(_("%s:%llu: the row has %zu fields, the heading %zu"), reader->sheet->file,
                 (unsigned long long)reader->number, reader->n_fields, reader->n_headings);
    } else if (!reader->hopeless) {
        reader->row.number = reader->number;
        row_add(reader->sheet, &reader->row);
    }
    row_deinit(&reader->row);
    reader->number = reader->number == 0 ? 2 : reader->number + 1;
    reader->n_fields = 0;
}

static bool is_utf8(struct str text) {
    while (text.size) {
        size_t size = str_utf8_size(text);
        if (size == 0)
            return false;
        text = (struct str){text.data + size, text.size - size};
    }
    return true;
}

/* Spreadsheets of this country write GB18030. */
static int text_convert(struct str text, struct buf *out) {
    if (is_utf8(text)) {
        static const struct str mark = {"\xef\xbb\xbf", 3};
        size_t skip = str_starts_with(text, mark) ? mark.size : 0;
        buf_put(out, text.data + skip, text.size - skip);
        return 0;
    }
    iconv_t converter = iconv_open("UTF-8", "GB18030");
    if (converter == (iconv_t)-1)
        return -errno;
    char *from = (char *)(uintptr_t)text.data; /* iconv does not write there */
    size_t from_left = text.size, to_left = text.size * 2;
    char *to = buf_extend(out, to_left);
    size_t result = iconv(converter, &from, &from_left, &to, &to_left);
    int error = result == (size_t)-1 ? errno : 0;
    iconv_close(converter);
    out->size -= to_left;
    return -error;
}

static int text_parse(struct sheet *sheet, struct str text) {
    struct reader reader = {.sheet = sheet};
    struct csv_parser parser;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        abort();
    csv_set_blk_size(&parser, CELL_LIMIT_BYTES); /* a long cell is not copied for each 128 bytes */
    size_t done = csv_parse(&parser, text.data, text.size, field_take, row_end, &reader);
    bool whole = done == text.size && csv_fini(&parser, field_take, row_end, &reader) == 0;
    if (!whole)
        complain_json(sheet->json, REFUSED, NULL, _("%s:%llu: this is no CSV: %s."), sheet->file,
                      (unsigned long long)reader.number, csv_strerror(csv_error(&parser)));
    csv_free(&parser);
    row_deinit(&reader.row);
    for (size_t i = 0; i < reader.n_headings; i++)
        free(reader.headings[i]);
    return whole ? DONE : REFUSED;
}

int sheet_read(struct sheet *sheet, const struct sheet_column *columns, const char *path,
               bool json) {
    char *data = NULL;
    size_t size = 0;
    BUF_AUTO text = {0};
    *sheet = (struct sheet){.file = path, .json = json, .columns = columns};
    while (columns[sheet->n_columns].heading)
        sheet->n_columns++;
    int error = io_read_file(io_system(), path, FILE_LIMIT_BYTES, &data, &size);
    if (error)
        return complain_json(json, REFUSED, NULL, _("%s cannot be read: %s."), path,
                             strerror(-error));
    error = text_convert((struct str){data, size}, &text);
    free(data);
    if (error)
        return complain_json(json, REFUSED, NULL, _("%s is neither UTF-8 nor GB18030 text."), path);
    int code = text_parse(sheet, buf_str(&text));
    if (code == DONE && sheet->n_rows == 0 && sheet->n_complaints == 0)
        return complain_json(json, REFUSED, NULL, _("%s holds no rows."), path);
    return code;
}

void sheet_deinit(struct sheet *sheet) {
    for (size_t i = 0; i < sheet->n_rows; i++)
        row_deinit(&sheet->rows[i]);
    free(sheet->rows);
}

const char *sheet_cell(const struct sheet_row *row, size_t column) {
    return row->cells[column] ? row->cells[column] : "";
}

int sheet_check(const struct sheet *sheet) {
    if (sheet->n_complaints == 0)
        return DONE;
    if (sheet->n_complaints > COMPLAINTS_SHOWN)
        note(_("… and %zu more"), sheet->n_complaints - COMPLAINTS_SHOWN);
    return complain_json(sheet->json, REFUSED, NULL,
                         _("nothing of %s was sent; mistakes in it: %zu."), sheet->file,
                         sheet->n_complaints);
}
