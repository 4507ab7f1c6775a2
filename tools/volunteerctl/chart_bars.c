/* Horizontal bars against a target line. */
#include <math.h>

#include "chart.h"
#include "markup.h"
#include "value.h"

#define ROW 22
#define BAR 14
#define TARGET_SPACE 20
#define LEGEND_SPACE 24
#define GAP 8
#define LABEL_MOST 220.0
#define VALUE_MOST 150.0

#define GOOD "#1d5c3a"
#define BAD "#a3271f"
#define PLAIN "#33516f"
#define MUTED "#777777"

struct bars {
    const struct chart *chart;
    struct cell_style style;
    size_t index;
    double left, right; /* where bars begin and end at most */
    double top, most;   /* of the rows; of the values */
};

static bool has_legend(const struct chart *chart) {
    bool has_verdict = chart->series->has_target;
    for (size_t i = 0; i < chart->series->n_points && !has_verdict; i++)
        has_verdict = chart->series->points[i].verdict != VERDICT_NONE;
    return has_verdict;
}

static bool has_note(const struct chart *chart) {
    return has_legend(chart) || chart->n_left_out > 0;
}

int chart_bars_height(const struct chart *chart) {
    return CHART_TITLE_SPACE + (chart->series->has_target ? TARGET_SPACE : 0) +
           (int)chart->n_points * ROW + (has_note(chart) ? LEGEND_SPACE : 4);
}

static const struct document_point *point_at(const struct bars *bars, size_t index) {
    return &bars->chart->series->points[bars->chart->first + index];
}

static void value_put(const struct bars *bars, size_t index, struct buf *out) {
    point_text(bars->style, bars->chart->series, &point_at(bars, index)->value, out);
}

/* Over all points of the series, so that its parts have one scale; shares of something without a
 * target are drawn against the whole. */
static double value_most(const struct chart *chart) {
    const struct document_series *series = chart->series;
    double most = series->has_target ? series->target : 0;
    bool is_share = false;
    for (size_t i = 0; i < series->n_points; i++) {
        double value;
        is_share = is_share || series->points[i].value.kind == CELL_RATE;
        if (document_cell_value(&series->points[i].value, &value) && value > most)
            most = value;
    }
    if (is_share && most <= 100 && !has_legend(chart))
        return 100;
    return most > 0 ? most * 1.04 : 1;
}

static void bars_measure(struct bars *bars) {
    const struct chart *chart = bars->chart;
    double labels = 40, values = 40;
    for (size_t i = 0; i < chart->n_points; i++) {
        BUF_AUTO value = {0};
        value_put(bars, i, &value);
        labels = fmax(labels, chart_text_width(point_at(bars, i)->label));
        values = fmax(values, chart_text_width(buf_text(&value)));
    }
    bars->left = fmin(labels, LABEL_MOST) + GAP;
    bars->right = CHART_WIDTH - fmin(values, VALUE_MOST) - GAP;
    bars->top = CHART_TITLE_SPACE + (chart->series->has_target ? TARGET_SPACE : 0);
    bars->most = value_most(chart);
}

static double place_of(const struct bars *bars, double value) {
    double share = fmin(fmax(value / bars->most, 0), 1);
    return bars->left + share * (bars->right - bars->left);
}

static void fill_put(const struct bars *bars, enum verdict verdict, struct buf *out) {
    if (verdict == VERDICT_NOT_MET)
        buf_printf(out, "fill=\"url(#hatch%zu)\" stroke=\"" BAD "\"", bars->index);
    else
        buf_printf(out, "fill=\"%s\"", verdict == VERDICT_MET ? GOOD : PLAIN);
}

static void rectangle_put(const struct bars *bars, double x, double y, double width,
                          enum verdict verdict, struct buf *out) {
    double inset = verdict == VERDICT_NOT_MET ? 0.5 : 0; /* half of the line around it */
    buf_printf(out, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" ", x + inset,
               y + inset, fmax(width - 2 * inset, 0.5), BAR - 2 * inset);
    fill_put(bars, verdict, out);
    buf_put_str(out, STR("/>\n"));
}

static void bar_put(const struct bars *bars, size_t index, struct buf *out) {
    const struct document_point *point = point_at(bars, index);
    enum verdict verdict = document_point_verdict(bars->chart->series, point);
    double value, y = bars->top + (double)index * ROW;
    BUF_AUTO label = {0}, text = {0};
    chart_text_cut(point->label, bars->left - GAP, &label);
    chart_text(out, (struct chart_label){bars->left - GAP, y + ROW - 7, ANCHOR_END, NULL, false},
               buf_text(&label));
    value_put(bars, index, &text);
    bool known = document_cell_value(&point->value, &value);
    if (known && value > 0)
        rectangle_put(bars, bars->left, y + (ROW - BAR) / 2.0, place_of(bars, value) - bars->left,
                      verdict, out);
    chart_text(out,
               (struct chart_label){CHART_WIDTH, y + ROW - 7, ANCHOR_END, known ? NULL : MUTED,
                                    verdict == VERDICT_NOT_MET},
               buf_text(&text));
}

static void target_put(const struct bars *bars, struct buf *out) {
    const struct document_series *series = bars->chart->series;
    double x = place_of(bars, series->target);
    double bottom = bars->top + (double)bars->chart->n_points * ROW;
    BUF_AUTO text = {0};
    buf_printf(&text, "%s ", document_word(bars->style.chinese, WORD_TARGET));
    target_text(bars->style, series, &text);
    double half = chart_text_width(buf_text(&text)) / 2;
    double middle = fmin(x, CHART_WIDTH - half);
    /* White below it, so that it shows on a dark bar. */
    chart_line(out, x, bars->top, x, bottom, "stroke=\"#fff\" stroke-width=\"4\"");
    chart_line(out, x, bars->top - 3, x, bottom,
               "stroke=\"#000\" stroke-width=\"1.3\" stroke-dasharray=\"5 3\"");
    chart_text(out, (struct chart_label){middle, bars->top - 7, ANCHOR_MIDDLE, NULL, false},
               buf_text(&text));
}

static double legend_put(const struct bars *bars, enum document_word word, enum verdict verdict,
                         double x, double y, struct buf *out) {
    const char *text = document_word(bars->style.chinese, word);
    rectangle_put(bars, x, y - 12, 22, verdict, out);
    chart_text(out, (struct chart_label){x + 28, y, ANCHOR_START, NULL, false}, text);
    return x + 28 + chart_text_width(text) + 16;
}

static void note_put(const struct bars *bars, struct buf *out) {
    const struct chart *chart = bars->chart;
    double x = bars->left, y = chart_bars_height(chart) - 6;
    if (has_legend(chart)) {
        x = legend_put(bars, WORD_MET, VERDICT_MET, x, y, out);
        x = legend_put(bars, WORD_NOT_MET, VERDICT_NOT_MET, x, y, out);
    }
    if (chart->n_left_out > 0) {
        BUF_AUTO text = {0};
        buf_printf(&text, "+ %zu %s", chart->n_left_out,
                   document_word(bars->style.chinese, WORD_MORE));
        chart_text(out, (struct chart_label){x, y, ANCHOR_START, MUTED, false}, buf_text(&text));
    }
}

void chart_bars_put(const struct chart *chart, bool chinese, size_t index, struct buf *out) {
    struct bars bars = {.chart = chart, .style = {chinese, true}, .index = index};
    bars_measure(&bars);
    buf_printf(out,
               "<defs><pattern id=\"hatch%zu\" width=\"5\" height=\"5\" "
               "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
               "<rect width=\"5\" height=\"5\" fill=\"#fff\"/>"
               "<rect width=\"1.6\" height=\"5\" fill=\"" BAD "\"/></pattern></defs>\n",
               index);
    chart_title(chart, out);
    for (size_t i = 0; i < chart->n_points; i++)
        bar_put(&bars, i, out);
    chart_line(out, bars.left, bars.top - 3, bars.left, bars.top + (double)chart->n_points * ROW,
               "stroke=\"#000\"");
    if (chart->series->has_target)
        target_put(&bars, out);
    if (has_note(chart))
        note_put(&bars, out);
}
