#include "daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "bus/ack.h"
#include "bus/bus.h"
#include "bus/job.h"
#include "config.h"
#include "data_dir.h"
#include "first_start.h"
#include "notify.h"
#include "plugin/plugins.h"
#include "util/error.h"
#include "util/lines.h"
#include "util/log.h"

#define MIB (UINT64_C(1) << 20)
#define PROGRESS_US (INT64_C(2) * 1000000)

struct daemon {
    const struct io *io;
    const struct daemon_options *given;
    struct config config;
    int data_lock, runtime_lock;
    struct wake wake;
    struct data_dir data;
    struct engine *engine;
    struct dom_parser *parser;
    struct services services;
    struct bus *bus;
    struct plugins *plugins;
    int64_t told_us;    /* of the progress */
    struct arena arena; /* paths */
};

static const char *path_in(struct daemon *self, const char *folder, const char *name) {
    return arena_string(&self->arena, arena_printf(&self->arena, "%s/%s", folder, name));
}

static struct policy_limits policy_limits_of(const struct options *options) {
    return (struct policy_limits){(uint64_t)options->instruction_limit,
                                  (uint64_t)options->memory_limit_mib * MIB,
                                  (uint32_t)options->result_limit_kib * 1024};
}

static struct signers signers_of(const struct options *options) {
    struct signers signers = {0};
    for (size_t i = 0; i < options->signers.n; i++)
        if (!signer_parse(str_from(options->signers.items[i]), &signers.items[signers.n]))
            signers.n++;
    return signers;
}

static struct vet_options vet_of(const struct daemon_options *given,
                                 const struct options *options) {
    return (struct vet_options){given->program, (uint32_t)options->check_ms,
                                policy_limits_of(options)};
}

/* ---- folders and locks ---- */

static int lock_folder(struct daemon *self, const char *option, const char *folder, int *ret_lock) {
    int result = self->io->mkdir(self->io->self, folder);
    if (result == 0)
        result = io_sync_parent(self->io, folder);
    if (result < 0) {
        log_error("%s: %s cannot be made: %s", option, folder, strerrordesc_np(-result));
        return result;
    }
    const char *path = path_in(self, folder, "lock");
    int fd = self->io->open(self->io->self, path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) {
        log_error("%s: %s cannot be opened: %s", option, path, strerrordesc_np(-fd));
        return fd;
    }
    char text[16] = "";
    if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
        (void)self->io->pread(self->io->self, fd, text, sizeof text - 1, 0);
        log_error("%s: another daemon works on %s (process %.*s): stop it first, or give this one "
                  "another folder",
                  option, folder, (int)strcspn(text, "\n"), text);
        close(fd);
        return -EBUSY;
    }
    snprintf(text, sizeof text, "%d\n", (int)getpid());
    if (self->io->ftruncate(self->io->self, fd, 0) == 0)
        (void)self->io->pwrite(self->io->self, fd, text, strlen(text), 0);
    *ret_lock = fd;
    return 0;
}

static int start_folders(struct daemon *self) {
    const struct options *options = &self->config.options;
    int result = lock_folder(self, "data_dir", options->data_dir, &self->data_lock);
    if (result == 0)
        result = lock_folder(self, "runtime_dir", options->runtime_dir, &self->runtime_lock);
    return result;
}

static void stop_folders(struct daemon *self) {
    if (self->runtime_lock >= 0)
        close(self->runtime_lock);
    if (self->data_lock >= 0)
        close(self->data_lock);
}

/* ---- below the engine ---- */

/* Nothing is acknowledged any more and nothing can be saved: the journal decides at the next start.
 */
static void fail(void *context, int error) {
    (void)context;
    log_error("stopping at once, because what was written may not be on disk (%s): the next start "
              "goes on "
              "from the journal",
              strerrordesc_np(error < 0 ? -error : error));
    notify("STATUS=failed: %s", strerrordesc_np(error < 0 ? -error : error));
    _exit(EXIT_DISK);
}

static int start_wake(struct daemon *self) {
    return wake_init(&self->wake);
}

static void stop_wake(struct daemon *self) {
    wake_deinit(&self->wake);
}

static void tell_progress(void *context, uint64_t sequence, uint64_t head) {
    struct daemon *self = context;
    int64_t now_us = self->io->boottime_us(self->io->self);
    if (now_us - self->told_us < PROGRESS_US)
        return;
    self->told_us = now_us;
    log_info("catching up with the journal: %" PRIu64 " of %" PRIu64, sequence, head);
    notify("STATUS=catching up: %" PRIu64 " of %" PRIu64 "\nEXTEND_TIMEOUT_USEC=60000000", sequence,
           head);
}

static int start_data(struct daemon *self) {
    const struct options *options = &self->config.options;
    struct data_dir_options data = {
        .directory = options->data_dir,
        .master_key = options->master_key,
        .segment_bytes = (uint64_t)options->segment_mib * MIB,
        .compress_closed = options->compress,
        .map_size_bytes = (uint64_t)options->map_size_gib * 1024 * MIB,
        .checkpoint_ms = (uint32_t)options->checkpoint_ms,
        .pending_limit_bytes = (uint64_t)options->pending_mib * MIB,
        .on_failure = fail,
        .progress = tell_progress,
        .context = self,
    };
    self->told_us = self->io->boottime_us(self->io->self);
    return data_dir_open(self->io, &data, &self->data);
}

static void stop_data(struct daemon *self) {
    data_dir_close(&self->data);
}

/* ---- the engine ---- */

static void head_moved(void *context) {
    struct daemon *self = context;
    wake_ring(&self->wake);
    plugins_head_moved(self->plugins);
}

static int start_engine(struct daemon *self) {
    const struct options *options = &self->config.options;
    struct engine_options engine = {
        .io = self->io,
        .journal = self->data.journal,
        .store = self->data.store,
        .keyring = self->data.keyring,
        .policy_limits = policy_limits_of(options),
        .clock_from_events = options->clock == CLOCK_WORD_EVENTS,
        .future_limit_s = (uint32_t)options->future_minutes * 60,
        .queue_limit_bytes = (uint64_t)options->queue_mib * MIB,
        .disk_reserve_bytes = (uint64_t)options->disk_reserve_mib * MIB,
        .directory = options->data_dir,
        .running_path = path_in(self, options->data_dir, "local/running"),
        .watchdog_s = (uint32_t)options->watchdog_s,
        .on_durable = head_moved,
        .on_failure = fail,
        .context = self,
    };
    return engine_start(&engine, &self->engine);
}

static void stop_engine(struct daemon *self) {
    if (self->engine)
        engine_stop(self->engine);
}

/* ---- the first events ---- */

static struct command_writer writer_of(struct daemon *self) {
    return (struct command_writer){
        self->io, self->engine, self->data.keyring, self->parser, self->config.options.city_region,
        STR_NONE};
}

static int start_city(struct daemon *self) {
    self->parser = dom_parser_new();
    struct command_writer writer = writer_of(self);
    return first_start_city(&writer, self->data.journal, self->data.store, &self->config.options);
}

static void stop_city(struct daemon *self) {
    if (self->parser)
        dom_parser_free(self->parser);
}

static int start_dictionaries(struct daemon *self) {
    struct command_writer writer = writer_of(self);
    return first_start_dictionaries(&writer, self->data.store);
}

static int start_policies(struct daemon *self) {
    struct command_writer writer = writer_of(self);
    struct vet_options vet = vet_of(self->given, &self->config.options);
    return first_start_policies(&writer, self->data.store, self->config.options.policy_dir, &vet);
}

/* ---- above the engine ---- */

static int start_services(struct daemon *self) {
    const struct options *options = &self->config.options;
    self->services = (struct services){
        .io = self->io,
        .engine = self->engine,
        .journal = self->data.journal,
        .store = self->data.store,
        .keyring = self->data.keyring,
        .data_dir = options->data_dir,
        .policy_dir = options->policy_dir,
        .version = VOLUNTEERD_VERSION,
        .policy_limits = policy_limits_of(options),
        .vet = vet_of(self->given, options),
        .signers = signers_of(options),
        .clock_from_events = options->clock == CLOCK_WORD_EVENTS,
        .started_us = self->io->now_us(self->io->self),
        .region = options->city_region,
        .disk_reserve_bytes = (uint64_t)options->disk_reserve_mib * MIB,
        .time_zone = options->city_time_zone,
        .plugins = self->plugins,
    };
    struct jobs_options jobs = {self->io,          self->given->program,
                                options->data_dir, (uint64_t)options->map_size_gib * 1024 * MIB,
                                &self->wake,       self->services.policy_limits};
    self->services.jobs = jobs_new(&jobs);
    return 0;
}

static void stop_services(struct daemon *self) {
    jobs_free(self->services.jobs);
}

static void log_lines(const char *before, struct str lines) {
    struct str line;
    while (lines_next(&lines, &line))
        log_error("%s%.*s", before, STR_ARG(line));
}

static void apply_log_level(const struct options *options) {
    static const enum log_level levels[] = {
        [LOG_WORD_ERROR] = LOG_LEVEL_ERROR,   [LOG_WORD_WARNING] = LOG_LEVEL_WARNING,
        [LOG_WORD_NOTICE] = LOG_LEVEL_NOTICE, [LOG_WORD_INFO] = LOG_LEVEL_INFO,
        [LOG_WORD_DEBUG] = LOG_LEVEL_DEBUG,
    };
    log_set_level(levels[options->log_level]);
}

/* SIGHUP: everything live that changed, or nothing. */
static void reread(void *context) {
    struct daemon *self = context;
    struct config next = {0};
    struct buf complaints = {0}, restart = {0};
    notify("RELOADING=1");
    int result = config_load(self->given->program, self->config.path, &next, &complaints);
    if (result != 0) {
        log_lines("", buf_str(&complaints));
        log_error("the configuration was read again and has faults: the one in force stays");
    } else {
        size_t taken = config_take_live(&self->config, &next, &restart);
        apply_log_level(&self->config.options);
        bus_set_options(self->bus, &self->config.options);
        config_take_plugins_over(&self->config, &next);
        plugins_apply(self->plugins, self->config.plugins, self->config.n_plugins);
        log_notice("the configuration was read again: %zu options changed", taken);
        if (restart.size)
            log_warning("changed, but only a restart applies them: %.*s",
                        STR_ARG(buf_str(&restart)));
    }
    policy_files_note_drafts(self->io, self->data.store, self->config.options.policy_dir);
    notify("READY=1");
    config_deinit(&next);
    buf_deinit(&complaints);
    buf_deinit(&restart);
}

static void tidy(void *context) {
    struct daemon *self = context;
    plugins_tidy(self->plugins);
}

static int start_bus(struct daemon *self) {
    struct bus_options options = {
        &self->services, &self->config.options, &self->wake, reread, tidy, self};
    int result = bus_open(&options, &self->bus);
    self->services.bus = self->bus;
    return result;
}

static void stop_bus(struct daemon *self) {
    bus_close(self->bus);
}

/* ---- plugins ---- */

/* The list alone, which is there as long as the engine is: the journal's thread looks at it
 * whenever something became durable. */
static int start_plugins(struct daemon *self) {
    struct plugins_options options = {&self->services, self->config.options.plugin_dir,
                                      &self->wake};
    self->plugins = plugins_new(&options);
    return 0;
}

static void stop_plugins(struct daemon *self) {
    plugins_free(self->plugins);
}

/* None of them holds up the start: each begins in a thread of its own. */
static int begin_plugins(struct daemon *self) {
    plugins_apply(self->plugins, self->config.plugins, self->config.n_plugins);
    return 0;
}

static void end_plugins(struct daemon *self) {
    plugins_stop(self->plugins);
}

/* ---- order ---- */

static const struct step {
    const char *name;
    int (*start)(struct daemon *self);
    void (*stop)(struct daemon *self);
} steps[] = {
    {"folders", start_folders, stop_folders},
    {"wake", start_wake, stop_wake},
    {"data", start_data, stop_data},
    {"plugins", start_plugins, stop_plugins},
    {"engine", start_engine, stop_engine},
    {"city", start_city, stop_city},
    {"dictionaries", start_dictionaries, NULL},
    {"policies", start_policies, NULL},
    {"jobs", start_services, stop_services},
    {"bus", start_bus, stop_bus},
    {"plugins' processes", begin_plugins, end_plugins},
};
#define N_STEPS (sizeof steps / sizeof *steps)

static void log_ready(struct daemon *self) {
    struct journal_head head = journal_head(self->data.journal);
    char epoch[20];
    epoch_format(head.epoch, epoch);
    if (self->config.options.clock == CLOCK_WORD_EVENTS)
        log_warning("the clock follows the events (clock = \"events\"): recorded times are theirs");
    log_notice("ready: %s, sequence %" PRIu64 ", epoch %s, ingest at %s",
               self->config.options.city_name, head.sequence, epoch,
               self->config.options.ingest.items[0]);
    notify("READY=1\nSTATUS=serving %s, sequence %" PRIu64 " at the start",
           self->config.options.city_name, head.sequence);
}

/* The stop functions know parts that are not there, so what failed to start is stopped too. */
static int run_steps(struct daemon *self) {
    size_t n = 0;
    int result = 0;
    while (n < N_STEPS && result == 0)
        result = steps[n++].start(self);
    if (result != 0) {
        log_error("not started: %s", steps[n - 1].name);
    } else {
        log_ready(self);
        result = bus_run(self->bus);
        if (result < 0)
            fail(self,
                 result); /* events may be on their way: taking things apart under them is worse */
        notify("STOPPING=1");
    }
    while (n > 0) {
        n--;
        if (steps[n].stop)
            steps[n].stop(self);
    }
    return result;
}

static void block_signals(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static int load_config(const struct daemon_options *given, struct config *config) {
    struct buf complaints = {0};
    int result = config_load(given->program, given->config_path, config, &complaints);
    if (result == CONFIG_REFUSED)
        fprintf(stderr, "%.*s", STR_ARG(buf_str(&complaints)));
    else if (result < 0)
        fprintf(stderr, "%s: %s\n", given->config_path, strerrordesc_np(-result));
    buf_deinit(&complaints);
    return result;
}

int daemon_run(const struct daemon_options *options) {
    struct daemon self = {.io = io_system(), .given = options, .data_lock = -1, .runtime_lock = -1};
    block_signals();
    int result = load_config(options, &self.config);
    if (result == 0) {
        arena_init(&self.arena);
        apply_log_level(&self.config.options);
        log_notice("volunteerd %s, data in %s", VOLUNTEERD_VERSION, self.config.options.data_dir);
        result = run_steps(&self);
        arena_deinit(&self.arena);
    }
    if (result == 0)
        log_notice("stopped");
    config_deinit(&self.config);
    return result == 0 ? EXIT_SUCCESS : EXIT_REFUSED;
}

int daemon_check(const struct daemon_options *options) {
    struct config config = {0};
    struct buf complaints = {0};
    int result = load_config(options, &config);
    if (config.options.policy_dir) { /* also where the file has faults: all are named at once */
        struct vet_options vet = vet_of(options, &config.options);
        int judged = policy_files_check(io_system(), config.options.policy_dir, &vet, &complaints);
        result = result == 0 ? judged : result;
        judged = plugins_check(io_system(), config.options.plugin_dir, config.plugins,
                               config.n_plugins, &complaints);
        result = result == 0 ? judged : result;
        fprintf(stderr, "%.*s", STR_ARG(buf_str(&complaints)));
    }
    if (result == 0)
        puts("configuration ok");
    buf_deinit(&complaints);
    config_deinit(&config);
    return result == 0 ? EXIT_SUCCESS : EXIT_REFUSED;
}
