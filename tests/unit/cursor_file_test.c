/* How far a plugin has read, kept so that no cut loses more than the last step. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "plugin/cursor_file.h"

struct fixture {
    char path[32];
    struct cursor_file file;
    struct cursor_place place;
};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->path, "/tmp/cursor-XXXXXX");
    int fd = mkstemp(f->path);
    close(fd);
    f->file.fd = -1;
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    cursor_file_close(&f->file);
    unlink(f->path);
    free(f);
    return 0;
}

static int reopen(struct fixture *f) {
    cursor_file_close(&f->file);
    f->place = (struct cursor_place){0};
    return cursor_file_open(io_system(), f->path, &f->file, &f->place);
}

static void keep(struct fixture *f, uint64_t sequence) {
    const struct cursor_place place = {7, sequence};
    assert_int_equal(cursor_file_write(&f->file, &place), 0);
}

static void a_new_one_has_no_place(void **state) {
    assert_int_equal(reopen(*state), CURSOR_NONE);
}

static void the_last_place_is_found_again(void **state) {
    struct fixture *f = *state;
    assert_int_equal(reopen(f), CURSOR_NONE);
    for (uint64_t sequence = 1; sequence <= 5; sequence++) {
        keep(f, sequence * 1000);
        assert_int_equal(reopen(f), 0);
        assert_int_equal(f->place.epoch, 7);
        assert_int_equal(f->place.sequence, sequence * 1000);
    }
}

/* Whichever 512 bytes a power cut leaves as they were or half of them, the place is that of the
 * last write or of the one before. */
static void a_torn_write_leaves_the_one_before(void **state) {
    struct fixture *f = *state;
    char before[1024], after[1024], torn[1024];
    assert_int_equal(reopen(f), CURSOR_NONE);
    keep(f, 10);
    keep(f, 20);
    int fd = open(f->path, O_RDWR);
    assert_int_equal(pread(fd, before, sizeof before, 0), sizeof before);
    keep(f, 30);
    cursor_file_close(&f->file);
    assert_int_equal(pread(fd, after, sizeof after, 0), sizeof after);
    for (size_t cut = 0; cut <= sizeof after; cut++) {
        memcpy(torn, after, cut);
        memcpy(torn + cut, before + cut, sizeof torn - cut);
        assert_int_equal(pwrite(fd, torn, sizeof torn, 0), sizeof torn);
        assert_int_equal(reopen(f), 0);
        assert_true(f->place.sequence == 20 || f->place.sequence == 30);
        cursor_file_close(&f->file);
    }
    close(fd);
}

static void garbage_is_no_place(void **state) {
    struct fixture *f = *state;
    char garbage[1024];
    memset(garbage, 0x5A, sizeof garbage);
    int fd = open(f->path, O_RDWR);
    assert_int_equal(pwrite(fd, garbage, sizeof garbage, 0), sizeof garbage);
    close(fd);
    assert_int_equal(reopen(f), CURSOR_NONE);
    keep(f, 4);
    assert_int_equal(reopen(f), 0);
    assert_int_equal(f->place.sequence, 4);
}

static void what_cannot_be_written_is_told(void **state) {
    struct fixture *f = *state;
    struct io_steered steered;
    const struct cursor_place place = {1, 1};
    io_steered_init(&steered, io_system());
    assert_int_equal(cursor_file_open(&steered.io, f->path, &f->file, &f->place), CURSOR_NONE);
    io_steered_fail(&steered, "pwrite", 1, -ENOSPC);
    assert_int_equal(cursor_file_write(&f->file, &place), -ENOSPC);
    io_steered_fail(&steered, "fdatasync", 1, -EIO);
    assert_int_equal(cursor_file_write(&f->file, &place), 0);
    assert_int_equal(cursor_file_sync(&f->file), -EIO);
    assert_int_equal(cursor_file_sync(&f->file), 0);
    cursor_file_close(&f->file); /* what it is written through ends here */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_new_one_has_no_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_place_is_found_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_torn_write_leaves_the_one_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(garbage_is_no_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
