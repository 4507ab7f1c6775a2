#include "imports.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fail.h"
#include "publisher.h"
#include "question.h"
#include "script.h"

/* Communities that the simulated city has. */
static const char *const regions[] = {"620502001001", "620502001002", "620503001001",
                                      "620521100001", "620521100002", "620521100003"};

/* A number that passes, in an area that is not assigned and that the city does not use; each series
 * has a day of birth of its own.
 */
static void number_put(unsigned person, unsigned series, char ret_number[static 19]) {
    static const char signs[] = "10X98765432";
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;
    snprintf(ret_number, 19, "629998%04u%02u%02u%03u0", 1950 + person / 1000 % 50,
             1 + person / 50000 % 12, 1 + series % 28, person % 1000);
    for (size_t i = 0; i < 17; i++)
        sum += (ret_number[i] - '0') * weights[i];
    ret_number[17] = signs[sum % 11];
}

static const char *region_of(unsigned person) {
    return regions[person % (sizeof regions / sizeof *regions)];
}

/* ---- arrays ---- */

static void arrays_make(struct script *script, size_t n, unsigned series) {
    char number[19];
    for (unsigned i = 0; i < n; i++) {
        number_put(i, series, number);
        script_add(script, "volunteer.registered", NULL,
                   "\"volunteer\":\"ra%u:%06u\",\"region\":\"%s\",\"identity\":{\"name\":\"无名\","
                   "\"document_kind\":\"resident_id\",\"number\":\"%s\",\"phone\":\"139%08u\"}",
                   series, i, region_of(i), number, i);
    }
}

static double arrays_rate(struct bench *bench, size_t n, unsigned series) {
    struct script script = {.source = "registrar", .letter = (char)('a' + series % 26)};
    struct load load;
    arrays_make(&script, n, series);
    struct workload workload = script_workload(&script);
    load_render(&load, &workload, 0, n, 100);
    struct published sum = publish_closed(bench->daemon.ingest, &load, 1, 4, NULL);
    load_deinit(&load);
    script_deinit(&script);
    if (sum.refused)
        fail("%zu registrations were refused", (size_t)sum.refused);
    return (double)n / sum.seconds;
}

/* ---- the same people in a spreadsheet ---- */

static void sheet_write(const char *path, size_t n, unsigned series) {
    FILE *file = fopen(path, "we");
    char number[19];
    if (!file)
        fail("cannot write %s", path);
    fputs("\xef\xbb\xbf志愿者编号,姓名,身份证号,手机号,居住区划\r\n", file);
    for (unsigned i = 0; i < n; i++) {
        number_put(i, series, number);
        fprintf(file, "ri%u:%06u,无名,%s,139%08u,%s\r\n", series, i, number, i, region_of(i));
    }
    if (fclose(file) != 0)
        fail("cannot write %s", path);
}

static void child_run(const struct bench *bench, const char *sheet, const char *answer) {
    int out = open(answer, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (out < 0 || dup2(out, STDOUT_FILENO) < 0)
        _exit(127);
    execl(bench->control, bench->control, "import", "volunteer.registered", sheet, "--json",
          "--runtime", bench->daemon.runtime, (char *)NULL);
    _exit(127);
}

/* From exec to the end of the program: reading, checking, sending and the report. */
static double import_rate(struct bench *bench, size_t n, unsigned series) {
    char sheet[PATH_LIMIT], answer[PATH_LIMIT];
    int status;
    path_join(sheet, bench->kept.work, "people.csv");
    path_join(answer, bench->kept.work, "imported.json");
    sheet_write(sheet, n, series);
    int64_t begun_ns = now_ns();
    pid_t child = fork();
    if (child < 0)
        fail("cannot start %s", bench->control);
    if (child == 0)
        child_run(bench, sheet, answer);
    waitpid(child, &status, 0);
    double seconds = (double)(now_ns() - begun_ns) / 1e9;
    char *text = file_read(answer);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || !text)
        fail("the import ended with %d: %.400s", status, text ? text : "");
    if (question_number(text, "stored") != (double)n)
        fail("not everyone was registered: %.400s", text);
    progress("    checked and sent in %.2f s, sent in %.2f s", seconds,
             question_number(text, "seconds"));
    free(text);
    return (double)n / seconds;
}

/* Both on the old store as it was kept; the same people but for their numbers. */
void measure_import(struct bench *bench) {
    struct figures *figures = &bench->figures;
    unsigned series = 2 * (unsigned)figures->of[FIGURE_IMPORT].n;
    size_t n = bench->sizes.imported;
    bench_begin(bench);
    figure_add(figures, FIGURE_REGISTRATIONS, arrays_rate(bench, n, series));
    bench_begin(bench);
    figure_add(figures, FIGURE_IMPORT, import_rate(bench, n, series + 1));
    figure_add(figures, FIGURE_IMPORT_SHARE,
               figure_last(figures, FIGURE_IMPORT) / figure_last(figures, FIGURE_REGISTRATIONS));
}
