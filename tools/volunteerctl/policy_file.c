#include "policy_file.h"

#include <errno.h>
#include <libgen.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "output.h"
#include "policy/source_form.h"
#include "util/io.h"
#include "value.h"

extern char **environ;

/* Said here where the bytes could not travel as a text. */
static int form_complain(const struct call *call, const char *path,
                         const struct source_form *form) {
    char place[32] = "";
    if (form->line)
        snprintf(place, sizeof place, "%u:", form->line);
    return complain_json(call->json, REFUSED, form->code, "%s:%s %s", path, place, form->message);
}

int policy_file_read(const struct call *call, const char *path, json_t **ret_params) {
    struct source_form form;
    char *text = NULL;
    size_t size = 0;
    char *copy = strdup(path);
    if (!copy)
        abort();
    int error = io_read_file(io_system(), path, POLICY_LIMIT_BYTES, &text, &size);
    bool wrong = !error && source_form_is_wrong((struct str){text, size}, &form);
    /* The daemon knows files by their name in policy_dir, not by where this person keeps them. */
    if (!error && !wrong)
        *ret_params = json_pack("{s:s%, s:s}", "text", text, size, "file", basename(copy));
    free(copy);
    free(text);
    if (error)
        return complain_json(call->json, REFUSED, NULL, _("%s cannot be read: %s."), path,
                             strerror(-error));
    return wrong ? form_complain(call, path, &form) : DONE;
}

/* ---- after an activation ---- */

static bool file_says(const char *path, const char *text) {
    char *now = NULL;
    size_t size = 0;
    bool says = io_read_file(io_system(), path, POLICY_LIMIT_BYTES, &now, &size) == 0 &&
                size == strlen(text) && memcmp(now, text, size) == 0;
    free(now);
    return says;
}

void policy_file_update(const struct call *call, const char *path, const char *text) {
    struct stat status;
    if (!*text || stat(path, &status) != 0 || !S_ISREG(status.st_mode) || file_says(path, text))
        return;
    if (access(path, W_OK) == 0)
        (void)file_write(call, path, text);
    else if (!call->json)
        note(_("%s cannot be written here: volunteerctl policy pull writes what is in force."),
             path);
}

/* ---- two who changed the same ---- */

/* A file with that text in the folder; its path. */
static char *text_put(const char *folder, const char *name, const char *text) {
    char *path = NULL;
    if (asprintf(&path, "%s/%s", folder, name) < 0)
        abort();
    FILE *file = fopen(path, "we");
    if (file) {
        fputs(text, file);
        fclose(file);
    }
    return path;
}

/* Runs a program of diffutils with its output on fd; its exit status, or -1. */
static int program_run(const char *const *arguments, int fd) {
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status = -1;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
    int failed = posix_spawnp(&pid, arguments[0], &actions, NULL,
                              (char *const *)(uintptr_t)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed)
        return -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void changes_print(const char *title, const char *from, const char *to,
                          const char *from_name, const char *to_name) {
    note("%s", title);
    const char *const arguments[] = {"diff",  "-u", "--label", from_name, "--label",
                                     to_name, from, to,        NULL};
    fflush(stderr);
    if (program_run(arguments, STDERR_FILENO) < 0)
        note(_("(diff of the package diffutils is not there)"));
}

/* FILE.merged: what neither changed, and what one of them did; conflicts are marked. */
static void merge(const struct call *call, const char *path, const char *mine, const char *base,
                  const char *theirs) {
    char *merged = NULL;
    FILE *out = tmpfile();
    if (!out || asprintf(&merged, "%s.merged", path) < 0)
        abort();
    const char *const arguments[] = {"diff3", "-m",       "-L", path, "-L",   "before",
                                     "-L",    "in force", mine, base, theirs, NULL};
    int status = program_run(arguments, fileno(out));
    BUF_AUTO text = {0};
    char piece[4096];
    size_t n;
    rewind(out);
    while ((n = fread(piece, 1, sizeof piece, out)) > 0)
        buf_put(&text, piece, n);
    fclose(out);
    if ((status == 0 || status == 1) && file_write(call, merged, buf_text(&text)) == DONE)
        note(status == 0 ? _("Both changes together, without conflict, are in %s: check it, then "
                             "activate it.")
                         : _("Both changes together are in %s; where they meet, lines are marked "
                             "<<<<<<< and >>>>>>>: decide there, then activate it."),
             merged);
    free(merged);
}

static void drift_print(const struct call *call, const char *folder, const char *path,
                        const json_t *data) {
    char *mine = NULL;
    json_auto_t *params = NULL;
    if (policy_file_read(call, path, &params) != DONE)
        return;
    mine = text_put(folder, "mine", text_at(params, "text"));
    char *base = text_put(folder, "base", text_at(data, "base_text"));
    char *theirs = text_put(folder, "theirs", text_at(data, "in_force_text"));
    changes_print(_("What changed in force since:"), base, theirs, text_at(data, "based_on"),
                  text_at(data, "in_force"));
    changes_print(_("What the file changes:"), base, mine, text_at(data, "based_on"), path);
    merge(call, path, mine, base, theirs);
    unlink(mine);
    unlink(base);
    unlink(theirs);
    free(mine);
    free(base);
    free(theirs);
}

void policy_file_drift(const struct call *call, const char *path, const json_t *data) {
    char folder[] = "/tmp/volunteerctl-XXXXXX";
    if (!*text_at(data, "base_text") || !*text_at(data, "in_force_text") || !mkdtemp(folder))
        return;
    drift_print(call, folder, path, data);
    rmdir(folder);
}
