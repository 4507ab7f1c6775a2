#include "bus/decision_json.h"

#include "bus/alert_json.h"
#include "bus/methods_common.h"
#include "bus/methods_decisions.h"
#include "domain/record_checks.h"
#include "policy/facts.h"

static void put_date(json_t *object, const char *name, int32_t date) {
    if (date != INT32_MIN)
        json_object_set_new(object, name, json_from_date(date, INT32_MIN));
}

/* Without words: these are the text's, which both have. What the daemon adds of itself is no part
 * of the answer. */
static json_t *findings_json(const struct list *findings) {
    const struct finding *items = findings->items;
    json_t *array = json_array();
    for (size_t i = 0; i < findings->n; i++) {
        if (str_equal(items[i].code, STR("points_already_spent")) ||
            str_equal(items[i].code, STR("kept_from_earlier_rule")) ||
            str_equal(items[i].code, STR("moved_up")))
            continue;
        json_t *item = json_pack("{s:o}", "code", json_from_str(items[i].code));
        if (HAS(&items[i], finding, value))
            json_object_set_new(item, "value", json_from_scalar(&items[i].value));
        if (HAS(&items[i], finding, needed))
            json_object_set_new(item, "needed", json_from_scalar(&items[i].needed));
        json_array_append_new(array, item);
    }
    return array;
}

static json_t *facts_json(struct str facts) {
    struct buf text = {0};
    facts_to_json(facts, &text);
    json_t *json = json_loadb(text.data, text.size, JSON_DECODE_ANY, NULL);
    buf_deinit(&text);
    return json ? json : json_null();
}

static json_t *titles_json(const struct list *titles) {
    const struct str *items = titles->items;
    json_t *array = json_array();
    for (size_t i = 0; i < titles->n; i++)
        json_array_append_new(array, json_from_str(items[i]));
    return array;
}

static json_t *posting_json(const struct points_posted *posting, struct str person) {
    struct str volunteer = posting->volunteer.size ? posting->volunteer : person;
    json_t *item = json_pack("{s:o, s:o, s:I, s:o}", "volunteer", json_from_str(volunteer),
                             "account", json_from_str(posting->account), "amount",
                             (json_int_t)posting->amount, "reason", json_from_str(posting->reason));
    if (HAS(posting, points_posted, expires))
        put_date(item, "expires", posting->expires);
    return item;
}

static void put_scalar(json_t *object, const char *name, bool given, const struct scalar *scalar) {
    if (given)
        json_object_set_new(object, name, json_from_scalar(scalar));
}

static void put_word(json_t *object, const char *name, const struct choices *choices,
                     int32_t choice) {
    json_object_set_new(object, name, json_string(choices->words[choice]));
}

/* ---- as it was recorded ---- */

static void put_registration(const struct decided *decided, json_t *object) {
    const struct registration_decided *data = decided->event.data;
    json_object_set_new(object, "outcome", json_string(OUTCOME_choices.words[data->outcome]));
}

/* Of a review its signals alone. */
static bool is_of_review(const struct decided *decided) {
    return decided->event.type->number == EVENT_record_flagged;
}

static void put_acceptance(const struct decided *decided, json_t *object) {
    const struct service_decided *data = decided->event.data;
    if (is_of_review(decided))
        return;
    json_object_set_new(object, "outcome", json_string(OUTCOME_choices.words[data->outcome]));
    json_object_set_new(object, "minutes", json_integer(data->minutes));
}

static void put_stars(const struct decided *decided, json_t *object) {
    const struct star_changed *data = decided->event.data;
    json_object_set_new(object, "stars", json_integer(data->to));
    json_object_set_new(object, "titles", titles_json(&data->titles));
    if (HAS(data, star_changed, valid_until))
        put_date(object, "valid_until", data->valid_until);
}

/* Of a record that was asked about anew only what was not there before was posted. */
static const char *postings_name(const struct decided *decided) {
    return decided->anew ? "added" : "postings";
}

static json_t *posted_json(const struct decided *decided) {
    json_t *postings = json_array();
    for (size_t i = 0; i < decided->n; i++) {
        const struct points_posted *data = decided->entries[i].data;
        if (!HAS(data, points_posted, reverses))
            json_array_append_new(postings, posting_json(data, STR_NONE));
    }
    return postings;
}

static void put_postings(const struct decided *decided, json_t *object) {
    json_object_set_new(object, postings_name(decided), posted_json(decided));
}

/* Titles are kept where a newer rule would lower somebody: more than it says. */
static bool keeps_more(const struct decided *decided, int64_t stars) {
    const struct list *findings = event_findings(&decided->event);
    const struct finding *items = findings->items;
    const struct star_changed *data = decided->event.data;
    for (size_t i = 0; i < findings->n; i++)
        if (str_equal(items[i].code, STR("kept_from_earlier_rule")))
            return data->to > stars;
    return false;
}

static bool is_alert(const struct decided *decided) {
    return decided->event.type->number == EVENT_alert_raised ||
           decided->event.type->number == EVENT_alert_cleared;
}

static void put_indicator(const struct decided *decided, json_t *object) {
    const struct assessment_changed *data = decided->event.data;
    if (is_alert(decided)) {
        alert_put_recorded(decided, object);
        return;
    }
    json_t *indicator = json_pack("{s:o, s:o}", "id", json_from_str(data->indicator), "state",
                                  json_from_str(data->to));
    put_scalar(indicator, "value", HAS(data, assessment_changed, value), &data->value);
    put_scalar(indicator, "target", HAS(data, assessment_changed, target), &data->target);
    if (HAS(data, assessment_changed, veto) && data->veto)
        json_object_set_new(indicator, "veto", json_true());
    json_object_set_new(object, "indicator", indicator);
}

static void put_redemption(const struct decided *decided, json_t *object) {
    const struct redemption_decided *data = decided->event.data;
    put_word(object, "outcome", &OUTCOME_choices, data->outcome);
}

/* What became of an application. */
static void put_application(const struct decided *decided, json_t *object) {
    const struct star_decided *data = decided->event.data;
    put_word(object, "outcome", &OUTCOME_choices, data->outcome);
    if (HAS(data, star_decided, approved_by))
        put_word(object, "approved_by", &APPROVAL_LEVEL_choices, data->approved_by);
    if (HAS(data, star_decided, notice_days))
        json_object_set_new(object, "notice_days", json_integer(data->notice_days));
}

static void put_rating(const struct decided *decided, json_t *object) {
    if (decided->event.type->number == EVENT_star_decided)
        put_application(decided, object);
    else
        put_stars(decided, object);
}

static void put_honour(const struct decided *decided, json_t *object) {
    const struct honour_considered *data = decided->event.data;
    json_object_set_new(object, "nominate", json_true());
    json_object_set_new(object, "rank", json_integer(data->rank));
    if (HAS(data, honour_considered, class))
        json_object_set_new(object, "class", json_from_str(data->class));
}

static void put_enrolment(const struct decided *decided, json_t *object) {
    const struct enrolment_decided *enrolled = decided->event.data;
    const struct post_decided *claimed = decided->event.data;
    bool is_claim = decided->event.type->number == EVENT_post_decided;
    put_word(object, "outcome", &ENROLMENT_OUTCOME_choices,
             is_claim ? claimed->outcome : enrolled->outcome);
}

static void put_standing(const struct decided *decided, json_t *object) {
    const struct standing_changed *data = decided->event.data;
    put_word(object, "standing", &STANDING_choices, data->to);
    if (HAS(data, standing_changed, until))
        put_date(object, "until", data->until);
    if (HAS(data, standing_changed, appeal_until))
        put_date(object, "appeal_until", data->appeal_until);
}

static void (*const recorded[POLICY_KIND_COUNT])(const struct decided *decided, json_t *object) = {
    [POLICY_KIND_REGISTRATION] = put_registration,
    [POLICY_KIND_ACCEPTANCE] = put_acceptance,
    [POLICY_KIND_STAR_RATING] = put_rating,
    [POLICY_KIND_POINTS] = put_postings,
    [POLICY_KIND_ASSESSMENT] = put_indicator,
    [POLICY_KIND_REDEMPTION] = put_redemption,
    [POLICY_KIND_HONOUR] = put_honour,
    [POLICY_KIND_ELIGIBILITY] = put_enrolment,
    [POLICY_KIND_STANDING] = put_standing,
};

/* More than one event can hold: the answer was good, and was put off. */
static bool was_too_long(const struct decided *decided) {
    return decided->event.type->number == EVENT_points_withheld && !decided->failed;
}

json_t *json_from_recorded(const struct decided *decided) {
    if (decided->failed)
        return json_pack("{s:b}", "failed", 1);
    json_t *object = json_object();
    if (was_too_long(decided)) {
        json_object_set_new(object, "withheld", json_true());
    } else {
        recorded[decided->kind](decided, object);
        json_object_set_new(object, "findings", findings_json(event_findings(&decided->event)));
    }
    json_object_set_new(object, "facts", facts_json(decided->event.facts));
    return object;
}

/* ---- as it is answered ---- */

static void answer_indicator(const struct decided *decided, const struct answer *answer,
                             json_t *object) {
    const struct assessment_changed *data = decided->event.data;
    const struct indicator *list = answer->indicators.items;
    if (is_alert(decided)) {
        alert_put_answered(decided, answer, object);
        return;
    }
    json_object_set_new(object, "indicator", json_null());
    for (size_t i = 0; i < answer->indicators.n; i++) {
        if (!str_equal(list[i].id, data->indicator))
            continue;
        json_t *indicator = json_pack("{s:o, s:o}", "id", json_from_str(list[i].id), "state",
                                      json_from_str(list[i].state));
        put_scalar(indicator, "value", list[i].has_value, &list[i].value);
        put_scalar(indicator, "target", list[i].has_target, &list[i].target);
        if (list[i].veto)
            json_object_set_new(indicator, "veto", json_true());
        json_object_set_new(object, "indicator", indicator);
        return;
    }
}

/* Those that were added, as far as the answer has them. */
static json_t *added_json(const struct decided *decided, const json_t *postings) {
    json_t *left = json_copy((json_t *)(uintptr_t)postings), *added = json_array(), *posted;
    json_t *was = posted_json(decided);
    size_t i;
    json_array_foreach(was, i, posted) {
        for (size_t k = 0; k < json_array_size(left); k++) {
            if (!json_equal(posted, json_array_get(left, k)))
                continue;
            json_array_append(added, posted);
            json_array_remove(left, k);
            break;
        }
    }
    json_decref(was);
    json_decref(left);
    return added;
}

static void answer_postings(const struct decided *decided, const struct answer *answer,
                            struct str person, json_t *object) {
    const struct points_posted *list = answer->postings.items;
    json_t *postings = json_array();
    for (size_t i = 0; i < answer->postings.n; i++)
        json_array_append_new(postings, posting_json(&list[i], person));
    if (decided->anew)
        json_object_set_new(object, "added", added_json(decided, postings));
    json_object_set_new(object, "postings", postings);
}

/* Who applied for fewer stars than the rule would give gets those; who had more may keep some. */
static void answer_stars(const struct decided *decided, const struct answer *answer,
                         json_t *object) {
    const struct star_changed *data = decided->event.data;
    bool fewer = decided->applied && decided->applied < answer->stars;
    bool other = fewer || keeps_more(decided, answer->stars);
    json_object_set_new(object, "stars", json_integer(other ? data->to : answer->stars));
    json_object_set_new(object, "titles", other ? json_array() : titles_json(&answer->titles));
    if (!other)
        put_date(object, "valid_until", answer->valid_until);
}

/* As the engine takes it: core/engine/decide_stars.c. */
static void answer_application(const struct decided *decided, const struct answer *answer,
                               json_t *object) {
    bool enough = answer->stars >= decided->applied;
    bool waits = answer->approved_by && decided->applied_first;
    put_word(object, "outcome", &OUTCOME_choices,
             !enough ? OUTCOME_REFUSED
             : waits ? OUTCOME_HELD
                     : OUTCOME_ACCEPTED);
    if (enough && answer->approved_by)
        put_word(object, "approved_by", &APPROVAL_LEVEL_choices, answer->approved_by - 1);
    if (enough && answer->notice_days)
        json_object_set_new(object, "notice_days", json_integer(answer->notice_days));
}

static void answer_rating(const struct decided *decided, const struct answer *answer,
                          json_t *object) {
    if (decided->event.type->number == EVENT_star_decided)
        answer_application(decided, answer, object);
    else
        answer_stars(decided, answer, object);
}

/* What would be over already is none. */
static void answer_standing(const struct decided *decided, const struct answer *answer,
                            json_t *object) {
    bool ends = answer->valid_until != INT32_MIN;
    bool is_over = ends && answer->valid_until < decided->recorded_on;
    put_word(object, "standing", &STANDING_choices, is_over ? STANDING_GOOD : answer->outcome);
    if (ends && !is_over)
        put_date(object, "until", answer->valid_until);
    if (answer->appeal_days && !is_over && answer->outcome != STANDING_GOOD)
        put_date(object, "appeal_until", decided->recorded_on + (int32_t)answer->appeal_days);
}

static void put_answer(const struct decided *decided, const struct answer *answer,
                       struct str person, json_t *object) {
    switch (decided->kind) {
    case POLICY_KIND_ACCEPTANCE:
        if (is_of_review(decided))
            break;
        json_object_set_new(object, "minutes", json_integer(answer->minutes));
        __attribute__((fallthrough));
    case POLICY_KIND_REGISTRATION:
        json_object_set_new(object, "outcome", json_string(OUTCOME_choices.words[answer->outcome]));
        break;
    case POLICY_KIND_REDEMPTION:
    case POLICY_KIND_ELIGIBILITY:
        put_word(object, "outcome", answer->outcomes, answer->outcome);
        break;
    case POLICY_KIND_STANDING:
        answer_standing(decided, answer, object);
        break;
    case POLICY_KIND_STAR_RATING:
        answer_rating(decided, answer, object);
        break;
    case POLICY_KIND_HONOUR:
        json_object_set_new(object, "nominate", json_boolean(answer->nominate));
        json_object_set_new(object, "rank", json_integer(answer->rank));
        if (answer->class.size)
            json_object_set_new(object, "class", json_from_str(answer->class));
        break;
    case POLICY_KIND_POINTS:
        answer_postings(decided, answer, person, object);
        break;
    default:
        answer_indicator(decided, answer, object);
    }
}

static json_t *answered_findings(const struct decided *decided, const struct answer *answer) {
    struct arena arena;
    arena_init(&arena);
    struct list signals = record_review_signals(&answer->findings, &arena);
    json_t *findings = findings_json(is_of_review(decided) ? &signals : &answer->findings);
    arena_deinit(&arena);
    return findings;
}

json_t *json_from_answer(const struct decided *decided, const struct answer *answer,
                         struct str person) {
    if (!answer->asked)
        return json_pack("{s:b}", "asked", 0);
    if (answer->failed)
        return json_pack("{s:b, s:o}", "failed", 1, "failure", json_from_str(answer->failure));
    json_t *object = json_object();
    if (was_too_long(decided)) {
        json_object_set_new(object, "withheld", json_true());
    } else {
        put_answer(decided, answer, person, object);
        json_object_set_new(object, "findings", answered_findings(decided, answer));
    }
    json_object_set_new(object, "facts", facts_json(answer->facts));
    return object;
}

/* ---- both ---- */

/* How a failing policy words it was not recorded; nor what it said again of what was there. */
static bool is_compared(const json_t *recorded_json, const char *name) {
    return strcmp(name, "failure") != 0 &&
           (strcmp(name, "postings") != 0 || !json_object_get(recorded_json, "added"));
}

json_t *json_differences(const json_t *recorded_json, const json_t *replayed) {
    json_t *differences = json_array(), *value;
    const char *name;
    json_object_foreach((json_t *)(uintptr_t)recorded_json, name, value) {
        if (is_compared(recorded_json, name) && !json_equal(value, json_object_get(replayed, name)))
            json_array_append_new(differences, json_string(name));
    }
    json_object_foreach((json_t *)(uintptr_t)replayed, name, value) {
        if (is_compared(recorded_json, name) && !json_object_get(recorded_json, name))
            json_array_append_new(differences, json_string(name));
    }
    return differences;
}
