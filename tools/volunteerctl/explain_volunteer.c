/* explain volunteer: why somebody has the stars they have, in words. */
#include "explain.h"
#include "noun.h"
#include "value.h"

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

/* What gave them, and when. */
static void decision_line(const json_t *answer) {
    const json_t *decision = json_object_get(answer, "decision");
    BUF_AUTO why = {0};
    if (!json_is_object(decision))
        return;
    findings_text(json_object_get(decision, "findings"), &why);
    print_line(_("Given by decision %lld of %s, revision %s: %s"),
               (long long)integer_at(decision, "sequence"), text_at(decision, "on"),
               text_at(decision, "revision"), why.size ? buf_text(&why) : "-");
}

static void why_print(const struct call *call, const json_t *answer) {
    const json_t *rule = json_object_get(answer, "rule");
    const json_t *why = json_object_get(answer, "why");
    if (!json_is_object(rule)) {
        print(_("\nNo star rating policy is in force here.\n"));
        return;
    }
    print("\n");
    explain_strong(call, _("Why"));
    explain_rule(call, rule);
    if (*text_at(rule, "failure"))
        print_line(_("  ✗ the policy failed, so the stars stay as they are: %s"),
                   text_at(rule, "failure"));
    const json_t *kept = json_object_get(rule, "kept");
    char held[TEXT_SIZE], given[TEXT_SIZE];
    if (json_is_object(kept))
        print_line(_("  ! %s were granted by %s and stay; by the rule of today it would be %s"),
                   stars_text(integer_at(kept, "stars"), held), text_at(kept, "granted_by"),
                   stars_text(integer_at(rule, "stars"), given));
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

/* ---- standing ---- */

static void standing_print(struct call *call, const json_t *answer) {
    const json_t *standing = json_object_get(answer, "standing");
    const json_t *change = json_object_get(standing, "standing_change");
    const char *word = text_at(standing, "standing");
    const char *label = noun_word(&call->lexicon, NULL, "standing", word);
    bool is_good = strcmp(word, "good") == 0;
    BUF_AUTO why = {0};
    if (!json_is_object(standing) || (is_good && !has_at(standing, "false_records")))
        return;
    findings_text(json_object_get(change, "findings"), &why);
    if (!why.size)
        buf_put_str(&why, str_from(text_at(change, "reason")));
    print("\n");
    explain_strong(call, _("Standing"));
    if (is_good)
        print_line("  · %s", label);
    else if (*text_at(standing, "until"))
        print_line(_("  · %s since %s, until %s: %s"), label, text_at(standing, "since"),
                   text_at(standing, "until"), buf_text(&why));
    else
        print_line(_("  · %s since %s: %s"), label, text_at(standing, "since"), buf_text(&why));
    if (!is_good && *text_at(standing, "appeal"))
        print_line(_("  · appeal %s is about it"), text_at(standing, "appeal"));
    else if (!is_good)
        print_line(_("  · an appeal may be filed until %s"), text_at(change, "appeal_until"));
    if (has_at(standing, "false_records"))
        print_line(_("  · %lld records were found false, the last one on %s"),
                   (long long)integer_at(standing, "false_records"), text_at(standing, "false_on"));
}

/* ---- what is pending ---- */

static void pending_rule(const json_t *item) {
    const json_t *rule = json_object_get(item, "rule");
    char stars[TEXT_SIZE];
    if (json_is_integer(json_object_get(item, "stars")))
        print_line(_("  · from %s the rule %s is another one: %s with the service there is today"),
                   text_at(item, "from"), text_at(rule, "revision"),
                   stars_text(integer_at(item, "stars"), stars));
    else
        print_line(_("  · from %s the rule %s is another one, and fails about this volunteer"),
                   text_at(item, "from"), text_at(rule, "revision"));
}

static void pending_item(const json_t *item) {
    const char *kind = text_at(item, "kind");
    char stars[TEXT_SIZE];
    if (strcmp(kind, "held") == 0)
        print_line(_("  · %lld records wait for a review"), (long long)integer_at(item, "records"));
    else if (strcmp(kind, "application") == 0)
        print_line(_("  · application %s of %s for %s: %s"), text_at(item, "application"),
                   text_at(item, "on"), stars_text(integer_at(item, "stars"), stars),
                   explain_state(text_at(item, "state")));
    else if (strcmp(kind, "run") == 0)
        print_line(_("  · everyone is being rated anew as of %s: %lld of %lld done, this volunteer "
                     "not yet"),
                   text_at(item, "as_of"), (long long)integer_at(item, "judged"),
                   (long long)integer_at(item, "total"));
    else if (strcmp(kind, "rule") == 0)
        pending_rule(item);
}

static void pending_print(const struct call *call, const json_t *answer) {
    const json_t *pending = json_object_get(answer, "pending");
    if (json_array_size(pending) == 0)
        return;
    print("\n");
    explain_strong(call, _("What is pending"));
    for (size_t i = 0; i < json_array_size(pending); i++)
        pending_item(json_array_get(pending, i));
}

/* ---- changes and records ---- */

static void changes_print(const struct call *call, const json_t *answer) {
    const json_t *changes = json_object_get(answer, "changes");
    size_t index;
    json_t *change;
    if (json_array_size(changes) == 0)
        return;
    print("\n");
    explain_strong(call, _("How the stars came"));
    struct table *table = table_new(&call->terminal);
    table_column(table, _("on"), COLUMN_TEXT);
    table_column(table, _("change"), COLUMN_TEXT);
    table_column(table, _("certificate"), COLUMN_TEXT);
    table_column(table, _("event"), COLUMN_NUMBER);
    table_column(table, _("why"), COLUMN_WRAP);
    json_array_foreach(changes, index, change) {
        BUF_AUTO why = {0};
        findings_text(json_object_get(change, "findings"), &why);
        table_row(table, NULL);
        table_text(table, 0, text_at(change, "on"));
        table_printf(table, 1, "%lld★ → %lld★", (long long)integer_at(change, "from"),
                     (long long)integer_at(change, "to"));
        table_text(table, 2, text_at(change, "certificate_number"));
        table_printf(table, 3, "%lld", (long long)integer_at(change, "sequence"));
        table_text(table, 4, buf_text(&why));
    }
    table_print(table);
}

/* Why: findings of a policy, or the reason that a person gave. */
static void record_row(struct table *table, const json_t *record, bool counted) {
    BUF_AUTO why = {0};
    char starts[TEXT_SIZE];
    findings_text(json_object_get(record, "findings"), &why);
    if (why.size == 0)
        buf_put_str(&why, str_from(text_at(record, "reason")));
    moment_text(text_at(record, "starts"), starts);
    table_row(table, NULL);
    table_text(table, 0, text_at(record, "record"));
    table_printf(table, 1, "%.16s", starts);
    table_number(table, 2, integer_at(record, "minutes"));
    if (counted)
        table_number(table, 3, integer_at(record, "counted_minutes"));
    else
        table_text(table, 3, explain_state(text_at(record, "state")));
    table_text(table, 4, buf_text(&why));
}

static void records_table(const struct call *call, const json_t *records, bool counted) {
    struct table *table = table_new(&call->terminal);
    table_column(table, _("record"), COLUMN_TEXT);
    table_column(table, _("starts"), COLUMN_TEXT);
    table_column(table, _("minutes"), COLUMN_NUMBER);
    table_column(table, counted ? _("count") : _("state"), counted ? COLUMN_NUMBER : COLUMN_TEXT);
    table_column(table, _("why"), COLUMN_WRAP);
    for (size_t i = 0; i < json_array_size(records); i++)
        record_row(table, json_array_get(records, i), counted);
    table_print(table);
}

static void records_print(const struct call *call, const json_t *answer, bool counted) {
    const json_t *records = json_object_get(answer, counted ? "counted_records" : "not_counted");
    const json_t *next = json_object_get(answer, counted ? "counted_next" : "not_counted_next");
    print("\n");
    if (json_array_size(records) == 0) {
        bool any = integer_at(json_object_get(answer, "counted"), "records") > 0;
        print(any ? _("Every record counts.\n") : _("There are no records yet.\n"));
        return;
    }
    explain_strong(call, counted ? _("Records that count") : _("Records that do not count"));
    records_table(call, records, counted);
    if (json_is_string(next) && call->terminal.error)
        note(_("There are more; --limit 0 shows all."));
}

/* ---- asking ---- */

#define PAGE_RECORDS 1000

static json_t *params_of(const struct call *call, int64_t left, const char *cursor) {
    json_t *params = json_pack("{s:s, s:I}", "volunteer", call_argument(call, 0), "limit",
                               (json_int_t)(left < PAGE_RECORDS ? left : PAGE_RECORDS));
    call_pass(call, "as-of", params, "as_of");
    if (call_flag(call, "rule"))
        json_object_set_new(params, "rule", json_true());
    if (call_flag(call, "counted"))
        json_object_set_new(params, "records", json_string("counted"));
    if (cursor)
        json_object_set_new(params, "cursor", json_string(cursor));
    return params;
}

/* Pages of records become one list; all else is the first answer's. */
static int ask_all(struct call *call, json_t **ret_answer) {
    const char *name = call_flag(call, "counted") ? "counted_records" : "not_counted";
    const char *next = call_flag(call, "counted") ? "counted_next" : "not_counted_next";
    int64_t limit = call_limit(call);
    int code = client_ask(&call->client, "explain", params_of(call, limit, NULL), ret_answer);
    while (code == DONE) {
        json_t *records = json_object_get(*ret_answer, name), *page = NULL;
        const char *cursor = json_string_value(json_object_get(*ret_answer, next));
        int64_t left = limit - (int64_t)json_array_size(records);
        if (!cursor || left <= 0)
            return DONE;
        code = client_ask(&call->client, "explain", params_of(call, left, cursor), &page);
        if (code != DONE)
            return code;
        json_array_extend(records, json_object_get(page, name));
        json_object_set(*ret_answer, next, json_object_get(page, next));
        json_decref(page);
    }
    return code;
}

int run_explain_volunteer(struct call *call) {
    json_auto_t *answer = NULL;
    int code = ask_all(call, &answer);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, answer);
    stars_head(call, answer);
    decision_line(answer);
    why_print(call, answer);
    standing_print(call, answer);
    pending_print(call, answer);
    changes_print(call, answer);
    records_print(call, answer, call_flag(call, "counted"));
    explain_rule_text(call, json_object_get(answer, "rule"));
    return DONE;
}
