/* policy check|test: what is wrong with a policy file, and what its cases say. */
#include <stdlib.h>
#include <unistd.h>

#include "commands.h"
#include "policy_file.h"
#include "policy_verdict.h"
#include "value.h"

/* ---- check ---- */

static int verdict_print(const struct call *call, const json_t *verdict, const char *file) {
    bool ok = flag_at(verdict, "ok");
    size_t n_cases = json_array_size(json_object_get(verdict, "cases"));
    verdict_complaints(verdict, file);
    if (*text_at(verdict, "policy"))
        print("%s: %s “%s” (%s)%s%s\n", file, text_at(verdict, "policy"), text_at(verdict, "title"),
              text_at(verdict, "kind"), *text_at(verdict, "scope") ? _(", scope ") : "",
              text_at(verdict, "scope"));
    verdict_cases(call, verdict);
    if (!ok)
        return complain(REFUSED, _("%s may not be activated as it is."), file);
    print(_("%s may be activated; %zu cases pass.\n"), file, n_cases);
    return DONE;
}

int run_policy_check(struct call *call) {
    const char *file = call_argument(call, 0);
    json_t *params = NULL;
    json_auto_t *result = NULL;
    int code = policy_file_read(call, file, &params);
    if (code == DONE)
        code = client_ask(&call->client, "policy.check", params, &result);
    if (code != DONE)
        return code;
    if (!call->json)
        return verdict_print(call, result, file);
    print_json(&call->terminal, result);
    return flag_at(result, "ok") ? DONE : REFUSED;
}

/* ---- test ---- */

struct tests {
    struct call *call;
    json_t *items; /* of {"file", and the verdict's cases, coverage, complaints} */
    size_t n_cases, n_failed;
    bool refused;
};

static size_t count_failed(const json_t *verdict) {
    size_t index, n = 0;
    json_t *each;
    json_array_foreach(json_object_get(verdict, "cases"), index, each) n += !flag_at(each, "ok");
    return n;
}

/* `params` are taken over. */
static int test_one(struct tests *tests, const char *file, json_t *params) {
    static const char *const members[] = {"ok", "policy", "cases", "coverage", "complaints"};
    json_auto_t *text = json_incref(json_object_get(params, "text"));
    json_auto_t *verdict = NULL;
    struct call *call = tests->call;
    int code = client_ask(&call->client, "policy.check", params, &verdict);
    if (code != DONE)
        return code;
    json_t *item = json_pack("{s:s}", "file", file);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        json_object_set(item, members[i], json_object_get(verdict, members[i]));
    json_array_append_new(tests->items, item);
    tests->n_cases += json_array_size(json_object_get(verdict, "cases"));
    tests->n_failed += count_failed(verdict);
    tests->refused |= !flag_at(verdict, "ok");
    if (call->json)
        return DONE;
    verdict_complaints(verdict, file);
    print("%s\n", file);
    verdict_cases(call, verdict);
    verdict_coverage(call, verdict, file, json_string_value(text));
    return DONE;
}

/* What is in force under that name. */
static int test_name(struct tests *tests, const char *name) {
    json_auto_t *policy = NULL;
    int code =
        client_ask(&tests->call->client, "policy.get", json_pack("{s:s}", "policy", name), &policy);
    if (code != DONE)
        return code;
    return test_one(tests, name,
                    json_pack("{s:s, s:s}", "text", text_at(policy, "text"), "file", name));
}

/* Every file of the daemon's policy_dir. */
static int test_all(struct tests *tests) {
    json_auto_t *list = NULL;
    json_auto_t *seen = json_object();
    size_t index;
    json_t *item;
    int code = client_ask(&tests->call->client, "policy.list", json_object(), &list);
    json_array_foreach(json_object_get(list, "items"), index, item) {
        const char *file = text_at(item, "file");
        if (code != DONE || !*file || json_object_get(seen, file))
            continue;
        json_object_set_new(seen, file, json_true());
        code = test_one(tests, file, json_pack("{s:s}", "file", file));
    }
    return code;
}

static int tests_end(const struct tests *tests) {
    const struct call *call = tests->call;
    json_auto_t *answer = json_pack("{s:O}", "items", tests->items);
    if (call->json)
        print_json(&call->terminal, answer);
    else
        print(_("%zu cases, %zu failed.\n"), tests->n_cases, tests->n_failed);
    return tests->n_failed || tests->refused ? REFUSED : DONE;
}

int run_policy_test(struct call *call) {
    struct tests tests = {.call = call, .items = json_array()};
    const char *what = call_argument(call, 0);
    json_t *params = NULL;
    int code = DONE;
    if (!what)
        code = test_all(&tests);
    else if (access(what, F_OK) != 0 && !strchr(what, '/') && !strstr(what, ".lua"))
        code = test_name(&tests, what);
    else if ((code = policy_file_read(call, what, &params)) == DONE)
        code = test_one(&tests, what, params);
    if (code == DONE)
        code = tests_end(&tests);
    json_decref(tests.items);
    return code;
}
