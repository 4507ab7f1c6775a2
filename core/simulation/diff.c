#include "simulation/diff.h"

#include <stdlib.h>
#include <time.h>

#include "domain/assessments.h"
#include "simulation/internal.h"
#include "util/error.h"
#include "util/io.h"
#include "util/memory.h"
#include "util/thread.h"

/* Consecutive subjects that a worker takes at a time. */
#define BLOCK 1024
#define PROGRESS_MS 100
/* How often is looked for one snapshot under all workers while the state moves on. */
#define SNAPSHOT_TRIES 1000

static int64_t now_us(void) {
    const struct io *io = io_system();
    return io->boottime_us(io->self);
}

/* ---- one worker ---- */

static int judge_block(struct diff_worker *worker, uint32_t first, uint32_t last) {
    struct diff *diff = worker->diff;
    for (uint32_t number = first; number <= last; number++) {
        arena_reset(&worker->arena);
        int r = diff->judge(worker, number);
        if (r != 0)
            return r;
        if (number % 64 == 0 && atomic_load_explicit(&diff->stop, memory_order_relaxed))
            break;
    }
    return 0;
}

static void *work(void *context) {
    struct diff_worker *worker = context;
    struct diff *diff = worker->diff;
    int r = 0;
    while (r == 0 && !atomic_load(&diff->stop)) {
        uint64_t first = atomic_fetch_add(&diff->next, BLOCK) + 1;
        if (first > diff->n)
            break;
        uint64_t last = first + BLOCK - 1 < diff->n ? first + BLOCK - 1 : diff->n;
        r = judge_block(worker, (uint32_t)first, (uint32_t)last);
        atomic_fetch_add(&diff->done, last - first + 1);
    }
    if (r != 0) {
        atomic_store(&diff->error, r);
        atomic_store(&diff->stop, true);
    }
    atomic_fetch_sub(&diff->n_working, 1);
    return NULL;
}

/* ---- all of them ---- */

static int worker_open(struct diff *diff, struct diff_worker *worker) {
    const struct diff_plan *plan = diff->plan;
    worker->diff = diff;
    arena_init(&worker->arena);
    int r = store_view_open(diff->store, &worker->view);
    if (r == 0)
        view_remember_places(worker->view);
    for (enum side side = BEFORE; r == 0 && side < SIDES; side++) {
        worker->hosts[side] = policy_host_new(&plan->limits);
        policy_host_forget_facts(worker->hosts[side], true);
        r = policy_host_sync(worker->hosts[side], worker->view);
    }
    if (r == 0)
        policy_host_lay(worker->hosts[AFTER], &plan->draft);
    return r;
}

static void worker_close(struct diff_worker *worker) {
    for (enum side side = BEFORE; side < SIDES; side++)
        policy_host_free(worker->hosts[side]);
    view_close(worker->view);
    arena_deinit(&worker->arena);
    tally_deinit(&worker->tally);
}

static void workers_close(struct diff_worker *workers, unsigned n) {
    for (unsigned i = 0; i < n; i++)
        worker_close(&workers[i]);
    free(workers);
}

static bool on_one_snapshot(const struct diff_worker *workers, unsigned n) {
    uint64_t sequence = view_head(workers[0].view).sequence;
    for (unsigned i = 1; i < n; i++)
        if (view_head(workers[i].view).sequence != sequence)
            return false;
    return true;
}

/* A commit may come between two of them: then all are opened anew. */
static int workers_open(struct diff *diff, struct diff_worker **ret_workers) {
    unsigned n = diff->plan->n_threads;
    for (int try = 0; try < SNAPSHOT_TRIES; try++) {
        struct diff_worker *workers = memory_checked(calloc(n, sizeof *workers));
        int r = 0;
        for (unsigned i = 0; r == 0 && i < n; i++)
            r = worker_open(diff, &workers[i]);
        if (r == 0 && on_one_snapshot(workers, n)) {
            *ret_workers = workers;
            return 0;
        }
        workers_close(workers, n);
        if (r != 0)
            return r;
    }
    return error_note(-EBUSY, "no snapshot of the state for all workers");
}

bool diff_is_late(const struct diff *diff) {
    return now_us() - diff->started_us > (int64_t)diff->plan->wall_ms * 1000;
}

/* Tells how far it is until all have ended, or the time is over. */
static void wait_for_all(struct diff *diff) {
    const struct timespec pause = {.tv_nsec = 2000000};
    int64_t told_us = 0;
    while (atomic_load(&diff->n_working) > 0) {
        if (now_us() - told_us > PROGRESS_MS * 1000) {
            told_us = now_us();
            diff->plan->progress(diff->plan->context, atomic_load(&diff->done), diff->n);
        }
        if (diff_is_late(diff))
            atomic_store(&diff->stop, true);
        nanosleep(&pause, NULL);
    }
}

static int walk_all(struct diff *diff, struct diff_worker *workers) {
    unsigned n = diff->plan->n_threads, n_started = 0;
    int r = 0;
    atomic_store(&diff->next, 0);
    atomic_store(&diff->done, 0);
    atomic_store(&diff->n_working, n);
    while (r == 0 && n_started < n) {
        r = thread_start(&workers[n_started].thread, "simulate", work, &workers[n_started]);
        n_started += r == 0;
    }
    if (r != 0) {
        atomic_fetch_sub(&diff->n_working, n - n_started);
        atomic_store(&diff->stop, true);
        error_note(r, "a worker of a simulation");
    }
    wait_for_all(diff);
    for (unsigned i = 0; i < n_started; i++)
        pthread_join(workers[i].thread, NULL);
    return r != 0 ? r : atomic_load(&diff->error);
}

/* All subjects; then, of a rule that is asked by the clock too, all people. */
static int run_all(struct diff *diff, struct diff_worker *workers) {
    for (unsigned i = 0; i < diff->plan->n_threads; i++)
        tally_init(&workers[i].tally, diff->places.n_groups, DISTANCE_SAMPLE);
    diff->judge = diff->kind->judge;
    int r = walk_all(diff, workers);
    if (r != 0 || atomic_load(&diff->stop) || !diff->plan->scheduled || !diff->kind->judge_person)
        return r;
    diff->judge = diff->kind->judge_person;
    diff->n = diff->amounts.n_volunteers;
    return walk_all(diff, workers);
}

/* ---- the whole ---- */

static int count_subjects(struct diff *diff, struct view *view) {
    if (!diff->kind->judge)
        diff->n = assessed_count(view);
    else
        return thing_count(view, diff->kind->noun, &diff->n);
    return 0;
}

static int prepare(struct diff *diff, struct view *view) {
    int r = city_get(view, &diff->city);
    if (r > 0)
        r = error_note(-EBADMSG, "the city is not configured");
    if (r == 0)
        r = diff_places_init(&diff->places, view, diff->plan->scope);
    if (r == 0)
        r = diff_amounts_init(&diff->amounts, view, diff->kind, diff->arena);
    if (r == 0)
        r = count_subjects(diff, view);
    diff->head = view_head(view);
    return r > 0 ? 0 : r;
}

static int refuse(struct str *ret_reason, struct str reason) {
    *ret_reason = reason;
    return DIFF_REFUSED;
}

static struct str late_text(struct diff *diff, const struct tally *tally) {
    const struct diff_failures *failures = &tally->failures[AFTER];
    return arena_printf(
        diff->arena,
        "it took more than %u s, and a snapshot is not held longer: %llu of %u were judged%s%s; "
        "ask about a part: --scope, or a shorter period",
        diff->plan->wall_ms / 1000, (unsigned long long)tally->judged, diff->n,
        failures->n ? ", the draft failed for some: " : "",
        failures->n ? failures->texts[0].text : "");
}

static int compare(struct diff *diff, struct diff_worker *workers, json_t **ret_document,
                   struct str *ret_reason) {
    struct diff_worker *first = &workers[0];
    struct tally *tally = &first->tally;
    int r = run_all(diff, workers);
    for (unsigned i = 1; r == 0 && i < diff->plan->n_threads; i++)
        tally_add(tally, &workers[i].tally);
    if (r == 0 && atomic_load(&diff->stop))
        return refuse(ret_reason, late_text(diff, tally));
    if (r == 0 && diff->kind->amounts)
        r = diff_amounts_tally(diff, first->view, tally);
    if (r == 0)
        r = diff_document(diff, first, tally, ret_document);
    return r;
}

static int run(struct diff *diff, struct diff_worker *workers, json_t **ret_document,
               struct str *ret_reason) {
    struct str failure;
    int r = prepare(diff, workers[0].view);
    if (r != 0)
        return r;
    if (!policy_draft_loads(workers[0].hosts[AFTER], &failure))
        return refuse(ret_reason, arena_copy(diff->arena, failure));
    if (diff->kind->judge) {
        r = compare(diff, workers, ret_document, ret_reason);
    } else {
        tally_init(&workers[0].tally, diff->places.n_groups, 0);
        json_t *document = NULL;
        r = diff_assessments(diff, &workers[0], &document);
        *ret_document = document;
        if (r == 0 && diff_is_late(diff)) {
            json_decref(document);
            return refuse(ret_reason, late_text(diff, &workers[0].tally));
        }
    }
    return r;
}

int policy_diff(struct store *store, const struct diff_plan *plan, struct arena *arena,
                json_t **ret_document, struct str *ret_reason) {
    struct diff diff = {.plan = plan,
                        .kind = diff_kind_find(plan->draft.kind),
                        .store = store,
                        .arena = arena,
                        .started_us = now_us()};
    struct diff_worker *workers = NULL;
    if (!diff.kind)
        return refuse(ret_reason, str_from(policy_diff_excuse(plan->draft.kind)));
    int r = workers_open(&diff, &workers);
    if (r != 0)
        return r;
    r = run(&diff, workers, ret_document, ret_reason);
    workers_close(workers, plan->n_threads);
    diff_amounts_deinit(&diff.amounts);
    diff_places_deinit(&diff.places);
    return r;
}
