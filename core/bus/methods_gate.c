/* What becomes of a revision that is there: policy.sign, rollback, retire, set_aside, release. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/rule_terms.h"
#include "policy/signature.h"

static int stored(struct query *query, const char *type, json_t *data, json_t **ret_result) {
    json_t *result = NULL;
    int r = query_command(query, type, data, &result);
    if (r > 0)
        problem_as_parameter(query->problem);
    if (r == 0)
        *ret_result = json_pack("{s:O}", "sequence", json_object_get(result, "sequence"));
    json_decref(result);
    json_decref(data);
    return r;
}

/* ---- policy.sign ---- */

static int find_proposal(struct query *query, const struct rules *rules,
                         const struct policy_revision **ret_revision) {
    struct str revision = query_text(query, "revision");
    *ret_revision = rules_find(rules, revision);
    if (!*ret_revision)
        return query_unknown(query, NOUN_POLICY, "revision", revision);
    if ((*ret_revision)->state != POLICY_PROPOSED)
        return problem_set(query->problem, PROBLEM_WRONG_STATE, "revision",
                           "%.*s is not proposed: there is nothing to sign", STR_ARG(revision));
    return 0;
}

static int check_signature(struct query *query, const char *digest, struct str by,
                           const struct signer **ret_signer) {
    const struct signers *signers = &query->services->signers;
    *ret_signer = terms_verify(signers, digest, query_text(query, "signature"));
    if (!*ret_signer)
        return problem_set(query->problem, PROBLEM_NOT_ALLOWED, "signature",
                           "no signer of policies.signers made this signature for digest %s",
                           digest);
    if (str_equal(by, str_from((*ret_signer)->name)))
        return problem_set(query->problem, PROBLEM_SELF_REVIEW, "signature",
                           "%.*s proposed it: somebody else has to sign", STR_ARG(by));
    return 0;
}

int query_policy_sign(struct query *query, json_t **ret_result) {
    struct rules rules;
    const struct policy_revision *revision = NULL;
    const struct signer *signer = NULL;
    char digest[TERMS_DIGEST_TEXT_BYTES];
    int r = rules_load(query, &rules);
    if (r == 0)
        r = find_proposal(query, &rules, &revision);
    if (r != 0)
        return r;
    json_t *data = json_from_struct(&policy_activated_fields, &revision->data);
    terms_digest(data, digest);
    r = check_signature(query, digest, revision->data.by, &signer);
    if (r != 0) {
        json_decref(data);
        return r;
    }
    json_object_set_new(data, "second", json_string(signer->name));
    json_object_set_new(data, "signature", json_from_str(query_text(query, "signature")));
    r = stored(query, "policy.activated", data, ret_result);
    if (r == 0) {
        json_object_set_new(*ret_result, "revision", json_from_str(revision->data.revision));
        json_object_set_new(*ret_result, "effective",
                            json_from_date(revision->data.effective, INT32_MIN));
        json_object_set_new(*ret_result, "second", json_string(signer->name));
    }
    return r;
}

/* ---- policy.rollback ---- */

static int find_step(struct rule_terms *terms, const struct policy_revision **ret_last,
                     const struct policy_revision **ret_before) {
    struct query *query = terms->query;
    struct str policy = query_text(query, "policy"), code;
    uint32_t scope;
    int r = rule_scope(query, query_text(query, "scope"), &scope, &code);
    if (r != 0)
        return r;
    *ret_last = rules_newest(&terms->rules, policy, scope);
    if (!*ret_last)
        return query_unknown(query, NOUN_POLICY, "policy", policy);
    *ret_before = rules_before(&terms->rules, *ret_last);
    if (!*ret_before)
        return problem_set(query->problem, PROBLEM_WRONG_STATE, "policy",
                           "there is nothing behind %.*s to go back to; `policy retire` takes it "
                           "out of force",
                           STR_ARG((*ret_last)->data.revision));
    return 0;
}

/* The revision before comes again, for all the days on which the one that goes held. */
static void restore(struct rule_terms *terms, const struct policy_revision *last,
                    const struct policy_revision *before) {
    const struct policy_activated *data = &before->data;
    char day[16];
    size_t size = date_format(last->data.effective, day);
    terms->text = data->text;
    terms->file = data->policy;
    terms->libraries = data->library;
    terms->parameters = HAS(data, policy_activated, parameters) ? data->parameters : STR_NONE;
    terms->restores = data->revision;
    terms->effective = arena_copy(terms->query->arena, (struct str){day, size});
}

int query_policy_rollback(struct query *query, json_t **ret_result) {
    struct rule_terms terms;
    const struct policy_revision *last, *before;
    int r = rule_terms_init(&terms, query);
    if (r == 0)
        r = find_step(&terms, &last, &before);
    if (r == 0) {
        restore(&terms, last, before);
        r = rule_terms_judge(&terms);
    }
    if (r == 0)
        r = rule_terms_place(&terms);
    if (r == 0)
        r = rule_terms_put(&terms, ret_result);
    if (r == 0) {
        json_object_set_new(*ret_result, "restores", json_from_str(before->data.revision));
        json_object_set_new(*ret_result, "takes_back", json_from_str(last->data.revision));
        struct str file = rule_file(query, terms.policy, terms.scope);
        if (file.data)
            json_object_set_new(*ret_result, "file", json_from_str(file));
    }
    rule_terms_deinit(&terms);
    return r;
}

/* ---- out of force, and back ---- */

static json_t *command_data(const struct query *query, const char *const *names) {
    json_t *data = json_pack("{s:o}", "by", json_from_str(query->actor));
    for (size_t i = 0; names[i]; i++)
        if (query_text(query, names[i]).data)
            json_object_set(data, names[i], json_object_get(query->params, names[i]));
    return data;
}

int query_policy_retire(struct query *query, json_t **ret_result) {
    static const char *const names[] = {"policy", "scope", "from", "reason", NULL};
    return stored(query, "policy.retired", command_data(query, names), ret_result);
}

/* The revision that the parameters name, or of the policy the newest in that state. */
static int find_in_state(struct query *query, enum policy_state state,
                         const struct policy_revision **ret_revision) {
    struct str policy = query_text(query, "policy"), revision = query_text(query, "revision");
    struct rules rules;
    int r = rules_load(query, &rules);
    if (r != 0)
        return r;
    for (size_t i = rules.n; i > 0; i--) {
        const struct policy_revision *item = &rules.items[i - 1];
        bool named = revision.data ? str_equal(item->data.revision, revision)
                                   : item->state == (uint8_t)state;
        if (!named || !str_equal(item->data.policy, policy))
            continue;
        *ret_revision = item;
        return 0;
    }
    if (revision.data || !rules_in_force(&rules, policy))
        return query_unknown(query, NOUN_POLICY, revision.data ? "revision" : "policy",
                             revision.data ? revision : policy);
    return problem_set(query->problem, PROBLEM_WRONG_STATE, "policy",
                       state == POLICY_SET_ASIDE ? "no revision of %.*s is set aside"
                                                 : "no revision of %.*s is in force",
                       STR_ARG(policy));
}

static int turn(struct query *query, enum policy_state from, const char *type,
                json_t **ret_result) {
    static const char *const names[] = {"policy", "reason", NULL};
    const struct policy_revision *revision = NULL;
    int r = find_in_state(query, from, &revision);
    if (r != 0)
        return r;
    json_t *data = command_data(query, names);
    json_object_set_new(data, "revision", json_from_str(revision->data.revision));
    r = stored(query, type, data, ret_result);
    if (r == 0)
        json_object_set_new(*ret_result, "revision", json_from_str(revision->data.revision));
    return r;
}

int query_policy_set_aside(struct query *query, json_t **ret_result) {
    return turn(query, POLICY_IN_FORCE, "policy.set_aside", ret_result);
}

int query_policy_release(struct query *query, json_t **ret_result) {
    return turn(query, POLICY_SET_ASIDE, "policy.released", ret_result);
}
