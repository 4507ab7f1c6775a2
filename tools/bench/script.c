#include "script.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void script_add(struct script *script, const char *type, const char *time, const char *format,
                ...) {
    char data[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(data, sizeof data, format, arguments);
    va_end(arguments);
    if (script->n + 2 > script->capacity) {
        script->capacity = script->capacity ? 2 * script->capacity : 1024;
        script->starts = realloc(script->starts, script->capacity * sizeof *script->starts);
        if (!script->starts)
            abort();
    }
    script->starts[script->n++] = script->text.size;
    buf_printf(&script->text,
               "{\"specversion\":\"1.0\",\"id\":\"%c%012zu\",\"source\":\"%s\",\"type\":\"%s\"",
               script->letter, ++script->serial, script->source, type);
    if (time)
        buf_printf(&script->text, ",\"time\":\"%s\"", time);
    buf_printf(&script->text, ",\"data\":{%s}}\n", data);
    script->starts[script->n] = script->text.size;
}

struct workload script_workload(const struct script *script) {
    return (struct workload){.text = script->text.data,
                             .size = script->text.size,
                             .starts = script->starts,
                             .n_events = script->n};
}

void script_deinit(struct script *script) {
    buf_deinit(&script->text);
    free(script->starts);
}
