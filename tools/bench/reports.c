#include "reports.h"

#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "people.h"
#include "question.h"
#include "util/buf.h"

#define TIMES 31

static const struct {
    const char *method, *params;
} questions[] = {
    {"report.stars", ""},        {"report.ranking", "\"by\":\"community\""},
    {"report.coverage", ""},     {"report.trend", ""},
    {"report.leaders", ""},      {"report.quality", ""},
    {"report.forecast", ""},     {"report.assessment", ""},
    {"report.certificates", ""}, {"report.network", ""},
    {"report.units", ""},        {"report.teams", ""},
    {"report.training", ""},     {"report.regularity", ""},
    {"report.reach", ""},        {"report.needs", ""},
    {"report.care", ""},         {"report.satisfaction", ""},
    {"report.funds", ""},        {"report.rewards", ""},
    {"report.points", ""},       {"report.integrity", ""},
    {"report.matrix", ""},       {"report.projects", ""},
    {"report.plans", ""},        {"report.overdue", ""},
    {"report.cases", ""},        {"report.posts", ""},
    {"report.pairings", ""},     {"report.media", ""},
    {"report.maturity", ""},     {"bulletin.preview", "\"kind\":\"registration\""},
};
#define QUESTIONS (sizeof questions / sizeof *questions)

/* The shipped rules that say what an assessment and a bulletin are. */
static void activate(struct bench *bench, struct daemon *daemon, const char *name) {
    char path[PATH_LIMIT];
    struct buf params = {0};
    path_join(path, bench->kept.policies, name);
    char *text = file_read(path);
    if (!text)
        fail("%s cannot be read", path);
    buf_put_str(&params, STR("\"by\":\"clerk:1\",\"retroactivity\":\"from_now\",\"text\":"));
    buf_json_string(&params, str_from(text));
    buf_put_byte(&params, 0);
    free(question_ask(daemon, "policy.activate", params.data));
    buf_deinit(&params);
    free(text);
}

/* Where rules look for their library: beside their folder. */
static void library_bring(const struct bench *bench, const struct people *people) {
    char from[PATH_LIMIT], to[PATH_LIMIT];
    path_join(from, bench->kept.policies, "../library");
    path_join(to, people->folder, "library");
    tree_remove(to);
    tree_copy(from, to, NULL);
}

/* A daemon on a copy of these people, with the rules of the reports. */
static void begin(struct bench *bench, const struct people *people, const char *work,
                  struct daemon *ret_daemon) {
    people_open(people);
    library_bring(bench, people);
    folder_make(work);
    people_daemon(people, work, ret_daemon);
    activate(bench, ret_daemon, "assessment.lua");
    activate(bench, ret_daemon, "bulletin_registration.lua");
    daemon_settle(ret_daemon);
}

void measure_reports(struct bench *bench) {
    struct daemon few, many;
    struct daemon *const both[] = {&few, &many};
    double sums[2] = {0, 0}, worst = 0;
    char work[PATH_LIMIT];
    path_join(work, bench->kept.work, "few");
    bench_stop(bench);
    begin(bench, &bench->few_people, work, &few);
    begin(bench, &bench->people, bench->kept.work, &many);
    for (size_t i = 0; i < QUESTIONS; i++) {
        double ms[2];
        question_pair_ms(both, questions[i].method, questions[i].params, TIMES, ms);
        sums[0] += ms[0];
        sums[1] += ms[1];
        worst = ms[1] / ms[0] > worst ? ms[1] / ms[0] : worst;
        progress("    %-22s %8.3f ms, %8.3f ms: %.2f times", questions[i].method, ms[0], ms[1],
                 ms[1] / ms[0]);
    }
    for (size_t i = 0; i < 2; i++) {
        daemon_stop(both[i]);
        daemon_deinit(both[i]);
    }
    figure_add(&bench->figures, FIGURE_REPORTS_FEW, sums[0] / QUESTIONS);
    figure_add(&bench->figures, FIGURE_REPORTS, sums[1] / QUESTIONS);
    figure_add(&bench->figures, FIGURE_REPORTS_TIMES, sums[1] / sums[0]);
    figure_add(&bench->figures, FIGURE_REPORTS_WORST, worst);
}
