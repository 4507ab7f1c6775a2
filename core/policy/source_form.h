/* What a file is before anything reads it as Lua: the bytes of a text editor's UTF-8, or something
 * else that has a name. Threads: pure. */
#pragma once

#include "util/str.h"

/* As policy.activated takes it. */
#define SOURCE_BYTES 262144

struct source_form {
    const char *code; /* empty, too_long, bytecode, utf_16, zero_byte, not_utf8 */
    const char *message;
    uint32_t line; /* 0: of the file as a whole */
};

/* False where the file can be read as Lua; else *ret_form says what it is. CRLF and a mark at the
 * beginning (BOM) are fine. */
bool source_form_is_wrong(struct str text, struct source_form *ret_form);
/* What stands behind the mark that some editors put at the beginning. */
struct str source_behind_mark(struct str text);
