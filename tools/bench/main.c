/* volunteer-bench: the command line, and the repetitions. */
#include <argp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "plot.h"
#include "report.h"

enum {
    OPTION_DIR = 256,
    OPTION_ONLY,
    OPTION_REPEAT,
    OPTION_QUICK,
    OPTION_JSON,
    OPTION_SVG,
    OPTION_PROFILE,
    OPTION_REBUILD,
    OPTION_POLICIES,
    OPTION_VERBOSE,
};

static const struct argp_option options[] = {
    {"dir", OPTION_DIR, "FOLDER", 0,
     "Where the built store is kept between runs (default: volunteerd-bench in $XDG_CACHE_HOME)",
     0},
    {"only", OPTION_ONLY, "NAME", 0, "Only this measurement; may be given more than once", 0},
    {"repeat", OPTION_REPEAT, "N", 0, "Repetitions, 1 to 15; their medians count (default 3)", 0},
    {"quick", OPTION_QUICK, NULL, 0, "A small store and short measurements: a check, not a figure",
     0},
    {"json", OPTION_JSON, NULL, 0, "JSON instead of the table", 0},
    {"svg", OPTION_SVG, "FILE", 0, "Also draw latency against offered rate", 0},
    {"profile", OPTION_PROFILE, NULL, 0,
     "Also run perf on the daemon (not while anything is measured) and print where its time goes",
     0},
    {"rebuild", OPTION_REBUILD, NULL, 0, "Build the kept store anew", 0},
    {"policies", OPTION_POLICIES, "FOLDER", 0, "Rules (default: the shipped ones)", 0},
    {"verbose", OPTION_VERBOSE, NULL, 0, "Say on stderr what is being done", 0},
    {0},
};

/* Found by argp under this name; the build hides symbols otherwise. */
__attribute__((visibility("default"))) const char *argp_program_version =
    "volunteer-bench " VOLUNTEERD_VERSION;

struct arguments {
    const char *folder, *policies, *svg;
    bool only[32];
    bool some; /* --only was given */
    unsigned repetitions;
    bool quick, json, profile, rebuild, verbose;
};

static void only_add(struct argp_state *state, struct arguments *arguments, const char *name) {
    bool is_known = false;
    for (size_t i = 0; i < n_measurements; i++) {
        const struct measurement *row = &measurements[i];
        if (strcmp(row->name, name) != 0 && (!row->group || strcmp(row->group, name) != 0))
            continue;
        is_known = arguments->only[i] = arguments->some = true;
        for (size_t j = 0; j < 2 && row->needs[j]; j++)
            only_add(state, arguments, row->needs[j]);
    }
    if (is_known)
        return;
    fprintf(stderr, "measurements:\n");
    for (size_t i = 0; i < n_measurements; i++)
        fprintf(stderr, "  %-16s %s%s%s\n", measurements[i].name, measurements[i].what,
                measurements[i].group ? "; one of " : "",
                measurements[i].group ? measurements[i].group : "");
    argp_error(state, "no measurement is called '%s'", name);
}

static error_t parse_option(int key, char *text, struct argp_state *state) {
    struct arguments *arguments = state->input;
    char *end;
    switch (key) {
    case OPTION_DIR:
        arguments->folder = text;
        break;
    case OPTION_ONLY:
        only_add(state, arguments, text);
        break;
    case OPTION_REPEAT:
        arguments->repetitions = (unsigned)strtoul(text, &end, 10);
        if (*end || arguments->repetitions < 1 || arguments->repetitions > REPETITIONS_LIMIT)
            argp_error(state, "--repeat takes 1 to %d", REPETITIONS_LIMIT);
        break;
    case OPTION_QUICK:
        arguments->quick = true;
        break;
    case OPTION_JSON:
        arguments->json = true;
        break;
    case OPTION_SVG:
        arguments->svg = text;
        break;
    case OPTION_PROFILE:
        arguments->profile = true;
        break;
    case OPTION_REBUILD:
        arguments->rebuild = true;
        break;
    case OPTION_POLICIES:
        arguments->policies = text;
        break;
    case OPTION_VERBOSE:
        arguments->verbose = true;
        break;
    case ARGP_KEY_ARG:
        argp_error(state, "no argument is wanted: '%s'", text);
        break;
    case ARGP_KEY_END:
        if (arguments->json && arguments->profile)
            argp_error(state, "--profile is for people: not with --json");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* ---- where things are ---- */

static char *beside(const char *name) {
    char own[PATH_LIMIT], *path;
    ssize_t size = readlink("/proc/self/exe", own, sizeof own - 1);
    own[size > 0 ? size : 0] = 0;
    char *slash = strrchr(own, '/');
    if (!slash || asprintf(&path, "%.*s/%s", (int)(slash - own), own, name) < 0)
        fail("cannot tell where this program is");
    if (access(path, X_OK) != 0)
        fail("%s: no such program; build it first", path);
    return path;
}

static char *folder_default(bool quick) {
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    char *path;
    const char *name = quick ? "volunteerd-bench/quick" : "volunteerd-bench/full";
    int size = cache && *cache ? asprintf(&path, "%s/%s", cache, name)
                               : asprintf(&path, "%s/.cache/%s", home ? home : "/tmp", name);
    if (size < 0)
        abort();
    return path;
}

/* All on one store stay within the city's news, about 100,000 events. */
static const struct sizes full_sizes = {.warm = 10000,
                                        .arrays = 80000,
                                        .singles = 80000,
                                        .one = 4000,
                                        .grid = 20000,
                                        .grid_single = 10000,
                                        .restart = 20000,
                                        .open_s = 4,
                                        .open_low = 20000,
                                        .open_high = 50000,
                                        .open_most = 85000,
                                        .sweep_s = 2,
                                        .lmdb = 50000,
                                        .lmdb_young = 200000,
                                        .bus = 20000,
                                        .engine_warm = 2000,
                                        .engine_arrays = 20000,
                                        .engine_singles = 10000,
                                        .rerate_piece = 2000,
                                        .rerate_rate = 2000,
                                        .imported = 100000,
                                        .reached = 1000,
                                        .plugins_piece = 20000,
                                        .sync_s = 1};
static const struct sizes quick_sizes = {.warm = 300,
                                         .arrays = 1500,
                                         .singles = 800,
                                         .one = 100,
                                         .grid = 400,
                                         .grid_single = 200,
                                         .restart = 500,
                                         .open_s = 0.1,
                                         .open_low = 2000,
                                         .open_high = 5000,
                                         .open_most = 1000,
                                         .sweep_s = 0.02,
                                         .lmdb = 2000,
                                         .lmdb_young = 2000,
                                         .bus = 500,
                                         .engine_warm = 100,
                                         .engine_arrays = 1000,
                                         .engine_singles = 500,
                                         .rerate_piece = 200,
                                         .rerate_rate = 1000,
                                         .imported = 2000,
                                         .reached = 50,
                                         .plugins_piece = 300,
                                         .sync_s = 0.05};

static void bench_prepare(struct bench *bench, const struct arguments *arguments) {
    bench->sizes = arguments->quick ? quick_sizes : full_sizes;
    bench->quick = arguments->quick;
    bench->repetitions = arguments->repetitions;
    bench->entrants[REDIS].engine = &engine_redis;
    bench->entrants[TARANTOOL].engine = &engine_tarantool;
    bench->entrants[SQLITE].engine = &engine_sqlite;
    bench->entrants[POSTGRESQL].engine = &engine_postgresql;
    bench->kept = (struct kept){
        .daemon = beside("volunteerd"),
        .policies = arguments->policies ? arguments->policies : POLICIES_SOURCE,
        .folder = arguments->folder ? arguments->folder : folder_default(arguments->quick),
        .plan = {.simulate = beside("volunteer-simulate"),
                 .n_volunteers = arguments->quick ? 10000 : 100000,
                 .today = city_today()},
        .n_least = arguments->quick ? 40000 : 1000000,
        .segment_mib = arguments->quick ? 8 : 0, /* so that a short history has a closed file */
        .rebuild = arguments->rebuild};
    kept_open(&bench->kept);
    char *people, *few;
    if (asprintf(&people, "%s/people", bench->kept.folder) < 0 ||
        asprintf(&few, "%s/few-people", bench->kept.folder) < 0)
        abort();
    bench->control = beside("volunteerctl");
    bench->people = (struct people){.program = bench->kept.daemon,
                                    .folder = people,
                                    .n = arguments->quick ? 4000 : 1000000,
                                    .n_walkers = arguments->quick ? 200 : 50000,
                                    .rebuild = arguments->rebuild};
    bench->few_people = bench->people;
    bench->few_people.folder = few;
    bench->few_people.n = arguments->quick ? 1000 : 10000;
    bench->few_people.n_walkers = bench->few_people.n / 20;
}

static bool is_wanted(const struct arguments *arguments, size_t measurement) {
    const struct measurement *row = &measurements[measurement];
    if (row->taken == FOR_A_PICTURE && arguments->svg)
        return true;
    return arguments->some ? arguments->only[measurement] : row->taken == ALWAYS;
}

static void repetition_run(struct bench *bench, const struct arguments *arguments) {
    for (size_t i = 0; i < n_measurements; i++) {
        if (!is_wanted(arguments, i))
            continue;
        progress("%s: %s", measurements[i].name, measurements[i].what);
        measurements[i].run(bench);
    }
    bench_stop(bench);
}

int main(int argc, char **argv) {
    static const char doc[] =
        "Measures volunteerd: starts it on a store with a million events of a simulated city "
        "behind "
        "it, drives it over its sockets, and measures the floors of this machine in between.\v"
        "Exit status: 0 measured (whatever the goals), 1 failed, 2 wrong usage.";
    static const struct argp argp = {options, parse_option, NULL, doc, NULL, NULL, NULL};
    static struct bench bench;
    struct arguments arguments = {.repetitions = 3};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &arguments);
    progress_show(arguments.verbose || isatty(STDERR_FILENO));
    bench_prepare(&bench, &arguments);
    for (unsigned i = 0; i < arguments.repetitions; i++) {
        progress("repetition %u of %u", i + 1, arguments.repetitions);
        repetition_run(&bench, &arguments);
    }
    bench_end_engines(&bench);
    if (arguments.svg)
        plot_write(&bench, arguments.svg);
    if (arguments.json)
        report_json(&bench);
    else
        report_table(&bench, isatty(STDOUT_FILENO));
    if (arguments.profile)
        bench_profile(&bench);
    kept_close(&bench.kept);
    return 0;
}
