/* What a method takes: the parameters of its row in methods.c, and those that follow from the
 * catalogue (enum method_form). Checks, complaints and method.list come from here.
 * Threads: pure. */
#pragma once

#include "bus/method.h"

#define METHOD_PARAMETERS 48

/* In the order in which they are shown; returns how many. */
size_t method_parameters(const struct method *method,
                         struct parameter ret_parameters[static METHOD_PARAMETERS]);
const char *parameter_word(enum parameter_kind kind);
/* The kind of parameter that says a value of this field. */
enum parameter_kind parameter_of_field(enum field_kind kind);
/* 0, or > 0: a parameter that the method does not have (the nearest is named), of another kind, or
 * a missing one. */
int parameters_check(const struct method *method, json_t *params, struct problem *problem);
