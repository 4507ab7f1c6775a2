#include "workload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fail.h"

static void starts_find(struct workload *workload) {
    size_t capacity = workload->size / 200 + 16;
    workload->starts = malloc(capacity * sizeof(*workload->starts));
    for (size_t at = 0; at < workload->size;) {
        if (workload->n_events + 2 > capacity)
            workload->starts =
                realloc(workload->starts, (capacity *= 2) * sizeof(*workload->starts));
        if (!workload->starts)
            abort();
        workload->starts[workload->n_events++] = at;
        const char *end = memchr(workload->text + at, '\n', workload->size - at);
        at = end ? (size_t)(end - workload->text) + 1 : workload->size;
    }
    workload->starts[workload->n_events] = workload->size;
}

static size_t setup_count(const struct workload *workload) {
    static const char mark[] = "{\"specversion\":\"1.0\",\"id\":\"d";
    size_t n = 0;
    while (n < workload->n_events &&
           strncmp(workload->text + workload->starts[n], mark, sizeof mark - 1) == 0)
        n++;
    return n;
}

void workload_open(struct workload *workload, const char *path) {
    struct stat about;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &about) < 0)
        fail("cannot read %s: %s", path, strerror(errno));
    *workload = (struct workload){.size = (size_t)about.st_size};
    workload->text = mmap(NULL, workload->size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    if (workload->text == MAP_FAILED)
        fail("cannot read %s: %s", path, strerror(errno));
    close(fd);
    starts_find(workload);
    workload->n_setup = setup_count(workload);
}

void workload_close(struct workload *workload) {
    munmap(workload->text, workload->size);
    free(workload->starts);
}

static void render_single(struct load *load, const struct workload *workload, size_t event) {
    size_t start = workload->starts[event];
    load->messages[load->n_messages++] =
        (struct message){workload->text + start, workload->starts[event + 1] - start - 1, 1};
}

static char *render_array(struct load *load, const struct workload *workload, size_t first,
                          size_t n, char *at) {
    size_t start = workload->starts[first], size = workload->starts[first + n] - start;
    char *data = at;
    *at++ = '[';
    memcpy(at, workload->text + start, size);
    for (size_t i = 1; i <= n;
         i++) /* each line's end becomes a comma, the last one's the bracket */
        at[workload->starts[first + i] - start - 1] = i < n ? ',' : ']';
    load->messages[load->n_messages++] = (struct message){data, size + 1, (uint32_t)n};
    return at + size;
}

void load_render(struct load *load, const struct workload *workload, size_t first, size_t n_events,
                 size_t per_message) {
    if (first + n_events > workload->n_events)
        fail("the simulated city is too small: %zu events, %zu wanted", workload->n_events,
             first + n_events);
    size_t step = per_message ? per_message : 1;
    size_t bytes = workload->starts[first + n_events] - workload->starts[first];
    *load = (struct load){.n_events = n_events};
    load->messages = malloc((n_events / step + 1) * sizeof(*load->messages));
    load->text = per_message ? malloc(bytes + n_events / step + 1) : NULL;
    if (!load->messages || (per_message && !load->text))
        abort();
    char *at = load->text;
    for (size_t done = 0; done < n_events; done += step) {
        size_t n = n_events - done < step ? n_events - done : step;
        if (per_message)
            at = render_array(load, workload, first + done, n, at);
        else
            render_single(load, workload, first + done);
    }
}

void load_deinit(struct load *load) {
    free(load->messages);
    free(load->text);
    *load = (struct load){0};
}
