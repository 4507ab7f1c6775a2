#include "simulation/tally.h"

#include <stdlib.h>

#include "util/memory.h"

const char *const age_band_names[AGE_BANDS] = {"under_18", "18_29",   "30_44",
                                               "45_59",    "60_over", "unknown"};

size_t age_band(const struct volunteer_row *person, int32_t on) {
    static const int32_t ends[] = {18, 30, 45, 60};
    int32_t age = volunteer_age(person, on);
    size_t band = 0;
    if (age < 0)
        return AGE_BANDS - 1;
    while (band < sizeof ends / sizeof *ends && age >= ends[band])
        band++;
    return band;
}

/* ---- differences ---- */

size_t difference_bin(int64_t difference) {
    uint64_t size = difference < 0 ? 0 - (uint64_t)difference : (uint64_t)difference;
    size_t power = 0;
    for (uint64_t bound = 1; power < BIN_POWERS && size >= bound; bound *= 10)
        power++;
    return difference < 0 ? BIN_POWERS - power : BIN_POWERS + power;
}

void bin_bounds(size_t bin, int64_t *ret_least, int64_t *ret_most) {
    size_t power = bin < BIN_POWERS ? BIN_POWERS - bin : bin - BIN_POWERS;
    int64_t least = 1, most;
    for (size_t i = 1; i < power; i++)
        least *= 10;
    most = power == BIN_POWERS ? INT64_MAX : 10 * least - 1;
    if (power == 0)
        least = most = 0;
    *ret_least = bin < BIN_POWERS ? (most == INT64_MAX ? INT64_MIN : -most) : least;
    *ret_most = bin < BIN_POWERS ? -least : most;
}

/* ---- a tally ---- */

void tally_init(struct tally *tally, size_t n_groups, size_t losers_limit) {
    *tally = (struct tally){.n_groups = n_groups, .losers_limit = losers_limit};
    tally->groups = memory_checked(calloc(n_groups + 1, sizeof *tally->groups));
    tally->losers = memory_checked(calloc(losers_limit + 1, sizeof *tally->losers));
}

void tally_deinit(struct tally *tally) {
    free(tally->groups);
    free(tally->losers);
    *tally = (struct tally){0};
}

static void group_count(struct diff_group *group, int direction) {
    group->judged++;
    group->better += direction > 0;
    group->worse += direction < 0;
}

void tally_person(struct tally *tally, size_t group, size_t age, int direction) {
    tally->better += direction > 0;
    tally->worse += direction < 0;
    if (group < tally->n_groups)
        group_count(&tally->groups[group], direction);
    group_count(&tally->ages[age], direction);
}

/* Keeps the texts of those that were met by the lowest subjects, so that the order in which workers
 * come does not show. */
static void failure_add(struct diff_failures *failures, const char *text, uint64_t n,
                        uint32_t first) {
    size_t at = 0, last = 0;
    while (at < failures->n_texts && strcmp(failures->texts[at].text, text) != 0)
        at++;
    if (at == FAILURE_TEXTS) {
        for (size_t i = 1; i < FAILURE_TEXTS; i++)
            if (failures->texts[i].first > failures->texts[last].first)
                last = i;
        if (failures->texts[last].first < first)
            return;
        at = last;
        failures->texts[at].n = 0;
    }
    if (at == failures->n_texts)
        failures->n_texts++;
    if (failures->texts[at].n == 0) {
        strcpy(failures->texts[at].text, text);
        failures->texts[at].first = first;
    }
    failures->texts[at].n += n;
    if (first < failures->texts[at].first)
        failures->texts[at].first = first;
}

void tally_failure(struct tally *tally, enum side side, uint32_t subject, struct str text) {
    char bytes[FAILURE_TEXT_BYTES];
    size_t size = 0;
    while (size < text.size) { /* whole characters */
        size_t n = str_utf8_size((struct str){text.data + size, text.size - size});
        if (n == 0 || size + n >= sizeof bytes)
            break;
        size += n;
    }
    memcpy(bytes, text.data, size);
    bytes[size] = 0;
    tally->failures[side].n++;
    failure_add(&tally->failures[side], bytes, 1, subject);
}

static bool loses_more(const struct diff_loser *a, const struct diff_loser *b) {
    return a->loss != b->loss ? a->loss > b->loss : a->number < b->number;
}

void tally_loser(struct tally *tally, uint32_t number, int64_t loss) {
    struct diff_loser loser = {number, loss};
    size_t at = tally->n_losers;
    if (at == tally->losers_limit) {
        if (at == 0 || !loses_more(&loser, &tally->losers[at - 1]))
            return;
        at--;
    } else {
        tally->n_losers++;
    }
    for (; at > 0 && loses_more(&loser, &tally->losers[at - 1]); at--)
        tally->losers[at] = tally->losers[at - 1];
    tally->losers[at] = loser;
}

static void group_add(struct diff_group *group, const struct diff_group *other) {
    group->judged += other->judged;
    group->better += other->better;
    group->worse += other->worse;
}

void tally_add(struct tally *tally, const struct tally *other) {
    tally->judged += other->judged;
    tally->better += other->better;
    tally->worse += other->worse;
    for (size_t i = 0; i < CLASSES; i++)
        for (size_t j = 0; j < CLASSES; j++)
            tally->transitions[i][j] += other->transitions[i][j];
    for (size_t i = 0; i < tally->n_groups; i++)
        group_add(&tally->groups[i], &other->groups[i]);
    for (size_t i = 0; i < AGE_BANDS; i++)
        group_add(&tally->ages[i], &other->ages[i]);
    for (size_t i = 0; i < BINS; i++)
        tally->bins[i] += other->bins[i];
    for (size_t side = 0; side < SIDES; side++) {
        tally->failures[side].n += other->failures[side].n;
        for (size_t i = 0; i < other->failures[side].n_texts; i++)
            failure_add(&tally->failures[side], other->failures[side].texts[i].text,
                        other->failures[side].texts[i].n, other->failures[side].texts[i].first);
    }
    for (size_t i = 0; i < other->n_losers; i++)
        tally_loser(tally, other->losers[i].number, other->losers[i].loss);
}
