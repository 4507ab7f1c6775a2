/* The keyed digest that tells a repeated event from another one under the same id: SipHash-2-4-128
 * over everything that the publisher said, in the catalogue's order. */
#include "event/codec.h"

#include <assert.h>
#include <sodium.h>

static_assert(crypto_shorthash_siphashx24_BYTES == DIGEST_SIZE, "digest of 16 bytes");
static_assert(crypto_shorthash_siphashx24_KEYBYTES == sizeof(struct digest_key), "key of 16 bytes");

static size_t said_limit(const struct event *event) {
    size_t limit = 16 * VARINT_BYTES + event->id.size + event->source.size + event->subject.size +
                   event->batch.size + event->traceparent.size;
    for (size_t i = 0; i < event->n_extensions; i++)
        limit +=
            2 * VARINT_BYTES + event->extensions[i].name.size + event->extensions[i].value.size;
    return limit + fields_encoded_limit(event->type->fields, event->data);
}

static void said_put(const struct event *event, struct buf *out) {
    buf_put_varint(out, event->type->number);
    buf_put_varint(out, event->type->version);
    buf_put_counted(out, event->id);
    buf_put_counted(out, event->source);
    buf_put_byte(out, event->has_time);
    if (event->has_time)
        moment_encode(event->time, out);
    buf_put_counted(out, event->subject);
    buf_put_counted(out, event->batch);
    buf_put_counted(out, event->traceparent);
    buf_put_varint(out, event->n_extensions);
    for (size_t i = 0; i < event->n_extensions; i++) {
        buf_put_counted(out, event->extensions[i].name);
        buf_put_counted(out, event->extensions[i].value);
    }
    fields_encode(event->type->fields, event->data, out);
}

void event_digest(struct event *event, const struct digest_key *key, struct arena *arena) {
    size_t limit = said_limit(event);
    char *space = arena_bytes(arena, limit);
    struct buf said = {space, 0, limit};
    said_put(event, &said);
    assert(said.data == space);
    crypto_shorthash_siphashx24(event->digest, (const uint8_t *)said.data, said.size, key->bytes);
    sodium_memzero(space, said.size); /* holds in clear what will be sealed */
}
