#include "policy_files.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "util/error.h"
#include "util/log.h"

#define TEXT_LIMIT 262144 /* as policy.activated takes it */

struct reading {
    const struct io *io;
    const char *folder;
    struct arena *arena;
    struct policy_files *files;
    bool libraries;
};

static bool is_lua(const char *name) {
    struct str text = str_from(name);
    return *name != '.' && text.size > 4 && !strcmp(name + text.size - 4, ".lua");
}

static int read_text(struct reading *self, const char *name, struct str *ret_text) {
    struct str path = arena_printf(self->arena, "%s/%s", self->folder, name);
    char *data;
    size_t size;
    int result = io_read_file(self->io, arena_string(self->arena, path), TEXT_LIMIT, &data, &size);
    if (result < 0) {
        log_error("%.*s: %s", STR_ARG(path),
                  result == -EFBIG ? "is larger than 256 KiB" : strerrordesc_np(-result));
        return result;
    }
    *ret_text = arena_copy(self->arena, (struct str){data, size});
    free(data);
    return 0;
}

static int take_file(void *context, const char *name) {
    struct reading *self = context;
    struct policy_files *files = self->files;
    struct str text;
    if (!is_lua(name))
        return 0;
    if ((self->libraries ? files->n_libraries : files->n) == POLICY_FILES_LIMIT) {
        log_error("%s: has more than %d files", self->folder, POLICY_FILES_LIMIT);
        return -E2BIG;
    }
    int result = read_text(self, name, &text);
    if (result < 0)
        return result;
    struct str whole = arena_copy(self->arena, str_from(name));
    if (self->libraries)
        files->libraries[files->n_libraries++] =
            (struct library){.name = {whole.data, whole.size - 4}, .text = text};
    else
        files->list[files->n++] = (struct policy_file){.name = whole, .text = text};
    return 0;
}

static void take_verdict(struct policy_file *file, struct buf *verdict) {
    file->verdict = json_loadb(verdict->data, verdict->size, 0, NULL);
    file->ok = json_is_true(json_object_get(file->verdict, "ok"));
    buf_deinit(verdict);
}

static int vet_files(const struct vet_options *vet, const char *folder, struct arena *arena,
                     struct policy_files *files) {
    struct policy_source *sources = arena_alloc(arena, (files->n + 1) * sizeof *sources);
    struct buf *verdicts = arena_alloc(arena, (files->n + 1) * sizeof *verdicts);
    for (size_t i = 0; i < files->n; i++) {
        const struct policy_file *file = &files->list[i];
        verdicts[i] = (struct buf){0};
        sources[i] = (struct policy_source){
            .file = arena_printf(arena, "%s/%.*s", folder, STR_ARG(file->name)),
            .text = file->text,
            .n_libraries = files->n_libraries,
            .libraries = files->libraries,
        };
    }
    int result = policy_vet_all(vet, sources, files->n, verdicts);
    for (size_t i = 0; i < files->n; i++)
        take_verdict(&files->list[i], &verdicts[i]);
    return result;
}

int policy_files_read(const struct io *io, const char *folder, const struct vet_options *vet,
                      struct arena *arena, struct policy_files *ret_files) {
    *ret_files = (struct policy_files){0};
    ret_files->list = arena_alloc(arena, POLICY_FILES_LIMIT * sizeof *ret_files->list);
    ret_files->libraries = arena_alloc(arena, POLICY_FILES_LIMIT * sizeof *ret_files->libraries);
    struct reading policies = {io, folder, arena, ret_files, false};
    int result = io->list(io->self, folder, take_file, &policies);
    if (result == -ENOENT || result == -ENOTDIR || result == -EACCES)
        log_error("policy_dir %s: %s", folder, strerrordesc_np(-result));
    const char *beside = arena_string(arena, arena_printf(arena, "%s/../library", folder));
    struct reading libraries = {io, beside, arena, ret_files, true};
    if (result == 0 && (result = io->list(io->self, beside, take_file, &libraries)) == -ENOENT)
        result = 0; /* library files are optional */
    return vet && result == 0 ? vet_files(vet, folder, arena, ret_files) : result;
}

void policy_files_deinit(struct policy_files *files) {
    for (size_t i = 0; i < files->n; i++)
        json_decref(files->list[i].verdict);
    *files = (struct policy_files){0};
}

static const char *member(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

void policy_file_complaints(const char *folder, const struct policy_file *file, struct buf *out) {
    size_t i, before = out->size;
    json_t *item;
    json_array_foreach(json_object_get(file->verdict, "complaints"), i, item) {
        if (strcmp(member(item, "severity"), "warning") == 0)
            continue;
        buf_printf(out, "%s/%.*s", folder, STR_ARG(file->name));
        int64_t line = json_integer_value(json_object_get(item, "line"));
        if (line > 0)
            buf_printf(out, ":%" PRId64, line);
        buf_printf(out, ": %s\n", member(item, "message"));
    }
    json_array_foreach(json_object_get(file->verdict, "cases"), i, item) {
        if (!json_is_true(json_object_get(item, "ok")))
            buf_printf(out, "%s/%.*s: case \"%s\": %s\n", folder, STR_ARG(file->name),
                       member(item, "name"), member(item, "message"));
    }
    if (!file->ok && out->size == before)
        buf_printf(out, "%s/%.*s: was refused without a reason\n", folder, STR_ARG(file->name));
}
