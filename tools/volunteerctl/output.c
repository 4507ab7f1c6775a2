#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "document_format.h"
#include "util/memory.h"
#include "value.h"

/* ---- choosing ---- */

static const char *const format_names[] = {
    [FORMAT_TABLE] = "table", [FORMAT_CSV] = "csv",   [FORMAT_HTML] = "html",
    [FORMAT_SVG] = "svg",     [FORMAT_JSON] = "json", [FORMAT_XLSX] = "xlsx",
};

static bool format_find(const char *name, enum output_format *ret_format) {
    for (size_t i = 0; i < sizeof format_names / sizeof *format_names; i++)
        if (strcmp(format_names[i], name) == 0) {
            *ret_format = (enum output_format)i;
            return true;
        }
    return false;
}

/* Whether this command prints that format at all: its own --format says so. */
static bool format_offered(const struct call *call, enum output_format format) {
    for (const struct command_option *option = call->command->options; option->name; option++)
        for (size_t i = 0; strcmp(option->name, "format") == 0 && option->words[i]; i++)
            if (strcmp(option->words[i], format_names[format]) == 0)
                return true;
    return false;
}

/* By what stands behind the last dot of the file's name. */
static int format_by_name(const char *path, enum output_format *ret_format) {
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    if (!dot || strcmp(dot, ".txt") == 0)
        return DONE;
    if (strcmp(dot, ".htm") == 0)
        dot = ".html";
    if (format_find(dot + 1, ret_format))
        return DONE;
    return complain(USAGE,
                    _("there is no format “%s” for %s: say --format, or call it .csv, .xlsx, "
                      ".html, .svg, .json or .txt."),
                    dot + 1, path);
}

static int format_choose(const struct call *call, struct output *output) {
    const char *typed = call_text(call, "format");
    if (call->json)
        output->format = FORMAT_JSON;
    else if (typed)
        format_find(typed, &output->format);
    else if (output->path)
        return format_by_name(output->path, &output->format);
    return DONE;
}

int output_choose(const struct call *call, struct output *ret_output) {
    struct output output = {.call = call, .fd = -1, .saved_fd = -1};
    const char *path = call_text(call, "output");
    const char *typed = call_text(call, "format");
    bool to_stdout = path && strcmp(path, "-") == 0;
    output.path = to_stdout ? NULL : path;
    if (path && !*path)
        return complain(USAGE, _("--output needs the name of a file."));
    if (call->json && typed && strcmp(typed, "json") != 0)
        return complain(USAGE, _("--json and --format %s do not go together."), typed);
    if (format_choose(call, &output) != DONE)
        return USAGE;
    if (!format_offered(call, output.format))
        return complain(USAGE, _("%s cannot be printed as %s: say another --format."),
                        call->command->noun, format_names[output.format]);
    bool is_page =
        output.format == FORMAT_HTML || output.format == FORMAT_SVG || output.format == FORMAT_XLSX;
    if (output.format == FORMAT_XLSX && to_stdout && call->terminal.out)
        return complain(USAGE, _("a workbook is no text: say --output FILE.xlsx."));
    if (is_page && !path && call->terminal.out)
        return complain(USAGE,
                        _("a page of %s is for a file, not for a terminal: add --output FILE.%s "
                          "(--output - prints it here all the same)."),
                        format_names[output.format], format_names[output.format]);
    *ret_output = output;
    return DONE;
}

/* ---- files ---- */

static int file_failed(const struct output *output) {
    return complain_json(output->call->json, REFUSED, NULL, _("%s cannot be written: %s."),
                         output->path, strerror(errno));
}

static mode_t file_mode(const struct stat *old) {
    mode_t mask = umask(0);
    umask(mask);
    return old ? old->st_mode & 07777 : 0666 & ~mask;
}

/* A device or a pipe is written as it is. */
static int special_open(struct output *output) {
    output->fd = open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    return output->fd < 0 ? file_failed(output) : DONE;
}

static int file_open(struct output *output) {
    struct stat old, link;
    bool exists = stat(output->path, &old) == 0;
    int failure = errno;
    if (!exists && lstat(output->path, &link) == 0) { /* a link that leads nowhere stays */
        errno = failure;
        return file_failed(output);
    }
    if (exists && S_ISDIR(old.st_mode)) {
        errno = EISDIR;
        return file_failed(output);
    }
    if (exists && !S_ISREG(old.st_mode))
        return special_open(output);
    char *real = exists ? realpath(output->path, NULL) : NULL;
    output->target = real ? real : memory_checked(strdup(output->path));
    const char *slash = strrchr(output->target, '/');
    int folder = slash ? (int)(slash + 1 - output->target) : 0;
    if (asprintf(&output->unfinished, "%.*s.%s.XXXXXX", folder, output->target,
                 output->target + folder) < 0)
        abort();
    output->fd = mkostemp(output->unfinished, O_CLOEXEC);
    if (output->fd < 0)
        return file_failed(output);
    if (fchmod(output->fd, file_mode(exists ? &old : NULL)) != 0)
        return file_failed(output);
    return DONE;
}

/* The rename is durable when its folder is synced. */
static int folder_sync(const char *path) {
    const char *slash = strrchr(path, '/');
    char *folder = slash ? memory_checked(strndup(path, (size_t)(slash + 1 - path)))
                         : memory_checked(strdup("."));
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = fd < 0 ? -1 : fsync(fd);
    if (fd >= 0)
        close(fd);
    free(folder);
    return result;
}

static int file_keep(struct output *output) {
    if (fsync(output->fd) != 0 || rename(output->unfinished, output->target) != 0)
        return file_failed(output);
    free(output->unfinished);
    output->unfinished = NULL;
    return folder_sync(output->target) != 0 ? file_failed(output) : DONE;
}

static void output_deinit(struct output *output) {
    if (output->unfinished && output->fd >= 0)
        unlink(output->unfinished);
    if (output->fd >= 0)
        close(output->fd);
    free(output->unfinished);
    free(output->target);
    output->unfinished = output->target = NULL;
    output->fd = -1;
}

/* ---- standing in for standard output ---- */

int output_begin(struct output *output, struct terminal *ret_terminal) {
    *ret_terminal = output->call->terminal;
    if (!output->path)
        return DONE;
    int code = file_open(output);
    fflush(stdout);
    if (code == DONE) {
        output->saved_fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0);
        if (output->saved_fd < 0 || dup2(output->fd, STDOUT_FILENO) < 0)
            code = file_failed(output);
    }
    if (code != DONE)
        output_deinit(output);
    ret_terminal->out = ret_terminal->colours = false;
    return code;
}

int output_end(struct output *output, int code) {
    if (!output->path)
        return code;
    int failure = output_flush();
    dup2(output->saved_fd, STDOUT_FILENO);
    close(output->saved_fd);
    clearerr(stdout);
    if (code == DONE && failure) {
        errno = failure;
        code = file_failed(output);
    } else if (code == DONE && output->unfinished) {
        code = file_keep(output);
    }
    output_deinit(output);
    return code;
}

int file_write_bytes(const struct call *call, const char *path, struct str bytes) {
    bool to_stdout = strcmp(path, "-") == 0;
    struct output output = {
        .call = call, .path = to_stdout ? NULL : path, .fd = -1, .saved_fd = -1};
    struct terminal ignored;
    int code = output_begin(&output, &ignored);
    if (code != DONE)
        return code;
    fwrite(bytes.data, 1, bytes.size, stdout);
    return output_end(&output, DONE);
}

int file_write(const struct call *call, const char *path, const char *text) {
    return file_write_bytes(call, path, str_from(text));
}

/* ---- documents ---- */

static bool format_print(enum output_format format, const struct terminal *terminal,
                         const struct document *document) {
    BUF_AUTO text = {0};
    bool is_made = true;
    if (format == FORMAT_TABLE)
        document_table(terminal, document);
    else if (format == FORMAT_CSV)
        document_csv(document, &text);
    else if (format == FORMAT_XLSX)
        is_made = document_xlsx(document, &text);
    else if (format == FORMAT_HTML)
        document_html(document, &text);
    else
        document_svg(document, &text);
    if (text.size)
        fwrite(text.data, 1, text.size, stdout);
    return is_made;
}

int output_document(struct output *output, json_t *json_document, const json_t *json) {
    struct terminal terminal;
    struct document document;
    bool as_json = output->format == FORMAT_JSON;
    if (!as_json && !document_read(json_document, &document))
        return complain(REFUSED, _("the daemon answered no document that can be printed."));
    int code = output_begin(output, &terminal);
    if (code == DONE && as_json)
        code = output_end(output, print_json(&terminal, json));
    else if (code == DONE) {
        bool is_made = format_print(output->format, &terminal, &document);
        code = output_end(output, is_made ? DONE : REFUSED);
        if (!is_made)
            complain(REFUSED, _("the workbook could not be made: a sheet holds 1,048,576 rows."));
    }
    if (!as_json)
        document_deinit(&document);
    return code;
}
