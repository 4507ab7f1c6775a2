#include "journal/segment.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/error.h"
#include "util/memory.h"

#define NAME_DIGITS 20

/* Room for one more in an array that doubles. */
static void *grown(void *items, size_t n, size_t *capacity, size_t item_size) {
    if (n < *capacity)
        return items;
    *capacity = *capacity ? *capacity * 2 : 16;
    items = realloc(items, *capacity * item_size);
    if (!items)
        memory_out();
    return items;
}

struct segment *segment_list_add(struct segment_list *list, uint64_t first_sequence,
                                 bool archived) {
    list->items = grown(list->items, list->n, &list->capacity, sizeof *list->items);
    struct segment *segment = &list->items[list->n++];
    *segment = (struct segment){.first_sequence = first_sequence, .archived = archived};
    return segment;
}

struct segment *segment_list_find(const struct segment_list *list, uint64_t sequence) {
    size_t low = 0, high = list->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->items[middle].first_sequence <= sequence)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &list->items[low - 1] : NULL;
}

void segment_list_deinit(struct segment_list *list) {
    for (size_t i = 0; i < list->n; i++)
        free(list->items[i].marks);
    free(list->items);
    *list = (struct segment_list){0};
}

void segment_mark_frame(struct segment *segment, uint64_t sequence, uint64_t offset) {
    if (segment->n_marks &&
        offset - segment->marks[segment->n_marks - 1].offset < SEGMENT_MARK_BYTES)
        return;
    segment->marks =
        grown(segment->marks, segment->n_marks, &segment->marks_capacity, sizeof *segment->marks);
    segment->marks[segment->n_marks++] = (struct segment_mark){sequence, offset};
}

struct segment_mark segment_mark_find(const struct segment *segment, uint64_t sequence) {
    size_t low = 0, high = segment->n_marks;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (segment->marks[middle].sequence <= sequence)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? segment->marks[low - 1] : (struct segment_mark){segment->first_sequence, 0};
}

void segment_marks_free(struct segment *segment) {
    free(segment->marks);
    segment->marks = NULL;
    segment->n_marks = segment->marks_capacity = 0;
}

void segment_name(uint64_t first_sequence, bool archived, char ret_name[static SEGMENT_NAME_SIZE]) {
    snprintf(ret_name, SEGMENT_NAME_SIZE, "%020" PRIu64 "%s", first_sequence,
             archived ? ".vjz" : ".vj");
}

bool segment_name_parse(const char *name, uint64_t *ret_first_sequence, bool *ret_archived) {
    if (strspn(name, "0123456789") != NAME_DIGITS)
        return false;
    bool archived = strcmp(name + NAME_DIGITS, ".vjz") == 0;
    if (!archived && strcmp(name + NAME_DIGITS, ".vj") != 0)
        return false;
    uint64_t first_sequence = strtoull(name, NULL, 10);
    if (first_sequence == 0 || first_sequence == UINT64_MAX)
        return false;
    *ret_first_sequence = first_sequence;
    *ret_archived = archived;
    return true;
}

void segment_path(const char *directory, const char *name,
                  char ret_path[static SEGMENT_PATH_SIZE]) {
    size_t directory_size = strlen(directory), name_size = strlen(name);
    assert(directory_size + name_size + 2 <= SEGMENT_PATH_SIZE);
    memcpy(ret_path, directory, directory_size);
    ret_path[directory_size] = '/';
    memcpy(ret_path + directory_size + 1, name, name_size + 1);
}

int segment_walk(const struct io *io, const char *directory, uint64_t first_sequence, bool archived,
                 struct walk *ret_walk) {
    char name[SEGMENT_NAME_SIZE], path[SEGMENT_PATH_SIZE];
    int r = -ENOENT;
    for (int form = archived; form <= 1 && r == -ENOENT; form++) {
        segment_name(first_sequence, form, name);
        segment_path(directory, name, path);
        r = walk_open(io, path, form, ret_walk);
    }
    return r;
}

int segment_remove(const struct io *io, const char *directory, uint64_t first_sequence,
                   bool archived) {
    char name[SEGMENT_NAME_SIZE], path[SEGMENT_PATH_SIZE];
    segment_name(first_sequence, archived, name);
    segment_path(directory, name, path);
    int r = io->unlink(io->self, path);
    if (r == 0)
        r = io->sync_dir(io->self, directory);
    return r < 0 ? error_note(r, "cannot remove a segment that stands twice") : 0;
}
