#include "policy/facts.h"

#include "policy/fact_log.h"

#define FACT_DIGEST_SIZE 16

void fact_log_deinit(struct fact_log *log) {
    buf_deinit(&log->bytes);
}

void fact_log_reset(struct fact_log *log) {
    buf_reset(&log->bytes);
    log->digested = false;
    log->n_again = 0;
    buf_put_byte(&log->bytes, FACTS_LIST);
}

void fact_value_put(struct buf *out, const struct fact_value *value) {
    buf_put_byte(out, (uint8_t)value->kind);
    switch (value->kind) {
    case FACT_INTEGER:
        buf_put_signed(out, value->integer);
        break;
    case FACT_BOOLEAN:
        buf_put_byte(out, value->integer != 0);
        break;
    case FACT_TEXT:
    case FACT_JSON:
    case FACT_SAME:
        buf_put_counted(out, value->text);
        break;
    case FACT_NONE:
        break;
    }
}

/* Keeps the log small however much a policy reads: beyond the limit only a hash goes on. */
static void fold(struct fact_log *log) {
    if (log->bytes.size <= FACTS_LIMIT)
        return;
    if (!log->digested)
        crypto_generichash_init(&log->hash, NULL, 0, FACT_DIGEST_SIZE);
    log->digested = true;
    crypto_generichash_update(&log->hash, (const unsigned char *)log->bytes.data, log->bytes.size);
    buf_reset(&log->bytes);
    log->n_again = 0;
}

static void put_fact(struct buf *out, struct str path, struct str name, struct str arguments,
                     const struct fact_value *value) {
    buf_put_varint(out, path.size + (path.size != 0) + name.size);
    buf_put_str(out, path);
    if (path.size)
        buf_put_byte(out, '.');
    buf_put_str(out, name);
    buf_put_counted(out, arguments);
    fact_value_put(out, value);
}

/* Whether the fact at the end of the bytes stands there before; else it is noted for the next. */
static bool stands_before(struct fact_log *log, size_t from) {
    const char *bytes = log->bytes.data;
    size_t size = log->bytes.size - from;
    for (size_t i = 0; i < log->n_again; i++)
        if (log->again[i].size == size &&
            memcmp(bytes + log->again[i].from, bytes + from, size) == 0)
            return true;
    if (log->bytes.size <= FACTS_LIMIT) {
        log->again[log->n_again].from = (uint16_t)from;
        log->again[log->n_again++].size = (uint16_t)size;
    }
    return false;
}

void fact_log_add(struct fact_log *log, struct str path, struct str name, struct str arguments,
                  const struct fact_value *value, bool maybe_again) {
    size_t before = log->bytes.size;
    put_fact(&log->bytes, path, name, arguments, value);
    if (maybe_again && stands_before(log, before))
        log->bytes.size = before;
    fold(log);
}

struct str fact_log_finish(struct fact_log *log, struct arena *arena) {
    if (log->digested) {
        unsigned char digest[1 + FACT_DIGEST_SIZE] = {FACTS_DIGEST};
        if (log->bytes.size)
            crypto_generichash_update(&log->hash, (const unsigned char *)log->bytes.data,
                                      log->bytes.size);
        crypto_generichash_final(&log->hash, digest + 1, FACT_DIGEST_SIZE);
        return arena_copy(arena, (struct str){(const char *)digest, sizeof digest});
    }
    return log->bytes.size > 1 ? arena_copy(arena, buf_str(&log->bytes)) : STR_NONE;
}

static void value_to_json(struct cursor *in, struct buf *out) {
    switch ((enum fact_kind)cursor_byte(in)) {
    case FACT_INTEGER:
        buf_json_integer(out, cursor_signed(in));
        return;
    case FACT_BOOLEAN:
        buf_put_str(out, cursor_byte(in) ? STR("true") : STR("false"));
        return;
    case FACT_TEXT:
        buf_json_string(out, cursor_counted(in));
        return;
    case FACT_JSON:
        buf_put_str(out, cursor_counted(in));
        return;
    case FACT_SAME:
        buf_put_byte(out, '{');
        buf_json_key(out, "same");
        buf_json_string(out, cursor_counted(in));
        buf_put_byte(out, '}');
        return;
    case FACT_NONE:
        buf_put_str(out, STR("null"));
        return;
    }
    in->failed = true;
}

static void list_to_json(struct cursor *in, struct buf *out) {
    buf_put_byte(out, '[');
    while (!in->failed && cursor_left(in)) {
        buf_json_item(out);
        buf_put_byte(out, '{');
        buf_json_key(out, "fact");
        buf_json_string(out, cursor_counted(in));
        buf_json_key(out, "arguments");
        buf_json_string(out, cursor_counted(in));
        buf_json_key(out, "value");
        value_to_json(in, out);
        buf_put_byte(out, '}');
    }
    buf_put_byte(out, ']');
}

void facts_to_json(struct str facts, struct buf *out) {
    struct cursor in = cursor_from(facts);
    size_t before = out->size;
    uint8_t form = facts.size ? cursor_byte(&in) : 0;
    if (form == FACTS_LIST) {
        list_to_json(&in, out);
    } else if (form == FACTS_DIGEST && cursor_left(&in) == FACT_DIGEST_SIZE) {
        char text[2 * FACT_DIGEST_SIZE + 1];
        sodium_bin2hex(text, sizeof text, (const unsigned char *)in.next, FACT_DIGEST_SIZE);
        buf_put_byte(out, '{');
        buf_json_key(out, "digest");
        buf_json_string(out, str_from(text));
        buf_put_byte(out, '}');
    } else {
        in.failed = true;
    }
    if (in.failed) {
        out->size = before;
        buf_put_str(out, STR("null"));
    }
}
