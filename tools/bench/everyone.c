#include "everyone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "people.h"
#include "publisher.h"
#include "question.h"

#define RULE_BYTES 2048
#define FIRST_HOURS 100
#define DRAFT_HOURS 120

static void activate(struct daemon *daemon, enum people_form form, unsigned hours,
                     const char *retroactivity) {
    char rule[RULE_BYTES], params[2 * RULE_BYTES];
    people_rule(form, hours, rule, sizeof rule);
    snprintf(params, sizeof params,
             "\"text\":\"%s\",\"by\":\"clerk:1\",\"retroactivity\":\"%s\",\"effective\":"
             "\"2012-10-23\"",
             rule, retroactivity);
    free(question_ask(daemon, "policy.activate", params));
}

/* ---- policy diff ---- */

/* The job's own rate: from when the child opened the state to the finished document. */
static double diff_rate(struct daemon *daemon, enum people_form form, const char *scope) {
    char rule[RULE_BYTES], params[2 * RULE_BYTES], job[64] = "";
    people_rule(form, DRAFT_HOURS, rule, sizeof rule);
    snprintf(params, sizeof params,
             "\"job\":\"policy.diff\",\"parameters\":{\"text\":\"%s\"%s%s%s}", rule,
             scope ? ",\"scope\":\"" : "", scope ? scope : "", scope ? "\"" : "");
    char *text = question_ask(daemon, "job.start", params);
    const char *id = strstr(text, "policy.diff-");
    if (!id || sscanf(id, "%63[^\"]", job) != 1)
        fail("no job: %.400s", text);
    free(text);
    snprintf(params, sizeof params, "\"job\":\"%s\",\"wait_ms\":60000", job);
    text = question_ask(daemon, "job.get", params);
    if (!strstr(text, "\"state\":\"done\"") || question_number(text, "changed") <= 0)
        fail("policy diff: %.600s", text);
    double rate = question_number(text, "rate");
    progress("    %.0f judged twice in %.2f s", question_number(text, "judged"),
             question_number(text, "seconds"));
    free(text);
    return rate;
}

void measure_diff(struct bench *bench) {
    static const struct {
        enum people_form form;
        enum figure figure;
        const char *scope;
    } rows[] = {{FORM_BARE, FIGURE_DIFF, NULL},
                {FORM_TABLE, FIGURE_DIFF_TABLE, NULL},
                {FORM_WINDOW, FIGURE_DIFF_WINDOW, NULL},
                {FORM_RECORDS, FIGURE_DIFF_RECORDS, PEOPLE_WALKERS_COUNTY}};
    struct daemon daemon;
    bench_stop(bench);
    people_open(&bench->people);
    people_daemon(&bench->people, bench->kept.work, &daemon);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].form != FORM_BARE) /* that one is in force already */
            activate(&daemon, rows[i].form, FIRST_HOURS, "from_now");
        daemon_settle(&daemon);
        figure_add(&bench->figures, rows[i].figure,
                   diff_rate(&daemon, rows[i].form, rows[i].scope));
    }
    daemon_stop(&daemon);
    daemon_deinit(&daemon);
}

/* ---- rating everyone anew ---- */

static bool run_is_done(struct daemon *daemon) {
    char *text = question_ask(daemon, "policy.history", "\"policy\":\"star_rating\"");
    bool done = strstr(text, "\"run\":") && !strstr(text, "\"done\":false");
    free(text);
    return done;
}

/* A second's worth at a time, until the run is done. The run may not be shorter than what is
 * measured: at least one piece is published beside it. */
static void publish_beside(struct bench *bench, struct daemon *daemon, struct samples *samples) {
    size_t n = bench->sizes.rerate_piece, piece = 0;
    do {
        struct workload news;
        struct load load;
        people_news(&bench->people, piece++, n, &news);
        load_render(&load, &news, 0, n, 0);
        struct published sum =
            publish_open(daemon->ingest, &load, bench->sizes.rerate_rate, samples);
        load_deinit(&load);
        people_news_free(&news);
        if (sum.refused)
            fail("%zu events were refused beside the run", (size_t)sum.refused);
    } while (!run_is_done(daemon));
}

void measure_rerate(struct bench *bench) {
    struct daemon daemon;
    struct samples samples = {0};
    bench_stop(bench);
    people_open(&bench->people);
    people_daemon(&bench->people, bench->kept.work, &daemon);
    int64_t begun_ns = now_ns();
    activate(&daemon, FORM_BARE, DRAFT_HOURS, "all_history");
    publish_beside(bench, &daemon, &samples);
    double seconds = (double)(now_ns() - begun_ns) / 1e9;
    figure_add(&bench->figures, FIGURE_RERATE, bench->people.n / seconds);
    figure_add(&bench->figures, FIGURE_RERATE_P99, samples_percentile_us(&samples, 0.99) / 1e3);
    figure_add(&bench->figures, FIGURE_RERATE_STALL, samples_percentile_us(&samples, 1) / 1e3);
    samples_deinit(&samples);
    daemon_stop(&daemon);
    daemon_deinit(&daemon);
}
