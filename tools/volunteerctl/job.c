#include "job.h"

#include "interrupt.h"
#include "progress.h"
#include "value.h"

#define JOB_WAIT_MS 300

static int job_cancel(struct call *call, const json_t *id, struct progress *progress) {
    json_auto_t *result = NULL;
    progress_end(progress);
    int code = client_ask(&call->client, "job.cancel", json_pack("{s:O}", "job", id), &result);
    return code == DONE ? complain_json(call->json, REFUSED, NULL, _("cancelled.")) : code;
}

static int job_wait(struct call *call, const json_t *id, struct progress *progress,
                    json_t **ret_job) {
    while (true) {
        if (interrupt_came())
            return job_cancel(call, id, progress);
        json_t *job = NULL;
        int code = client_ask(&call->client, "job.get",
                              json_pack("{s:O, s:i}", "job", id, "wait_ms", JOB_WAIT_MS), &job);
        if (code != DONE)
            return code;
        if (strcmp(text_at(job, "state"), "running") != 0) {
            *ret_job = job;
            return DONE;
        }
        char done[TEXT_SIZE];
        progress_update(progress, integer_at(job, "done"), integer_at(job, "total"),
                        number_text(integer_at(job, "done"), true, done));
        json_decref(job);
    }
}

int job_follow(struct call *call, const json_t *id, const char *what, json_t **ret_job) {
    struct progress progress;
    interrupt_hold();
    progress_begin(&progress, &call->terminal, what);
    int code = job_wait(call, id, &progress, ret_job);
    progress_end(&progress);
    return code == DONE ? job_check(call, *ret_job) : code;
}

int job_check(const struct call *call, const json_t *job) {
    if (strcmp(text_at(job, "state"), "done") == 0)
        return DONE;
    const char *message = text_at(job, "message");
    if (call->json)
        print_json(&call->terminal, job);
    return complain(REFUSED, _("%s: %s"), text_at(job, "name"),
                    *message ? message : text_at(job, "state"));
}

int job_run(struct call *call, const char *name, const char *what, json_t **ret_job) {
    json_auto_t *started = NULL;
    int code = client_ask(&call->client, "job.start",
                          json_pack("{s:s, s:{}}", "job", name, "parameters"), &started);
    return code == DONE ? job_follow(call, json_object_get(started, "job"), what, ret_job) : code;
}
