/* Questions of kind redemption: whether what somebody asks to redeem is theirs to have. A rule that
 * fails, and one that is not there, refuses. */
#include "engine/decision.h"

int decide_redemption(struct asked *asked) {
    const struct answer *answer = &asked->answer;
    bool accepted = answer->asked && !answer->failed && answer->outcome == OUTCOME_ACCEPTED;
    struct str id;
    int r = thing_named(asked_context(asked), NOUN_REDEMPTION, asked->question->number, &id);
    if (r != 0)
        return r;
    struct redemption_decided *data = decision_shape(asked, EVENT_redemption_decided);
    data->redemption = id;
    data->outcome = accepted ? OUTCOME_ACCEPTED : OUTCOME_REFUSED;
    data->findings = decision_findings(asked);
    GIVE(data, redemption_decided, redemption);
    GIVE(data, redemption_decided, outcome);
    if (data->findings.n)
        GIVE(data, redemption_decided, findings);
    return decision_apply(asked);
}
