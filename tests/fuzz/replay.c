/* Instead of libFuzzer: runs every input of the folders and files that are named, as one test. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static unsigned n_inputs;

static void file_replay(const char *path) {
    FILE *file = fopen(path, "rb");
    struct buf input = {0};
    size_t got;
    assert(file);
    do {
        got = fread(buf_extend(&input, 65536), 1, 65536, file);
        input.size -= 65536 - got;
    } while (got);
    fclose(file);
    /* Of its very size, so that a sanitizer sees who reads beyond it. */
    uint8_t *exact = malloc(input.size ? input.size : 1);
    assert(exact);
    if (input.size)
        memcpy(exact, input.data, input.size);
    fprintf(stderr, "%s\n", path);
    LLVMFuzzerTestOneInput(exact, input.size);
    n_inputs++;
    free(exact);
    buf_deinit(&input);
}

static void path_replay(const char *path) {
    struct stat status;
    if (stat(path, &status) != 0)
        return;
    if (!S_ISDIR(status.st_mode)) {
        file_replay(path);
        return;
    }
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char whole[4096];
        snprintf(whole, sizeof whole, "%s/%s", path, entries[i]->d_name);
        if (*entries[i]->d_name != '.')
            path_replay(whole);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

int main(int argc, char **argv) {
    LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        path_replay(argv[i]);
    printf("%u inputs\n", n_inputs);
    return n_inputs ? 0 : 1;
}
