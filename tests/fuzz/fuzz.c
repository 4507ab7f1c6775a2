#include "fuzz.h"

#include <ftw.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "util/dom.h"

#define DEPTHS 32

static struct depth {
    const char *what;
    unsigned long n;
} depths[DEPTHS];

static void tell(void) {
    fprintf(stderr, "reached:");
    for (size_t i = 0; i < DEPTHS && depths[i].what; i++)
        fprintf(stderr, "%s %s %lu", i ? "," : "", depths[i].what, depths[i].n);
    fprintf(stderr, "\n");
}

void reached(const char *what) {
    size_t i = 0;
    while (i < DEPTHS && depths[i].what && strcmp(depths[i].what, what) != 0)
        i++;
    assert(i < DEPTHS);
    if (!depths[0].what)
        atexit(tell);
    depths[i].what = what;
    depths[i].n++;
}

void must_be_json(struct str text) {
    static struct dom_parser *parser;
    struct dom_value value;
    const char *message;
    size_t offset;
    if (!parser)
        parser = dom_parser_new();
    json_t *json = json_loadb(text.data, text.size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    /* jansson alone has no room for U+0000 in a name, where a damaged row may have it. */
    bool known = json || memmem(text.data, text.size, "\\u0000", 6);
    if (known && dom_parse(parser, text, &value, &message, &offset) == 0) {
        json_decref(json);
        return;
    }
    fprintf(stderr, "not JSON: %.*s\n", STR_ARG(text));
    abort();
}

/* ---- a folder ---- */

static char directory[64];
static pid_t owner;

static int entry_remove(const char *path, const struct stat *status, int type, struct FTW *walk) {
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static void directory_remove(void) {
    if (getpid() == owner)
        nftw(directory, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
}

const char *fuzz_directory(void) {
    if (!*directory) {
        snprintf(directory, sizeof directory, "%s/volunteerd-fuzz-XXXXXX",
                 access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        if (!mkdtemp(directory))
            abort();
        owner = getpid();
        atexit(directory_remove);
    }
    return directory;
}
