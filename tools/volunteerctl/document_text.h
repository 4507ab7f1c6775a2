/* How the parts of a document read, the same in every format: cells, and the words between them.
 * Threads: any. Memory: static or the caller's. */
#pragma once

#include "document.h"

enum document_word {
    WORD_NO_DATA,
    WORD_MET,
    WORD_NOT_MET,
    WORD_TARGET,
    WORD_AS_OF,
    WORD_PERIOD,
    WORD_REVISION,
    WORD_REGION,
    WORD_MORE, /* after how many are left out */
    WORD_LABEL,
    WORD_VALUE,
    WORD_DRAFT,
    WORD_EMPTY, /* what stands in a table without rows */
    WORD_BEFORE,
    WORD_CHANGE,
    WORD_SINCE, /* before the issue or day that figures are compared with */
};
const char *document_word(bool chinese, enum document_word word);
/* Paper is in the language of its texts, whoever prints it: a bulletin in Chinese has no English
 * words between them. */
bool document_paper_is_chinese(const struct document *document);

struct cell_style {
    bool chinese;
    bool grouped; /* 3,214 */
};
/* Adds the cell's text. Rates have two decimals and are cut, never rounded up: what reads 13.00% is
 * not less. */
void cell_text(struct cell_style style, enum document_kind kind, const struct document_cell *cell,
               struct buf *out);
/* A series' value with its unit. */
void point_text(struct cell_style style, const struct document_series *series,
                const struct document_cell *value, struct buf *out);
/* A target as it is met: "> 13%", "≥ 122 个". */
void target_text(struct cell_style style, const struct document_series *series, struct buf *out);
/* The heading of what stands beside a column: "注册率（上期）", "rate_change". */
void beside_text(bool chinese, const struct document_column *column, enum document_word word,
                 struct buf *out);
/* How a figure of that kind has changed: "+18", "-0.66", of a rank "↑2"; "" where it has not. */
void change_text(struct cell_style style, enum document_kind kind, int64_t change, struct buf *out);
/* "较第 1 期（2018年8月31日）增减", "" where nothing is compared. */
void compared_text(bool chinese, const struct document *document, struct buf *out);
/* "第 3 期", "" where it has no number. */
void issue_text(bool chinese, const struct document *document, struct buf *out);
/* 2018-10-31 as 2018年10月31日 where Chinese; what is no date stays as it is. */
void date_text(bool chinese, const char *date, struct buf *out);
