/* A declaration and nothing else, with one mistake in it, which the build names. */
#include <stddef.h>

#include <volunteerd/volunteer_plugin.h>

#ifdef MISTAKE_SIZE
#define SIZE 40
#else
#define SIZE sizeof(struct vol_plugin)
#endif
#ifdef MISTAKE_ROWS
#define ROW 8
#else
#define ROW sizeof(struct vol_option)
#endif

#ifndef MISTAKE_START
static int start(struct vol_core *core, void **ret_self) {
    *ret_self = core;
    return 0;
}
#endif

#ifndef MISTAKE_METHOD
static void run(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self;
    (void)parameters;
    vol_answer(call, "true");
}
#endif

static const char *const words[] = {"one", "two", NULL};

static const struct vol_option options[] = {
    {.name = "first", .kind = VOL_OPTION_TEXT, .help = "a text"},
#ifdef MISTAKE_OPTION_NAME
    {.name = "Wrong name", .kind = VOL_OPTION_TEXT, .help = "a text"},
#endif
#ifdef MISTAKE_OPTION_RESERVED
    {.name = "limits_of_its_own", .kind = VOL_OPTION_TEXT, .help = "a text"},
#endif
#ifdef MISTAKE_OPTION_TWICE
    {.name = "first", .kind = VOL_OPTION_TEXT, .help = "a text"},
#endif
#ifdef MISTAKE_OPTION_KIND
    {.name = "kind", .kind = (enum vol_option_kind)99, .help = "a text"},
#endif
#ifdef MISTAKE_OPTION_HELP
    {.name = "help", .kind = VOL_OPTION_TEXT},
#endif
    {.name = "word",
     .kind = VOL_OPTION_WORD,
     .words = words,
#ifdef MISTAKE_WORD_DEFAULT
     .text = "three",
#else
     .text = "two",
#endif
     .help = "one or two"},
    {.name = "number",
     .kind = VOL_OPTION_INTEGER,
     .least = 1,
     .most = 10,
#ifdef MISTAKE_NUMBER_DEFAULT
     .number = 11,
#else
     .number = 5,
#endif
     .help = "a number"},
    {.name = NULL},
};

static const struct vol_counter counters[] = {
#ifdef MISTAKE_COUNTER
    {"it-counts", "something", 0},
#endif
    {"counted", "something", 0},
    {.name = NULL},
};

#ifdef MISTAKE_METHOD
static const struct vol_method methods[] = {{"ask", NULL, NULL, "something"}, {.name = NULL}};
#elif defined MISTAKE_ENDLESS
/* Whatever stands behind it, a row of it is not NULL for long. */
#define ROW_4                                                                                      \
    {"ask", run, NULL, "a"}, {"ask", run, NULL, "a"}, {"ask", run, NULL, "a"}, {                   \
        "ask", run, NULL, "a"                                                                      \
    }
#define ROW_16 ROW_4, ROW_4, ROW_4, ROW_4
static const struct vol_method methods[] = {ROW_16, ROW_16, ROW_16, ROW_16, ROW_16, ROW_16, ROW_16};
#else
static const struct vol_method methods[] = {{"ask", run, NULL, "something"}, {.name = NULL}};
#endif

#ifdef MISTAKE_WANTS
static const char *const wants[] = {"volunteer.registered", "*", NULL};
#else
static const char *const wants[] = {"volunteer.registered", NULL};
#endif
#ifdef MISTAKE_PUBLISHES
static const char *const publishes[] = {"volunteer.registered", "", NULL};
#else
static const char *const publishes[] = {"volunteer.registered", NULL};
#endif

#ifndef MISTAKE_EVENTS
static int64_t events(void *self, const struct vol_event *list, size_t n_events) {
    (void)self;
    (void)list;
    return (int64_t)n_events;
}
#endif

VOL_EXPORT const struct vol_plugin vol_plugin = {
    .abi_major = VOL_ABI_MAJOR,
    .abi_minor = VOL_ABI_MINOR,
    .size = SIZE,
    .option_size = ROW,
    .counter_size = sizeof(struct vol_counter),
    .method_size = sizeof(struct vol_method),
    .name = OWN_NAME,
#ifndef MISTAKE_VERSION
    .version = "1.0",
#endif
    .summary = "Declares.",
    .options = options,
    .counters = counters,
    .methods = methods,
    .wants = wants,
    .publishes = publishes,
#ifdef MISTAKE_SOURCE
    .source = "/plugins/somebody",
#else
    .source = "/plugins/" OWN_NAME,
#endif
#ifndef MISTAKE_START
    .start = start,
#endif
#ifndef MISTAKE_EVENTS
    .events = events,
#endif
};
