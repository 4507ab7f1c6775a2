#include "sheet_writer.h"

#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "csv_writer.h"
#include "output.h"
#include "util/io.h"
#include "value.h"

#define WIDTH 20
#define FILE_LIMIT_BYTES (1u << 30)

struct sheet_writer {
    const char *path;
    char *unfinished; /* of a workbook: where the library puts it together */
    lxw_workbook *book;
    lxw_worksheet *first, *sheet;
    lxw_format *plain, *head, *required;
    lxw_row_t row;
    lxw_col_t column;
    struct buf text;
    struct csv_writer csv;
};

bool sheet_path_is_workbook(const char *path) {
    size_t size = strlen(path);
    return size > 5 && strcmp(path + size - 5, ".xlsx") == 0;
}

static lxw_format *format_new(lxw_workbook *book, bool bold, lxw_color_t colour) {
    lxw_format *format = workbook_add_format(book);
    format_set_num_format_index(format, 49); /* text */
    if (bold) {
        format_set_bold(format);
        format_set_bg_color(format, colour);
        format_set_border(format, LXW_BORDER_THIN);
    }
    return format;
}

struct sheet_writer *sheet_writer_new(const char *path, const char *title) {
    struct sheet_writer *writer = calloc(1, sizeof *writer);
    if (!writer)
        abort();
    writer->path = path;
    if (!sheet_path_is_workbook(path)) {
        csv_begin(&writer->csv, &writer->text);
        return writer;
    }
    writer->unfinished = strdup("/tmp/volunteerctl-XXXXXX");
    int fd = writer->unfinished ? mkstemp(writer->unfinished) : -1;
    if (fd >= 0)
        close(fd);
    writer->book = workbook_new(writer->unfinished);
    writer->plain = format_new(writer->book, false, 0);
    writer->head = format_new(writer->book, true, 0xEDEDED);
    writer->required = format_new(writer->book, true, 0xFFE699);
    sheet_writer_sheet(writer, title);
    return writer;
}

void sheet_writer_sheet(struct sheet_writer *writer, const char *title) {
    if (!writer->book)
        return;
    writer->sheet = workbook_add_worksheet(writer->book, title);
    writer->first = writer->first ? writer->first : writer->sheet;
    worksheet_set_column(writer->sheet, 0, 255, WIDTH, writer->plain);
    worksheet_freeze_panes(writer->sheet, 1, 0);
    writer->row = writer->column = 0;
}

static void cell_put(struct sheet_writer *writer, const char *text, lxw_format *format) {
    BUF_AUTO clean = {0};
    if (!writer->book) {
        csv_cell(&writer->csv, text);
        return;
    }
    clean_put(&clean, text, true);
    worksheet_write_string(writer->sheet, writer->row, writer->column++, buf_text(&clean), format);
}

void sheet_writer_cell(struct sheet_writer *writer, const char *text) {
    cell_put(writer, text, writer->plain);
}

void sheet_writer_heading(struct sheet_writer *writer, const char *text, bool required) {
    cell_put(writer, text, required ? writer->required : writer->head);
}

void sheet_writer_row_end(struct sheet_writer *writer) {
    if (!writer->book)
        csv_row_end(&writer->csv);
    writer->row++;
    writer->column = 0;
}

/* What is no choice is not refused: a cell may hold several of them. */
void sheet_writer_choices(struct sheet_writer *writer, size_t column, const char *title,
                          size_t first, size_t last) {
    BUF_AUTO place = {0};
    if (!writer->book)
        return;
    buf_printf(&place, "='%s'!$B$%zu:$B$%zu", title, first + 1, last + 1);
    char *formula = strdup(buf_text(&place));
    if (!formula)
        abort();
    lxw_data_validation offered = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
                                   .value_formula = formula,
                                   .error_type = LXW_VALIDATION_ERROR_TYPE_INFORMATION};
    worksheet_data_validation_range(writer->first, 1, (lxw_col_t)column, LXW_ROW_MAX - 1,
                                    (lxw_col_t)column, &offered);
    free(formula);
}

static int workbook_finish(const struct call *call, struct sheet_writer *writer) {
    char *data = NULL;
    size_t size = 0;
    lxw_error error = workbook_close(writer->book);
    int code = DONE;
    if (error != LXW_NO_ERROR)
        code = complain_json(call->json, REFUSED, NULL, _("%s cannot be written: %s."),
                             writer->path, lxw_strerror(error));
    else if (io_read_file(io_system(), writer->unfinished, FILE_LIMIT_BYTES, &data, &size) != 0)
        code = complain_json(call->json, REFUSED, NULL, _("%s cannot be written: %s."),
                             writer->path, writer->unfinished);
    else
        code = file_write_bytes(call, writer->path, (struct str){data, size});
    free(data);
    unlink(writer->unfinished);
    return code;
}

int sheet_writer_close(const struct call *call, struct sheet_writer *writer) {
    int code = writer->book ? workbook_finish(call, writer)
                            : file_write_bytes(call, writer->path, buf_str(&writer->text));
    buf_deinit(&writer->text);
    free(writer->unfinished);
    free(writer);
    return code;
}
