#include "policy_verdict.h"

#include "table.h"
#include "value.h"

#define LINES_SHOWN 40

/* As compilers write it: FILE:LINE: message [code]. */
void verdict_complaints(const json_t *verdict, const char *file) {
    size_t index;
    json_t *complaint;
    json_array_foreach(json_object_get(verdict, "complaints"), index, complaint) {
        int64_t line = integer_at(complaint, "line");
        const char *code = text_at(complaint, "code");
        bool warning = strcmp(text_at(complaint, "severity"), "warning") == 0;
        char place[32] = "";
        if (line > 0)
            snprintf(place, sizeof place, "%lld:", (long long)line);
        note("%s:%s %s%s%s%s%s", file, place, warning ? _("warning: ") : "",
             text_at(complaint, "message"), *code ? " [" : "", code, *code ? "]" : "");
    }
}

void verdict_cases(const struct call *call, const json_t *verdict) {
    size_t index;
    json_t *each;
    json_array_foreach(json_object_get(verdict, "cases"), index, each) {
        bool ok = flag_at(each, "ok");
        printf("  %s%s%s ", colour_code(&call->terminal, ok ? COLOUR_GOOD : COLOUR_BAD),
               ok ? "✓" : "✗", colour_code(&call->terminal, COLOUR_PLAIN));
        print("%s%s%s\n", text_at(each, "name"), ok ? "" : ": ",
              ok ? "" : text_at(each, "message"));
    }
}

void policy_verdict_print(const struct call *call, const json_t *verdict, const char *file) {
    verdict_complaints(verdict, file);
    verdict_cases(call, verdict);
}

/* The n-th line of the text, without its end. */
static struct str line_at(const char *text, int64_t n) {
    while (--n > 0 && (text = strchr(text, '\n')))
        text++;
    return text ? (struct str){text, strcspn(text, "\r\n")} : STR_NONE;
}

void verdict_coverage(const struct call *call, const json_t *verdict, const char *file,
                      const char *text) {
    const json_t *coverage = json_object_get(verdict, "coverage");
    const json_t *missed = json_object_get(coverage, "missed");
    size_t index;
    json_t *line;
    if (!json_is_object(coverage))
        return;
    print(_("%s: %lld of %lld lines ran in the cases.\n"), file,
          (long long)integer_at(coverage, "run"), (long long)integer_at(coverage, "lines"));
    json_array_foreach(missed, index, line) {
        long long number = (long long)json_integer_value(line);
        struct str source = text && call->terminal.out ? line_at(text, number) : STR_NONE;
        if (index == LINES_SHOWN && call->terminal.out) {
            print(_("  … and %zu more\n"), json_array_size(missed) - index);
            return;
        }
        print(_("  line %lld never ran%s%.*s\n"), number, source.size ? ": " : "", STR_ARG(source));
    }
}
