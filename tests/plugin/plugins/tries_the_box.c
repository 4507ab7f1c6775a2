/* Tries what a plugin must not do, one deed for each method, and answers with the errno ("OK" where
 * it could). */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <volunteerd/volunteer_plugin.h>

/* A result is an object: this has the one member `value`. */
static void reply(struct vol_call *call, const char *json) {
    char *text;
    if (asprintf(&text, "{\"value\":%s}", json) < 0)
        abort();
    vol_answer(call, text);
    free(text);
}

static const char *name_of(long result) {
    return result < 0 ? strerrorname_np(errno) : "OK";
}

static const char *try_read(struct vol_core *core, const char *path, int64_t port) {
    (void)core, (void)port;
    return name_of(open(path, O_RDONLY | O_CLOEXEC));
}

static const char *try_write(struct vol_core *core, const char *path, int64_t port) {
    (void)core, (void)port;
    return name_of(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static const char *try_folder(struct vol_core *core, const char *path, int64_t port) {
    (void)core, (void)port;
    return name_of(mkdir(path, 0700));
}

static const char *try_fork(struct vol_core *core, const char *path, int64_t port) {
    (void)core, (void)path, (void)port;
    pid_t pid = fork();
    if (pid == 0)
        _exit(0);
    return name_of(pid);
}

static const char *try_exec(struct vol_core *core, const char *path, int64_t port) {
    char *const nothing[] = {NULL};
    (void)core, (void)port;
    return name_of(execve(path, nothing, nothing));
}

static const char *try_system(struct vol_core *core, const char *path, int64_t port) {
    (void)core, (void)port;
    return system(path) == 0 ? "OK" : "refused";
}

static const char *try_socket(struct vol_core *core, const char *path, int64_t family) {
    (void)core, (void)path;
    return name_of(socket((int)family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static const char *try_pair(struct vol_core *core, const char *path, int64_t type) {
    int pair[2];
    (void)core, (void)path;
    return name_of(socketpair(AF_UNIX, (int)type, 0, pair));
}

static const char *try_connect(struct vol_core *core, const char *path, int64_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)core, (void)path;
    const char *name = name_of(connect(fd, (struct sockaddr *)&address, sizeof address));
    close(fd);
    return name;
}

static const char *try_listen(struct vol_core *core, const char *path, int64_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    (void)core, (void)path;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const char *name = name_of(bind(fd, (struct sockaddr *)&address, sizeof address));
    close(fd);
    return name;
}

static const char *try_kill(struct vol_core *core, const char *path, int64_t port) {
    (void)core, (void)path, (void)port;
    return name_of(kill(getppid(), 0));
}

static const char *try_ptrace(struct vol_core *core, const char *path, int64_t port) {
    (void)core, (void)path, (void)port;
    return name_of(ptrace(PTRACE_SEIZE, getppid(), NULL, NULL));
}

static const char *try_setuid(struct vol_core *core, const char *path, int64_t port) {
    (void)core, (void)path, (void)port;
    return name_of(setuid(getuid()));
}

static const char *try_limit(struct vol_core *core, const char *path, int64_t port) {
    struct rlimit more = {4096, 4096};
    (void)core, (void)path, (void)port;
    return name_of(setrlimit(RLIMIT_NOFILE, &more));
}

static const char *try_orphan(struct vol_core *core, const char *path, int64_t port) {
    (void)core, (void)path, (void)port;
    return name_of(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0));
}

static const char *try_clone3(struct vol_core *core, const char *path, int64_t port) {
    uint64_t arguments[8] = {0};
    (void)core, (void)path, (void)port;
    return name_of(syscall(SYS_clone3, arguments, sizeof arguments));
}

static const char *try_uring(struct vol_core *core, const char *path, int64_t port) {
    char parameters[120] = {0};
    (void)core, (void)path, (void)port;
    return name_of(syscall(SYS_io_uring_setup, 1, parameters));
}

static void *run_thread(void *context) {
    return context;
}

static const char *try_thread(struct vol_core *core, const char *path, int64_t port) {
    pthread_t thread;
    void *result = NULL;
    (void)path, (void)port;
    errno = pthread_create(&thread, NULL, run_thread, core);
    if (errno)
        return name_of(-1);
    pthread_join(thread, &result);
    return result == core ? "OK" : "lost";
}

static const char *try_memory(struct vol_core *core, const char *path, int64_t mebibytes) {
    char *volatile memory = malloc((size_t)mebibytes << 20);
    (void)core, (void)path;
    const char *name = name_of(memory ? 0 : -1);
    free(memory);
    return name;
}

static const char *try_descriptors(struct vol_core *core, const char *path, int64_t n) {
    int *fds = calloc((size_t)n, sizeof *fds), fd = 0;
    int64_t opened = 0;
    (void)core, (void)path;
    while (opened < n && (fd = dup(STDERR_FILENO)) >= 0)
        fds[opened++] = fd;
    const char *name = name_of(fd);
    while (opened > 0)
        close(fds[--opened]);
    free(fds);
    return name;
}

static const char *try_abort(struct vol_core *core, const char *path, int64_t port) {
    (void)core, (void)path, (void)port;
    abort();
}

struct deed {
    const char *name;
    const char *(*run)(struct vol_core *core, const char *path, int64_t number);
};

static const struct deed deeds[] = {
    {"read", try_read},     {"write", try_write}, {"folder", try_folder},
    {"fork", try_fork},     {"exec", try_exec},   {"system", try_system},
    {"socket", try_socket}, {"pair", try_pair},   {"connect", try_connect},
    {"listen", try_listen}, {"kill", try_kill},   {"ptrace", try_ptrace},
    {"setuid", try_setuid}, {"limit", try_limit}, {"orphan", try_orphan},
    {"clone", try_clone3},  {"uring", try_uring}, {"thread", try_thread},
    {"memory", try_memory}, {"abort", try_abort}, {"descriptors", try_descriptors},
};

static void attempt(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct vol_core *core = call->core;
    const char *name = vol_text(core, vol_member(core, parameters, "deed"));
    const char *path = vol_text(core, vol_member(core, parameters, "path"));
    int64_t number = vol_integer(core, vol_member(core, parameters, "number"), 0);
    (void)self;
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (name && !strcmp(deeds[i].name, name)) {
            reply(call, vol_json(core, "s", deeds[i].run(core, path, number)));
            return;
        }
    vol_refuse(call, "unknown_deed", "deed", "there is none of this name");
}

static int start(struct vol_core *core, void **ret_self) {
    (void)core, (void)ret_self;
    return 0;
}

static const struct vol_method methods[] = {{"try", attempt, "deed, path, number", "tries"},
                                            {.name = NULL}};

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI,
    .name = "tries_the_box",
    .version = "1.0",
    .summary = "Tries what it must not do.",
    .methods = methods,
    .start = start,
};
