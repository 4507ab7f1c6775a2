/* One renderer per format, each in a file of its own. Threads: any. Memory: borrow the document.
 * Errors: none; a document that was read can be rendered. */
#pragma once

#include "document.h"

/* What paper is set in: the first of these that the reader's machine has. */
#define PAPER_FONTS                                                                                \
    "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',"                     \
    "'WenQuanYi Micro Hei',SimHei,sans-serif"

/* Sections one after another on stdout, with bars where a person looks. */
void document_table(const struct terminal *terminal, const struct document *document);
void document_csv(const struct document *document, struct buf *out);
/* A workbook: a sheet for each section, and one for the charts. False where the library made none.
 */
bool document_xlsx(const struct document *document, struct buf *out);
/* One page that needs nothing else, for a screen and for A4. */
void document_html(const struct document *document, struct buf *out);
/* Its charts, as wide as A4. */
void document_svg(const struct document *document, struct buf *out);
