#include "explain.h"

#include "noun.h"
#include "value.h"

void explain_strong(const struct call *call, const char *text) {
    printf("%s", colour_code(&call->terminal, COLOUR_STRONG));
    print("%s", text);
    printf("%s\n", colour_code(&call->terminal, COLOUR_PLAIN));
}

const char *explain_state(const char *state) {
    return noun_word(NULL, NULL, "state", state);
}

/* ---- the rule ---- */

void explain_rule(const struct call *call, const json_t *rule) {
    const json_t *parameters = json_object_get(rule, "parameters");
    const char *from = text_at(rule, "from");
    (void)call;
    if (*from)
        print_line(_("  by “%s”, revision %s, with what holds from %s:"), text_at(rule, "title"),
                   text_at(rule, "revision"), from);
    else
        print_line(_("  by “%s”, revision %s"), text_at(rule, "title"), text_at(rule, "revision"));
    for (size_t i = 0; i < json_array_size(parameters); i++) {
        const json_t *parameter = json_array_get(parameters, i);
        const char *title = text_at(parameter, "title");
        const char *words = text_at(parameter, "words");
        print_line("      %s: %s", *title ? title : text_at(parameter, "name"),
                   *words ? words : "-");
    }
}

void explain_rule_text(const struct call *call, const json_t *rule) {
    const char *text = text_at(rule, "text");
    if (!*text)
        return;
    print("\n");
    explain_strong(call, _("The rule"));
    print_clean(stdout, text, true);
    if (text[strlen(text) - 1] != '\n')
        print("\n");
}

/* ---- facts ---- */

/* minutes_on(on=2018-03-05)  318 */
static void fact_add(struct table *table, const json_t *fact) {
    BUF_AUTO name = {0};
    BUF_AUTO value = {0};
    const json_t *arguments = json_object_get(fact, "arguments");
    BUF_AUTO typed = {0};
    value_line(arguments, &typed);
    buf_printf(&name, "      %s", text_at(fact, "fact"));
    if (typed.size)
        buf_printf(&name, "(%s)", buf_text(&typed));
    value_line(json_object_get(fact, "value"), &value);
    table_row(table, NULL);
    table_text(table, 0, buf_text(&name));
    table_text(table, 1, has_at(fact, "value") && value.size ? buf_text(&value) : "-");
}

void explain_facts(const struct call *call, const json_t *facts) {
    size_t index;
    json_t *fact;
    if (json_array_size(facts) == 0)
        return;
    struct table *table = table_new(&call->terminal);
    table_column(table, _("      fact read"), COLUMN_TEXT);
    table_column(table, _("value"), COLUMN_WRAP);
    json_array_foreach(facts, index, fact) fact_add(table, fact);
    table_print(table);
}
