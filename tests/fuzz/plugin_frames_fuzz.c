/* What the process of a plugin writes to its keeper, whatever that process has become: a plan of
 * frames, and bytes that are none, over a small city with a real engine. Each frame that goes back
 * is whole and JSON, what is stored is of the plugin's own source and declared, and a question that
 * somebody asked is answered once or not. */
#include "fuzz.h"

#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/calls.h"
#include "plugin/keeper_parts.h"
#include "small_city.h"

#define EVENTS_LIMIT 300 /* that inputs may add to the city */
#define INPUT_LIMIT 65536
#define RAW 255 /* a step of the plan: bytes as they are */
#define PATIENCE_MS 10000

static struct small_city *city;
static struct calls *calls;
static struct wake asked;
static uint64_t first_sequence;
static pid_t victim; /* stands for the plugin's process: the keeper ends it over a bad frame */

static const char inspection[] =
    "{\"declaration\":{\"name\":\"fuzz\",\"source\":\"/plugins/fuzz\",\"wants\":[\"*\"],"
    "\"publishes\":[\"document.registered\",\"volunteer.registered\",\"service.recorded\"],"
    "\"methods\":[{\"name\":\"ask\"}],\"counters\":[{\"name\":\"a\"},{\"name\":\"b\"}]},"
    "\"settings\":{}}";

static uint64_t head(void) {
    return journal_head(small_city_services(city)->journal).sequence;
}

static void city_begin(void) {
    char path[4200];
    city = small_city_open();
    first_sequence = head();
    for (int i = 0; i < 3; i++) {
        static const char *const folders[] = {"local", "local/plugins", "local/plugins/fuzz"};
        snprintf(path, sizeof path, "%s/%s", small_city_services(city)->data_dir, folders[i]);
        (void)mkdir(path, 0700);
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    int result = wake_init(&asked);
    assert(result == 0);
    calls = calls_new(&asked);
    city_begin();
    return 0;
}

/* It reads from us for ever, and ends with us. */
static void victim_start(void) {
    static int ends[2] = {-1, -1};
    char *const arguments[] = {(char[]){"cat"}, NULL};
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    if (victim)
        return;
    int result = ends[0] >= 0 ? 0 : pipe2(ends, O_CLOEXEC);
    assert(result == 0);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[0], STDIN_FILENO);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    result = posix_spawn(&victim, "/bin/cat", &files, &attributes, arguments, NULL);
    assert(result == 0);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
}

/* ---- a keeper ---- */

static struct keeper *keeper_begin(int *ret_peer, uint64_t *ret_call) {
    const struct keeper_options options = {.services = small_city_services(city), .calls = calls};
    struct plugin_config config;
    int pair[2];
    plugin_config_init(&config);
    snprintf(config.name, sizeof config.name, "fuzz");
    struct keeper *keeper = keeper_make(&options, &config);
    assert(keeper);
    plugin_config_deinit(&config);
    keeper->inspection = json_loads(inspection, 0, NULL);
    keeper->shown.inspection = json_deep_copy(keeper->inspection);
    int result = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair);
    assert(result == 0);
    channel_init(&keeper->channel, pair[0], FRAME_TO_DAEMON_LIMIT);
    *ret_peer = pair[1];
    victim_start();
    keeper->process.pid = victim;
    keeper->now_us = keeper->io->boottime_us(keeper->io->self);
    keeper_show_state(keeper, KEEPER_STARTING, "%s", "");
    *ret_call = calls_begin(calls);
    assert(*ret_call);
    keeper->calls[keeper->n_calls++] =
        (struct waiting_call){*ret_call, NULL, keeper->now_us + INT64_C(1000000000)};
    return keeper;
}

static void call_end(uint64_t call) {
    json_t *answer = calls_take(calls, call);
    if (answer)
        reached("calls answered");
    else
        calls_fail(calls, call, "busy", "");
    json_decref(answer);
    json_decref(calls_take(calls, call));
    wake_hear(&asked);
}

static void keeper_end(struct keeper *keeper, int peer, uint64_t call) {
    victim = keeper->process.pid;
    if (!victim)
        reached("ended");
    keeper->process.pid = 0;
    feed_close(keeper);
    call_end(call);
    calls_fail_all(keeper, "over");
    channel_deinit(&keeper->channel);
    keeper_free(keeper);
    close(peer);
}

/* ---- the plan ---- */

/* Numbers that mean something: of the call that waits, of an event. */
static uint64_t number_of(uint8_t kind, uint8_t number, uint64_t call) {
    if (kind == FRAME_CALL_ANSWER && number == 1)
        return call;
    return kind == FRAME_TAKEN ? head() * number / 250 : number;
}

/* kind u8 | number u8 | size u16 | body, or bytes as they are. */
static void plan_read(struct str input, uint64_t call, struct buf *out) {
    struct channel frames = {.fd = -1};
    struct cursor cursor = cursor_from(input);
    while (cursor_left(&cursor) >= 4) {
        uint16_t both = cursor_u16(&cursor);
        uint8_t kind = (uint8_t)both, number = (uint8_t)(both >> 8);
        size_t size = cursor_u16(&cursor);
        size = size < cursor_left(&cursor) ? size : cursor_left(&cursor);
        struct str body = cursor_take(&cursor, size);
        if (kind == RAW)
            buf_put_str(&frames.out, body);
        else
            channel_put(&frames, (enum frame_kind)kind, number_of(kind, number, call), body);
    }
    buf_put_str(out, buf_str(&frames.out));
    buf_deinit(&frames.out);
}

static void results_wait(struct keeper *keeper) {
    while (keeper->publishing.n_outstanding) {
        struct pollfd item = {keeper->wake.fd, POLLIN, 0};
        int n = poll(&item, 1, PATIENCE_MS);
        assert(n == 1);
        wake_hear(&keeper->wake);
        publishing_answer(keeper);
    }
}

static void take_all(struct keeper *keeper, int peer, struct str bytes) {
    while (keeper->process.pid && !keeper->closed_us) {
        ssize_t n = bytes.size ? write(peer, bytes.data, bytes.size) : 0;
        if (n > 0)
            bytes = (struct str){bytes.data + n, bytes.size - (size_t)n};
        size_t before = keeper->channel.in.size - keeper->channel.taken;
        keeper_take_frames(keeper);
        results_wait(keeper);
        if (keeper->process.pid)
            (void)feed_send(keeper);
        if (!bytes.size && keeper->channel.fd >= 0 &&
            keeper->channel.in.size - keeper->channel.taken >= before)
            return;
        if (keeper_is_unheard(keeper))
            return;
    }
}

/* ---- what went back, what was written ---- */

static void answers_look(struct keeper *keeper) {
    struct channel out = {.fd = -1, .limit = FRAME_TO_HOST_LIMIT};
    struct frame frame;
    int result;
    if (!keeper->channel.out.size)
        return;
    buf_put_str(&out.in, (struct str){keeper->channel.out.data, keeper->channel.out.size});
    while ((result = channel_take(&out, &frame)) == 0) {
        assert(frame.kind == FRAME_RESULTS || frame.kind == FRAME_ANSWER ||
               frame.kind == FRAME_EVENTS);
        if (frame.kind != FRAME_EVENTS)
            must_be_json(frame.body);
        reached(frame.kind == FRAME_RESULTS  ? "results"
                : frame.kind == FRAME_ANSWER ? "answers"
                                             : "events");
    }
    assert(result == CHANNEL_NOTHING);
    buf_deinit(&out.in);
}

static void journal_look(uint64_t after) {
    struct journal_reader *reader;
    struct arena arena;
    struct str record;
    struct event event;
    uint64_t sequence;
    int result = journal_reader_open(small_city_services(city)->journal, after, &reader);
    assert(result == 0);
    arena_init(&arena);
    while (journal_reader_next(reader, &record, &sequence) == 0) {
        arena_reset(&arena);
        result = event_decode(record, &arena, &event);
        assert(result == 0);
        if (event.cause || !event.source.size)
            continue; /* the daemon's own: decisions, midnights */
        reached("stored");
        assert(str_starts_with(event.source, STR("/plugins/fuzz")));
    }
    arena_deinit(&arena);
    journal_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf bytes = {0};
    uint64_t call, before;
    int peer;
    if (size > INPUT_LIMIT)
        return 0;
    if (head() > first_sequence + EVENTS_LIMIT) {
        small_city_close(city);
        city_begin();
        reached("cities");
    }
    before = head();
    struct keeper *keeper = keeper_begin(&peer, &call);
    plan_read(input_str(data, size), call, &bytes);
    take_all(keeper, peer, buf_str(&bytes));
    answers_look(keeper);
    keeper_end(keeper, peer, call);
    if (head() > before)
        journal_look(before);
    buf_deinit(&bytes);
    reached("plans");
    return 0;
}
