#include "divisions.h"

#include <csv.h>
#include <iconv.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdlib.h>

#include "event/catalogue.h"
#include "print.h"
#include "util/error.h"
#include "util/io.h"

#define FILE_LIMIT_BYTES (64u << 20)
#define COMPLAINTS_SHOWN 20
#define FIELD_LIMIT 512
#define DIGEST_BYTES 16 /* what libsodium gives at least; half of it is shown */

enum column { CODE, NAME, LEVEL, PARENT, URBAN, KIND, COLUMN_COUNT };

static const struct {
    const char *heading;
    bool required;
} columns[COLUMN_COUNT] = {
    [CODE] = {"code", true},      [NAME] = {"name", true},          [LEVEL] = {"level", true},
    [PARENT] = {"parent", false}, [URBAN] = {"urban_rural", false}, [KIND] = {"kind", false},
};

struct reader {
    struct divisions *divisions;
    size_t place[COLUMN_COUNT]; /* in the row; SIZE_MAX: the file has no such column */
    char fields[COLUMN_COUNT][FIELD_LIMIT];
    char headings[COLUMN_COUNT * 2][FIELD_LIMIT];
    size_t n_fields;
    size_t n_headings;
    bool hopeless; /* the heading is wrong: nothing more can be said about the rows */
    uint64_t row;
};

__attribute__((format(printf, 3, 4))) static void
row_complain(struct reader *reader, enum column column, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (reader->divisions->n_complaints++ < COMPLAINTS_SHOWN)
        note(_("%s:%llu: column %s: %s"), reader->divisions->file, (unsigned long long)reader->row,
             columns[column].heading, text);
}

/* ---- a row to an event ---- */

static bool code_is_valid(const char *code) {
    return strlen(code) == 12 && strspn(code, "0123456789") == 12;
}

/* Divisions number their levels from the nation down: 2 is a prefecture city, 5 a community. */
static const char *level_word(const char *level) {
    static const struct {
        const char *number;
        enum REGION_LEVEL_choice level;
    } levels[] = {{"2", REGION_LEVEL_CITY},
                  {"3", REGION_LEVEL_COUNTY},
                  {"4", REGION_LEVEL_TOWNSHIP},
                  {"5", REGION_LEVEL_COMMUNITY}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strcmp(levels[i].number, level) == 0)
            return REGION_LEVEL_choices.words[levels[i].level];
    return NULL;
}

/* By label or word; of "政企合一/园区" the last part is understood too. */
static const char *kind_word(const char *kind) {
    const char *slash = strrchr(kind, '/');
    const char *last = slash ? slash + 1 : kind;
    for (size_t i = 0; i < REGION_KIND_choices.n; i++)
        if (strcmp(REGION_KIND_choices.labels[i], last) == 0 ||
            strcmp(REGION_KIND_choices.words[i], last) == 0)
            return REGION_KIND_choices.words[i];
    return NULL;
}

/* The statistics bureau's class: 1xx is urban, 2xx rural; 0 where it says nothing, -1 where it is
 * none. */
static int urban_class(const char *text) {
    if (!*text)
        return 0;
    if (strlen(text) != 3 || strspn(text, "0123456789") != 3 || (*text != '1' && *text != '2'))
        return -1;
    return *text - '0';
}

static bool row_check(struct reader *reader) {
    size_t before = reader->divisions->n_complaints;
    const char *code = reader->fields[CODE];
    const char *parent = reader->fields[PARENT];
    if (!code_is_valid(code))
        row_complain(reader, CODE, _("a code has 12 digits, not “%.60s”"), code);
    if (!*reader->fields[NAME])
        row_complain(reader, NAME, _("every division has a name"));
    else if (strlen(reader->fields[NAME]) > 128)
        row_complain(reader, NAME, _("a name has at most 128 bytes"));
    if (!level_word(reader->fields[LEVEL]))
        row_complain(reader, LEVEL,
                     _("a level is 2 (city), 3 (county), 4 (township) or 5 (community), "
                       "not “%.60s”"),
                     reader->fields[LEVEL]);
    else if (!*parent && strcmp(reader->fields[LEVEL], "2") != 0)
        row_complain(reader, PARENT, _("only the city has no parent"));
    if (*parent && !code_is_valid(parent))
        row_complain(reader, PARENT, _("a code has 12 digits, not “%.60s”"), parent);
    if (urban_class(reader->fields[URBAN]) < 0)
        row_complain(reader, URBAN, _("a class is 1xx (urban) or 2xx (rural), not “%.60s”"),
                     reader->fields[URBAN]);
    if (*reader->fields[KIND] && !kind_word(reader->fields[KIND]))
        row_complain(reader, KIND, _("“%.60s” is no kind of division"), reader->fields[KIND]);
    return reader->divisions->n_complaints == before;
}

/* The same row has the same id for ever, so that importing a file again changes nothing. */
static void id_put(const struct reader *reader, struct buf *out) {
    uint8_t digest[DIGEST_BYTES];
    struct buf row = {0};
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        buf_put_counted(&row, str_from(reader->fields[i]));
    crypto_generichash(digest, sizeof digest, (const uint8_t *)row.data, row.size, NULL, 0);
    buf_deinit(&row);
    buf_printf(out, "\"%s-", reader->fields[CODE]);
    for (size_t i = 0; i < 5; i++)
        buf_printf(out, "%02x", digest[i]);
    buf_put_byte(out, '"');
}

static void text_put(struct buf *out, const char *name, const char *text) {
    if (!text || !*text)
        return;
    buf_json_key(out, name);
    buf_json_string(out, str_from(text));
}

static void event_put(const struct reader *reader, struct buf *out) {
    int urban = urban_class(reader->fields[URBAN]);
    buf_put_str(out, STR("{\"specversion\":\"1.0\",\"source\":\"divisions\","
                         "\"type\":\"region.defined\",\"id\":"));
    id_put(reader, out);
    buf_put_str(out, STR(",\"data\":{"));
    text_put(out, "region", reader->fields[CODE]);
    text_put(out, "name", reader->fields[NAME]);
    text_put(out, "level", level_word(reader->fields[LEVEL]));
    text_put(out, "parent", reader->fields[PARENT]);
    text_put(out, "kind", kind_word(reader->fields[KIND]));
    if (urban)
        buf_printf(out, ",\"urban\":%s", urban == 1 ? "true" : "false");
    buf_put_str(out, STR("}}"));
}

static struct division *division_add(struct divisions *divisions) {
    if (divisions->n == divisions->capacity) {
        divisions->capacity = divisions->capacity ? divisions->capacity * 2 : 1024;
        divisions->rows =
            reallocarray(divisions->rows, divisions->capacity, sizeof *divisions->rows);
        if (!divisions->rows)
            abort();
    }
    struct division *division = &divisions->rows[divisions->n++];
    *division = (struct division){0};
    return division;
}

/* ---- the file ---- */

static void field_take(void *data, size_t size, void *context) {
    struct reader *reader = context;
    size_t place = reader->n_fields++;
    struct str text = {data, size < FIELD_LIMIT ? size : FIELD_LIMIT - 1};
    if (reader->row == 0) {
        if (place < COLUMN_COUNT * 2)
            snprintf(reader->headings[place], FIELD_LIMIT, "%.*s", STR_ARG(text));
        return;
    }
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (reader->place[i] == place)
            snprintf(reader->fields[i], FIELD_LIMIT, "%.*s", STR_ARG(text));
}

static void headings_take(struct reader *reader) {
    reader->n_headings = reader->n_fields < COLUMN_COUNT * 2 ? reader->n_fields : COLUMN_COUNT * 2;
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        reader->place[i] = SIZE_MAX;
        for (size_t k = 0; k < reader->n_headings; k++)
            if (strcmp(reader->headings[k], columns[i].heading) == 0)
                reader->place[i] = k;
        if (reader->place[i] == SIZE_MAX && columns[i].required) {
            reader->hopeless = true;
            reader->divisions->n_complaints++;
            note(_("%s:1: there is no column “%s”; the first line names code, name, level, parent, "
                   "urban_rural and kind."),
                 reader->divisions->file, columns[i].heading);
        }
    }
}

static void row_end(int character, void *context) {
    (void)character;
    struct reader *reader = context;
    if (reader->row == 0) {
        headings_take(reader);
    } else if (reader->hopeless) {
        return;
    } else if (reader->n_fields != reader->n_headings) {
        reader->divisions->n_complaints++;
        if (reader->divisions->n_complaints <= COMPLAINTS_SHOWN)
            note(_("%s:%llu: the row has %zu fields, the heading %zu"), reader->divisions->file,
                 (unsigned long long)reader->row, reader->n_fields, reader->n_headings);
    } else if (row_check(reader)) {
        struct division *division = division_add(reader->divisions);
        division->row = reader->row;
        event_put(reader, &division->event);
    }
    reader->row = reader->row == 0 ? 2 : reader->row + 1;
    reader->n_fields = 0;
    memset(reader->fields, 0, sizeof reader->fields);
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

static int text_parse(struct divisions *divisions, struct str text) {
    struct reader *reader = calloc(1, sizeof *reader);
    struct csv_parser parser;
    if (!reader || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        abort();
    reader->divisions = divisions;
    size_t done = csv_parse(&parser, text.data, text.size, field_take, row_end, reader);
    bool whole = done == text.size && csv_fini(&parser, field_take, row_end, reader) == 0;
    uint64_t row = reader->row;
    if (!whole)
        complain_json(divisions->json, REFUSED, NULL, _("%s:%llu: this is no CSV: %s."),
                      divisions->file, (unsigned long long)row, csv_strerror(csv_error(&parser)));
    csv_free(&parser);
    free(reader);
    return whole ? DONE : REFUSED;
}

int divisions_read(struct divisions *divisions, const char *path, bool json) {
    char *data = NULL;
    size_t size = 0;
    struct buf text = {0};
    *divisions = (struct divisions){.file = path, .json = json};
    if (sodium_init() < 0)
        abort();
    int error = io_read_file(io_system(), path, FILE_LIMIT_BYTES, &data, &size);
    if (error)
        return complain_json(json, REFUSED, NULL, _("%s cannot be read: %s."), path,
                             strerror(-error));
    error = text_convert((struct str){data, size}, &text);
    free(data);
    int code =
        error ? complain_json(json, REFUSED, NULL, _("%s is neither UTF-8 nor GB18030 text."), path)
              : text_parse(divisions, buf_str(&text));
    buf_deinit(&text);
    if (code == DONE && divisions->n_complaints > 0) {
        if (divisions->n_complaints > COMPLAINTS_SHOWN)
            note(_("… and %zu more"), divisions->n_complaints - COMPLAINTS_SHOWN);
        return complain_json(json, REFUSED, NULL, _("nothing of %s was sent; mistakes in it: %zu."),
                             path, divisions->n_complaints);
    }
    if (code == DONE && divisions->n == 0)
        return complain_json(json, REFUSED, NULL, _("%s holds no divisions."), path);
    return code;
}

void divisions_deinit(struct divisions *divisions) {
    for (size_t i = 0; i < divisions->n; i++)
        buf_deinit(&divisions->rows[i].event);
    free(divisions->rows);
}

enum source_state divisions_next(void *self, struct str *ret_event, uint64_t *ret_line) {
    struct divisions *divisions = self;
    if (divisions->next == divisions->n)
        return SOURCE_END;
    struct division *division = &divisions->rows[divisions->next++];
    *ret_event = buf_str(&division->event);
    *ret_line = division->row;
    return SOURCE_EVENT;
}
