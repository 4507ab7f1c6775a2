/* policy list|show|check|activate|history: the city's rules. */
#include <libgen.h>
#include <stdlib.h>

#include "commands.h"
#include "noun.h"
#include "show.h"
#include "util/error.h"
#include "util/io.h"
#include "value.h"

#define POLICY_LIMIT_BYTES (4u << 20)

int run_policy_list(struct call *call) {
    json_auto_t *result = NULL;
    const struct noun_view *view = noun_view_find("policy");
    int code = client_ask(&call->client, "policy.list", json_object(), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *item;
    size_t n_drafts = 0;
    noun_columns_add(table, view->columns);
    json_array_foreach(json_object_get(result, "items"), index, item) {
        noun_row_add(&call->lexicon, table, view->columns, noun_fields(view), item);
        n_drafts += strcmp(text_at(item, "state"), "draft") == 0 || flag_at(item, "differs");
    }
    table_print(table);
    if (n_drafts && call->terminal.error)
        note(_(
            "A draft is a file that differs from what is in force: volunteerctl policy check FILE, "
            "then policy activate FILE."));
    return DONE;
}

/* ---- show ---- */

/* A name first, then a revision: policies are not called like revisions. */
static int policy_get(struct call *call, const char *name, json_t **ret_policy) {
    json_auto_t *error = NULL;
    json_auto_t *error_by_revision = NULL;
    int code = client_try(&call->client, "policy.get", json_pack("{s:s}", "policy", name),
                          ret_policy, &error);
    if (code != DONE || *ret_policy)
        return code;
    code = client_try(&call->client, "policy.get", json_pack("{s:s}", "revision", name), ret_policy,
                      &error_by_revision);
    if (code != DONE || *ret_policy)
        return code;
    return client_refused(&call->client, error);
}

int policy_show(struct call *call, const char *name, bool text_only) {
    static const char *const hidden[] = {"text", "sequence", NULL};
    json_auto_t *policy = NULL;
    int code = policy_get(call, name, &policy);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, policy);
    const char *text = text_at(policy, "text");
    if (!text_only) {
        attributes_print(call, noun_fields(noun_view_find("policy")), policy, hidden);
        printf("\n");
    }
    if (call->terminal.out)
        print_clean(stdout, text, true);
    else
        fputs(text, stdout);
    if (*text && text[strlen(text) - 1] != '\n')
        putchar('\n');
    return DONE;
}

int run_policy_show(struct call *call) {
    return policy_show(call, call_argument(call, 0), call_flag(call, "text"));
}

/* ---- check ---- */

static int file_read(const struct call *call, const char *path, json_t **ret_params) {
    char *text = NULL;
    size_t size = 0;
    char *copy = strdup(path);
    if (!copy)
        abort();
    int error = io_read_file(io_system(), path, POLICY_LIMIT_BYTES, &text, &size);
    /* The daemon knows files by their name in policy_dir, not by where this person keeps them. */
    if (!error)
        *ret_params = json_pack("{s:s%, s:s}", "text", text, size, "file", basename(copy));
    free(copy);
    free(text);
    if (error)
        return complain_json(call->json, REFUSED, NULL, _("%s cannot be read: %s."), path,
                             strerror(-error));
    if (!*ret_params)
        return complain_json(call->json, REFUSED, NULL, _("%s is no UTF-8 text."), path);
    return DONE;
}

/* As compilers write it: FILE:LINE: message [code]. */
static void complaints_print(const json_t *verdict, const char *file) {
    size_t index;
    json_t *complaint;
    json_array_foreach(json_object_get(verdict, "complaints"), index, complaint) {
        int64_t line = integer_at(complaint, "line");
        const char *code = text_at(complaint, "code");
        char place[32] = "";
        if (line > 0)
            snprintf(place, sizeof place, "%lld:", (long long)line);
        note("%s:%s %s%s%s%s", file, place, text_at(complaint, "message"), *code ? " [" : "", code,
             *code ? "]" : "");
    }
}

static void cases_print(const struct call *call, const json_t *verdict) {
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

static int verdict_print(const struct call *call, const json_t *verdict, const char *file) {
    bool ok = flag_at(verdict, "ok");
    size_t n_cases = json_array_size(json_object_get(verdict, "cases"));
    complaints_print(verdict, file);
    if (*text_at(verdict, "policy"))
        print("%s: %s “%s” (%s)%s%s\n", file, text_at(verdict, "policy"), text_at(verdict, "title"),
              text_at(verdict, "kind"), *text_at(verdict, "scope") ? _(", scope ") : "",
              text_at(verdict, "scope"));
    cases_print(call, verdict);
    if (!ok)
        return complain(REFUSED, _("%s may not be activated as it is."), file);
    print(_("%s may be activated; %zu cases pass.\n"), file, n_cases);
    return DONE;
}

int run_policy_check(struct call *call) {
    const char *file = call_argument(call, 0);
    json_t *params = NULL;
    json_auto_t *result = NULL;
    int code = file_read(call, file, &params);
    if (code == DONE)
        code = client_ask(&call->client, "policy.check", params, &result);
    if (code != DONE)
        return code;
    if (!call->json)
        return verdict_print(call, result, file);
    print_json(&call->terminal, result);
    return flag_at(result, "ok") ? DONE : REFUSED;
}

/* ---- activate ---- */

static int activate_refused(const struct call *call, const json_t *error, const char *file) {
    const json_t *verdict = json_object_get(json_object_get(error, "data"), "verdict");
    if (!call->json && json_is_object(verdict)) {
        complaints_print(verdict, file);
        cases_print(call, verdict);
    }
    return client_refused(&call->client, error);
}

int run_policy_activate(struct call *call) {
    static const char *const options[] = {"effective", "retroactivity", "scope", "by", "document"};
    const char *file = call_argument(call, 0);
    json_t *params = NULL;
    json_auto_t *result = NULL;
    json_auto_t *error = NULL;
    int code = file_read(call, file, &params);
    if (code != DONE)
        return code;
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        call_pass(call, options[i], params, options[i]);
    code = client_try(&call->client, "policy.activate", params, &result, &error);
    if (code == DONE && !result)
        return activate_refused(call, error, file);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    print(_("%s is in force from %s: revision %s, sequence %lld.\n"), file,
          text_at(result, "effective"), text_at(result, "revision"),
          (long long)integer_at(result, "sequence"));
    return DONE;
}

/* ---- history ---- */

/* How far the rating of everyone is that a revision began. */
static void add_run(json_t *item) {
    char text[64];
    const json_t *run = json_object_get(item, "run");
    if (strcmp(text_at(run, "kind"), "stars") != 0)
        return;
    snprintf(text, sizeof text,
             json_is_true(json_object_get(run, "done")) ? _("all %lld") : _("%lld so far"),
             (long long)json_integer_value(json_object_get(run, "judged")));
    json_object_set_new(item, "rated", json_string(text));
}

int run_policy_history(struct call *call) {
    static const struct noun_column columns[] = {
        {"revision", N_("revision"), VALUE_TEXT},
        {"effective", N_("effective"), VALUE_TEXT},
        {"state", N_("state"), VALUE_WORD},
        {"activated", N_("activated"), VALUE_MOMENT},
        {"by", N_("by"), VALUE_TEXT},
        {"retroactivity", N_("retroactivity"), VALUE_WORD},
        {"rated", N_("people rated anew"), VALUE_TEXT},
        {"sequence", N_("sequence"), VALUE_TEXT},
        {0},
    };
    json_auto_t *result = NULL;
    int code = client_ask(&call->client, "policy.history",
                          json_pack("{s:s}", "policy", call_argument(call, 0)), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *item;
    noun_columns_add(table, columns);
    json_array_foreach(json_object_get(result, "items"), index, item) {
        add_run(item);
        noun_row_add(&call->lexicon, table, columns, noun_fields(noun_view_find("policy")), item);
    }
    table_print(table);
    return DONE;
}
