#include "profile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail.h"
#include "sample.h"

#define THREADS_MOST 16
#define PLACES_MOST 1000
#define PLACES_SHOWN 16
#define LINE_SIZE 512
#define LEAST_PERCENT 0.2

static void perf_run(const struct profile *profile, pid_t daemon) {
    char pid[16];
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    snprintf(pid, sizeof pid, "%d", daemon);
    if (nowhere >= 0)
        dup2(nowhere, STDOUT_FILENO);
    execlp("perf", "perf", "record", "-q", "-F", "999", "-p", pid, "-o", profile->data,
           (char *)NULL);
    _exit(127);
}

void profile_begin(struct profile *profile, pid_t daemon) {
    snprintf(profile->data, sizeof profile->data, "/tmp/volunteer-bench-perf-%d.data", getpid());
    profile->perf = fork();
    if (profile->perf < 0)
        fail("cannot start perf: %s", strerror(errno));
    if (profile->perf == 0)
        perf_run(profile, daemon);
    sleep_ms(300); /* until it has attached */
}

/* ---- what it found ---- */

struct place {
    char name[200];
    double percent;
};

struct thread {
    char name[32];
    double percent;
    size_t n;
    struct place places[PLACES_MOST];
};

static struct thread *thread_find(struct thread *threads, size_t *n, const char *name) {
    for (size_t i = 0; i < *n; i++)
        if (strcmp(threads[i].name, name) == 0)
            return &threads[i];
    if (*n == THREADS_MOST)
        return NULL;
    struct thread *thread = &threads[(*n)++];
    snprintf(thread->name, sizeof thread->name, "%s", name);
    return thread;
}

static void place_add(struct thread *thread, const char *name, double percent) {
    size_t i = 0;
    thread->percent += percent;
    while (i < thread->n && strcmp(thread->places[i].name, name) != 0)
        i++;
    if (i == PLACES_MOST)
        return;
    if (i == thread->n)
        snprintf(thread->places[thread->n++].name, sizeof thread->places[i].name, "%s", name);
    thread->places[i].percent += percent;
}

static char *field_take(char **rest) {
    char *field = strsep(rest, "|");
    size_t size = field ? strlen(field) : 0;
    while (size && strchr(" \n", field[size - 1]))
        field[--size] = 0;
    return field;
}

/* "  12.34%|engine|volunteerd|[.] function": overhead, thread, file, symbol. Libraries that have no
 * symbols are one place each. */
static void line_take(char *line, struct thread *threads, size_t *n) {
    char *rest = line, name[200];
    char *percent = field_take(&rest), *comm = field_take(&rest), *file = field_take(&rest);
    char *symbol = field_take(&rest);
    if (*line == '#' || !symbol)
        return;
    if (strstr(symbol, "] 0x"))
        snprintf(name, sizeof name, "%.100s (without names)", file);
    else
        snprintf(name, sizeof name, "%.150s", symbol + strspn(symbol, "[.k] "));
    struct thread *thread = thread_find(threads, n, comm);
    if (thread)
        place_add(thread, name, strtod(percent, NULL));
}

static int compare_threads(const void *a, const void *b) {
    double x = ((const struct thread *)a)->percent, y = ((const struct thread *)b)->percent;
    return (x < y) - (x > y);
}

static int compare_places(const void *a, const void *b) {
    double x = ((const struct place *)a)->percent, y = ((const struct place *)b)->percent;
    return (x < y) - (x > y);
}

static void findings_print(const char *title, struct thread *threads, size_t n) {
    printf("\nprofile: %s\n", title);
    qsort(threads, n, sizeof *threads, compare_threads);
    for (size_t i = 0; i < n; i++) {
        struct thread *thread = &threads[i];
        printf("  %s: %.1f %%\n", thread->name, thread->percent);
        qsort(thread->places, thread->n, sizeof *thread->places, compare_places);
        for (size_t j = 0; j < thread->n && j < PLACES_SHOWN; j++)
            if (thread->places[j].percent >= LEAST_PERCENT)
                printf("    %6.2f %%  %s\n", thread->places[j].percent, thread->places[j].name);
    }
}

void profile_end(struct profile *profile, const char *title) {
    struct thread *threads = calloc(THREADS_MOST, sizeof *threads);
    char command[512], line[LINE_SIZE];
    size_t n = 0;
    int status;
    kill(profile->perf, SIGINT);
    waitpid(profile->perf, &status, 0);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        fail("there is no perf here: apt install linux-perf");
    snprintf(command, sizeof command,
             "perf report -i %s --stdio -t '|' -F overhead,comm,dso,symbol 2>/dev/null",
             profile->data);
    FILE *report = popen(command, "re");
    if (!threads || !report)
        fail("cannot run perf report");
    while (fgets(line, sizeof line, report))
        line_take(line, threads, &n);
    pclose(report);
    unlink(profile->data);
    if (n == 0)
        fail("perf found nothing: is it allowed to look (kernel.perf_event_paranoid)?");
    findings_print(title, threads, n);
    free(threads);
}
