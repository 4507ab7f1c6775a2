#include "document_text.h"

#include <math.h>
#include <stdlib.h>

#include "noun.h"
#include "util/calendar.h"
#include "value.h"

__extension__ typedef __int128 int128;

/* Both languages stand here, because paper does not follow the locale. */
static const char *const words[][2] = {
    [WORD_NO_DATA] = {"no data", "无数据"},
    [WORD_MET] = {"met", "达标"},
    [WORD_NOT_MET] = {"not met", "未达标"},
    [WORD_TARGET] = {"target", "目标"},
    [WORD_AS_OF] = {"as of", "数据截至"},
    [WORD_PERIOD] = {"period", "统计期间"},
    [WORD_REVISION] = {"rule revision", "规则版本"},
    [WORD_REGION] = {"region", "统计区划"},
    [WORD_MORE] = {"more not shown", "项未列出"},
    [WORD_LABEL] = {"label", "项目"},
    [WORD_VALUE] = {"value", "数值"},
    [WORD_DRAFT] = {"preview, not issued", "预览稿，尚未印发"},
    [WORD_EMPTY] = {"none", "无"},
    [WORD_BEFORE] = {"before", "上期"},
    [WORD_CHANGE] = {"change", "增减"},
    [WORD_SINCE] = {"changes since ", "括号内为较"},
};

const char *document_word(bool chinese, enum document_word word) {
    return words[word][chinese];
}

/* A character of the ideographs' plane: U+3400 to U+9FFF. */
static bool has_ideograph(const char *text) {
    for (; *text; text++) {
        unsigned char first = (unsigned char)text[0], second = (unsigned char)text[1];
        if ((first >= 0xe4 && first <= 0xe9) || (first == 0xe3 && second >= 0x90))
            return true;
    }
    return false;
}

bool document_paper_is_chinese(const struct document *document) {
    return document->chinese || has_ideograph(document->title) ||
           (document->n_sections > 0 && has_ideograph(document->sections[0].title));
}

static void number_put(struct cell_style style, int64_t number, struct buf *out) {
    char text[TEXT_SIZE];
    buf_put_str(out, str_from(number_text(number, style.grouped, text)));
}

/* Hundredths below the quotient, also below zero. */
static void rate_put(struct cell_style style, const struct document_cell *cell, struct buf *out) {
    int128 scaled = (int128)cell->number * 10000;
    int128 hundredths = scaled / cell->denominator;
    if (scaled % cell->denominator < 0)
        hundredths--;
    int128 size = hundredths < 0 ? -hundredths : hundredths;
    if (size / 100 > INT64_MAX) {
        buf_put_str(out, STR("∞"));
        return;
    }
    if (hundredths < 0)
        buf_put_byte(out, '-');
    number_put(style, (int64_t)(size / 100), out);
    buf_printf(out, ".%02d%%", (int)(size % 100));
}

/* Two decimals at most, cut like a rate; the small step mends what binary fractions lost. */
static void real_put(double value, struct buf *out) {
    double cut = floor(value * 100 + 1e-6) / 100;
    if (!isfinite(value) || fabs(value) >= 1e15)
        buf_printf(out, "%g", value);
    else if (cut == floor(cut))
        buf_printf(out, "%.0f", cut);
    else
        buf_printf(out, "%.2f", cut);
}

static void text_put(struct cell_style style, enum document_kind kind, const char *text,
                     struct buf *out) {
    const char *label = kind == DOCUMENT_STATE && style.chinese ? noun_state_label(text) : NULL;
    buf_put_str(out, str_from(label ? label : text));
}

void cell_text(struct cell_style style, enum document_kind kind, const struct document_cell *cell,
               struct buf *out) {
    char text[TEXT_SIZE];
    switch (cell->kind) {
    case CELL_NONE:
        if (document_cell_verdict(kind, cell) == VERDICT_NO_DATA)
            buf_put_str(out, str_from(document_word(style.chinese, WORD_NO_DATA)));
        return;
    case CELL_TEXT:
        text_put(style, kind, cell->text, out);
        return;
    case CELL_INTEGER:
        if (kind == DOCUMENT_HOURS && cell->number < 0) /* of a difference */
            buf_put_byte(out, '-');
        if (kind == DOCUMENT_HOURS)
            buf_put_str(out, str_from(hours_text(llabs(cell->number), style.grouped, text)));
        else if (kind == DOCUMENT_HUNDREDTHS)
            buf_put_str(out, str_from(hundredths_text(cell->number, style.grouped, text)));
        else
            number_put(style, cell->number, out);
        return;
    case CELL_REAL:
        real_put(cell->real, out);
        return;
    case CELL_RATE:
        rate_put(style, cell, out);
        return;
    }
}

static void unit_put(const char *unit, struct buf *out) {
    if (*unit)
        buf_printf(out, strcmp(unit, "%") == 0 ? "%s" : " %s", unit);
}

void point_text(struct cell_style style, const struct document_series *series,
                const struct document_cell *value, struct buf *out) {
    double drawn;
    if (!document_cell_value(value, &drawn)) {
        buf_put_str(out, str_from(document_word(style.chinese, WORD_NO_DATA)));
        return;
    }
    cell_text(style, DOCUMENT_NUMBER, value, out);
    if (value->kind != CELL_RATE)
        unit_put(series->unit, out);
}

static bool is_rate(const struct document_series *series) {
    for (size_t i = 0; i < series->n_points; i++)
        if (series->points[i].value.kind == CELL_RATE)
            return true;
    return strcmp(series->unit, "%") == 0;
}

void target_text(struct cell_style style, const struct document_series *series, struct buf *out) {
    struct document_cell target = {.kind = CELL_REAL, .real = series->target};
    if (fabs(series->target) < 1e15 && series->target == floor(series->target))
        target = (struct document_cell){.kind = CELL_INTEGER, .number = (int64_t)series->target};
    buf_put_str(out, is_rate(series) ? STR("> ") : STR("≥ "));
    cell_text(style, DOCUMENT_NUMBER, &target, out);
    unit_put(is_rate(series) ? "%" : series->unit, out);
}

void beside_text(bool chinese, const struct document_column *column, enum document_word word,
                 struct buf *out) {
    bool in_points = word == WORD_CHANGE && column->kind == DOCUMENT_PERCENT;
    if (!chinese)
        buf_printf(out, "%s_%s", column->name, document_word(false, word));
    else
        buf_printf(out, "%s（%s%s）", column->title, document_word(true, word),
                   in_points ? "百分点" : "");
}

void change_text(struct cell_style style, enum document_kind kind, int64_t change,
                 struct buf *out) {
    bool is_less = change < 0;
    uint64_t size = is_less ? 0 - (uint64_t)change : (uint64_t)change;
    struct document_cell cell = {.kind = CELL_INTEGER, .number = (int64_t)size};
    if (change == 0 || size > INT64_MAX)
        return;
    if (kind == DOCUMENT_RANK) /* the first is the best */
        buf_put_str(out, is_less ? STR("↑") : STR("↓"));
    else
        buf_put_byte(out, is_less ? '-' : '+');
    cell_text(style, kind == DOCUMENT_PERCENT ? DOCUMENT_HUNDREDTHS : kind, &cell, out);
}

static void issue_put(bool chinese, const struct document_cell *number, struct buf *out) {
    if (number->kind == CELL_INTEGER)
        buf_printf(out, chinese ? "第 %lld 期" : "No. %lld", (long long)number->number);
}

void compared_text(bool chinese, const struct document *document, struct buf *out) {
    if (!*document->compared_as_of)
        return;
    BUF_AUTO issue = {0};
    issue_put(chinese, &document->compared_number, &issue);
    buf_put_str(out, str_from(document_word(chinese, WORD_SINCE)));
    buf_put_str(out, buf_str(&issue));
    buf_put_str(out, str_from(!issue.size ? "" : chinese ? "（" : " ("));
    date_text(chinese, document->compared_as_of, out);
    buf_put_str(out, str_from(!issue.size ? "" : chinese ? "）" : ")"));
    buf_put_str(out,
                str_from(chinese ? "增减，没有变化的不注" : ", in brackets where there are any"));
}

void issue_text(bool chinese, const struct document *document, struct buf *out) {
    if (document->number.kind == CELL_TEXT)
        buf_put_str(out, str_from(document->number.text));
    issue_put(chinese, &document->number, out);
}

void date_text(bool chinese, const char *date, struct buf *out) {
    int32_t day, year, month;
    if (!chinese || date_parse(str_from(date), &day) != 0) {
        buf_put_str(out, str_from(date));
        return;
    }
    date_to_civil(day, &year, &month, &day);
    buf_printf(out, "%d年%d月%d日", year, month, day);
}
