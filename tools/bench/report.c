#include "report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buf.h"

#define GREEN "\033[32m"
#define RED "\033[31m"
#define PLAIN "\033[0m"

/* 1,234,567.89 */
static void number_text(double value, int decimals, char ret_text[static 40]) {
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
    number_text(least, decimals, low);
    number_text(most, decimals, high);
    snprintf(ret_text, 96, "%s to %s", low, high);
}

static void goal_text(const struct figures *figures, enum figure figure, char ret_text[static 96]) {
    const struct figure_row *row = figure_row(figure);
    char number[40];
    double goal;
    ret_text[0] = 0;
    if (!figure_goal(figures, figure, &goal))
        return;
    number_text(goal, row->decimals, number);
    snprintf(ret_text, 96, "%s %s", row->better == AT_LEAST ? ">=" : "<=", number);
}

static void row_put(const struct figures *figures, enum figure figure, bool colours) {
    const struct figure_row *row = figure_row(figure);
    char value[40], spread[96], goal[96];
    double unused;
    bool has_goal = figure_goal(figures, figure, &unused);
    bool met = has_goal && figure_met(figures, figure);
    const char *colour = !colours || !has_goal ? "" : met ? GREEN : RED;
    number_text(figure_median(figures, figure), row->decimals, value);
    spread_text(figures, figure, spread);
    goal_text(figures, figure, goal);
    printf("%-46s %14s %-9s %16s  %s%-7s%s  %s\n", row->title, value, row->unit, goal, colour,
           !has_goal ? ""
           : met     ? "met"
                     : "not met",
           *colour ? PLAIN : "", spread);
}

void report_table(const struct bench *bench, bool colours) {
    printf("%-46s %14s %-9s %16s  %-7s  %s\n", "", "median", "", "goal", "", "repetitions");
    for (enum figure figure = 0; figure < FIGURE_COUNT; figure++)
        if (figure_known(&bench->figures, figure))
            row_put(&bench->figures, figure, colours);
}

bool report_all_met(const struct bench *bench) {
    double unused;
    for (enum figure figure = 0; figure < FIGURE_COUNT; figure++)
        if (figure_known(&bench->figures, figure) &&
            figure_goal(&bench->figures, figure, &unused) && !figure_met(&bench->figures, figure))
            return false;
    return true;
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

void report_json(const struct bench *bench) {
    struct buf out = {0};
    buf_printf(&out, "{\"version\":\"%s\",\"volunteers\":%u,\"history\":%zu,\"figures\":{",
               VOLUNTEERD_VERSION, bench->kept.n_volunteers, bench->kept.n_history);
    for (enum figure figure = 0; figure < FIGURE_COUNT; figure++)
        if (figure_known(&bench->figures, figure))
            figure_json(&bench->figures, figure, &out);
    buf_put_str(&out, STR("}}\n"));
    fwrite(out.data, 1, out.size, stdout);
    buf_deinit(&out);
}
