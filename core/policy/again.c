#include "policy/again.h"

#include "policy/load.h"
#include "policy/result.h"
#include "policy/stored.h"

static void ask(struct policy_host *host, const struct past_question *question,
                const struct program *program, struct answer *ret_answer) {
    const struct policy_kind *kind = policy_kind((enum POLICY_KIND_choice)question->revision->kind);
    stored_object_push(host, question->subject, STR_NONE);
    lua_insert(host->sandbox.lua, -2); /* before the parameters */
    stored_object_push(host, OBJECT_CONTEXT, STR("context"));
    call_run(host, program, kind, ret_answer);
}

static int load_and_ask(struct policy_host *host, const struct past_question *question,
                        struct arena *arena, struct answer *ret_answer) {
    const struct policy_activated *revision = question->revision;
    struct load_source source = {.name = arena_string(arena, revision->revision),
                                 .text = revision->text,
                                 .parameters = revision->parameters,
                                 .n_libraries = revision->library.n,
                                 .libraries = revision->library.items};
    struct program program;
    if (program_load(host, &source, &program) != 0) {
        const char *message = lua_tostring(host->sandbox.lua, -1);
        ret_answer->asked = ret_answer->failed = true;
        ret_answer->failure =
            call_failure_text(arena, str_from(message ? message : "it does not load"));
        return 0;
    }
    bool holds = program_push_parameters(host, &program, question->as_of);
    if (holds)
        ask(host, question, &program, ret_answer);
    if (!host->sandbox.refused)
        program_unload(host, &program);
    return !holds;
}

int policy_ask_again(const struct policy_limits *limits, const struct past_question *question,
                     struct arena *arena, struct answer *ret_answer, struct str *ret_missing) {
    struct stored_facts *facts;
    *ret_answer = (struct answer){.valid_until = INT32_MIN};
    *ret_missing = STR_NONE;
    if (!policy_kind((enum POLICY_KIND_choice)question->revision->kind) ||
        stored_facts_open(question->facts, arena, &facts) != 0)
        return 1;
    struct policy_host *host = policy_host_new(limits);
    call_begin(host, arena);
    host->call.as_of = question->as_of;
    host->call.subject = question->subject;
    host->call.stored = facts;
    ret_answer->revision = question->revision->revision;
    int r = load_and_ask(host, question, arena, ret_answer);
    *ret_missing = stored_facts_missing(facts);
    stored_facts_close(facts);
    policy_host_free(host);
    return r;
}
