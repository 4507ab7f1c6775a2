#include "simulation/disk.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_FD 1000
#define SECTOR 512
#define EXTENT (64 * 1024)
#define SECTORS (EXTENT / SECTOR)
#define PATH_MOST 256
#define FREE_BYTES (INT64_C(1) << 40)
#define FREE_BYTES_WHEN_FULL (INT64_C(64) << 20) /* less than the daemon leaves alone */

enum sector { CLEAN, DIRTY, PHANTOM /* a sync of it failed: only writing it again helps */ };

/* Where there is none all bytes are zero, on the disk too. */
struct extent {
    char now[EXTENT];
    char durable[EXTENT];
    uint8_t sectors[SECTORS];
};

struct disk_file {
    struct disk_file *next;
    mode_t mode;
    size_t size, durable_size;
    size_t n_extents;
    struct extent **extents;
};

struct disk_name {
    struct disk_name *next;
    struct disk_file *file;
    char path[PATH_MOST];
};

/* `from` empty: a file was made; `to` empty: a name was removed. */
struct disk_change {
    struct disk_change *next;
    struct disk_file *file;
    char from[PATH_MOST], to[PATH_MOST];
};

static const char *const words[] = {
#define F(name, word, call) word,
    DISK_FAULTS(F)
#undef F
};
static const char *const calls[] = {
#define F(name, word, call) call,
    DISK_FAULTS(F)
#undef F
};

const char *disk_fault_word(enum disk_fault fault) {
    return words[fault];
}

static void *must(void *made) {
    if (!made)
        abort();
    return made;
}

/* ---- faults ---- */

static bool comes(struct disk *disk, enum disk_fault fault, const char *call) {
    if (disk->faults[fault].at == 0 || (*calls[fault] && strcmp(calls[fault], call) != 0) ||
        --disk->faults[fault].at > 0)
        return false;
    disk->faults[fault].n++;
    if (disk->told)
        disk->told(disk, fault, call);
    return true;
}

static int error_of(struct disk *disk) {
    static const int errors[] = {-EIO, -ENOSPC, -EDQUOT};
    return errors[dice_roll(&disk->dice, 3)];
}

/* Others may run before each call, and each takes a while. -ESHUTDOWN: a crash comes with this one.
 */
static int enter(struct disk *disk, const char *call, int64_t most_us) {
    if (disk->look)
        disk->look();
    if (disk->is_down)
        return -EIO;
    disk->n_calls++;
    io_steered_move(disk->clock, 1 + (int64_t)dice_roll(&disk->dice, (uint32_t)most_us));
    for (enum disk_fault fault = DISK_POWER; fault <= DISK_KILL; fault++)
        if (comes(disk, fault, call)) {
            disk->is_down = true;
            disk->lost_power = fault == DISK_POWER;
            return -ESHUTDOWN;
        }
    for (enum disk_fault fault = DISK_READ; fault < DISK_FAULT_COUNT; fault++)
        if (comes(disk, fault, call))
            return error_of(disk);
    return 0;
}

int disk_call(struct disk *disk, const char *call) {
    return enter(disk, call, 3000);
}

void disk_arm(struct disk *disk, enum disk_fault fault, uint64_t at) {
    disk->faults[fault].at = at;
}

void disk_disarm(struct disk *disk) {
    for (enum disk_fault fault = 0; fault < DISK_FAULT_COUNT; fault++)
        disk->faults[fault].at = 0;
}

/* ---- names ---- */

static struct disk_name **find(struct disk_name **names, const char *path) {
    while (*names && strcmp((*names)->path, path) != 0)
        names = &(*names)->next;
    return names;
}

static void set(struct disk_name **names, const char *path, struct disk_file *file) {
    struct disk_name **place = find(names, path);
    if (!*place) {
        *place = must(calloc(1, sizeof **place));
        assert(strlen(path) < PATH_MOST);
        strcpy((*place)->path, path);
    }
    (*place)->file = file;
}

static void drop(struct disk_name **names, const char *path) {
    struct disk_name **place = find(names, path), *gone = *place;
    if (gone)
        *place = gone->next;
    free(gone);
}

static void apply(struct disk_name **names, const struct disk_change *change) {
    if (*change->from)
        drop(names, change->from);
    if (*change->to)
        set(names, change->to, change->file);
}

static void change_names(struct disk *disk, const char *from, const char *to,
                         struct disk_file *file) {
    struct disk_change **end = &disk->changes;
    while (*end)
        end = &(*end)->next;
    *end = must(calloc(1, sizeof **end));
    assert(strlen(from) < PATH_MOST && strlen(to) < PATH_MOST);
    strcpy((*end)->from, from);
    strcpy((*end)->to, to);
    (*end)->file = file;
    apply(&disk->names, *end);
}

static bool is_in(const char *path, const char *directory) {
    size_t size = strlen(directory);
    return strncmp(path, directory, size) == 0 && path[size] == '/' &&
           !strchr(path + size + 1, '/');
}

static void make_durable(struct disk *disk, const char *directory) {
    for (struct disk_change **place = &disk->changes; *place;) {
        struct disk_change *change = *place;
        if (!is_in(*change->to ? change->to : change->from, directory)) {
            place = &change->next;
            continue;
        }
        apply(&disk->durable_names, change);
        *place = change->next;
        free(change);
    }
}

/* ---- bytes ---- */

static struct extent *extent_at(struct disk_file *file, size_t at, bool make) {
    if (at >= file->n_extents && make) {
        size_t n = at + 16;
        file->extents = must(realloc(file->extents, n * sizeof *file->extents));
        memset(file->extents + file->n_extents, 0, (n - file->n_extents) * sizeof *file->extents);
        file->n_extents = n;
    }
    if (at >= file->n_extents)
        return NULL;
    if (!file->extents[at] && make)
        file->extents[at] = must(calloc(1, sizeof *file->extents[at]));
    return file->extents[at];
}

static bool is_zero(const char *data, size_t size) {
    return size == 0 || (data[0] == 0 && memcmp(data, data + 1, size - 1) == 0);
}

static void put(struct disk_file *file, const char *data, size_t size, size_t offset) {
    for (size_t n; size > 0; data += n, size -= n, offset += n) {
        size_t within = offset % EXTENT;
        n = size < EXTENT - within ? size : EXTENT - within;
        struct extent *extent = extent_at(file, offset / EXTENT, false);
        if (!extent && is_zero(data, n))
            continue;
        extent = extent_at(file, offset / EXTENT, true);
        memcpy(extent->now + within, data, n);
        memset(extent->sectors + within / SECTOR, DIRTY,
               (within + n - 1) / SECTOR - within / SECTOR + 1);
    }
    if (offset > file->size)
        file->size = offset;
}

static void settle(struct extent *extent, size_t sector, bool stays) {
    char *now = extent->now + sector * SECTOR, *durable = extent->durable + sector * SECTOR;
    if (stays)
        memcpy(durable, now, SECTOR);
    else
        memcpy(now, durable, SECTOR);
    extent->sectors[sector] = CLEAN;
}

/* With `fails` nothing that is dirty can be brought to the disk any more. */
static void sync_file(struct disk_file *file, bool fails) {
    for (size_t i = 0; i < file->n_extents; i++)
        for (size_t sector = 0; file->extents[i] && sector < SECTORS; sector++)
            if (file->extents[i]->sectors[sector] == DIRTY) {
                if (fails)
                    file->extents[i]->sectors[sector] = PHANTOM;
                else
                    settle(file->extents[i], sector, true);
            }
    if (!fails)
        file->durable_size = file->size;
}

/* What was not synced: all of it, nothing, up to some place, or here and there. */
static void lose(struct disk *disk, struct disk_file *file) {
    uint32_t how = dice_roll(&disk->dice, 4);
    size_t place = file->size ? dice_roll(&disk->dice, (uint32_t)file->size) : 0;
    bool stayed = false;
    for (size_t i = 0; i < file->n_extents; i++)
        for (size_t sector = 0; file->extents[i] && sector < SECTORS; sector++) {
            if (file->extents[i]->sectors[sector] == CLEAN)
                continue;
            bool stays = how == 0   ? true
                         : how == 1 ? false
                         : how == 2 ? i * EXTENT + sector * SECTOR < place
                                    : dice_roll(&disk->dice, 2);
            if (file->extents[i]->sectors[sector] == PHANTOM)
                stays = false;
            stayed |= stays;
            settle(file->extents[i], sector, stays);
        }
    if (!stayed)
        file->size = file->durable_size;
    file->durable_size = file->size;
}

/* ---- the calls ---- */

static struct disk_file *file_of(const struct disk *disk, int fd) {
    assert(fd >= FIRST_FD && (size_t)(fd - FIRST_FD) < disk->n_open && disk->open[fd - FIRST_FD]);
    return disk->open[fd - FIRST_FD];
}

static int open_file(struct disk *disk, struct disk_file *file) {
    disk->open = must(realloc(disk->open, (disk->n_open + 1) * sizeof(struct disk_file *)));
    disk->open[disk->n_open++] = file;
    return FIRST_FD + (int)disk->n_open - 1;
}

static void empty(struct disk_file *file, size_t size) {
    static const char zeros[EXTENT];
    for (size_t at = size; at < file->size; at += EXTENT)
        put(file, zeros, file->size - at < EXTENT ? file->size - at : EXTENT, at);
    file->size = size;
}

static int disk_open(void *self, const char *path, int flags, mode_t mode) {
    struct disk *disk = self;
    int r = enter(disk, "open", 20);
    if (r < 0)
        return r;
    struct disk_name *name = *find(&disk->names, path);
    if (!name && !(flags & O_CREAT))
        return -ENOENT;
    if (name && (flags & O_EXCL))
        return -EEXIST;
    if (!name && disk->is_full)
        return -ENOSPC;
    if (name && (flags & O_TRUNC))
        empty(name->file, 0);
    if (name)
        return open_file(disk, name->file);
    struct disk_file *file = must(calloc(1, sizeof *file));
    file->next = disk->files;
    file->mode = mode;
    disk->files = file;
    change_names(disk, "", path, file);
    return open_file(disk, file);
}

static int disk_close(void *self, int fd) {
    struct disk *disk = self;
    (void)file_of(disk, fd);
    disk->open[fd - FIRST_FD] = NULL;
    return disk->is_down ? -EIO : 0;
}

static ssize_t disk_pread(void *self, int fd, void *data, size_t size, off_t offset) {
    struct disk *disk = self;
    struct disk_file *file = file_of(disk, fd);
    int r = enter(disk, "pread", 10);
    if (r < 0)
        return r;
    size_t at = (size_t)offset;
    if (at >= file->size)
        return 0;
    if (size > file->size - at)
        size = file->size - at;
    for (size_t done = 0, n; done < size; done += n) {
        size_t within = (at + done) % EXTENT;
        n = size - done < EXTENT - within ? size - done : EXTENT - within;
        const struct extent *extent = extent_at(file, (at + done) / EXTENT, false);
        if (extent)
            memcpy((char *)data + done, extent->now + within, n);
        else
            memset((char *)data + done, 0, n);
    }
    return (ssize_t)size;
}

static int disk_pwrite(void *self, int fd, const void *data, size_t size, off_t offset) {
    struct disk *disk = self;
    struct disk_file *file = file_of(disk, fd);
    size_t at = (size_t)offset;
    int r = enter(disk, "pwrite", 30);
    bool cut = r == -ESHUTDOWN;
    if (r == 0 && comes(disk, DISK_WRITE, "pwrite"))
        return error_of(disk);
    if (r == 0 && comes(disk, DISK_SHORT_WRITE, "pwrite")) {
        r = error_of(disk);
        cut = true;
    }
    if (r == 0 && disk->is_full && at + size > file->size) {
        size = at < file->size ? file->size - at : 0;
        put(file, data, size, at);
        return -ENOSPC;
    }
    if (cut && size > 0) /* a crash may come when a part is written */
        put(file, data, dice_roll(&disk->dice, (uint32_t)size), at);
    if (r == 0)
        put(file, data, size, at);
    return r;
}

static int disk_fdatasync(void *self, int fd) {
    struct disk *disk = self;
    struct disk_file *file = file_of(disk, fd);
    int r = enter(disk, "fdatasync", 2000);
    if (r == 0 && comes(disk, DISK_SYNC, "fdatasync")) {
        sync_file(file, true);
        return -EIO;
    }
    if (r == 0)
        sync_file(file, false);
    return r;
}

static int disk_ftruncate(void *self, int fd, off_t size) {
    struct disk *disk = self;
    struct disk_file *file = file_of(disk, fd);
    int r = enter(disk, "ftruncate", 30);
    if (r == 0 && (size_t)size <= file->size)
        empty(file, (size_t)size);
    else if (r == 0)
        file->size = (size_t)size;
    return r;
}

static int disk_rename(void *self, const char *from, const char *to) {
    struct disk *disk = self;
    int r = enter(disk, "rename", 30);
    if (r < 0)
        return r;
    struct disk_name *name = *find(&disk->names, from);
    if (!name)
        return -ENOENT;
    change_names(disk, from, to, name->file);
    return 0;
}

static int disk_unlink(void *self, const char *path) {
    struct disk *disk = self;
    int r = enter(disk, "unlink", 30);
    if (r < 0)
        return r;
    if (!*find(&disk->names, path))
        return -ENOENT;
    change_names(disk, path, "", NULL);
    return 0;
}

/* Folders are there whenever somebody asks. */
static int disk_mkdir(void *self, const char *path) {
    (void)path;
    return enter(self, "mkdir", 30);
}

static int disk_sync_dir(void *self, const char *path) {
    int r = enter(self, "sync_dir", 2000);
    if (r == 0)
        make_durable(self, path);
    return r;
}

static int64_t disk_file_size(void *self, int fd) {
    struct disk *disk = self;
    struct disk_file *file = file_of(disk, fd);
    int r = enter(disk, "file_size", 5);
    return r < 0 ? r : (int64_t)file->size;
}

static int disk_file_mode(void *self, int fd) {
    struct disk *disk = self;
    struct disk_file *file = file_of(disk, fd);
    int r = enter(disk, "file_mode", 5);
    return r < 0 ? r : (int)file->mode;
}

static int64_t disk_free_bytes(void *self, const char *path) {
    struct disk *disk = self;
    (void)path;
    int r = enter(disk, "disk_free_bytes", 5);
    return r < 0 ? r : disk->is_full ? FREE_BYTES_WHEN_FULL : FREE_BYTES;
}

static int64_t disk_total_bytes(void *self, const char *path) {
    struct disk *disk = self;
    (void)path;
    int r = enter(disk, "disk_total_bytes", 5);
    return r < 0 ? r : 2 * FREE_BYTES;
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int disk_list(void *self, const char *path, int (*each)(void *context, const char *name),
                     void *context) {
    struct disk *disk = self;
    int r = enter(disk, "list", 30);
    if (r < 0)
        return r;
    size_t n = 0;
    char *found[256];
    for (struct disk_name *name = disk->names; name; name = name->next)
        if (is_in(name->path, path)) {
            assert(n < sizeof found / sizeof *found);
            found[n++] = must(strdup(name->path + strlen(path) + 1));
        }
    qsort(found, n, sizeof *found, compare_names);
    for (size_t i = 0; i < n; i++) {
        if (r == 0)
            r = each(context, found[i]);
        free(found[i]);
    }
    return r;
}

/* ---- all of it ---- */

void disk_init(struct disk *disk, uint64_t seed, struct io_steered *clock, void (*look)(void)) {
    *disk = (struct disk){
        .io =
            {
                .self = disk,
                .open = disk_open,
                .close = disk_close,
                .pread = disk_pread,
                .pwrite = disk_pwrite,
                .fdatasync = disk_fdatasync,
                .fsync = disk_fdatasync,
                .ftruncate = disk_ftruncate,
                .rename = disk_rename,
                .unlink = disk_unlink,
                .mkdir = disk_mkdir,
                .sync_dir = disk_sync_dir,
                .file_size = disk_file_size,
                .file_mode = disk_file_mode,
                .disk_free_bytes = disk_free_bytes,
                .disk_total_bytes = disk_total_bytes,
                .list = disk_list,
            },
        .dice = {seed},
        .clock = clock,
        .look = look,
    };
}

static void free_names(struct disk_name **names) {
    for (struct disk_name *name; (name = *names);) {
        *names = name->next;
        free(name);
    }
}

static void free_changes(struct disk *disk) {
    for (struct disk_change *change; (change = disk->changes);) {
        disk->changes = change->next;
        free(change);
    }
}

void disk_deinit(struct disk *disk) {
    free_names(&disk->names);
    free_names(&disk->durable_names);
    free_changes(disk);
    for (struct disk_file *file; (file = disk->files);) {
        disk->files = file->next;
        for (size_t i = 0; i < file->n_extents; i++)
            free(file->extents[i]);
        free(file->extents);
        free(file);
    }
    free(disk->open);
}

/* Names are lost from the last change back. */
static void lose_names(struct disk *disk) {
    uint32_t n = 0;
    for (struct disk_change *change = disk->changes; change; change = change->next)
        n++;
    uint32_t kept = n ? dice_roll(&disk->dice, n + 1) : 0;
    for (struct disk_change *change = disk->changes; change && kept--; change = change->next)
        apply(&disk->durable_names, change);
    free_changes(disk);
    free_names(&disk->names);
    for (struct disk_name *name = disk->durable_names; name; name = name->next)
        set(&disk->names, name->path, name->file);
}

void disk_restart(struct disk *disk) {
    for (size_t i = 0; i < disk->n_open; i++)
        assert(!disk->open[i]);
    disk->n_open = 0;
    if (disk->lost_power) {
        lose_names(disk);
        for (struct disk_file *file = disk->files; file; file = file->next)
            lose(disk, file);
    }
    disk->is_down = disk->lost_power = false;
}
