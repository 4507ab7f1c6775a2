/* explain record: what became of a record, event by event, and why. */
#include "explain.h"
#include "noun.h"
#include "value.h"

/* What a state means for the hours, after its word; the counted minutes of an accepted record are
 * printed with it. */
static const char *state_meaning(const char *state) {
    static const char *const meanings[][2] = {
        {"held", N_("it waits for a review and does not count until it is accepted")},
        {"refused", N_("it does not count")},
        {"revoked", N_("it no longer counts")},
        {"pending", N_("it is not decided yet")},
    };
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strcmp(meanings[i][0], state) == 0)
            return _(meanings[i][1]);
    return _("it does not count");
}

static void served_print(const json_t *record) {
    char starts[TEXT_SIZE], ends[TEXT_SIZE];
    const char *activity = text_at(record, "activity");
    print_line(_("%s served %s to %s, %lld minutes claimed%s%s, for %s."),
               text_at(record, "volunteer"), moment_text(text_at(record, "starts"), starts),
               moment_text(text_at(record, "ends"), ends), (long long)integer_at(record, "minutes"),
               *activity ? _(", activity ") : "", activity, text_at(record, "organisation"));
}

static void carried_print(const json_t *record) {
    const char *system = text_at(record, "system");
    print_line(_("%s: %lld minutes of %s to %s, carried over%s%s, recorded by %s: %s"),
               text_at(record, "volunteer"), (long long)integer_at(record, "minutes"),
               text_at(record, "from"), text_at(record, "to"), *system ? _(" from ") : "", system,
               text_at(record, "organisation"), text_at(record, "evidence"));
}

static void record_head(const struct call *call, const json_t *record, const char *reason) {
    const char *state = text_at(record, "state");
    explain_strong(call, text_at(record, "record"));
    if (json_is_true(json_object_get(record, "carried")))
        carried_print(record);
    else
        served_print(record);
    if (strcmp(state, "accepted") == 0)
        print(_("%s: %lld minutes count.\n"), explain_state(state),
              (long long)integer_at(record, "counted_minutes"));
    else
        print_line(_("%s: %s%s%s."), explain_state(state), state_meaning(state),
                   *reason ? _("; reason: ") : "", reason);
}

static void decision_print(const struct call *call, const json_t *decision) {
    BUF_AUTO why = {0};
    const char *revision = text_at(decision, "revision");
    const char *by = *revision ? revision : text_at(decision, "reviewer");
    findings_text(json_object_get(decision, "findings"), &why);
    print("  %lld  %s: %s", (long long)integer_at(decision, "sequence"), text_at(decision, "type"),
          explain_state(text_at(decision, "outcome")));
    if (has_at(decision, "minutes"))
        print(_(", %lld minutes"), (long long)integer_at(decision, "minutes"));
    print(*by ? _(", by %s\n") : "%s\n", by);
    if (why.size)
        print_line("      %s", buf_text(&why));
    explain_facts(call, json_object_get(decision, "facts"));
}

static void events_print(const struct call *call, const json_t *events) {
    size_t index;
    json_t *item;
    if (json_array_size(events) == 0)
        return;
    print("\n");
    explain_strong(call, _("What happened to it"));
    struct table *table = table_new(&call->terminal);
    table_column(table, NULL, COLUMN_NUMBER);
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_TEXT);
    table_without_headings(table);
    json_array_foreach(events, index, item) {
        char moment[TEXT_SIZE];
        table_row(table, NULL);
        table_printf(table, 0, "%lld", (long long)integer_at(item, "sequence"));
        table_text(table, 1, moment_text(text_at(item, "time"), moment));
        table_text(table, 2, text_at(item, "type"));
    }
    table_print(table);
}

static void points_print(struct call *call, const json_t *record) {
    const json_t *points = json_object_get(record, "points");
    const json_t *withheld = json_object_get(record, "points_withheld");
    size_t index;
    json_t *item;
    if (json_array_size(points) + json_array_size(withheld) == 0)
        return;
    print("\n");
    explain_strong(call, _("Points"));
    json_array_foreach(points, index, item) {
        char amount[TEXT_SIZE];
        BUF_AUTO why = {0};
        findings_text(json_object_get(item, "findings"), &why);
        print("  %lld  %s: %s %s", (long long)integer_at(item, "sequence"),
              text_at(item, "volunteer"),
              amount_text(&call->lexicon, text_at(item, "account"), integer_at(item, "amount"),
                          true, amount),
              text_at(item, "account"));
        print(_(", by %s\n"), text_at(item, "revision"));
        if (why.size)
            print_line("      %s", buf_text(&why));
    }
    json_array_foreach(withheld, index, item)
        print(_("  The rule %s failed; it is asked again when a points rule is activated.\n"),
              json_string_value(item));
}

static void record_print(struct call *call, const json_t *record, const char *reason) {
    const json_t *decisions = json_object_get(record, "decisions");
    size_t index;
    json_t *item;
    record_head(call, record, reason);
    if (json_array_size(decisions)) {
        print("\n");
        explain_strong(call, _("Decisions"));
    }
    json_array_foreach(decisions, index, item) decision_print(call, item);
    if (json_is_object(json_object_get(record, "rule"))) {
        print("\n");
        explain_strong(call, _("The rule of that day"));
        explain_rule(call, json_object_get(record, "rule"));
    }
    points_print(call, record);
    events_print(call, json_object_get(record, "events"));
    explain_rule_text(call, json_object_get(record, "rule"));
}

int run_explain_record(struct call *call) {
    json_auto_t *answer = NULL;
    json_auto_t *details = NULL;
    const char *id = call_argument(call, 0);
    json_t *params = json_pack("{s:s}", "record", id);
    if (call_flag(call, "rule"))
        json_object_set_new(params, "rule", json_true());
    int code = client_ask(&call->client, "explain", params, &answer);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, answer);
    /* Why a person revoked it stands with the record, not with the decisions. */
    if (strcmp(text_at(answer, "state"), "revoked") == 0)
        code = client_ask(&call->client, "record.get", json_pack("{s:s}", "record", id), &details);
    if (code == DONE)
        record_print(call, answer, text_at(details, "reason"));
    return code;
}
