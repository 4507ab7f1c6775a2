/* The text of a configuration file, to options: the child's half and the parent's in one process.
 * An @include names one of three files or nothing that exists: with a folder libconfig ends the
 * process, which is why a child parses.
 *
 * What is accepted has every number within its range and every required option; what is refused
 * says where and why. */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config.h"
#include "config_child.h"
#include "util/calendar.h"
#include "util/io.h"

static char path[128];

/* libconfig leaks a text where a file does not parse; the child ends right after. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void) {
    return "leak:libconfig.so\n";
}

static void file_write(const char *name, struct str text) {
    char whole[128];
    snprintf(whole, sizeof whole, "%s/%s", fuzz_directory(), name);
    int fd = open(whole, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert(fd >= 0);
    ssize_t written = write(fd, text.data, text.size);
    assert(written == (ssize_t)text.size);
    close(fd);
}

/* A zone is two hundred years of days long: the default's is walked once (linked with --wrap). */
int __real_zone_load(const char *name, struct zone *ret_zone);
int __wrap_zone_load(const char *name, struct zone *ret_zone);
int __wrap_zone_load(const char *name, struct zone *ret_zone) {
    static struct zone shanghai;
    if (strcmp(name, "Asia/Shanghai") != 0)
        return __real_zone_load(name, ret_zone);
    int outcome = shanghai.n_offsets ? 0 : __real_zone_load(name, &shanghai);
    *ret_zone = shanghai;
    return outcome;
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    snprintf(path, sizeof path, "%s/x.conf", fuzz_directory());
    file_write("a", STR("data_dir = \"d\";\nrun"));
    file_write("b", STR("bus: {\n@include \"c\"\n};"));
    file_write("c", STR("ingest = [ \"ipc:///x\" ]; max_message_bytes = 99999999999;"));
    return 0;
}

/* Of each @include: whether it names a file of ours, or nothing. */
static bool includes_files(struct str text) {
    const char *at = text.data, *end = text.data + text.size;
    while ((at = memmem(at, (size_t)(end - at), "@include", 8))) {
        at += 8;
        const char *quote = memchr(at, '"', (size_t)(end - at));
        if (!quote)
            return true;
        const char *close = memchr(quote + 1, '"', (size_t)(end - quote - 1));
        size_t size = close ? (size_t)(close - quote - 1) : 0;
        if (size != 1 || quote[1] < 'a' || quote[1] > 'd')
            return false;
    }
    return true;
}

static size_t count(const struct buf *text, char c) {
    size_t n = 0;
    for (size_t i = 0; i < text->size; i++)
        n += text->data[i] == c;
    return n;
}

static void lines_check(const struct buf *lines) {
    for (size_t at = 0; at < lines->size;) {
        const char *newline = memchr(lines->data + at, '\n', lines->size - at);
        assert(newline);
        size_t size = (size_t)(newline - lines->data) - at;
        must_be_json((struct str){lines->data + at, size});
        at += size + 1;
    }
}

static void options_check(const struct options *options) {
    for (size_t i = 0; i < n_options; i++) {
        const struct option *option = &option_table[i];
        const void *value = option_value(option, options);
        if (option->kind == OPTION_INTEGER)
            assert(*(const int64_t *)value >= option->least &&
                   *(const int64_t *)value <= option->most);
        else if ((option->kind == OPTION_PATH || option->kind == OPTION_TEXT) && option->required)
            assert(*(const char *const *)value && **(const char *const *)value);
        else if (option->kind == OPTION_ENDPOINTS)
            assert(((const struct texts *)value)->n > 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf lines = {0}, complaints = {0}, restart = {0};
    struct config config = {0}, other = {0};
    if (!includes_files(input_str(data, size)))
        return 0;
    reached("files");
    file_write("x.conf", input_str(data, size));
    config_flatten(path, &lines);
    lines_check(&lines);
    if (count(&lines, '\n') > 2)
        reached("parsed");
    int outcome = config_from_lines(path, buf_str(&lines), &config, &complaints);
    if (outcome == 0) {
        assert(complaints.size == 0);
        options_check(&config.options);
        reached("accepted");
    } else {
        assert(outcome == CONFIG_REFUSED && complaints.size &&
               complaints.data[complaints.size - 1] == '\n');
        reached("refused");
    }
    options_default(&other.options);
    if (outcome == 0)
        config_take_live(&other, &config, &restart);
    config_deinit(&config);
    buf_deinit(&lines);
    buf_deinit(&complaints);
    buf_deinit(&restart);
    return 0;
}
