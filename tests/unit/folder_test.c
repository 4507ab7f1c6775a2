/* What a folder holds that somebody else fills. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/folder.h"

#define MIB (1 << 20)

static int set_up(void **state) {
    char *path = strdup("/tmp/folder-XXXXXX");
    *state = path;
    return mkdtemp(path) ? 0 : -1;
}

static int tear_down(void **state) {
    char command[64];
    snprintf(command, sizeof command, "rm -r %s", (const char *)*state);
    free(*state);
    return system(command);
}

static void put(const char *folder, const char *name, int mebibytes) {
    char path[512];
    char *block = calloc(1, MIB);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    for (int i = 0; i < mebibytes; i++)
        assert_int_equal(write(fd, block, MIB), MIB);
    free(block);
    close(fd);
}

static void files_of_all_its_folders_count(void **state) {
    const char *folder = *state;
    char path[256];
    int64_t bytes = 0;
    put(folder, "a", 1);
    snprintf(path, sizeof path, "%s/inner", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    put(path, "b", 2);
    assert_int_equal(folder_measure(folder, 100, &bytes), 0);
    assert_in_range(bytes, 3 * MIB, 3 * MIB + 65536);
}

/* A file that is mostly a hole takes no disk; a link to elsewhere is not this folder's. */
static void holes_and_links_do_not_count(void **state) {
    const char *folder = *state;
    char path[256];
    int64_t bytes = 0;
    snprintf(path, sizeof path, "%s/hole", folder);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(ftruncate(fd, (off_t)1 << 40), 0);
    close(fd);
    snprintf(path, sizeof path, "%s/link", folder);
    assert_int_equal(symlink("/usr", path), 0);
    assert_int_equal(folder_measure(folder, 100, &bytes), 0);
    assert_in_range(bytes, 0, 65536);
}

static void many_files_and_deep_folders_end_it(void **state) {
    const char *folder = *state;
    char path[256], name[16];
    int64_t bytes = -1;
    for (int i = 0; i < 20; i++) {
        snprintf(name, sizeof name, "%d", i);
        put(folder, name, 0);
    }
    assert_int_equal(folder_measure(folder, 19, &bytes), FOLDER_FULL);
    assert_int_equal(folder_measure(folder, 20, &bytes), 0);
    size_t size = (size_t)snprintf(path, sizeof path, "%s", folder);
    for (int i = 0; i < 17; i++) {
        size += (size_t)snprintf(path + size, sizeof path - size, "/d");
        assert_int_equal(mkdir(path, 0700), 0);
    }
    assert_int_equal(folder_measure(folder, 1000, &bytes), FOLDER_FULL);
}

static void one_that_is_not_there_is_an_error(void **state) {
    int64_t bytes = 7;
    (void)state;
    assert_int_equal(folder_measure("/nonexistent", 1, &bytes), -ENOENT);
    assert_int_equal(bytes, 7);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_of_all_its_folders_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(holes_and_links_do_not_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_files_and_deep_folders_end_it, set_up, tear_down),
        cmocka_unit_test(one_that_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
