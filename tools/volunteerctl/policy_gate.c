/* policy activate|set|pull|sign|rollback|retire|set-aside|release: what comes into force and what
 * goes. On a terminal each shows what would change and asks. */
#include <stdlib.h>
#include <unistd.h>

#include "commands.h"
#include "output.h"
#include "policy_compare.h"
#include "policy_file.h"
#include "policy_verdict.h"
#include "signing_key.h"
#include "table.h"
#include "value.h"

static bool asks(const struct call *call) {
    return call->terminal.in && call->terminal.out && !call->json && !call_flag(call, "yes");
}

static void pass_terms(const struct call *call, json_t *params) {
    static const char *const options[] = {"retroactivity", "scope", "by", "document"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        call_pass(call, options[i], params, options[i]);
    if (call_flag(call, "withdraw"))
        json_object_set_new(params, "withdraw", json_true());
}

/* What came of it: in force, or waiting for a signature. */
static void put_print(const char *what, const json_t *result) {
    if (strcmp(text_at(result, "state"), "proposed") == 0)
        print_line(_("%s is proposed as %s (sequence %lld). It comes into force from %s when "
                     "somebody else signs it: volunteerctl policy sign %s --key FILE"),
                   what, text_at(result, "revision"), (long long)integer_at(result, "sequence"),
                   text_at(result, "effective"), text_at(result, "revision"));
    else
        print(_("%s is in force from %s: revision %s, sequence %lld.\n"), what,
              text_at(result, "effective"), text_at(result, "revision"),
              (long long)integer_at(result, "sequence"));
}

/* ---- activate ---- */

static int activate_refused(const struct call *call, const json_t *error, const char *file) {
    const json_t *data = json_object_get(error, "data");
    const json_t *verdict = json_object_get(data, "verdict");
    if (!call->json && json_is_object(verdict))
        policy_verdict_print(call, verdict, file);
    if (!call->json)
        policy_file_drift(call, file, data);
    return client_refused(&call->client, error);
}

/* What the check says, before anybody is asked. */
static int activate_ask(struct call *call, const char *file, const json_t *params) {
    json_auto_t *verdict = NULL;
    int code = client_ask(&call->client, "policy.check",
                          json_pack("{s:O, s:O}", "text", json_object_get(params, "text"), "file",
                                    json_object_get(params, "file")),
                          &verdict);
    if (code != DONE)
        return code;
    policy_verdict_print(call, verdict, file);
    if (!flag_at(verdict, "ok"))
        return complain(REFUSED, _("%s may not be activated as it is."), file);
    return DONE;
}

/* What it changes goes with it: shown first to a person, who is then asked. `about` (taken): as
 * policy_compare takes it. */
static int compare_and_ask(struct call *call, json_t *params, json_t *about) {
    json_t *job = NULL;
    bool asked = asks(call);
    int code = DONE;
    if (call_flag(call, "no-diff"))
        json_decref(about);
    else
        code = policy_compare(call, about, asked, &job);
    if (job)
        json_object_set_new(params, "diff", job);
    if (code == DONE && asked)
        print_line("%s", call_flag(call, "withdraw")
                             ? _("What earlier revisions granted is taken back where this one "
                                 "does not give it (--withdraw).")
                             : _("Stars that were granted and points that were spent stay "
                                 "(--withdraw takes them back)."));
    if (code == DONE && asked && !confirmed(_("Put it in force? [y/N] ")))
        return complain(REFUSED, _("nothing was changed."));
    return code;
}

int run_policy_activate(struct call *call) {
    const char *file = call_argument(call, 0);
    json_t *params = NULL;
    json_auto_t *result = NULL;
    json_auto_t *error = NULL;
    int code = policy_file_read(call, file, &params);
    if (code == DONE && asks(call))
        code = activate_ask(call, file, params);
    if (code == DONE)
        code = compare_and_ask(call, params,
                               json_pack("{s:O}", "text", json_object_get(params, "text")));
    if (code != DONE) {
        json_decref(params);
        return code;
    }
    call_pass(call, "effective", params, "effective");
    pass_terms(call, params);
    code = client_try(&call->client, "policy.activate", params, &result, &error);
    if (code == DONE && !result)
        return activate_refused(call, error, file);
    if (code != DONE)
        return code;
    policy_file_update(call, file, text_at(result, "text"));
    if (call->json)
        return print_json(&call->terminal, result);
    put_print(file, result);
    return DONE;
}

/* ---- set ---- */

/* PARAMETER=VALUE words as {"hours.5": "1200"}. */
static int parameters_take(const struct call *call, json_t **ret_parameters) {
    json_t *parameters = json_object();
    for (size_t i = 1; i < call->n_arguments; i++) {
        const char *word = call->arguments[i], *equals = strchr(word, '=');
        if (!equals || equals == word) {
            json_decref(parameters);
            return complain(USAGE, _("“%s”: PARAMETER=VALUE is expected, such as hours.5=1200."),
                            word);
        }
        char *name = strndup(word, (size_t)(equals - word));
        json_t *value = json_string(equals + 1);
        if (!name)
            abort();
        if (value)
            json_object_set_new(parameters, name, value);
        free(name);
        if (!value) {
            json_decref(parameters);
            return complain(USAGE, _("“%s” is no UTF-8 text."), word);
        }
    }
    *ret_parameters = parameters;
    return DONE;
}

/* "五星: 1500 → 1200 小时, 自 2027-01-01" */
static void change_print(const json_t *change) {
    BUF_AUTO was = {0};
    BUF_AUTO becomes = {0};
    const char *item = text_at(change, "item"), *title = text_at(change, "title");
    const char *unit = text_at(change, "unit");
    value_line(json_object_get(change, "was"), &was);
    value_line(json_object_get(change, "becomes"), &becomes);
    const char *name = *item ? item : *title ? title : text_at(change, "parameter");
    print(_("%s: %s → %s%s%s, from %s\n"), name, buf_text(&was), buf_text(&becomes),
          *unit ? " " : "", unit, text_at(change, "from"));
}

static void changes_print(const json_t *result) {
    const json_t *later = json_object_get(result, "later");
    size_t i;
    json_t *change;
    json_array_foreach(json_object_get(result, "changes"), i, change) change_print(change);
    if (json_array_size(later) > 0)
        print_line(_("From %s on the parameters of that day hold, as they are."),
                   text_in(later, 0));
}

/* What would change, in words, and whom it would change. */
static int set_try(struct call *call, json_t *params) {
    json_auto_t *result = NULL;
    json_t *trial = json_deep_copy(params);
    json_object_set_new(trial, "try", json_true());
    int code = client_ask(&call->client, "policy.set", trial, &result);
    if (code != DONE)
        return code;
    if (!call->json)
        changes_print(result);
    return compare_and_ask(call, params,
                           json_pack("{s:O, s:O}", "policy", json_object_get(params, "policy"),
                                     "parameters", json_object_get(result, "parameters")));
}

int run_policy_set(struct call *call) {
    json_t *parameters = NULL, *params;
    json_auto_t *result = NULL;
    if (!call_text(call, "from"))
        return complain(USAGE, _("from which day on? --from DATE"));
    int code = parameters_take(call, &parameters);
    if (code != DONE)
        return code;
    params = json_pack("{s:s, s:o}", "policy", call_argument(call, 0), "parameters", parameters);
    call_pass(call, "from", params, "from");
    pass_terms(call, params);
    code = set_try(call, params);
    if (code != DONE) {
        json_decref(params);
        return code;
    }
    code = client_ask(&call->client, "policy.set", params, &result);
    if (code != DONE)
        return code;
    if (*text_at(result, "file"))
        policy_file_update(call, text_at(result, "file"), text_at(result, "text"));
    if (call->json)
        return print_json(&call->terminal, result);
    put_print(call_argument(call, 0), result);
    return DONE;
}

/* ---- pull ---- */

/* What would be lost is kept beside it. */
static int keep_old(const struct call *call, const char *path, const char *text) {
    json_auto_t *old = NULL;
    char *kept = NULL;
    if (access(path, F_OK) != 0)
        return DONE;
    int code = policy_file_read(call, path, &old);
    if (code != DONE || strcmp(text_at(old, "text"), text) == 0)
        return code;
    if (asprintf(&kept, "%s~", path) < 0)
        abort();
    code = file_write(call, kept, text_at(old, "text"));
    if (code == DONE && !call->json)
        note(_("What %s said is kept in %s."), path, kept);
    free(kept);
    return code;
}

int run_policy_pull(struct call *call) {
    const char *path = call_argument(call, 1);
    json_auto_t *result = NULL;
    json_t *params = json_pack("{s:s}", "policy", call_argument(call, 0));
    char beside[300];
    call_pass(call, "scope", params, "scope");
    int code = client_ask(&call->client, "policy.pull", params, &result);
    if (code != DONE)
        return code;
    const char *text = text_at(result, "text");
    if (path && strcmp(path, "-") == 0) {
        fputs(text, stdout);
        return DONE;
    }
    if (!path && *text_at(result, "file"))
        path = text_at(result, "file");
    snprintf(beside, sizeof beside, "%s.lua", text_at(result, "policy"));
    if (!path)
        path = beside;
    code = keep_old(call, path, text);
    if (code == DONE)
        code = file_write(call, path, text);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    print(_("%s is %s as it is in force.\n"), path, text_at(result, "revision"));
    return DONE;
}

/* ---- sign ---- */

static void proposal_print(const json_t *proposal) {
    print(_("%s “%s”, from %s (%s), proposed by %s, based on %s\n"), text_at(proposal, "revision"),
          text_at(proposal, "title"), text_at(proposal, "effective"),
          text_at(proposal, "retroactivity"), text_at(proposal, "by"),
          *text_at(proposal, "based_on") ? text_at(proposal, "based_on") : "-");
    if (has_at(proposal, "parameters")) {
        BUF_AUTO line = {0};
        value_line(json_object_get(proposal, "parameters"), &line);
        print(_("parameters: %s\n"), buf_text(&line));
    }
}

/* What it was shown to change when it was proposed. */
static void proposal_diff_print(const json_t *diff) {
    if (!json_is_object(diff))
        return;
    print(_("compared with %s as of %s: %lld judged, %lld change, %lld for the worse\n"),
          text_at(diff, "revision"), text_at(diff, "as_of"), (long long)integer_at(diff, "judged"),
          (long long)integer_at(diff, "changed"), (long long)integer_at(diff, "worse"));
    size_t i;
    json_t *move;
    json_array_foreach(json_object_get(diff, "transitions"), i, move) {
        if (strcmp(text_at(move, "from"), text_at(move, "to")) != 0)
            print("  %s → %s: %lld\n", text_at(move, "from"), text_at(move, "to"),
                  (long long)integer_at(move, "n"));
    }
}

int run_policy_sign(struct call *call) {
    const char *revision = call_argument(call, 0), *path = call_text(call, "key");
    struct signing_key key;
    json_auto_t *proposal = NULL;
    json_auto_t *result = NULL;
    char signature[SIGNATURE_TEXT_BYTES], digest[TERMS_DIGEST_TEXT_BYTES];
    if (!path)
        return complain(USAGE, _("with which key? --key FILE"));
    int code = client_ask(&call->client, "policy.get", json_pack("{s:s}", "revision", revision),
                          &proposal);
    if (code == DONE)
        code = signing_key_read(call, path, &key);
    if (code != DONE)
        return code;
    /* Over what was shown, not over what the daemon says of it. */
    terms_digest(proposal, digest);
    if (asks(call)) {
        proposal_print(proposal);
        proposal_diff_print(json_object_get(proposal, "diff"));
        if (!confirmed(_("Sign it, and so put it in force? [y/N] ")))
            code = complain(REFUSED, _("nothing was signed."));
    }
    terms_sign(digest, key.secret, signature);
    signing_key_deinit(&key);
    if (code == DONE)
        code = client_ask(&call->client, "policy.sign",
                          json_pack("{s:s, s:s}", "revision", revision, "signature", signature),
                          &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    print(_("%s is in force from %s, signed by %s: sequence %lld.\n"), revision,
          text_at(result, "effective"), text_at(result, "second"),
          (long long)integer_at(result, "sequence"));
    return DONE;
}

/* ---- a step back ---- */

int run_policy_rollback(struct call *call) {
    const char *name = call_argument(call, 0);
    json_auto_t *result = NULL;
    json_t *params = json_pack("{s:s}", "policy", name);
    pass_terms(call, params);
    if (asks(call) && !confirmed(_("Take the newest revision back? [y/N] "))) {
        json_decref(params);
        return complain(REFUSED, _("nothing was changed."));
    }
    int code = client_ask(&call->client, "policy.rollback", params, &result);
    if (code != DONE)
        return code;
    if (*text_at(result, "file"))
        policy_file_update(call, text_at(result, "file"), text_at(result, "text"));
    if (call->json)
        return print_json(&call->terminal, result);
    print(_("%s is taken back; what %s said is %s as %s.\n"), text_at(result, "takes_back"),
          text_at(result, "restores"),
          strcmp(text_at(result, "state"), "proposed") == 0 ? _("proposed") : _("in force again"),
          text_at(result, "revision"));
    if (strcmp(text_at(result, "state"), "proposed") == 0)
        put_print(name, result);
    return DONE;
}

/* ---- out of force, and back ---- */

static int turn(struct call *call, const char *method, const char *done) {
    static const char *const options[] = {"scope", "from", "reason", "by", "revision"};
    const char *name = call_argument(call, 0);
    json_auto_t *result = NULL;
    json_t *params = json_pack("{s:s}", "policy", name);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        call_pass(call, options[i], params, options[i]);
    int code = client_ask(&call->client, method, params, &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    print(_("%s is %s: sequence %lld.\n"),
          *text_at(result, "revision") ? text_at(result, "revision") : name, done,
          (long long)integer_at(result, "sequence"));
    return DONE;
}

static int reason_needed(const struct call *call) {
    return call_text(call, "reason") ? DONE : complain(USAGE, _("why? --reason TEXT"));
}

int run_policy_retire(struct call *call) {
    int code = reason_needed(call);
    return code == DONE ? turn(call, "policy.retire", _("retired")) : code;
}

int run_policy_set_aside(struct call *call) {
    int code = reason_needed(call);
    return code == DONE ? turn(call, "policy.set_aside", _("set aside")) : code;
}

int run_policy_release(struct call *call) {
    return turn(call, "policy.release", _("back in force"));
}
