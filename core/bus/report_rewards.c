/* report.rewards: what was redeemed where, by reward, merchant or month: counted as it is held and
 * settled, so that a report reads a row for each reward of each merchant. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/dictionaries.h"
#include "domain/organisations.h"
#include "domain/rewards.h"

enum { BY_REWARD, BY_MERCHANT, BY_MONTH, BY_COUNT };
static const char *const by_words[BY_COUNT] = {"reward", "merchant", "month"};

struct line {
    uint32_t merchant;
    uint32_t reward;
    int32_t month;
    struct shop_row row;
};

struct rewards {
    struct report *report;
    int by;
    size_t n_lines;
    size_t capacity;
    struct line *lines;
    struct shop_row total;
};

static void sum_up(struct shop_row *sum, const struct shop_row *row) {
    sum->n_held += row->n_held;
    sum->n_settled += row->n_settled;
    sum->held_fen += row->held_fen;
    sum->settled_fen += row->settled_fen;
    sum->settled_points += row->settled_points;
}

static struct line *line_of(struct rewards *rewards, const struct line *wanted) {
    for (size_t i = 0; i < rewards->n_lines; i++) {
        struct line *line = &rewards->lines[i];
        if (line->merchant == wanted->merchant && line->reward == wanted->reward &&
            line->month == wanted->month)
            return line;
    }
    if (rewards->n_lines == rewards->capacity) {
        size_t capacity = rewards->capacity ? 2 * rewards->capacity : 16;
        struct line *lines = arena_alloc(rewards->report->query->arena, capacity * sizeof *lines);
        for (size_t i = 0; i < rewards->n_lines; i++)
            lines[i] = rewards->lines[i];
        rewards->lines = lines;
        rewards->capacity = capacity;
    }
    rewards->lines[rewards->n_lines] = *wanted;
    return &rewards->lines[rewards->n_lines++];
}

/* Where the merchant lies; who has none gives out for the whole city. */
static int lies_inside(struct rewards *rewards, uint32_t merchant, bool *ret_inside) {
    struct query *query = rewards->report->query;
    struct organisation_row row;
    *ret_inside = rewards->report->own_level == REGION_LEVEL_CITY;
    if (*ret_inside || !merchant)
        return 0;
    int r = query_found(organisation_get(query->view, merchant, &row));
    if (r == 0)
        *ret_inside = region_lies_in(query, row.region, rewards->report->region);
    return r;
}

static int take_shop(void *context, const struct shop *shop) {
    struct rewards *rewards = context;
    bool by_month = rewards->by == BY_MONTH, inside;
    if (by_month != (shop->month != 0))
        return 0;
    int r = lies_inside(rewards, shop->merchant, &inside);
    if (r != 0 || !inside)
        return r;
    struct line wanted = {.merchant = by_month ? 0 : shop->merchant,
                          .reward = rewards->by == BY_REWARD ? shop->reward : 0,
                          .month = shop->month};
    sum_up(&line_of(rewards, &wanted)->row, &shop->row);
    sum_up(&rewards->total, &shop->row);
    return 0;
}

/* Months stand in their order, whatever merchant had the first. */
static int earlier(const void *a, const void *b) {
    const struct line *left = a, *right = b;
    return (left->month > right->month) - (left->month < right->month);
}

/* ---- as a document ---- */

static int merchant_name(struct rewards *rewards, uint32_t merchant, json_t **ret_name) {
    struct query *query = rewards->report->query;
    struct thing thing;
    if (!merchant) {
        *ret_name = json_string("（无商家）");
        return 0;
    }
    int r = query_found(thing_get(query->view, NOUN_ORGANISATION, merchant, query->arena, &thing));
    if (r == 0)
        *ret_name = json_from_str(thing_label(NOUN_ORGANISATION, &thing));
    return r;
}

static void put_numbers(json_t *cells, const struct shop_row *row, bool held) {
    json_array_append_new(cells, json_integer(row->n_settled));
    json_array_append_new(cells, json_integer(row->settled_fen));
    if (held) {
        json_array_append_new(cells, json_integer(row->n_held));
        json_array_append_new(cells, json_integer(row->held_fen));
    }
}

/* Its title, what it costs, and how many there still are. */
static int reward_cells(struct rewards *rewards, const struct line *line, json_t *cells) {
    struct query *query = rewards->report->query;
    struct reward_offered offer;
    enum reward_state state;
    struct reward_row row;
    int r = query_found(reward_get(query->view, line->reward, query->arena, &offer, &state));
    if (r == 0)
        r = query_found(reward_row_get(query->view, line->reward, &row));
    if (r != 0)
        return r;
    json_array_append_new(cells, json_from_str(offer.reward));
    json_array_append_new(cells, json_from_str(offer.title));
    put_numbers(cells, &line->row, true);
    json_array_append_new(cells,
                          row.left == STOCK_UNLIMITED ? json_null() : json_integer(row.left));
    json_array_append_new(cells, json_string(state == REWARD_OFFERED ? "offered" : "withdrawn"));
    return 0;
}

static int line_cells(struct rewards *rewards, const struct line *line, json_t *cells) {
    char text[16];
    json_t *name;
    if (rewards->by == BY_MONTH) {
        json_array_append_new(cells, json_stringn(text, month_format(line->month, text)));
        put_numbers(cells, &line->row, false);
        return 0;
    }
    int r = merchant_name(rewards, line->merchant, &name);
    if (r != 0)
        return r;
    json_array_append_new(cells, name);
    if (rewards->by == BY_REWARD)
        return reward_cells(rewards, line, cells);
    put_numbers(cells, &line->row, true);
    return 0;
}

static void columns(const struct rewards *rewards, json_t *section) {
    bool by_month = rewards->by == BY_MONTH, by_reward = rewards->by == BY_REWARD;
    section_column(section, by_month ? "month" : "merchant", by_month ? "月份" : "商家", "text");
    if (by_reward) {
        section_column(section, "reward", "回馈编号", "text");
        section_column(section, "title", "名称", "text");
    }
    section_column(section, "settled", "已核销", "number");
    section_column(section, "settled_cost", "已核销（元）", "hundredths");
    if (!by_month) {
        section_column(section, "held", "待核销", "number");
        section_column(section, "held_cost", "待核销（元）", "hundredths");
    }
    if (by_reward) {
        section_column(section, "left", "剩余数量", "number");
        section_column(section, "state", "状态", "state");
    }
}

static json_t *total_cells(const struct rewards *rewards) {
    json_t *cells = json_pack("[s]", "合计");
    if (rewards->by == BY_REWARD) {
        json_array_append_new(cells, json_null());
        json_array_append_new(cells, json_null());
    }
    put_numbers(cells, &rewards->total, rewards->by != BY_MONTH);
    return cells;
}

static int fill(struct rewards *rewards, json_t *document) {
    json_t *section = document_section(document, "");
    json_t *series = document_series(document, "已核销", "bar", "件");
    int r = 0;
    columns(rewards, section);
    for (size_t i = 0; r == 0 && i < rewards->n_lines; i++) {
        json_t *cells = json_array();
        r = line_cells(rewards, &rewards->lines[i], cells);
        section_row(section, cells);
        size_t label = rewards->by == BY_REWARD ? 2 : 0;
        if (r == 0)
            series_point(series, json_incref(json_array_get(cells, label)),
                         json_integer(rewards->lines[i].row.n_settled));
    }
    section_total(section, total_cells(rewards));
    return r;
}

int query_report_rewards(struct query *query, json_t **ret_result) {
    struct report report;
    struct rewards rewards = {.report = &report};
    int r = report_open_by(query, by_words, BY_COUNT, &rewards.by, &report);
    if (r == 0) {
        rewards.by = rewards.by < 0 ? BY_REWARD : rewards.by;
        r = shop_each(query->view, take_shop, &rewards);
    }
    if (r == 0) {
        if (rewards.by == BY_MONTH && rewards.n_lines)
            qsort(rewards.lines, rewards.n_lines, sizeof *rewards.lines, earlier);
        json_t *document = document_new(&report, "回馈兑换");
        r = fill(&rewards, document);
        if (r == 0)
            *ret_result = json_pack("{s:o}", "document", document);
        else
            json_decref(document);
    }
    report_close(&report);
    return r;
}
