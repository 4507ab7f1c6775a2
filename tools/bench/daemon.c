#include "daemon.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zmq.h>

#include "fail.h"
#include "sample.h"

#define START_LIMIT_S 600
#define ASK_LIMIT_MS 60000
#define SETTLED_MS 150
#define SETTLED_CPU_NS 3000000 /* in that time: what an idle one uses */
#define SETTLE_LIMIT_S 120

void daemon_init(struct daemon *daemon, const char *program, const char *policies,
                 const char *data) {
    char name[] = "/tmp/volunteer-bench-XXXXXX";
    *daemon = (struct daemon){.program = program, .policies = policies};
    if (!mkdtemp(name))
        fail("cannot make a folder in /tmp: %s", strerror(errno));
    snprintf(daemon->runtime, sizeof daemon->runtime, "%s", name);
    snprintf(daemon->data, sizeof daemon->data, "%s", data);
    path_join(daemon->config, name, "volunteerd.conf");
    path_join(daemon->log, name, "volunteerd.log");
    snprintf(daemon->ingest, sizeof daemon->ingest, "ipc://%s/ingest.sock", name);
    snprintf(daemon->query, sizeof daemon->query, "ipc://%s/query.sock", name);
    daemon->context = zmq_ctx_new();
}

void daemon_deinit(struct daemon *daemon) {
    if (daemon->pid)
        daemon_kill(daemon);
    zmq_ctx_term(daemon->context);
    tree_remove(daemon->runtime);
}

static void config_write(const struct daemon *daemon) {
    FILE *file = fopen(daemon->config, "we");
    if (!file)
        fail("cannot write %s: %s", daemon->config, strerror(errno));
    fprintf(file, "data_dir = \"%s\";\nruntime_dir = \"%s\";\npolicy_dir = \"%s\";\n", daemon->data,
            daemon->runtime, daemon->policies);
    if (daemon->clock_from_events)
        fprintf(file, "clock = \"events\"; // history is loaded\n");
    if (daemon->segment_mib)
        fprintf(file, "journal: { segment_mib = %u; };\n", daemon->segment_mib);
    if (daemon->plugin_dir)
        fprintf(file, "plugin_dir = \"%s\";\nplugins: ( %s );\n", daemon->plugin_dir,
                daemon->plugins ? daemon->plugins : "");
    if (fclose(file) != 0)
        fail("cannot write %s: %s", daemon->config, strerror(errno));
}

static void log_show(const struct daemon *daemon) {
    char *text = file_read(daemon->log);
    size_t size = text ? strlen(text) : 0;
    fprintf(stderr, "%s", text ? text + (size > 2000 ? size - 2000 : 0) : "");
    free(text);
}

static void died(struct daemon *daemon, int status) {
    log_show(daemon);
    daemon->pid = 0;
    if (WIFSIGNALED(status))
        fail("volunteerd was ended by signal %d (above: its log)", WTERMSIG(status));
    fail("volunteerd ended with %d (above: its log)", WEXITSTATUS(status));
}

static void watch(struct daemon *daemon) {
    int status;
    if (waitpid(daemon->pid, &status, WNOHANG) == daemon->pid)
        died(daemon, status);
}

static void child_run(const struct daemon *daemon) {
    int log = open(daemon->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (log < 0 || dup2(log, 1) < 0 || dup2(log, 2) < 0)
        _exit(127);
    execl(daemon->program, daemon->program, "--config", daemon->config, (char *)NULL);
    _exit(127);
}

int64_t daemon_start(struct daemon *daemon) {
    config_write(daemon);
    int64_t start = now_ns();
    daemon->pid = fork();
    if (daemon->pid < 0)
        fail("cannot start %s: %s", daemon->program, strerror(errno));
    if (daemon->pid == 0)
        child_run(daemon);
    free(daemon_ask(daemon, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"status\"}"));
    return now_ns() - start;
}

void daemon_stop(struct daemon *daemon) {
    int status;
    kill(daemon->pid, SIGTERM);
    waitpid(daemon->pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status))
        died(daemon, status);
    daemon->pid = 0;
}

void daemon_reload(struct daemon *daemon, const char *plugins) {
    daemon->plugins = plugins;
    config_write(daemon);
    kill(daemon->pid, SIGHUP);
}

void daemon_kill(struct daemon *daemon) {
    kill(daemon->pid, SIGKILL);
    waitpid(daemon->pid, NULL, 0);
    daemon->pid = 0;
}

/* ---- questions ---- */

static void *query_connect(const struct daemon *daemon) {
    void *socket = zmq_socket(daemon->context, ZMQ_DEALER);
    int at_once = 1, none = 0, receive_ms = 100;
    zmq_setsockopt(socket, ZMQ_RECONNECT_IVL, &at_once, sizeof at_once);
    zmq_setsockopt(socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &receive_ms, sizeof receive_ms);
    if (zmq_connect(socket, daemon->query) < 0)
        fail("cannot connect to %s: %s", daemon->query, zmq_strerror(errno));
    return socket;
}

char *message_text(void *message) {
    size_t size = zmq_msg_size(message);
    char *text = malloc(size + 1);
    if (!text)
        fail("no memory for an answer of %zu bytes", size);
    memcpy(text, zmq_msg_data(message), size);
    text[size] = 0;
    return text;
}

static char *answer_receive(struct daemon *daemon, void *socket) {
    zmq_msg_t frame;
    int64_t limit = now_ns() + START_LIMIT_S * INT64_C(1000000000);
    zmq_msg_init(&frame);
    while (zmq_msg_recv(&frame, socket, 0) < 0) {
        watch(daemon);
        if (now_ns() > limit)
            fail("volunteerd answers no question");
    }
    if (zmq_msg_more(&frame) && zmq_msg_recv(&frame, socket, 0) < 0)
        fail("volunteerd sent half an answer");
    char *text = message_text(&frame);
    zmq_msg_close(&frame);
    return text;
}

char *daemon_ask(struct daemon *daemon, const char *request) {
    void *socket = query_connect(daemon);
    if (zmq_send(socket, "", 0, ZMQ_SNDMORE) < 0 ||
        zmq_send(socket, request, strlen(request), 0) < 0)
        fail("cannot ask volunteerd: %s", zmq_strerror(errno));
    char *text = answer_receive(daemon, socket);
    zmq_close(socket);
    return text;
}

void daemon_accept_clock(struct daemon *daemon) {
    char *text = daemon_ask(daemon, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"clock.accept\","
                                    "\"params\":{\"by\":\"clerk:1\"}}");
    if (!strstr(text, "\"result\""))
        fail("the clock is not accepted: %.400s", text);
    free(text);
}

/* ---- what it uses ---- */

static void thread_read(pid_t pid, const char *tid, struct thread_cpu *ret_thread) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task/%.16s/schedstat", pid, tid);
    char *text = file_read(path);
    ret_thread->tid = (pid_t)atoi(tid);
    char *rest = NULL;
    ret_thread->ns = text ? strtoll(text, &rest, 10) : 0;
    ret_thread->wait_ns = rest ? strtoll(rest, NULL, 10) : 0;
    free(text);
    snprintf(path, sizeof path, "/proc/%d/task/%.16s/comm", pid, tid);
    text = file_read(path);
    snprintf(ret_thread->name, sizeof ret_thread->name, "%s", text ? text : "");
    ret_thread->name[strcspn(ret_thread->name, "\n")] = 0;
    free(text);
}

static void threads_read(pid_t pid, struct cpu *cpu) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/task", pid);
    DIR *folder = opendir(path);
    if (!folder)
        fail("cannot read %s: %s", path, strerror(errno));
    for (struct dirent *entry; (entry = readdir(folder));)
        if (entry->d_name[0] != '.' && cpu->n_threads < THREADS_LIMIT)
            thread_read(pid, entry->d_name, &cpu->threads[cpu->n_threads++]);
    closedir(folder);
}

static int64_t process_ns(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    char *text = file_read(path);
    const char *after_name = text ? strrchr(text, ')') : NULL;
    unsigned long long user = 0, kernel = 0;
    if (!after_name || sscanf(after_name, ") %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu",
                              &user, &kernel) != 2)
        fail("cannot read %s", path);
    free(text);
    return (int64_t)(user + kernel) * (INT64_C(1000000000) / sysconf(_SC_CLK_TCK));
}

void daemon_cpu(const struct daemon *daemon, struct cpu *ret_cpu) {
    *ret_cpu = (struct cpu){.total_ns = process_ns(daemon->pid)};
    threads_read(daemon->pid, ret_cpu);
}

void daemon_settle(const struct daemon *daemon) {
    struct cpu before, after;
    int64_t limit = now_ns() + SETTLE_LIMIT_S * INT64_C(1000000000), used;
    do {
        if (now_ns() > limit)
            fail("volunteerd does not come to rest");
        int64_t sum[2] = {0, 0};
        daemon_cpu(daemon, &before);
        sleep_ms(SETTLED_MS);
        daemon_cpu(daemon, &after);
        for (int i = 0; i < before.n_threads; i++)
            sum[0] += before.threads[i].ns;
        for (int i = 0; i < after.n_threads; i++)
            sum[1] += after.threads[i].ns;
        used = sum[1] - sum[0];
    } while (used > SETTLED_CPU_NS);
}

static uint64_t status_kib(const char *text, const char *name) {
    const char *at = strstr(text, name);
    return at ? strtoull(at + strlen(name), NULL, 10) * 1024 : 0;
}

uint64_t daemon_memory_bytes(pid_t pid) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    char *text = file_read(path);
    if (!text)
        fail("cannot read %s", path);
    uint64_t bytes = status_kib(text, "RssAnon:") + status_kib(text, "RssShmem:");
    free(text);
    return bytes;
}
