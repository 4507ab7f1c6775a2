/* Query methods: what JSON-RPC 2.0 requests on the query socket reach. One table (methods.c) gives
 * each method's name, its parameters and the function; dispatch, complaints about parameters and
 * the manual come from it.
 *
 * A method runs on a query thread with a view that includes everything acknowledged before the
 * question. Threads: one method at a time per query thread; services are shared and safe from any
 * thread. Memory: result is given to the caller; parameters are borrowed. Errors: 0; > 0 with
 * *problem (becomes a JSON-RPC error with data {code, field}); < 0 fatal to this answer only,
 * reported as internal error and logged. */
#pragma once

#include <jansson.h>

#include "engine/engine.h"
#include "policy/signature.h"
#include "policy/vet.h"

/* What the daemon lends to the bus. Borrowed, alive as long as the bus. */
struct services {
    const struct io *io;
    struct engine *engine;
    struct journal *journal;
    struct store *store;
    struct keyring *keyring;
    const char *data_dir;
    const char *policy_dir;
    const char *version;
    uint64_t disk_reserve_bytes; /* the daemon is read-only with less on the disk */
    struct policy_limits policy_limits;
    struct vet_options vet;
    struct signers signers; /* of what is put in force; none: nobody has to */
    bool clock_from_events;
    int64_t started_us;
    const char *region; /* the city's, as configured: of the source /volunteerd/<region> */
    const char *time_zone;
    struct jobs *jobs;
    struct bus *bus;
    struct plugins *plugins; /* NULL: there can be none (plugin/plugins.h) */
};

/* What a method waits for that cannot answer yet: it gives its thread back and is called again. */
enum wait_kind { WAIT_NONE, WAIT_HEAD, WAIT_JOB, WAIT_PLUGIN };
struct wait {
    enum wait_kind kind;
    uint64_t value; /* WAIT_HEAD: until the durable head is beyond this sequence. WAIT_JOB: until
                       this job has ended. WAIT_PLUGIN: until a plugin has answered this call */
};
enum { QUERY_WAITS = 2 };

struct method;

struct query {
    const struct services *services;
    const struct method *method; /* that was called */
    const char *called;          /* its name; of a plugin's method, whose row is another's */
    struct view *view;
    struct city city;         /* region "" before the city is configured */
    struct policy_host *host; /* this thread's, synced with the view */
    struct arena *arena;      /* for the time of the call */
    json_t *params;           /* object; {} where none was given */
    struct problem *problem;
    struct str actor; /* who asks: for `by`, until keys exist the `by` parameter or "console" */
    struct dom_parser *parser; /* this thread's */
    struct buf *text;          /* a result that is JSON text already: left with *ret_result NULL */
    json_t *error_data;  /* owned by the caller: members that go into the error's data beside code
                            and field, or NULL */
    int64_t deadline_us; /* of a long poll (boottime), 0: none was asked for yet */
    uint64_t reached;    /* how far a long poll has looked: kept from one call to the next */
    bool may_wait;       /* false: answer now, with what there is */
    bool reads_only;     /* whoever asks may not write: commands are not_allowed */
    struct wait wait;    /* set where QUERY_WAITS is returned; deadline_us too */
};

typedef int query_method(struct query *query, json_t **ret_result);

enum parameter_kind {
    PARAMETER_TEXT,
    PARAMETER_INTEGER,
    PARAMETER_BOOLEAN,
    PARAMETER_DATE,
    PARAMETER_OBJECT,
    PARAMETER_LIST
};

struct parameter {
    const char *name;
    enum parameter_kind kind;
    bool required;
};

/* What a method takes besides the parameters of its row: from the catalogue, so that nothing is
 * written down twice (parameters.h). */
enum method_form {
    METHOD_PLAIN,
    METHOD_GET,    /* the id of a `noun` */
    METHOD_LIST,   /* filters by the attributes of a `noun` (thing_view.h), cursor and limit */
    METHOD_COMMAND /* the fields of the event type number `event` */
};

#define METHOD_OWN_PARAMETERS 16

struct method {
    const char *name;
    query_method *run;
    const char *help;
    enum method_form form;
    enum noun noun;
    uint32_t event;
    struct parameter parameters[METHOD_OWN_PARAMETERS]; /* ends with name NULL */
    bool any_state; /* does not read the view: waits for no commit */
};

extern const struct method methods[];
extern const size_t n_methods;

/* What the bus needs of plugins, which lie above it (plugin/plugins.c); NULL: there are none.
 * Whether a name is that of a method of a plugin
 * ("recruitment.status"), whether a call of one is over, and how they are, for status (NULL where
 * none is configured). */
bool plugins_have(struct plugins *plugins, const char *method);
bool plugins_have_answered(struct plugins *plugins, uint64_t call);
json_t *plugins_summary(struct plugins *plugins);

/* Parameters, checked against the table before run() is called. Absent: NULL / fallback. */
struct str query_text(const struct query *query, const char *name);
int64_t query_integer(const struct query *query, const char *name, int64_t fallback);
bool query_boolean(const struct query *query, const char *name, bool fallback);
/* The date, or the fallback where it is absent. */
int32_t query_date(const struct query *query, const char *name, int32_t fallback);

/* A command: one event as the daemon's own source, trusted, waited for until durable. 0 with the
 * result, > 0 refused with *query->problem. `data` is the event's data object. */
int query_command(struct query *query, const char *type, const json_t *data, json_t **ret_result);
/* The same for many events of one type, in one batch: each stands alone. 0 with an array of their
 * results, in order, as ingest gives them; `field` of a refused one is a path within its data. */
int query_commands(struct query *query, const char *type, const json_t *list, json_t **ret_results);
/* Of what writes or begins work without a command: 0, or > 0 with *query->problem where whoever
 * asks only reads. */
int query_refuse_writing(struct query *query);
/* JSON text made by a buf writer -> json_t. */
json_t *query_json(const struct buf *text);
