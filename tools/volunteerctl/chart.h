/* A document's series as drawings: a page of bars, or lines that share a title. Readable in black
 * and white: what misses its target is hatched, lines differ by their dashes, values stand beside.
 * Threads: any. Memory: borrows the document. */
#pragma once

#include "document_text.h"

#define CHART_WIDTH 700

struct chart {
    const struct document_series *series;
    size_t n_series;        /* bars: 1 */
    size_t first, n_points; /* bars: this part of the points */
    size_t n_left_out;      /* bars: points that no chart shows */
};

/* Steps through the charts of a document; begin with a zeroed one. */
bool chart_next(const struct document *document, struct chart *chart);
int chart_height(const struct chart *chart);
/* SVG elements from (0, 0) on. `index` tells the charts of one page apart. */
void chart_put(const struct chart *chart, bool chinese, size_t index, struct buf *out);

/* The two kinds; chart_put chooses. */
int chart_bars_height(const struct chart *chart);
void chart_bars_put(const struct chart *chart, bool chinese, size_t index, struct buf *out);
int chart_lines_height(const struct chart *chart);
void chart_lines_put(const struct chart *chart, bool chinese, struct buf *out);

/* ---- what both draw with ---- */

#define CHART_FONT 13
#define CHART_TITLE_SPACE 30

enum chart_anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };
struct chart_label {
    double x, y;
    enum chart_anchor anchor;
    const char *colour; /* NULL: black */
    bool strong;
};
void chart_text(struct buf *out, struct chart_label label, const char *text);
void chart_line(struct buf *out, double x1, double y1, double x2, double y2, const char *stroke);
/* Pixels that a text takes, rather too many than too few. */
double chart_text_width(const char *text);
/* The text, cut with … where it takes more. */
void chart_text_cut(const char *text, double width, struct buf *out);
void chart_title(const struct chart *chart, struct buf *out);
