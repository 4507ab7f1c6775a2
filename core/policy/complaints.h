/* What a check says about a file: a list of {"line","severity","code","message"}. An error refuses
 * the file; a warning says what its author probably did not mean. Threads: the list's owner. */
#pragma once

#include <jansson.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "util/str.h"

/* What comes after so many is left out. */
#define COMPLAINTS_LIMIT 50

enum severity { SEVERITY_ERROR, SEVERITY_WARNING };

/* `line` 0: of the file as a whole. */
void complaint_add(json_t *complaints, enum severity severity, uint32_t line, const char *code,
                   const char *format, ...) __attribute__((format(printf, 5, 6)));
void complaint_add_list(json_t *complaints, enum severity severity, uint32_t line, const char *code,
                        const char *format, va_list arguments)
    __attribute__((format(printf, 5, 0)));
/* Whether one of them is an error. */
bool complaints_refuse(const json_t *complaints);
/* The first line on which `name =` or a text with that content begins, or 0. */
uint32_t complaint_line_of(struct str text, const char *name);
