#include "plugin/protocol.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define READ_BYTES (256u << 10)
#define READ_AT_ONCE (4u << 20) /* then the others have their turn */
#define KEPT_BYTES (1u << 20)   /* what a buffer keeps while it is empty */

void channel_init(struct channel *channel, int fd, size_t limit) {
    *channel = (struct channel){.fd = fd, .limit = limit};
}

void channel_deinit(struct channel *channel) {
    if (channel->fd >= 0)
        close(channel->fd);
    buf_deinit(&channel->in);
    buf_deinit(&channel->out);
    *channel = (struct channel){.fd = -1};
}

/* ---- in ---- */

/* What is done with makes room, once that is worth moving the rest. */
static void close_ranks(struct buf *buf, size_t *done) {
    if (*done == 0 || *done < buf->size / 2)
        return;
    buf->size -= *done;
    if (buf->size)
        memmove(buf->data, buf->data + *done, buf->size);
    else if (buf->capacity > KEPT_BYTES)
        buf_deinit(buf);
    *done = 0;
}

int channel_read(struct channel *channel) {
    close_ranks(&channel->in, &channel->taken);
    for (size_t total = 0; total < READ_AT_ONCE;) {
        buf_reserve(&channel->in, READ_BYTES);
        ssize_t n = read(channel->fd, channel->in.data + channel->in.size, READ_BYTES);
        if (n > 0) {
            channel->in.size += (size_t)n;
            total += (size_t)n;
        } else if (n == 0 || errno == ECONNRESET) {
            return CHANNEL_CLOSED;
        } else if (errno == EAGAIN) {
            return 0;
        } else if (errno != EINTR) {
            return -errno;
        }
    }
    return 0;
}

int channel_take(struct channel *channel, struct frame *ret_frame) {
    struct str left = {channel->in.data + channel->taken, channel->in.size - channel->taken};
    if (left.size < FRAME_HEADER_BYTES)
        return CHANNEL_NOTHING;
    struct cursor cursor = cursor_from(left);
    size_t size = cursor_u32(&cursor);
    uint16_t kind = cursor_u16(&cursor), nothing = cursor_u16(&cursor);
    uint64_t number = cursor_u64(&cursor);
    if (size > channel->limit)
        return -EMSGSIZE;
    if (nothing != 0)
        return -EBADMSG;
    /* A body ends with a NUL that its size does not count. */
    if (left.size < FRAME_HEADER_BYTES + size + 1)
        return CHANNEL_NOTHING;
    if (left.data[FRAME_HEADER_BYTES + size] != '\0')
        return -EBADMSG;
    *ret_frame =
        (struct frame){(enum frame_kind)kind, number, {left.data + FRAME_HEADER_BYTES, size}};
    channel->taken += FRAME_HEADER_BYTES + size + 1;
    return 0;
}

/* ---- out ---- */

size_t channel_begin(struct channel *channel, enum frame_kind kind, uint64_t number) {
    close_ranks(&channel->out, &channel->written);
    size_t begun = channel->out.size;
    buf_put_u32(&channel->out, 0);
    buf_put_u16(&channel->out, (uint16_t)kind);
    buf_put_u16(&channel->out, 0);
    buf_put_u64(&channel->out, number);
    return begun;
}

void channel_end(struct channel *channel, size_t begun) {
    uint32_t size = htole32((uint32_t)(channel->out.size - begun - FRAME_HEADER_BYTES));
    memcpy(channel->out.data + begun, &size, sizeof size);
    buf_put_byte(&channel->out, '\0');
}

void channel_put(struct channel *channel, enum frame_kind kind, uint64_t number, struct str body) {
    size_t begun = channel_begin(channel, kind, number);
    buf_put_str(&channel->out, body);
    channel_end(channel, begun);
}

int channel_write(struct channel *channel) {
    while (channel_waiting(channel)) {
        ssize_t n =
            write(channel->fd, channel->out.data + channel->written, channel_waiting(channel));
        if (n > 0)
            channel->written += (size_t)n;
        else if (n < 0 && errno == EAGAIN)
            return CHANNEL_NOTHING;
        else if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
            return CHANNEL_CLOSED;
        else if (n < 0 && errno != EINTR)
            return -errno;
    }
    close_ranks(&channel->out, &channel->written);
    return 0;
}
