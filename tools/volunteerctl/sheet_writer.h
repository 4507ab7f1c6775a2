/* A table that goes back to a clerk's spreadsheet, as .xlsx or CSV by its file's name. Every cell
 * is text, so that no spreadsheet changes numbers of documents or makes dates and formulas of what
 * is none. Threads: one. Errors: out of memory aborts; what cannot be written is said at the end.
 */
#pragma once

#include "command.h"

struct sheet_writer;

bool sheet_path_is_workbook(const char *path);
/* `title` names the sheet of a workbook. */
struct sheet_writer *sheet_writer_new(const char *path, const char *title);
/* The next cells stand in another sheet: only where the file is a workbook. */
void sheet_writer_sheet(struct sheet_writer *writer, const char *title);
void sheet_writer_cell(struct sheet_writer *writer, const char *text);
/* A heading: set off, where the file is a workbook; `required` in colour. */
void sheet_writer_heading(struct sheet_writer *writer, const char *text, bool required);
void sheet_writer_row_end(struct sheet_writer *writer);
/* Cells of that column of the first sheet offer what stands in the second column of the sheet
 * `title`, rows `first` to `last` (from 0); only where the file is a workbook. */
void sheet_writer_choices(struct sheet_writer *writer, size_t column, const char *title,
                          size_t first, size_t last);
/* Writes the file whole or not at all and frees. DONE, or a complaint. */
int sheet_writer_close(const struct call *call, struct sheet_writer *writer);
