/* policy replay: a past decision is asked for again and compared. */
#include <errno.h>
#include <stdlib.h>

#include "commands.h"
#include "job.h"
#include "noun.h"
#include "value.h"

#define WAIT_MS 500

static bool differs(const json_t *result, const char *name) {
    const json_t *differences = json_object_get(result, "differences");
    for (size_t i = 0; i < json_array_size(differences); i++)
        if (strcmp(text_in(differences, i), name) == 0)
            return true;
    return false;
}

/* What a decision consists of, in the order in which it is read. */
static const struct {
    const char *name;
    const char *label;
} parts[] = {
    {"revision", N_("revision")}, {"outcome", N_("outcome")},    {"minutes", N_("minutes")},
    {"stars", N_("stars")},       {"titles", N_("titles")},      {"valid_until", N_("valid until")},
    {"postings", N_("points")},   {"added", N_("points added")}, {"indicator", N_("indicator")},
    {"withheld", N_("withheld")}, {"failed", N_("failed")},      {"failure", N_("failure")},
    {"findings", N_("findings")},
};

/* total 810, next_star 2 / 40: bare, as they are compared. */
static void findings_line(const json_t *findings, struct buf *out) {
    for (size_t i = 0; i < json_array_size(findings); i++) {
        const json_t *finding = json_array_get(findings, i);
        buf_printf(out, "%s%s", i ? ", " : "", text_at(finding, "code"));
        if (has_at(finding, "value"))
            buf_put_str(out, STR(" "));
        value_line(json_object_get(finding, "value"), out);
        if (has_at(finding, "needed"))
            buf_put_str(out, STR(" / "));
        value_line(json_object_get(finding, "needed"), out);
    }
}

static void value_cell(struct table *table, size_t column, const char *name, const json_t *value) {
    BUF_AUTO text = {0};
    bool is_word = strcmp(name, "outcome") == 0 || strcmp(name, "standing") == 0;
    if (strcmp(name, "findings") == 0)
        findings_line(value, &text);
    else
        value_line(value, &text);
    const char *plain = text.size ? buf_text(&text) : "-";
    table_text(table, column, is_word ? noun_word(NULL, NULL, "state", plain) : plain);
}

static bool is_empty(const json_t *value) {
    return !value || (json_is_array(value) && json_array_size(value) == 0);
}

static void parts_print(const struct call *call, const json_t *result) {
    const json_t *was = json_object_get(result, "recorded");
    const json_t *is = json_object_get(result, "replayed");
    struct table *table = table_new(&call->terminal);
    table_column(table, "", COLUMN_TEXT);
    table_column(table, _("decided then"), COLUMN_WRAP);
    table_column(table, _("asked again"), COLUMN_WRAP);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const char *name = parts[i].name;
        if (is_empty(json_object_get(was, name)) && is_empty(json_object_get(is, name)))
            continue;
        table_row(table, NULL);
        table_text(table, 0, _(parts[i].label));
        value_cell(table, 1, name, json_object_get(was, name));
        value_cell(table, 2, name, json_object_get(is, name));
        if (differs(result, name))
            table_row_colour(table, COLOUR_BAD);
    }
    table_print(table);
}

/* ---- facts ---- */

/* minutes(from=2018-01-01) = 60 */
static void fact_line(const json_t *fact, struct buf *out) {
    const char *arguments = text_at(fact, "arguments");
    buf_printf(out, "%s%s%s%s = ", text_at(fact, "fact"), *arguments ? "(" : "", arguments,
               *arguments ? ")" : "");
    value_line(json_object_get(fact, "value"), out);
}

static bool holds(const json_t *facts, const json_t *fact) {
    for (size_t i = 0; i < json_array_size(facts); i++)
        if (json_equal(json_array_get(facts, i), fact))
            return true;
    return false;
}

/* Those of the one that the other has not. */
static void facts_without(const json_t *facts, const json_t *others, const char *what) {
    for (size_t i = 0; i < json_array_size(facts); i++) {
        BUF_AUTO line = {0};
        if (holds(others, json_array_get(facts, i)))
            continue;
        fact_line(json_array_get(facts, i), &line);
        print_line("  %s: %s", what, buf_text(&line));
    }
}

static void facts_print(const json_t *result) {
    const json_t *was = json_object_get(json_object_get(result, "recorded"), "facts");
    const json_t *is = json_object_get(json_object_get(result, "replayed"), "facts");
    if (*text_at(result, "missing"))
        print_line(_("  read now, and not among what was read then: %s"),
                   text_at(result, "missing"));
    if (!differs(result, "facts"))
        return;
    if (json_is_object(was) || json_is_object(is)) {
        print_line(_("  what was read has the digest %s, and now %s"), text_at(was, "digest"),
                   json_is_object(is) ? text_at(is, "digest") : "-");
        return;
    }
    facts_without(was, is, _("read then, and not now"));
    facts_without(is, was, _("read now, and not then"));
}

/* ---- all of it ---- */

static void head_print(const json_t *result) {
    const json_t *subject = json_object_get(result, "subject");
    const char *kind = text_at(subject, "kind");
    const char *as_of = text_at(result, "as_of");
    print("%lld  %s", (long long)integer_at(result, "sequence"), text_at(result, "type"));
    if (*kind)
        print(_(", about %s %s"), kind, text_at(subject, "id"));
    if (*as_of)
        print(_(", as of %s"), as_of);
    print(_(", because of %lld %s\n"), (long long)integer_at(result, "cause"),
          text_at(result, "cause_type"));
}

/* How it was asked again, or why it was not. */
static const char *read_text(const char *read) {
    static const char *const texts[][2] = {
        {"stored_facts", N_("Asked again over the facts that were stored with it.")},
        {"rebuilt_state", N_("Asked again of the state as it stood, rebuilt from the journal.")},
        {"no_policy", N_("No policy was in force: there is nothing to ask again.")},
        {"considered", N_("The best of those whom the rule named, in order: replay the decisions "
                          "about each, honour.considered.")},
        {"reversal", N_("An entry that takes another one back: no policy was asked.")},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i][0], read) == 0)
            return _(texts[i][1]);
    return read;
}

static int result_print(const struct call *call, const json_t *result) {
    const json_t *same = json_object_get(result, "same");
    head_print(result);
    print("%s\n", read_text(text_at(result, "read")));
    if (!json_is_boolean(same))
        return DONE;
    print("\n");
    parts_print(call, result);
    facts_print(result);
    if (json_is_true(same)) {
        print(_("✓ The same decision, from the same facts.\n"));
        return DONE;
    }
    return complain(REFUSED, _("the decision comes out differently. Keep the data directory and "
                               "report this."));
}

static int sequence_read(const struct call *call, int64_t *ret_sequence) {
    const char *typed = call_argument(call, 0);
    char *end;
    errno = 0;
    *ret_sequence = strtoll(typed, &end, 10);
    if (!errno && end != typed && !*end && *ret_sequence > 0)
        return DONE;
    return complain_json(call->json, USAGE, NULL,
                         _("%s is no sequence: explain and journal read show those of decisions."),
                         typed);
}

int run_policy_replay(struct call *call) {
    json_auto_t *begun = NULL;
    json_auto_t *job = NULL;
    int64_t sequence;
    int code = sequence_read(call, &sequence);
    if (code == DONE)
        code = client_ask(
            &call->client, "policy.replay",
            json_pack("{s:I, s:i}", "sequence", (json_int_t)sequence, "wait_ms", WAIT_MS), &begun);
    if (code == DONE && strcmp(text_at(begun, "state"), "running") == 0)
        code = job_follow(call, json_object_get(begun, "job"), _("rebuilding"), &job);
    else if (code == DONE)
        code = job_check(call, begun);
    if (code != DONE)
        return code;
    const json_t *result = json_object_get(job ? job : begun, "result");
    if (!call->json)
        return result_print(call, result);
    print_json(&call->terminal, result);
    return json_is_false(json_object_get(result, "same")) ? REFUSED : DONE;
}
