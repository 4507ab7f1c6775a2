#include "figures.h"

#include <math.h>

#include "fail.h"
#include "sample.h"

static const struct figure_row rows[FIGURE_COUNT] = {
#define F(name, key, title, unit, decimals, better, times, base, plus)                             \
    {key, title, unit, decimals, better, times, FIGURE_##base, plus},
    FIGURES(F)
#undef F
};

const struct figure_row *figure_row(enum figure figure) {
    return &rows[figure];
}

void figure_add(struct figures *figures, enum figure figure, double value) {
    if (!isfinite(value) || value <= 0)
        fail("%s: measured %g, which cannot be", rows[figure].name, value);
    if (figures->of[figure].n == REPETITIONS_LIMIT)
        fail("%s: too many repetitions", rows[figure].name);
    figures->of[figure].values[figures->of[figure].n++] = value;
}

bool figure_known(const struct figures *figures, enum figure figure) {
    return figures->of[figure].n > 0;
}

double figure_last(const struct figures *figures, enum figure figure) {
    return figures->of[figure].values[figures->of[figure].n - 1];
}

double figure_median(const struct figures *figures, enum figure figure) {
    return median(figures->of[figure].values, figures->of[figure].n);
}

bool figure_goal(const struct figures *figures, enum figure figure, double *ret_goal) {
    const struct figure_row *row = &rows[figure];
    double base = 0;
    if (row->better == NO_GOAL)
        return false;
    if (row->base != FIGURE_NONE) {
        if (!figure_known(figures, row->base))
            return false;
        base = figure_median(figures, row->base);
    }
    *ret_goal = row->times * base + row->plus;
    return true;
}

bool figure_met(const struct figures *figures, enum figure figure) {
    double goal = 0, value = figure_median(figures, figure);
    if (!figure_goal(figures, figure, &goal))
        return false;
    return rows[figure].better == AT_LEAST ? value >= goal : value <= goal;
}
