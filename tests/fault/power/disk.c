#include "disk.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECTOR 512u
#define BLOCK 4096u

struct image {
    char *data; /* zeros from `high` to `capacity` */
    uint64_t capacity;
    uint64_t high; /* nothing but zeros from here on */
    uint64_t size;
};

struct entry {
    char *name;
    struct node *node;
};

struct entries {
    struct entry *items;
    size_t n, capacity;
};

/* Not synced yet. */
struct change {
    uint64_t number; /* of its record */
    enum { CHANGE_PIECE, CHANGE_SIZE, CHANGE_NAME } kind;
    uint64_t offset; /* of a piece: within one sector; the size otherwise */
    uint32_t length;
    const char *data; /* NULL: zeros */
    char *gone;       /* names: is no more, or NULL */
    char *name;       /* stands for `node` now, or NULL */
    struct node *node;
};

struct node {
    uint64_t inode;
    bool folder, mapped;
    struct image image;
    uint64_t live_size;
    struct entries entries, live_entries;
    struct change *pending;
    size_t n_pending, pending_capacity;
};

struct disk {
    char *log;
    size_t log_size;
    uint64_t at, position;
    struct node **nodes; /* later ones first found: an inode's number is used again */
    size_t n_nodes, nodes_capacity;
    struct node *root;
};

static void die(const char *what) {
    fprintf(stderr, "power cut: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void *grown(void *items, size_t n, size_t *capacity, size_t size) {
    if (n < *capacity)
        return items;
    *capacity = *capacity ? *capacity * 2 : 16;
    items = realloc(items, *capacity * size);
    if (!items)
        die("memory");
    return items;
}

/* ---- images ---- */

static void image_reserve(struct image *image, uint64_t size) {
    if (size <= image->capacity)
        return;
    uint64_t capacity = image->capacity ? image->capacity : BLOCK;
    while (capacity < size)
        capacity *= 2;
    image->data = realloc(image->data, capacity);
    if (!image->data)
        die("memory");
    memset(image->data + image->capacity, 0, capacity - image->capacity);
    image->capacity = capacity;
}

static void image_put(struct image *image, uint64_t offset, const char *data, uint64_t length) {
    uint64_t end = offset + length;
    if (!data && offset >= image->high)
        return;
    image_reserve(image, end);
    if (data)
        memcpy(image->data + offset, data, length);
    else
        memset(image->data + offset, 0, length);
    if (data && end > image->high)
        image->high = end;
}

static void image_resize(struct image *image, uint64_t size) {
    if (size < image->high) {
        memset(image->data + size, 0, image->high - size);
        image->high = size;
    }
    image->size = size;
}

static void image_copy(struct image *to, const struct image *from) {
    if (to->high > from->high)
        memset(to->data + from->high, 0, to->high - from->high);
    image_reserve(to, from->high);
    if (from->high)
        memcpy(to->data, from->data, from->high);
    to->high = from->high;
    to->size = from->size;
}

/* ---- names ---- */

static struct entry *entry_find(const struct entries *entries, const char *name) {
    for (size_t i = 0; i < entries->n; i++)
        if (!strcmp(entries->items[i].name, name))
            return &entries->items[i];
    return NULL;
}

static void entries_set(struct entries *entries, const char *name, struct node *node) {
    struct entry *entry = entry_find(entries, name);
    if (!entry) {
        entries->items =
            grown(entries->items, entries->n, &entries->capacity, sizeof *entries->items);
        entry = &entries->items[entries->n++];
        entry->name = strdup(name);
    }
    entry->node = node;
}

static void entries_clear(struct entries *entries, const char *name) {
    struct entry *entry = entry_find(entries, name);
    if (!entry)
        return;
    free(entry->name);
    *entry = entries->items[--entries->n];
}

static void entries_apply(struct entries *entries, const struct change *change) {
    if (change->gone)
        entries_clear(entries, change->gone);
    if (change->name)
        entries_set(entries, change->name, change->node);
}

static void entries_free(struct entries *entries) {
    for (size_t i = 0; i < entries->n; i++)
        free(entries->items[i].name);
    free(entries->items);
}

/* ---- nodes ---- */

static struct node *node_new(struct disk *disk, uint64_t inode, bool folder) {
    struct node *node = calloc(1, sizeof *node);
    if (!node)
        die("memory");
    node->inode = inode;
    node->folder = folder;
    disk->nodes = grown(disk->nodes, disk->n_nodes, &disk->nodes_capacity, sizeof *disk->nodes);
    disk->nodes[disk->n_nodes++] = node;
    return node;
}

static struct node *node_find(const struct disk *disk, uint64_t inode) {
    for (size_t i = disk->n_nodes; i > 0; i--)
        if (disk->nodes[i - 1]->inode == inode)
            return disk->nodes[i - 1];
    fprintf(stderr, "power cut: record %llu is about inode %llu, which nobody made\n",
            (unsigned long long)disk->position, (unsigned long long)inode);
    exit(2);
}

static struct change *change_add(struct node *node, uint64_t number) {
    node->pending =
        grown(node->pending, node->n_pending, &node->pending_capacity, sizeof *node->pending);
    struct change *change = &node->pending[node->n_pending++];
    *change = (struct change){.number = number};
    return change;
}

static void change_apply(struct node *node, const struct change *change) {
    switch (change->kind) {
    case CHANGE_PIECE:
        image_put(&node->image, change->offset, change->data, change->length);
        break;
    case CHANGE_SIZE:
        image_resize(&node->image, change->offset);
        break;
    case CHANGE_NAME:
        entries_apply(&node->entries, change);
        break;
    }
}

/* ---- the folder before ---- */

static void file_read(struct node *node, const char *path) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) < 0)
        die(path);
    uint64_t size = (uint64_t)status.st_size;
    image_reserve(&node->image, size);
    if (size && pread(fd, node->image.data, size, 0) != (ssize_t)size)
        die(path);
    close(fd);
    node->image.size = node->live_size = size;
    uint64_t high = size;
    while (high && !node->image.data[high - 1])
        high--;
    node->image.high = high;
}

/* A folder's line stands before those of what is in it. */
static void base_take(struct disk *disk, const char *base, uint64_t inode, const char *path) {
    char whole[PATH_MAX], parent[PATH_MAX];
    struct stat status;
    if (snprintf(whole, sizeof whole, "%s/%s", base, path) >= PATH_MAX)
        die(path);
    if (lstat(whole, &status) < 0)
        die(whole);
    struct node *node = node_new(disk, inode, S_ISDIR(status.st_mode));
    if (!strcmp(path, ".")) {
        disk->root = node;
        return;
    }
    struct node *folder = disk->root;
    const char *rest = path, *slash;
    while ((slash = strchr(rest, '/'))) {
        memcpy(parent, rest, (size_t)(slash - rest));
        parent[slash - rest] = 0;
        folder = entry_find(&folder->live_entries, parent)->node;
        rest = slash + 1;
    }
    entries_set(&folder->entries, rest, node);
    entries_set(&folder->live_entries, rest, node);
    if (!node->folder)
        file_read(node, whole);
}

static void base_read(struct disk *disk, const char *base, const char *inodes) {
    FILE *file = fopen(inodes, "r");
    if (!file)
        die(inodes);
    unsigned long long inode;
    char path[PATH_MAX];
    while (fscanf(file, "%llu\t%4095[^\n]\n", &inode, path) == 2)
        base_take(disk, base, inode, path);
    fclose(file);
    if (!disk->root)
        die("nothing is known of the folder itself");
}

struct disk *disk_new(const char *recording, const char *base, const char *inodes) {
    struct disk *disk = calloc(1, sizeof *disk);
    int fd = open(recording, O_RDONLY | O_CLOEXEC);
    struct recording_header header;
    if (!disk || fd < 0 || pread(fd, &header, sizeof header, 0) != sizeof header ||
        header.magic != RECORDING_MAGIC)
        die(recording);
    disk->log_size = header.used;
    disk->log = mmap(NULL, disk->log_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (disk->log == MAP_FAILED)
        die(recording);
    close(fd);
    disk->at = sizeof header;
    base_read(disk, base, inodes);
    return disk;
}

void disk_free(struct disk *disk) {
    for (size_t i = 0; i < disk->n_nodes; i++) {
        struct node *node = disk->nodes[i];
        entries_free(&node->entries);
        entries_free(&node->live_entries);
        for (size_t k = 0; k < node->n_pending; k++) {
            free(node->pending[k].gone);
            free(node->pending[k].name);
        }
        free(node->pending);
        free(node->image.data);
        free(node);
    }
    free(disk->nodes);
    munmap(disk->log, disk->log_size);
    free(disk);
}

/* ---- records ---- */

static void take_write(struct disk *disk, const struct record *record) {
    struct node *node = node_find(disk, record->inode);
    const char *data = record->flags & RECORD_ZERO ? NULL : disk_data(record);
    uint64_t end = record->offset + record->length;
    if (end > node->live_size) {
        struct change *size = change_add(node, disk->position);
        size->kind = CHANGE_SIZE;
        size->offset = node->live_size = end;
    }
    for (uint64_t at = record->offset; at < end;) {
        uint64_t next = (at / SECTOR + 1) * SECTOR;
        next = next < end ? next : end;
        struct change *piece = change_add(node, disk->position);
        piece->kind = CHANGE_PIECE;
        piece->offset = at;
        piece->length = (uint32_t)(next - at);
        piece->data = data ? data + (at - record->offset) : NULL;
        at = next;
    }
}

static void take_resize(struct disk *disk, const struct record *record) {
    struct node *node = node_find(disk, record->inode);
    struct change *size = change_add(node, disk->position);
    size->kind = CHANGE_SIZE;
    size->offset = node->live_size = record->length;
}

static void take_name(struct disk *disk, struct node *folder, const char *gone, const char *name,
                      struct node *node) {
    struct change *change = change_add(folder, disk->position);
    change->kind = CHANGE_NAME;
    change->gone = gone ? strdup(gone) : NULL;
    change->name = name ? strdup(name) : NULL;
    change->node = node;
    entries_apply(&folder->live_entries, change);
}

/* The sector that a synced write brings to the disk holds what was written there before, too. */
static size_t sector_apply(struct node *node, size_t n, uint64_t offset) {
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        struct change *change = &node->pending[i];
        if (change->kind == CHANGE_PIECE && change->offset / SECTOR == offset / SECTOR)
            change_apply(node, change);
        else
            node->pending[kept++] = *change;
    }
    return kept;
}

static void take_sync(struct disk *disk, const struct record *record) {
    struct node *node = node_find(disk, record->inode);
    bool one = record->flags & RECORD_ONE;
    size_t kept = 0;
    for (size_t i = 0; i < node->n_pending; i++) {
        struct change change = node->pending[i];
        if (one ? change.number != record->other : change.number > record->other) {
            node->pending[kept++] = change;
            continue;
        }
        if (one && change.kind == CHANGE_PIECE)
            kept = sector_apply(node, kept, change.offset);
        change_apply(node, &change);
        free(change.gone);
        free(change.name);
    }
    node->n_pending = kept;
}

static void take_names(struct disk *disk, const struct record *record) {
    char names[2 * NAME_MAX + 2] = "";
    struct node *folder = node_find(disk, record->inode), *node;
    assert(record->length < sizeof names);
    memcpy(names, disk_data(record), record->length);
    const char *to = names + strlen(names) + 1;
    switch (record->kind) {
    case RECORD_CREATE:
        node = node_new(disk, record->other, record->flags & RECORD_FOLDER);
        take_name(disk, folder, NULL, names, node);
        break;
    case RECORD_LINK:
        take_name(disk, folder, NULL, names, node_find(disk, record->other));
        break;
    case RECORD_RENAME:
        assert(record->inode == record->other);
        take_name(disk, folder, names, to, entry_find(&folder->live_entries, names)->node);
        break;
    default:
        take_name(disk, folder, names, NULL, NULL);
    }
}

const struct record *disk_step(struct disk *disk) {
    if (disk->at >= disk->log_size)
        return NULL;
    const struct record *record = (const void *)(disk->log + disk->at);
    switch ((enum record_kind)record->kind) {
    case RECORD_WRITE:
        take_write(disk, record);
        break;
    case RECORD_RESIZE:
        take_resize(disk, record);
        break;
    case RECORD_MAPPED:
        node_find(disk, record->inode)->mapped = true;
        break;
    case RECORD_SYNC_END:
        take_sync(disk, record);
        break;
    case RECORD_CREATE:
    case RECORD_LINK:
    case RECORD_RENAME:
    case RECORD_UNLINK:
        take_names(disk, record);
        break;
    case RECORD_START:
    case RECORD_SYNC_BEGIN:
    case RECORD_ACK:
        break;
    }
    disk->at += record->size;
    disk->position++;
    return record;
}

uint64_t disk_position(const struct disk *disk) {
    return disk->position;
}

const char *disk_data(const struct record *record) {
    return (const char *)(record + 1);
}

size_t disk_pending(const struct disk *disk) {
    size_t n = 0;
    for (size_t i = 0; i < disk->n_nodes; i++)
        n += disk->nodes[i]->n_pending;
    return n;
}

/* ---- chance ---- */

struct chance {
    uint64_t state;
};

static uint64_t chance_next(struct chance *chance) {
    uint64_t z = (chance->state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint64_t chance_below(struct chance *chance, uint64_t n) {
    return chance_next(chance) % n;
}

/* Which of a node's pending changes are on the disk. */
struct choice {
    bool inverted;
    uint64_t per_mille;
    uint64_t from, to; /* a run of them, where per_mille is 0 */
};

static struct choice choice_make(struct chance *chance, uint64_t variant, size_t n) {
    static const uint64_t odds[] = {0, 20, 200, 500, 800, 980, 1000};
    if (variant < 2)
        return (struct choice){.per_mille = variant * 1000};
    if (chance_below(chance, 2))
        return (struct choice){.per_mille = odds[chance_below(chance, 7)]};
    /* One alone, all but one, a beginning, an end, a middle. */
    uint64_t from = chance_below(chance, n + 1);
    uint64_t to = chance_below(chance, 2) ? from + 1 : from + chance_below(chance, n + 1);
    return (struct choice){
        .inverted = chance_below(chance, 2), .from = chance_below(chance, 3) ? from : 0, .to = to};
}

static bool choice_holds(const struct choice *choice, struct chance *chance, size_t i) {
    if (choice->per_mille)
        return chance_below(chance, 1000) < choice->per_mille;
    return (i >= choice->from && i < choice->to) != choice->inverted;
}

/* ---- building ---- */

/* Only what is not zero is written: the rest are holes. */
static void file_build(const struct image *image, const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    static const char zeros[BLOCK];
    if (fd < 0 || ftruncate(fd, (off_t)image->size) < 0)
        die(path);
    uint64_t end = image->high < image->size ? image->high : image->size;
    for (uint64_t at = 0; at < end;) {
        uint64_t to = at;
        while (to < end) {
            uint64_t n = end - to < BLOCK ? end - to : BLOCK;
            if (!memcmp(image->data + to, zeros, n))
                break;
            to += n;
        }
        if (to > at && pwrite(fd, image->data + at, to - at, (off_t)at) != (ssize_t)(to - at))
            die(path);
        at = to > at ? to : at + BLOCK;
    }
    close(fd);
}

static void garbage_build(struct chance *chance, uint64_t size, const char *path) {
    struct image image = {.size = size};
    image_reserve(&image, size + 8);
    for (uint64_t at = 0; at < size; at += 8) {
        uint64_t word = chance_next(chance);
        memcpy(image.data + at, &word, sizeof word);
    }
    image.high = size;
    file_build(&image, path);
    free(image.data);
}

static void node_build(const struct node *node, uint64_t variant, struct chance *chance,
                       const char *path) {
    static struct image image; /* kept for its memory */
    if (node->mapped && variant > 1 && chance_below(chance, 2)) {
        garbage_build(chance, node->live_size, path);
        return;
    }
    if (!node->n_pending) {
        file_build(&node->image, path);
        return;
    }
    size_t n = node->n_pending;
    struct choice pieces = choice_make(chance, variant, n);
    struct choice sizes = choice_make(chance, variant, 2);
    bool *there = calloc(n, sizeof *there);
    uint64_t n_sectors = node->live_size / SECTOR + 1;
    for (size_t i = 0; i < n; i++)
        if (node->pending[i].kind == CHANGE_PIECE && node->pending[i].offset / SECTOR >= n_sectors)
            n_sectors = node->pending[i].offset / SECTOR + 1;
    bool *later = calloc(n_sectors, sizeof *later);
    if (!there || !later)
        die("memory");
    for (size_t i = n; i > 0; i--) {
        const struct change *change = &node->pending[i - 1];
        bool piece = change->kind == CHANGE_PIECE;
        there[i - 1] = choice_holds(piece ? &pieces : &sizes, chance, piece ? i - 1 : i % 2) ||
                       (piece && later[change->offset / SECTOR]);
        if (piece)
            later[change->offset / SECTOR] = there[i - 1];
    }
    image_copy(&image, &node->image);
    for (size_t i = 0; i < n; i++) {
        const struct change *change = &node->pending[i];
        if (there[i] && change->kind == CHANGE_PIECE)
            image_put(&image, change->offset, change->data, change->length);
        else if (there[i])
            image_resize(&image, change->offset);
    }
    file_build(&image, path);
    free(there);
    free(later);
}

static void folder_build(const struct node *node, uint64_t variant, struct chance *chance,
                         const char *path) {
    struct entries entries = {0};
    for (size_t i = 0; i < node->entries.n; i++)
        entries_set(&entries, node->entries.items[i].name, node->entries.items[i].node);
    struct choice choice = choice_make(chance, variant, node->n_pending);
    for (size_t i = 0; i < node->n_pending; i++)
        if (choice_holds(&choice, chance, i))
            entries_apply(&entries, &node->pending[i]);
    for (size_t i = 0; i < entries.n; i++) {
        char inside[PATH_MAX];
        if (snprintf(inside, sizeof inside, "%s/%s", path, entries.items[i].name) >= PATH_MAX)
            die(path);
        const struct node *child = entries.items[i].node;
        if (child->folder && mkdir(inside, 0700) < 0)
            die(inside);
        if (child->folder)
            folder_build(child, variant, chance, inside);
        else
            node_build(child, variant, chance, inside);
    }
    entries_free(&entries);
}

void disk_build(const struct disk *disk, uint64_t variant, const char *folder) {
    struct chance chance = {disk->position * UINT64_C(1000003) + variant};
    folder_build(disk->root, variant, &chance, folder);
}
