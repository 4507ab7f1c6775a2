/* The result as one JSON document. */
#include "simulation/json.h"
#include "util/io.h"

#define SUMMARY_TRANSITIONS 36

json_t *diff_head(struct diff *diff, struct diff_worker *worker, uint64_t judged) {
    const struct diff_plan *plan = diff->plan;
    char digest[DRAFT_DIGEST_TEXT];
    struct str replaced =
        policy_replaced(worker->hosts[BEFORE], worker->view, &plan->draft, plan->as_of);
    policy_draft_digest(&plan->draft, digest);
    return json_pack(
        "{s:o, s:s, s:o, s:o, s:o, s:s, s:I, s:s, s:o, s:I}", "policy",
        diff_json_text(plan->draft.policy), "kind", POLICY_KIND_choices.words[plan->draft.kind],
        "scope", diff_json_id(worker, NOUN_REGION, plan->scope), "as_of",
        diff_json_date(plan->as_of), "revision", diff_json_text(replaced), "digest", digest,
        "sequence", (json_int_t)diff->head.sequence, "subjects", diff->kind->subjects, "period",
        diff->kind->noun == NOUN_RECORD
            ? json_pack("{s:o, s:o}", "from", diff_json_date(plan->from), "to",
                        diff_json_date(plan->to))
            : json_null(),
        "judged", (json_int_t)judged);
}

/* ---- failures ---- */

static json_t *failures_json(const struct diff_failures *failures) {
    json_t *list = json_array();
    for (size_t i = 0; i < failures->n_texts; i++)
        json_array_append_new(list, json_pack("{s:s, s:I}", "message", failures->texts[i].text, "n",
                                              (json_int_t)failures->texts[i].n));
    return json_pack("{s:I, s:o}", "n", (json_int_t)failures->n, "messages", list);
}

void diff_put_failures(json_t *document, const struct tally *tally) {
    json_object_set_new(document, "failures",
                        json_pack("{s:o, s:o}", "from", failures_json(&tally->failures[BEFORE]),
                                  "to", failures_json(&tally->failures[AFTER])));
}

/* ---- transitions ---- */

static json_t *transitions_json(const struct diff_kind *kind, const struct tally *tally,
                                uint64_t *ret_changed) {
    json_t *list = json_array();
    *ret_changed = 0;
    for (size_t from = 0; from < CLASSES; from++)
        for (size_t to = 0; to < CLASSES; to++) {
            uint64_t n = tally->transitions[from][to];
            if (n == 0 || from == to)
                continue;
            *ret_changed += n;
            json_array_append_new(list,
                                  json_pack("{s:s, s:s, s:I}", "from", diff_class_text(kind, from),
                                            "to", diff_class_text(kind, to), "n", (json_int_t)n));
        }
    return list;
}

/* How many have each value, before and after. */
static json_t *distribution_json(const struct diff_kind *kind, const struct tally *tally) {
    json_t *list = json_array();
    for (size_t class = 0; class < CLASSES; class ++) {
        uint64_t n[SIDES] = {0};
        for (size_t other = 0; other < CLASSES; other++) {
            n[BEFORE] += tally->transitions[class][other];
            n[AFTER] += tally->transitions[other][class];
        }
        bool named = class >= CLASS_FIRST && class - CLASS_FIRST < kind->n_words;
        if (named || n[BEFORE] || n[AFTER])
            json_array_append_new(
                list, json_pack("{s:s, s:I, s:I}", "value", diff_class_text(kind, class), "from",
                                (json_int_t)n[BEFORE], "to", (json_int_t)n[AFTER]));
    }
    return list;
}

/* ---- groups ---- */

static void put_group(json_t *object, const struct diff_group *group) {
    json_object_set_new(object, "judged", json_integer((json_int_t)group->judged));
    json_object_set_new(object, "better", json_integer((json_int_t)group->better));
    json_object_set_new(object, "worse", json_integer((json_int_t)group->worse));
}

static json_t *regions_json(struct diff *diff, struct diff_worker *worker,
                            const struct tally *tally) {
    json_t *list = json_array();
    for (size_t i = 0; i < tally->n_groups; i++) {
        if (tally->groups[i].judged == 0)
            continue;
        arena_reset(&worker->arena);
        json_t *object = diff_json_region(worker, diff->places.groups[i]);
        put_group(object, &tally->groups[i]);
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *ages_json(const struct tally *tally) {
    json_t *list = json_array();
    for (size_t i = 0; i < AGE_BANDS; i++) {
        json_t *object = json_pack("{s:s}", "age", age_band_names[i]);
        put_group(object, &tally->ages[i]);
        json_array_append_new(list, object);
    }
    return list;
}

/* ---- amounts ---- */

static json_t *accounts_json(struct diff *diff, struct diff_worker *worker) {
    const struct diff_amounts *amounts = &diff->amounts;
    json_t *list = json_array();
    for (size_t i = 0; i < amounts->n_accounts; i++) {
        const struct diff_account *account = &amounts->accounts[i];
        int64_t sums[SIDES] = {0}, fen;
        for (enum side side = BEFORE; side < SIDES; side++)
            for (uint32_t number = 0; number <= amounts->n_volunteers; number++)
                sums[side] += account->sums[side][number];
        if (sums[BEFORE] == 0 && sums[AFTER] == 0)
            continue;
        int64_t difference = sums[AFTER] - sums[BEFORE];
        json_t *object = json_pack("{s:o, s:I, s:I, s:I}", "account", diff_json_text(account->code),
                                   "from", (json_int_t)sums[BEFORE], "to", (json_int_t)sums[AFTER],
                                   "difference", (json_int_t)difference);
        arena_reset(&worker->arena);
        if (diff_cost_fen(worker->view, account->code, difference, &worker->arena, &fen))
            json_object_set_new(object, "cost_fen", json_integer(fen));
        json_array_append_new(list, object);
    }
    return list;
}

static json_t *histogram_json(const struct tally *tally) {
    json_t *list = json_array();
    for (size_t i = 0; i < BINS; i++) {
        int64_t least, most;
        bin_bounds(i, &least, &most);
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:I}", "least",
                            least == INT64_MIN ? json_null() : json_integer(least), "most",
                            most == INT64_MAX ? json_null() : json_integer(most), "n",
                            (json_int_t)tally->bins[i]));
    }
    return list;
}

/* ---- the end ---- */

/* Small whatever was compared: it is kept with an activation. */
static json_t *summary_json(const json_t *document) {
    static const char *const kept[] = {"policy",   "kind",   "scope",    "as_of",
                                       "revision", "digest", "sequence", "judged",
                                       "changed",  "better", "worse"};
    json_t *summary = json_object(), *transitions = json_object_get(document, "transitions");
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (json_object_get(document, kept[i]))
            json_object_set(summary, kept[i], json_object_get(document, kept[i]));
    json_object_set(
        summary, "failed",
        json_object_get(json_object_get(json_object_get(document, "failures"), "to"), "n"));
    if (json_array_size(transitions) <= SUMMARY_TRANSITIONS)
        json_object_set(summary, "transitions", transitions);
    if (json_object_get(document, "accounts"))
        json_object_set(summary, "accounts", json_object_get(document, "accounts"));
    return summary;
}

void diff_finish(struct diff *diff, json_t *document) {
    const struct io *io = io_system();
    double seconds = (double)(io->boottime_us(io->self) - diff->started_us) / 1e6;
    double judgements = 2 * (double)json_integer_value(json_object_get(document, "judged"));
    json_object_set_new(document, "summary", summary_json(document));
    json_object_set_new(document, "seconds", json_real(seconds));
    json_object_set_new(document, "rate",
                        json_integer(seconds > 0 ? (json_int_t)(judgements / seconds) : 0));
    json_object_set_new(document, "threads", json_integer(diff->plan->n_threads));
}

int diff_document(struct diff *diff, struct diff_worker *worker, const struct tally *tally,
                  json_t **ret_document) {
    json_t *document = diff_head(diff, worker, tally->judged), *examples = NULL;
    uint64_t changed;
    json_t *transitions = transitions_json(diff->kind, tally, &changed);
    if (!diff->kind->n_words) /* sums have no transitions */
        changed = tally->better + tally->worse;
    json_object_set_new(document, "changed", json_integer((json_int_t)changed));
    json_object_set_new(document, "better", json_integer((json_int_t)tally->better));
    json_object_set_new(document, "worse", json_integer((json_int_t)tally->worse));
    json_object_set_new(document, "transitions", transitions);
    if (diff->kind->n_words)
        json_object_set_new(document, "distribution", distribution_json(diff->kind, tally));
    json_object_set_new(document, "by_region", regions_json(diff, worker, tally));
    json_object_set_new(document, "by_age", ages_json(tally));
    if (diff->kind->amounts) {
        json_object_set_new(document, "accounts", accounts_json(diff, worker));
        json_object_set_new(document, "histogram", histogram_json(tally));
    }
    diff_put_failures(document, tally);
    int r = diff_examples(diff, worker, tally, &examples);
    json_object_set_new(document, "examples", examples);
    if (r == 0 && !diff->kind->amounts)
        r = diff_distance(diff, worker, tally, document);
    diff_finish(diff, document);
    *ret_document = document;
    return r;
}
