#include "paper.h"

#include <cairo-pdf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FONTS "Noto Sans CJK SC"
#define SERIF "Noto Serif CJK SC"

static const struct {
    const char *font;
    double red, green, blue;
    int letter_spacing; /* thousandths of a point */
    double line_spacing;
} styles[] = {
    [STYLE_TITLE] = {SERIF " Bold 32", 0.55, 0.09, 0.09, 5000, 1.0},
    [STYLE_MOTTO] = {SERIF " 13", 0.55, 0.09, 0.09, 4500, 1.0},
    [STYLE_HEADING] = {FONTS " Bold 12.5", 0.55, 0.09, 0.09, 500, 1.0},
    [STYLE_BODY] = {SERIF " 13", 0.1, 0.1, 0.1, 0, 1.18},
    [STYLE_STRONG] = {FONTS " 12", 0.08, 0.08, 0.08, 0, 1.0},
    [STYLE_LABEL] = {FONTS " Light 10", 0.36, 0.36, 0.36, 0, 1.0},
    [STYLE_HEAD_CELL] = {FONTS " Medium 10", 0.25, 0.25, 0.25, 0, 1.0},
    [STYLE_CELL] = {FONTS " 10", 0.1, 0.1, 0.1, 0, 1.0},
    [STYLE_SMALL] = {FONTS " Light 8.5", 0.4, 0.4, 0.4, 0, 1.0},
    [STYLE_FINE] = {"Noto Sans Mono CJK SC 7", 0.4, 0.4, 0.4, 0, 1.0},
};

static PangoLayout *layout_new(struct paper *paper, enum paper_style style, PangoAlignment align,
                               double width, int lines, const char *text) {
    PangoLayout *layout = pango_cairo_create_layout(paper->cairo);
    pango_cairo_context_set_resolution(pango_layout_get_context(layout), 72); /* in points */
    PangoFontDescription *font = pango_font_description_from_string(styles[style].font);
    PangoAttrList *attributes = pango_attr_list_new();
    if (styles[style].letter_spacing)
        pango_attr_list_insert(attributes, pango_attr_letter_spacing_new(
                                               styles[style].letter_spacing * PANGO_SCALE / 1000));
    pango_attr_list_insert(attributes,
                           pango_attr_language_new(pango_language_from_string("zh-cn")));
    pango_layout_set_attributes(layout, attributes);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, align);
    pango_layout_set_line_spacing(layout, (float)styles[style].line_spacing);
    pango_layout_set_height(layout, -lines);
    pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    pango_layout_set_text(layout, text, -1);
    pango_attr_list_unref(attributes);
    pango_font_description_free(font);
    return layout;
}

double paper_text(struct paper *paper, enum paper_style style, PangoAlignment align, double x,
                  double y, double width, int lines, bool drawn, const char *text) {
    PangoLayout *layout = layout_new(paper, style, align, width, lines, text);
    int height;
    pango_layout_get_size(layout, NULL, &height);
    if (drawn) {
        cairo_set_source_rgb(paper->cairo, styles[style].red, styles[style].green,
                             styles[style].blue);
        cairo_move_to(paper->cairo, x, y);
        pango_cairo_show_layout(paper->cairo, layout);
    }
    g_object_unref(layout);
    return (double)height / PANGO_SCALE;
}

void paper_line(struct paper *paper, double x, double y, double to_x, double to_y, double width,
                double grey) {
    cairo_set_source_rgb(paper->cairo, grey, grey, grey);
    cairo_set_line_width(paper->cairo, width);
    cairo_move_to(paper->cairo, x, y);
    cairo_line_to(paper->cairo, to_x, to_y);
    cairo_stroke(paper->cairo);
}

void paper_accent(struct paper *paper) {
    cairo_set_source_rgb(paper->cairo, styles[STYLE_TITLE].red, styles[STYLE_TITLE].green,
                         styles[STYLE_TITLE].blue);
}

/* ---- pages ---- */

struct making {
    struct paper paper;
    const struct paper_source *source;
    char *bytes;
    size_t size, capacity;
};

static cairo_status_t take_bytes(void *context, const unsigned char *data, unsigned int length) {
    struct making *making = context;
    if (making->capacity - making->size < length) {
        making->capacity = 2 * making->capacity + length;
        making->bytes = realloc(making->bytes, making->capacity);
        if (!making->bytes)
            abort();
    }
    memcpy(making->bytes + making->size, data, length);
    making->size += length;
    return CAIRO_STATUS_SUCCESS;
}

static void page_begin(struct paper *paper) {
    struct making *making = (struct making *)paper; /* its first member */
    paper->page++;
    paper->y = PAPER_MARGIN;
    making->source->furniture(paper, making->source->context);
}

void paper_next_page(struct paper *paper) {
    cairo_show_page(paper->cairo);
    page_begin(paper);
}

static void describe(cairo_surface_t *surface, const struct paper_source *source) {
    char moment[40];
    snprintf(moment, sizeof moment, "%.10sT00:00:00Z", source->day);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, source->title);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, source->author);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "volunteerctl");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, moment);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_MOD_DATE, moment);
}

static bool draw_once(struct making *making) {
    struct paper *paper = &making->paper;
    making->size = 0;
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(take_bytes, making, PAPER_WIDTH, PAPER_HEIGHT);
    describe(surface, making->source);
    paper->cairo = cairo_create(surface);
    paper->page = 0;
    page_begin(paper);
    making->source->draw(paper, making->source->context);
    cairo_show_page(paper->cairo);
    cairo_destroy(paper->cairo);
    cairo_surface_finish(surface);
    bool made = cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(surface);
    paper->n_pages = paper->page;
    return made;
}

bool paper_make(const struct paper_source *source, char **ret_bytes, size_t *ret_size) {
    struct making making = {.source = source};
    bool made = draw_once(&making) && draw_once(&making);
    if (!made) {
        free(making.bytes);
        return false;
    }
    *ret_bytes = making.bytes;
    *ret_size = making.size;
    return true;
}
