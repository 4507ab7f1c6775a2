#include <stdlib.h>

#include "document.h"
#include "noun.h"
#include "policy_diff.h"
#include "value.h"

struct paper {
    struct lexicon *lexicon;
    const json_t *result;
    json_t *document;
    const char *kind;
};

static const json_t *member(const struct paper *paper, const char *name) {
    return json_object_get(paper->result, name);
}

/* ---- words ---- */

/* How a value of the kind reads: 3★, or an outcome; an amount as it is. */
static json_t *value_cell(const struct paper *paper, const json_t *value) {
    const char *word = json_string_value(value);
    char text[TEXT_SIZE];
    if (!word)
        return json_is_integer(value) ? json_copy((json_t *)(uintptr_t)value) : json_null();
    if (strcmp(word, "none") == 0)
        return json_string(_("no rule"));
    if (strcmp(word, "failed") == 0)
        return json_string(_("failed"));
    if (strcmp(paper->kind, "star_rating") == 0) {
        snprintf(text, sizeof text, "%.8s★", word);
        return json_string(text);
    }
    return json_string(noun_word(paper->lexicon, NULL, "state", word));
}

static const char *age_text(const char *band) {
    static const char *const bands[][2] = {{"under_18", N_("under 18")},
                                           {"18_29", "18-29"},
                                           {"30_44", "30-44"},
                                           {"45_59", "45-59"},
                                           {"60_over", N_("60 and over")},
                                           {"unknown", N_("not known")}};
    for (size_t i = 0; i < sizeof bands / sizeof *bands; i++)
        if (strcmp(bands[i][0], band) == 0)
            return _(bands[i][1]);
    return band;
}

static const char *account_text(const struct paper *paper, const char *account) {
    if (strcmp(account, "minutes") == 0)
        return _("hours");
    const struct lexicon_word *word = lexicon_code(paper->lexicon, DICTIONARY_ACCOUNT, account);
    return word && language_is_chinese() ? word->label : account;
}

/* An account's units as people write them. */
static json_t *amount_cell(const struct paper *paper, const char *account, int64_t amount) {
    char text[TEXT_SIZE], hours[TEXT_SIZE];
    if (strcmp(account, "minutes") == 0) {
        hours_text(amount < 0 ? -amount : amount, true, hours);
        snprintf(text, sizeof text, "%s%.60s", amount < 0 ? "-" : "", hours);
        return json_string(text);
    }
    return json_string(amount_text(paper->lexicon, account, amount, true, text));
}

/* ---- sections ---- */

static json_t *section_add(struct paper *paper, const char *title) {
    return document_section_add(paper->document, title);
}

static void row_add(json_t *section, json_t *cells) {
    json_array_append_new(json_object_get(section, "rows"), cells);
}

static json_t *number(const json_t *object, const char *name) {
    return json_integer(integer_at(object, name));
}

static void transitions(struct paper *paper) {
    const json_t *list = member(paper, "transitions");
    size_t index;
    json_t *item;
    if (json_array_size(list) == 0)
        return;
    json_t *section = section_add(paper, _("Changes"));
    document_column_add(section, "from", _("in force"), "text");
    document_column_add(section, "to", _("draft"), "text");
    document_column_add(section, "n", _("how many"), "number");
    json_array_foreach(list, index, item) {
        row_add(section,
                json_pack("[o, o, o]", value_cell(paper, json_object_get(item, "from")),
                          value_cell(paper, json_object_get(item, "to")), number(item, "n")));
    }
}

static void group_columns(json_t *section, const char *name, const char *title) {
    document_column_add(section, name, title, "text");
    document_column_add(section, "judged", _("judged"), "number");
    document_column_add(section, "better", _("gain"), "number");
    document_column_add(section, "worse", _("lose"), "number");
    document_column_add(section, "share", _("lose, of all"), "percent");
}

static void group_row(json_t *section, const char *name, const json_t *group) {
    row_add(section, json_pack("[s, o, o, o, [o, o]]", name, number(group, "judged"),
                               number(group, "better"), number(group, "worse"),
                               number(group, "worse"), number(group, "judged")));
}

static void regions(struct paper *paper) {
    const json_t *list = member(paper, "by_region");
    size_t index;
    json_t *item;
    if (json_array_size(list) == 0)
        return;
    json_t *section = section_add(paper, _("By region"));
    group_columns(section, "region", _("region"));
    json_array_foreach(list, index, item) {
        const char *name = text_at(item, has_at(item, "name") ? "name" : "region");
        group_row(section, name, item);
    }
}

static void ages(struct paper *paper) {
    const json_t *list = member(paper, "by_age");
    size_t index;
    json_t *item;
    if (json_array_size(list) == 0)
        return;
    json_t *section = section_add(paper, _("By age"));
    group_columns(section, "age", _("age"));
    json_array_foreach(list, index, item) {
        if (integer_at(item, "judged") > 0)
            group_row(section, age_text(text_at(item, "age")), item);
    }
}

/* What the difference costs at most, where a reward says what one is worth. */
static json_t *money_cell(const json_t *account) {
    char text[TEXT_SIZE];
    if (!has_at(account, "cost_fen"))
        return json_null();
    snprintf(text, sizeof text, "%.2f", (double)integer_at(account, "cost_fen") / 100);
    return json_string(text);
}

static void accounts(struct paper *paper) {
    const json_t *list = member(paper, "accounts");
    size_t index;
    json_t *item;
    if (json_array_size(list) == 0)
        return;
    json_t *section = section_add(paper, _("What it costs"));
    document_column_add(section, "account", _("account"), "text");
    document_column_add(section, "from", _("in force"), "text");
    document_column_add(section, "to", _("draft"), "text");
    document_column_add(section, "difference", _("difference"), "text");
    document_column_add(section, "money", _("in yuan, at most"), "text");
    json_array_foreach(list, index, item) {
        const char *account = text_at(item, "account");
        row_add(section, json_pack("[s, o, o, o, o]", account_text(paper, account),
                                   amount_cell(paper, account, integer_at(item, "from")),
                                   amount_cell(paper, account, integer_at(item, "to")),
                                   amount_cell(paper, account, integer_at(item, "difference")),
                                   money_cell(item)));
    }
}

/* ---- who loses ---- */

static json_t *reasons_cell(const json_t *item) {
    BUF_AUTO text = {0};
    findings_text(json_object_get(item, "reasons"), &text);
    return json_string(buf_text(&text));
}

/* The amounts of the account that they lose most of. */
static void put_amounts(const struct paper *paper, const json_t *item, json_t **ret_from,
                        json_t **ret_to) {
    const json_t *list = json_object_get(item, "amounts"), *most = json_array_get(list, 0);
    size_t index;
    json_t *amount;
    json_array_foreach(list, index, amount) {
        if (integer_at(amount, "to") - integer_at(amount, "from") <
            integer_at(most, "to") - integer_at(most, "from"))
            most = amount;
    }
    *ret_from = amount_cell(paper, text_at(most, "account"), integer_at(most, "from"));
    *ret_to = amount_cell(paper, text_at(most, "account"), integer_at(most, "to"));
}

static void losers(struct paper *paper) {
    const json_t *list = member(paper, "examples");
    bool of_records = json_is_object(member(paper, "period"));
    size_t index;
    json_t *item;
    if (json_array_size(list) == 0)
        return;
    json_t *section = section_add(paper, _("Who loses most"));
    document_column_add(section, "volunteer", _("volunteer"), "text");
    document_column_add(section, "region", _("region"), "text");
    document_column_add(section, "age", _("age"), "number");
    document_column_add(section, "from", _("in force"), "text");
    document_column_add(section, "to", _("draft"), "text");
    if (of_records)
        document_column_add(section, "record", _("record"), "text");
    document_column_add(section, "reasons", _("why"), "text");
    json_array_foreach(list, index, item) {
        json_t *from, *to;
        if (has_at(item, "amounts")) {
            put_amounts(paper, item, &from, &to);
        } else {
            from = value_cell(paper, json_object_get(item, "from"));
            to = value_cell(paper, json_object_get(item, "to"));
        }
        json_t *cells = json_pack("[s, s, O?, o, o]", text_at(item, "volunteer"),
                                  text_at(item, "name"), json_object_get(item, "age"), from, to);
        if (of_records)
            json_array_append_new(cells, json_string(text_at(item, "record")));
        json_array_append_new(cells, reasons_cell(item));
        row_add(section, cells);
    }
}

/* ---- assessments ---- */

static const char *state_of(const json_t *indicator) {
    const char *label;
    const char *state = text_at(indicator, "state");
    if (!*state)
        return _("none");
    label = language_is_chinese() ? noun_state_label(state) : NULL;
    return label ? label : state;
}

static json_t *indicator_value(const json_t *indicator) {
    BUF_AUTO text = {0};
    const json_t *value = json_object_get(indicator, "value");
    if (value)
        value_line(value, &text);
    return json_string(buf_text(&text));
}

static void indicators(struct paper *paper) {
    const json_t *list = member(paper, "changes");
    size_t index;
    json_t *item;
    if (!list)
        return;
    json_t *section = section_add(paper, _("Indicators that change"));
    document_column_add(section, "subject", _("subject"), "text");
    document_column_add(section, "indicator", _("indicator"), "text");
    document_column_add(section, "from", _("in force"), "text");
    document_column_add(section, "to", _("draft"), "text");
    document_column_add(section, "value", _("value"), "text");
    json_array_foreach(list, index, item) {
        const json_t *subject = json_object_get(item, "subject");
        const char *title = text_at(item, "title");
        row_add(section, json_pack("[s, s, s, s, o]",
                                   has_at(subject, "name") ? text_at(subject, "name")
                                                           : text_at(subject, "id"),
                                   *title ? title : text_at(item, "indicator"),
                                   state_of(json_object_get(item, "from")),
                                   state_of(json_object_get(item, "to")),
                                   indicator_value(json_object_get(item, "to"))));
    }
}

/* ---- pictures ---- */

static json_t *series_add(struct paper *paper, const char *title) {
    json_t *series = json_pack("{s:s, s:s, s:[]}", "title", title, "kind", "bar", "points");
    json_array_append_new(json_object_get(paper->document, "series"), series);
    return json_object_get(series, "points");
}

static void point_add(json_t *points, const char *label, int64_t value) {
    json_array_append_new(points,
                          json_pack("{s:s, s:I}", "label", label, "value", (json_int_t)value));
}

/* How many have each value, one bar for what is in force and one for the draft. */
static void distribution(struct paper *paper) {
    const json_t *list = member(paper, "distribution");
    size_t index;
    json_t *item;
    char label[2 * TEXT_SIZE];
    if (json_array_size(list) == 0)
        return;
    json_t *points = series_add(paper, _("How many, in force and by the draft"));
    json_array_foreach(list, index, item) {
        json_auto_t *value = value_cell(paper, json_object_get(item, "value"));
        snprintf(label, sizeof label, "%s %s", json_string_value(value), _("in force"));
        point_add(points, label, integer_at(item, "from"));
        snprintf(label, sizeof label, "%s %s", json_string_value(value), _("draft"));
        point_add(points, label, integer_at(item, "to"));
    }
}

static void bin_label(const struct paper *paper, const json_t *bin, char label[static TEXT_SIZE]) {
    long long least = integer_at(bin, "least"), most = integer_at(bin, "most");
    const char *unit = strcmp(paper->kind, "acceptance") == 0 ? _(" min") : "";
    if (!has_at(bin, "least"))
        snprintf(label, TEXT_SIZE, "≤ %lld%s", most, unit);
    else if (!has_at(bin, "most"))
        snprintf(label, TEXT_SIZE, "≥ %lld%s", least, unit);
    else if (least == most)
        snprintf(label, TEXT_SIZE, "%lld%s", least, unit);
    else
        snprintf(label, TEXT_SIZE, "%lld … %lld%s", least, most, unit);
}

static void bins(const struct paper *paper, json_t *points, const json_t *list) {
    size_t index;
    json_t *item;
    char label[TEXT_SIZE];
    json_array_foreach(list, index, item) {
        if (integer_at(item, "n") == 0)
            continue;
        bin_label(paper, item, label);
        point_add(points, label, integer_at(item, "n"));
    }
}

static void histogram(struct paper *paper) {
    const json_t *list = member(paper, "histogram");
    if (json_array_size(list) > 0)
        bins(paper, series_add(paper, _("People by what they gain or lose")), list);
}

static void distance(struct paper *paper) {
    const json_t *found = member(paper, "distance");
    char title[256];
    if (!json_is_object(found))
        return;
    snprintf(title, sizeof title, _("How far %lld who lose are from it (%s)"),
             (long long)integer_at(found, "people"), text_at(found, "code"));
    bins(paper, series_add(paper, title), json_object_get(found, "histogram"));
}

/* ---- words ---- */

static void say(struct paper *paper, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(struct paper *paper, const char *format, ...) {
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    json_array_append_new(json_object_get(paper->document, "text"), json_string(text));
}

static void failures_say(struct paper *paper, const char *side, const char *title) {
    const json_t *failures = json_object_get(member(paper, "failures"), side);
    size_t index;
    json_t *item;
    char n[TEXT_SIZE];
    if (integer_at(failures, "n") == 0)
        return;
    say(paper, _("%s: %s questions failed."), title,
        number_text(integer_at(failures, "n"), true, n));
    json_array_foreach(json_object_get(failures, "messages"), index, item) {
        say(paper, "  %s × %s", number_text(integer_at(item, "n"), true, n),
            text_at(item, "message"));
    }
}

static void words(struct paper *paper) {
    char judged[TEXT_SIZE], changed[TEXT_SIZE], better[TEXT_SIZE], worse[TEXT_SIZE],
        rate[TEXT_SIZE];
    const json_t *result = paper->result;
    say(paper, _("Judged: %s; changed: %s; gain: %s; lose: %s."),
        number_text(integer_at(result, "judged"), true, judged),
        number_text(integer_at(result, "changed"), true, changed),
        number_text(integer_at(result, "better"), true, better),
        number_text(integer_at(result, "worse"), true, worse));
    failures_say(paper, "from", _("In force"));
    failures_say(paper, "to", _("Draft"));
    say(paper, _("One snapshot, sequence %lld; %.1f s, %s answers per second."),
        (long long)integer_at(result, "sequence"), number_at(result, "seconds"),
        number_text(integer_at(result, "rate"), true, rate));
}

static void head(struct paper *paper) {
    char title[256], subtitle[256];
    const json_t *period = member(paper, "period");
    snprintf(title, sizeof title, _("What a draft of %s would change"),
             text_at(paper->result, has_at(paper->result, "title") ? "title" : "policy"));
    snprintf(subtitle, sizeof subtitle, _("beside %s, as of %s"),
             has_at(paper->result, "revision") ? text_at(paper->result, "revision")
                                               : _("no rule in force"),
             text_at(paper->result, "as_of"));
    if (json_is_object(period)) {
        size_t size = strlen(subtitle);
        snprintf(subtitle + size, sizeof subtitle - size, _("; records from %s to %s"),
                 text_at(period, "from"), text_at(period, "to"));
    }
    paper->document = document_blank(title);
    json_object_set_new(paper->document, "subtitle", json_string(subtitle));
    json_object_set_new(paper->document, "text", json_array());
    json_object_set_new(paper->document, "series", json_array());
}

json_t *policy_diff_paper(struct lexicon *lexicon, const json_t *result) {
    struct paper paper = {.lexicon = lexicon, .result = result, .kind = text_at(result, "kind")};
    head(&paper);
    words(&paper);
    transitions(&paper);
    regions(&paper);
    ages(&paper);
    accounts(&paper);
    indicators(&paper);
    losers(&paper);
    distribution(&paper);
    distance(&paper);
    histogram(&paper);
    return paper.document;
}
