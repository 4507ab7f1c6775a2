#include "data_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "engine/engine.h"
#include "util/error.h"
#include "util/log.h"

#define PATH_SIZE 4096

struct opener {
    const struct io *io;
    const struct data_dir_options *options;
    struct data_dir *data;
};

/* False where the name is too long. */
static bool path_in(const struct opener *self, const char *name, char ret_path[static PATH_SIZE]) {
    int size = snprintf(ret_path, PATH_SIZE, "%s/%s", self->options->directory, name);
    return size > 0 && size < PATH_SIZE;
}

/* The names in data_dir last from here on: those made now, and one that a killed run made and did
 * not live to sync. */
static int open_folders(struct opener *self) {
    static const char *const inside[] = {"journal", "state", "local"};
    const struct io *io = self->io;
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        char path[PATH_SIZE];
        int result = path_in(self, inside[i], path) ? io->mkdir(io->self, path) : -ENAMETOOLONG;
        if (result < 0) {
            log_error("%s/%s cannot be made: %s", self->options->directory, inside[i],
                      strerrordesc_np(-result));
            return result;
        }
    }
    int result = io->sync_dir(io->self, self->options->directory);
    return result < 0 ? error_note(result, self->options->directory) : 0;
}

static int is_segment(void *context, const char *name) {
    (void)context;
    return strstr(name, ".vj") != NULL;
}

/* New keys beside an old journal would make every sealed field unreadable for ever, and every known
 * identity unknown: somebody forgot to restore a file. */
static int check_keys(const struct opener *self, const char *keys) {
    const struct io *io = self->io;
    char journal[PATH_SIZE];
    path_in(self, "journal", journal);
    int fd = io->open(io->self, keys, O_RDONLY | O_CLOEXEC, 0);
    if (fd >= 0)
        io->close(io->self, fd);
    if (fd != -ENOENT || io->list(io->self, journal, is_segment, NULL) <= 0)
        return 0;
    log_error(
        "%s is missing, but %s has events: restore the keys file that belongs to this journal",
        keys, journal);
    return 1;
}

static int open_keyring(struct opener *self) {
    char keys[PATH_SIZE];
    path_in(self, "keys", keys);
    struct keyring_options options = {keys, self->options->master_key};
    int result = check_keys(self, keys);
    return result == 0 ? keyring_open(self->io, &options, &self->data->keyring) : result;
}

static int open_journal(struct opener *self) {
    char path[PATH_SIZE];
    path_in(self, "journal", path);
    struct journal_options options = {
        .directory = path,
        .segment_bytes = self->options->segment_bytes,
        .compress_closed = self->options->compress_closed,
        .spare_later = true,
    };
    return journal_open(self->io, &options, &self->data->journal);
}

static int open_store(struct opener *self) {
    char path[PATH_SIZE];
    path_in(self, "state", path);
    struct store_options options = {
        .directory = path,
        .map_size_bytes = self->options->map_size_bytes,
        .checkpoint_ms = self->options->checkpoint_ms,
        .pending_limit_bytes = self->options->pending_limit_bytes,
        .on_failure = self->options->on_failure,
        .context = self->options->context,
    };
    int result = store_open(&options, &self->data->store);
    if (result == STORE_OTHER_FORMAT) {
        log_notice("the state is not of this version: it is rebuilt from the journal");
        result = store_remove(path);
        if (result == 0)
            result = store_open(&options, &self->data->store);
    }
    return result;
}

/* Meanwhile the journal looks whether its spare segment is all zeros: 64 MiB that nobody has in
 * memory. */
static int catch_up(struct opener *self) {
    struct engine_options options = {
        .io = self->io, .journal = self->data->journal, .store = self->data->store};
    int result = engine_catch_up(&options, self->options->progress, self->options->context);
    journal_settle(self->data->journal);
    return result;
}

int data_dir_open(const struct io *io, const struct data_dir_options *options,
                  struct data_dir *ret_data) {
    static int (*const steps[])(struct opener * self) = {open_folders, open_keyring, open_journal,
                                                         open_store, catch_up};
    struct data_dir data = {0};
    struct opener self = {io, options, &data};
    int result = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && result == 0; i++)
        result = steps[i](&self);
    if (result == 0)
        *ret_data = data;
    else
        data_dir_close(&data);
    return result;
}

void data_dir_close(struct data_dir *data) {
    store_close(data->store);
    journal_close(data->journal);
    keyring_close(data->keyring);
    *data = (struct data_dir){0};
}
