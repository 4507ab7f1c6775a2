/* What a policy reads: userdata whose fields and methods are facts, read through core/domain when
 * they are asked for, checked, and noted in the call's log. A fact is one row of a table; a kind of
 * object is one file facts_<kind>.c and one row in object.c.
 *
 * In a policy's cases the facts come from a table instead (`given`), through the same checks.
 * Threads: the host's owner. Memory: what is loaded lies in the call's arena. Errors: a reader
 * returns < 0 where the state cannot be read: the call ends. */
#pragma once

#include <lauxlib.h>
#include <lua.h>

#include "domain/enrolments.h"
#include "domain/records.h"
#include "domain/volunteers.h"
#include "policy/fact_log.h"

struct policy_host;
struct call;

enum object_kind {
    OBJECT_NONE,
    OBJECT_VOLUNTEER,
    OBJECT_RECORD,
    OBJECT_ACTIVITY,
    OBJECT_REGION,
    OBJECT_ORGANISATION,
    OBJECT_CONTEXT,
    OBJECT_CALENDAR,
    OBJECT_REDEMPTION_REQUEST,
    OBJECT_REWARD,
    OBJECT_HONOUR,
    OBJECT_REQUEST,
    OBJECT_POST,
    OBJECT_KINDS
};

/* How many objects of one call are reused by the next; a call that needs more makes them fresh. */
#define OBJECT_POOL 48

struct object {
    enum object_kind kind;
    uint32_t number;
    uint32_t serial; /* of the call it belongs to */
    uint8_t place;   /* in the pool; beyond it: it has none there */
    bool given;      /* facts stand in the table that is its user value */
    bool loaded;
    uint64_t noted;  /* facts of this object that stand in the log, by index */
    struct str path; /* from the subject: "volunteer.region"; empty for the subject */
    union {
        struct volunteer_row volunteer;
        struct record record;
        struct enrolment enrolment;
    } row;
    void *attributes; /* the catalogue's struct, NULL until it is asked for */
};

/* What a fact may be asked with. A | of bits. ARGUMENT_NAME, _ON and _N are written in this order
 * before the table of the others: age("2018-08-23"), count("minutes", { from = "2018-08-01" }). ON
 * may be left out behind a NAME. */
enum argument {
    ARGUMENT_FROM = 1,
    ARGUMENT_TO = 2,
    ARGUMENT_CATEGORY = 4,
    ARGUMENT_METHOD = 8,
    ARGUMENT_DOWN = 16,
    ARGUMENT_LIMIT = 32,
    ARGUMENT_ON = 64,
    ARGUMENT_NAME = 128,
    ARGUMENT_N = 256,
    ARGUMENT_ACCOUNT = 512, /* of a fact that has it: always to be given */
    ARGUMENT_WHAT = 1024,
    ARGUMENT_QUANTITY = 2048, /* `name` in the table; of a fact that has it: always to be given */
    ARGUMENT_ACTIVITY = 4096,
    ARGUMENT_PROJECT = 8192,
    ARGUMENT_ORGANISATION = 16384,
    ARGUMENT_ROLE = 32768,
    ARGUMENT_REGION = 65536,
    ARGUMENT_SERVED_ON = 131072,
    ARGUMENT_EXCUSED = 262144,
    ARGUMENT_COURSE = 524288,
    ARGUMENT_VALID_ON = 1048576,
    ARGUMENT_OUTCOME = 2097152,
    ARGUMENT_EXPIRES_BY = 4194304
};
#define ARGUMENTS_IN_PLACE ((unsigned)(ARGUMENT_NAME | ARGUMENT_ON | ARGUMENT_N))

struct arguments {
    unsigned given; /* bits */
    int32_t from;   /* dates, and as they were written */
    int32_t to;
    int32_t on;
    struct str from_text;
    struct str to_text;
    struct str on_text;
    int32_t category; /* dictionary number + 1 */
    struct str category_text;
    int32_t method; /* choice + 1 */
    int64_t limit;
    int64_t n;
    bool down;
    int32_t account; /* dictionary number + 1 */
    struct str account_text;
    int32_t what; /* enum points_what */
    int32_t served_on;
    struct str served_on_text;
    int32_t expires_by;
    struct str expires_by_text;
    struct str name;
    struct str quantity;
    /* Ids, looked up when the fact is read: what they name may be defined from one call to the
     * next.
     */
    struct str activity;
    struct str project;
    struct str organisation;
    struct str region;
    struct str role;
    struct str course;
    int32_t valid_on;
    struct str valid_on_text;
    int32_t outcome; /* of a complaint: COMPLAINT_OUTCOME_choice, ..._COUNT: open */
    bool excused;
};

/* Which points are meant; where it is not said, the balance. */
enum points_what { POINTS_BALANCE, POINTS_EARNED, POINTS_SPENT };

struct reading {
    lua_State *lua;
    struct policy_host *host;
    struct call *call;
    struct object *object;
    struct arguments arguments;
};

/* What stands for a fact that a case does not give. */
enum fact_default {
    DEFAULT_NONE,
    DEFAULT_ZERO,
    DEFAULT_FALSE,
    DEFAULT_LIST,
    DEFAULT_OBJECT,
    DEFAULT_READ /* its reader, which then has no view */
};

struct fact {
    const char *name;
    size_t name_size;
    int (*read)(struct reading *reading); /* pushes one value */
    enum object_kind gives;               /* where the value is an object or nil */
    bool method;
    unsigned arguments;
    enum fact_default missing;
    bool list; /* of objects */
    /* Raises where its arguments are wrong, in cases too; NULL: nothing more to check. */
    void (*check)(struct reading *reading);
};

struct object_type {
    const char *name;
    const struct fact *facts;
    size_t n_facts;
    int (*load)(struct reading *reading); /* fills object->row; NULL: nothing to load */
};

/* One table entry for facts_<kind>.c: attributes, objects, methods. */
#define FACT(name, read, missing)                                                                  \
    { name, sizeof(name) - 1, read, OBJECT_NONE, false, 0, missing, false, NULL }
#define FACT_OBJECT(name, read, kind)                                                              \
    { name, sizeof(name) - 1, read, kind, false, 0, DEFAULT_OBJECT, false, NULL }
#define FACT_OPTIONAL(name, read, kind)                                                            \
    { name, sizeof(name) - 1, read, kind, false, 0, DEFAULT_NONE, false, NULL } /* may be nil */
#define FACT_OBJECTS(name, read, kind)                                                             \
    { name, sizeof(name) - 1, read, kind, false, 0, DEFAULT_LIST, true, NULL }
#define FACT_METHOD(name, read, arguments, missing)                                                \
    { name, sizeof(name) - 1, read, OBJECT_NONE, true, arguments, missing, false, NULL }
#define FACT_CHECKED(name, read, arguments, missing, check)                                        \
    { name, sizeof(name) - 1, read, OBJECT_NONE, true, arguments, missing, false, check }
/* A method that gives a list of objects. */
#define FACT_SEARCH(name, read, kind, arguments)                                                   \
    { name, sizeof(name) - 1, read, kind, true, arguments, DEFAULT_LIST, true, NULL }
#define FACTS(list) list, sizeof(list) / sizeof *(list)

extern const struct object_type volunteer_object, record_object, activity_object, region_object,
    organisation_object, context_object, calendar_object, redemption_request_object, reward_object,
    honour_object, request_object, post_object;
const struct object_type *object_type(enum object_kind kind);

/* From a fact's name to its place in the list, by the address of the state's one copy of that name:
 * short texts are interned, and the lookup tables keep these. */
#define NAME_SLOTS 128 /* a power of two, over twice the longest list */
struct name_slot {
    const char *name; /* NULL: none */
    uint32_t fact;
    int method; /* registry: its function; LUA_NOREF for an attribute */
};

/* Reads the fact of the one that is read: pushes its value, notes it, and says what was noted
 * (nothing of an object). */
void object_read(struct reading *reading, size_t fact, struct fact_value *ret_value);

/* Prepares a host's state: lookup tables, pool. */
void object_init(struct policy_host *host);
/* Pushes the object for number (nil for 0). `path`: of the object it was reached from, and the
 * fact's name. */
int object_push(struct policy_host *host, enum object_kind kind, uint32_t number, struct str path);
/* The same in a case: facts stand in the table at `index`. */
void object_push_given(struct policy_host *host, enum object_kind kind, int index, struct str path);
/* For readers: the object reached by fact `name` of the one that is read. */
int reading_object(struct reading *reading, enum object_kind kind, const char *name,
                   uint32_t number);
/* The list of those: pushes a table, each object in it with a path of its own ("children[ID]"). */
int reading_objects(struct reading *reading, enum object_kind kind, const char *name,
                    const uint32_t *numbers, size_t n);

/* The object on the top stands in a list, at that path: notes where it was reached by another path
 * before. */
void object_note_listed(struct reading *reading, struct str path);

/* What is read stays as it is until a count, figure or title of the subject changes: for readers of
 * these, and of what never changes. */
void reading_is_steady(struct reading *reading);

/* Its path, in the call's arena; and that of an object in the list which has a path. */
struct str object_path(struct reading *reading, const char *name);
struct str object_path_listed(struct reading *reading, struct str list, struct str id);
/* For readers of lists of objects: what the log says of the list, the id of each. */
void reading_list_begin(struct reading *reading);
void reading_list_id(struct reading *reading, struct str id);
void reading_list_end(struct reading *reading);

/* Pushes for readers; each returns 0. */
int push_text(struct reading *reading, struct str text); /* nil where STR_NONE */
int push_integer(struct reading *reading, int64_t value);
int push_boolean(struct reading *reading, bool value);
int push_date(struct reading *reading, int32_t date); /* nil where 0 or INT32_MIN */
int push_choice(struct reading *reading, const struct choices *choices,
                int32_t choice); /* nil where < 0 */
int push_empty_list(struct reading *reading);
int push_texts(struct reading *reading, const struct list *texts); /* of struct str */
/* The id of a thing. */
int push_id(struct reading *reading, enum noun noun, uint32_t number);
/* The number of a thing that another one names; 0 where `id` is none. */
int find_number(struct reading *reading, enum noun noun, struct str id, uint32_t *ret_number);
