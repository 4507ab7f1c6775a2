#include "bus/job.h"

#include <assert.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/child.h"
#include "bus/job_policy_diff.h"
#include "bus/methods.h"
#include "bus/wake.h"
#include "util/error.h"
#include "util/log.h"
#include "util/memory.h"

#define JOBS_KEPT 64
#define WAIT_LIMIT_MS 60000
#define LINE_LIMIT (1u << 20)

enum job_state { JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };

struct job_kind {
    const char *name;  /* as job.start takes it */
    const char *child; /* as --child takes it */
    /* Writes what the child reads, from the job's `parameters`; NULL: it takes none. */
    int (*request)(struct query *query, struct buf *out);
};

static const struct job_kind job_kinds[] = {
    {"journal.verify", "verify", NULL},
    {"journal.replay", "replay", NULL},
    {"policy.replay", "decision", NULL},
    {"policy.diff", "simulate", job_policy_diff_request},
};

struct job {
    uint64_t number; /* 0: free */
    const struct job_kind *kind;
    enum job_state state;
    struct child child;
    pid_t pid; /* also after its end: names its scratch folder */
    struct buf line;
    int64_t done, total;
    json_t *result;
    char message[256];
};

struct jobs {
    struct jobs_options options;
    pthread_mutex_t lock;
    uint64_t last;
    struct job list[JOBS_KEPT];
};

/* ---- scratch folders ---- */

static int remove_one(void *context, const char *name) {
    const struct jobs_options *options = context;
    char path[4096];
    if (strncmp(name, "replay-", 7) != 0)
        return 0;
    snprintf(path, sizeof path, "%s/local/%s", options->data_dir, name);
    if (store_remove(path) < 0 || (rmdir(path) < 0 && errno != ENOENT))
        log_warning("what a replay left in %s cannot be removed", path);
    return 0;
}

static void remove_scratch(struct jobs *self, const struct job *job) {
    char name[32];
    snprintf(name, sizeof name, "replay-%d", (int)job->pid);
    char path[4096];
    snprintf(path, sizeof path, "%s/local/%s", self->options.data_dir, name);
    if (access(path, F_OK) == 0)
        (void)remove_one(&self->options, name);
}

struct jobs *jobs_new(const struct jobs_options *options) {
    struct jobs *self = calloc(1, sizeof *self);
    if (!self)
        memory_out();
    self->options = *options;
    pthread_mutex_init(&self->lock, NULL);
    char path[4096];
    snprintf(path, sizeof path, "%s/local", options->data_dir);
    (void)options->io->list(options->io->self, path, remove_one, &self->options);
    return self;
}

static void job_clear(struct job *job) {
    json_decref(job->result);
    buf_deinit(&job->line);
    *job = (struct job){0};
}

void jobs_free(struct jobs *jobs) {
    if (!jobs)
        return;
    for (size_t i = 0; i < JOBS_KEPT; i++) {
        struct job *job = &jobs->list[i];
        if (job->number && job->state == JOB_RUNNING) {
            child_kill(&job->child);
            remove_scratch(jobs, job);
        }
        job_clear(job);
    }
    pthread_mutex_destroy(&jobs->lock);
    free(jobs);
}

/* ---- what children print ---- */

static void take_line(struct job *job, struct str line) {
    json_t *json = json_loadb(line.data, line.size, 0, NULL);
    json_t *result = json_object_get(json, "result");
    const char *failed = json_string_value(json_object_get(json, "failed"));
    if (result) {
        json_decref(job->result);
        job->result = json_incref(result);
    } else if (failed) {
        snprintf(job->message, sizeof job->message, "%s", failed);
    } else if (json) {
        job->done = json_integer_value(json_object_get(json, "done"));
        job->total = json_integer_value(json_object_get(json, "total"));
    }
    json_decref(json);
}

static void take_lines(struct job *job) {
    struct str left = buf_str(&job->line);
    const char *newline;
    while (left.size && (newline = memchr(left.data, '\n', left.size))) {
        size_t size = (size_t)(newline - left.data);
        take_line(job, (struct str){left.data, size});
        left = (struct str){newline + 1, left.size - size - 1};
    }
    if (left.size > LINE_LIMIT)
        left.size = 0;
    if (left.size)
        memmove(job->line.data, left.data, left.size);
    job->line.size = left.size;
}

static void end_job(struct jobs *self, struct job *job) {
    int status = child_reap(&job->child);
    bool good = status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 && job->result;
    job->state = good ? JOB_DONE : JOB_FAILED;
    if (!good && !*job->message)
        snprintf(job->message, sizeof job->message, "its process ended with status %d: see the log",
                 status);
    if (good)
        job->done = job->total;
    remove_scratch(self, job);
    log_info("job %s-%" PRIu64 " %s%s%s", job->kind->name, job->number, good ? "is done" : "failed",
             good ? "" : ": ", good ? "" : job->message);
}

void jobs_take(struct jobs *jobs) {
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < JOBS_KEPT; i++) {
        struct job *job = &jobs->list[i];
        if (!job->number || job->state != JOB_RUNNING)
            continue;
        int result = child_read(&job->child, &job->line);
        take_lines(job);
        if (result == CHILD_ENDED)
            end_job(jobs, job);
    }
    pthread_mutex_unlock(&jobs->lock);
}

size_t jobs_descriptors(struct jobs *jobs, int ret_descriptors[static JOBS_RUNNING_LIMIT]) {
    size_t n = 0;
    pthread_mutex_lock(&jobs->lock);
    for (size_t i = 0; i < JOBS_KEPT && n < JOBS_RUNNING_LIMIT; i++)
        if (jobs->list[i].number && jobs->list[i].state == JOB_RUNNING)
            ret_descriptors[n++] = jobs->list[i].child.out;
    pthread_mutex_unlock(&jobs->lock);
    return n;
}

/* ---- under the lock ---- */

static struct job *job_find(struct jobs *self, uint64_t number) {
    for (size_t i = 0; number && i < JOBS_KEPT; i++)
        if (self->list[i].number == number)
            return &self->list[i];
    return NULL;
}

/* A free place, or that of the oldest one that has ended. */
static struct job *job_place(struct jobs *self) {
    struct job *oldest = NULL;
    for (size_t i = 0; i < JOBS_KEPT; i++) {
        struct job *job = &self->list[i];
        if (!job->number)
            return job;
        if (job->state != JOB_RUNNING && (!oldest || job->number < oldest->number))
            oldest = job;
    }
    return oldest; /* fewer run than are kept */
}

static size_t count_running(const struct jobs *self) {
    size_t n = 0;
    for (size_t i = 0; i < JOBS_KEPT; i++)
        n += self->list[i].number && self->list[i].state == JOB_RUNNING;
    return n;
}

static int start_child(struct jobs *self, const struct job_kind *kind, const char *const *more,
                       struct str request, struct child *ret_child) {
    char map_size[24];
    snprintf(map_size, sizeof map_size, "%" PRIu64, self->options.map_size_bytes);
    const char *arguments[5 + JOB_ARGUMENTS + 1] = {"volunteerd", "--child", kind->child,
                                                    self->options.data_dir, map_size};
    for (size_t i = 0; more[i] && i < JOB_ARGUMENTS; i++)
        arguments[5 + i] = more[i];
    return child_start_with(self->options.program, arguments, request, ret_child);
}

static int start_locked(struct jobs *self, const struct job_kind *kind, const char *const *more,
                        struct str request, struct problem *problem, uint64_t *ret_number) {
    struct child child;
    if (count_running(self) >= JOBS_RUNNING_LIMIT)
        return problem_set(problem, PROBLEM_BUSY, "job",
                           "%d jobs run already: wait for one or cancel it", JOBS_RUNNING_LIMIT);
    int result = start_child(self, kind, more, request, &child);
    if (result < 0)
        return result;
    struct job *job = job_place(self);
    job_clear(job);
    *job = (struct job){.number = ++self->last, .kind = kind, .child = child, .pid = child.pid};
    *ret_number = job->number;
    return 0;
}

bool jobs_has_ended(struct jobs *jobs, uint64_t number) {
    pthread_mutex_lock(&jobs->lock);
    const struct job *job = job_find(jobs, number);
    bool ended = !job || job->state != JOB_RUNNING;
    pthread_mutex_unlock(&jobs->lock);
    return ended;
}

/* ---- methods ---- */

static const struct job_kind *kind_find(struct str name) {
    for (size_t i = 0; i < sizeof job_kinds / sizeof *job_kinds; i++)
        if (str_equal(str_from(job_kinds[i].name), name))
            return &job_kinds[i];
    return NULL;
}

static int begin(struct jobs *jobs, const struct job_kind *kind, const char *const *arguments,
                 struct str request, struct problem *problem, uint64_t *ret_number) {
    pthread_mutex_lock(&jobs->lock);
    int result = start_locked(jobs, kind, arguments, request, problem, ret_number);
    pthread_mutex_unlock(&jobs->lock);
    if (result == 0)
        wake_ring(jobs->options.wake);
    return result;
}

int job_begin(struct jobs *jobs, const char *name, const char *const *arguments,
              struct problem *problem, uint64_t *ret_number) {
    const struct job_kind *kind = kind_find(str_from(name));
    assert(kind);
    return begin(jobs, kind, arguments, STR_NONE, problem, ret_number);
}

/* What the method of the same name begins. */
static bool has_method(const struct job_kind *kind) {
    return strcmp(kind->name, "policy.replay") == 0;
}

static int write_request(struct query *query, const struct job_kind *kind, struct buf *out) {
    if (kind->request)
        return kind->request(query, out);
    if (json_object_size(json_object_get(query->params, "parameters")) == 0)
        return 0;
    return problem_set(query->problem, PROBLEM_UNKNOWN_FIELD, "parameters",
                       "%s takes no parameters", kind->name);
}

int query_job_start(struct query *query, json_t **ret_result) {
    static const char *const nothing[] = {NULL};
    const struct job_kind *kind = kind_find(query_text(query, "job"));
    struct buf request __attribute__((cleanup(buf_deinit))) = {0};
    uint64_t number = 0;
    if (query_refuse_writing(query))
        return 1;
    if (!kind)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "job",
                           "job must be journal.verify, journal.replay or policy.diff");
    if (has_method(kind))
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "job",
                           "the method %s begins that job", kind->name);
    int result = write_request(query, kind, &request);
    if (result == 0)
        result =
            begin(query->services->jobs, kind, nothing, buf_str(&request), query->problem, &number);
    if (result != 0)
        return result;
    struct str id = arena_printf(query->arena, "%s-%" PRIu64, kind->name, number);
    *ret_result = json_pack("{s:s%}", "job", id.data, id.size);
    return 0;
}

static void format_id(const struct job *job, char ret_id[static 64]) {
    snprintf(ret_id, 64, "%s-%" PRIu64, job->kind->name, job->number);
}

/* The job that is called so, as job.start named it. */
static struct job *job_named(struct jobs *self, struct str asked) {
    char id[64];
    for (size_t i = 0; i < JOBS_KEPT; i++) {
        struct job *job = &self->list[i];
        if (!job->number)
            continue;
        format_id(job, id);
        if (str_equal(str_from(id), asked))
            return job;
    }
    return NULL;
}

static json_t *job_json(const struct job *job) {
    static const char *const words[] = {"running", "done", "failed", "cancelled"};
    char id[64];
    format_id(job, id);
    json_t *json = json_pack("{s:s, s:s, s:s, s:I, s:I}", "job", id, "name", job->kind->name,
                             "state", words[job->state], "done", (json_int_t)job->done, "total",
                             (json_int_t)job->total);
    if (job->result)
        json_object_set(json, "result", job->result);
    if (*job->message)
        json_object_set_new(json, "message", json_string(job->message));
    return json;
}

static int unknown_job(struct query *query) {
    struct str id = query_text(query, "job");
    problem_set(query->problem, PROBLEM_UNKNOWN_NOUN, "job",
                "there is no job %.*s: job.start says how one is called, and the last %d are kept",
                (int)(id.size < 64 ? id.size : 64), id.data, JOBS_KEPT);
    query->problem->noun = "job";
    return 1;
}

static int check_wait(struct query *query) {
    int64_t wait_ms = query_integer(query, "wait_ms", 0);
    if (wait_ms >= 0 && wait_ms <= WAIT_LIMIT_MS)
        return 0;
    return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "wait_ms", "wait_ms must be 0 to %d",
                       WAIT_LIMIT_MS);
}

static bool must_wait(struct query *query, const struct job *job) {
    const struct io *io = query->services->io;
    int64_t wait_ms = query_integer(query, "wait_ms", 0);
    if (job->state != JOB_RUNNING || !query->may_wait || wait_ms <= 0)
        return false;
    if (query->deadline_us == 0)
        query->deadline_us = io->boottime_us(io->self) + wait_ms * 1000;
    query->wait = (struct wait){WAIT_JOB, job->number};
    return true;
}

int query_job_get(struct query *query, json_t **ret_result) {
    struct jobs *jobs = query->services->jobs;
    int result = check_wait(query);
    if (result != 0)
        return result;
    pthread_mutex_lock(&jobs->lock);
    const struct job *job = job_named(jobs, query_text(query, "job"));
    if (!job)
        result = unknown_job(query);
    else if (must_wait(query, job))
        result = QUERY_WAITS;
    else
        *ret_result = job_json(job);
    pthread_mutex_unlock(&jobs->lock);
    return result;
}

json_t *job_show(struct jobs *jobs, uint64_t number) {
    pthread_mutex_lock(&jobs->lock);
    const struct job *job = job_find(jobs, number);
    json_t *json = job ? job_json(job) : NULL;
    pthread_mutex_unlock(&jobs->lock);
    return json;
}

json_t *job_show_named(struct jobs *jobs, struct str id) {
    pthread_mutex_lock(&jobs->lock);
    const struct job *job = job_named(jobs, id);
    json_t *json = job ? job_json(job) : NULL;
    pthread_mutex_unlock(&jobs->lock);
    return json;
}

int query_job_cancel(struct query *query, json_t **ret_result) {
    struct jobs *jobs = query->services->jobs;
    int result = 0;
    if (query_refuse_writing(query))
        return 1;
    pthread_mutex_lock(&jobs->lock);
    struct job *job = job_named(jobs, query_text(query, "job"));
    if (job && job->state == JOB_RUNNING) {
        child_kill(&job->child);
        job->state = JOB_CANCELLED;
        remove_scratch(jobs, job);
    }
    if (job)
        *ret_result = job_json(job);
    else
        result = unknown_job(query);
    pthread_mutex_unlock(&jobs->lock);
    wake_ring(jobs->options.wake);
    return result;
}
