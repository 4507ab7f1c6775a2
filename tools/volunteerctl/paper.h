/* Papers for A4, drawn: styles of text, lines, pages. What stands on them is another file's. Texts
 * are set by pango in the Noto fonts of Debian, and stay texts in the PDF: they can be found and
 * copied. Threads: one. Memory: beyond the machine's aborts. */
#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stdint.h>

/* Points. */
#define PAPER_WIDTH 595.28
#define PAPER_HEIGHT 841.89
#define PAPER_MARGIN 62.0
#define PAPER_LEFT PAPER_MARGIN
#define PAPER_RIGHT (PAPER_WIDTH - PAPER_MARGIN)
#define PAPER_ACROSS (PAPER_RIGHT - PAPER_LEFT)

enum paper_style {
    STYLE_TITLE,
    STYLE_MOTTO,
    STYLE_HEADING,
    STYLE_BODY,
    STYLE_STRONG,
    STYLE_LABEL,
    STYLE_HEAD_CELL,
    STYLE_CELL,
    STYLE_SMALL,
    STYLE_FINE /* digits in a row: digests */
};

struct paper {
    cairo_t *cairo;
    double y;    /* where the next thing goes */
    int page;    /* from 1 */
    int n_pages; /* 0: not known yet, this is the run that counts them */
};

/* Draws the text at (x, y), in lines of `width`, at most `lines` of them (then ...), and returns
 * its height; with `drawn` false it only measures. */
double paper_text(struct paper *paper, enum paper_style style, PangoAlignment align, double x,
                  double y, double width, int lines, bool drawn, const char *text);
void paper_line(struct paper *paper, double x, double y, double to_x, double to_y, double width,
                double grey);
/* The accent of titles and rules. */
void paper_accent(struct paper *paper);

/* Draws it twice, to know how many pages there are, and gives the PDF's bytes (malloc). `draw`
 * begins on the first page and calls paper_next_page for others. The same drawing and day give the
 * same bytes. False where it cannot be made. */
struct paper_source {
    void (*draw)(struct paper *paper, void *context);
    void (*furniture)(struct paper *paper, void *context); /* of every page */
    void *context;
    const char *title;
    const char *author;
    const char *day; /* ISO date: when it was made, by what it says */
};
bool paper_make(const struct paper_source *source, char **ret_bytes, size_t *ret_size);
/* Ends the page; the next one begins below the upper margin. */
void paper_next_page(struct paper *paper);
