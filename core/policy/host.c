#include "policy/host.h"

#include <stdlib.h>

#include "domain/regions.h"
#include "util/error.h"
#include "util/log.h"
#include "util/memory.h"

int host_open_state(struct policy_host *host) {
    int r = sandbox_init(&host->sandbox, &host->limits, host);
    if (r != 0)
        return r;
    sandbox_add(&host->sandbox, "finding", call_finding);
    object_init(host);
    return 0;
}

static void unload_all(struct policy_host *host) {
    for (size_t i = 0; i < host->n_revisions; i++) {
        struct revision *revision = &host->revisions[i];
        if (revision->state == REVISION_LOADED)
            program_unload(host, &revision->program);
        revision->state = REVISION_NEW;
    }
}

void host_close_state(struct policy_host *host) {
    if (host->sandbox.lua)
        unload_all(host);
    sandbox_deinit(&host->sandbox);
}

int host_renew_state(struct policy_host *host) {
    if (!host->sandbox.refused && !host->sandbox.worn)
        return 0;
    host_close_state(host);
    return host_open_state(host);
}

struct policy_host *policy_host_new(const struct policy_limits *limits) {
    struct policy_host *host = calloc(1, sizeof *host);
    if (!host)
        memory_out();
    host->limits = *limits;
    arena_init(&host->arena);
    if (host_open_state(host) != 0)
        memory_out();
    return host;
}

void policy_host_free(struct policy_host *host) {
    if (!host)
        return;
    host_close_state(host);
    arena_deinit(&host->arena);
    fact_log_deinit(&host->call.log);
    buf_deinit(&host->call.json);
    buf_deinit(&host->call.trace.values);
    free(host);
}

void policy_host_watch(struct policy_host *host,
                       void (*running)(void *context, struct str revision), void *context) {
    host->watch = running;
    host->watch_context = context;
}

void policy_host_meter(struct policy_host *host, struct meter *meter) {
    host->meter = meter;
}

struct meter_use *host_use(struct policy_host *host, struct revision *revision) {
    if (host->meter && !revision->use)
        revision->use = meter_of(host->meter, &revision->row);
    return revision->use;
}

void policy_host_forget_facts(struct policy_host *host, bool forget) {
    host->forgets = forget;
}

/* ---- what is in force ---- */

struct gathering {
    struct policy_host *host;
    size_t capacity;
    struct revision *list;
    size_t n;
};

/* One that reaches back answers as far as it has parameters. */
static int32_t holds_from(const struct policy_revision *row) {
    const struct str *sets = row->data.sets.items;
    int32_t first = INT32_MIN, from;
    if (!row->reaches_back)
        return row->data.effective;
    for (size_t i = 0; i < row->data.sets.n; i++)
        if (date_parse(sets[i], &from) == 0 && (first == INT32_MIN || from < first))
            first = from;
    return first < row->data.effective ? first : row->data.effective;
}

/* A fact's name, also at the beginning of a longer one (rating, ratings), but not behind a letter
 * or an underscore: star_rating is a kind. */
static bool text_names(struct str text, const char *word) {
    const char *at = text.data, *end = text.data + text.size;
    size_t size = strlen(word);
    while (at < end && (at = memmem(at, (size_t)(end - at), word, size)) != NULL) {
        if (at == text.data || !(at[-1] == '_' || (at[-1] >= 'a' && at[-1] <= 'z')))
            return true;
        at += size;
    }
    return false;
}

static bool names(const struct policy_activated *data, const char *word) {
    const struct library *libraries = data->library.items;
    bool names = text_names(data->text, word);
    for (size_t i = 0; i < data->library.n; i++)
        names |= text_names(libraries[i].text, word);
    return names;
}

static int gather(void *context, const struct policy_revision *row) {
    struct gathering *gathering = context;
    if (gathering->n == gathering->capacity) {
        size_t capacity = gathering->capacity ? 2 * gathering->capacity : 16;
        struct revision *grown = arena_alloc(&gathering->host->arena, capacity * sizeof *grown);
        if (gathering->n)
            memcpy(grown, gathering->list, gathering->n * sizeof *grown);
        gathering->list = grown;
        gathering->capacity = capacity;
    }
    gathering->list[gathering->n++] = (struct revision){.row = *row, .holds_from = holds_from(row)};
    gathering->host->kinds |= 1U << row->data.kind;
    if (row->state == POLICY_IN_FORCE && names(&row->data, "points"))
        gathering->host->kinds_of_points |= 1U << row->data.kind;
    if (row->state == POLICY_IN_FORCE && names(&row->data, "rating"))
        gathering->host->kinds_of_ratings |= 1U << row->data.kind;
    gathering->host->scoped |= row->scope != 0 && row->state == POLICY_IN_FORCE;
    return 0;
}

static int newest_first(const void *left, const void *right) {
    const struct revision *a = left, *b = right;
    return (a->row.number < b->row.number) - (a->row.number > b->row.number);
}

int policy_host_sync(struct policy_host *host, struct view *view) {
    uint32_t generation = policy_generation(view);
    if (host->synced && generation == host->generation)
        return 0;
    host_close_state(host);
    arena_reset(&host->arena);
    host->synced = false;
    host->scoped = false;
    host->kinds = 0;
    host->kinds_of_points = 0;
    host->kinds_of_ratings = 0;
    host->revisions = NULL;
    host->n_revisions = 0;
    struct gathering gathering = {.host = host};
    int r = host_open_state(host);
    if (r == 0)
        r = policy_revisions(view, &host->arena, gather, &gathering);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "the policies cannot be read");
    if (gathering.n)
        qsort(gathering.list, gathering.n, sizeof *gathering.list, newest_first);
    host->revisions = gathering.list;
    host->n_revisions = gathering.n;
    host->generation = generation;
    host->synced = true;
    return 0;
}

static bool is_in_force(const struct revision *revision, enum POLICY_KIND_choice kind,
                        uint32_t scope, int32_t date) {
    const struct policy_revision *row = &revision->row;
    return row->data.kind == (int32_t)kind && row->scope == scope &&
           row->state == POLICY_IN_FORCE && revision->holds_from <= date &&
           date < row->retired_from;
}

static struct revision *select_in_scope(struct policy_host *host, enum POLICY_KIND_choice kind,
                                        uint32_t scope, int32_t date) {
    for (size_t i = 0; i < host->n_revisions; i++)
        if (is_in_force(&host->revisions[i], kind, scope, date))
            return &host->revisions[i];
    return NULL;
}

struct revision *host_select(struct policy_host *host, struct view *view,
                             enum POLICY_KIND_choice kind, uint32_t region, int32_t date) {
    struct revision *found = NULL;
    if (host->scoped && region) {
        uint32_t path[REGION_DEPTH];
        size_t n = region_path(view, region, path);
        for (size_t i = 0; !found && i < n; i++)
            found = select_in_scope(host, kind, path[i], date);
    }
    return found ? found : select_in_scope(host, kind, 0, date);
}

/* The region with all above it, then the city at large. */
static size_t scopes_of(const struct policy_host *host, struct view *view, uint32_t region,
                        uint32_t ret_scopes[static REGION_DEPTH + 1]) {
    size_t n = host->scoped && region ? region_path(view, region, ret_scopes) : 0;
    ret_scopes[n] = 0;
    return n + 1;
}

static bool has_name(struct revision *const *list, size_t n, struct str name) {
    for (size_t i = 0; i < n; i++)
        if (str_equal(list[i]->row.data.policy, name))
            return true;
    return false;
}

static int by_name(const void *left, const void *right) {
    const struct revision *const *a = left, *const *b = right;
    return str_compare((*a)->row.data.policy, (*b)->row.data.policy);
}

size_t host_select_all(struct policy_host *host, struct view *view, enum POLICY_KIND_choice kind,
                       uint32_t region, int32_t date, struct arena *arena,
                       struct revision ***ret_list) {
    uint32_t scopes[REGION_DEPTH + 1];
    size_t n_scopes = scopes_of(host, view, region, scopes);
    struct revision **list = arena_alloc(arena, (host->n_revisions + 1) * sizeof *list);
    size_t n = 0;
    for (size_t s = 0; s < n_scopes && n == 0; s++)
        for (size_t i = 0; i < host->n_revisions; i++) {
            struct revision *revision = &host->revisions[i];
            if (is_in_force(revision, kind, scopes[s], date) &&
                !has_name(list, n, revision->row.data.policy))
                list[n++] = revision;
        }
    if (n > 1)
        qsort(list, n, sizeof(struct revision *), by_name);
    *ret_list = list;
    return n;
}

struct revision *host_select_named(struct policy_host *host, struct view *view,
                                   enum POLICY_KIND_choice kind, struct str name, uint32_t region,
                                   int32_t date) {
    uint32_t scopes[REGION_DEPTH + 1];
    size_t n_scopes = scopes_of(host, view, region, scopes);
    for (size_t s = 0; s < n_scopes; s++)
        for (size_t i = 0; i < host->n_revisions; i++) {
            struct revision *revision = &host->revisions[i];
            if (is_in_force(revision, kind, scopes[s], date) &&
                str_equal(revision->row.data.policy, name))
                return revision;
        }
    return NULL;
}

/* The list is in order of activation, newest first, and all of it is there. */
static struct revision *at_number(struct policy_host *host, uint32_t number) {
    for (size_t i = 0; i < host->n_revisions; i++)
        if (host->revisions[i].row.number == number)
            return &host->revisions[i];
    return NULL;
}

struct revision *host_number(struct policy_host *host, uint32_t number) {
    return at_number(host, number);
}

const struct policy_revision *policy_host_revision(struct policy_host *host, uint32_t number) {
    const struct revision *revision = at_number(host, number);
    return revision ? &revision->row : NULL;
}

size_t policy_host_governing(struct policy_host *host, struct view *view,
                             enum POLICY_KIND_choice kind, uint32_t region, int32_t date,
                             struct arena *arena, const struct policy_revision ***ret_list) {
    struct revision **revisions, *one;
    size_t n = 0;
    if (policy_kind_has_many(kind)) {
        n = host_select_all(host, view, kind, region, date, arena, &revisions);
    } else {
        one = host_select(host, view, kind, region, date);
        revisions = &one;
        n = one != NULL;
    }
    *ret_list = arena_alloc(arena, (n + 1) * sizeof **ret_list);
    for (size_t i = 0; i < n; i++)
        (*ret_list)[i] = &revisions[i]->row;
    return n;
}

bool policy_host_governs(struct policy_host *host, struct view *view, uint32_t revision,
                         uint32_t region, int32_t date, struct arena *arena) {
    const struct policy_revision *own = policy_host_revision(host, revision), **list;
    size_t n =
        own ? policy_host_governing(host, view, own->data.kind, region, date, arena, &list) : 0;
    for (size_t i = 0; i < n; i++)
        if (list[i]->number >= revision && policy_revisions_compete(list[i], own))
            return true;
    return false;
}

bool policy_host_knows(const struct policy_host *host, enum POLICY_KIND_choice kind) {
    return host->kinds >> kind & 1;
}

bool policy_host_reads_points(const struct policy_host *host, enum POLICY_KIND_choice kind) {
    return host->kinds_of_points >> kind & 1;
}

bool policy_host_reads_ratings(const struct policy_host *host, enum POLICY_KIND_choice kind) {
    return host->kinds_of_ratings >> kind & 1;
}

static bool lies_between(int32_t date, int32_t after, int32_t until) {
    return date > after && date <= until;
}

/* Of one that was asked before and is not loaded now the sets are not known. */
static bool turns(const struct revision *revision, int32_t after, int32_t until) {
    bool turns = lies_between(revision->row.data.effective, after, until) ||
                 (revision->asked && revision->state == REVISION_NEW);
    if (revision->state == REVISION_LOADED)
        for (size_t i = 0; i < revision->program.n_sets; i++)
            turns |= lies_between(revision->program.sets[i].from, after, until);
    return turns;
}

bool policy_host_turns(const struct policy_host *host, enum POLICY_KIND_choice kind, int32_t after,
                       int32_t until) {
    if (host->scoped)
        return true; /* a subject may have moved to where other rules hold */
    for (size_t i = 0; i < host->n_revisions; i++)
        if (host->revisions[i].row.data.kind == (int32_t)kind &&
            turns(&host->revisions[i], after, until))
            return true;
    return false;
}

struct revision *host_find(struct policy_host *host, struct str revision) {
    for (size_t i = 0; i < host->n_revisions; i++)
        if (str_equal(host->revisions[i].row.data.revision, revision))
            return &host->revisions[i];
    return NULL;
}

bool host_load(struct policy_host *host, struct revision *revision) {
    if (revision->state != REVISION_NEW)
        return revision->state == REVISION_LOADED;
    const struct policy_activated *data = &revision->row.data;
    struct load_source source = {.name = arena_string(&host->arena, data->revision),
                                 .text = data->text,
                                 .parameters = data->parameters,
                                 .n_libraries = data->library.n,
                                 .libraries = data->library.items};
    if (program_load(host, &source, &revision->program) == 0) {
        revision->state = REVISION_LOADED;
        return true;
    }
    const char *message = lua_tostring(host->sandbox.lua, -1);
    revision->state = REVISION_FAILED;
    revision->failure =
        call_failure_text(&host->arena, str_from(message ? message : "it does not load"));
    lua_pop(host->sandbox.lua, 1);
    log_warning("policy %s does not load: %.*s", source.name, STR_ARG(revision->failure));
    return false;
}
