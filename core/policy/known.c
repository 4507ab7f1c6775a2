#include "policy/known.h"

#include <assert.h>
#include <stdlib.h>

#include "policy/call.h"
#include "policy/result.h"
#include "util/memory.h"

/* How often is looked, before it is asked whether one in three was found; and how many calls rest
 * then, doubled each time. */
#define WINDOW 4096
#define REST_MOST (1u << 20)
/* In place of a value's kind: an object, by its place in the pool; and at the root, what the policy
 * is asked about: which facts there are hangs on it, and so does what it meets without reading any.
 */
#define OBJECT_VALUE 0x80
#define SUBJECT_VALUE 0x81

struct known_answer {
    struct answer answer; /* texts and lists in `arena` */
    uint64_t steps;       /* of the budget */
};

struct known_node {
    struct known_answer *answer; /* NULL: a fact is read */
    const struct arguments *arguments;
    bool reads;
    uint8_t object;
    uint8_t fact;
};

struct known_edge {
    uint64_t hash;
    uint32_t from;
    uint32_t to; /* 0: free, because nothing leads to the root */
    struct str value;
};

struct known {
    struct arena arena;
    struct known_node *nodes; /* the first is the root: it reads nothing */
    uint32_t n_nodes;
    uint32_t nodes_capacity;
    struct known_edge *edges;
    uint32_t n_edge_slots; /* a power of two, over twice the edges */
    uint32_t n_looked;
    uint32_t n_found;
    uint32_t resting; /* calls that pass before the next is looked for */
    uint32_t rest;
};

bool known_has(const struct policy_kind *kind) {
    return kind->kind == POLICY_KIND_ACCEPTANCE || kind->kind == POLICY_KIND_STAR_RATING ||
           kind->kind == POLICY_KIND_POINTS;
}

static struct known *known_new(void) {
    struct known *known = memory_checked(calloc(1, sizeof *known));
    arena_init(&known->arena);
    known->n_edge_slots = 64;
    known->edges = memory_checked(calloc(known->n_edge_slots, sizeof *known->edges));
    known->rest = 4 * WINDOW;
    return known;
}

void known_free(struct known *known) {
    if (!known)
        return;
    arena_deinit(&known->arena);
    free(known->nodes);
    free(known->edges);
    free(known);
}

static void forget_all(struct known *known) {
    arena_reset(&known->arena);
    memset(known->edges, 0, known->n_edge_slots * sizeof *known->edges);
    known->n_nodes = 0;
}

/* ---- the tree ---- */

static uint64_t hash_of(uint32_t from, struct str value) {
    const uint64_t odd = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t state = from * odd, word;
    for (; value.size >= sizeof word; value.data += sizeof word, value.size -= sizeof word) {
        memcpy(&word, value.data, sizeof word);
        state = (state ^ word) * odd;
        state ^= state >> 32;
    }
    word = value.size;
    memcpy(&word, value.data, value.size);
    state = (state ^ word) * odd;
    return state ^ state >> 32;
}

/* Where the value leads from that node, or the free place where it would stand. */
static struct known_edge *edge_of(const struct known *known, uint64_t hash, uint32_t from,
                                  struct str value) {
    uint32_t mask = known->n_edge_slots - 1;
    for (uint32_t at = (uint32_t)hash & mask;; at = (at + 1) & mask) {
        struct known_edge *edge = &known->edges[at];
        if (!edge->to ||
            (edge->hash == hash && edge->from == from && str_equal(edge->value, value)))
            return edge;
    }
}

static void grow_edges(struct known *known) {
    struct known_edge *old = known->edges;
    uint32_t n_old = known->n_edge_slots;
    known->n_edge_slots *= 2;
    known->edges = memory_checked(calloc(known->n_edge_slots, sizeof *known->edges));
    for (uint32_t i = 0; i < n_old; i++)
        if (old[i].to)
            *edge_of(known, old[i].hash, old[i].from, old[i].value) = old[i];
    free(old);
}

static uint32_t add_node(struct known *known) {
    if (known->n_nodes == known->nodes_capacity) {
        known->nodes_capacity = known->nodes_capacity ? 2 * known->nodes_capacity : 64;
        known->nodes =
            memory_checked(reallocarray(known->nodes, known->nodes_capacity, sizeof *known->nodes));
    }
    known->nodes[known->n_nodes] = (struct known_node){.answer = NULL};
    return known->n_nodes++;
}

static uint32_t add_edge(struct known *known, uint32_t from, struct str value) {
    if (2 * (known->n_nodes + 1) > known->n_edge_slots)
        grow_edges(known);
    uint64_t hash = hash_of(from, value);
    struct known_edge *edge = edge_of(known, hash, from, value);
    if (!edge->to)
        *edge = (struct known_edge){hash, from, add_node(known), arena_copy(&known->arena, value)};
    return edge->to;
}

/* ---- copies, from one arena to another ---- */

static struct list copy_findings(struct arena *arena, const struct list *list) {
    struct finding *findings = arena_alloc(arena, (list->n + 1) * sizeof *findings);
    for (size_t i = 0; i < list->n; i++) {
        findings[i] = ((const struct finding *)list->items)[i];
        findings[i].code = arena_copy(arena, findings[i].code);
        findings[i].value.text = arena_copy(arena, findings[i].value.text);
        findings[i].needed.text = arena_copy(arena, findings[i].needed.text);
    }
    return (struct list){list->n, findings};
}

static struct list copy_postings(struct arena *arena, const struct list *list) {
    struct points_posted *postings = arena_alloc(arena, (list->n + 1) * sizeof *postings);
    for (size_t i = 0; i < list->n; i++) {
        postings[i] = ((const struct points_posted *)list->items)[i];
        postings[i].volunteer = arena_copy(arena, postings[i].volunteer);
        postings[i].account = arena_copy(arena, postings[i].account);
        postings[i].reason = arena_copy(arena, postings[i].reason);
    }
    return (struct list){list->n, postings};
}

static void copy_lists(struct arena *arena, struct answer *answer) {
    if (answer->findings.n)
        answer->findings = copy_findings(arena, &answer->findings);
    if (answer->postings.n)
        answer->postings = copy_postings(arena, &answer->postings);
}

static const struct arguments *copy_arguments(struct arena *arena,
                                              const struct arguments *arguments) {
    struct arguments *copy = arena_alloc(arena, sizeof *copy);
    *copy = *arguments;
    struct str *texts[] = {
        &copy->from_text,      &copy->to_text,      &copy->on_text,       &copy->category_text,
        &copy->account_text,   &copy->name,         &copy->quantity,      &copy->activity,
        &copy->project,        &copy->organisation, &copy->region,        &copy->role,
        &copy->served_on_text, &copy->course,       &copy->valid_on_text, &copy->expires_by_text};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i]->data) /* some are read to their terminator */
            texts[i]->data = arena_string(arena, *texts[i]);
    return copy;
}

/* ---- one call ---- */

static void put_value(struct buf *out, const struct reading *reading,
                      const struct fact_value *value) {
    const struct object *object = lua_touserdata(reading->lua, -1);
    if (object) {
        buf_put_byte(out, OBJECT_VALUE);
        buf_put_byte(out, object->place);
    } else {
        fact_value_put(out, value);
    }
}

static struct str subject_value(const struct call *call, char bytes[static 2]) {
    bytes[0] = (char)SUBJECT_VALUE;
    bytes[1] = (char)call->subject;
    return (struct str){bytes, 2};
}

/* The value of an object is which one of the call's it is: the one that was there before, or the
 * next. */
static bool is_told(const struct reading *reading, const struct fact *fact) {
    const struct object *object = lua_touserdata(reading->lua, -1);
    return !fact->list && reading->object->place < OBJECT_POOL &&
           (!object || object->place < OBJECT_POOL);
}

void trace_note(struct reading *reading, size_t fact, const struct fact_value *value) {
    struct trace *trace = &reading->call->trace;
    const struct fact *what = &object_type(reading->object->kind)->facts[fact];
    if (!is_told(reading, what) || trace->n == TRACE_LIMIT)
        return;
    size_t begin = trace->values.size;
    put_value(&trace->values, reading, value);
    trace->steps[trace->n++] = (struct trace_step){
        .object = reading->object->place,
        .fact = (uint8_t)fact,
        .value = (uint32_t)begin,
        .size = (uint32_t)(trace->values.size - begin),
        .arguments =
            what->method ? copy_arguments(reading->call->arena, &reading->arguments) : NULL};
}

struct search {
    struct policy_host *host;
    const struct known *known;
    const struct known_answer *found;
};

/* Reads facts as the tree says, until an answer or an unknown value. */
static int follow(lua_State *lua) {
    struct search *search = lua_touserdata(lua, 1);
    struct policy_host *host = search->host;
    struct buf *value = &host->call.trace.values;
    const struct known *known = search->known;
    char bytes[2];
    struct str subject = subject_value(&host->call, bytes);
    uint32_t at = edge_of(known, hash_of(0, subject), 0, subject)->to;
    while (at && !known->nodes[at].answer) {
        const struct known_node *node = &known->nodes[at];
        struct reading reading = {
            .lua = lua, .host = host, .call = &host->call, .object = host->pool[node->object]};
        if (node->arguments)
            reading.arguments = *node->arguments;
        struct fact_value read;
        object_read(&reading, node->fact, &read);
        buf_reset(value);
        put_value(value, &reading, &read);
        const struct known_edge *edge =
            edge_of(known, hash_of(at, buf_str(value)), at, buf_str(value));
        if (!edge->to)
            return 0;
        at = edge->to;
        lua_settop(lua, 1);
    }
    search->found = at ? known->nodes[at].answer : NULL;
    return 0;
}

static bool is_resting(struct known *known) {
    if (known->resting > 0) {
        known->resting--;
        return true;
    }
    if (known->n_looked == WINDOW) {
        bool few = known->n_found < WINDOW / 3;
        known->n_looked = known->n_found = 0;
        if (few) {
            known->resting = known->rest;
            known->rest = known->rest < REST_MOST ? 2 * known->rest : known->rest;
            return true;
        }
    }
    return false;
}

static void take(struct policy_host *host, const struct known_answer *known,
                 struct answer *ret_answer) {
    struct call *call = &host->call;
    struct str revision = ret_answer->revision;
    *ret_answer = known->answer;
    ret_answer->revision = revision;
    copy_lists(call->arena, ret_answer);
    call_end(host, ret_answer);
}

bool known_find(struct policy_host *host, struct known **known, struct answer *ret_answer) {
    struct call *call = &host->call;
    if (!*known)
        *known = known_new();
    call->trace.on = !is_resting(*known);
    if (!call->trace.on)
        return false;
    if ((*known)->arena.used_bytes > KNOWN_BYTES)
        forget_all(*known);
    (*known)->n_looked++;
    if ((*known)->n_nodes > 0) {
        struct search search = {.host = host, .known = *known};
        uint32_t n_objects = call->n_objects;
        uint64_t steps = 0;
        call->trace.on = false;
        bool done = sandbox_read(&host->sandbox, follow, &search, &steps);
        const struct known_answer *found = done ? search.found : NULL;
        if (found && found->steps + steps <= host->limits.instructions &&
            result_postings_hold(call, &found->answer.postings)) {
            (*known)->n_found++;
            take(host, found, ret_answer);
            return true;
        }
        call_again(host, n_objects);
        call->trace.on = true;
    }
    return false;
}

/* From what a call may use up half is left to what reading the same facts may cost another time. */
static bool is_cheap(const struct policy_host *host) {
    return host->sandbox.limits.instructions - host->sandbox.steps_left + SANDBOX_HOOK_STEPS <=
               host->limits.instructions / 2 &&
           host->call.bytes <= host->limits.memory_bytes / 4;
}

void known_keep(struct policy_host *host, struct known *known, const struct answer *answer) {
    struct trace *trace = &host->call.trace;
    if (!trace->on || answer->failed || answer->titles.n || trace->n != trace->n_begun ||
        !is_cheap(host))
        return;
    char bytes[2];
    if (known->n_nodes == 0)
        (void)add_node(known);
    uint32_t at = add_edge(known, 0, subject_value(&host->call, bytes));
    for (uint32_t i = 0; i < trace->n; i++) {
        const struct trace_step *step = &trace->steps[i];
        struct known_node *node = &known->nodes[at];
        if (node->answer ||
            (node->reads && (node->object != step->object || node->fact != step->fact)))
            return; /* no function of its facts: not to be relied on */
        node->reads = true;
        node->object = step->object;
        node->fact = step->fact;
        if (step->arguments && !node->arguments)
            node->arguments = copy_arguments(&known->arena, step->arguments);
        at = add_edge(known, at, (struct str){trace->values.data + step->value, step->size});
    }
    struct known_answer *kept = arena_alloc(&known->arena, sizeof *kept);
    kept->answer = *answer;
    kept->answer.facts = STR_NONE;
    kept->answer.revision = kept->answer.policy = STR_NONE;
    kept->steps = host->limits.instructions - host->sandbox.steps_left + SANDBOX_HOOK_STEPS;
    copy_lists(&known->arena, &kept->answer);
    if (!known->nodes[at].reads)
        known->nodes[at].answer = kept;
}
