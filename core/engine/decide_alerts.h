/* Alerts that follow from an assessment. Threads: the engine's. Memory: the context's arena. */
#pragma once

#include "engine/decision.h"

/* What the policies in force answered about one subject. */
struct assessed_answers {
    const struct answer *list;
    size_t n;
};

/* Of two states of an indicator the first is worse: it earns less. Words of a policy's own are
 * never worse. */
bool state_is_worse(struct str state, struct str before);
/* The indicator of asked->answer stands otherwise than `from`: an alert where that is worse. */
int decide_fall(const struct asked *asked, const struct indicator *indicator, struct str from);
/* Clears what is over, of these policies and of those that are not asked any more; raises what they
 * say and what is not open yet. asked->answer is used. */
int decide_alerts(struct asked *asked, const struct assessed_answers *answers);
/* The rule of registration failed, and somebody was accepted unjudged: the city's alert, while none
 * is open. */
int decide_registration_failed(const struct asked *asked);
/* The alert that asked->question is about is over. */
int decide_alert_over(const struct asked *asked);
