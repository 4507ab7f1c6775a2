/* policy.replay: what is no decision is told at once; else a job asks again. */
#include "bus/decision_json.h"
#include "bus/job.h"
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "engine/decided.h"

#define WAIT_DEFAULT_MS 30000
#define WAIT_LIMIT_MS 60000

static int refuse(struct query *query, int outcome, const struct decided *decided) {
    long long sequence = query_integer(query, "sequence", 0);
    switch (outcome) {
    case DECIDED_UNKNOWN:
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "sequence",
                           "there is no sequence %lld: status names the last one", sequence);
    case DECIDED_ARCHIVED:
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "sequence",
                           "sequence %lld or what it followed from is in the archive", sequence);
    default:
        return problem_set(query->problem, PROBLEM_WRONG_STATE, "sequence",
                           "%lld is %s, which no policy decided: name a decision, such as the "
                           "sequence that explain shows",
                           sequence, decided->asked.type->name);
    }
}

/* Nothing to compare: no policy was in force, an entry was taken back, or the best of those were
 * put in order about whom a policy was asked before. */
static json_t *unasked_json(const struct decided *decided) {
    const char *why = decided->asked.type->number == EVENT_points_posted     ? "reversal"
                      : decided->asked.type->number == EVENT_honour_proposed ? "considered"
                                                                             : "no_policy";
    json_t *json = json_pack("{s:I, s:s, s:s, s:I, s:s, s:n, s:s}", "sequence",
                             (json_int_t)decided->asked.sequence, "type", decided->asked.type->name,
                             "kind", POLICY_KIND_choices.words[decided->kind], "cause",
                             (json_int_t)decided->cause.sequence, "cause_type",
                             decided->cause.type->name, "same", "read", why);
    if (decided->asked.type->number == EVENT_honour_proposed) {
        const struct honour_proposed *proposed = decided->asked.data;
        json_object_set_new(json, "considered", json_integer(proposed->considered));
    }
    return json;
}

static int begin(struct query *query, uint64_t *ret_job) {
    const struct policy_limits *limits = &query->services->policy_limits;
    char numbers[JOB_ARGUMENTS][24];
    const uint64_t values[JOB_ARGUMENTS] = {(uint64_t)query_integer(query, "sequence", 0),
                                            limits->instructions, limits->memory_bytes,
                                            limits->result_bytes};
    const char *arguments[JOB_ARGUMENTS + 1] = {NULL};
    if (query_refuse_writing(query))
        return 1;
    for (size_t i = 0; i < JOB_ARGUMENTS; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%llu", (unsigned long long)values[i]);
        arguments[i] = numbers[i];
    }
    return job_begin(query->services->jobs, "policy.replay", arguments, query->problem, ret_job);
}

static int look(struct query *query, json_t **ret_result) {
    struct decided decided;
    int64_t sequence = query_integer(query, "sequence", 0);
    int r = decided_read(query->services->journal, query->view,
                         sequence > 0 ? (uint64_t)sequence : 0, query->arena, &decided);
    if (r > 0)
        return refuse(query, r, &decided);
    if (r < 0 || !decided.unasked)
        return r;
    *ret_result = json_pack("{s:n, s:s, s:s, s:o}", "job", "name", "policy.replay", "state", "done",
                            "result", unasked_json(&decided));
    return 0;
}

static bool must_wait(struct query *query) {
    const struct io *io = query->services->io;
    int64_t wait_ms = query_integer(query, "wait_ms", WAIT_DEFAULT_MS);
    if (jobs_has_ended(query->services->jobs, query->reached) || !query->may_wait || wait_ms <= 0)
        return false;
    if (query->deadline_us == 0)
        query->deadline_us = io->boottime_us(io->self) + wait_ms * 1000;
    query->wait = (struct wait){WAIT_JOB, query->reached};
    return true;
}

/* Called again when the job has ended or the time is over: `reached` says which job it is. */
int query_policy_replay(struct query *query, json_t **ret_result) {
    int64_t wait_ms = query_integer(query, "wait_ms", WAIT_DEFAULT_MS);
    if (wait_ms < 0 || wait_ms > WAIT_LIMIT_MS)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "wait_ms",
                           "wait_ms must be 0 to %d", WAIT_LIMIT_MS);
    if (!query->reached) {
        int r = look(query, ret_result);
        if (r == 0 && !*ret_result)
            r = begin(query, &query->reached);
        if (r != 0 || *ret_result)
            return r;
    }
    if (must_wait(query))
        return QUERY_WAITS;
    *ret_result = job_show(query->services->jobs, query->reached);
    if (!*ret_result)
        *ret_result = json_null();
    return 0;
}
