/* Those who lose most, by id, with the reasons: asked again, so that the many need no words. */
#include "domain/records.h"
#include "simulation/json.h"

static json_t *who(struct diff_worker *worker, uint32_t number,
                   const struct volunteer_row *person) {
    int32_t age = volunteer_age(person, worker->diff->plan->as_of);
    json_t *object =
        json_pack("{s:o, s:o}", "volunteer", diff_json_id(worker, NOUN_VOLUNTEER, number), "age",
                  age < 0 ? json_null() : json_integer(age));
    json_t *region = diff_json_region(worker, person->region);
    json_object_update(object, region);
    json_decref(region);
    return object;
}

static const char *answer_text(const struct diff_worker *worker, const struct answer *answer) {
    const struct diff_kind *kind = worker->diff->kind;
    if (!answer->asked || answer->failed)
        return diff_class_text(kind, answer->asked ? CLASS_FAILED : CLASS_NONE);
    return diff_class_text(kind, CLASS_FIRST + (size_t)(kind->kind == POLICY_KIND_STAR_RATING
                                                            ? answer->stars
                                                            : answer->outcome));
}

static void put_answer(struct diff_worker *worker, enum side side, const struct answer *answer,
                       json_t *object) {
    json_object_set_new(object, side == BEFORE ? "from" : "to",
                        json_string(answer_text(worker, answer)));
    json_object_set_new(object, side == BEFORE ? "reasons_before" : "reasons",
                        diff_json_findings(worker, side, answer));
}

/* ---- people ---- */

static int person_example(struct diff_worker *worker, uint32_t number, json_t *object) {
    struct question question = {.kind = worker->diff->kind->kind,
                                .noun = NOUN_VOLUNTEER,
                                .number = number,
                                .date = worker->diff->plan->as_of};
    for (enum side side = BEFORE; side < SIDES; side++) {
        struct answer answer;
        int r = diff_ask(worker, side, &question, &answer);
        if (r != 0)
            return r;
        put_answer(worker, side, &answer, object);
    }
    return 0;
}

/* ---- amounts: the sums, and one record that shows why ---- */

static json_t *sums_json(const struct diff *diff, uint32_t number) {
    json_t *list = json_array();
    for (size_t i = 0; i < diff->amounts.n_accounts; i++) {
        const struct diff_account *account = &diff->amounts.accounts[i];
        json_int_t before = account->sums[BEFORE][number], after = account->sums[AFTER][number];
        if (before != 0 || after != 0)
            json_array_append_new(list, json_pack("{s:o, s:I, s:I}", "account",
                                                  diff_json_text(account->code), "from", before,
                                                  "to", after));
    }
    return list;
}

static int64_t points_sum(const struct answer *answers, size_t n) {
    int64_t sum = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < answers[i].postings.n; j++)
            sum += ((const struct points_posted *)answers[i].postings.items)[j].amount;
    return sum;
}

/* The answer about one record, and what it is worth; of several points rules the draft's name. */
static int ask_record(struct diff_worker *worker, enum side side, const struct question *question,
                      struct answer *ret_answer, int64_t *ret_worth) {
    struct diff *diff = worker->diff;
    struct answer *answers;
    size_t n;
    int r;
    if (question->kind != POLICY_KIND_POINTS) {
        r = diff_ask(worker, side, question, ret_answer);
        *ret_worth =
            ret_answer->asked && !ret_answer->failed && ret_answer->outcome == OUTCOME_ACCEPTED
                ? ret_answer->minutes
                : 0;
        return r;
    }
    r = policy_points(worker->hosts[side], worker->view, &diff->city, question,
                      diff->plan->draft.policy, STR("service.recorded"), &worker->arena, &answers,
                      &n);
    *ret_answer = r == 0 && n ? answers[0] : (struct answer){.asked = false};
    *ret_worth = r == 0 ? points_sum(answers, n) : 0;
    return r;
}

/* 1 where this record shows it. */
static int try_record(struct diff_worker *worker, uint32_t number, json_t *object) {
    struct record record;
    struct answer answers[SIDES];
    int64_t worth[SIDES] = {0};
    int r = record_get(worker->view, number, &record);
    if (r != 0)
        return r < 0 ? r : 0;
    struct question question = {.kind = worker->diff->kind->kind,
                                .noun = NOUN_RECORD,
                                .number = number,
                                .date = record_date(&worker->diff->city.zone, &record.row)};
    for (enum side side = BEFORE; r == 0 && side < SIDES; side++)
        r = ask_record(worker, side, &question, &answers[side], &worth[side]);
    if (r != 0 || worth[AFTER] >= worth[BEFORE])
        return r;
    json_object_set_new(object, "record", diff_json_text(record.id));
    json_object_set_new(object, "on", diff_json_date(question.date));
    for (enum side side = BEFORE; side < SIDES; side++) {
        put_answer(worker, side, &answers[side], object);
        json_object_set_new(object, side == BEFORE ? "from" : "to", json_integer(worth[side]));
    }
    return 1;
}

static int record_example(struct diff_worker *worker, uint32_t volunteer, json_t *object) {
    const struct diff_plan *plan = worker->diff->plan;
    int r = 0;
    for (int32_t month = date_month(plan->from); r == 0 && month <= date_month(plan->to); month++) {
        struct person_month person_month;
        r = person_month_get(worker->view, month, volunteer, &person_month);
        for (size_t i = 0; r == 0 && i < person_month.n_entries; i++)
            r = try_record(worker, person_month_entry(&person_month, i).record, object);
    }
    return r < 0 ? r : 0;
}

int diff_examples(struct diff *diff, struct diff_worker *worker, const struct tally *tally,
                  json_t **ret_list) {
    json_t *list = json_array();
    int r = 0;
    for (size_t i = 0; r == 0 && i < tally->n_losers && i < diff->plan->n_examples; i++) {
        uint32_t number = tally->losers[i].number;
        struct volunteer_row person;
        arena_reset(&worker->arena);
        r = volunteer_get(worker->view, number, &person);
        if (r != 0)
            break;
        json_t *object = who(worker, number, &person);
        json_array_append_new(list, object);
        if (diff->kind->amounts) {
            json_object_set_new(object, "amounts", sums_json(diff, number));
            r = record_example(worker, number, object);
        } else {
            r = person_example(worker, number, object);
        }
    }
    *ret_list = list;
    return r < 0 ? r : 0;
}
