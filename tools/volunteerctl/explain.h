/* What the commands `explain` print alike. Threads: one. */
#pragma once

#include "commands.h"

/* A line that stands out. */
void explain_strong(const struct call *call, const char *text);
/* By which rule: title, revision, and the parameters of the day in words. */
void explain_rule(const struct call *call, const json_t *rule);
/* The rule's text, where it was asked for. */
void explain_rule_text(const struct call *call, const json_t *rule);
/* A table of the facts that were read. */
void explain_facts(const struct call *call, const json_t *facts);
/* "held" in the reader's language. */
const char *explain_state(const char *state);
