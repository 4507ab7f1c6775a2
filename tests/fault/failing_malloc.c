/* Loaded before the C library (LD_PRELOAD): lets malloc, calloc, realloc or strdup give NULL to the
 * program itself, at its k-th call. What libraries ask for is never refused.
 * VOLUNTEERD_MALLOC_FAILS=k which call (0: none, counted only), VOLUNTEERD_MALLOC_COUNT=FILE where
 * the number of calls goes at the end. Children (--child) are left alone unless
 * VOLUNTEERD_MALLOC_CHILDREN is set; then they are all that is failed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* glibc's own, under the names it exports for this. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

static uintptr_t program_begin, program_end;
static unsigned long fails_at;
static _Atomic(unsigned long) n_calls;
static _Atomic(bool) watching;

static int find_program(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    (void)context;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_LOAD && (header->p_flags & PF_X)) {
            program_begin = info->dlpi_addr + header->p_vaddr;
            program_end = program_begin + header->p_memsz;
        }
    }
    return 1; /* the first is the program */
}

static bool is_child(void) {
    char line[4096];
    int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? 0 : read(fd, line, sizeof line);
    if (fd >= 0)
        close(fd);
    return size > 0 && memmem(line, (size_t)size, "--child", 8) != NULL;
}

__attribute__((constructor)) static void begin(void) {
    const char *at = getenv("VOLUNTEERD_MALLOC_FAILS");
    if (!at || is_child() != (getenv("VOLUNTEERD_MALLOC_CHILDREN") != NULL))
        return;
    fails_at = strtoul(at, NULL, 10);
    dl_iterate_phdr(find_program, NULL);
    atomic_store(&watching, true);
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("VOLUNTEERD_MALLOC_COUNT");
    int fd = path && atomic_load(&watching)
                 ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640)
                 : -1;
    if (fd >= 0) {
        dprintf(fd, "%lu\n", atomic_load(&n_calls));
        close(fd);
    }
}

static bool is_refused(const void *caller) {
    uintptr_t at = (uintptr_t)caller;
    if (!atomic_load_explicit(&watching, memory_order_relaxed) || at < program_begin ||
        at >= program_end)
        return false;
    if (atomic_fetch_add(&n_calls, 1) + 1 != fails_at)
        return false;
    errno = ENOMEM;
    return true;
}

__attribute__((visibility("default"))) void *malloc(size_t size) {
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

__attribute__((visibility("default"))) void *calloc(size_t n, size_t size) {
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_calloc(n, size);
}

__attribute__((visibility("default"))) void *realloc(void *memory, size_t size) {
    return is_refused(__builtin_return_address(0)) ? NULL : __libc_realloc(memory, size);
}

__attribute__((visibility("default"))) void *reallocarray(void *memory, size_t n, size_t size) {
    size_t bytes;
    if (is_refused(__builtin_return_address(0)))
        return NULL;
    if (__builtin_mul_overflow(n, size, &bytes)) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(memory, bytes);
}

__attribute__((visibility("default"))) char *strdup(const char *text) {
    if (is_refused(__builtin_return_address(0)))
        return NULL;
    size_t size = strlen(text) + 1;
    char *copy = __libc_malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}
