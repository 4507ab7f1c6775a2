/* publish FILE|-: JSON lines of events, with progress; ends with what became of them. */
#include <stdlib.h>

#include "commands.h"
#include "lines.h"
#include "table.h"
#include "tally.h"

#define BATCH_DEFAULT 500
#define IN_FLIGHT_DEFAULT 4
#define PATIENCE_S_DEFAULT 60

struct publishing {
    const char *file;
    struct lines lines;
    struct tally tally;
    struct progress progress;
};

static void publish_rejected(void *self, uint64_t line, const struct rejection *rejection) {
    struct publishing *publishing = self;
    tally_add(&publishing->tally, publishing->file, line, rejection);
}

static void publish_settled(void *self, const struct publish_counts *counts, const char *waiting) {
    struct publishing *publishing = self;
    char rate[TEXT_SIZE], events[TEXT_SIZE], detail[4 * TEXT_SIZE];
    uint64_t n = counts->stored + counts->duplicate + counts->rejected;
    double seconds = (double)(now_us() - publishing->progress.started_us) / 1e6;
    number_text((int64_t)n, true, events);
    number_text(seconds > 0 ? (int64_t)((double)n / seconds) : 0, true, rate);
    if (waiting)
        snprintf(detail, sizeof detail, _("%s events  %.100s"), events, waiting);
    else
        snprintf(detail, sizeof detail, _("%s events  %s/s"), events, rate);
    progress_update(&publishing->progress, publishing->lines.done_bytes,
                    publishing->lines.total_bytes, detail);
}

int run_publish(struct call *call) {
    const char *file = call_argument(call, 0);
    struct publishing publishing = {.file = strcmp(file, "-") ? file : _("standard input")};
    if (call_flag(call, "keep-going") && call_flag(call, "stop-at-error"))
        return complain(USAGE, _("--keep-going and --stop-at-error exclude each other."));
    int error = lines_open(&publishing.lines, file);
    if (error)
        return complain_json(call->json, REFUSED, NULL, _("%s cannot be read: %s."), file,
                             strerror(-error));
    struct publish_options options = {
        .batch = (size_t)call_number(call, "batch", BATCH_DEFAULT),
        .in_flight = (size_t)call_number(call, "in-flight", IN_FLIGHT_DEFAULT),
        .timeout_ms = call->client.timeout_ms,
        .patience_ms = call_number(call, "patience", PATIENCE_S_DEFAULT) * 1000,
        .stop_at_error = call_flag(call, "stop-at-error")};
    struct event_source source = {&publishing.lines, lines_next,
                                  publishing.lines.is_file ? -1 : publishing.lines.fd};
    struct publish_watcher watcher = {&publishing, publish_rejected, publish_settled};
    struct publish_counts counts;
    tally_init(&publishing.tally, &publishing.progress);
    progress_begin(&publishing.progress, &call->terminal, _("publishing"));
    int code = publisher_run(&call->client, &options, &source, &watcher, &counts);
    progress_end(&publishing.progress);
    if (publishing.lines.error)
        code = complain(REFUSED, _("%s cannot be read to its end: %s."), file,
                        strerror(publishing.lines.error));
    if (code != UNREACHABLE || publishing.lines.n_lines > 0)
        tally_print(&publishing.tally, call, &counts);
    if (code == DONE && counts.rejected > 0 && !call_flag(call, "expect-rejections"))
        code = REFUSED;
    tally_deinit(&publishing.tally);
    lines_close(&publishing.lines);
    return code;
}
