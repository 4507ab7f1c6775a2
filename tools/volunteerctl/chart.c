#include "chart.h"

#include "markup.h"
#include "value.h"

#define BARS_PER_CHART 30 /* two charts of that height fit a page of A4 */
#define BARS_LIMIT 150
#define NARROW 0.58 /* of the font's size; a wide character takes twice that */

static size_t lines_together(const struct document *document, size_t first) {
    size_t n = 1;
    while (first + n < document->n_series && document->series[first + n].is_line &&
           strcmp(document->series[first + n].title, document->series[first].title) == 0)
        n++;
    return n;
}

static size_t bars_shown(const struct document_series *series) {
    return series->n_points < BARS_LIMIT ? series->n_points : BARS_LIMIT;
}

static bool has_value(const struct document_series *series) {
    double value;
    for (size_t i = 0; i < series->n_points; i++)
        if (document_cell_value(&series->points[i].value, &value))
            return true;
    return false;
}

/* A chart in which at least one line has something to show. */
static bool chart_is_empty(const struct document *document, size_t first) {
    size_t n = document->series[first].is_line ? lines_together(document, first) : 1;
    for (size_t i = 0; i < n; i++)
        if (has_value(&document->series[first + i]))
            return false;
    return true;
}

bool chart_next(const struct document *document, struct chart *chart) {
    size_t next = 0, first = 0;
    if (chart->series) {
        next = (size_t)(chart->series - document->series);
        first = chart->first + chart->n_points;
        if (chart->series->is_line || first >= bars_shown(chart->series)) {
            next += chart->n_series;
            first = 0;
        }
    }
    while (next < document->n_series && first == 0 && chart_is_empty(document, next))
        next += document->series[next].is_line ? lines_together(document, next) : 1;
    if (next >= document->n_series)
        return false;
    const struct document_series *series = &document->series[next];
    *chart = (struct chart){.series = series, .n_series = 1};
    if (series->is_line) {
        chart->n_series = lines_together(document, next);
        return true;
    }
    size_t left = bars_shown(series) - first;
    chart->first = first;
    chart->n_points = left < BARS_PER_CHART ? left : BARS_PER_CHART;
    if (left == chart->n_points)
        chart->n_left_out = series->n_points - bars_shown(series);
    return true;
}

int chart_height(const struct chart *chart) {
    return chart->series->is_line ? chart_lines_height(chart) : chart_bars_height(chart);
}

void chart_put(const struct chart *chart, bool chinese, size_t index, struct buf *out) {
    if (chart->series->is_line)
        chart_lines_put(chart, chinese, out);
    else
        chart_bars_put(chart, chinese, index, out);
}

/* ---- what both draw with ---- */

void chart_text(struct buf *out, struct chart_label label, const char *text) {
    static const char *const anchors[] = {"start", "middle", "end"};
    buf_printf(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"", label.x, label.y,
               anchors[label.anchor]);
    if (label.colour)
        buf_printf(out, " fill=\"%s\"", label.colour);
    if (label.strong)
        buf_put_str(out, STR(" font-weight=\"700\""));
    buf_put_byte(out, '>');
    markup_put(out, text);
    buf_put_str(out, STR("</text>\n"));
}

void chart_line(struct buf *out, double x1, double y1, double x2, double y2, const char *stroke) {
    buf_printf(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1, y1, x2, y2,
               stroke);
}

double chart_text_width(const char *text) {
    size_t columns = 0;
    for (struct str rest = str_from(text); rest.size;) {
        size_t size = str_utf8_size(rest);
        columns += size > 1 ? 2 : 1; /* also stars and dashes, which paper sets wide */
        size = size ? size : 1;
        rest = (struct str){rest.data + size, rest.size - size};
    }
    return (double)columns * NARROW * CHART_FONT;
}

void chart_text_cut(const char *text, double width, struct buf *out) {
    struct str rest = str_from(text);
    BUF_AUTO cut = {0};
    while (rest.size && chart_text_width(buf_text(&cut)) < width) {
        size_t size = str_utf8_size(rest);
        size = size ? size : 1;
        buf_put(&cut, rest.data, size);
        rest = (struct str){rest.data + size, rest.size - size};
    }
    if (rest.size)
        buf_put_str(&cut, STR("…"));
    buf_put_str(out, buf_str(&cut));
}

void chart_title(const struct chart *chart, struct buf *out) {
    BUF_AUTO title = {0};
    const char *unit = chart->series->unit;
    chart_text_cut(chart->series->title, CHART_WIDTH * 0.85, &title);
    if (*unit && strcmp(unit, "%") != 0)
        buf_printf(&title, " (%.40s)", unit);
    chart_text(out, (struct chart_label){.y = 16, .strong = true}, buf_text(&title));
}
