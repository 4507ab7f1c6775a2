/* CSV: the whole file is looked through once, for its encoding, its separator and lines that no
 * table has; then libcsv takes it in pieces. */
#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <unistd.h>

#include "grid_format.h"
#include "value.h"

#define CHUNK_BYTES 65536u
#define LINE_LIMIT_BYTES (1u << 20)
#define LINES_LOOKED_AT 20

enum encoding { UTF_8, UTF_16LE, UTF_16BE, GB18030 };

struct grid_csv {
    struct grid_file *file;
    struct grid_rows *rows;
    struct grid_fault *fault; /* of the call that is under way */
    enum encoding encoding;
    size_t mark_bytes;
    char separator;
    struct csv_parser parser;
    bool parsing;
    iconv_t converter; /* (iconv_t)-1 where none is needed */
    char raw[CHUNK_BYTES + 8];
    size_t n_raw;  /* left of the piece before: part of a character */
    bool carriage; /* the piece before ended with \r */
    bool quoted, equals_waits;
    char before; /* the last character */
    bool ended;
    bool failed;
    uint64_t row;
    struct buf text; /* of this piece, decoded */
};

/* ---- looking through ---- */

struct look {
    bool is_utf8;
    size_t in_line;
    uint64_t line;
    unsigned char pending[4]; /* of a character that goes on in the next piece */
    size_t n_pending;
};

static void utf8_look(struct look *look, struct str text) {
    char joined[8];
    if (look->n_pending) {
        size_t take = text.size < 4 ? text.size : 4;
        memcpy(joined, look->pending, look->n_pending);
        memcpy(joined + look->n_pending, text.data, take);
        size_t size = str_utf8_size((struct str){joined, look->n_pending + take});
        if (size <= look->n_pending) {
            look->is_utf8 = false;
            return;
        }
        size -= look->n_pending;
        text = (struct str){text.data + size, text.size - size};
        look->n_pending = 0;
    }
    while (text.size) {
        size_t size = (unsigned char)*text.data < 0x80 ? 1 : str_utf8_size(text);
        if (size == 0 && text.size < 4) {
            memcpy(look->pending, text.data, look->n_pending = text.size);
            return;
        }
        if (size == 0) {
            look->is_utf8 = false;
            return;
        }
        text = (struct str){text.data + size, text.size - size};
    }
}

static int lines_look(struct look *look, struct str text, struct grid_fault *fault) {
    for (const char *at = text.data, *end = at + text.size; at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        look->in_line += (size_t)((stop ? stop : end) - at);
        if (look->in_line > LINE_LIMIT_BYTES)
            return grid_fail(fault, "too_large", look->line,
                             _("the line is longer than 1 MiB: this is no table, or its lines do "
                               "not end"));
        at = stop ? stop + 1 : end;
        look->in_line = stop ? 0 : look->in_line;
        look->line += stop != NULL;
    }
    return 0;
}

static int zeros_look(const struct look *look, struct str text, struct grid_fault *fault) {
    const char *zero = memchr(text.data, 0, text.size);
    uint64_t line = look->line;
    if (!zero)
        return 0;
    for (const char *at = text.data; at < zero; at++)
        line += *at == '\n';
    return grid_fail(fault, "not_a_table", line,
                     _("there are zero bytes in it: this is no text file, or it is damaged; save "
                       "it as CSV or .xlsx again"));
}

static void mark_look(struct grid_csv *csv, struct str head) {
    static const struct {
        struct str mark;
        enum encoding encoding;
    } marks[] = {
        {{"\xef\xbb\xbf", 3}, UTF_8}, {{"\xff\xfe", 2}, UTF_16LE}, {{"\xfe\xff", 2}, UTF_16BE}};
    csv->encoding = GB18030; /* until it turns out to be UTF-8 */
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_starts_with(head, marks[i].mark)) {
            csv->encoding = marks[i].encoding;
            csv->mark_bytes = marks[i].mark.size;
            return;
        }
    /* UTF-16 without its mark: every other byte of what is not Chinese is zero. */
    size_t zeros[2] = {0, 0};
    for (size_t i = 0; i < head.size; i++)
        zeros[i & 1] += head.data[i] == 0;
    if (zeros[1] > head.size / 8 && zeros[0] < zeros[1] / 8)
        csv->encoding = UTF_16LE;
    else if (zeros[0] > head.size / 8 && zeros[1] < zeros[0] / 8)
        csv->encoding = UTF_16BE;
}

static int file_look(struct grid_csv *csv, struct grid_fault *fault) {
    struct look look = {.is_utf8 = true, .line = 1};
    ssize_t n = 1;
    for (off_t at = 0; n > 0; at += n) {
        n = pread(csv->file->fd, csv->raw, CHUNK_BYTES, at);
        if (n < 0)
            return grid_fail(fault, "not_readable", 0, _("it cannot be read: %s"), strerror(errno));
        struct str piece = {csv->raw, (size_t)n};
        if (at == 0)
            mark_look(csv, (struct str){piece.data, piece.size < 1024 ? piece.size : 1024});
        if (csv->encoding == UTF_16LE || csv->encoding == UTF_16BE)
            return 0;
        if (zeros_look(&look, piece, fault) != 0)
            return -1;
        if (look.is_utf8)
            utf8_look(&look, piece);
        if (lines_look(&look, piece, fault) != 0)
            return -1;
    }
    bool marked = csv->mark_bytes > 0;
    if (look.is_utf8 && look.n_pending == 0)
        csv->encoding = UTF_8;
    else if (marked)
        return grid_fail(fault, "wrong_encoding", 0,
                         _("it says that it is UTF-8 but is not; save it again as “CSV UTF-8” or "
                           "as .xlsx"));
    return 0;
}

/* ---- pieces, decoded ---- */

static bool begins_cell(char before) {
    return before == '\n' || before == ',' || before == ';' || before == '\t';
}

/* Spreadsheets end lines with \r\n, old ones with \r: \n is what the parser sees. Some programs
 * write ="0123" for digits that are to stay a text: to the parser that is a quoted cell. */
static void text_mend(struct grid_csv *csv) {
    BUF_AUTO mended = {0};
    buf_reserve(&mended, csv->text.size + 1);
    char *to = mended.data;
    for (size_t i = 0; i < csv->text.size; i++) {
        char c = csv->text.data[i];
        bool after_carriage = csv->carriage;
        csv->carriage = c == '\r';
        if (c == '\n' && after_carriage)
            continue;
        c = c == '\r' ? '\n' : c;
        if (csv->equals_waits && c != '"')
            *to++ = '=';
        csv->equals_waits = c == '=' && !csv->quoted && begins_cell(csv->before);
        csv->quoted = csv->quoted != (c == '"');
        csv->before = c;
        if (!csv->equals_waits)
            *to++ = c;
    }
    mended.size = (size_t)(to - mended.data);
    struct buf mine = csv->text;
    csv->text = mended;
    mended = mine;
}

static int piece_convert(struct grid_csv *csv, size_t size) {
    char *from = csv->raw;
    size_t from_left = size, to_left = size * 3 + 16;
    char *to = buf_extend(&csv->text, to_left);
    size_t result = iconv(csv->converter, &from, &from_left, &to, &to_left);
    int error = result == (size_t)-1 ? errno : 0;
    csv->text.size -= to_left;
    memmove(csv->raw, from, from_left);
    csv->n_raw = from_left;
    if (error == EILSEQ || (error == EINVAL && (csv->ended || from_left > 8)))
        return grid_fail(csv->fault, "wrong_encoding", csv->row,
                         _("the text is neither UTF-8, UTF-16 nor GB18030 from here on; save the "
                           "file again as “CSV UTF-8” or as .xlsx"));
    return 0;
}

/* The next piece stands in csv->text: 1, 0 at the end, -1. */
static int piece_read(struct grid_csv *csv) {
    ssize_t n =
        pread(csv->file->fd, csv->raw + csv->n_raw, CHUNK_BYTES - csv->n_raw, csv->file->done);
    if (n < 0)
        return grid_fail(csv->fault, "not_readable", 0, _("it cannot be read: %s"),
                         strerror(errno));
    csv->ended = n == 0;
    if (csv->ended && csv->n_raw == 0)
        return 0;
    csv->file->done += n;
    buf_reset(&csv->text);
    if (csv->converter == (iconv_t)-1)
        buf_put(&csv->text, csv->raw, (size_t)n);
    else if (piece_convert(csv, csv->n_raw + (size_t)n) != 0)
        return -1;
    text_mend(csv);
    return 1;
}

/* ---- the separator ---- */

struct separators {
    size_t lines[3], total[3];
};

static void separators_count(struct str text, struct separators *ret_counts) {
    static const char signs[] = ",;\t";
    bool quoted = false;
    size_t n_lines = 0;
    bool here[3] = {false, false, false};
    *ret_counts = (struct separators){0};
    for (size_t i = 0; i < text.size && n_lines < LINES_LOOKED_AT; i++) {
        char c = text.data[i];
        const char *sign = c && !quoted ? strchr(signs, c) : NULL;
        quoted = quoted != (c == '"');
        if (sign) {
            ret_counts->total[sign - signs]++;
            ret_counts->lines[sign - signs] += !here[sign - signs];
            here[sign - signs] = true;
        } else if (c == '\n' && !quoted) {
            n_lines++;
            memset(here, 0, sizeof here);
        }
    }
}

/* What most lines have, and of those the one that they have most of. */
static char separator_choose(struct str text) {
    static const char signs[] = ",;\t";
    struct separators counts;
    size_t best = 0;
    separators_count(text, &counts);
    for (size_t i = 1; i < 3; i++)
        if (counts.lines[i] > counts.lines[best] ||
            (counts.lines[i] == counts.lines[best] && counts.total[i] > counts.total[best]))
            best = i;
    return signs[best];
}

/* ---- parsing ---- */

static void cell_take(void *data, size_t size, void *context) {
    struct grid_csv *csv = context;
    size_t column = grid_rows_width(csv->rows);
    struct str text = {data, size};
    if (csv->failed)
        return;
    if (size > GRID_CELL_BYTES) {
        csv->failed = true;
        grid_fail(csv->fault, "too_large", csv->row,
                  _("cell %zu is longer than 64 KiB: is a quotation mark not closed?"), column + 1);
    } else if (column < GRID_COLUMNS) {
        grid_rows_cell(csv->rows, GRID_TEXT, text, 0);
    } else if (size > 0) {
        csv->failed = true;
        grid_fail(csv->fault, "too_large", csv->row, _("the row has more than %u columns"),
                  GRID_COLUMNS);
    }
}

static void row_take(int character, void *context) {
    (void)character;
    struct grid_csv *csv = context;
    if (csv->failed)
        return;
    grid_rows_end(csv->rows, csv->row++);
    if (csv->row > GRID_ROWS) {
        csv->failed = true;
        grid_fail(csv->fault, "too_large", csv->row,
                  _("the file has more than %u rows; cut it into several"), GRID_ROWS);
    }
}

static int piece_parse(struct grid_csv *csv) {
    size_t done = csv_parse(&csv->parser, csv->text.data, csv->text.size, cell_take, row_take, csv);
    if (csv->failed)
        return -1;
    if (done != csv->text.size)
        return grid_fail(csv->fault, "malformed_csv", csv->row,
                         _("a quotation mark stands within a cell that does not begin with one; "
                           "write it twice within quotation marks, or save the file as .xlsx"));
    if (csv->parser.entry_pos > GRID_CELL_BYTES)
        return grid_fail(csv->fault, "too_large", csv->row,
                         _("cell %zu is longer than 64 KiB: is a quotation mark not closed?"),
                         grid_rows_width(csv->rows) + 1);
    return 1;
}

static int parsing_end(struct grid_csv *csv) {
    size_t n_rows = csv->rows->n_rows;
    if (!csv->parsing)
        return 0;
    csv->parsing = false;
    int error = csv_fini(&csv->parser, cell_take, row_take, csv);
    csv_free(&csv->parser);
    if (csv->failed)
        return -1;
    if (error)
        return grid_fail(csv->fault, "malformed_csv", csv->row,
                         _("a quotation mark that opens in this row is never closed"));
    return csv->rows->n_rows > n_rows;
}

int grid_csv_more(struct grid_csv *csv, struct grid_fault *fault) {
    csv->fault = fault;
    if (!csv->parsing)
        return 0;
    int result = piece_read(csv);
    return result == 1 ? piece_parse(csv) : result < 0 ? result : parsing_end(csv);
}

int grid_csv_rewind(struct grid_csv *csv, struct grid_fault *fault) {
    (void)fault;
    if (csv->parsing)
        csv_free(&csv->parser);
    if (csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
        abort();
    csv_set_delim(&csv->parser, (unsigned char)csv->separator);
    csv_set_blk_size(&csv->parser, 4096);
    if (csv->converter != (iconv_t)-1)
        iconv(csv->converter, NULL, NULL, NULL, NULL);
    csv->parsing = true;
    csv->carriage = csv->ended = csv->failed = csv->quoted = csv->equals_waits = false;
    csv->before = '\n';
    csv->n_raw = 0;
    csv->row = 1;
    csv->file->done = (int64_t)csv->mark_bytes;
    return 0;
}

static int converter_open(struct grid_csv *csv) {
    static const char *const names[] = {
        [UTF_16LE] = "UTF-16LE", [UTF_16BE] = "UTF-16BE", [GB18030] = "GB18030"};
    if (csv->encoding == UTF_8)
        return 0;
    csv->converter = iconv_open("UTF-8", names[csv->encoding]);
    return csv->converter == (iconv_t)-1
               ? grid_fail(csv->fault, "wrong_encoding", 0, _("this machine cannot read %s: %s"),
                           names[csv->encoding], strerror(errno))
               : 0;
}

int grid_csv_open(struct grid_csv **ret_csv, struct grid_file *file, struct grid_rows *rows,
                  struct grid_fault *fault) {
    struct grid_csv *csv = calloc(1, sizeof *csv);
    if (!csv)
        abort();
    *csv = (struct grid_csv){.file = file,
                             .rows = rows,
                             .fault = fault,
                             .converter = (iconv_t)-1,
                             .row = 1,
                             .before = '\n'};
    *ret_csv = csv; /* whatever follows: the grid closes it */
    if (file_look(csv, fault) != 0 || converter_open(csv) != 0)
        return -1;
    file->done = (int64_t)csv->mark_bytes;
    int result = piece_read(csv);
    if (result == 0)
        return grid_fail(fault, "empty_file", 0, _("the file is empty"));
    if (result < 0)
        return result;
    csv->separator = separator_choose(buf_str(&csv->text));
    return grid_csv_rewind(csv, fault);
}

void grid_csv_close(struct grid_csv *csv) {
    if (!csv)
        return;
    if (csv->parsing)
        csv_free(&csv->parser);
    if (csv->converter != (iconv_t)-1)
        iconv_close(csv->converter);
    buf_deinit(&csv->text);
    free(csv);
}
