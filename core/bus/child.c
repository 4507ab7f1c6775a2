#include "bus/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/error.h"
#include "util/io.h"
#include "util/patience.h"

extern char **environ;

/* The daemon takes its signals from a descriptor and so blocks them: a child may not inherit that.
 */
static void set_signals(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(attributes, &none);
    posix_spawnattr_setsigdefault(attributes, &all);
    posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

int child_spawn(const char *program, const char *const *arguments, const int *descriptors, size_t n,
                pid_t *ret_pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    set_signals(&attributes);
    for (int i = 0; i < (int)n; i++)
        if (descriptors[i] < 0)
            posix_spawn_file_actions_addopen(&actions, i, "/dev/null", O_RDWR, 0);
        else
            posix_spawn_file_actions_adddup2(&actions, descriptors[i], i);
    /* posix_spawn takes char *const * only by tradition: it changes nothing. */
    union {
        const char *const *constant;
        char *const *plain;
    } argv = {arguments};
    int error = posix_spawn(ret_pid, program, &actions, &attributes, argv.plain, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return -error;
}

static int start(const char *program, const char *const *arguments, int in,
                 struct child *ret_child) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_note(-errno, "pipe of a child");
    pid_t pid = 0;
    const int descriptors[] = {in, ends[1]};
    int result = child_spawn(program, arguments, descriptors, 2, &pid);
    close(ends[1]);
    if (result < 0) {
        close(ends[0]);
        return error_note(result, "start of a child");
    }
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *ret_child = (struct child){pid, ends[0]};
    return 0;
}

int child_start(const char *program, const char *const *arguments, struct child *ret_child) {
    return start(program, arguments, -1, ret_child);
}

int child_input(struct str input) {
    const struct io *io = io_system();
    int in = memfd_create("input", MFD_CLOEXEC);
    if (in < 0)
        return error_note(-errno, "input of a child");
    int r = input.size ? io->pwrite(io->self, in, input.data, input.size, 0) : 0;
    if (r == 0)
        return in;
    close(in);
    return error_note(r, "input of a child");
}

int child_start_with(const char *program, const char *const *arguments, struct str input,
                     struct child *ret_child) {
    int in = child_input(input);
    if (in < 0)
        return in;
    int result = start(program, arguments, in, ret_child);
    close(in);
    return result;
}

int child_read(struct child *child, struct buf *out) {
    for (;;) {
        buf_reserve(out, 4096);
        ssize_t n = read(child->out, out->data + out->size, 4096);
        if (n > 0)
            out->size += (size_t)n;
        else if (n == 0)
            return CHILD_ENDED;
        else if (errno == EAGAIN)
            return 0;
        else if (errno != EINTR)
            return CHILD_ENDED;
    }
}

int child_reap(struct child *child) {
    if (!child->pid)
        return 0;
    int status = 0;
    pid_t pid;
    do
        pid = waitpid(child->pid, &status, 0);
    while (pid < 0 && errno == EINTR);
    int result = pid < 0 ? error_note(-errno, "end of a child") : status;
    if (child->out >= 0)
        close(child->out);
    *child = (struct child){0, -1};
    return result;
}

void child_kill(struct child *child) {
    if (!child->pid)
        return;
    kill(child->pid, SIGKILL);
    (void)child_reap(child);
}

static int read_until_end(struct child *child, int limit_ms, size_t limit_bytes, struct buf *out) {
    struct patience patience = patience_begin(io_system(), limit_ms);
    while (!patience_is_over(&patience)) {
        struct pollfd readable = {.fd = child->out, .events = POLLIN};
        if (patience_poll(&patience, &readable) <= 0)
            continue;
        if (child_read(child, out) == CHILD_ENDED)
            return 0;
        if (out->size > limit_bytes)
            return -EMSGSIZE;
    }
    return -ETIMEDOUT;
}

int child_run(const char *program, const char *const *arguments, int limit_ms, size_t limit_bytes,
              struct buf *out, int *ret_status) {
    struct child child;
    int result = child_start(program, arguments, &child);
    if (result < 0)
        return result;
    result = read_until_end(&child, limit_ms, limit_bytes, out);
    if (result < 0) {
        child_kill(&child);
        return result;
    }
    *ret_status = child_reap(&child);
    return *ret_status < 0 ? *ret_status : 0;
}

void child_follow_parent(void) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
}
