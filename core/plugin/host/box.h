/* The box of a plugin's process: what it may use, read, write, reach and call. It is closed before
 * the plugin's file is opened, and cannot be opened again. A kernel that lacks a part of it still
 * runs plugins: the report says what is missing and why.
 * Threads: before any other than the main one is started. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct box {
    const char *file;      /* the plugin's: may be read */
    const char *folder;    /* may be written; NULL: none */
    const json_t *read;    /* paths; NULL: none */
    const json_t *connect; /* ports of TCP; NULL: none */
    const json_t *listen;  /* ports of TCP; NULL: none */
    int64_t memory_mib;    /* 0: as it is */
    int64_t disk_mib;      /* of a file; 0: as it is */
    int64_t descriptors;   /* 0: as it is */
    bool has_network;      /* false: no sockets at all */
};

/* Arrays of texts: "landlock 7", and "ports of TCP: landlock 4 is needed, this kernel has 3". */
struct box_report {
    json_t *active, *missing;
};

void box_report_init(struct box_report *report);
void box_report_deinit(struct box_report *report);
void box_active(struct box_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void box_missing(struct box_report *report, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void box_close(const struct box *box, struct box_report *report);

/* Its two larger parts. */
void box_landlock(const struct box *box, struct box_report *report);
void box_seccomp(const struct box *box, struct box_report *report);
