#include "journal_size.h"

#include <string.h>
#include <sys/stat.h>

#include "event/event.h"
#include "fail.h"
#include "files.h"
#include "journal/journal.h"
#include "journal/segment.h"
#include "util/arena.h"

struct closed {
    const char *folder;
    uint64_t bytes;
    uint64_t first_open; /* sequence: those before it are closed */
};

static int add_file(void *context, const char *name) {
    struct closed *closed = context;
    char path[PATH_LIMIT];
    struct stat about;
    uint64_t first;
    bool archived;
    if (!segment_name_parse(name, &first, &archived))
        return 0;
    path_join(path, closed->folder, name);
    if (stat(path, &about) < 0)
        fail("cannot read %s", path);
    if (archived)
        closed->bytes += (uint64_t)about.st_size;
    else if (!closed->first_open || first < closed->first_open)
        closed->first_open = first;
    return 0;
}

static bool is_published(struct str record, struct arena *arena) {
    struct event event;
    arena_reset(arena);
    if (event_decode(record, arena, &event) != 0)
        fail("the journal holds what is no record");
    return event.type->writer == WRITER_PUBLISHER;
}

static uint64_t published_before(struct journal *journal, uint64_t sequence) {
    struct journal_reader *reader;
    struct arena arena;
    struct str record;
    uint64_t at = 0, n = 0;
    if (journal_reader_open(journal, 0, &reader) != 0)
        fail("the journal cannot be read");
    arena_init(&arena);
    while (at + 1 < sequence && journal_reader_next(reader, &record, &at) == 0)
        n += is_published(record, &arena);
    arena_deinit(&arena);
    journal_reader_close(reader);
    return n;
}

bool journal_closed(const char *data, uint64_t *ret_bytes, uint64_t *ret_published) {
    char folder[PATH_LIMIT];
    const struct io *io = io_system();
    path_join(folder, data, "journal");
    struct closed closed = {.folder = folder};
    struct journal *journal;
    if (io->list(io->self, folder, add_file, &closed) < 0)
        fail("cannot read %s", folder);
    if (!closed.bytes)
        return false;
    struct journal_options options = {
        .directory = folder, .segment_bytes = 64u << 20, .read_only = true};
    if (journal_open(io, &options, &journal) != 0)
        fail("%s cannot be read", folder);
    *ret_bytes = closed.bytes;
    *ret_published = published_before(journal, closed.first_open);
    journal_close(journal);
    return true;
}
