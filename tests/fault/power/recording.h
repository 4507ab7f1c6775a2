/* What the recorder writes and the disk reads: one file, mapped by the recorded process, so that it
 * survives a kill. A header, then records one after the other, each padded to eight bytes. The
 * order of the records is the order in which the kernel was asked. */
#pragma once

#include <stdint.h>

#define RECORDING_MAGIC UINT64_C(0x3152574f50)

struct recording_header {
    uint64_t magic;
    uint64_t capacity; /* of the file */
    uint64_t used;     /* bytes, with the header; set last of all */
    uint64_t n_records;
};

enum record_kind {
    RECORD_START,  /* a process begins: what is unsynced stays in the page cache */
    RECORD_WRITE,  /* inode, offset, length; data, or RECORD_ZERO */
    RECORD_RESIZE, /* inode, length */
    RECORD_MAPPED, /* inode: written through memory from here on, by whom and when nobody sees */
    RECORD_SYNC_BEGIN, /* inode */
    RECORD_SYNC_END,   /* inode; other: number of the SYNC_BEGIN; RECORD_ONE: of the one write */
    RECORD_CREATE,     /* inode of the folder; other: the new inode; RECORD_FOLDER; data: name */
    RECORD_LINK,       /* as RECORD_CREATE, of an inode that is there */
    RECORD_RENAME,     /* inode of the folder; other: the folder it goes to; data: name, 0, name */
    RECORD_UNLINK,     /* inode of the folder; data: name */
    RECORD_ACK,        /* data: the body of an acknowledgement about to be sent */
};

enum record_flags { RECORD_ZERO = 1, RECORD_ONE = 2, RECORD_FOLDER = 4 };

struct record {
    uint32_t size; /* with what follows and its padding */
    uint16_t kind;
    uint16_t flags;
    uint64_t inode;
    uint64_t other;
    uint64_t offset;
    uint64_t length; /* of a write or file; of the data otherwise */
};
