#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "random.h"
#include "util/calendar.h"

#define FLUSH_BYTES (256u * 1024)
#define SPARE_DAYS 16u /* activities are published ahead of the last day */

static void dates_fill(struct output *out, const struct plan *plan) {
    uint32_t n = SETUP_DAYS + plan->n_days + SPARE_DAYS;
    out->dates = calloc(n, sizeof(*out->dates));
    if (!out->dates)
        abort();
    for (uint32_t day = 0; day < n; day++) {
        char text[16];
        size_t size = date_format(plan_date(plan, day), text);
        memcpy(out->dates[day], text, size < sizeof(*out->dates) ? size : sizeof(*out->dates) - 1);
    }
}

void output_open(struct output *out, const struct plan *plan, int fd) {
    *out = (struct output){.fd = fd,
                           .random_ids = plan->random_ids,
                           .keep_lines = plan->faults_per_10000 > 0,
                           .id_prefix = 'd',
                           .seed = plan->seed};
    buf_reserve(&out->text, FLUSH_BYTES * 2);
    dates_fill(out, plan);
}

static void output_flush(struct output *out) {
    size_t done = 0;
    while (!out->error && done < out->text.size) {
        ssize_t n = write(out->fd, out->text.data + done, out->text.size - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno != EINTR)
            out->error = -errno;
    }
    buf_reset(&out->text);
}

int output_close(struct output *out) {
    output_flush(out);
    for (uint32_t i = 0; i < OUTPUT_KEPT_LINES; i++)
        buf_deinit(&out->lines[i]);
    buf_deinit(&out->text);
    free(out->dates);
    out->dates = NULL;
    return out->error;
}

void output_number_from_one(struct output *out, char prefix) {
    out->n_events = 0;
    out->n_lines = 0;
    out->id_prefix = prefix;
}

static void put_padded(struct buf *text, uint64_t number, uint32_t digits) {
    char reversed[24];
    uint32_t n = 0;
    do {
        reversed[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number || n < digits);
    char *at = buf_extend(text, n);
    while (n)
        *at++ = reversed[--n];
}

static void put_two(char *at, uint32_t value) {
    at[0] = (char)('0' + value / 10);
    at[1] = (char)('0' + value % 10);
}

static void put_moment(struct output *out, uint32_t moment) {
    uint32_t second = moment % DAY_S;
    char *at = buf_extend(&out->text, 27);
    at[0] = '"';
    memcpy(at + 1, out->dates[moment / DAY_S], 10);
    memcpy(at + 11, "T00:00:00+08:00\"", 16);
    put_two(at + 12, second / HOUR_S);
    put_two(at + 15, second / MINUTE_S % 60);
    put_two(at + 18, second % 60);
}

/* Looks random and is unique: the scattering is a bijection of prefix and number. */
static void put_random_id(struct output *out, uint64_t number) {
    static const char hex[] = "0123456789abcdef";
    uint64_t key = random_key(out->seed, STREAM_EVENT_ID);
    uint64_t low = random_mix(key ^ (number | (uint64_t)(unsigned char)out->id_prefix << 56));
    uint64_t halves[2] = {random_mix(low + RANDOM_STEP), low};
    char *at = buf_extend(&out->text, 33);
    for (uint32_t i = 0; i < 32; i++) {
        *at++ = hex[(halves[i / 16] >> (60 - 4 * (i % 16))) & 15];
        if (i == 15)
            *at++ = '-';
    }
}

void event_begin_again(struct output *out, uint64_t number, const char *source, const char *type,
                       uint32_t moment) {
    struct buf *text = &out->text;
    out->line_start = text->size;
    buf_put_str(text, STR("{\"specversion\":\"1.0\",\"id\":\""));
    if (out->random_ids) {
        put_random_id(out, number);
    } else {
        buf_put_byte(text, (uint8_t)out->id_prefix);
        put_padded(text, number, 10);
    }
    buf_put_str(text, STR("\",\"source\":\""));
    buf_put_str(text, str_from(source));
    buf_put_str(text, STR("\",\"type\":\""));
    buf_put_str(text, str_from(type));
    buf_put_str(text, STR("\",\"time\":"));
    put_moment(out, moment);
    buf_put_str(text, STR(",\"data\":{"));
}

uint64_t event_begin(struct output *out, const char *source, const char *type, uint32_t moment) {
    event_begin_again(out, ++out->n_events, source, type, moment);
    return out->n_events;
}

void event_end(struct output *out) {
    struct buf *text = &out->text;
    buf_put_str(text, STR("}}\n"));
    if (out->keep_lines) {
        struct buf *kept = &out->lines[out->n_lines++ % OUTPUT_KEPT_LINES];
        buf_reset(kept);
        buf_put(kept, text->data + out->line_start, text->size - out->line_start);
    }
    if (text->size >= FLUSH_BYTES)
        output_flush(out);
}

bool output_repeat(struct output *out, uint32_t choice) {
    uint32_t n = out->n_lines < OUTPUT_KEPT_LINES ? out->n_lines : OUTPUT_KEPT_LINES;
    if (!n)
        return false;
    buf_put_str(&out->text, buf_str(&out->lines[choice % n]));
    return true;
}

void field_text(struct output *out, const char *name, struct str value) {
    buf_json_key(&out->text, name);
    buf_json_string(&out->text, value);
}

void field_integer(struct output *out, const char *name, int64_t value) {
    buf_json_key(&out->text, name);
    buf_json_integer(&out->text, value);
}

void field_true(struct output *out, const char *name) {
    buf_json_key(&out->text, name);
    buf_put_str(&out->text, STR("true"));
}

void field_false(struct output *out, const char *name) {
    buf_json_key(&out->text, name);
    buf_put_str(&out->text, STR("false"));
}

void field_null(struct output *out, const char *name) {
    buf_json_key(&out->text, name);
    buf_put_str(&out->text, STR("null"));
}

void field_moment(struct output *out, const char *name, uint32_t moment) {
    buf_json_key(&out->text, name);
    put_moment(out, moment);
}

void field_date(struct output *out, const char *name, int32_t date) {
    char text[16];
    field_text(out, name, (struct str){text, date_format(date, text)});
}

void field_id(struct output *out, const char *name, const char *prefix, uint32_t digits,
              uint64_t number) {
    buf_json_key(&out->text, name);
    buf_put_byte(&out->text, '"');
    buf_put_str(&out->text, str_from(prefix));
    put_padded(&out->text, number, digits);
    buf_put_byte(&out->text, '"');
}

void field_object(struct output *out, const char *name) {
    buf_json_key(&out->text, name);
    buf_put_byte(&out->text, '{');
}

void object_end(struct output *out) {
    buf_put_byte(&out->text, '}');
}

void field_list(struct output *out, const char *name) {
    buf_json_key(&out->text, name);
    buf_put_byte(&out->text, '[');
}

void list_text(struct output *out, struct str value) {
    buf_json_item(&out->text);
    buf_json_string(&out->text, value);
}

void list_object(struct output *out) {
    buf_json_item(&out->text);
    buf_put_byte(&out->text, '{');
}

void list_end(struct output *out) {
    buf_put_byte(&out->text, ']');
}

void field_subject(struct output *out, const char *kind) {
    field_object(out, "subject");
    field_text(out, "kind", str_from(kind));
}
