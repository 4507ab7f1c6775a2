#include "certificate_paper.h"

#include <stdlib.h>

#include "certificate.h"
#include "paper.h"
#include "square_code.h"
#include "value.h"

#define TITLE "志愿服务记录证明"
#define MOTTO "奉献　友爱　互助　进步"
#define BOTTOM (PAPER_HEIGHT - 66.0) /* of what stands on a page; below it is its foot */
#define CLOSING 206.0                /* how high issuer, seal and square code are together */

struct certificate_drawing {
    const json_t *paper;
    const struct certificate_hand *hand;
};

/* ---- values ---- */

/* 2018-05-02 -> 2018年5月2日 */
static const char *day_text(const char *iso, char ret_text[static TEXT_SIZE]) {
    int year = 0, month = 0, day = 0;
    if (sscanf(iso, "%4d-%2d-%2d", &year, &month, &day) == 3)
        snprintf(ret_text, TEXT_SIZE, "%d年%d月%d日", year, month, day);
    else
        snprintf(ret_text, TEXT_SIZE, "%s", iso);
    return ret_text;
}

/* To the minute: what is certified is neither rounded nor cut. */
static const char *time_text(int64_t minutes, char ret_text[static TEXT_SIZE]) {
    if (minutes % 60 == 0)
        snprintf(ret_text, TEXT_SIZE, "%lld 小时", (long long)(minutes / 60));
    else if (minutes < 60)
        snprintf(ret_text, TEXT_SIZE, "%lld 分钟", (long long)minutes);
    else
        snprintf(ret_text, TEXT_SIZE, "%lld 小时 %lld 分", (long long)(minutes / 60),
                 (long long)(minutes % 60));
    return ret_text;
}

static const char *name_of(const json_t *paper) {
    return has_at(paper, "name") ? text_at(paper, "name") : text_at(paper, "volunteer");
}

static const char *issuer_of(const json_t *paper) {
    return text_at(json_object_get(paper, "issuer"), "name");
}

static const json_t *item_at(const json_t *paper, size_t i) {
    return json_array_get(json_object_get(paper, "items"), i);
}

static size_t n_items(const json_t *paper) {
    return json_array_size(json_object_get(paper, "items"));
}

/* ---- every page ---- */

static void draw_furniture(struct paper *paper, void *context) {
    const struct certificate_drawing *drawing = context;
    BUF_AUTO line = {0};
    double y = PAPER_HEIGHT - 54;
    paper_accent(paper);
    cairo_set_line_width(paper->cairo, 1.6);
    cairo_rectangle(paper->cairo, 30, 30, PAPER_WIDTH - 60, PAPER_HEIGHT - 60);
    cairo_stroke(paper->cairo);
    paper_accent(paper);
    cairo_set_line_width(paper->cairo, 0.5);
    cairo_rectangle(paper->cairo, 34, 34, PAPER_WIDTH - 68, PAPER_HEIGHT - 68);
    cairo_stroke(paper->cairo);
    buf_printf(&line, "证明编号：%s", text_at(drawing->paper, "number"));
    paper_text(paper, STYLE_SMALL, PANGO_ALIGN_LEFT, PAPER_LEFT, y, 320, 1, true, buf_text(&line));
    buf_reset(&line);
    buf_printf(&line, "第 %d 页　共 %d 页", paper->page, paper->n_pages);
    paper_text(paper, STYLE_SMALL, PANGO_ALIGN_RIGHT, PAPER_LEFT, y, PAPER_ACROSS, 1, true,
               buf_text(&line));
}

/* ---- the first page ---- */

static void draw_title(struct paper *paper) {
    paper->y += paper_text(paper, STYLE_MOTTO, PANGO_ALIGN_CENTER, PAPER_LEFT, paper->y,
                           PAPER_ACROSS, 1, true, MOTTO);
    paper->y += 8;
    paper->y += paper_text(paper, STYLE_TITLE, PANGO_ALIGN_CENTER, PAPER_LEFT, paper->y,
                           PAPER_ACROSS, 1, true, TITLE);
    paper->y += 10;
    paper_accent(paper);
    cairo_set_line_width(paper->cairo, 0.8);
    cairo_move_to(paper->cairo, PAPER_WIDTH / 2 - 44, paper->y);
    cairo_line_to(paper->cairo, PAPER_WIDTH / 2 + 44, paper->y);
    cairo_stroke(paper->cairo);
    paper->y += 16;
}

static void draw_statement(struct paper *paper, const json_t *data) {
    char from[TEXT_SIZE], to[TEXT_SIZE], time[TEXT_SIZE], carried[TEXT_SIZE];
    BUF_AUTO text = {0};
    buf_printf(&text, "　　兹证明 %s", name_of(data));
    if (strcmp(text_at(data, "from"), text_at(data, "to")) == 0)
        buf_printf(&text, " 于%s", day_text(text_at(data, "from"), from));
    else
        buf_printf(&text, " 于%s至%s期间", day_text(text_at(data, "from"), from),
                   day_text(text_at(data, "to"), to));
    buf_printf(&text, "，参加%s组织的志愿服务，实际服务时间共计 %s", issuer_of(data),
               time_text(integer_at(data, "minutes"), time));
    if (integer_at(data, "carried_minutes") > 0)
        buf_printf(&text, "；另有结转历史服务时间 %s",
                   time_text(integer_at(data, "carried_minutes"), carried));
    buf_printf(&text, "。具体记录如下：");
    paper->y += paper_text(paper, STYLE_BODY, PANGO_ALIGN_LEFT, PAPER_LEFT, paper->y, PAPER_ACROSS,
                           6, true, buf_text(&text)) +
                16;
}

static void draw_heading(struct paper *paper, const char *heading) {
    paper_accent(paper);
    cairo_rectangle(paper->cairo, PAPER_LEFT, paper->y + 3.5, 3, 11);
    cairo_fill(paper->cairo);
    paper->y += paper_text(paper, STYLE_HEADING, PANGO_ALIGN_LEFT, PAPER_LEFT + 9, paper->y,
                           PAPER_ACROSS - 9, 1, true, heading) +
                6;
}

/* Label above, value below; returns the height of both. */
static double draw_field(struct paper *paper, double x, double y, double width, const char *label,
                         const char *value) {
    double height = paper_text(paper, STYLE_LABEL, PANGO_ALIGN_LEFT, x, y, width, 1, true, label);
    if (*value)
        height += 1 + paper_text(paper, STYLE_STRONG, PANGO_ALIGN_LEFT, x, y + height + 1, width, 2,
                                 true, value);
    else
        paper_line(paper, x, y + 29, x + width - 14, y + 29, 0.5, 0.45); /* to be written */
    return height;
}

static void draw_identity(struct paper *paper, const json_t *data) {
    char document[TEXT_SIZE];
    double third = PAPER_ACROSS / 3, height = 0;
    snprintf(document, sizeof document, "%s号码",
             has_at(data, "document") ? text_at(data, "document") : "身份证件");
    const struct {
        const char *label, *value;
    } fields[] = {{"姓名", name_of(data)},
                  {document, text_at(data, "document_number")},
                  {"志愿者编号", text_at(data, "volunteer")}};
    draw_heading(paper, "身份信息");
    for (size_t i = 0; i < 3; i++) {
        double one = draw_field(paper, PAPER_LEFT + 9 + (double)i * third, paper->y, third - 9,
                                fields[i].label, fields[i].value);
        height = one > height ? one : height;
    }
    paper->y += (height > 30 ? height : 30) + 10;
}

/* ---- the records ---- */

enum { COLUMN_N, COLUMN_DAY, COLUMN_WHAT, COLUMN_PLACE, COLUMN_KIND, COLUMN_TIME, RECORD_COLUMNS };
static const struct {
    const char *heading;
    double x, width;
    PangoAlignment align;
} record_columns[RECORD_COLUMNS] = {
    [COLUMN_N] = {"序号", 0, 26, PANGO_ALIGN_CENTER},
    [COLUMN_DAY] = {"服务日期", 30, 64, PANGO_ALIGN_LEFT},
    [COLUMN_WHAT] = {"服务内容", 98, 142, PANGO_ALIGN_LEFT},
    [COLUMN_PLACE] = {"地点", 248, 102, PANGO_ALIGN_LEFT},
    [COLUMN_KIND] = {"类别", 356, 44, PANGO_ALIGN_LEFT},
    [COLUMN_TIME] = {"实际时长", 400, 67, PANGO_ALIGN_RIGHT},
};

static void draw_table_head(struct paper *paper) {
    cairo_set_source_rgb(paper->cairo, 0.955, 0.94, 0.925);
    cairo_rectangle(paper->cairo, PAPER_LEFT, paper->y, PAPER_ACROSS, 20);
    cairo_fill(paper->cairo);
    for (size_t i = 0; i < RECORD_COLUMNS; i++)
        paper_text(paper, STYLE_HEAD_CELL, record_columns[i].align,
                   PAPER_LEFT + record_columns[i].x, paper->y + 3, record_columns[i].width, 1, true,
                   record_columns[i].heading);
    paper->y += 20;
}

/* Every category ends so, and the column is narrow. */
static int kind_size(const char *kind) {
    const char *end = strstr(kind, "志愿服务");
    return (int)(end && end > kind && end[12] == '\0' ? (size_t)(end - kind) : strlen(kind));
}

static void item_texts(const json_t *item, size_t n, char ret_texts[static RECORD_COLUMNS][512]) {
    char minutes[TEXT_SIZE];
    const char *kind = text_at(item, "kind");
    snprintf(ret_texts[COLUMN_N], 512, "%zu", n);
    snprintf(ret_texts[COLUMN_DAY], 512, "%.20s%s%.20s", text_at(item, "on"),
             has_at(item, "to") ? "至\n" : "", text_at(item, "to"));
    snprintf(ret_texts[COLUMN_WHAT], 512, "%.500s", text_at(item, "what"));
    snprintf(ret_texts[COLUMN_PLACE], 512, "%.500s", text_at(item, "place"));
    snprintf(ret_texts[COLUMN_KIND], 512, "%.*s", kind_size(kind), kind);
    snprintf(ret_texts[COLUMN_TIME], 512, "%s", time_text(integer_at(item, "minutes"), minutes));
}

static double row_height(struct paper *paper, char texts[static RECORD_COLUMNS][512], bool drawn) {
    double highest = 0;
    for (size_t i = 0; i < RECORD_COLUMNS; i++) {
        double height =
            paper_text(paper, STYLE_CELL, record_columns[i].align, PAPER_LEFT + record_columns[i].x,
                       paper->y + 3, record_columns[i].width, 3, drawn, texts[i]);
        highest = height > highest ? height : highest;
    }
    return highest + 6;
}

static void draw_item(struct paper *paper, const json_t *item, size_t n) {
    char texts[RECORD_COLUMNS][512];
    item_texts(item, n, texts);
    double height = row_height(paper, texts, false);
    if (paper->y + height > BOTTOM) {
        paper_next_page(paper);
        draw_table_head(paper);
    }
    row_height(paper, texts, true);
    paper->y += height;
    paper_line(paper, PAPER_LEFT, paper->y, PAPER_RIGHT, paper->y, 0.4, 0.8);
}

static void draw_total(struct paper *paper, const json_t *data) {
    char time[TEXT_SIZE], carried[TEXT_SIZE];
    BUF_AUTO text = {0};
    buf_printf(&text, "合计 %zu 条　实际服务时间 %s", n_items(data),
               time_text(integer_at(data, "minutes"), time));
    if (integer_at(data, "carried_minutes") > 0)
        buf_printf(&text, "　结转历史时间 %s",
                   time_text(integer_at(data, "carried_minutes"), carried));
    paper->y += 5;
    paper->y += paper_text(paper, STYLE_STRONG, PANGO_ALIGN_RIGHT, PAPER_LEFT, paper->y,
                           PAPER_ACROSS, 2, true, buf_text(&text)) +
                12;
}

static void draw_service(struct paper *paper, const json_t *data) {
    draw_heading(paper, "服务信息");
    draw_table_head(paper);
    for (size_t i = 0; i < n_items(data); i++)
        draw_item(paper, item_at(data, i), i + 1);
    draw_total(paper, data);
}

/* ---- the end ---- */

static void draw_issuer(struct paper *paper, const struct certificate_drawing *drawing) {
    double quarter = PAPER_ACROSS / 4, y;
    draw_heading(paper, "出具单位");
    y = paper->y;
    draw_field(paper, PAPER_LEFT + 9, y, quarter * 1.4 - 12, "名称", issuer_of(drawing->paper));
    draw_field(paper, PAPER_LEFT + 9 + quarter * 1.4, y, quarter * 0.9, "负责人（签字）",
               drawing->hand->in_charge ? drawing->hand->in_charge : "");
    draw_field(paper, PAPER_LEFT + 9 + quarter * 2.3, y, quarter * 0.75, "经办人",
               text_at(drawing->paper, "handler"));
    draw_field(paper, PAPER_LEFT + 9 + quarter * 3.05, y, quarter * 0.95 - 4, "联系方式",
               drawing->hand->contact ? drawing->hand->contact : "");
    paper->y += 42;
}

static void draw_seal(struct paper *paper, const json_t *data, double top) {
    char day[TEXT_SIZE];
    const double dashes[] = {2, 2.5};
    double x = PAPER_RIGHT - 74, y = top + 58;
    cairo_save(paper->cairo);
    cairo_set_source_rgb(paper->cairo, 0.72, 0.6, 0.6);
    cairo_set_line_width(paper->cairo, 0.6);
    cairo_set_dash(paper->cairo, dashes, 2, 0);
    cairo_new_sub_path(paper->cairo);
    cairo_arc(paper->cairo, x, y, 46, 0, 6.2832);
    cairo_stroke(paper->cairo);
    cairo_restore(paper->cairo);
    paper_text(paper, STYLE_LABEL, PANGO_ALIGN_CENTER, x - 46, y - 8, 92, 1, true, "（公章）");
    paper_text(paper, STYLE_STRONG, PANGO_ALIGN_CENTER, x - 74, top + 110, 148, 1, true,
               day_text(text_at(data, "issued_on"), day));
}

static void draw_square(struct paper *paper, const json_t *data, double top) {
    BUF_AUTO code = {0};
    certificate_code_write(text_at(data, "number"), text_at(data, "digest"), &code);
    square_code_draw(paper->cairo, buf_text(&code), PAPER_LEFT, top, 104);
    paper_text(paper, STYLE_SMALL, PANGO_ALIGN_LEFT, PAPER_LEFT + 9, top + 104, 108, 1, true,
               "扫码取得编号与摘要值");
}

static void draw_rest(struct paper *paper, const json_t *data) {
    const char *note = text_at(data, "note");
    double x = PAPER_LEFT + 116, width = PAPER_ACROSS - 116 - 158, y;
    BUF_AUTO digest = {0};
    draw_heading(paper, "其他");
    y = paper->y;
    draw_square(paper, data, y);
    y += draw_field(paper, x, y, width, "证明编号", text_at(data, "number")) + 5;
    y += draw_field(paper, x, y, width, "备注", *note ? note : "无") + 5;
    buf_printf(&digest, "摘要值 %s", text_at(data, "digest"));
    paper_text(paper, STYLE_FINE, PANGO_ALIGN_LEFT, x, y, width, 4, true, buf_text(&digest));
    draw_seal(paper, data, paper->y - 6);
}

static void draw_certificate(struct paper *paper, void *context) {
    const struct certificate_drawing *drawing = context;
    draw_title(paper);
    draw_statement(paper, drawing->paper);
    draw_identity(paper, drawing->paper);
    draw_service(paper, drawing->paper);
    if (paper->y + CLOSING > BOTTOM)
        paper_next_page(paper);
    draw_issuer(paper, drawing);
    draw_rest(paper, drawing->paper);
}

bool certificate_paper_make(const json_t *paper, const struct certificate_hand *hand,
                            char **ret_bytes, size_t *ret_size) {
    struct certificate_drawing drawing = {paper, hand};
    const struct paper_source source = {.draw = draw_certificate,
                                        .furniture = draw_furniture,
                                        .context = &drawing,
                                        .title = TITLE,
                                        .author = issuer_of(paper),
                                        .day = text_at(paper, "issued_on")};
    return paper_make(&source, ret_bytes, ret_size);
}
