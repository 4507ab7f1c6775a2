/* Files in memory that behave as a disk does at its worst, and no worse: what was written and not
 * synced may be lost when the power goes, piece by piece of 512 bytes; after a failed sync the
 * process still sees what it wrote, and no later sync brings it to the disk; a name is durable when
 * its folder was synced, and before that names are lost from the last one back. When only the
 * process dies everything written stays.
 *
 * It is a `struct io` below an io_steered, which has clock and random. Faults are armed by kind and
 * come at the k-th call they fit. After a crash nothing reaches the disk and every call fails,
 * until disk_restart.
 *
 * Threads: one at a time. Errors: as util/io.h. */
#pragma once

#include "simulation/dice.h"
#include "util/io.h"

/* F(NAME, "word", "call" it comes at; "": any). */
#define DISK_FAULTS(F)                                                                             \
    F(POWER, "power", "")                                                                          \
    F(KILL, "kill", "")                                                                            \
    F(WRITE, "write", "pwrite")                                                                    \
    F(SHORT_WRITE, "short_write", "pwrite")                                                        \
    F(SYNC, "sync", "fdatasync")                                                                   \
    F(READ, "read", "pread")                                                                       \
    F(OPEN, "open", "open")                                                                        \
    F(UNLINK, "unlink", "unlink")                                                                  \
    F(RENAME, "rename", "rename")                                                                  \
    F(SYNC_DIR, "sync_dir", "sync_dir")                                                            \
    F(LIST, "list", "list")                                                                        \
    F(COMMIT, "commit", "commit")

enum disk_fault {
#define F(name, word, call) DISK_##name,
    DISK_FAULTS(F)
#undef F
        DISK_FAULT_COUNT
};
const char *disk_fault_word(enum disk_fault fault);

struct disk_file;
struct disk_name;
struct disk_change;

struct disk {
    struct io io; /* below an io_steered */
    struct dice dice;
    struct disk_file *files; /* of all times */
    struct disk_name *names;
    struct disk_name *durable_names;
    struct disk_change *changes; /* of names, not durable yet; in order */
    struct disk_file **open;     /* by fd; NULL: closed */
    size_t n_open;
    struct io_steered *clock;
    void (*look)(void);
    bool is_full;
    bool is_down; /* crashed: every call fails */
    bool lost_power;
    struct {
        uint64_t at; /* counts down; 0: not armed */
        unsigned n;  /* how many came */
    } faults[DISK_FAULT_COUNT];
    uint64_t n_calls;
    void (*told)(const struct disk *disk, enum disk_fault fault, const char *call); /* or NULL */
};

/* `look` is called before each call: others may run (threads.h); NULL: there are none. */
void disk_init(struct disk *disk, uint64_t seed, struct io_steered *clock, void (*look)(void));
void disk_deinit(struct disk *disk);
void disk_arm(struct disk *disk, enum disk_fault fault, uint64_t at);
void disk_disarm(struct disk *disk);
/* A call of that name is about to happen; for those that do not come through the io. 0, or what the
 * call fails with. */
int disk_call(struct disk *disk, const char *call);
/* All files are closed; where the power went, what was not durable is lost or not as the dice
 * fall. */
void disk_restart(struct disk *disk);
