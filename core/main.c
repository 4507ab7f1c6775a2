#include <argp.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus/child.h"
#include "bus/job.h"
#include "config_child.h"
#include "daemon.h"
#include "policy/vet.h"

#define PROGRAM "/proc/self/exe"
#define CHILD_ARGUMENTS 6

enum key { KEY_CHECK = 1000, KEY_CHILD };

struct arguments {
    struct daemon_options daemon;
    bool check;
    const char *child;
    size_t n_rest;
    const char *rest[CHILD_ARGUMENTS + 1];
};

static const struct argp_option argp_options[] = {
    {"config", 'c', "FILE", 0, "configuration file (default /etc/volunteerd/volunteerd.conf)", 0},
    {"check", KEY_CHECK, NULL, 0, "validate configuration and policies; start nothing", 0},
    {"child", KEY_CHILD, "KIND", OPTION_HIDDEN, NULL, 0},
    {0},
};

static error_t take_argument(int key, char *value, struct argp_state *state) {
    struct arguments *self = state->input;
    switch (key) {
    case 'c':
        self->daemon.config_path = value;
        return 0;
    case KEY_CHECK:
        self->check = true;
        return 0;
    case KEY_CHILD:
        self->child = value;
        return 0;
    case ARGP_KEY_ARG:
        if (!self->child || self->n_rest == CHILD_ARGUMENTS)
            argp_error(state, "unexpected argument: %s", value);
        self->rest[self->n_rest++] = value;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- children ---- */

static int child_config(const struct arguments *self) {
    struct buf out = {0};
    int result = self->rest[0] ? config_flatten(self->rest[0], &out) : 1;
    fwrite(out.data, 1, out.size, stdout);
    buf_deinit(&out);
    return result;
}

static int child_check(const struct arguments *self) {
    (void)self;
    return policy_vet_child();
}

static int child_verify(const struct arguments *self) {
    return self->rest[0] ? job_child_verify(self->rest[0]) : 1;
}

static int child_replay(const struct arguments *self) {
    return self->rest[1] ? job_child_replay(self->rest[0], strtoull(self->rest[1], NULL, 10)) : 1;
}

static int child_decision(const struct arguments *self) {
    uint64_t numbers[CHILD_ARGUMENTS] = {0};
    if (!self->rest[CHILD_ARGUMENTS - 1])
        return 1;
    for (size_t i = 1; i < CHILD_ARGUMENTS; i++)
        numbers[i] = strtoull(self->rest[i], NULL, 10);
    struct policy_limits limits = {numbers[3], numbers[4], (uint32_t)numbers[5]};
    return job_child_decision(self->rest[0], numbers[1], numbers[2], &limits);
}

static int child_simulate(const struct arguments *self) {
    return self->rest[1] ? job_child_simulate(self->rest[0], strtoull(self->rest[1], NULL, 10)) : 1;
}

static const struct {
    const char *name;
    int (*run)(const struct arguments *self);
} children[] = {
    {"config", child_config}, {"check", child_check},       {"verify", child_verify},
    {"replay", child_replay}, {"decision", child_decision}, {"simulate", child_simulate},
};

/* A child has its standard descriptors alone: LMDB opens its file without O_CLOEXEC, and whoever
 * judges a stranger's policy may not hold the state. */
static int run_child(const struct arguments *self) {
    child_follow_parent();
    closefrom(STDERR_FILENO + 1);
    for (size_t i = 0; i < sizeof children / sizeof *children; i++)
        if (!strcmp(children[i].name, self->child))
            return children[i].run(self);
    return 1;
}

/* ---- the process ---- */

/* Whoever starts it with a standard descriptor closed would have the log written into whatever file
 * gets its number. */
static void open_standard_descriptors(void) {
    int fd;
    do
        fd = open("/dev/null", O_RDWR);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        close(fd);
}

/* Each connection takes a descriptor, and libzmq ends the process when none is left for an ipc
 * peer: the usual 1,024 are few. */
static void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

int main(int argc, char **argv) {
    static const struct argp parser = {
        argp_options,
        take_argument,
        NULL,
        "volunteerd - the volunteer service of a city\v"
        "Runs in the foreground. SIGTERM drains and stops, SIGHUP reads the configuration again.",
        NULL,
        NULL,
        NULL};
    struct arguments arguments = {
        .daemon = {.program = PROGRAM, .config_path = "/etc/volunteerd/volunteerd.conf"}};
    open_standard_descriptors();
    argp_program_version = "volunteerd " VOLUNTEERD_VERSION;
    argp_err_exit_status = 2;
    argp_parse(&parser, argc, argv, 0, NULL, &arguments);
    umask(0027);
    if (arguments.child)
        return run_child(&arguments);
    raise_descriptor_limit();
    return arguments.check ? daemon_check(&arguments.daemon) : daemon_run(&arguments.daemon);
}
