/* A document as one page of HTML: set like a city's printed bulletin, with its charts drawn inside.
 * It loads nothing and runs nothing. */
#include "chart.h"
#include "document_format.h"
#include "markup.h"
#include "value.h"

#define MANY_COLUMNS 9       /* from here on in smaller type */
#define VERY_MANY_COLUMNS 14 /* and from here on across the page */

/* Up to so many columns of a character a text is not broken. */
#define CODE_COLUMNS 20
#define NAME_COLUMNS 16
#define HEADING_COLUMNS 6
#define ROWS_TOGETHER 16 /* a table of so many rows is not parted by the end of a page */

struct page {
    const struct document *document;
    struct buf *out;
    struct cell_style style;
    size_t n_charts;
};

/* Official red for the head, black for the rest; grey where paper has no colours. */
static const char *const style_sheet[] = {
    "@page{size:A4;margin:18mm 17mm 17mm;@bottom-center{content:counter(page) ' / ' counter(pages);"
    "font:9pt " PAPER_FONTS ";color:#444}}\n"
    "@page wide{size:A4 landscape}\n"
    "*{box-sizing:border-box}\n"
    "html{font:10.5pt/1.55 " PAPER_FONTS
    ";color:#111;background:#fff;-webkit-print-color-adjust:exact;"
    "print-color-adjust:exact}\n"
    "body{max-width:176mm;margin:10mm auto;padding:0 4mm}\n"
    "body.wide{page:wide;max-width:263mm}\n"
    "h1{margin:0;text-align:center;color:#b3151a;font:700 26pt/1.35 'Noto Serif CJK SC',"
    "'Source Han Serif SC',SimSun,'Songti SC',serif;letter-spacing:.06em;overflow-wrap:anywhere;"
    "text-wrap:balance}\n"
    ".long h1{font-size:20pt}\n"
    ".issue{margin:2mm 0 0;text-align:center;font-size:13pt}\n"
    ".draft{display:inline-block;border:.4mm solid #111;padding:0 2mm;font-weight:700}\n"
    ".line{display:flex;justify-content:space-between;gap:6mm;margin:4mm 0 0;padding:0 0 1.5mm;"
    "border-bottom:.7mm solid #b3151a}\n"
    ".subtitle{margin:5mm 0 0;text-align:center;font-size:14pt;font-weight:700}\n",
    "p.text{margin:1.5mm 0;text-align:justify;white-space:pre-line;overflow-wrap:anywhere}\n"
    ":lang(zh) p.text{text-indent:2em}\n"
    "main>p.text:first-child{margin-top:5mm}\n"
    "h2{margin:5mm 0 1.5mm;font-size:12pt;break-after:avoid}\n"
    "section:first-child "
    "h2{margin-top:6mm}\ntable{width:100%;border-collapse:collapse;border-top:.5mm solid "
    "#111;border-bottom:.5mm solid "
    "#111;font-size:10pt;line-height:1.4}\n"
    "table.many{font-size:8.5pt}table.very{font-size:7.5pt}\n"
    "th,td{padding:.7mm 1.4mm;border:.15mm solid "
    "#888;unicode-bidi:isolate;overflow-wrap:anywhere}\n"
    "th:first-child,td:first-child{border-left:0}th:last-child,td:last-child{border-right:0}\n"
    "thead{display:table-header-group}\n"
    "th{background:#eee;font-weight:700;text-align:center;vertical-align:middle;text-wrap:balance}"
    "\n"
    "td.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}\n"
    "td.rank,td.state,td.date{text-align:center;white-space:nowrap}\n"
    ".whole{white-space:nowrap}.very .whole{white-space:normal}\n"
    "tr,figure,section.short,.last{break-inside:avoid}\n"
    "tr.total,p.note{break-before:avoid}\n"
    "tr.total td{font-weight:700;border-top:.4mm solid #111;background:#f6f6f6}\n"
    ".met{color:#1d5c3a}.not_met{color:#a3271f;font-weight:700}.no_data{color:#666}\n"
    "td small{display:block;font-size:82%;line-height:1.15;font-weight:400;color:#444}\n"
    "p.compared{margin:1.5mm 0 0;text-align:right;font-size:9pt;color:#333}\n"
    "p.note{margin:1.5mm 0 0;font-size:9pt;color:#333}\n"
    "figure{margin:6mm auto 0;max-width:176mm}figure svg{display:block;width:100%;height:auto}\n"
    "footer{margin-top:8mm;padding-top:2mm;border-top:.3mm solid #111;font-size:9pt;color:#333;"
    "display:flex;flex-wrap:wrap;gap:0 6mm;overflow-wrap:anywhere}\n"
    "@media print{body{max-width:none;margin:0;padding:0}}\n"
    "@media(max-width:600px){table{display:block;overflow-x:auto}}\n",
};

static void put(struct page *page, const char *markup) {
    buf_put_str(page->out, str_from(markup));
}

static void element_put(struct page *page, const char *begin, const char *text, const char *end) {
    if (!*text)
        return;
    put(page, begin);
    markup_put(page->out, text);
    put(page, end);
}

/* ---- the head ---- */

static bool is_wide(const struct document *document) {
    for (size_t i = 0; i < document->n_sections; i++)
        if (document->sections[i].n_columns >= VERY_MANY_COLUMNS)
            return true;
    return false;
}

static void beginning_put(struct page *page) {
    const struct document *document = page->document;
    bool is_long = text_width(document->title) > 34;
    buf_printf(page->out,
               "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
               "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>",
               page->style.chinese ? "zh-CN" : "en");
    markup_put(page->out, document->title);
    put(page, "</title>\n<style>\n");
    for (size_t i = 0; i < sizeof style_sheet / sizeof *style_sheet; i++)
        put(page, style_sheet[i]);
    buf_printf(page->out, "</style>\n</head>\n<body class=\"%s%s\">\n",
               is_wide(document) ? "wide " : "", is_long ? "long" : "");
}

static void head_put(struct page *page) {
    const struct document *document = page->document;
    BUF_AUTO issue = {0}, date = {0}, compared = {0};
    issue_text(page->style.chinese, document, &issue);
    date_text(page->style.chinese, document->as_of, &date);
    put(page, "<header>\n");
    element_put(page, "<h1>", document->title, "</h1>\n");
    element_put(page, "<p class=\"issue\">", buf_text(&issue), "</p>\n");
    if (document->is_draft)
        element_put(page, "<p class=\"issue\"><span class=\"draft\">",
                    document_word(page->style.chinese, WORD_DRAFT), "</span></p>\n");
    put(page, "<p class=\"line\"><span>");
    markup_put(page->out, *document->region_name ? document->region_name : document->region);
    put(page, "</span><span>");
    markup_put(page->out, buf_text(&date));
    put(page, "</span></p>\n");
    compared_text(page->style.chinese, document, &compared);
    element_put(page, "<p class=\"subtitle\">", document->subtitle, "</p>\n");
    element_put(page, "<p class=\"compared\">", buf_text(&compared), "</p>\n");
    put(page, "</header>\n<main>\n");
}

/* ---- tables ---- */

static const char *const cell_classes[] = {
    [DOCUMENT_TEXT] = "text",         [DOCUMENT_NUMBER] = "number", [DOCUMENT_PERCENT] = "number",
    [DOCUMENT_HOURS] = "number",      [DOCUMENT_DATE] = "date",     [DOCUMENT_STATE] = "state",
    [DOCUMENT_HUNDREDTHS] = "number", [DOCUMENT_RANK] = "rank",
};

static const char *const verdict_classes[] = {
    [VERDICT_NONE] = "",
    [VERDICT_MET] = " met",
    [VERDICT_NOT_MET] = " not_met",
    [VERDICT_NO_DATA] = " no_data",
};

/* Codes and short names: broken into lines nobody reads them. */
static bool stays_whole(const char *text) {
    bool is_code = true;
    for (const char *at = text; *at; at++)
        is_code = is_code && *at > ' ' && *at < 0x7f;
    return text_width(text) <= (is_code ? CODE_COLUMNS : NAME_COLUMNS);
}

static void cell_put(struct page *page, enum document_kind kind, const struct document_cell *cell) {
    BUF_AUTO text = {0};
    cell_text(page->style, kind, cell, &text);
    enum verdict verdict = document_cell_verdict(kind, cell);
    /* A word in a column of numbers is no number. */
    bool is_word =
        cell->kind == CELL_TEXT && document_kind_is_number(kind) && !text_is_number(cell->text);
    bool is_text = is_word || kind == DOCUMENT_TEXT;
    buf_printf(page->out, "<td class=\"%s%s%s\">", is_text ? "text" : cell_classes[kind],
               verdict_classes[verdict], is_text && stays_whole(buf_text(&text)) ? " whole" : "");
    markup_put(page->out, text.size ? buf_text(&text) : "—");
}

/* Below the figure. */
static void change_put(struct page *page, enum document_kind kind, const struct document_row *row,
                       size_t column) {
    int64_t change;
    if (!document_change(row, column, &change) || change == 0)
        return;
    BUF_AUTO text = {0};
    change_text(page->style, kind, change, &text);
    element_put(page, "<small>(", buf_text(&text), ")</small>");
}

static void row_put(struct page *page, const struct document_section *section,
                    const struct document_row *row, const char *begin) {
    put(page, begin);
    for (size_t i = 0; i < section->n_columns; i++) {
        cell_put(page, section->columns[i].kind, document_cell_at(row, i));
        change_put(page, section->columns[i].kind, row, i);
        put(page, "</td>");
    }
    put(page, "</tr>\n");
}

static void table_put(struct page *page, const struct document_section *section) {
    put(page, section->n_columns >= VERY_MANY_COLUMNS ? "<table class=\"very\">\n<thead>\n<tr>"
              : section->n_columns >= MANY_COLUMNS    ? "<table class=\"many\">\n<thead>\n<tr>"
                                                      : "<table>\n<thead>\n<tr>");
    for (size_t i = 0; i < section->n_columns; i++) {
        put(page, text_width(section->columns[i].title) <= HEADING_COLUMNS
                      ? "<th scope=\"col\" class=\"whole\">"
                      : "<th scope=\"col\">");
        markup_put(page->out, section->columns[i].title);
        put(page, "</th>");
    }
    put(page, "</tr>\n</thead>\n<tbody>\n");
    for (size_t i = 0; i < section->n_rows; i++)
        row_put(page, section, &section->rows[i], "<tr>");
    if (section->n_rows == 0) {
        buf_printf(page->out, "<tr><td colspan=\"%zu\" class=\"state no_data\">",
                   section->n_columns);
        markup_put(page->out, document_word(page->style.chinese, WORD_EMPTY));
        put(page, "</td></tr>\n");
    }
    /* In the body: a foot would be printed again on every page. */
    if (section->total.n_cells > 0)
        row_put(page, section, &section->total, "<tr class=\"total\">");
    put(page, "</tbody>\n</table>\n");
}

/* ---- charts, each below the table that it draws ---- */

static bool has_section(const struct document *document, const char *title) {
    for (size_t i = 0; i < document->n_sections; i++)
        if (strcmp(document->sections[i].title, title) == 0)
            return true;
    return false;
}

static void chart_figure_put(struct page *page, const struct chart *chart) {
    buf_printf(page->out,
               "<figure>\n<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
               "font-size=\"%d\" role=\"img\" aria-label=\"",
               CHART_WIDTH, chart_height(chart), CHART_FONT);
    markup_put(page->out, chart->series->title);
    put(page, "\">\n");
    chart_put(chart, page->style.chinese, page->n_charts++, page->out);
    put(page, "</svg>\n</figure>\n");
}

/* Those with a section's title, or (NULL) those that have no section. */
static void charts_put(struct page *page, const char *title) {
    struct chart chart = {0};
    while (chart_next(page->document, &chart)) {
        const char *own = chart.series->title;
        if (title ? strcmp(own, title) == 0 : !has_section(page->document, own))
            chart_figure_put(page, &chart);
    }
}

static bool is_first_of_title(const struct document *document, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (strcmp(document->sections[i].title, document->sections[index].title) == 0)
            return false;
    return true;
}

static void section_put(struct page *page, size_t index) {
    const struct document_section *section = &page->document->sections[index];
    put(page, section->n_rows <= ROWS_TOGETHER ? "<section class=\"short\">\n" : "<section>\n");
    element_put(page, "<h2>", section->title, "</h2>\n");
    if (section->n_columns > 0)
        table_put(page, section);
    element_put(page, "<p class=\"note\">", section->note, "</p>\n");
    put(page, "</section>\n");
    if (is_first_of_title(page->document, index))
        charts_put(page, section->title);
}

/* ---- the foot ---- */

/* The last section keeps the foot with it, so that no page has the foot alone. */
static bool has_short_end(const struct document *document) {
    return document->n_sections > 0 &&
           document->sections[document->n_sections - 1].n_rows <= ROWS_TOGETHER;
}

static void foot_part_put(struct page *page, enum document_word word, const char *text) {
    if (!*text)
        return;
    put(page, "<span>");
    markup_put(page->out, document_word(page->style.chinese, word));
    put(page, page->style.chinese ? "：" : " ");
    markup_put(page->out, text);
    put(page, "</span>\n");
}

static void foot_put(struct page *page) {
    const struct document *document = page->document;
    BUF_AUTO date = {0};
    date_text(page->style.chinese, document->as_of, &date);
    if (*document->period || *document->as_of || *document->revision) {
        put(page, "<footer>\n");
        foot_part_put(page, WORD_PERIOD, document->period);
        foot_part_put(page, WORD_AS_OF, buf_text(&date));
        foot_part_put(page, WORD_REVISION, document->revision);
        put(page, "</footer>\n");
    }
    if (has_short_end(document))
        put(page, "</div>\n");
    put(page, "</main>\n</body>\n</html>\n");
}

void document_html(const struct document *document, struct buf *out) {
    struct page page = {document, out, {document_paper_is_chinese(document), true}, 0};
    beginning_put(&page);
    head_put(&page);
    for (size_t i = 0; i < document->n_paragraphs; i++)
        element_put(&page, "<p class=\"text\">", document->paragraphs[i], "</p>\n");
    for (size_t i = 0; i < document->n_sections; i++) {
        if (i + 1 == document->n_sections && has_short_end(document))
            put(&page, "<div class=\"last\">\n");
        section_put(&page, i);
    }
    charts_put(&page, NULL);
    foot_put(&page);
}
