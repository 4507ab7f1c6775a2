/* What reports share: where they look (`region`, `by`, `as_of`), the walk over the regions of a
 * level, and the documents they answer with: tables, series and text that every format is made of.
 *
 * DOCUMENT: {title, subtitle?, number?, region: {region, name}, as_of, period?, sections: [{title,
 * note?, columns: [{name, title, kind}], rows: [[cell, ...]], total?: [cell, ...]}], series?:
 * [{title, name?, kind, unit?, target?, points: [{label, value}]}], text?: [paragraph]}. A cell is
 * null, a text or a whole number; of kind percent [numerator, denominator]; a value is one too.
 * Lines of one title share a chart, told apart by `name`.
 *
 * Threads: that of the query. Memory: JSON as method.h. Errors: as method.h. */
#pragma once

#include "bus/methods_common.h"
#include "domain/organisations.h"

struct report {
    struct query *query;
    struct arena arena; /* of one region */
    uint32_t region;    /* what lies in it is reported */
    int32_t own_level;
    int32_t level; /* of the rows */
    struct query_day day;
    void *context;
};

/* Reads `region`, `by` (the level of the rows: where none is said, the next one below) and `as_of`.
 * Close it in any case. */
int report_open(struct query *query, struct report *ret_report);
/* The same for a report that reads another `by`, or none: rows of the next level below. */
int report_open_region(struct query *query, struct report *ret_report);
/* And with rows of another kind: `by` is one of the words (-1: none was said). */
int report_open_by(struct query *query, const char *const *words, size_t n, int *ret_by,
                   struct report *ret_report);
void report_close(struct report *report);
/* Reads `by` for a report that has rows of other kinds, too: a level of regions, or one of these
 * words, whose place is given (-1: it is a level). */
#define REPORT_OTHERS 4
int report_read_by(struct report *report, const char *const *others, size_t n, int *ret_other);
/* The regions of the level, in order of their numbers. The arena is reset before each. `each`
 * returns 0 to go on. */
int report_each(struct report *report, int (*each)(struct report *report, uint32_t region));
/* The regions of any level, with their path (nearest first) as it was then. */
int report_each_region(struct report *report, int (*each)(struct report *report, uint32_t region,
                                                          const uint32_t *path, size_t depth));
/* As it was called then; a region that was defined later is asked about as it is. */
int report_region_attributes(struct report *report, uint32_t region, struct arena *arena,
                             struct region_defined *ret_region);
/* 秦州区 大城街道 进步巷社区居委会: names repeat, so they go with their path (nearest first). */
int report_path_name(struct report *report, const uint32_t *path, size_t depth,
                     struct str *ret_name);
/* An organisation that lay in the report's region then, as it was called then. */
struct report_unit {
    uint32_t number;
    uint32_t region;
    bool stands; /* not dissolved by then */
    struct organisation_defined attributes;
};
/* In order of their numbers; the arena is reset before each. `each` returns 0 to go on. */
int report_each_unit(struct report *report,
                     int (*each)(struct report *report, const struct report_unit *unit));
/* {region, name, level} of a region; NULL where it has no row. */
json_t *report_region(struct report *report, uint32_t region);

/* Answers the document of that title, which `fill` fills, and closes the report. `r` is what
 * opening it gave. */
int report_answer(struct report *report, int r, const char *title,
                  int (*fill)(struct report *report, json_t *document), json_t **ret_result);

/* [code, name] of a region, as the first cells of its row; NULL where it has no row. */
json_t *report_region_cells(struct report *report, uint32_t region);

/* Rates are compared by whole numbers: > 0 where a/b is the larger. Denominators are positive. */
int rate_compare(int64_t a, int64_t b, int64_t c, int64_t d);
/* The smallest number that must be added to `part` so that it is strictly more than `percent` of
 * `whole`. */
int64_t rate_gap(int64_t part, int64_t whole, int64_t percent);
/* The smallest number that must be added to `part` so that part/whole is strictly more than
 * other/of.
 */
int64_t rate_lead(int64_t part, int64_t whole, int64_t other, int64_t of);
/* "met", "not_met", "no_data" (whole <= 0) */
const char *rate_state(int64_t part, int64_t whole, int64_t percent);
/* A figure as known on the report's day; -1: no data. 0 or < 0. */
int report_figure(struct report *report, enum FIGURE_choice figure, enum noun noun, uint32_t number,
                  int64_t *ret_value);
/* How many percent of the built-up residents are to be registered: what the assessment in force for
 * the report's region says, else 13. */
int report_target(struct report *report, int64_t *ret_percent);
/* The same of another indicator that is a rate; `fallback` where no rule says. */
int report_indicator_target(struct report *report, struct str indicator, int64_t fallback,
                            int64_t *ret_percent);

/* ---- documents ---- */

json_t *document_new(struct report *report, const char *title);
/* A table; `column` names are those of its columns. */
json_t *document_section(json_t *document, const char *title);
void section_column(json_t *section, const char *name, const char *title, const char *kind);
/* Takes the cells. */
void section_row(json_t *section, json_t *cells);
void section_total(json_t *section, json_t *cells);
json_t *document_series(json_t *document, const char *title, const char *kind, const char *unit);
/* Takes the value. */
void series_point(json_t *series, json_t *label, json_t *value);
void document_text(json_t *document, struct str paragraph);
/* Cells. */
json_t *cell_number(int64_t value); /* negative: no data */
json_t *cell_percent(int64_t part, int64_t whole);
/* For points of a series: as a cell, so that a chart compares it with the target exactly; null
 * without data. */
json_t *point_percent(int64_t part, int64_t whole);
/* "12.34%", or 无数据. */
struct str percent_text(struct arena *arena, int64_t part, int64_t whole);
/* 2018年9月30日 */
struct str date_in_words(struct arena *arena, int32_t date);
