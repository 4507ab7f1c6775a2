#include "bus/wire.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <zmq.h>

#include "util/error.h"
#include "util/log.h"

#define MIB (INT64_C(1) << 20)
#define RECEIVE_MESSAGES 64
/* Answers that a peer has not taken yet; large ones are counted in bytes beside that (flight.h).
 * One frame of the journal acknowledges thousands of single events at once. */
#define ANSWER_MESSAGES 30000
#define FEED_MESSAGES 10000
#define LINGER_MS 2000
#define SUBSCRIPTION_LIMIT 4096 /* bytes; also of the words by which a connection begins */
#define ENVELOPE_LIMIT (ENVELOPE_FRAMES * (ENVELOPE_FRAME_LIMIT + 1))

/* ---- envelopes ---- */

/* Number of frames, whether a delimiter follows, their sizes, their bytes. */
struct str envelope_pack(const struct envelope *envelope, struct arena *arena) {
    size_t n = envelope->n_frames, size = 2 + n;
    for (size_t i = 0; i < n; i++)
        size += envelope->sizes[i];
    char *packed = arena_bytes(arena, size), *at = packed + 2 + n;
    packed[0] = (char)n;
    packed[1] = envelope->has_delimiter;
    memcpy(packed + 2, envelope->sizes, n);
    for (size_t i = 0; i < n; at += envelope->sizes[i++])
        memcpy(at, envelope->frames[i], envelope->sizes[i]);
    return (struct str){packed, size};
}

void envelope_unpack(struct str packed, struct envelope *ret_envelope) {
    size_t n = (size_t)packed.data[0];
    const char *at = packed.data + 2 + n;
    ret_envelope->n_frames = (uint8_t)n;
    ret_envelope->has_delimiter = packed.data[1];
    memcpy(ret_envelope->sizes, packed.data + 2, n);
    for (size_t i = 0; i < n; at += ret_envelope->sizes[i++])
        memcpy(ret_envelope->frames[i], at, ret_envelope->sizes[i]);
}

/* ---- receiving ---- */

static void take_envelope_frame(struct incoming *incoming, struct str frame) {
    struct envelope *envelope = &incoming->envelope;
    if (frame.size == 0 && envelope->n_frames > 0) {
        envelope->has_delimiter = true;
        incoming->shape = SHAPE_NO_BODY;
    } else if (envelope->n_frames == ENVELOPE_FRAMES || frame.size > ENVELOPE_FRAME_LIMIT) {
        incoming->shape = SHAPE_LONG_ENVELOPE;
    } else {
        envelope->sizes[envelope->n_frames] = (uint8_t)frame.size;
        memcpy(envelope->frames[envelope->n_frames], frame.data, frame.size);
        envelope->n_frames++;
    }
}

static void take_body(struct incoming *incoming, struct str frame, size_t body_limit) {
    if (incoming->shape != SHAPE_NO_BODY) {
        incoming->shape = SHAPE_MANY_BODIES;
        return;
    }
    incoming->shape = SHAPE_WHOLE;
    incoming->too_large = frame.size > body_limit;
    if (!incoming->too_large)
        buf_put_str(&incoming->body, frame);
}

static void take_frame(struct incoming *incoming, struct str frame, size_t body_limit) {
    if (incoming->shape == SHAPE_LONG_ENVELOPE)
        return;
    if (incoming->envelope.has_delimiter)
        take_body(incoming, frame, body_limit);
    else
        take_envelope_frame(incoming, frame);
}

int wire_receive(const struct io *io, void *socket, size_t body_limit, struct incoming *incoming) {
    incoming->envelope.n_frames = 0;
    incoming->envelope.has_delimiter = false;
    incoming->shape = SHAPE_NO_DELIMITER;
    incoming->too_large = false;
    buf_reset(&incoming->body);
    bool more = true;
    int result = 1;
    size_t n_frames = 0, bytes = 0;
    zmq_msg_t message;
    zmq_msg_init(&message);
    while (more && result == 1) {
        result = io->receive(io->self, socket, &message, &more);
        if (result != 1)
            break;
        take_frame(incoming, (struct str){zmq_msg_data(&message), zmq_msg_size(&message)},
                   body_limit);
        bytes += n_frames++ ? zmq_msg_size(&message) : 0;
    }
    zmq_msg_close(&message);
    if (incoming->guard && result == 1)
        guard_taken(incoming->guard, bytes);
    else if (incoming->guard)
        guard_emptied(incoming->guard);
    if (incoming->shape == SHAPE_NO_DELIMITER || incoming->shape == SHAPE_LONG_ENVELOPE) {
        /* Nothing says where the sender's own frames end: only the identity is certain. */
        incoming->envelope.n_frames = incoming->envelope.n_frames > 0;
        incoming->envelope.has_delimiter = false;
    }
    if (incoming->body.capacity > (size_t)MIB && incoming->body.size < (size_t)MIB / 4) {
        struct buf smaller = {0};
        buf_put_str(&smaller, buf_str(&incoming->body));
        buf_deinit(&incoming->body);
        incoming->body = smaller;
    }
    return result;
}

const char *wire_complaint(enum shape shape) {
    switch (shape) {
    case SHAPE_WHOLE:
        return NULL;
    case SHAPE_NO_DELIMITER:
        return "the message has no empty delimiter frame: send [..., empty, body], as a REQ socket "
               "does";
    case SHAPE_NO_BODY:
        return "the message has no body after the empty delimiter frame";
    case SHAPE_MANY_BODIES:
        return "the message has more than one frame after the empty delimiter frame";
    case SHAPE_LONG_ENVELOPE:
        return "the envelope before the empty delimiter frame has more than 7 frames, or one of "
               "more than 255 bytes";
    }
    return NULL;
}

/* ---- sending ---- */

int wire_send_envelope(const struct io *io, void *socket, const struct envelope *envelope) {
    int result = 0;
    for (size_t i = 0; i < envelope->n_frames && result == 0; i++)
        result = io->send(io->self, socket, envelope->frames[i], envelope->sizes[i], true);
    if (result == 0 && envelope->has_delimiter)
        result = io->send(io->self, socket, "", 0, true);
    return result == 0 ? 0 : WIRE_GONE;
}

int wire_send(const struct io *io, void *socket, const struct envelope *envelope, struct str body) {
    int result = wire_send_envelope(io, socket, envelope);
    if (result == 0)
        result = io->send(io->self, socket, body.data, body.size, false);
    return result == 0 ? 0 : WIRE_GONE;
}

void wire_error(struct buf *out, const char *code, const char *message) {
    buf_put_str(out, STR("{\"error\":{"));
    buf_json_key(out, "code");
    buf_json_string(out, str_from(code));
    buf_json_key(out, "message");
    buf_json_string(out, str_from(message));
    buf_put_str(out, STR("}}"));
}

/* ---- opening ---- */

static void set_integer(void *socket, int option, int value) {
    int result = zmq_setsockopt(socket, option, &value, sizeof value);
    assert(result == 0);
}

/* A second bind of an ipc path silently steals it: the lock of runtime_dir keeps others out there,
 * but an endpoint may lie elsewhere. */
static bool is_served(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return false;
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool served = fd >= 0 && (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 ||
                              errno == EAGAIN);
    if (fd >= 0)
        close(fd);
    return served;
}

static int bind_all(const struct wire_options *options, void *socket) {
    for (size_t i = 0; i < options->endpoints->n; i++) {
        const char *endpoint = options->endpoints->items[i];
        /* A listener keeps the limit that held when it was bound. */
        bool ipc = !strncmp(endpoint, "ipc://", 6);
        int64_t limit = options->type == ZMQ_XPUB ? SUBSCRIPTION_LIMIT
                        : ipc                     ? options->max_message_bytes + MIB
                                                  : MIB;
        zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &limit, sizeof limit);
        if (options->guard)
            guard_add(options->guard, endpoint, (size_t)limit + ENVELOPE_LIMIT);
        if (ipc && is_served(endpoint + 6)) {
            log_error("bus.%s: another process serves %s", options->name, endpoint);
            return -EADDRINUSE;
        }
        if (zmq_bind(socket, endpoint) < 0) {
            int error = -zmq_errno();
            log_error("bus.%s: cannot bind %s: %s", options->name, endpoint, zmq_strerror(-error));
            return error;
        }
    }
    return 0;
}

int wire_open(const struct wire_options *options, void **ret_socket) {
    void *socket = zmq_socket(options->context, options->type);
    if (!socket)
        return error_note(-zmq_errno(), "socket of the bus");
    set_integer(socket, ZMQ_RCVHWM, RECEIVE_MESSAGES);
    set_integer(socket, ZMQ_SNDHWM, options->type == ZMQ_XPUB ? FEED_MESSAGES : ANSWER_MESSAGES);
    set_integer(socket, ZMQ_LINGER, LINGER_MS);
    set_integer(socket, ZMQ_IPV6, 0);
    if (options->type == ZMQ_ROUTER)
        set_integer(socket, ZMQ_ROUTER_MANDATORY, 1);
    if (options->type == ZMQ_XPUB)
        set_integer(socket, ZMQ_XPUB_VERBOSER, 1);
    int result = bind_all(options, socket);
    if (result < 0) {
        zmq_close(socket);
        return result;
    }
    *ret_socket = socket;
    return 0;
}
