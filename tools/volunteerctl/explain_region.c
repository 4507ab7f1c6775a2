/* explain region: how a region stands by each indicator, and why. */
#include "explain.h"
#include "noun.h"
#include "value.h"

static enum colour state_colour(const char *state) {
    if (strcmp(state, "met") == 0)
        return COLOUR_GOOD;
    return strcmp(state, "not_met") == 0 ? COLOUR_BAD : COLOUR_WARN;
}

static void value_cell(struct table *table, size_t column, const json_t *value) {
    BUF_AUTO text = {0};
    value_line(value, &text);
    table_text(table, column, text.size ? buf_text(&text) : "-");
}

static void indicators_print(const struct call *call, const json_t *indicators) {
    struct table *table = table_new(&call->terminal);
    table_column(table, _("indicator"), COLUMN_WRAP);
    table_column(table, _("value"), COLUMN_TEXT);
    table_column(table, _("target"), COLUMN_TEXT);
    table_column(table, _("state"), COLUMN_TEXT);
    table_column(table, _("since"), COLUMN_TEXT);
    table_column(table, _("decision"), COLUMN_NUMBER);
    table_column(table, _("evidence"), COLUMN_WRAP);
    for (size_t i = 0; i < json_array_size(indicators); i++) {
        const json_t *indicator = json_array_get(indicators, i);
        const char *title = text_at(indicator, "title");
        table_row(table, NULL);
        table_text(table, 0, *title ? title : text_at(indicator, "id"));
        value_cell(table, 1, json_object_get(indicator, "value"));
        value_cell(table, 2, json_object_get(indicator, "target"));
        table_text(table, 3, explain_state(text_at(indicator, "state")));
        table_colour(table, 3, state_colour(text_at(indicator, "state")));
        table_text(table, 4, text_at(indicator, "since"));
        value_cell(table, 5, json_object_get(indicator, "decision"));
        value_cell(table, 6, json_object_get(indicator, "evidence"));
    }
    table_print(table);
}

static void findings_print(const json_t *findings) {
    for (size_t i = 0; i < json_array_size(findings); i++) {
        BUF_AUTO text = {0};
        json_auto_t *one = json_pack("[O]", json_array_get(findings, i));
        findings_text(one, &text);
        print_line("  · %s", buf_text(&text));
    }
}

static void policy_print(const struct call *call, const json_t *policy) {
    print("\n");
    explain_strong(call, text_at(policy, "policy"));
    explain_rule(call, json_object_get(policy, "rule"));
    if (*text_at(policy, "failure")) {
        print_line(_("  ✗ the policy failed: %s"), text_at(policy, "failure"));
        return;
    }
    indicators_print(call, json_object_get(policy, "indicators"));
    findings_print(json_object_get(policy, "findings"));
    explain_facts(call, json_object_get(policy, "facts"));
}

static void figures_print(struct call *call, const json_t *figures) {
    if (json_array_size(figures) == 0)
        return;
    print("\n");
    explain_strong(call, _("Figures, and who reported them"));
    struct table *table = table_new(&call->terminal);
    table_column(table, _("figure"), COLUMN_TEXT);
    table_column(table, _("value"), COLUMN_NUMBER);
    table_column(table, _("as of"), COLUMN_TEXT);
    table_column(table, _("origin"), COLUMN_WRAP);
    table_column(table, _("reported by"), COLUMN_TEXT);
    table_column(table, _("event"), COLUMN_NUMBER);
    for (size_t i = 0; i < json_array_size(figures); i++) {
        const json_t *figure = json_array_get(figures, i);
        table_row(table, NULL);
        table_text(table, 0, noun_word(NULL, NULL, "figure", text_at(figure, "figure")));
        table_number(table, 1, integer_at(figure, "value"));
        table_text(table, 2, text_at(figure, "as_of"));
        table_text(table, 3, text_at(figure, "origin"));
        if (*text_at(figure, "by"))
            table_printf(table, 4, "%s (%s)", text_at(figure, "by"), text_at(figure, "source"));
        else
            table_text(table, 4, text_at(figure, "source"));
        table_printf(table, 5, "%lld", (long long)integer_at(figure, "sequence"));
    }
    table_print(table);
}

int run_explain_region(struct call *call) {
    json_auto_t *answer = NULL;
    json_t *params = json_pack("{s:s}", "region", call_argument(call, 0));
    call_pass(call, "as-of", params, "as_of");
    if (call_flag(call, "rule"))
        json_object_set_new(params, "rule", json_true());
    int code = client_ask(&call->client, "explain", params, &answer);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, answer);
    const json_t *region = json_object_get(answer, "region");
    const json_t *policies = json_object_get(answer, "policies");
    print(_("%s %s, as of %s\n"), text_at(region, "id"), text_at(region, "name"),
          text_at(answer, "as_of"));
    if (json_array_size(policies) == 0)
        print(_("No assessment policy is in force here.\n"));
    for (size_t i = 0; i < json_array_size(policies); i++)
        policy_print(call, json_array_get(policies, i));
    figures_print(call, json_object_get(answer, "figures"));
    for (size_t i = 0; i < json_array_size(policies); i++)
        explain_rule_text(call, json_object_get(json_array_get(policies, i), "rule"));
    return DONE;
}
