#include "plot.h"

#include <jansson.h>
#include <math.h>

#include "document_format.h"
#include "fail.h"
#include "report.h"
#include "sample.h"
#include "value.h"

static void point_add(json_t *points, double rate, double value_us) {
    char label[40];
    figure_text(rate, 0, label);
    json_array_append_new(
        points, json_pack("{s:s, s:f}", "label", label, "value", round(value_us / 10) / 100));
}

/* One line: the medians of one percentile. Where the daemon did not keep up it ends. */
static json_t *line(const struct sweep *sweep, const char *name, int percentile) {
    json_t *points = json_array();
    for (size_t i = 0; i < sweep->n && sweep->points[i].n; i++)
        point_add(points, sweep->offered[i],
                  median(sweep->points[i].us[percentile], sweep->points[i].n));
    return json_pack("{s:s, s:s, s:s, s:s, s:o}", "title",
                     "Acknowledgement of single events, by events offered per second", "name", name,
                     "unit", "ms", "kind", "line", "points", points);
}

void plot_write(const struct bench *bench, const char *path) {
    const struct sweep *sweep = &bench->sweep;
    struct document document;
    BUF_AUTO out = {0};
    if (!sweep->n || !sweep->points[0].n)
        fail("nothing to draw: no rate could be kept up");
    json_t *json = json_pack(
        "{s:s, s:[o, o, o]}", "title", "volunteerd: latency against offered rate", "series",
        line(sweep, "p99.9", P999), line(sweep, "p99", P99), line(sweep, "p50", P50));
    if (!document_read(json, &document))
        fail("the drawing is not understood");
    document_svg(&document, &out);
    buf_put_byte(&out, 0);
    file_write(path, out.data);
    document_deinit(&document);
    json_decref(json);
}
