#include "plugin/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bus/child.h"
#include "plugin/protocol.h"
#include "util/error.h"
#include "util/io.h"

#define PROGRAM_NAME "volunteerd-plugin"
#define READ_BYTES 4096
#define READ_AT_ONCE (64u << 10) /* then its other descriptors have their turn */

const char *process_program(char ret_path[static 4096]) {
    ssize_t size = readlink("/proc/self/exe", ret_path, 4000);
    char *slash = size > 0 ? memrchr(ret_path, '/', (size_t)size) : NULL;
    if (slash) {
        strcpy(slash + 1, PROGRAM_NAME);
        if (access(ret_path, X_OK) == 0)
            return ret_path;
    }
    return VOLUNTEERD_LIBEXEC "/" PROGRAM_NAME;
}

/* ---- starting ---- */

static int pipe_open(int ret_ends[2]) {
    if (pipe2(ret_ends, O_CLOEXEC) < 0)
        return error_note(-errno, "pipe of a plugin");
    fcntl(ret_ends[0], F_SETFL, O_NONBLOCK);
    return 0;
}

static int start(const char *program, const char *const *arguments, int *descriptors, size_t n,
                 struct process *process) {
    int ends[2];
    int result = pipe_open(ends);
    if (result < 0)
        return result;
    descriptors[STDERR_FILENO] = ends[1];
    result = child_spawn(program, arguments, descriptors, n, &process->pid);
    close(ends[1]);
    if (result < 0) {
        close(ends[0]);
        process->pid = 0;
        return error_note(result, program);
    }
    process->errors = ends[0];
    process->ended = pidfd_open(process->pid, 0);
    if (process->ended >= 0)
        fcntl(process->ended, F_SETFD, FD_CLOEXEC);
    return 0;
}

int process_start(const char *program, const char *name, struct process *ret_process) {
    struct process process = PROCESS_NONE;
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        return error_note(-errno, "channel of a plugin");
    fcntl(pair[0], F_SETFL, O_NONBLOCK);
    int descriptors[] = {-1, -1, -1, pair[1]};
    char title[128]; /* what ps shows */
    snprintf(title, sizeof title, PROGRAM_NAME ": %s", name);
    const char *const arguments[] = {title, name, NULL};
    int result = start(program, arguments, descriptors, 4, &process);
    close(pair[1]);
    if (result < 0) {
        close(pair[0]);
        return result;
    }
    process.talk = pair[0];
    *ret_process = process;
    return 0;
}

int process_start_inspection(const char *program, const char *file, struct str input,
                             struct process *ret_process) {
    struct process process = PROCESS_NONE;
    int ends[2];
    int in = child_input(input);
    if (in < 0)
        return in;
    int result = pipe_open(ends);
    if (result < 0) {
        close(in);
        return result;
    }
    int descriptors[] = {in, ends[1], -1};
    const char *const arguments[] = {PROGRAM_NAME, "--inspect", file, NULL};
    result = start(program, arguments, descriptors, 3, &process);
    close(in);
    close(ends[1]);
    if (result < 0) {
        close(ends[0]);
        return result;
    }
    process.talk = ends[0];
    *ret_process = process;
    return 0;
}

/* ---- reading ---- */

int process_read(int fd, struct buf *out) {
    for (size_t total = 0; total < READ_AT_ONCE;) {
        buf_reserve(out, READ_BYTES);
        ssize_t n = read(fd, out->data + out->size, READ_BYTES);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return 0;
        if (n <= 0)
            return PROCESS_CLOSED;
        out->size += (size_t)n;
        total += (size_t)n;
    }
    return 0;
}

/* ---- the end ---- */

static void close_one(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

static void release(struct process *process) {
    close_one(&process->ended);
    close_one(&process->talk);
    close_one(&process->errors);
    process->pid = 0;
}

/* What it started, if the box let it, is of its process group; it goes first, while the group's
 * number cannot be another's. */
static void reap(struct process *process, int *ret_status) {
    pid_t pid;
    (void)kill(-process->pid, SIGKILL);
    do
        pid = waitpid(process->pid, ret_status, 0);
    while (pid < 0 && errno == EINTR);
    release(process);
}

bool process_reap(struct process *process, int *ret_status) {
    siginfo_t info = {0};
    if (waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        info.si_pid == 0)
        return false;
    reap(process, ret_status);
    return true;
}

void process_kill(struct process *process, int *ret_status) {
    if (!process->pid)
        return;
    (void)kill(process->pid, SIGKILL);
    reap(process, ret_status);
}

void process_end_text(int status, char *ret_text, size_t size) {
    if (WIFSIGNALED(status))
        snprintf(ret_text, size, "was ended by SIG%s",
                 sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) : "?");
    else
        snprintf(ret_text, size, "ended by itself with %d", WEXITSTATUS(status));
}

/* ---- use ---- */

static int read_numbers(const struct process *process, const char *name,
                        char ret_text[static 1024]) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)process->pid, name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, ret_text, 1023);
    if (fd >= 0)
        close(fd);
    if (n <= 0)
        return -ESRCH;
    ret_text[n] = '\0';
    return 0;
}

int process_measure(const struct process *process, struct process_use *ret_use) {
    char text[1024];
    long size = 0, resident = 0;
    unsigned long user = 0, system = 0;
    if (read_numbers(process, "statm", text) < 0 || sscanf(text, "%ld %ld", &size, &resident) != 2)
        return -ESRCH;
    /* The name stands in brackets and may have any characters: what counts comes after the last. */
    const char *after = read_numbers(process, "stat", text) < 0 ? NULL : strrchr(text, ')');
    if (!after || sscanf(after + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user,
                         &system) != 2)
        return -ESRCH;
    *ret_use = (struct process_use){(int64_t)resident * sysconf(_SC_PAGESIZE),
                                    (int64_t)(user + system) * 1000000 / sysconf(_SC_CLK_TCK)};
    return 0;
}
