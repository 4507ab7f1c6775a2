#include "bus/alert_json.h"

#include "bus/methods_common.h"

static void put_severity(json_t *object, int32_t severity) {
    json_object_set_new(object, "severity", json_string(ALERT_SEVERITY_choices.words[severity]));
}

/* An alert about an indicator that fell rests on its state; one of the policy's own on its being
 * said. */
void alert_put_recorded(const struct decided *decided, json_t *object) {
    const struct alert_raised *raised = decided->event.data;
    const struct alert_cleared *cleared = decided->event.data;
    bool is_cleared = decided->event.type->number == EVENT_alert_cleared;
    bool fell =
        is_cleared ? HAS(cleared, alert_cleared, indicator) : HAS(raised, alert_raised, indicator);
    if (fell)
        json_object_set_new(object, "state", json_from_str(is_cleared ? cleared->to : raised->to));
    else
        json_object_set_new(object, "says", json_boolean(!is_cleared));
    if (fell || is_cleared)
        return;
    put_severity(object, raised->severity);
    json_object_set_new(object, "text", json_from_str(raised->text));
    json_object_set_new(object, "help", json_from_str(raised->help));
}

static struct str answered_state(const struct answer *answer, struct str indicator) {
    const struct indicator *list = answer->indicators.items;
    for (size_t i = 0; i < answer->indicators.n; i++)
        if (str_equal(list[i].id, indicator))
            return list[i].state;
    return STR_NONE;
}

void alert_put_answered(const struct decided *decided, const struct answer *answer,
                        json_t *object) {
    const struct alert_raised *raised = decided->event.data;
    const struct alert_cleared *cleared = decided->event.data;
    const struct answer_alert *list = answer->alerts.items;
    bool is_cleared = decided->event.type->number == EVENT_alert_cleared;
    struct str code = is_cleared ? cleared->code : raised->code;
    if (is_cleared ? HAS(cleared, alert_cleared, indicator)
                   : HAS(raised, alert_raised, indicator)) {
        struct str indicator = is_cleared ? cleared->indicator : raised->indicator;
        json_object_set_new(object, "state", json_from_str(answered_state(answer, indicator)));
        return;
    }
    json_object_set_new(object, "says", json_false());
    for (size_t i = 0; i < answer->alerts.n; i++) {
        if (!str_equal(list[i].code, code))
            continue;
        json_object_set_new(object, "says", json_true());
        if (is_cleared)
            return;
        put_severity(object, (int32_t)list[i].severity);
        json_object_set_new(object, "text", json_from_str(list[i].text));
        json_object_set_new(object, "help", json_from_str(list[i].help));
    }
}
