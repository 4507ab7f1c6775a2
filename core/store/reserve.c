#include "store/reserve.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "util/error.h"
#include "util/memory.h"
#include "util/thread.h"

#define CHUNKS_READY 2
#define PAGE_BYTES 4096

struct returned {
    struct returned *next;
    size_t bytes;
};

struct reserve {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t work;
    /* Under mutex. */
    bool stopping;
    unsigned n_chunks;
    void *chunks[CHUNKS_READY];
    size_t large_wanted; /* 0: none */
    void *large;         /* ready, of large_bytes */
    size_t large_bytes;
    struct returned *returned; /* in the first bytes of what was given back */
};

/* Twice what is wanted would be too much to keep: what stands before and behind it goes. */
void *memory_map(size_t bytes) {
    size_t mapped = bytes + RESERVE_CHUNK_BYTES;
    char *memory = mmap(NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        memory_out();
    size_t before = -(uintptr_t)memory % RESERVE_CHUNK_BYTES;
    if (before)
        munmap(memory, before);
    munmap(memory + before + bytes, RESERVE_CHUNK_BYTES - before);
    /* Where it does not work, nothing is lost but time: every page that is not in the processor's
     * own table of them costs more than the look itself. */
    madvise(memory + before, bytes, MADV_HUGEPAGE);
    return memory + before;
}

void memory_unmap(void *memory, size_t bytes) {
    munmap(memory, bytes);
}

/* Page by page rather than with MADV_POPULATE_WRITE, which would keep others from mapping. */
static void *map_touched(size_t bytes) {
    volatile char *memory = memory_map(bytes);
    for (size_t at = 0; at < bytes; at += PAGE_BYTES)
        memory[at] = 0;
    return (void *)(uintptr_t)memory;
}

static void make_chunk(struct reserve *reserve) {
    pthread_mutex_unlock(&reserve->mutex);
    void *chunk = map_touched(RESERVE_CHUNK_BYTES);
    pthread_mutex_lock(&reserve->mutex);
    reserve->chunks[reserve->n_chunks++] = chunk; /* only this thread adds */
}

static void drop_large(struct reserve *reserve) {
    if (reserve->large)
        memory_unmap(reserve->large, reserve->large_bytes);
    reserve->large = NULL;
}

static void make_large(struct reserve *reserve) {
    size_t bytes = reserve->large_wanted;
    drop_large(reserve);
    pthread_mutex_unlock(&reserve->mutex);
    void *memory = map_touched(bytes);
    pthread_mutex_lock(&reserve->mutex);
    reserve->large = memory;
    reserve->large_bytes = bytes;
    if (reserve->large_wanted == bytes)
        reserve->large_wanted = 0;
}

static void unmap_returned(struct reserve *reserve) {
    struct returned *piece = reserve->returned;
    reserve->returned = piece->next;
    pthread_mutex_unlock(&reserve->mutex);
    memory_unmap(piece, piece->bytes);
    pthread_mutex_lock(&reserve->mutex);
}

static void *reserve_run(void *context) {
    struct reserve *reserve = context;
    pthread_mutex_lock(&reserve->mutex);
    while (!reserve->stopping) {
        if (reserve->large_wanted)
            make_large(reserve);
        else if (reserve->n_chunks < CHUNKS_READY)
            make_chunk(reserve);
        else if (reserve->returned)
            unmap_returned(reserve);
        else
            pthread_cond_wait(&reserve->work, &reserve->mutex);
    }
    pthread_mutex_unlock(&reserve->mutex);
    return NULL;
}

int reserve_start(struct reserve **ret_reserve) {
    struct reserve *reserve = memory_checked(calloc(1, sizeof *reserve));
    pthread_mutex_init(&reserve->mutex, NULL);
    pthread_cond_init(&reserve->work, NULL);
    int error = thread_start(&reserve->thread, "reserve", reserve_run, reserve);
    if (error) {
        reserve_stop(reserve);
        return error_note(error, "the thread that keeps memory ready");
    }
    *ret_reserve = reserve;
    return 0;
}

void reserve_stop(struct reserve *reserve) {
    if (!reserve)
        return;
    pthread_mutex_lock(&reserve->mutex);
    reserve->stopping = true;
    pthread_cond_signal(&reserve->work);
    pthread_mutex_unlock(&reserve->mutex);
    if (reserve->thread)
        pthread_join(reserve->thread, NULL);
    while (reserve->n_chunks)
        memory_unmap(reserve->chunks[--reserve->n_chunks], RESERVE_CHUNK_BYTES);
    drop_large(reserve);
    for (struct returned *piece = reserve->returned, *next; piece; piece = next) {
        next = piece->next;
        memory_unmap(piece, piece->bytes);
    }
    pthread_cond_destroy(&reserve->work);
    pthread_mutex_destroy(&reserve->mutex);
    free(reserve);
}

void *reserve_chunk(struct reserve *reserve) {
    pthread_mutex_lock(&reserve->mutex);
    void *chunk = reserve->n_chunks ? reserve->chunks[--reserve->n_chunks] : NULL;
    pthread_cond_signal(&reserve->work);
    pthread_mutex_unlock(&reserve->mutex);
    return chunk;
}

void *reserve_large(struct reserve *reserve, size_t bytes) {
    void *memory = NULL;
    pthread_mutex_lock(&reserve->mutex);
    if (reserve->large && reserve->large_bytes == bytes) {
        memory = reserve->large;
        reserve->large = NULL;
    } else if (reserve->large_wanted != bytes) {
        reserve->large_wanted = bytes;
        pthread_cond_signal(&reserve->work);
    }
    pthread_mutex_unlock(&reserve->mutex);
    return memory;
}

void reserve_give_back(struct reserve *reserve, void *memory, size_t bytes) {
    struct returned *piece = memory;
    pthread_mutex_lock(&reserve->mutex);
    *piece = (struct returned){reserve->returned, bytes};
    reserve->returned = piece;
    pthread_cond_signal(&reserve->work);
    pthread_mutex_unlock(&reserve->mutex);
}
