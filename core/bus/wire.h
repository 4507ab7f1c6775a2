/* Messages as they lie on a ROUTER socket: envelope, empty delimiter, one body; and sockets with
 * their limits. The envelope is whatever stood before the delimiter and comes back unchanged, so
 * that a REQ socket works as is and a DEALER pipelines with frames of its own. Threads: that of the
 * socket. */
#pragma once

#include "bus/guard.h"
#include "option.h"
#include "util/arena.h"
#include "util/buf.h"
#include "util/io.h"

#define ENVELOPE_FRAMES 8
#define ENVELOPE_FRAME_LIMIT 255

struct envelope {
    uint8_t n_frames;
    bool has_delimiter;
    uint8_t sizes[ENVELOPE_FRAMES];
    char frames[ENVELOPE_FRAMES][ENVELOPE_FRAME_LIMIT];
};

enum shape {
    SHAPE_WHOLE,        /* envelope, delimiter, one body */
    SHAPE_NO_DELIMITER, /* the envelope holds the identity alone: an error can still be answered */
    SHAPE_NO_BODY,
    SHAPE_MANY_BODIES,
    SHAPE_LONG_ENVELOPE, /* as SHAPE_NO_DELIMITER */
};

/* An envelope in the few bytes that it really has, for who keeps many of them, and back. */
struct str envelope_pack(const struct envelope *envelope, struct arena *arena);
void envelope_unpack(struct str packed, struct envelope *ret_envelope);

struct incoming {
    struct guard *guard; /* of the socket; may be NULL */
    struct envelope envelope;
    enum shape shape;
    struct buf body; /* reused from message to message */
    bool too_large;  /* the body was over the limit: not kept */
};

/* 1 with a message, 0 where nothing waits, < 0. */
int wire_receive(const struct io *io, void *socket, size_t body_limit, struct incoming *incoming);
/* What is wrong with it, or NULL. */
const char *wire_complaint(enum shape shape);
/* 0; WIRE_GONE where its reader does not take it or is not there. */
int wire_send(const struct io *io, void *socket, const struct envelope *envelope, struct str body);
enum { WIRE_GONE = 1 };
/* The same without the body, which must follow. */
int wire_send_envelope(const struct io *io, void *socket, const struct envelope *envelope);

/* {"error":{"code","message"}} */
void wire_error(struct buf *out, const char *code, const char *message);

struct wire_options {
    void *context; /* of ZeroMQ */
    int type;
    const struct texts *endpoints;
    const char *name; /* for messages */
    int64_t max_message_bytes;
    struct guard *guard; /* may be NULL */
};
/* 0 with a bound socket; < 0 logged. A path that a dead daemon left is taken over: the caller holds
 * the folder's lock. */
int wire_open(const struct wire_options *options, void **ret_socket);
