#include "csv_writer.h"

#include <csv.h>

#include "value.h"

void csv_begin(struct csv_writer *csv, struct buf *out) {
    *csv = (struct csv_writer){.out = out};
    buf_put_str(out, STR("\xef\xbb\xbf"));
}

static void separator_put(struct csv_writer *csv) {
    if (csv->begun)
        buf_put_byte(csv->out, ',');
    csv->begun = true;
}

/* Blanks of every width, which a spreadsheet passes over when it looks for a formula. */
static const char *blanks_skip(const char *text) {
    static const char *const blanks[] = {" ", "\u00a0", "\u3000", "\u200b", "\ufeff"};
    for (size_t i = 0; i < sizeof blanks / sizeof *blanks; i++)
        if (str_starts_with(str_from(text), str_from(blanks[i]))) {
            text += strlen(blanks[i]);
            i = SIZE_MAX; /* from the first again */
        }
    return text;
}

/* Also the full-width signs, which spreadsheets of East Asia take for the others. */
static bool is_formula(const char *begin) {
    static const char *const wide[] = {"＝", "＋", "－", "＠"};
    const char *text = blanks_skip(begin);
    if (*text && strchr("=+-@\t\r\n", *text))
        return text != begin || !text_is_number(text);
    for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
        if (str_starts_with(str_from(text), str_from(wide[i])))
            return true;
    return false;
}

/* The control characters that a cell may hold pass; clean_put lets newlines and tabs through. */
static void cell_clean(const char *text, struct buf *out) {
    if (is_formula(text))
        buf_put_byte(out, '\'');
    while (*text) {
        BUF_AUTO piece = {0};
        size_t size = strcspn(text, "\r");
        buf_put(&piece, text, size);
        clean_put(out, buf_text(&piece), true);
        text += size;
        if (*text == '\r') {
            buf_put_byte(out, '\r');
            text++;
        }
    }
}

static void quoted_put(struct buf *out, const struct buf *text) {
    size_t size = csv_write(NULL, 0, text->data, text->size);
    csv_write(buf_extend(out, size), size, text->data, text->size);
}

void csv_cell(struct csv_writer *csv, const char *text) {
    BUF_AUTO clean = {0};
    separator_put(csv);
    cell_clean(text, &clean);
    const char *cleaned = buf_text(&clean);
    if (strpbrk(cleaned, ",\"\r\n\t;'") || *cleaned == ' ')
        quoted_put(csv->out, &clean);
    else
        buf_put_str(csv->out, buf_str(&clean));
}

void csv_cell_integer(struct csv_writer *csv, int64_t number) {
    separator_put(csv);
    buf_printf(csv->out, "%lld", (long long)number);
}

void csv_row_end(struct csv_writer *csv) {
    buf_put_str(csv->out, STR("\r\n"));
    csv->begun = false;
}
