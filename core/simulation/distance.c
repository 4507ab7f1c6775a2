/* How far those who lose are from keeping what they have: what the last finding of the draft that
 * says so calls needed, of those who lose most. */
#include <stdlib.h>

#include "simulation/json.h"

#define PARTS 10

struct distances {
    struct str code; /* of the first that was seen; others are passed over */
    size_t n;
    int64_t values[DISTANCE_SAMPLE];
};

static const struct finding *last_needed(const struct answer *answer) {
    const struct finding *findings = answer->findings.items;
    for (size_t i = answer->findings.n; i > 0; i--)
        if (HAS(&findings[i - 1], finding, needed) &&
            findings[i - 1].needed.kind == SCALAR_INTEGER && findings[i - 1].needed.integer > 0)
            return &findings[i - 1];
    return NULL;
}

static int take(struct diff *diff, struct diff_worker *worker, uint32_t number,
                struct distances *distances) {
    struct question question = {.kind = diff->kind->kind,
                                .noun = NOUN_VOLUNTEER,
                                .number = number,
                                .date = diff->plan->as_of};
    struct answer answer;
    arena_reset(&worker->arena);
    int r = diff_ask(worker, AFTER, &question, &answer);
    const struct finding *finding = r == 0 ? last_needed(&answer) : NULL;
    if (!finding)
        return r;
    if (!distances->code.data)
        distances->code = arena_copy(diff->arena, finding->code);
    if (str_equal(distances->code, finding->code))
        distances->values[distances->n++] = finding->needed.integer;
    return 0;
}

/* 1, 2 or 5 times a power of ten, so that the parts are read easily. */
static int64_t step_for(int64_t most) {
    static const int64_t factors[] = {1, 2, 5};
    for (int64_t power = 1; power < INT64_MAX / 100; power *= 10)
        for (size_t i = 0; i < 3; i++)
            if ((most + PARTS - 1) / PARTS <= factors[i] * power)
                return factors[i] * power;
    return INT64_MAX / PARTS;
}

static json_t *parts_json(const struct distances *distances) {
    int64_t most = 1;
    uint64_t parts[PARTS] = {0};
    for (size_t i = 0; i < distances->n; i++)
        most = distances->values[i] > most ? distances->values[i] : most;
    int64_t step = step_for(most);
    for (size_t i = 0; i < distances->n; i++) {
        int64_t part = (distances->values[i] - 1) / step;
        parts[part < PARTS ? part : PARTS - 1]++;
    }
    json_t *list = json_array();
    for (int64_t i = 0; i < PARTS && i * step < most; i++)
        json_array_append_new(
            list, json_pack("{s:I, s:I, s:I}", "least", (json_int_t)(i * step + 1), "most",
                            (json_int_t)((i + 1) * step), "n", (json_int_t)parts[i]));
    return list;
}

int diff_distance(struct diff *diff, struct diff_worker *worker, const struct tally *tally,
                  json_t *document) {
    struct distances distances = {.n = 0};
    int r = 0;
    for (size_t i = 0; r == 0 && i < tally->n_losers && i < DISTANCE_SAMPLE; i++)
        r = take(diff, worker, tally->losers[i].number, &distances);
    if (distances.n > 0)
        json_object_set_new(document, "distance",
                            json_pack("{s:o, s:I, s:o}", "code", diff_json_text(distances.code),
                                      "people", (json_int_t)distances.n, "histogram",
                                      parts_json(&distances)));
    return r;
}
