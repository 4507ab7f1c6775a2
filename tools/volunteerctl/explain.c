/* explain volunteer|record: why somebody has the stars they have, and what became of a record, in
 * words. */
#include "commands.h"
#include "noun.h"
#include "value.h"

static void strong(const struct call *call, const char *text) {
    printf("%s", colour_code(&call->terminal, COLOUR_STRONG));
    print("%s", text);
    printf("%s\n", colour_code(&call->terminal, COLOUR_PLAIN));
}

static const char *state_word(const char *state) {
    return noun_word(NULL, NULL, "state", state);
}

/* ---- volunteer ---- */

static void stars_head(const struct call *call, const json_t *answer) {
    char stars[TEXT_SIZE], hours[TEXT_SIZE], records[TEXT_SIZE];
    const json_t *counted = json_object_get(answer, "counted");
    bool has_counted = has_at(counted, "minutes");
    int64_t minutes = has_counted ? integer_at(counted, "minutes") : integer_at(answer, "minutes");
    printf("%s", colour_code(&call->terminal, COLOUR_STRONG));
    print("%s  ", text_at(answer, "volunteer"));
    printf("%s%s%s", colour_code(&call->terminal, COLOUR_WARN),
           stars_text(integer_at(answer, "stars"), stars),
           colour_code(&call->terminal, COLOUR_PLAIN));
    if (*text_at(answer, "stars_since"))
        print(_("  since %s"), text_at(answer, "stars_since"));
    print("\n");
    print(_("%s hours count, from %s records.\n"), hours_text(minutes, call->terminal.out, hours),
          number_text(integer_at(counted, "records"), call->terminal.out, records));
}

static void rule_print(const struct call *call, const json_t *answer) {
    const json_t *rule = json_object_get(answer, "rule");
    const json_t *why = json_object_get(answer, "why");
    if (!json_is_object(rule)) {
        print(_("\nNo star rating policy is in force here.\n"));
        return;
    }
    print("\n");
    strong(call, _("Why"));
    print(_("  by “%s”, revision %s\n"), text_at(rule, "title"), text_at(rule, "revision"));
    if (*text_at(rule, "failure"))
        print_line(_("  ✗ the policy failed, so the stars stay as they are: %s"),
                   text_at(rule, "failure"));
    const char *next = text_at(json_object_get(answer, "next"), "text");
    for (size_t i = 0; i < json_array_size(why); i++) {
        BUF_AUTO text = {0};
        json_auto_t *one = json_pack("[O]", json_array_get(why, i));
        findings_text(one, &text);
        if (strcmp(buf_text(&text), next) != 0) /* that one ends the list */
            print_line("  · %s", buf_text(&text));
    }
    if (*next)
        print_line("  → %s", next);
}

static void changes_print(const struct call *call, const json_t *answer) {
    const json_t *changes = json_object_get(answer, "changes");
    size_t index;
    json_t *change;
    if (json_array_size(changes) == 0)
        return;
    print("\n");
    strong(call, _("How the stars came"));
    struct table *table = table_new(&call->terminal);
    table_column(table, _("on"), COLUMN_TEXT);
    table_column(table, _("change"), COLUMN_TEXT);
    table_column(table, _("event"), COLUMN_NUMBER);
    table_column(table, _("why"), COLUMN_WRAP);
    json_array_foreach(changes, index, change) {
        BUF_AUTO why = {0};
        findings_text(json_object_get(change, "findings"), &why);
        table_row(table, NULL);
        table_text(table, 0, text_at(change, "on"));
        table_printf(table, 1, "%lld★ → %lld★", (long long)integer_at(change, "from"),
                     (long long)integer_at(change, "to"));
        table_printf(table, 2, "%lld", (long long)integer_at(change, "sequence"));
        table_text(table, 3, buf_text(&why));
    }
    table_print(table);
}

static void not_counted_print(const struct call *call, const json_t *answer) {
    const json_t *records = json_object_get(answer, "not_counted");
    size_t index;
    json_t *record;
    print("\n");
    if (json_array_size(records) == 0) {
        bool any = integer_at(json_object_get(answer, "counted"), "records") > 0;
        print(any ? _("Every record counts.\n") : _("There are no records yet.\n"));
        return;
    }
    strong(call, _("Records that do not count"));
    struct table *table = table_new(&call->terminal);
    table_column(table, _("record"), COLUMN_TEXT);
    table_column(table, _("starts"), COLUMN_TEXT);
    table_column(table, _("minutes"), COLUMN_NUMBER);
    table_column(table, _("state"), COLUMN_TEXT);
    table_column(table, _("why"), COLUMN_WRAP);
    json_array_foreach(records, index, record) {
        BUF_AUTO why = {0};
        char starts[TEXT_SIZE];
        findings_text(json_object_get(record, "findings"), &why);
        if (why.size == 0) /* a person's, not a policy's */
            buf_put_str(&why, str_from(text_at(record, "reason")));
        moment_text(text_at(record, "starts"), starts);
        table_row(table, NULL);
        table_text(table, 0, text_at(record, "record"));
        table_printf(table, 1, "%.16s", starts);
        table_number(table, 2, integer_at(record, "minutes"));
        table_text(table, 3, state_word(text_at(record, "state")));
        table_text(table, 4, buf_text(&why));
    }
    table_print(table);
}

int run_explain_volunteer(struct call *call) {
    json_auto_t *answer = NULL;
    int code = client_ask(&call->client, "explain",
                          json_pack("{s:s}", "volunteer", call_argument(call, 0)), &answer);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, answer);
    stars_head(call, answer);
    rule_print(call, answer);
    changes_print(call, answer);
    not_counted_print(call, answer);
    return DONE;
}

/* ---- record ---- */

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
    strong(call, text_at(record, "record"));
    if (json_is_true(json_object_get(record, "carried")))
        carried_print(record);
    else
        served_print(record);
    if (strcmp(state, "accepted") == 0)
        print(_("%s: %lld minutes count.\n"), state_word(state),
              (long long)integer_at(record, "counted_minutes"));
    else
        print_line(_("%s: %s%s%s."), state_word(state), state_meaning(state),
                   *reason ? _("; reason: ") : "", reason);
}

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

static void facts_print(const struct call *call, const json_t *facts) {
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

static void decision_print(const struct call *call, const json_t *decision) {
    BUF_AUTO why = {0};
    const char *revision = text_at(decision, "revision");
    const char *by = *revision ? revision : text_at(decision, "reviewer");
    findings_text(json_object_get(decision, "findings"), &why);
    print("  %lld  %s: %s", (long long)integer_at(decision, "sequence"), text_at(decision, "type"),
          state_word(text_at(decision, "outcome")));
    if (has_at(decision, "minutes"))
        print(_(", %lld minutes"), (long long)integer_at(decision, "minutes"));
    print(*by ? _(", by %s\n") : "%s\n", by);
    if (why.size)
        print_line("      %s", buf_text(&why));
    facts_print(call, json_object_get(decision, "facts"));
}

static void events_print(const struct call *call, const json_t *events) {
    size_t index;
    json_t *item;
    if (json_array_size(events) == 0)
        return;
    print("\n");
    strong(call, _("What happened to it"));
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
    strong(call, _("Points"));
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
        strong(call, _("Decisions"));
    }
    json_array_foreach(decisions, index, item) decision_print(call, item);
    points_print(call, record);
    events_print(call, json_object_get(record, "events"));
}

int run_explain_record(struct call *call) {
    json_auto_t *answer = NULL;
    json_auto_t *details = NULL;
    const char *id = call_argument(call, 0);
    int code = client_ask(&call->client, "explain", json_pack("{s:s}", "record", id), &answer);
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
