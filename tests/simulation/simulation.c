/* One run: a whole daemon but its bus lives through the days that standard input tells it of, on a
 * disk, a clock and a schedule that the seed has, and everything that can be seen from outside is
 * written to standard output, one JSON object a line. The same input and seed give the same bytes.
 * tests/simulation/model.py judges them; workload.py writes the input, a line for each of
 *   clock events                before all others: recorded time follows the events
 *   first KIND AT               before all others: a fault of the very first start
 *   submit PUBLISHER WRITER N   and N lines, an event each: one message; a publisher (WRITER 0) or
 *                               a command (1) waits for the answer to its last one first
 *   wait                        for all answers
 *   advance US, jump US         time passes; somebody sets the clock
 *   fault KIND AT               comes at the AT-th call from now on (disk.h has the kinds)
 *   recovery KIND AT            the same, from when the daemon is started after it went down
 *   full                        the disk is, until somebody was told
 *   keep                        the state of now is kept aside
 *   state kept|old|lost         what there is of the state at the next start
 *   stop                        a clean stop and a start
 *   runs                        waits until no run is under way
 * A daemon that went down is started again, and what was not answered is sent again.
 *
 * Exit: 0; 1 the daemon did what it must not (the trace ends with why); 2 wrong usage; 4 stuck. */
#include <errno.h>
#include <inttypes.h>
#include <lmdb.h>
#include <stdarg.h>
#include <unistd.h>

#include "bus/decode.h"
#include "domain/export.h"
#include "domain/ledger.h"
#include "domain/runs.h"
#include "simulation/disk.h"
#include "simulation/threads.h"
#include "unit/machine.h"
#include "util/log.h"

#define PUBLISHERS 8
#define PATIENCE_US (INT64_C(600) * MICROSECONDS)
#define LOOK_US (MICROSECONDS / 50)
#define RUN_LOOKS_MOST 200000
#define MENDS_MOST 50
#define STARTS_MOST 20
#define STEP_US                                                                                    \
    (30 * INT64_C(1000000)) /* of a move: more than a minute between two looks is a jump */

struct message {
    uint64_t number; /* in the order they were given to the engine */
    int64_t of;      /* the submit line, from 0; -1: the simulation's own */
    bool trusted;
    bool waits; /* for its answer */
    bool is_done;
    struct batch batch;
    size_t n, n_texts;
    struct buf *texts; /* n_texts, of which n are used */
};

static struct world {
    struct machine machine;
    struct disk disk;
    uint64_t seed;
    uint32_t slow_us; /* of a look at the clock, at most */
    struct message messages[PUBLISHERS];
    struct message clerk;
    uint64_t n_messages;
    int64_t n_submits;
    enum { STATE_KEPT, STATE_OLD, STATE_LOST } state;
    bool has_old;
    uint64_t recovery[DISK_FAULT_COUNT];
    unsigned n_starts;
    int64_t n_accepted; /* clocks */
    char *line;
    size_t line_capacity;
} world;

int __real_mdb_txn_commit(MDB_txn *txn);
int __wrap_mdb_txn_commit(MDB_txn *txn);

/* ---- the trace ---- */

static void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void tell(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
}

/* What must not be. */
static _Noreturn void fail(const char *what, int error) {
    tell("{\"failed\":\"%s\",\"error\":\"%s\"}", what, error ? strerror(-error) : "");
    fflush(NULL);
    _exit(1);
}

static void told(const struct disk *disk, enum disk_fault fault, const char *call) {
    tell("{\"fault\":\"%s\",\"call\":\"%s\",\"n\":%" PRIu64 "}", disk_fault_word(fault), call,
         disk->n_calls);
}

/* ---- the world ---- */

/* The state is LMDB's own file: what it commits is on the disk, what it did not is not. */
int __wrap_mdb_txn_commit(MDB_txn *txn) {
    int r = disk_call(&world.disk, "commit");
    if (r == 0)
        return __real_mdb_txn_commit(txn);
    mdb_txn_abort(txn);
    return -r;
}

/* On a busy machine a look takes a while: chunks of runs become short. */
static int64_t slow_boottime_us(void *self) {
    struct io_steered *steered = self;
    io_steered_move(steered, (int64_t)dice_roll(&world.disk.dice, world.slow_us));
    return steered->boot_us;
}

static bool is_down(void) {
    return world.disk.is_down || world.machine.failure;
}

static void copy_file(const char *from, const char *to) {
    char *bytes;
    size_t size;
    int r = io_read_file(io_system(), from, UINT32_MAX, &bytes, &size);
    if (r == 0)
        r = io_replace_file(io_system(), to, bytes, size, 0640);
    if (r < 0)
        fail("the state cannot be copied", r);
    free(bytes);
}

static void keep_state(void) {
    char *from = machine_path(&world.machine, "state/data.mdb");
    char *to = machine_path(&world.machine, "old.mdb");
    if (!is_down()) {
        copy_file(from, to);
        world.has_old = true;
    }
    free(from);
    free(to);
}

static void prepare_state(void) {
    char *directory = machine_path(&world.machine, "state");
    char *data = machine_path(&world.machine, "state/data.mdb");
    char *old = machine_path(&world.machine, "old.mdb");
    if (world.state == STATE_LOST || (world.state == STATE_OLD && world.has_old)) {
        int r = store_remove(directory);
        if (r < 0)
            fail("the state cannot be removed", r);
    }
    if (world.state == STATE_OLD && world.has_old)
        copy_file(old, data);
    world.state = STATE_KEPT;
    free(directory);
    free(data);
    free(old);
}

/* Until it runs: what was armed for a recovery strikes there, once. */
static void start(void) {
    for (unsigned n = 0; n < STARTS_MOST; n++) {
        prepare_state();
        world.machine.failure = 0;
        int r = machine_start(&world.machine);
        world.n_starts++;
        if (r == 0 && !is_down()) {
            tell("{\"up\":%" PRIu64 "}", journal_head(world.machine.journal).sequence);
            return;
        }
        bool struck = is_down();
        for (enum disk_fault fault = 0; fault < DISK_FAULT_COUNT; fault++)
            struck |= world.disk.faults[fault].n > 0;
        machine_stop(&world.machine);
        if (!struck)
            fail("the daemon does not start", r);
        tell("{\"start\":\"%s\"}", r < 0 ? strerror(-r) : "down");
        disk_disarm(&world.disk);
        disk_restart(&world.disk);
    }
    fail("the daemon does not start however often", 0);
}

static void submit(struct message *message);
static bool read_answer(struct message *message);

/* Answers that went out before are read. */
static void read_answers(void) {
    for (size_t i = 0; i < PUBLISHERS; i++)
        if (world.messages[i].waits && world.messages[i].is_done)
            world.messages[i].waits = read_answer(&world.messages[i]);
}

static void come_up(void) {
    read_answers();
    tell("{\"down\":\"%s\"}",
         world.disk.is_down ? world.disk.lost_power ? "power" : "kill" : "failure");
    machine_stop(&world.machine);
    disk_disarm(&world.disk);
    disk_restart(&world.disk);
    for (enum disk_fault fault = 0; fault < DISK_FAULT_COUNT; fault++) {
        disk_arm(&world.disk, fault, world.recovery[fault]);
        world.recovery[fault] = 0;
    }
    start();
    for (size_t i = 0; i < PUBLISHERS; i++)
        if (world.messages[i].waits)
            submit(&world.messages[i]);
}

/* ---- messages ---- */

static void message_done(struct batch *batch) {
    struct message *message = batch->owner;
    if (world.disk.is_down)
        return; /* whoever would have been told is gone */
    pthread_mutex_lock(&world.machine.mutex);
    message->is_done = true;
    pthread_cond_broadcast(&world.machine.done);
    pthread_mutex_unlock(&world.machine.mutex);
}

static void reserve_texts(struct message *message, size_t n) {
    if (n <= message->n_texts)
        return;
    message->texts = realloc(message->texts, n * sizeof *message->texts);
    if (!message->texts)
        abort();
    memset(message->texts + message->n_texts, 0, (n - message->n_texts) * sizeof *message->texts);
    message->n_texts = n;
}

static void decode(struct message *message, size_t i) {
    struct machine *machine = &world.machine;
    struct batch *batch = &message->batch;
    struct dom_value value;
    const char *why;
    size_t offset;
    struct problem problem = {.code = PROBLEM_NONE};
    if (dom_parse(machine->parser, buf_str(&message->texts[i]), &value, &why, &offset) != 0)
        fail("a line of the workload is not JSON", 0);
    if (decode_event(machine->keyring, value, message->trusted ? WRITER_COMMAND : WRITER_PUBLISHER,
                     &batch->arena, &batch->events[i], &problem) == 0)
        return;
    batch->results[i].status = RESULT_REJECTED;
    batch->results[i].problem = arena_alloc(&batch->arena, sizeof problem);
    *batch->results[i].problem = problem;
}

static void refuse(struct message *message, enum problem_code code) {
    struct batch *batch = &message->batch;
    for (size_t i = 0; i < batch->n_events; i++) {
        batch->results[i].status = RESULT_REJECTED;
        batch->results[i].problem = arena_alloc(&batch->arena, sizeof *batch->results[i].problem);
        *batch->results[i].problem = (struct problem){.code = code};
    }
    message->is_done = true;
}

static void submit(struct message *message) {
    struct batch *batch = &message->batch;
    arena_reset(&batch->arena);
    batch->n_events = message->n;
    batch->events = arena_alloc(&batch->arena, message->n * sizeof *batch->events);
    batch->results = arena_alloc(&batch->arena, message->n * sizeof *batch->results);
    for (size_t i = 0; i < message->n; i++)
        decode(message, i);
    batch->trusted = message->trusted;
    batch->done = message_done;
    batch->owner = message;
    message->is_done = false;
    message->waits = true;
    message->number = world.n_messages++;
    tell("{\"submit\":%" PRIu64 ",\"of\":%" PRId64 "}", message->number, message->of);
    int r = engine_submit(world.machine.engine, batch);
    if (r != 0)
        refuse(message, r == ENGINE_BUSY ? PROBLEM_BUSY : PROBLEM_READ_ONLY);
}

static void tell_result(const struct result *result, struct buf *out) {
    char code[48];
    buf_json_item(out);
    if (result->status == RESULT_REJECTED)
        buf_printf(out, "[\"rejected\",\"%s\"]", problem_code_text(result->problem, code));
    else
        buf_printf(out, "[\"%s\",%" PRIu64 ",%zu]",
                   result->status == RESULT_STORED ? "stored" : "duplicate", result->sequence,
                   result->n_decisions);
}

/* The answer, as the publisher reads it. Whether it must send the message again. */
static bool read_answer(struct message *message) {
    struct buf text = {0};
    bool again = false;
    buf_printf(&text, "{\"done\":%" PRIu64 ",\"results\":[", message->number);
    for (size_t i = 0; i < message->n; i++) {
        const struct result *result = &message->batch.results[i];
        tell_result(result, &text);
        again |= result->status == RESULT_REJECTED && (result->problem->code == PROBLEM_READ_ONLY ||
                                                       result->problem->code == PROBLEM_BUSY);
    }
    buf_put_str(&text, STR("]}"));
    tell("%.*s", STR_ARG(buf_str(&text)));
    buf_deinit(&text);
    message->waits = false;
    return again;
}

/* ---- waiting and mending ---- */

/* Until the message is answered or the daemon is down. */
static void await(const struct message *message) {
    struct machine *machine = &world.machine;
    int64_t until_us = machine->io.boot_us + PATIENCE_US;
    pthread_mutex_lock(&machine->mutex);
    while (!message->is_done && !is_down()) {
        int64_t at_us = machine->io.boot_us + LOOK_US;
        struct timespec until = {at_us / MICROSECONDS, at_us % MICROSECONDS * 1000};
        if (at_us > until_us)
            fail("a message is not answered", 0);
        pthread_cond_timedwait(&machine->done, &machine->mutex, &until);
    }
    pthread_mutex_unlock(&machine->mutex);
}

static void move(int64_t us) {
    for (; us > STEP_US; us -= STEP_US)
        io_steered_move(&world.machine.io, STEP_US);
    io_steered_move(&world.machine.io, us);
}

static void put_clock_accepted(struct message *clerk) {
    reserve_texts(clerk, 1);
    clerk->n = 1;
    clerk->of = -1;
    clerk->trusted = true;
    buf_reset(clerk->texts);
    buf_printf(clerk->texts,
               "{\"specversion\":\"1.0\",\"id\":\"clock-%" PRId64
               "\",\"source\":\"clerk\",\"type\":\"clock.accepted\",\"data\":{\"by\":\"clerk\"}}",
               world.n_accepted++);
}

/* Whatever the daemon says it needs. */
static void mend(void) {
    const char *reason = engine_read_only_reason(world.machine.engine);
    if (reason && strstr(reason, "clock accept")) {
        put_clock_accepted(&world.clerk);
        submit(&world.clerk);
        await(&world.clerk);
        if (!is_down())
            read_answer(&world.clerk);
        world.clerk.waits = false;
        return;
    }
    world.disk.is_full = false;
    threads_wait_us(2 * MICROSECONDS);
}

/* Until the message has its answer, however often the daemon goes down before. */
static void finish(struct message *message) {
    for (unsigned n = 0; message->waits; n++) {
        if (n == MENDS_MOST)
            fail("it cannot be mended", 0);
        await(message);
        if (is_down()) {
            come_up();
        } else if (read_answer(message)) {
            mend();
            if (is_down())
                come_up();
            submit(message);
        }
    }
}

static void finish_all(void) {
    for (size_t i = 0; i < PUBLISHERS; i++)
        finish(&world.messages[i]);
}

static bool runs_are_open(void) {
    struct view *view;
    struct run_row run;
    uint32_t number;
    int r = store_view_open(world.machine.store, &view);
    if (r == 0)
        r = run_open(view, &number, &run);
    if (r < 0)
        fail("the runs cannot be read", r);
    view_close(view);
    return r == 0;
}

/* Until no run is under way any more. */
static void finish_runs(void) {
    finish_all();
    for (unsigned n = 0;; n++) {
        if (n == RUN_LOOKS_MOST)
            fail("runs do not end", 0);
        if (is_down())
            come_up();
        else if (engine_read_only_reason(world.machine.engine))
            mend();
        else if (!runs_are_open())
            return;
        else
            threads_wait_us(LOOK_US);
    }
}

/* ---- the workload ---- */

static bool read_line(void) {
    ssize_t size = getline(&world.line, &world.line_capacity, stdin);
    if (size > 0 && world.line[size - 1] == '\n')
        world.line[size - 1] = 0;
    return size > 0;
}

static void read_message(struct message *message, unsigned trusted, size_t n) {
    reserve_texts(message, n);
    for (size_t i = 0; i < n; i++) {
        if (!read_line())
            fail("the workload ends within a message", 0);
        buf_reset(&message->texts[i]);
        buf_put_str(&message->texts[i], str_from(world.line));
    }
    message->n = n;
    message->trusted = trusted;
    message->of = world.n_submits++;
}

static enum disk_fault fault_of(const char *word) {
    for (enum disk_fault fault = 0; fault < DISK_FAULT_COUNT; fault++)
        if (strcmp(disk_fault_word(fault), word) == 0)
            return fault;
    fail("the workload has a fault that is not known", 0);
}

/* Whether the line is one of those before the first start. */
static bool prepare(void) {
    char word[32];
    uint64_t at;
    if (sscanf(world.line, "first %31s %" SCNu64, word, &at) == 2) {
        disk_arm(&world.disk, fault_of(word), at);
        return true;
    }
    if (strcmp(world.line, "clock events") != 0)
        return false;
    world.machine.options.clock_from_events = true;
    return true;
}

static void restart(void) {
    finish_all();
    machine_stop(&world.machine);
    if (world.disk.is_down) {
        tell("{\"down\":\"%s\"}", world.disk.lost_power ? "power" : "kill");
    }
    disk_disarm(&world.disk);
    disk_restart(&world.disk);
    tell("{\"stop\":true}");
    start();
}

static void follow(void) {
    unsigned publisher, trusted;
    size_t n;
    int64_t us;
    uint64_t at;
    char word[32];
    const char *line = world.line;
    if (sscanf(line, "submit %u %u %zu", &publisher, &trusted, &n) == 3 && publisher < PUBLISHERS) {
        finish(&world.messages[publisher]);
        read_message(&world.messages[publisher], trusted, n);
        submit(&world.messages[publisher]);
    } else if (sscanf(line, "advance %" SCNd64, &us) == 1) {
        move(us);
        threads_wait_us(LOOK_US);
    } else if (sscanf(line, "jump %" SCNd64, &us) == 1) {
        io_steered_jump(&world.machine.io, us);
        tell("{\"jump\":%" PRId64 "}", us);
    } else if (sscanf(line, "fault %31s %" SCNu64, word, &at) == 2) {
        disk_arm(&world.disk, fault_of(word), at);
    } else if (sscanf(line, "recovery %31s %" SCNu64, word, &at) == 2) {
        world.recovery[fault_of(word)] = at;
    } else if (sscanf(line, "state %31s", word) == 1) {
        world.state = *word == 'l' ? STATE_LOST : *word == 'o' ? STATE_OLD : STATE_KEPT;
    } else if (strcmp(line, "full") == 0) {
        world.disk.is_full = true;
        tell("{\"full\":true}");
        threads_wait_us(2 * MICROSECONDS);
    } else if (strcmp(line, "keep") == 0) {
        keep_state();
    } else if (strcmp(line, "stop") == 0) {
        restart();
    } else if (strcmp(line, "wait") == 0) {
        finish_all();
    } else if (strcmp(line, "runs") == 0) {
        finish_runs();
    } else {
        fail("a line of the workload is not known", 0);
    }
}

/* ---- the end ---- */

static void tell_record(struct str record, uint64_t sequence) {
    struct arena arena;
    struct event event;
    struct buf text = {0};
    arena_init(&arena);
    memset(&event, 0, sizeof event);
    if (event_decode(record, &arena, &event) != 0)
        fail("a record of the journal cannot be decoded", 0);
    event.sequence = sequence;
    event_to_json(&event, STR("city"), &text);
    tell("{\"record\":%.*s}", STR_ARG(buf_str(&text)));
    buf_deinit(&text);
    arena_deinit(&arena);
}

static void verify_journal(void) {
    struct journal_head head;
    char place[256];
    int r = journal_verify(world.machine.journal, NULL, NULL, &head, place);
    if (r < 0)
        fail("the journal does not verify", r);
}

static void tell_journal(void) {
    struct journal_reader *reader;
    struct str record;
    uint64_t sequence;
    int r = journal_reader_open(world.machine.journal, 0, &reader);
    if (r != 0)
        fail("the journal cannot be read", r);
    while ((r = journal_reader_next(reader, &record, &sequence)) == 0)
        tell_record(record, sequence);
    if (r < 0)
        fail("the journal cannot be read", r);
    journal_reader_close(reader);
}

static int tell_row(void *context, struct str line) {
    (void)context;
    static const char *const tables[] = {"volunteer", "record",   "balance", "ledger",
                                         "run",       "withheld", "posting"};
    struct str rest = {line.data + 10, line.size - 10};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        if (strncmp(rest.data, tables[i], strlen(tables[i])) == 0 &&
            rest.data[strlen(tables[i])] == '"')
            tell("{\"row\":%.*s}", (int)line.size - 1, line.data);
    return 0;
}

static void view_state(bool rows, char ret_digest[static 65]) {
    struct view *view;
    uint32_t account;
    int r = store_view_open(world.machine.store, &view);
    if (r == 0 && rows)
        r = store_export(view, tell_row, NULL, domain_renders);
    if (r == 0)
        r = store_export_digest(view, domain_renders, ret_digest);
    if (r == 0 && rows && ledger_check(view, &account) != 0)
        fail("the ledger's sums are not zero", 0);
    if (r < 0)
        fail("the state cannot be read", r);
    view_close(view);
}

/* What the state is must follow from the journal alone. */
static void tell_state(void) {
    char digest[65], again[65];
    view_state(true, digest);
    machine_stop(&world.machine);
    disk_restart(&world.disk);
    world.state = STATE_LOST;
    start();
    view_state(false, again);
    tell("{\"digest\":\"%s\",\"rebuilt\":\"%s\"}", digest, again);
}

static void tell_end(void) {
    tell("{\"end\":true,\"calls\":%" PRIu64 ",\"starts\":%u,\"now_us\":%" PRId64 "}",
         world.disk.n_calls, world.n_starts, world.machine.io.time_us);
}

static void begin(void) {
    struct machine *machine = &world.machine;
    struct dice dice = {world.seed * 1000003};
    const char *folder = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    snprintf(machine->directory, sizeof machine->directory, "%s/volunteerd-simulation-XXXXXX",
             folder);
    if (!mkdtemp(machine->directory))
        fail("no directory for the state", -errno);
    disk_init(&world.disk, world.seed * 7919 + 1, &machine->io, threads_look);
    world.disk.told = told;
    io_steered_init(&machine->io, &world.disk.io);
    machine->io.io.boottime_us = slow_boottime_us;
    machine->io.steer_time = true;
    machine->io.random_state = world.seed * 104729 + 1;
    machine->io.time_us = INT64_C(1528000000) * MICROSECONDS; /* 2018-06-03T12:26:40+08:00 */
    machine->io.boot_us = 1000 * MICROSECONDS;
    world.slow_us = dice_roll(&dice, 2) ? 20 : 20000;
    threads_init(world.seed, 2 + dice_roll(&dice, 30), &machine->io);
    pthread_mutex_init(&machine->mutex, NULL);
    pthread_cond_init(&machine->done, NULL);
    machine->parser = dom_parser_new();
    machine->options.future_limit_s = 300;
    machine->options.disk_reserve_bytes = UINT64_C(256) << 20;
    machine->compress_closed = true;
    for (size_t i = 0; i < PUBLISHERS; i++)
        arena_init(&world.messages[i].batch.arena);
    arena_init(&world.clerk.batch.arena);
}

static void message_deinit(struct message *message) {
    arena_deinit(&message->batch.arena);
    for (size_t i = 0; i < message->n_texts; i++)
        buf_deinit(&message->texts[i]);
    free(message->texts);
}

static void end(void) {
    char command[128];
    machine_stop(&world.machine);
    for (size_t i = 0; i < PUBLISHERS; i++)
        message_deinit(&world.messages[i]);
    message_deinit(&world.clerk);
    dom_parser_free(world.machine.parser);
    disk_deinit(&world.disk);
    free(world.line);
    snprintf(command, sizeof command, "rm -rf '%s'", world.machine.directory);
    if (system(command) != 0)
        fail("the directory stays", 0);
}

int main(int argc, char **argv) {
    if (argc < 2 || argc > 3) {
        fprintf(stderr, "usage: simulation SEED [LOG LEVEL] < WORKLOAD\n");
        return 2;
    }
    world.seed = strtoull(argv[1], NULL, 10);
    log_set_level(argc > 2 ? (enum log_level)atoi(argv[2]) : LOG_LEVEL_ERROR);
    begin();
    bool more = read_line();
    while (more && prepare())
        more = read_line();
    start();
    for (; more; more = read_line())
        follow();
    finish_all();
    threads_wait_us(3 * MICROSECONDS); /* until a checkpoint shows what the last events began */
    finish_runs();
    restart();
    verify_journal();
    tell_journal();
    tell_state();
    tell_end();
    end();
    return 0;
}
