#include "report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"
#include "util/buf.h"

#define GREEN "\033[32m"
#define RED "\033[31m"
#define PLAIN "\033[0m"

void figure_text(double value, int decimals, char ret_text[static 40]) {
    char digits[40];
    int size = snprintf(digits, sizeof digits, "%.*f", decimals, value);
    int whole = decimals ? size - decimals - 1 : size, at = 0;
    for (int i = 0; i < size && at < 38; i++) {
        ret_text[at++] = digits[i];
        if (i < whole - 1 && (whole - 1 - i) % 3 == 0)
            ret_text[at++] = ',';
    }
    ret_text[at] = 0;
}

static void spread_text(const struct figures *figures, enum figure figure,
                        char ret_text[static 96]) {
    int decimals = figure_row(figure)->decimals;
    double least = INFINITY, most = 0;
    char low[40], high[40];
    for (size_t i = 0; i < figures->of[figure].n; i++) {
        least = fmin(least, figures->of[figure].values[i]);
        most = fmax(most, figures->of[figure].values[i]);
    }
    figure_text(least, decimals, low);
    figure_text(most, decimals, high);
    snprintf(ret_text, 96, "%s to %s", low, high);
}

static void goal_text(const struct figures *figures, enum figure figure, char ret_text[static 96]) {
    const struct figure_row *row = figure_row(figure);
    char number[40];
    double goal;
    ret_text[0] = 0;
    if (!figure_goal(figures, figure, &goal))
        return;
    figure_text(goal, row->decimals, number);
    snprintf(ret_text, 96, "%s %s", row->better == AT_LEAST ? ">=" : "<=", number);
}

static void row_put(const struct figures *figures, enum figure figure, bool colours) {
    const struct figure_row *row = figure_row(figure);
    char value[40], spread[96], goal[96];
    double unused;
    bool has_goal = figure_goal(figures, figure, &unused);
    bool met = has_goal && figure_met(figures, figure);
    const char *colour = !colours || !has_goal ? "" : met ? GREEN : RED;
    figure_text(figure_median(figures, figure), row->decimals, value);
    spread_text(figures, figure, spread);
    goal_text(figures, figure, goal);
    printf("%-46s %14s %-9s %16s  %s%-7s%s  %s\n", row->title, value, row->unit, goal, colour,
           !has_goal ? ""
           : met     ? "met"
                     : "not met",
           *colour ? PLAIN : "", spread);
}

/* ---- what the figures mean ---- */

static void times_floor_put(const struct figures *figures, enum figure figure) {
    double value = figure_median(figures, figure);
    printf("  %s: %.2f times LMDB with history behind it, %.2f times LMDB from empty\n",
           figure_row(figure)->title, value / figure_median(figures, FIGURE_LMDB),
           value / figure_median(figures, FIGURE_LMDB_YOUNG));
}

static void engines_put(const struct bench *bench) {
    char excuse[128];
    size_t n_asked = 0, n_measured = 0;
    for (size_t i = 0; i < ENTRANTS; i++) {
        const struct entrant *entrant = &bench->entrants[i];
        bool has_excuse = entrant_excuse(entrant, excuse);
        n_asked += entrant->was_asked;
        n_measured += entrant->was_asked && !has_excuse;
        if (entrant->was_asked && has_excuse)
            printf("  %s: not measured; %s\n", entrant->engine->title, excuse);
    }
    if (n_measured)
        printf("  other engines have the same history behind them; ratios are those of each "
               "repetition, the work is in tools/bench/README.md\n");
    if (!n_asked)
        printf("  other engines beside it: not measured; --only engines\n");
}

static void notes_put(const struct bench *bench) {
    const struct kept *kept = &bench->kept;
    const struct figures *figures = &bench->figures;
    char history[40];
    figure_text((double)kept->n_history, 0, history);
    printf("\n  simulated city of %u volunteers, %s events of history; default configuration\n",
           kept->plan.n_volunteers, history);
    if (figure_known(figures, FIGURE_LMDB) && figure_known(figures, FIGURE_ARRAYS))
        times_floor_put(figures, FIGURE_ARRAYS);
    if (figure_known(figures, FIGURE_LMDB) && figure_known(figures, FIGURE_SINGLES))
        times_floor_put(figures, FIGURE_SINGLES);
    if (bench->n_busy)
        printf("  fixed rates: %zu events were refused as busy; each counts as late as its run\n",
               bench->n_busy);
    engines_put(bench);
    if (bench->quick)
        printf(
            "  --quick: a small store, short loads, rates of %.0f and %.0f instead of 20,000 and "
            "50,000: a check, not figures\n",
            bench->sizes.open_low, bench->sizes.open_high);
    if (kept->other_build)
        printf("  the kept store was built by another build of volunteerd (same format): --rebuild "
               "for its bytes\n");
    if (strcmp(BUILD_TYPE, "RelWithDebInfo") != 0)
        printf("  this is a build of type %s: only that of preset release counts\n", BUILD_TYPE);
}

void report_table(const struct bench *bench, bool colours) {
    printf("%-46s %14s %-9s %16s  %-7s  %s\n", "", "median", "", "goal", "", "repetitions");
    for (enum figure figure = 0; figure < FIGURE_COUNT; figure++)
        if (figure_known(&bench->figures, figure))
            row_put(&bench->figures, figure, colours);
    notes_put(bench);
}

/* ---- JSON ---- */

static void figure_json(const struct figures *figures, enum figure figure, struct buf *out) {
    const struct figure_row *row = figure_row(figure);
    double goal;
    buf_json_key(out, row->name);
    buf_printf(out, "{\"unit\":\"%s\",\"median\":%.6g,\"values\":[", row->unit,
               figure_median(figures, figure));
    for (size_t i = 0; i < figures->of[figure].n; i++)
        buf_printf(out, "%s%.6g", i ? "," : "", figures->of[figure].values[i]);
    buf_put_byte(out, ']');
    if (figure_goal(figures, figure, &goal))
        buf_printf(out, ",\"%s\":%.6g,\"met\":%s", row->better == AT_LEAST ? "at_least" : "at_most",
                   goal, figure_met(figures, figure) ? "true" : "false");
    buf_put_byte(out, '}');
}

static void sweep_json(const struct sweep *sweep, struct buf *out) {
    if (!sweep->n)
        return;
    buf_json_key(out, "sweep");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < sweep->n && sweep->points[i].n; i++) {
        size_t n = sweep->points[i].n;
        buf_printf(out, "%s{\"offered\":%.0f,\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f}",
                   i ? "," : "", sweep->offered[i], median(sweep->points[i].us[P50], n),
                   median(sweep->points[i].us[P99], n), median(sweep->points[i].us[P999], n));
    }
    buf_put_byte(out, ']');
}

static void totals_json(const struct engine_totals *totals, struct buf *out) {
    static const char *const names[] = {
#define T(name) #name,
        ENGINE_TOTALS(T)
#undef T
    };
    for (size_t i = 0; i < ENGINE_TOTAL_COUNT; i++) {
        buf_json_key(out, names[i]);
        buf_printf(out, "%lld", (long long)totals->of[i]);
    }
}

/* What it was sent are the city's first `sent` events. */
static void entrant_json(const struct entrant *entrant, struct buf *out) {
    char excuse[128];
    buf_json_key(out, entrant->engine->name);
    if (entrant_excuse(entrant, excuse)) {
        buf_printf(out, "{\"not_measured\":\"%s\"}", excuse);
        return;
    }
    buf_printf(out, "{\"sent\":%zu,\"stored\":%zu,\"holds\":{", entrant->next,
               entrant->answers.stored);
    totals_json(&entrant->totals, out);
    buf_put_str(out, STR("}}"));
}

static void engines_json(const struct bench *bench, struct buf *out) {
    buf_json_key(out, "engines");
    buf_put_byte(out, '{');
    for (size_t i = 0; i < ENTRANTS; i++)
        if (bench->entrants[i].was_asked)
            entrant_json(&bench->entrants[i], out);
    buf_put_byte(out, '}');
}

void report_json(const struct bench *bench) {
    struct buf out = {0};
    buf_printf(&out,
               "{\"version\":\"%s\",\"build_type\":\"%s\",\"volunteers\":%u,\"history\":%zu,"
               "\"quick\":%s,\"other_build\":%s,\"busy\":%zu,\"not_measured\":[\"policy_diff\"],"
               "\"figures\":{",
               VOLUNTEERD_VERSION, BUILD_TYPE, bench->kept.plan.n_volunteers, bench->kept.n_history,
               bench->quick ? "true" : "false", bench->kept.other_build ? "true" : "false",
               bench->n_busy);
    for (enum figure figure = 0; figure < FIGURE_COUNT; figure++)
        if (figure_known(&bench->figures, figure))
            figure_json(&bench->figures, figure, &out);
    buf_put_byte(&out, '}');
    engines_json(bench, &out);
    sweep_json(&bench->sweep, &out);
    buf_put_str(&out, STR("}\n"));
    fwrite(out.data, 1, out.size, stdout);
    buf_deinit(&out);
}
