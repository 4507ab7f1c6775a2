#include "engines/server.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail.h"
#include "sample.h"

#define STOP_LIMIT_NS INT64_C(20000000000)

/* ---- the janitor ---- */

struct ending {
    pid_t pid;
    int signal;
};

static void end_group(const struct ending *ending) {
    int64_t limit = now_ns() + STOP_LIMIT_NS;
    if (!ending->pid)
        return;
    kill(ending->pid, ending->signal);
    while (kill(ending->pid, 0) == 0 && now_ns() < limit)
        sleep_ms(5);
    kill(-ending->pid, SIGKILL);
}

/* Nothing that is sent to a terminal's programs ends it, and it holds nobody's files open. */
static void janitor_run(const struct server *server, int wire) {
    struct ending ending = {0};
    setsid();
    signal(SIGTERM, SIG_IGN);
    dup2(wire, 0);
    close_range(1, ~0u, 0);
    while (read(0, &ending, sizeof ending) == sizeof ending)
        ;
    end_group(&ending);
    tree_remove(server->data);
    tree_remove(server->sockets);
    _exit(0);
}

static void janitor_start(struct server *server) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0 || (server->janitor = fork()) < 0)
        fail("cannot start a process: %s", strerror(errno));
    if (server->janitor == 0)
        janitor_run(server, ends[0]);
    close(ends[0]);
    server->wire = ends[1];
}

static void janitor_tell(const struct server *server) {
    struct ending ending = {server->pid, server->stop_signal};
    if (write(server->wire, &ending, sizeof ending) != sizeof ending)
        fail("cannot write to a process: %s", strerror(errno));
}

/* ---- folders ---- */

bool server_user_is_there(const char *user) {
    return getuid() != 0 || getpwnam(user);
}

static bool same_device(const char *a, const char *b) {
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev;
}

static void temporary_make(struct server *server, const char *work) {
    static const char *const roots[] = {"/var/tmp", "/tmp"};
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
        if (same_device(roots[i], work)) {
            snprintf(server->data, sizeof server->data, "%s/volunteer-bench-XXXXXX", roots[i]);
            if (mkdtemp(server->data))
                return;
        }
    fail("no temporary folder is on the file system of %s, where a server that does not run as "
         "root could keep its data: choose another with --dir",
         work);
}

void server_make(struct server *server, const char *work, const char *name, const char *user) {
    *server = (struct server){.sockets = "/tmp/volunteer-bench-XXXXXX"};
    const struct passwd *account = user && getuid() == 0 ? getpwnam(user) : NULL;
    server->user = account ? account->pw_uid : getuid();
    server->group = account ? account->pw_gid : getgid();
    if (account) {
        temporary_make(server, work);
    } else {
        path_join(server->data, work, name);
        folder_make(server->data);
    }
    if (!mkdtemp(server->sockets) || chown(server->sockets, server->user, server->group) < 0 ||
        chown(server->data, server->user, server->group) < 0)
        fail("cannot make a folder for %s: %s", name, strerror(errno));
    janitor_start(server);
}

void server_remove(struct server *server) {
    server_stop(server);
    close(server->wire);
    waitpid(server->janitor, NULL, 0);
}

void server_fail(const struct server *server, const char *why) {
    char path[PATH_LIMIT];
    path_join(path, server->sockets, "log");
    char *text = file_read(path);
    size_t size = text ? strlen(text) : 0;
    fprintf(stderr, "%s", text ? text + (size > 2000 ? size - 2000 : 0) : "");
    free(text);
    fail("%s", why);
}

/* ---- processes ---- */

static void become(const struct server *server) {
    if (getuid() != server->user &&
        (setgroups(0, NULL) < 0 || setgid(server->group) < 0 || setuid(server->user) < 0))
        _exit(126);
}

/* A session of its own: Ctrl-C ends it through this program, in order. */
static void child_run(const struct server *server, const char *const *arguments,
                      int signal_of_death) {
    char log[PATH_LIMIT];
    path_join(log, server->sockets, "log");
    setsid();
    become(server);
    prctl(PR_SET_PDEATHSIG, signal_of_death); /* a change of user forgets it */
    int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (out < 0 || chdir(server->data) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
        _exit(127);
    setenv("LC_ALL", "C.UTF-8", 1);
    execv(arguments[0], (char *const *)(uintptr_t)arguments); /* written before const was */
    _exit(127);
}

static pid_t spawn(const struct server *server, const char *const *arguments, int signal_of_death) {
    pid_t pid = fork();
    if (pid == 0)
        child_run(server, arguments, signal_of_death);
    if (pid < 0)
        fail("cannot start %s: %s", arguments[0], strerror(errno));
    return pid;
}

void server_start(struct server *server, int stop_signal, const char *const *arguments) {
    server->stop_signal = stop_signal;
    server->pid = spawn(server, arguments, stop_signal);
    janitor_tell(server);
}

void server_watch(struct server *server) {
    int status;
    if (waitpid(server->pid, &status, WNOHANG) != server->pid)
        return;
    server->pid = 0;
    server_fail(server, "an engine's server ended by itself (above: its log)");
}

void server_stop(struct server *server) {
    int status;
    int64_t limit = now_ns() + STOP_LIMIT_NS;
    if (!server->pid)
        return;
    kill(server->pid, server->stop_signal);
    while (waitpid(server->pid, &status, WNOHANG) == 0) {
        if (now_ns() > limit)
            kill(-server->pid, SIGKILL);
        sleep_ms(5);
    }
    server->pid = 0;
    janitor_tell(server);
}

void server_run(const struct server *server, const char *const *arguments) {
    int status;
    pid_t pid = spawn(server, arguments, SIGKILL);
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status))
        server_fail(server, "a program of an engine failed (above: what it said)");
}

/* ---- files ---- */

char *program_find(const char *name) {
    static char found[PATH_LIMIT];
    const char *paths = getenv("PATH");
    char *list = strdup(paths ? paths : "/usr/bin:/bin"), *rest = list;
    bool is_there = false;
    for (char *folder; !is_there && (folder = strsep(&rest, ":"));) {
        path_join(found, folder, name);
        is_there = access(found, X_OK) == 0;
    }
    free(list);
    return is_there ? found : NULL;
}

char *source_read(const char *name) {
    char path[PATH_LIMIT];
    const char *elsewhere = getenv("VOLUNTEER_BENCH_ENGINES"); /* what the test puts there */
    path_join(path, elsewhere ? elsewhere : ENGINES_SOURCE, name);
    char *text = file_read(path);
    if (!text)
        fail("cannot read %s: the sources that this was built from must be there", path);
    return text;
}
