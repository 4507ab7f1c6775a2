#include "grid.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "grid_format.h"
#include "print.h"

#define PIPE_LIMIT_BYTES (64u << 20)
#define FILE_LIMIT_BYTES (INT64_C(2) << 30)
#define CHUNK_BYTES 262144u
#define DIGEST_BYTES 32

struct grid {
    struct grid_file file;
    struct grid_rows rows;
    struct grid_csv *csv; /* one of them */
    struct grid_xlsx *xlsx;
    uint8_t digest[DIGEST_BYTES];
};

int grid_fail(struct grid_fault *fault, const char *code, uint64_t row, const char *format, ...) {
    va_list arguments;
    fault->code = code;
    fault->row = row;
    va_start(arguments, format);
    vsnprintf(fault->message, sizeof fault->message, format, arguments);
    va_end(arguments);
    return -1;
}

/* ---- rows that wait ---- */

static void *grown(void *memory, size_t *capacity, size_t size) {
    *capacity = *capacity ? *capacity * 2 : 1024;
    void *more = reallocarray(memory, *capacity, size);
    if (!more)
        abort();
    return more;
}

void grid_rows_deinit(struct grid_rows *rows) {
    buf_deinit(&rows->text);
    free(rows->places);
    free(rows->rows);
}

void grid_rows_reset(struct grid_rows *rows) {
    buf_reset(&rows->text);
    rows->n_places = rows->n_rows = rows->next = rows->open = 0;
}

void grid_rows_drop(struct grid_rows *rows) {
    size_t n_open = rows->n_places - rows->open;
    size_t from = n_open ? rows->places[rows->open].offset : rows->text.size;
    if (rows->text.size > from)
        memmove(rows->text.data, rows->text.data + from, rows->text.size - from);
    rows->text.size -= from;
    for (size_t i = 0; i < n_open; i++) {
        rows->places[i] = rows->places[rows->open + i];
        rows->places[i].offset -= from;
    }
    rows->n_places = n_open;
    rows->open = rows->n_rows = rows->next = 0;
}

/* Bytes of the blank that stands there, 0 where none does: also those of Chinese and of the web. */
static size_t blank_at(const char *at, size_t left) {
    if (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n')
        return 1;
    if (left >= 3 && memcmp(at, "\xe3\x80\x80", 3) == 0)
        return 3;
    return left >= 2 && memcmp(at, "\xc2\xa0", 2) == 0 ? 2 : 0;
}

static struct str trimmed(struct str s) {
    for (size_t size; s.size && (size = blank_at(s.data, s.size)) > 0;)
        s = (struct str){s.data + size, s.size - size};
    while (s.size) {
        const char *end = s.data + s.size;
        size_t cut = blank_at(end - 1, 1);
        for (size_t n = 2; !cut && n <= 3 && n <= s.size; n++)
            cut = blank_at(end - n, n) == n ? n : 0;
        if (!cut)
            break;
        s.size -= cut;
    }
    return s;
}

void grid_rows_cell(struct grid_rows *rows, enum grid_cell_kind kind, struct str text,
                    double number) {
    if (rows->n_places == rows->place_capacity)
        rows->places = grown(rows->places, &rows->place_capacity, sizeof *rows->places);
    text = trimmed(text);
    if (text.size == 0 && kind == GRID_TEXT)
        kind = GRID_EMPTY;
    rows->places[rows->n_places++] = (struct grid_place){kind, rows->text.size, text.size, number};
    buf_put_str(&rows->text, text);
}

void grid_rows_end(struct grid_rows *rows, uint64_t number) {
    if (rows->n_rows == rows->row_capacity)
        rows->rows = grown(rows->rows, &rows->row_capacity, sizeof *rows->rows);
    rows->rows[rows->n_rows].number = number;
    rows->rows[rows->n_rows].first = rows->open;
    rows->rows[rows->n_rows++].n = rows->n_places - rows->open;
    rows->open = rows->n_places;
}

const struct grid_row *grid_rows_next(struct grid_rows *rows) {
    if (rows->next == rows->n_rows)
        return NULL;
    size_t first = rows->rows[rows->next].first, n = rows->rows[rows->next].n;
    for (size_t i = 0; i < n; i++) {
        const struct grid_place *place = &rows->places[first + i];
        struct str text = STR_NONE;
        if (place->size)
            text = (struct str){rows->text.data + place->offset, place->size};
        rows->cells[i] = (struct grid_cell){place->kind, text, place->number};
    }
    rows->row = (struct grid_row){rows->rows[rows->next++].number, n, rows->cells};
    return &rows->row;
}

bool grid_row_is_blank(const struct grid_row *row) {
    for (size_t i = 0; i < row->n; i++)
        if (row->cells[i].kind != GRID_EMPTY)
            return false;
    return true;
}

/* ---- what kind of file it is ---- */

static const struct {
    struct str begins;
    const char *message;
} others[] = {
    {{"%PDF-", 5},
     N_("this is a PDF, whatever its name says; ask for the table that it was printed from, as "
        "XLSX or CSV")},
    {{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8},
     N_("this is an old .xls workbook, or one that is locked with a password: open it and save "
        "it as .xlsx without a password, or as CSV")},
    {{"\x89PNG", 4}, N_("this is a picture; the table has to be typed, or exported by its system")},
    {{"\xff\xd8\xff", 3},
     N_("this is a picture; the table has to be typed, or exported by its system")},
    {{"Rar!", 4}, N_("this is an archive: unpack it and import the file within")},
    {{"\x1f\x8b", 2}, N_("this is compressed: unpack it and import the file within")},
    {{"{\\rtf", 5}, N_("this is a text document; copy its table into a spreadsheet")},
    {{"<", 1},
     N_("this is a page of HTML or XML, whatever its name says: open it in a spreadsheet and save "
        "it as .xlsx or CSV")},
};

static int kind_check(struct str head, struct grid_fault *fault) {
    struct str text = trimmed(head);
    if (str_starts_with(text, STR("\xef\xbb\xbf")))
        text = (struct str){text.data + 3, text.size - 3};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_starts_with(text, others[i].begins))
            return grid_fail(fault, "not_a_table", 0, "%s", _(others[i].message));
    return 0;
}

/* A pipe cannot be read twice: a small one is kept in memory, and nowhere on a disk. */
static int pipe_keep(struct grid_file *file, struct grid_fault *fault) {
    int kept = memfd_create("import", MFD_CLOEXEC);
    char *chunk = malloc(CHUNK_BYTES);
    ssize_t n = kept < 0 || !chunk ? -1 : 1;
    int64_t size = 0;
    while (n > 0 && size <= PIPE_LIMIT_BYTES) {
        n = read(file->fd, chunk, CHUNK_BYTES);
        if (n > 0 && write(kept, chunk, (size_t)n) != n)
            n = -1;
        size += n > 0 ? n : 0;
    }
    int error = errno;
    free(chunk);
    close(file->fd);
    file->fd = kept;
    file->size = size;
    if (n < 0)
        return grid_fail(fault, "not_readable", 0, _("it cannot be read: %s"), strerror(error));
    if (size > PIPE_LIMIT_BYTES)
        return grid_fail(fault, "too_large", 0,
                         _("more than 64 MiB came through the pipe; give the name of a file"));
    return 0;
}

static int file_open(struct grid_file *file, const char *path, struct grid_fault *fault) {
    struct stat state;
    file->fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                                      : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file->fd < 0 || fstat(file->fd, &state) != 0)
        return grid_fail(fault, "not_readable", 0, _("it cannot be read: %s"), strerror(errno));
    if (S_ISDIR(state.st_mode))
        return grid_fail(fault, "not_readable", 0, _("it cannot be read: %s"), strerror(EISDIR));
    if (!S_ISREG(state.st_mode))
        return pipe_keep(file, fault);
    file->size = state.st_size;
    return 0;
}

static int digest_take(struct grid *grid, struct grid_fault *fault) {
    crypto_generichash_state state;
    char *chunk = malloc(CHUNK_BYTES);
    ssize_t n = chunk && sodium_init() >= 0 ? 1 : -1;
    crypto_generichash_init(&state, NULL, 0, DIGEST_BYTES);
    for (off_t at = 0; n > 0; at += n) {
        n = pread(grid->file.fd, chunk, CHUNK_BYTES, at);
        if (n > 0)
            crypto_generichash_update(&state, (const uint8_t *)chunk, (size_t)n);
    }
    free(chunk);
    if (n < 0)
        return grid_fail(fault, "not_readable", 0, _("it cannot be read: %s"), strerror(errno));
    crypto_generichash_final(&state, grid->digest, DIGEST_BYTES);
    return 0;
}

static int format_open(struct grid *grid, const char *sheet, struct grid_fault *fault) {
    char head[512];
    ssize_t n = pread(grid->file.fd, head, sizeof head, 0);
    struct str begins = {head, n > 0 ? (size_t)n : 0};
    if (n < 0)
        return grid_fail(fault, "not_readable", 0, _("it cannot be read: %s"), strerror(errno));
    if (n == 0)
        return grid_fail(fault, "empty_file", 0, _("the file is empty"));
    if (grid->file.size > FILE_LIMIT_BYTES)
        return grid_fail(fault, "too_large", 0,
                         _("the file is larger than 2 GiB; cut it into several"));
    if (str_starts_with(begins, STR("PK")))
        return grid_xlsx_open(&grid->xlsx, &grid->file, sheet, &grid->rows, fault);
    if (kind_check(begins, fault) != 0)
        return -1;
    if (sheet)
        return grid_fail(fault, "not_a_table", 0,
                         _("a CSV has no sheets; leave --sheet out, or give the workbook"));
    return grid_csv_open(&grid->csv, &grid->file, &grid->rows, fault);
}

int grid_open(struct grid **ret_grid, const char *path, const char *sheet,
              struct grid_fault *fault) {
    struct grid *grid = calloc(1, sizeof *grid);
    if (!grid)
        abort();
    grid->file.fd = -1;
    int result = file_open(&grid->file, path, fault);
    if (result == 0)
        result = format_open(grid, sheet, fault);
    if (result == 0)
        result = digest_take(grid, fault);
    if (result == 0)
        *ret_grid = grid;
    else
        grid_close(grid);
    return result;
}

void grid_close(struct grid *grid) {
    if (!grid)
        return;
    grid_csv_close(grid->csv);
    grid_xlsx_close(grid->xlsx);
    grid_rows_deinit(&grid->rows);
    if (grid->file.fd >= 0)
        close(grid->file.fd);
    free(grid);
}

int grid_next(struct grid *grid, const struct grid_row **ret_row, struct grid_fault *fault) {
    while (!(*ret_row = grid_rows_next(&grid->rows))) {
        grid_rows_drop(&grid->rows);
        int more = grid->csv ? grid_csv_more(grid->csv, fault) : grid_xlsx_more(grid->xlsx, fault);
        if (more <= 0)
            return more;
    }
    return 1;
}

int grid_rewind(struct grid *grid, struct grid_fault *fault) {
    grid_rows_reset(&grid->rows);
    return grid->csv ? grid_csv_rewind(grid->csv, fault) : grid_xlsx_rewind(grid->xlsx, fault);
}

int64_t grid_done_bytes(const struct grid *grid) {
    return grid->file.done;
}

int64_t grid_total_bytes(const struct grid *grid) {
    return grid->file.size;
}

struct str grid_digest(const struct grid *grid) {
    return (struct str){(const char *)grid->digest, DIGEST_BYTES};
}

bool grid_is_workbook(const struct grid *grid) {
    return grid->xlsx != NULL;
}

bool grid_from_1904(const struct grid *grid) {
    return grid->xlsx && grid_xlsx_from_1904(grid->xlsx);
}
