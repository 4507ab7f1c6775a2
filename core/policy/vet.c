#include "policy/vet.h"

#include <jansson.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "policy/complaints.h"
#include "policy/source_form.h"
#include "util/error.h"
#include "util/io.h"
#include "util/memory.h"
#include "util/patience.h"

#define REQUEST_BYTES (UINT32_C(16) << 20)
#define VERDICT_BYTES (UINT32_C(16) << 20)
#define ADDRESS_BYTES (UINT64_C(1) << 30)
#define CPU_SECONDS 20

/* A sanitizer reserves terabytes of addresses for itself. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
static const bool limits_addresses = false;
#else
static const bool limits_addresses = true;
#endif

/* ---- the parent ---- */

struct child {
    pid_t pid;
    int socket;
};

/* NULL where something in it is not UTF-8. */
static json_t *source_json(const struct policy_source *source) {
    json_t *libraries = json_array();
    for (size_t i = 0; i < source->n_libraries; i++) {
        const struct library *library = &source->libraries[i];
        json_array_append_new(libraries, json_pack("{s:s%, s:s%}", "name", library->name.data,
                                                   library->name.size, "text", library->text.data,
                                                   library->text.size));
    }
    return json_pack("{s:s%, s:s%, s:s%, s:o}", "file", source->file.data ? source->file.data : "",
                     source->file.size, "text", source->text.data ? source->text.data : "",
                     source->text.size, "parameters",
                     source->parameters.data ? source->parameters.data : "",
                     source->parameters.size, "libraries", libraries);
}

static char *request_text(const struct vet_options *options, const struct policy_source *sources,
                          size_t n) {
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(list, source_json(&sources[i]));
    bool whole = json_array_size(list) == n;
    json_t *request = json_pack("{s:o, s:I, s:I, s:I}", "sources", list, "instructions",
                                (json_int_t)options->limits.instructions, "memory_bytes",
                                (json_int_t)options->limits.memory_bytes, "result_bytes",
                                (json_int_t)options->limits.result_bytes);
    char *text = whole && request ? json_dumps(request, JSON_COMPACT) : NULL;
    json_decref(request);
    return text;
}

static int start(const struct vet_options *options, struct child *ret_child) {
    char child_word[] = "--child", check_word[] = "check", locale[] = "LC_ALL=C.UTF-8";
    char name[] = "volunteerd";
    char *arguments[] = {name, child_word, check_word, NULL};
    char *environment[] = {locale, NULL};
    posix_spawn_file_actions_t actions;
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return error_note(-errno, "socketpair");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pair[1], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, pair[1], STDOUT_FILENO);
    int r = posix_spawn(&ret_child->pid, options->program, &actions, NULL, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    close(pair[1]);
    ret_child->socket = pair[0];
    if (r == 0)
        return 0;
    close(pair[0]);
    return error_note(-r, "posix_spawn");
}

/* Sends what is left of the request; closes that direction when all is sent. False where the child
 * does not listen. */
static bool send_some(int socket, struct str *request) {
    ssize_t n = send(socket, request->data, request->size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    *request = (struct str){request->data + n, request->size - (size_t)n};
    if (request->size == 0)
        shutdown(socket, SHUT_WR);
    return true;
}

/* False at the end of what the child says. */
static bool receive_some(int socket, struct buf *out) {
    char piece[16384];
    ssize_t n = recv(socket, piece, sizeof piece, MSG_DONTWAIT);
    if (n < 0)
        return errno == EAGAIN || errno == EINTR;
    buf_put(out, piece, (size_t)n);
    return n > 0 && out->size <= VERDICT_BYTES;
}

/* Speaks with the child until it has said all or its time is over. */
static bool converse(int socket, struct str request, uint32_t wall_ms, struct buf *out) {
    struct patience patience = patience_begin(io_system(), wall_ms);
    while (!patience_is_over(&patience)) {
        struct pollfd wait = {.fd = socket,
                              .events = (short)(POLLIN | (request.size ? POLLOUT : 0))};
        int n = patience_poll(&patience, &wait);
        if (n < 0 && errno != EINTR)
            return false;
        if (n <= 0)
            continue;
        if (request.size && (wait.revents & POLLOUT) && !send_some(socket, &request))
            request.size = 0;
        if ((wait.revents & (POLLIN | POLLHUP | POLLERR)) && !receive_some(socket, out))
            return true;
    }
    return false;
}

/* A verdict that no child gave. */
static void put_complaint(struct buf *out, uint32_t line, const char *code, const char *message) {
    json_t *complaints = json_array();
    complaint_add(complaints, SEVERITY_ERROR, line, code, "%s", message);
    json_t *verdict = policy_verdict_new(complaints);
    char *text = verdict ? json_dumps(verdict, JSON_COMPACT) : NULL;
    if (!text)
        memory_out();
    buf_put_str(out, str_from(text));
    free(text);
    json_decref(verdict);
}

/* Having said all, or nothing, it has this long to end by itself. */
#define ENDING_MS 1000

/* Its status; one that goes on is killed. */
static int wait_for(pid_t pid, bool kill_now) {
    int status = 0, fd = kill_now ? -1 : pidfd_open(pid, 0);
    struct patience patience = patience_begin(io_system(), ENDING_MS);
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    int n = 0;
    while (fd >= 0 && n <= 0 && !patience_is_over(&patience))
        n = patience_poll(&patience, &wait);
    if (n <= 0)
        kill(pid, SIGKILL);
    if (fd >= 0)
        close(fd);
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

/* A child is asked about all of them. Its verdicts, one for each; NULL where it did not come to a
 * good end: *ret_whole tells whether by itself. */
static json_t *ask_child(const struct vet_options *options, const char *request, size_t n,
                         bool *ret_whole, int *ret_error) {
    struct buf answer __attribute__((cleanup(buf_deinit))) = {0};
    struct child child;
    *ret_error = start(options, &child);
    if (*ret_error != 0)
        return NULL;
    *ret_whole = converse(child.socket, str_from(request), options->wall_ms, &answer);
    close(child.socket);
    int status = wait_for(child.pid, !*ret_whole);
    bool exited = WIFEXITED(status) && WEXITSTATUS(status) <= 1;
    json_t *verdicts =
        exited && *ret_whole && answer.size ? json_loadb(answer.data, answer.size, 0, NULL) : NULL;
    bool each = json_is_array(verdicts) && json_array_size(verdicts) == n;
    for (size_t i = 0; each && i < n; i++)
        each = json_is_object(json_array_get(verdicts, i));
    if (each)
        return verdicts;
    json_decref(verdicts);
    return NULL;
}

static void put_json(struct buf *out, const json_t *value) {
    char *text = json_dumps(value, JSON_COMPACT);
    if (!text)
        memory_out();
    buf_put_str(out, str_from(text));
    free(text);
}

int policy_vet(const struct vet_options *options, const struct policy_source *source,
               struct buf *out) {
    struct source_form form;
    bool whole;
    int error;
    if (source_form_is_wrong(source->text, &form)) {
        put_complaint(out, form.line, form.code, form.message);
        return 0;
    }
    char *request = request_text(options, source, 1);
    if (!request) {
        put_complaint(out, 0, "not_utf8",
                      "a library file is not UTF-8: save it as UTF-8 and try again");
        return 0;
    }
    json_t *verdicts = ask_child(options, request, 1, &whole, &error);
    free(request);
    if (error != 0)
        return error;
    if (verdicts)
        put_json(out, json_array_get(verdicts, 0));
    else
        put_complaint(out, 0, "check_ended",
                      whole ? "the check ended by itself: the policy uses too much memory or time"
                            : "the check took too long and was stopped");
    json_decref(verdicts);
    return 0;
}

/* NULL: they are to be asked about one by one. */
static json_t *ask_together(const struct vet_options *options, const struct policy_source *sources,
                            size_t n) {
    struct source_form form;
    bool whole;
    int error;
    for (size_t i = 0; i < n; i++)
        if (source_form_is_wrong(sources[i].text, &form))
            return NULL;
    char *request = n > 1 ? request_text(options, sources, n) : NULL;
    if (!request)
        return NULL;
    json_t *verdicts =
        strlen(request) <= REQUEST_BYTES ? ask_child(options, request, n, &whole, &error) : NULL;
    free(request);
    return verdicts;
}

int policy_vet_all(const struct vet_options *options, const struct policy_source *sources, size_t n,
                   struct buf *out) {
    json_t *verdicts = ask_together(options, sources, n);
    int r = 0;
    for (size_t i = 0; i < n && r == 0; i++)
        if (verdicts)
            put_json(&out[i], json_array_get(verdicts, i));
        else
            r = policy_vet(options, &sources[i], &out[i]);
    json_decref(verdicts);
    return r;
}

/* ---- the child ---- */

static void limit(int resource, uint64_t most) {
    struct rlimit value = {most, most};
    setrlimit((__rlimit_resource_t)resource, &value);
}

static char *read_all(int fd, size_t *ret_size) {
    struct buf text = {0};
    char piece[16384];
    ssize_t n;
    while ((n = read(fd, piece, sizeof piece)) != 0) {
        if (n < 0 && errno != EINTR)
            break;
        if (n > 0)
            buf_put(&text, piece, (size_t)n);
        if (text.size > REQUEST_BYTES)
            break;
    }
    *ret_size = text.size;
    return text.data;
}

static bool write_all(int fd, struct str text) {
    while (text.size) {
        ssize_t n = write(fd, text.data, text.size);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            text = (struct str){text.data + n, text.size - (size_t)n};
    }
    return true;
}

static struct str member(json_t *object, const char *name) {
    json_t *value = json_object_get(object, name);
    return (struct str){json_string_value(value), json_string_length(value)};
}

static int check_source(json_t *wanted, const struct policy_limits *limits, struct buf *out) {
    json_t *list = json_object_get(wanted, "libraries");
    size_t n = json_array_size(list);
    struct library *libraries = calloc(n + 1, sizeof *libraries);
    if (!libraries)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        libraries[i].name = member(json_array_get(list, i), "name");
        libraries[i].text = member(json_array_get(list, i), "text");
    }
    struct policy_source source = {member(wanted, "file"), member(wanted, "text"), n, libraries,
                                   member(wanted, "parameters")};
    int r = policy_check(&source, limits, out);
    free(libraries);
    return r;
}

/* 0: all may be activated, 1: not all. */
static int check_request(json_t *request, struct buf *out) {
    struct policy_limits limits = {
        (uint64_t)json_integer_value(json_object_get(request, "instructions")),
        (uint64_t)json_integer_value(json_object_get(request, "memory_bytes")),
        (uint32_t)json_integer_value(json_object_get(request, "result_bytes"))};
    size_t i;
    json_t *wanted;
    int result = 0;
    buf_put_byte(out, '[');
    json_array_foreach(json_object_get(request, "sources"), i, wanted) {
        if (i > 0)
            buf_put_byte(out, ',');
        int r = check_source(wanted, &limits, out);
        if (r < 0)
            return r;
        result |= r;
    }
    buf_put_byte(out, ']');
    return result;
}

int policy_vet_child(void) {
    struct buf out __attribute__((cleanup(buf_deinit))) = {0};
    size_t size;
    limit(RLIMIT_CPU, CPU_SECONDS);
    limit(RLIMIT_CORE, 0);
    if (limits_addresses)
        limit(RLIMIT_AS, ADDRESS_BYTES);
    char *text = read_all(STDIN_FILENO, &size);
    json_t *request = text ? json_loadb(text, size, JSON_ALLOW_NUL, NULL) : NULL;
    free(text);
    if (!json_is_object(request)) {
        json_decref(request);
        return 2;
    }
    int r = check_request(request, &out);
    json_decref(request);
    return r >= 0 && write_all(STDOUT_FILENO, buf_str(&out)) ? r : 2;
}
