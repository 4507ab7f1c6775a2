#include "plugins.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"
#include "publisher.h"
#include "question.h"

#define GAP_MS 2 /* then a plugin is idle again */
#define LOOK_MS 50
#define LIMIT_S 120
#define PIECES 2 /* with and without, by turns */

/* A build with sanitizers keeps what was freed. */
#define FOLLOWER(options) "{ name = \"follower\"; limits: { memory_mib = 4096; }; " options " }"
static const char one[] = FOLLOWER("");
/* The last is given a port that nobody has. */
static const char three[] = FOLLOWER("") ", { name = \"example\"; }, "
                                         "{ name = \"metrics\"; listen = \"127.0.0.1:%u\"; }";
static const char *const names[] = {"follower", "example", "metrics"};

/* ---- which plugins run ---- */

static void folder_fill(const char *folder) {
    char from[PATH_LIMIT], to[PATH_LIMIT], file[64];
    folder_make(folder);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(file, sizeof file, "%s.so", names[i]);
        path_join(from, i ? SHIPPED_PLUGINS : BENCH_PLUGINS, file);
        path_join(to, folder, file);
        file_copy(from, to);
    }
}

static size_t count(const char *text, const char *mark) {
    size_t n = 0;
    for (; (text = strstr(text, mark)); text += strlen(mark))
        n++;
    return n;
}

static void too_late(int64_t begun_ns, const char *what, const char *text) {
    if (now_ns() - begun_ns > LIMIT_S * INT64_C(1000000000))
        fail("%s: not after %d s: %.3000s", what, LIMIT_S, text);
}

/* Until `n` run, none is on its way out, and those that follow have what is there. */
static void plugins_wait(struct bench *bench, size_t n) {
    int64_t begun_ns = now_ns();
    for (bool done = false; !done; sleep_ms(LOOK_MS)) {
        char *text = question_ask(&bench->daemon, "plugin.list", "");
        done = count(text, "\"state\":") == n && count(text, "\"state\":\"running\"") == n &&
               count(text, "\"behind\":0,") + count(text, "\"behind\":0}") ==
                   count(text, "\"behind\":");
        too_late(begun_ns, "plugins", text);
        free(text);
    }
    daemon_settle(&bench->daemon);
}

static void plugins_change(struct bench *bench, const char *plugins, size_t n) {
    daemon_reload(&bench->daemon, plugins);
    plugins_wait(bench, n);
}

static unsigned free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) < 0 ||
        getsockname(fd, (struct sockaddr *)&address, &size) < 0)
        fail("there is no port on 127.0.0.1: %s", strerror(errno));
    close(fd);
    return ntohs(address.sin_port);
}

/* ---- how soon an idle one has an event ---- */

/* Both lists are in the journal's order; every event has its sample. */
static void compare(const char *text, const struct acknowledged *acknowledged, size_t n,
                    struct samples *latencies) {
    const char *at = strstr(text, "\"samples\":[");
    char *end = NULL;
    size_t found = 0;
    for (at = at ? at + strlen("\"samples\":[") : ""; found < n; at = end + 1) {
        uint64_t sequence = strtoull(at, &end, 10);
        if (end == at || *end != ',')
            break;
        int64_t ns = strtoll(end + 1, &end, 10);
        if (sequence != acknowledged[found].sequence)
            continue; /* a decision */
        /* It may have been there first. */
        int64_t later_ns = ns - acknowledged[found++].ns;
        samples_add(latencies, later_ns > 1000 ? later_ns : 1000);
    }
    if (found != n)
        fail("%zu of %zu events reached the plugin: %.200s", found, n, text);
}

static void measure_reach(struct bench *bench) {
    struct samples latencies = {0};
    plugins_change(bench, one, 1);
    free(question_ask(&bench->daemon, "follower.samples", ""));
    struct load load = bench_take_load(bench, bench->sizes.reached, 0);
    struct acknowledged *acknowledged = calloc(load.n_events, sizeof *acknowledged);
    if (!acknowledged)
        fail("no memory");
    publish_slowly(bench->daemon.ingest, &load, GAP_MS, acknowledged);
    plugins_wait(bench, 1);
    char *text = question_ask(&bench->daemon, "follower.samples", "");
    compare(text, acknowledged, load.n_events, &latencies);
    figure_add(&bench->figures, FIGURE_PLUGIN_REACH, samples_percentile_us(&latencies, 0.99));
    progress("    p50 %.0f us, longest %.0f us", samples_percentile_us(&latencies, 0.5),
             samples_percentile_us(&latencies, 1));
    free(text);
    free(acknowledged);
    samples_deinit(&latencies);
    load_deinit(&load);
}

/* ---- what three cost ingest ---- */

static void publish_piece(struct bench *bench, struct samples *samples) {
    struct load load = bench_take_load(bench, bench->sizes.plugins_piece, 0);
    struct published sum =
        publish_open(bench->daemon.ingest, &load, bench->sizes.open_low, samples);
    bench->n_busy += sum.refused;
    load_deinit(&load);
}

/* By turns, so that whatever else the machine does meets both. */
static void measure_cost(struct bench *bench) {
    struct figures *figures = &bench->figures;
    struct samples without = {0}, with = {0};
    char groups[256];
    snprintf(groups, sizeof groups, three, free_port());
    for (int i = 0; i < PIECES; i++) {
        plugins_change(bench, "", 0);
        publish_piece(bench, &without);
        plugins_change(bench, groups, 3);
        publish_piece(bench, &with);
    }
    figure_add(figures, FIGURE_PLUGINS_NONE, samples_percentile_us(&without, 0.99));
    figure_add(figures, FIGURE_PLUGINS_THREE, samples_percentile_us(&with, 0.99));
    figure_add(figures, FIGURE_PLUGINS_TIMES,
               figure_last(figures, FIGURE_PLUGINS_THREE) /
                   figure_last(figures, FIGURE_PLUGINS_NONE));
    samples_deinit(&without);
    samples_deinit(&with);
}

/* ---- how fast one follows ---- */

static double follow_rate(struct bench *bench, const char *plugin, bool reads) {
    plugins_change(bench, "", 0);
    plugins_change(bench, plugin, 1);
    char *text = question_ask(&bench->daemon, "follower.progress", "");
    double n = question_number(text, "events"), bytes = question_number(text, "bytes"),
           seconds =
               (question_number(text, "taken_ns") - question_number(text, "started_ns")) / 1e9;
    if (question_number(text, "disorder") > 0 || n < (double)bench->kept.n_history ||
        question_number(text, "parsed") != (reads ? n : 0))
        fail("it did not follow: %.400s", text);
    progress("    %.0f events of %.0f bytes in %.2f s", n, bytes / n, seconds);
    free(text);
    return n / seconds;
}

static void measure_following(struct bench *bench) {
    figure_add(&bench->figures, FIGURE_PLUGIN_FOLLOW,
               follow_rate(bench, FOLLOWER("from_start = true;"), false));
    figure_add(&bench->figures, FIGURE_PLUGIN_READ,
               follow_rate(bench, FOLLOWER("from_start = true; parse = true;"), true));
}

void measure_plugins(struct bench *bench) {
    char folder[PATH_LIMIT];
    double peak_bytes = bench->peak_bytes; /* is of what was measured without plugins */
    bench_stop(bench);
    path_join(folder, bench->kept.work, "plugins");
    folder_fill(folder);
    bench->plugin_dir = folder;
    bench_begin(bench);
    measure_reach(bench);
    measure_cost(bench);
    measure_following(bench);
    bench_stop(bench);
    bench->plugin_dir = NULL;
    bench->peak_bytes = peak_bytes;
}
