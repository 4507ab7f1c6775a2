#include "policy/complaints.h"

#include <stdio.h>
#include <string.h>

static const char *const severities[] = {"error", "warning"};

/* Cut where it is too long, but never within a character. */
static json_t *message_json(char *message, size_t capacity, int size) {
    if (size >= (int)capacity) {
        size_t end = capacity - 1;
        while (end > 0 && ((unsigned char)message[end - 1] & 0xc0) == 0x80)
            end--;
        message[end ? end - 1 : 0] = 0;
    }
    json_t *text = json_string(message);
    return text ? text : json_string("a text that is not UTF-8");
}

void complaint_add_list(json_t *complaints, enum severity severity, uint32_t line, const char *code,
                        const char *format, va_list arguments) {
    char message[600];
    if (json_array_size(complaints) >= COMPLAINTS_LIMIT)
        return;
    int size = vsnprintf(message, sizeof message, format, arguments);
    json_array_append_new(complaints,
                          json_pack("{s:i, s:s, s:s, s:o}", "line", (int)line, "severity",
                                    severities[severity], "code", code, "message",
                                    message_json(message, sizeof message, size)));
}

void complaint_add(json_t *complaints, enum severity severity, uint32_t line, const char *code,
                   const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    complaint_add_list(complaints, severity, line, code, format, arguments);
    va_end(arguments);
}

bool complaints_refuse(const json_t *complaints) {
    size_t i;
    json_t *complaint;
    json_array_foreach(complaints, i, complaint) {
        const char *severity = json_string_value(json_object_get(complaint, "severity"));
        if (severity && strcmp(severity, severities[SEVERITY_WARNING]) != 0)
            return true;
    }
    return false;
}

/* Behind the blanks at `i` stands the sign of an assignment, or "] =" where it is a text. */
static bool is_assigned(struct str text, size_t i, bool quoted) {
    if (quoted && i < text.size && text.data[i] == ']')
        i++;
    while (i < text.size && text.data[i] == ' ')
        i++;
    return i < text.size && text.data[i] == '=';
}

uint32_t complaint_line_of(struct str text, const char *name) {
    uint32_t line = 1;
    size_t size = strlen(name);
    for (size_t i = 0; i + size < text.size; i++) {
        if (text.data[i] == '\n')
            line++;
        char before = i ? text.data[i - 1] : '\n';
        bool quoted = (before == '"' || before == '\'') && text.data[i + size] == before;
        if ((!quoted && !strchr(" \t\n{,", before)) || memcmp(text.data + i, name, size) != 0)
            continue;
        if (is_assigned(text, i + size + quoted, quoted))
            return line;
    }
    return 0;
}
