/* What the plugin answers on the query socket, as recruitment.<name>: how far it is, what is for a
 * person to look at, the outbox, and what a person does about it.
 * Threads: one. Errors: refused with a code of the contract. */
#pragma once

#include <jansson.h>
#include <stdint.h>
#include <volunteerd/volunteer_plugin.h>

extern const struct vol_method recruitment_methods[];

/* reconcile.c */
void method_reconcile(void *self, struct vol_call *call, const struct vol_value *parameters);
void reconcile_stop(void *self);
/* methods_conflict.c */
void method_conflicts(void *self, struct vol_call *call, const struct vol_value *parameters);
void method_resolve(void *self, struct vol_call *call, const struct vol_value *parameters);
void method_link(void *self, struct vol_call *call, const struct vol_value *parameters);
void method_reload(void *self, struct vol_call *call, const struct vol_value *parameters);
/* methods_outbox.c */
void method_outbox(void *self, struct vol_call *call, const struct vol_value *parameters);
void method_resend(void *self, struct vol_call *call, const struct vol_value *parameters);

struct recruitment;
/* Answers with a JSON value, taken. */
void answer_json(struct vol_call *call, json_t *answer);
/* The parameter's text or NULL; a whole number, given as such or as text, or the fallback. */
const char *parameter_text(struct recruitment *recruitment, const struct vol_value *parameters,
                           const char *name);
int64_t parameter_number(struct recruitment *recruitment, const struct vol_value *parameters,
                         const char *name, int64_t fallback);
#define PAGE_LIMIT 100
#define PAGE_LIMIT_MOST 1000
/* `limit` (100, at most 1,000) and `cursor` of a list by number. */
void parameter_page(struct recruitment *recruitment, const struct vol_value *parameters,
                    int64_t *ret_cursor, int64_t *ret_limit);
