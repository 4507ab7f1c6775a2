#include "city.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fail.h"
#include "util/calendar.h"

#define CITY_OFFSET_S (8 * 3600)
#define TRIES 8

int32_t city_today(void) {
    return (int32_t)((time(NULL) + CITY_OFFSET_S) / 86400);
}

void city_write(const struct city_plan *plan, uint32_t n_days, bool random_ids, const char *path) {
    char volunteers[32], days[32], start[16];
    int status;
    snprintf(volunteers, sizeof volunteers, "%u", plan->n_volunteers);
    snprintf(days, sizeof days, "%u", n_days);
    start[date_format(plan->today - (int32_t)n_days, start)] = 0;
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);
        if (fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
            execl(plan->simulate, plan->simulate, "--volunteers", volunteers, "--start", start,
                  "--days", days, random_ids ? "--random-ids" : NULL, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status))
        fail("%s failed", plan->simulate);
}

static bool is_before(const struct workload *workload, size_t event, const char *date) {
    static const char mark[] = "\"time\":\"";
    size_t start = workload->starts[event];
    const char *at =
        memmem(workload->text + start, workload->starts[event + 1] - start, mark, sizeof mark - 1);
    return at && strncmp(at + sizeof mark - 1, date, strlen("2018-01-01")) < 0;
}

/* Events stand in the order of their times. */
size_t city_history(const struct city_plan *plan, const struct workload *workload) {
    char news[16];
    size_t first = 0, end = workload->n_events;
    news[date_format(plan->today - NEWS_DAYS, news)] = 0;
    while (first < end) {
        size_t middle = (first + end) / 2;
        if (is_before(workload, middle, news))
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

static size_t history_of(const struct city_plan *plan, const char *path, double *ret_per_day,
                         uint32_t n_days) {
    struct workload workload;
    workload_open(&workload, path);
    size_t n = city_history(plan, &workload);
    *ret_per_day = (double)(n - workload.n_setup) / (double)(n_days - NEWS_DAYS);
    workload_close(&workload);
    return n;
}

/* How much happens on a day depends on the season, and which seasons it has on how long it is. */
uint32_t city_write_history(const struct city_plan *plan, size_t n_events, const char *path) {
    uint32_t n_days = 280, best = 0;
    for (int i = 0; i < TRIES; i++) {
        double per_day;
        city_write(plan, n_days, false, path);
        size_t n = history_of(plan, path, &per_day, n_days);
        progress("a city of %u days: %zu events of history", n_days, n);
        if (n >= n_events && (!best || n_days < best))
            best = n_days;
        double days = ((double)n_events - (double)n) / fmax(per_day, 1);
        if (best == n_days && days > -1.5)
            return n_days;
        n_days = (uint32_t)fmax((double)n_days + (days > 0 ? ceil(days) : floor(days) + 1),
                                NEWS_DAYS + 2);
        if (n_days == best)
            break;
    }
    if (!best)
        fail("no simulated city has %zu events of history", n_events);
    city_write(plan, best, false, path);
    return best;
}
