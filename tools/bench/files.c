#include "files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <linux/fs.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"

#define COPY_BYTES (1u << 20)
#define OPEN_FOLDERS 16

void path_join(char ret_path[static PATH_LIMIT], const char *directory, const char *name) {
    int size = snprintf(ret_path, PATH_LIMIT, "%s/%s", directory, name);
    if (size < 0 || size >= PATH_LIMIT)
        fail("%s/%s: too long a path", directory, name);
}

void folder_make(const char *path) {
    char part[PATH_LIMIT];
    size_t size = strlen(path);
    if (size >= PATH_LIMIT)
        fail("%s: too long a path", path);
    for (size_t i = 1; i <= size; i++) {
        if (path[i] != '/' && path[i])
            continue;
        memcpy(part, path, i);
        part[i] = 0;
        if (mkdir(part, 0750) < 0 && errno != EEXIST)
            fail("cannot make %s: %s", part, strerror(errno));
    }
}

bool file_exists(const char *path) {
    return access(path, F_OK) == 0;
}

/* ---- copy ---- */

static void copy_range(int from, int to, off_t at, off_t end, const char *path) {
    static char piece[COPY_BYTES];
    while (at < end) {
        size_t want = end - at < COPY_BYTES ? (size_t)(end - at) : COPY_BYTES;
        ssize_t n = pread(from, piece, want, at);
        if (n <= 0 || pwrite(to, piece, (size_t)n, at) != n)
            fail("cannot copy %s: %s", path, n == 0 ? "it became shorter" : strerror(errno));
        at += n;
    }
}

static void copy_data(int from, int to, off_t size, const char *path) {
    if (ioctl(to, FICLONE, from) == 0)
        return;
    if (ftruncate(to, size) < 0)
        fail("cannot copy %s: %s", path, strerror(errno));
    for (off_t at = 0; at < size;) {
        off_t data = lseek(from, at, SEEK_DATA);
        if (data < 0)
            return; /* a hole up to the end */
        off_t hole = lseek(from, data, SEEK_HOLE);
        copy_range(from, to, data, hole < 0 ? size : hole, path);
        at = hole < 0 ? size : hole;
    }
}

void file_copy(const char *from, const char *to) {
    struct stat about;
    int source = open(from, O_RDONLY | O_CLOEXEC);
    if (source < 0 || fstat(source, &about) < 0)
        fail("cannot read %s: %s", from, strerror(errno));
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, about.st_mode & 0777);
    if (target < 0)
        fail("cannot write %s: %s", to, strerror(errno));
    copy_data(source, target, about.st_size, from);
    if (fsync(target) < 0)
        fail("cannot write %s: %s", to, strerror(errno));
    close(source);
    close(target);
}

void tree_copy(const char *from, const char *to, const char *leave_out) {
    DIR *folder = opendir(from);
    if (!folder)
        fail("cannot read %s: %s", from, strerror(errno));
    folder_make(to);
    for (struct dirent *entry; (entry = readdir(folder));) {
        char source[PATH_LIMIT], target[PATH_LIMIT];
        struct stat about;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            (leave_out && strcmp(entry->d_name, leave_out) == 0))
            continue;
        path_join(source, from, entry->d_name);
        path_join(target, to, entry->d_name);
        if (lstat(source, &about) < 0)
            fail("cannot read %s: %s", source, strerror(errno));
        if (S_ISDIR(about.st_mode))
            tree_copy(source, target, NULL);
        else if (S_ISREG(about.st_mode))
            file_copy(source, target);
    }
    closedir(folder);
}

/* ---- remove, weigh ---- */

static int remove_one(const char *path, const struct stat *about, int type, struct FTW *place) {
    (void)about;
    (void)type;
    (void)place;
    return remove(path);
}

void tree_remove(const char *path) {
    if (nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS) < 0 && errno != ENOENT)
        fail("cannot remove %s: %s", path, strerror(errno));
}

static _Thread_local uint64_t weighed_bytes;

static int weigh_one(const char *path, const struct stat *about, int type, struct FTW *place) {
    (void)path;
    (void)place;
    if (type == FTW_F)
        weighed_bytes += (uint64_t)about->st_blocks * 512;
    return 0;
}

uint64_t tree_disk_bytes(const char *path) {
    weighed_bytes = 0;
    if (nftw(path, weigh_one, OPEN_FOLDERS, FTW_PHYS) < 0)
        fail("cannot read %s: %s", path, strerror(errno));
    return weighed_bytes;
}

char *file_read(const char *path) {
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t capacity = 0;
    if (!file)
        return NULL;
    if (getdelim(&text, &capacity, 0, file) < 0) {
        free(text);
        text = strdup("");
    }
    fclose(file);
    return text;
}

void file_write(const char *path, const char *text) {
    FILE *file = fopen(path, "we");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0)
        fail("cannot write %s: %s", path, strerror(errno));
}
