#include "bus/decision_json.h"

#include "bus/methods_common.h"
#include "bus/methods_decisions.h"
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
        if (str_equal(items[i].code, STR("points_already_spent")))
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

/* ---- as it was recorded ---- */

static void put_registration(const struct decided *decided, json_t *object) {
    const struct registration_decided *data = decided->event.data;
    json_object_set_new(object, "outcome", json_string(OUTCOME_choices.words[data->outcome]));
}

static void put_acceptance(const struct decided *decided, json_t *object) {
    const struct service_decided *data = decided->event.data;
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

static void put_postings(const struct decided *decided, json_t *object) {
    json_t *postings = json_array();
    json_object_set_new(object, "postings", postings);
    for (size_t i = 0; i < decided->n; i++)
        json_array_append_new(postings, posting_json(decided->entries[i].data, STR_NONE));
}

static void put_indicator(const struct decided *decided, json_t *object) {
    const struct assessment_changed *data = decided->event.data;
    json_t *indicator = json_pack("{s:o, s:o}", "id", json_from_str(data->indicator), "state",
                                  json_from_str(data->to));
    put_scalar(indicator, "value", HAS(data, assessment_changed, value), &data->value);
    put_scalar(indicator, "target", HAS(data, assessment_changed, target), &data->target);
    json_object_set_new(object, "indicator", indicator);
}

static void put_word(json_t *object, const char *name, const struct choices *choices,
                     int32_t choice) {
    json_object_set_new(object, name, json_string(choices->words[choice]));
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
    json_object_set_new(object, "indicator", json_null());
    for (size_t i = 0; i < answer->indicators.n; i++) {
        if (!str_equal(list[i].id, data->indicator))
            continue;
        json_t *indicator = json_pack("{s:o, s:o}", "id", json_from_str(list[i].id), "state",
                                      json_from_str(list[i].state));
        put_scalar(indicator, "value", list[i].has_value, &list[i].value);
        put_scalar(indicator, "target", list[i].has_target, &list[i].target);
        json_object_set_new(object, "indicator", indicator);
        return;
    }
}

static void answer_postings(const struct answer *answer, struct str person, json_t *object) {
    const struct points_posted *list = answer->postings.items;
    json_t *postings = json_array();
    json_object_set_new(object, "postings", postings);
    for (size_t i = 0; i < answer->postings.n; i++)
        json_array_append_new(postings, posting_json(&list[i], person));
}

/* Who applied for fewer stars than the rule would give gets those. */
static void answer_stars(const struct decided *decided, const struct answer *answer,
                         json_t *object) {
    bool fewer = decided->applied && decided->applied < answer->stars;
    json_object_set_new(object, "stars", json_integer(fewer ? decided->applied : answer->stars));
    json_object_set_new(object, "titles", fewer ? json_array() : titles_json(&answer->titles));
    if (!fewer)
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

static void put_answer(const struct decided *decided, const struct answer *answer,
                       struct str person, json_t *object) {
    switch (decided->kind) {
    case POLICY_KIND_ACCEPTANCE:
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
        put_word(object, "standing", answer->outcomes, answer->outcome);
        put_date(object, "until", answer->valid_until);
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
        answer_postings(answer, person, object);
        break;
    default:
        answer_indicator(decided, answer, object);
    }
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
        json_object_set_new(object, "findings", findings_json(&answer->findings));
    }
    json_object_set_new(object, "facts", facts_json(answer->facts));
    return object;
}

/* ---- both ---- */

/* How a failing policy words it was not recorded. */
static bool is_compared(const char *name) {
    return strcmp(name, "failure") != 0;
}

json_t *json_differences(const json_t *recorded_json, const json_t *replayed) {
    json_t *differences = json_array(), *value;
    const char *name;
    json_object_foreach((json_t *)(uintptr_t)recorded_json, name, value) {
        if (is_compared(name) && !json_equal(value, json_object_get(replayed, name)))
            json_array_append_new(differences, json_string(name));
    }
    json_object_foreach((json_t *)(uintptr_t)replayed, name, value) {
        if (is_compared(name) && !json_object_get(recorded_json, name))
            json_array_append_new(differences, json_string(name));
    }
    return differences;
}
