/* The charts of a document as one drawing, as wide as A4. */
#include "chart.h"
#include "document_drawn.h"
#include "document_format.h"
#include "markup.h"
#include "value.h"

#define PAGE_WIDTH 794 /* 210 mm in the pixels of CSS */
#define MARGIN ((PAGE_WIDTH - CHART_WIDTH) / 2)
#define HEAD 96
#define BETWEEN 28
#define FOOT 44
#define EMPTY_SPACE 40

static int page_height(const struct document *document) {
    struct chart chart = {0};
    int height = HEAD + FOOT;
    while (chart_next(document, &chart))
        height += chart_height(&chart) + BETWEEN;
    return height > HEAD + FOOT ? height : HEAD + EMPTY_SPACE + FOOT;
}

static void centred_put(struct buf *out, int y, int size, const char *more, const char *text) {
    buf_printf(out, "<text x=\"%d\" y=\"%d\" font-size=\"%d\" text-anchor=\"middle\"%s>",
               PAGE_WIDTH / 2, y, size, more);
    markup_put(out, text);
    buf_put_str(out, STR("</text>\n"));
}

static void part_put(struct buf *line, const char *text) {
    if (*text)
        buf_printf(line, "%s%s", line->size ? "  ·  " : "", text);
}

static void head_put(const struct document *document, bool chinese, struct buf *out) {
    BUF_AUTO title = {0}, line = {0}, issue = {0}, date = {0};
    chart_text_cut(document->title, CHART_WIDTH * CHART_FONT / 23.0, &title);
    centred_put(out, 46, 23, " font-weight=\"700\"", buf_text(&title));
    issue_text(chinese, document, &issue);
    part_put(&line, buf_text(&issue));
    part_put(&line, *document->region_name ? document->region_name : document->region);
    if (*document->as_of) {
        buf_printf(&date, "%s ", document_word(chinese, WORD_AS_OF));
        date_text(chinese, document->as_of, &date);
    }
    part_put(&line, buf_text(&date));
    centred_put(out, 72, 14, "", buf_text(&line));
}

static void foot_put(const struct document *document, bool chinese, int height, struct buf *out) {
    BUF_AUTO line = {0};
    if (*document->revision)
        buf_printf(&line, "%s %s", document_word(chinese, WORD_REVISION), document->revision);
    centred_put(out, height - 18, 11, " fill=\"#555\"", buf_text(&line));
}

static void page_put(const struct document *document, struct buf *out) {
    bool chinese = document_paper_is_chinese(document);
    int height = page_height(document), y = HEAD;
    struct chart chart = {0};
    size_t index = 0;
    buf_printf(out,
               "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"210mm\" height=\"%.1fmm\" "
               "viewBox=\"0 0 %d %d\" font-family=\"" PAPER_FONTS "\" font-size=\"%d\">\n<title>",
               height * 210.0 / PAGE_WIDTH, PAGE_WIDTH, height, CHART_FONT);
    markup_put(out, document->title);
    buf_printf(out, "</title>\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", PAGE_WIDTH,
               height);
    head_put(document, chinese, out);
    while (chart_next(document, &chart)) {
        buf_printf(out, "<g transform=\"translate(%d %d)\">\n", MARGIN, y);
        chart_put(&chart, chinese, index++, out);
        buf_put_str(out, STR("</g>\n"));
        y += chart_height(&chart) + BETWEEN;
    }
    if (index == 0)
        centred_put(out, HEAD + EMPTY_SPACE / 2, 14, "", document_word(chinese, WORD_EMPTY));
    foot_put(document, chinese, height, out);
    buf_put_str(out, STR("</svg>\n"));
}

void document_svg(const struct document *document, struct buf *out) {
    struct drawn drawn;
    drawn_init(&drawn, document);
    page_put(&drawn.document, out);
    drawn_deinit(&drawn);
}
