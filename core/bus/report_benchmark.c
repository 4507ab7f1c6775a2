/* report.benchmark: how the city stands beside its targets and beside other cities, by each
 * indicator that is a rate. */
#include "bus/methods.h"
#include "bus/rated.h"
#include "bus/report.h"
#include "domain/peers.h"

#define PEERS_LIMIT 1000

struct contestant {
    struct rated rated; /* first */
    struct str name;
    struct str origin;
    int32_t as_of;
    bool own;
};

struct benchmark {
    struct report *report;
    struct str only; /* one indicator; none: all */
    json_t *document;
};

/* A rate that a policy says the parts of. > 0 where it says none. */
static int read_own(const struct indicator *indicator, struct rated *ret_rated) {
    json_t *evidence = json_loadb(indicator->evidence.data ? indicator->evidence.data : "",
                                  indicator->evidence.size, 0, NULL);
    const json_t *part = json_object_get(evidence, "numerator");
    const json_t *whole = json_object_get(evidence, "denominator");
    bool is_rate = json_is_integer(part);
    if (is_rate) {
        ret_rated->part = (int64_t)json_integer_value(part);
        ret_rated->whole = json_is_integer(whole) ? (int64_t)json_integer_value(whole) : -1;
    }
    json_decref(evidence);
    return is_rate ? 0 : THING_NOT_FOUND;
}

static int add_peers(const struct benchmark *benchmark, struct str indicator,
                     struct contestant *list, size_t *n) {
    struct report *report = benchmark->report;
    struct query *query = report->query;
    uint32_t count;
    int r = thing_count(query->view, NOUN_PEER, &count);
    for (uint32_t number = 1; r >= 0 && number <= count && *n < PEERS_LIMIT; number++) {
        struct thing thing;
        struct peer peer;
        r = peer_get(query->view, number, indicator, report->day.as_of, report->day.at, &peer);
        if (r != 0)
            continue;
        r = query_found(thing_get(query->view, NOUN_PEER, number, query->arena, &thing));
        if (r != 0)
            continue;
        const struct peer_reported *named = thing.attributes;
        list[(*n)++] = (struct contestant){
            .rated = {.id = named->peer, .part = peer.value, .whole = peer.whole},
            .name = named->name,
            .origin = arena_copy(query->arena, peer.origin),
            .as_of = peer.as_of};
    }
    return r < 0 ? r : 0;
}

/* How many more people make the city's rate strictly higher than the other's. */
static json_t *lead_cell(const struct rated *own, const struct rated *other) {
    if (own->whole <= 0 || other->whole <= 0)
        return json_null();
    return json_integer((json_int_t)rate_lead(own->part, own->whole, other->part, other->whole));
}

static const char *against(const struct rated *own, const struct rated *other) {
    if (own->whole <= 0 || other->whole <= 0)
        return "no_data";
    int order = rate_compare(own->part, own->whole, other->part, other->whole);
    return order > 0 ? "领先" : order < 0 ? "落后" : "持平";
}

static void put_row(const struct contestant *contestant, const struct rated *own, json_t *section) {
    const struct rated *rated = &contestant->rated;
    section_row(section,
                json_pack("[o, o, o, o, o, o, o, o, o]",
                          rated->rank ? json_integer((json_int_t)rated->rank) : json_null(),
                          json_from_str(contestant->name), cell_number(rated->part),
                          cell_number(rated->whole), cell_percent(rated->part, rated->whole),
                          json_string(contestant->own ? "本市" : against(own, rated)),
                          contestant->own ? json_null() : lead_cell(own, rated),
                          json_from_date(contestant->as_of, INT32_MIN),
                          json_from_str(contestant->origin)));
}

static void columns(json_t *section) {
    section_column(section, "rank", "排名", "rank");
    section_column(section, "name", "市州", "text");
    section_column(section, "part", "分子", "number");
    section_column(section, "whole", "分母", "number");
    section_column(section, "rate", "比例", "percent");
    section_column(section, "standing", "本市比它", "state");
    section_column(section, "needed", "超过它还需人数", "number");
    section_column(section, "as_of", "截止日期", "date");
    section_column(section, "origin", "来源", "text");
}

static void put_verdict(const struct benchmark *benchmark, const struct indicator *indicator,
                        const struct contestant *list, size_t n, const struct rated *own) {
    struct arena *arena = benchmark->report->query->arena;
    size_t ahead = 0, others = 0;
    for (size_t i = 0; i < n; i++) {
        others += !list[i].own;
        ahead += !list[i].own && own->whole > 0 &&
                 rate_compare(list[i].rated.part, list[i].rated.whole, own->part, own->whole) > 0;
    }
    struct str target = indicator->has_target && indicator->target.kind == SCALAR_TEXT
                            ? indicator->target.text
                            : STR("未定");
    struct str title = indicator->title.size ? indicator->title : indicator->id;
    struct str rate = percent_text(arena, own->part, own->whole);
    struct str compared = others
                              ? arena_printf(arena, "%zu个兄弟市州中有%zu个高于本市", others, ahead)
                              : STR("尚无兄弟市州的数据（send peer.reported）");
    document_text(benchmark->document,
                  arena_printf(arena, "%.*s：本市%.*s，目标%.*s，%s；%.*s。", STR_ARG(title),
                               STR_ARG(rate), STR_ARG(target),
                               str_equal(indicator->state, STR("met"))       ? "已达标"
                               : str_equal(indicator->state, STR("no_data")) ? "无数据"
                                                                             : "未达标",
                               STR_ARG(compared)));
}

static int put_indicator(const struct benchmark *benchmark, const struct indicator *indicator) {
    struct report *report = benchmark->report;
    struct arena *arena = report->query->arena;
    struct contestant *list = arena_alloc(arena, (PEERS_LIMIT + 1) * sizeof *list);
    struct rated own;
    struct region_defined region;
    size_t n = 1;
    list[0] = (struct contestant){.own = true, .as_of = report->day.as_of};
    if (read_own(indicator, &list[0].rated) != 0)
        return 0;
    own = list[0].rated;
    int r = query_found(report_region_attributes(report, report->region, arena, &region));
    if (r == 0)
        r = add_peers(benchmark, indicator->id, list, &n);
    if (r != 0)
        return r;
    list[0].name = region.name;
    list[0].origin = STR("本系统");
    list[0].rated.id = region.region;
    rated_sort(list, n, sizeof *list);
    struct str title = indicator->title.size ? indicator->title : indicator->id;
    json_t *section = document_section(benchmark->document, arena_string(arena, title));
    columns(section);
    for (size_t i = 0; i < n; i++)
        put_row(&list[i], &own, section);
    put_verdict(benchmark, indicator, list, n, &own);
    return 0;
}

static int fill(struct report *report, json_t *document) {
    struct benchmark *benchmark = report->context;
    struct query *query = report->query;
    struct answer *answers;
    size_t n;
    benchmark->document = document;
    int r = policy_assess(query->host, query->view, &query->city, NOUN_REGION, report->region,
                          report->day.as_of, report->day.at, CAUSE_ON_DEMAND, STR_NONE,
                          query->arena, &answers, &n);
    for (size_t i = 0; r == 0 && i < n; i++) {
        const struct indicator *list = answers[i].indicators.items;
        for (size_t k = 0; r == 0 && !answers[i].failed && k < answers[i].indicators.n; k++)
            if (!benchmark->only.data || str_equal(benchmark->only, list[k].id))
                r = put_indicator(benchmark, &list[k]);
    }
    return r;
}

int query_report_benchmark(struct query *query, json_t **ret_result) {
    struct report report;
    struct benchmark benchmark = {.report = &report, .only = query_text(query, "indicator")};
    int r = report_open_region(query, &report);
    report.context = &benchmark;
    return report_answer(&report, r, "与目标和兄弟市州的差距", fill, ret_result);
}
