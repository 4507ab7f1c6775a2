/* What the plugin says of itself: lines of the log, counters, and that it is alive. */
#include "plugin/host/host.h"

#define LINE_BYTES 4000

/* ---- the log ---- */

static void send_line(struct host *host, enum vol_level level, struct str line) {
    size_t begun = channel_begin(&host->channel, FRAME_LOG, 0);
    struct buf *out = &host->channel.out;
    buf_put_byte(out, (uint8_t)level);
    for (size_t at = 0; at < line.size;) {
        struct str left = {line.data + at, line.size - at};
        size_t size = str_utf8_size(left);
        if (at + size > LINE_BYTES)
            break;
        /* One line stays one, and steers no terminal. */
        if (size == 0 || (uint8_t)*left.data < ' ' || *left.data == 0x7F)
            buf_put_byte(out, size ? ' ' : '?');
        else
            buf_put(out, left.data, size);
        at += size ? size : 1;
    }
    channel_end(&host->channel, begun);
}

void log_flush(struct host *host) {
    int64_t second = monotonic_us() / 1000000;
    char line[80];
    if (second == host->log_second)
        return;
    int size = snprintf(line, sizeof line, "%u more lines within a second were left out",
                        host->log_left_out);
    if (host->log_left_out)
        send_line(host, VOL_WARNING, (struct str){line, (size_t)size});
    host->log_second = second;
    host->log_lines = 0;
    host->log_left_out = 0;
}

void service_log(struct vol_core *core, enum vol_level level, const char *line) {
    struct host *host = host_of(core);
    log_flush(host);
    if (host->log_room) {
        host->log_room--;
    } else if (host->log_lines == LOG_LINES_A_SECOND) {
        host->log_left_out++;
        return;
    } else {
        host->log_lines++;
    }
    if (level < VOL_ERROR || level > VOL_DEBUG)
        level = VOL_NOTICE;
    send_line(host, level, str_from(line));
}

/* ---- counters and beats ---- */

void service_count(struct vol_core *core, size_t index, int64_t number) {
    struct host *host = host_of(core);
    if (index >= host->loaded.n_counters)
        service_log(core, VOL_ERROR, "vol_count: there is no counter of this index");
    else if (host->loaded.counters[index].gauge)
        host->counters[index] = number;
    else if (number > 0)
        host->counters[index] += number;
}

void beat_send(struct host *host) {
    size_t begun = channel_begin(&host->channel, FRAME_BEAT, 0);
    struct buf *out = &host->channel.out;
    buf_put_str(out, STR("{\"counters\":["));
    for (size_t i = 0; i < host->loaded.n_counters; i++) {
        if (i)
            buf_put_byte(out, ',');
        buf_json_integer(out, host->counters[i]);
    }
    buf_put_str(out, STR("]}"));
    channel_end(&host->channel, begun);
}
