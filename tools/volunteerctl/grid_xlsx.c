/* XLSX: a zip of XML parts. The sheet is inflated and parsed in pieces; shared texts and the
 * formats of cells are read beforehand. Nothing outside of the file is ever opened, entities are
 * refused, and how much a part inflates to has limits. */
#include <errno.h>
#include <expat.h>
#include <stdlib.h>
#include <unistd.h>
#include <zip.h>

#include "grid_format.h"
#include "print.h"

#define CHUNK_BYTES 65536u
#define PART_LIMIT_BYTES (UINT64_C(1) << 30)
#define TEXTS_LIMIT_BYTES (UINT64_C(256) << 20) /* these are held */
#define RATIO_LIMIT 300u                        /* sheets of people inflate to some twenty times */
#define RATIO_FROM_BYTES (UINT64_C(16) << 20)
#define SILENT_LIMIT_BYTES (1u << 20) /* of one token, which the parser holds */
#define DEPTH_LIMIT 64u
#define FORMATS_LIMIT 65536u
#define NAME_SIZE 256

struct part {
    zip_file_t *file;
    XML_Parser parser;
    uint64_t stored_bytes, inflated_bytes, expected_bytes, limit_bytes;
    size_t silent_bytes;
    unsigned depth;
};

struct texts { /* shared ones, by number */
    struct buf bytes;
    size_t n, capacity;
    size_t *ends;
};

struct cell {
    size_t column;
    char type; /* of s(hared), i(nline), t(ext), b, e, n, d */
    size_t style;
    bool has_formula;
    struct buf text;
};

struct grid_xlsx {
    struct grid_file *file;
    struct grid_rows *rows;
    struct grid_fault *fault; /* of the call that is under way */
    bool failed;
    zip_t *zip;
    char sheet_wanted[NAME_SIZE], sheet_id[NAME_SIZE], sheet_part[NAME_SIZE];
    char texts_part[NAME_SIZE], styles_part[NAME_SIZE];
    bool from_1904;
    struct texts texts;
    size_t n_dates, n_formats; /* formats of the workbook's own that are dates; of cells */
    unsigned dates[1024];
    bool *format_is_date;
    bool in_cell_formats;
    struct part part; /* what is being read */
    bool in_text, in_phonetic, in_value;
    uint64_t row_number, last_row, n_rows;
    struct cell cell;
    bool in_cell;
};

static int fail_malformed(struct grid_xlsx *xlsx, const char *what) {
    xlsx->failed = true;
    return grid_fail(xlsx->fault, "malformed_xlsx", xlsx->row_number,
                     _("the workbook is damaged (%s); open it in a spreadsheet and save it again"),
                     what);
}

static int fail_large(struct grid_xlsx *xlsx, const char *message) {
    xlsx->failed = true;
    return grid_fail(xlsx->fault, "too_large", xlsx->row_number, "%s", message);
}

/* ---- parts ---- */

/* Without the prefix of a namespace. */
static const char *local_name(const char *name) {
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static const char *attribute(const char **attributes, const char *name) {
    for (size_t i = 0; attributes[i]; i += 2)
        if (strcmp(local_name(attributes[i]), name) == 0)
            return attributes[i + 1];
    return NULL;
}

static void stop(struct grid_xlsx *xlsx) {
    XML_StopParser(xlsx->part.parser, XML_FALSE);
}

/* No workbook declares a document type; what does wants to open files or to grow. */
static void XMLCALL doctype_refuse(void *self, const char *name, const char *system_id,
                                   const char *public_id, int has_subset) {
    struct grid_xlsx *xlsx = self;
    (void)name, (void)system_id, (void)public_id, (void)has_subset;
    fail_malformed(xlsx, _("it declares entities, which no workbook does"));
    stop(xlsx);
}

/* Every begin and end passes here: false where the parsing stops. */
static bool element_seen(struct grid_xlsx *xlsx, int deeper) {
    xlsx->part.silent_bytes = 0;
    xlsx->part.depth += (unsigned)deeper;
    if (xlsx->part.depth > DEPTH_LIMIT && !xlsx->failed) {
        fail_malformed(xlsx, _("its elements stand too deep"));
        stop(xlsx);
    }
    return !xlsx->failed;
}

static void part_close(struct part *part) {
    if (part->parser)
        XML_ParserFree(part->parser);
    if (part->file)
        zip_fclose(part->file);
    *part = (struct part){0};
}

static int zip_failed(struct grid_xlsx *xlsx, zip_error_t *error) {
    xlsx->failed = true;
    if (zip_error_code_zip(error) == ZIP_ER_NOPASSWD)
        return grid_fail(xlsx->fault, "not_a_table", 0,
                         _("the workbook is locked with a password: save it without one"));
    return fail_malformed(xlsx, zip_error_strerror(error));
}

static int part_open(struct grid_xlsx *xlsx, const char *name, uint64_t limit_bytes,
                     XML_StartElementHandler begin, XML_EndElementHandler end,
                     XML_CharacterDataHandler text) {
    struct part *part = &xlsx->part;
    zip_stat_t state;
    part_close(part);
    if (zip_stat(xlsx->zip, name, 0, &state) != 0)
        return zip_failed(xlsx, zip_get_error(xlsx->zip));
    part->file = zip_fopen(xlsx->zip, name, 0);
    if (!part->file)
        return zip_failed(xlsx, zip_get_error(xlsx->zip));
    part->stored_bytes = state.comp_size;
    part->expected_bytes = state.size;
    part->limit_bytes = limit_bytes;
    part->parser = XML_ParserCreate(NULL);
    if (!part->parser)
        abort();
    XML_SetUserData(part->parser, xlsx);
    XML_SetElementHandler(part->parser, begin, end);
    XML_SetCharacterDataHandler(part->parser, text);
    XML_SetStartDoctypeDeclHandler(part->parser, doctype_refuse);
    return 0;
}

static int part_check(struct grid_xlsx *xlsx) {
    struct part *part = &xlsx->part;
    bool grows = part->inflated_bytes > RATIO_FROM_BYTES &&
                 part->inflated_bytes / RATIO_LIMIT > part->stored_bytes;
    if (grows || part->inflated_bytes > part->limit_bytes)
        return fail_large(xlsx, _("the workbook inflates to far more than a table of people or "
                                  "hours has; cut it into several"));
    if (part->silent_bytes > SILENT_LIMIT_BYTES)
        return fail_malformed(xlsx, _("an element of it is longer than 1 MiB"));
    return 0;
}

/* The next piece of the part goes through the parser: 1, 0 at its end, -1. */
static int part_more(struct grid_xlsx *xlsx) {
    struct part *part = &xlsx->part;
    void *chunk = XML_GetBuffer(part->parser, CHUNK_BYTES);
    if (!chunk)
        abort();
    zip_int64_t n = zip_fread(part->file, chunk, CHUNK_BYTES);
    if (n < 0)
        return zip_failed(xlsx, zip_file_get_error(part->file));
    part->inflated_bytes += (uint64_t)n;
    part->silent_bytes += (size_t)n;
    enum XML_Status status = XML_ParseBuffer(part->parser, (int)n, n == 0);
    if (xlsx->failed)
        return -1;
    if (status != XML_STATUS_OK)
        return fail_malformed(xlsx, XML_ErrorString(XML_GetErrorCode(part->parser)));
    if (part_check(xlsx) != 0)
        return -1;
    return n > 0;
}

static int part_read(struct grid_xlsx *xlsx) {
    int more = 1;
    while (more == 1)
        more = part_more(xlsx);
    part_close(&xlsx->part);
    return more;
}

/* ---- which sheet, and where things are ---- */

static void name_copy(char *to, const char *from) {
    snprintf(to, NAME_SIZE, "%s", from ? from : "");
}

static void XMLCALL workbook_begin(void *self, const char *name, const char **attributes) {
    struct grid_xlsx *xlsx = self;
    if (!element_seen(xlsx, 1))
        return;
    if (strcmp(local_name(name), "workbookPr") == 0) {
        const char *from_1904 = attribute(attributes, "date1904");
        xlsx->from_1904 =
            from_1904 && (strcmp(from_1904, "1") == 0 || strcmp(from_1904, "true") == 0);
    }
    if (strcmp(local_name(name), "sheet") != 0 || *xlsx->sheet_id)
        return;
    const char *sheet = attribute(attributes, "name"), *state = attribute(attributes, "state");
    bool hidden = state && strcmp(state, "visible") != 0;
    bool wanted = *xlsx->sheet_wanted ? sheet && strcmp(sheet, xlsx->sheet_wanted) == 0 : !hidden;
    if (wanted)
        name_copy(xlsx->sheet_id, attribute(attributes, "id"));
}

static void XMLCALL element_end(void *self, const char *name) {
    (void)name;
    element_seen(self, -1);
}

static bool ends_with(const char *text, const char *end) {
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static void XMLCALL relations_begin(void *self, const char *name, const char **attributes) {
    struct grid_xlsx *xlsx = self;
    const char *id = attribute(attributes, "Id"), *target = attribute(attributes, "Target");
    const char *type = attribute(attributes, "Type");
    if (!element_seen(xlsx, 1) || strcmp(local_name(name), "Relationship") != 0 || !id || !target ||
        !type)
        return;
    char part[NAME_SIZE];
    snprintf(part, sizeof part, "%s%s", *target == '/' ? "" : "xl/",
             target + (*target == '/' ? 1 : 0));
    if (strcmp(id, xlsx->sheet_id) == 0)
        name_copy(xlsx->sheet_part, part);
    if (ends_with(type, "/sharedStrings"))
        name_copy(xlsx->texts_part, part);
    if (ends_with(type, "/styles"))
        name_copy(xlsx->styles_part, part);
}

/* ---- shared texts ---- */

static void text_end(struct texts *texts) {
    if (texts->n == texts->capacity) {
        texts->capacity = texts->capacity ? texts->capacity * 2 : 4096;
        texts->ends = reallocarray(texts->ends, texts->capacity, sizeof *texts->ends);
        if (!texts->ends)
            abort();
    }
    texts->ends[texts->n++] = texts->bytes.size;
}

static struct str text_at_number(const struct texts *texts, size_t number) {
    size_t from = number ? texts->ends[number - 1] : 0, size = texts->ends[number] - from;
    return size ? (struct str){texts->bytes.data + from, size} : STR_NONE;
}

static void XMLCALL texts_begin(void *self, const char *name, const char **attributes) {
    struct grid_xlsx *xlsx = self;
    (void)attributes;
    if (!element_seen(xlsx, 1))
        return;
    xlsx->in_text = strcmp(local_name(name), "t") == 0;
    xlsx->in_phonetic = xlsx->in_phonetic || strcmp(local_name(name), "rPh") == 0;
}

static void XMLCALL texts_end(void *self, const char *name) {
    struct grid_xlsx *xlsx = self;
    if (!element_seen(xlsx, -1))
        return;
    xlsx->in_text = false;
    if (strcmp(local_name(name), "rPh") == 0)
        xlsx->in_phonetic = false;
    if (strcmp(local_name(name), "si") == 0)
        text_end(&xlsx->texts);
}

static void XMLCALL texts_take(void *self, const char *data, int size) {
    struct grid_xlsx *xlsx = self;
    xlsx->part.silent_bytes = 0;
    if (xlsx->in_text && !xlsx->in_phonetic)
        buf_put(&xlsx->texts.bytes, data, (size_t)size);
}

/* ---- formats: which numbers are dates ---- */

/* y, d, h, s or 年月日 outside of quotation marks and brackets; m alone is a month or a minute. */
static bool format_is_date(const char *format) {
    bool quoted = false, bracketed = false;
    for (; *format; format++) {
        quoted = quoted != (*format == '"');
        bracketed = (bracketed || *format == '[') && *format != ']';
        if (*format == '\\' && format[1])
            format++;
        else if (!quoted && !bracketed && strchr("ydhsmYDHSM", *format))
            return true;
    }
    return false;
}

static bool format_number_is_date(const struct grid_xlsx *xlsx, unsigned number) {
    if ((number >= 14 && number <= 22) || (number >= 27 && number <= 36) ||
        (number >= 45 && number <= 47) || (number >= 50 && number <= 58))
        return true;
    for (size_t i = 0; i < xlsx->n_dates; i++)
        if (xlsx->dates[i] == number)
            return true;
    return false;
}

static void XMLCALL styles_begin(void *self, const char *full_name, const char **attributes) {
    struct grid_xlsx *xlsx = self;
    const char *name = local_name(full_name), *id = attribute(attributes, "numFmtId");
    const char *code = attribute(attributes, "formatCode");
    unsigned number = id ? (unsigned)strtoul(id, NULL, 10) : 0;
    if (!element_seen(xlsx, 1))
        return;
    if (strcmp(name, "cellXfs") == 0)
        xlsx->in_cell_formats = true;
    if (strcmp(name, "numFmt") == 0 && id && code && format_is_date(code) &&
        xlsx->n_dates < sizeof xlsx->dates / sizeof *xlsx->dates)
        xlsx->dates[xlsx->n_dates++] = number;
    if (strcmp(name, "xf") == 0 && xlsx->in_cell_formats && xlsx->n_formats < FORMATS_LIMIT)
        xlsx->format_is_date[xlsx->n_formats++] = format_number_is_date(xlsx, number);
}

static void XMLCALL styles_end(void *self, const char *name) {
    struct grid_xlsx *xlsx = self;
    if (element_seen(xlsx, -1) && strcmp(local_name(name), "cellXfs") == 0)
        xlsx->in_cell_formats = false;
}

/* ---- the sheet ---- */

/* "AB12": 27. */
static size_t column_of(const char *place) {
    size_t column = 0;
    for (; *place >= 'A' && *place <= 'Z' && column < 100000; place++)
        column = column * 26 + (size_t)(*place - 'A') + 1;
    return column - 1;
}

static void cell_begin(struct grid_xlsx *xlsx, const char **attributes) {
    struct cell *cell = &xlsx->cell;
    const char *place = attribute(attributes, "r"), *type = attribute(attributes, "t");
    const char *style = attribute(attributes, "s");
    size_t width = grid_rows_width(xlsx->rows);
    xlsx->in_cell = true;
    cell->column = place && *place >= 'A' && *place <= 'Z' ? column_of(place) : width;
    cell->style = style ? strtoul(style, NULL, 10) : 0;
    cell->has_formula = false;
    cell->type = !type                            ? 'n'
                 : strcmp(type, "s") == 0         ? 's'
                 : strcmp(type, "str") == 0       ? 't'
                 : strcmp(type, "inlineStr") == 0 ? 'i'
                                                  : *type;
    buf_reset(&cell->text);
    if (cell->column < width) {
        fail_malformed(xlsx, _("its cells are out of order"));
        stop(xlsx);
    }
}

static void row_begin(struct grid_xlsx *xlsx, const char **attributes) {
    const char *number = attribute(attributes, "r");
    xlsx->row_number = number ? strtoull(number, NULL, 10) : xlsx->last_row + 1;
    if (xlsx->row_number <= xlsx->last_row) {
        fail_malformed(xlsx, _("its rows are out of order"));
        stop(xlsx);
    } else if (xlsx->row_number > GRID_ROWS) {
        fail_large(xlsx, _("the sheet has more rows than a spreadsheet can hold"));
        stop(xlsx);
    }
    xlsx->last_row = xlsx->row_number;
}

static void XMLCALL sheet_begin(void *self, const char *full_name, const char **attributes) {
    struct grid_xlsx *xlsx = self;
    const char *name = local_name(full_name);
    if (!element_seen(xlsx, 1))
        return;
    if (strcmp(name, "row") == 0)
        row_begin(xlsx, attributes);
    else if (strcmp(name, "c") == 0)
        cell_begin(xlsx, attributes);
    else if (xlsx->in_cell && strcmp(name, "f") == 0)
        xlsx->cell.has_formula = true;
    else if (xlsx->in_cell && strcmp(name, "rPh") == 0)
        xlsx->in_phonetic = true;
    else if (xlsx->in_cell)
        xlsx->in_value = strcmp(name, "v") == 0 || strcmp(name, "t") == 0;
}

static void XMLCALL sheet_take(void *self, const char *data, int size) {
    struct grid_xlsx *xlsx = self;
    xlsx->part.silent_bytes = 0;
    if (!xlsx->in_value || xlsx->in_phonetic || xlsx->failed)
        return;
    buf_put(&xlsx->cell.text, data, (size_t)size);
    if (xlsx->cell.text.size > GRID_CELL_BYTES) {
        fail_large(xlsx, _("a cell is longer than 64 KiB"));
        stop(xlsx);
    }
}

static bool style_is_date(const struct grid_xlsx *xlsx, size_t style) {
    return style < xlsx->n_formats && xlsx->format_is_date[style];
}

static struct grid_cell cell_value(struct grid_xlsx *xlsx) {
    struct cell *cell = &xlsx->cell;
    struct str text = buf_str(&cell->text);
    char *end;
    if (cell->has_formula && text.size == 0 && cell->type != 't')
        return (struct grid_cell){.kind = GRID_FORMULA};
    switch (cell->type) {
    case 's': {
        buf_put_byte(&cell->text, 0);
        size_t number = strtoul(cell->text.data, &end, 10);
        if (end == cell->text.data || *end || number >= xlsx->texts.n) {
            fail_malformed(xlsx, _("a cell names a text that is not there"));
            stop(xlsx);
            return (struct grid_cell){.kind = GRID_EMPTY};
        }
        return (struct grid_cell){.kind = GRID_TEXT, .text = text_at_number(&xlsx->texts, number)};
    }
    case 'b':
        return (struct grid_cell){.kind = text.size ? GRID_BOOLEAN : GRID_EMPTY, .text = text};
    case 'e':
        return (struct grid_cell){.kind = GRID_ERROR, .text = text};
    case 'n': {
        buf_put_byte(&cell->text, 0);
        double number = strtod(cell->text.data, &end);
        if (text.size == 0 || *end)
            return (struct grid_cell){.kind = GRID_TEXT, .text = {cell->text.data, text.size}};
        return (struct grid_cell){style_is_date(xlsx, cell->style) ? GRID_DATE : GRID_NUMBER,
                                  {cell->text.data, text.size},
                                  number};
    }
    default:
        return (struct grid_cell){.kind = GRID_TEXT, .text = text};
    }
}

static void cell_end(struct grid_xlsx *xlsx) {
    struct grid_cell value = cell_value(xlsx);
    xlsx->in_cell = xlsx->in_value = false;
    if (value.kind == GRID_EMPTY || (value.kind == GRID_TEXT && value.text.size == 0))
        return;
    if (value.text.size > GRID_CELL_BYTES) {
        fail_large(xlsx, _("a cell is longer than 64 KiB"));
        stop(xlsx);
    } else if (xlsx->cell.column >= GRID_COLUMNS) {
        fail_large(xlsx, _("the row has more columns than 256"));
        stop(xlsx);
    } else {
        while (grid_rows_width(xlsx->rows) < xlsx->cell.column)
            grid_rows_cell(xlsx->rows, GRID_EMPTY, STR_NONE, 0);
        grid_rows_cell(xlsx->rows, value.kind, value.text, value.number);
    }
}

static void XMLCALL sheet_end(void *self, const char *full_name) {
    struct grid_xlsx *xlsx = self;
    const char *name = local_name(full_name);
    if (!element_seen(xlsx, -1))
        return;
    if (strcmp(name, "c") == 0)
        cell_end(xlsx);
    else if (strcmp(name, "row") == 0)
        grid_rows_end(xlsx->rows, xlsx->row_number);
    else if (strcmp(name, "rPh") == 0)
        xlsx->in_phonetic = false;
    else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
        xlsx->in_value = false;
}

int grid_xlsx_more(struct grid_xlsx *xlsx, struct grid_fault *fault) {
    xlsx->fault = fault;
    if (!xlsx->part.file)
        return 0;
    int more = part_more(xlsx);
    double share = xlsx->part.expected_bytes
                       ? (double)xlsx->part.inflated_bytes / (double)xlsx->part.expected_bytes
                       : 0;
    xlsx->file->done = (int64_t)(share * (double)xlsx->file->size);
    if (more != 1)
        part_close(&xlsx->part);
    return more < 0 ? more : more == 1 || xlsx->rows->n_rows > 0;
}

int grid_xlsx_rewind(struct grid_xlsx *xlsx, struct grid_fault *fault) {
    xlsx->fault = fault;
    xlsx->in_cell = xlsx->in_value = xlsx->in_phonetic = xlsx->in_text = xlsx->failed = false;
    xlsx->row_number = xlsx->last_row = 0;
    xlsx->file->done = 0;
    return part_open(xlsx, xlsx->sheet_part, PART_LIMIT_BYTES, sheet_begin, sheet_end, sheet_take);
}

/* ---- opening ---- */

static int workbook_refuse(struct grid_xlsx *xlsx) {
    if (zip_name_locate(xlsx->zip, "content.xml", 0) >= 0)
        return grid_fail(xlsx->fault, "not_a_table", 0,
                         _("this is an OpenDocument file; open it in a spreadsheet and save it as "
                           ".xlsx or CSV"));
    if (zip_name_locate(xlsx->zip, "word/document.xml", 0) >= 0)
        return grid_fail(xlsx->fault, "not_a_table", 0,
                         _("this is a text document; copy its table into a spreadsheet"));
    return grid_fail(xlsx->fault, "not_a_table", 0,
                     _("this is a zip archive, but no workbook; unpack it and import the file "
                       "within"));
}

static int zip_begin(struct grid_xlsx *xlsx) {
    int code = 0, fd = dup(xlsx->file->fd);
    xlsx->zip = fd < 0 ? NULL : zip_fdopen(fd, 0, &code);
    if (xlsx->zip)
        return 0;
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    fail_malformed(xlsx, zip_error_strerror(&error));
    zip_error_fini(&error);
    if (fd >= 0)
        close(fd);
    return -1;
}

static int directory_read(struct grid_xlsx *xlsx) {
    if (zip_name_locate(xlsx->zip, "xl/workbook.xml", 0) < 0)
        return workbook_refuse(xlsx);
    int result =
        part_open(xlsx, "xl/workbook.xml", PART_LIMIT_BYTES, workbook_begin, element_end, NULL);
    if (result == 0)
        result = part_read(xlsx);
    if (result == 0 && !*xlsx->sheet_id)
        return grid_fail(xlsx->fault, "not_a_table", 0, _("the workbook has no sheet “%s”"),
                         xlsx->sheet_wanted);
    if (result == 0)
        result = part_open(xlsx, "xl/_rels/workbook.xml.rels", PART_LIMIT_BYTES, relations_begin,
                           element_end, NULL);
    return result == 0 ? part_read(xlsx) : result;
}

static int texts_read(struct grid_xlsx *xlsx) {
    if (!*xlsx->texts_part || zip_name_locate(xlsx->zip, xlsx->texts_part, 0) < 0)
        return 0;
    int result =
        part_open(xlsx, xlsx->texts_part, TEXTS_LIMIT_BYTES, texts_begin, texts_end, texts_take);
    return result == 0 ? part_read(xlsx) : result;
}

static int styles_read(struct grid_xlsx *xlsx) {
    if (!*xlsx->styles_part || zip_name_locate(xlsx->zip, xlsx->styles_part, 0) < 0)
        return 0;
    xlsx->format_is_date = calloc(FORMATS_LIMIT, sizeof *xlsx->format_is_date);
    if (!xlsx->format_is_date)
        abort();
    int result =
        part_open(xlsx, xlsx->styles_part, PART_LIMIT_BYTES, styles_begin, styles_end, NULL);
    return result == 0 ? part_read(xlsx) : result;
}

int grid_xlsx_open(struct grid_xlsx **ret_xlsx, struct grid_file *file, const char *sheet,
                   struct grid_rows *rows, struct grid_fault *fault) {
    struct grid_xlsx *xlsx = calloc(1, sizeof *xlsx);
    if (!xlsx)
        abort();
    *ret_xlsx = xlsx; /* whatever follows: the grid closes it */
    xlsx->file = file;
    xlsx->rows = rows;
    xlsx->fault = fault;
    name_copy(xlsx->sheet_wanted, sheet);
    if (zip_begin(xlsx) != 0 || directory_read(xlsx) != 0 || texts_read(xlsx) != 0 ||
        styles_read(xlsx) != 0)
        return -1;
    return grid_xlsx_rewind(xlsx, fault);
}

void grid_xlsx_close(struct grid_xlsx *xlsx) {
    if (!xlsx)
        return;
    part_close(&xlsx->part);
    if (xlsx->zip)
        zip_discard(xlsx->zip);
    buf_deinit(&xlsx->texts.bytes);
    buf_deinit(&xlsx->cell.text);
    free(xlsx->texts.ends);
    free(xlsx->format_is_date);
    free(xlsx);
}

bool grid_xlsx_from_1904(const struct grid_xlsx *xlsx) {
    return xlsx->from_1904;
}
