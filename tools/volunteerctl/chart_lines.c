/* Lines over time: places by date where all labels are dates, else evenly. */
#include <math.h>
#include <stdlib.h>

#include "chart.h"
#include "util/calendar.h"
#include "value.h"

#define HEIGHT 250
#define TOP (CHART_TITLE_SPACE + 12)
#define BOTTOM (HEIGHT - 28)
#define NAMES_MOST 190.0
#define POINTS_LIMIT 400 /* more than that no eye tells apart */
#define MARKS_LIMIT 40
#define LINES_LIMIT 6
#define LABEL_SPACE 15
#define X_LABEL_SPACE 96.0

struct look {
    const char *colour, *dashes;
};

static const struct look looks[LINES_LIMIT] = {
    {"#1f4e79", "none"},     {"#a3271f", "8 4"}, {"#2d6a3e", "2 3"},
    {"#555555", "10 3 2 3"}, {"#7a4b8a", "5 2"}, {"#8a6d1f", "1 4"},
};

struct lines {
    const struct chart *chart;
    struct cell_style style;
    size_t n; /* lines that are drawn */
    bool dated;
    double first, last;       /* along the axis below */
    double least, most, step; /* upwards */
    double left, right;
};

int chart_lines_height(const struct chart *chart) {
    (void)chart;
    return HEIGHT;
}

/* ---- scales ---- */

static double along(const struct lines *lines, const struct document_series *series, size_t index) {
    int32_t date;
    if (lines->dated && date_parse(str_from(series->points[index].label), &date) == 0)
        return date;
    return (double)index;
}

static bool all_dates(const struct lines *lines) {
    int32_t date;
    for (size_t i = 0; i < lines->n; i++)
        for (size_t j = 0; j < lines->chart->series[i].n_points; j++)
            if (date_parse(str_from(lines->chart->series[i].points[j].label), &date) != 0)
                return false;
    return true;
}

static void lines_reach(struct lines *lines) {
    lines->first = INFINITY;
    lines->last = -INFINITY;
    for (size_t i = 0; i < lines->n; i++) {
        const struct document_series *series = &lines->chart->series[i];
        if (series->has_target) {
            lines->least = fmin(lines->least, series->target);
            lines->most = fmax(lines->most, series->target);
        }
        for (size_t j = 0; j < series->n_points; j++) {
            double value, x = along(lines, series, j);
            lines->first = fmin(lines->first, x);
            lines->last = fmax(lines->last, x);
            if (!document_cell_value(&series->points[j].value, &value))
                continue;
            lines->least = fmin(lines->least, value);
            lines->most = fmax(lines->most, value);
        }
    }
}

/* 1, 2 or 5 times a power of ten, so that about five of them fill the span. */
static double nice_step(double span) {
    double power = pow(10, floor(log10(span / 5)));
    double times = span / 5 / power;
    return power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
}

static void scale_choose(struct lines *lines) {
    if (!(lines->least <= lines->most)) { /* no value at all */
        lines->least = 0;
        lines->most = 1;
    }
    if (lines->least > 0 && lines->least < 0.6 * lines->most)
        lines->least = 0;
    double span = lines->most - lines->least;
    if (!(span > fmax(fabs(lines->most) * 1e-9, 1e-9)))
        span = fmax(fabs(lines->most) * 0.1, 1);
    lines->step = nice_step(span);
    lines->least = floor(lines->least / lines->step) * lines->step;
    lines->most = ceil((lines->least + span) / lines->step) * lines->step;
    while (lines->most < lines->least + span)
        lines->most += lines->step;
}

static double x_of(const struct lines *lines, double place) {
    double span = lines->last - lines->first;
    double share = span > 0 ? (place - lines->first) / span : 0.5;
    return lines->left + share * (lines->right - lines->left);
}

static double y_of(const struct lines *lines, double value) {
    double share = (value - lines->least) / (lines->most - lines->least);
    return BOTTOM - fmin(fmax(share, 0), 1) * (BOTTOM - TOP);
}

/* ---- drawing ---- */

static void axis_text(const struct lines *lines, double value, struct buf *out) {
    struct document_cell cell = {.kind = CELL_REAL, .real = value};
    if (value == floor(value) && fabs(value) < 1e15)
        cell = (struct document_cell){.kind = CELL_INTEGER, .number = (int64_t)value};
    cell_text(lines->style, DOCUMENT_NUMBER, &cell, out);
    if (strcmp(lines->chart->series->unit, "%") == 0)
        buf_put_byte(out, '%');
}

static void grid_put(const struct lines *lines, struct buf *out) {
    for (int i = 0; i <= 12; i++) {
        double value = lines->least + i * lines->step, y = y_of(lines, value);
        BUF_AUTO text = {0};
        if (value > lines->most + lines->step / 2)
            break;
        chart_line(out, lines->left, y, lines->right, y, i ? "stroke=\"#ccc\"" : "stroke=\"#000\"");
        axis_text(lines, value, &text);
        chart_text(out, (struct chart_label){lines->left - 8, y + 4, ANCHOR_END, NULL, false},
                   buf_text(&text));
    }
}

static void label_put(double x, const char *label, struct buf *out) {
    BUF_AUTO text = {0};
    chart_text_cut(label, X_LABEL_SPACE - 12, &text);
    chart_line(out, x, BOTTOM, x, BOTTOM + 4, "stroke=\"#000\"");
    chart_text(out, (struct chart_label){x, BOTTOM + 20, ANCHOR_MIDDLE, NULL, false},
               buf_text(&text));
}

/* The first, the last, and what has room between them. */
static void labels_put(const struct lines *lines, struct buf *out) {
    const struct document_series *series = lines->chart->series;
    size_t n = series->n_points;
    double end = x_of(lines, along(lines, series, n - 1)), before = -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double x = x_of(lines, along(lines, series, i));
        bool has_room = x >= before + X_LABEL_SPACE && x <= end - X_LABEL_SPACE;
        if (i + 1 < n && i > 0 && !has_room)
            continue;
        label_put(x, series->points[i].label, out);
        before = x;
    }
}

/* A gap where a value is missing. */
static void path_put(const struct lines *lines, const struct document_series *series,
                     const struct look *look, struct buf *out) {
    size_t stride = series->n_points / POINTS_LIMIT + 1;
    bool pen_down = false;
    buf_put_str(out, STR("<path fill=\"none\" d=\""));
    for (size_t i = 0; i < series->n_points; i++) {
        double value;
        bool known = document_cell_value(&series->points[i].value, &value);
        if (i % stride && i + 1 < series->n_points)
            continue;
        if (known)
            buf_printf(out, "%s%.1f %.1f", pen_down ? "L" : "M",
                       x_of(lines, along(lines, series, i)), y_of(lines, value));
        pen_down = known;
    }
    buf_printf(out, "\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>\n", look->colour,
               look->dashes);
}

static void marks_put(const struct lines *lines, const struct document_series *series,
                      const struct look *look, struct buf *out) {
    for (size_t i = 0; series->n_points <= MARKS_LIMIT && i < series->n_points; i++) {
        double value;
        if (document_cell_value(&series->points[i].value, &value))
            buf_printf(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"2.6\" fill=\"%s\"/>\n",
                       x_of(lines, along(lines, series, i)), y_of(lines, value), look->colour);
    }
}

/* The last value that is known, its place among the points; false where none is. */
static bool series_end(const struct document_series *series, size_t *ret_index, double *ret_value) {
    for (size_t i = series->n_points; i-- > 0;)
        if (document_cell_value(&series->points[i].value, ret_value)) {
            *ret_index = i;
            return true;
        }
    return false;
}

static void name_text(const struct lines *lines, size_t line, struct buf *out) {
    const struct document_series *series = &lines->chart->series[line];
    size_t index;
    double value;
    chart_text_cut(series->name, NAMES_MOST * 0.55, out);
    if (!series_end(series, &index, &value))
        return;
    if (out->size)
        buf_put_byte(out, ' ');
    point_text(lines->style, series, &series->points[index].value, out);
}

/* The line that ends highest among those that have no name yet; false where all have. */
static bool highest_find(const struct lines *lines, const bool *named, size_t *ret_line,
                         double *ret_x, double *ret_y) {
    bool found = false;
    for (size_t i = 0; i < lines->n; i++) {
        size_t index;
        double value;
        if (named[i] || !series_end(&lines->chart->series[i], &index, &value))
            continue;
        double y = y_of(lines, value);
        if (found && y >= *ret_y)
            continue;
        found = true;
        *ret_line = i;
        *ret_x = x_of(lines, along(lines, &lines->chart->series[i], index));
        *ret_y = y;
    }
    return found;
}

struct name {
    size_t line;
    double x, y;
};

/* From the lowest up, so that none falls over the axis below. */
static void names_lift(struct name *names, size_t n) {
    double limit = BOTTOM - 4;
    for (size_t i = n; i-- > 0;) {
        names[i].y = fmin(names[i].y, limit);
        limit = names[i].y - LABEL_SPACE;
    }
}

/* Names stand where their lines end, the highest first, and push each other down. */
static void names_put(const struct lines *lines, struct buf *out) {
    bool named[LINES_LIMIT] = {0};
    struct name names[LINES_LIMIT];
    double lowest = -INFINITY;
    size_t n = 0;
    while (n < lines->n && highest_find(lines, named, &names[n].line, &names[n].x, &names[n].y)) {
        named[names[n].line] = true;
        names[n].y = lowest = fmax(names[n].y + 4, lowest + LABEL_SPACE);
        n++;
    }
    names_lift(names, n);
    for (size_t i = 0; i < n; i++) {
        BUF_AUTO text = {0};
        name_text(lines, names[i].line, &text);
        chart_text(out,
                   (struct chart_label){names[i].x + 8, names[i].y, ANCHOR_START,
                                        looks[names[i].line].colour, true},
                   buf_text(&text));
    }
}

static void target_put(const struct lines *lines, struct buf *out) {
    const struct document_series *series = lines->chart->series;
    BUF_AUTO text = {0};
    if (!series->has_target)
        return;
    double y = y_of(lines, series->target);
    buf_printf(&text, "%s ", document_word(lines->style.chinese, WORD_TARGET));
    target_text(lines->style, series, &text);
    chart_line(out, lines->left, y, lines->right, y,
               "stroke=\"#000\" stroke-width=\"1.3\" stroke-dasharray=\"5 3\"");
    chart_text(out, (struct chart_label){lines->left + 6, y - 5, ANCHOR_START, NULL, false},
               buf_text(&text));
}

static void lines_measure(struct lines *lines) {
    double axis = 30, names = 20;
    for (size_t i = 0; i < lines->n; i++) {
        BUF_AUTO text = {0};
        name_text(lines, i, &text);
        names = fmax(names, chart_text_width(buf_text(&text)));
    }
    for (int i = 0; i <= 12; i++) {
        BUF_AUTO text = {0};
        axis_text(lines, lines->least + i * lines->step, &text);
        axis = fmax(axis, chart_text_width(buf_text(&text)));
    }
    lines->left = axis + 10;
    lines->right = CHART_WIDTH - fmin(names, NAMES_MOST) - 10;
}

void chart_lines_put(const struct chart *chart, bool chinese, struct buf *out) {
    struct lines lines = {.chart = chart,
                          .style = {chinese, true},
                          .n = chart->n_series < LINES_LIMIT ? chart->n_series : LINES_LIMIT,
                          .least = INFINITY,
                          .most = -INFINITY};
    lines.dated = all_dates(&lines);
    lines_reach(&lines);
    scale_choose(&lines);
    lines_measure(&lines);
    chart_title(chart, out);
    grid_put(&lines, out);
    labels_put(&lines, out);
    target_put(&lines, out);
    for (size_t i = 0; i < lines.n; i++) {
        path_put(&lines, &chart->series[i], &looks[i], out);
        marks_put(&lines, &chart->series[i], &looks[i], out);
    }
    names_put(&lines, out);
}
