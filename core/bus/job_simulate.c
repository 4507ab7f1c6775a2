/* The child's half of the job policy.diff: reads what is to be compared, opens the state for
 * reading alone, and prints how far it is and the document. Runs hostile code: it may use up
 * processor time and memory within limits, gives way to the daemon, and ends when its time is over.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bus/job.h"
#include "simulation/diff.h"
#include "util/error.h"
#include "util/memory.h"

#define WALL_MS 60000
/* When a worker does not come back from one call. */
#define GUARD_S (WALL_MS / 1000 + 10)
#define REQUEST_BYTES (UINT32_C(16) << 20)
#define MEMORY_BYTES (UINT64_C(4) << 30)
#define GIVING_WAY 19

static int tell_failed(struct str why) {
    struct buf line = {0};
    buf_put_str(&line, STR("{\"failed\":"));
    buf_json_string(&line, why);
    buf_put_str(&line, STR("}\n"));
    fwrite(line.data, 1, line.size, stdout);
    fflush(stdout);
    buf_deinit(&line);
    return 1;
}

static void tell_progress(void *context, uint64_t done, uint64_t total) {
    (void)context;
    printf("{\"done\":%llu,\"total\":%llu}\n", (unsigned long long)done, (unsigned long long)total);
    fflush(stdout);
}

static int tell_document(json_t *document) {
    json_t *result = json_pack("{s:O}", "result", document);
    char *text = memory_checked(json_dumps(result, JSON_COMPACT));
    printf("%s\n", text);
    fflush(stdout);
    free(text);
    json_decref(result);
    return 0;
}

/* ---- the request ---- */

static struct str text_of(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);
    return json_is_string(value) ? (struct str){json_string_value(value), json_string_length(value)}
                                 : STR_NONE;
}

static int64_t integer_of(const json_t *object, const char *name) {
    return json_integer_value(json_object_get(object, name));
}

static const struct library *libraries_of(const json_t *list, struct arena *arena, size_t *ret_n) {
    size_t n = json_array_size(list);
    struct library *libraries = arena_alloc(arena, (n + 1) * sizeof *libraries);
    for (size_t i = 0; i < n; i++) {
        libraries[i] = (struct library){.name = text_of(json_array_get(list, i), "name"),
                                        .text = text_of(json_array_get(list, i), "text")};
        GIVE(&libraries[i], library, name);
        GIVE(&libraries[i], library, text);
    }
    *ret_n = n;
    return libraries;
}

static struct str parameters_of(const json_t *draft, struct arena *arena) {
    const json_t *parameters = json_object_get(draft, "parameters");
    if (!parameters)
        return STR_NONE;
    char *text = memory_checked(json_dumps(parameters, JSON_COMPACT | JSON_SORT_KEYS));
    struct str copy = arena_copy(arena, str_from(text));
    free(text);
    return copy;
}

static unsigned threads_of(int64_t wanted) {
    return wanted < 1 ? 1 : wanted > DIFF_THREADS ? DIFF_THREADS : (unsigned)wanted;
}

static struct diff_plan plan_of(const json_t *request, struct arena *arena) {
    const json_t *draft = json_object_get(request, "draft");
    struct diff_plan plan = {
        .draft = {.policy = text_of(draft, "policy"),
                  .kind = (enum POLICY_KIND_choice)integer_of(draft, "kind"),
                  .scope = (uint32_t)integer_of(draft, "scope"),
                  .text = text_of(draft, "text"),
                  .parameters = parameters_of(draft, arena)},
        .title = text_of(draft, "title"),
        .scheduled = json_is_true(json_object_get(draft, "scheduled")),
        .scope = (uint32_t)integer_of(request, "scope"),
        .as_of = (int32_t)integer_of(request, "as_of"),
        .from = (int32_t)integer_of(request, "from"),
        .to = (int32_t)integer_of(request, "to"),
        .limits = {(uint64_t)integer_of(request, "instructions"),
                   (uint64_t)integer_of(request, "memory_bytes"),
                   (uint32_t)integer_of(request, "result_bytes")},
        .n_threads = threads_of(integer_of(request, "threads")),
        .n_examples = (uint32_t)integer_of(request, "examples"),
        .wall_ms = WALL_MS,
        .progress = tell_progress,
    };
    plan.draft.libraries =
        libraries_of(json_object_get(draft, "libraries"), arena, &plan.draft.n_libraries);
    return plan;
}

static json_t *read_request(void) {
    struct buf text = {0};
    ssize_t n;
    do {
        buf_reserve(&text, 65536);
        n = read(STDIN_FILENO, text.data + text.size, 65536);
        text.size += n > 0 ? (size_t)n : 0;
    } while (text.size < REQUEST_BYTES && (n > 0 || (n < 0 && errno == EINTR)));
    json_t *request = json_loadb(text.data, text.size, JSON_ALLOW_NUL, NULL);
    buf_deinit(&text);
    return request;
}

/* ---- the work ---- */

static void limit(int resource, uint64_t most) {
    struct rlimit value = {most, most};
    setrlimit((__rlimit_resource_t)resource, &value);
}

static void limit_all(unsigned n_threads) {
    (void)setpriority(PRIO_PROCESS, 0, GIVING_WAY);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_CPU, (uint64_t)n_threads * GUARD_S);
#if !defined __SANITIZE_ADDRESS__ && !defined __SANITIZE_THREAD__
    limit(RLIMIT_DATA, MEMORY_BYTES);
#endif
    alarm(GUARD_S);
}

static int compare(struct store *store, const struct diff_plan *plan, struct arena *arena) {
    json_t *document = NULL;
    struct str reason;
    int r = policy_diff(store, plan, arena, &document, &reason);
    int code = 1;
    if (r == 0)
        code = tell_document(document);
    else if (r == DIFF_REFUSED)
        code = tell_failed(reason);
    else
        code = tell_failed(STR("the state cannot be read: the log says why"));
    json_decref(document);
    return code;
}

static int simulate(const char *data_dir, uint64_t map_size_bytes, const json_t *request,
                    struct arena *arena) {
    char path[4096];
    struct store *store;
    struct diff_plan plan = plan_of(request, arena);
    snprintf(path, sizeof path, "%s/state", data_dir);
    struct store_options options = {
        .directory = path, .map_size_bytes = map_size_bytes, .read_only = true};
    limit_all(plan.n_threads);
    int r = store_open(&options, &store);
    if (r != 0)
        return tell_failed(STR("the state cannot be opened: the log says why"));
    r = compare(store, &plan, arena);
    store_close(store);
    return r;
}

int job_child_simulate(const char *data_dir, uint64_t map_size_bytes) {
    struct arena arena;
    json_t *request = read_request();
    arena_init(&arena);
    int r = request ? simulate(data_dir, map_size_bytes, request, &arena)
                    : tell_failed(STR("what is to be compared cannot be read"));
    json_decref(request);
    arena_deinit(&arena);
    return r;
}
