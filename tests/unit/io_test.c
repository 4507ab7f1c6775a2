#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zmq.h>

#include "util/buf.h"
#include "util/io.h"

/* Every test works in a folder of its own. */
static int folder_enter(void **state) {
    static char folder[32];
    strcpy(folder, "/tmp/io_test.XXXXXX");
    *state = folder;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int name_remove(void *context, const char *name) {
    (void)context;
    return remove(name) == 0 ? 0 : -errno;
}

static int folder_leave(void **state) {
    const struct io *io = io_system();
    return io->list(io->self, ".", name_remove, NULL) == 0 && chdir("/") == 0 ? rmdir(*state) : -1;
}

static int name_note(void *context, const char *name) {
    buf_printf(context, "%s ", name);
    return strcmp(name, "stop") == 0 ? 7 : 0;
}

static void file_write(const char *path, struct str text) {
    const struct io *io = io_system();
    int fd = io->open(io->self, path, O_RDWR | O_CREAT | O_TRUNC, 0640);
    assert_true(fd >= 0);
    assert_int_equal(io->pwrite(io->self, fd, text.data, text.size, 0), 0);
    assert_int_equal(io->close(io->self, fd), 0);
}

static void assert_file(const char *path, struct str want) {
    char *data;
    size_t size;
    assert_int_equal(io_read_file(io_system(), path, 1000, &data, &size), 0);
    assert_true(str_equal((struct str){data, size}, want));
    assert_int_equal(data[size], '\0');
    free(data);
}

static void the_clocks_run_forward(void **state) {
    (void)state;
    const struct io *io = io_system();
    int64_t now = io->now_us(io->self), boot = io->boottime_us(io->self);
    assert_true(now > INT64_C(1600000000000000));
    assert_true(boot > 0 && io->boottime_us(io->self) >= boot);
}

static void a_file_is_written_read_cut_and_renamed(void **state) {
    (void)state;
    const struct io *io = io_system();
    char data[16] = {0};
    int fd = io->open(io->self, "segment", O_RDWR | O_CREAT, 0640);
    assert_true(fd >= 0);
    assert_int_equal(io->pwrite(io->self, fd, "frame", 5, 3), 0);
    assert_int_equal(io->fdatasync(io->self, fd), 0);
    assert_int_equal(io->fsync(io->self, fd), 0);
    assert_int_equal(io->file_size(io->self, fd), 8);
    assert_int_equal(io->file_mode(io->self, fd), 0640);
    assert_int_equal(io->pread(io->self, fd, data, sizeof data, 3), 5);
    assert_string_equal(data, "frame");
    assert_int_equal(io->pread(io->self, fd, data, sizeof data, 8), 0);
    assert_int_equal(io->ftruncate(io->self, fd, 4), 0);
    assert_int_equal(io->file_size(io->self, fd), 4);
    assert_int_equal(io->close(io->self, fd), 0);
    assert_int_equal(io->rename(io->self, "segment", "closed"), 0);
    assert_int_equal(io->sync_dir(io->self, "."), 0);
    assert_int_equal(io->unlink(io->self, "closed"), 0);
}

static void errors_come_as_negative_errno(void **state) {
    (void)state;
    const struct io *io = io_system();
    char byte;
    assert_int_equal(io->open(io->self, "missing", O_RDONLY, 0), -ENOENT);
    assert_int_equal(io->close(io->self, -1), -EBADF);
    assert_int_equal(io->pread(io->self, -1, &byte, 1, 0), -EBADF);
    assert_int_equal(io->pwrite(io->self, -1, &byte, 1, 0), -EBADF);
    assert_int_equal(io->fdatasync(io->self, -1), -EBADF);
    assert_int_equal(io->fsync(io->self, -1), -EBADF);
    assert_int_equal(io->ftruncate(io->self, -1, 0), -EBADF);
    assert_int_equal(io->file_size(io->self, -1), -EBADF);
    assert_int_equal(io->file_mode(io->self, -1), -EBADF);
    assert_int_equal(io->rename(io->self, "missing", "there"), -ENOENT);
    assert_int_equal(io->unlink(io->self, "missing"), -ENOENT);
    assert_int_equal(io->sync_dir(io->self, "missing"), -ENOENT);
    assert_int_equal(io->disk_free_bytes(io->self, "missing"), -ENOENT);
    assert_int_equal(io->disk_total_bytes(io->self, "missing"), -ENOENT);
    assert_int_equal(io->list(io->self, "missing", name_note, NULL), -ENOENT);
    assert_true(io->disk_free_bytes(io->self, ".") > 0);
    assert_true(io->disk_total_bytes(io->self, ".") >= io->disk_free_bytes(io->self, "."));
}

static void a_file_at_the_size_limit_is_an_error_and_no_signal(void **state) {
    (void)state;
    const struct io *io = io_system();
    struct rlimit before, small;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = (struct rlimit){.rlim_cur = 100, .rlim_max = before.rlim_max};
    int fd = io->open(io->self, "file", O_RDWR | O_CREAT, 0640);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    int across = io->pwrite(io->self, fd, "0123456789", 10, 95);
    int beyond = io->pwrite(io->self, fd, "0123456789", 10, 200);
    int below = io->pwrite(io->self, fd, "0123456789", 10, 90);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(across, -EFBIG);
    assert_int_equal(beyond, -EFBIG);
    assert_int_equal(below, 0);
    assert_int_equal(io->close(io->self, fd), 0);
}

static void a_folder_that_exists_is_made_but_a_file_is_not(void **state) {
    (void)state;
    const struct io *io = io_system();
    struct stat status;
    assert_int_equal(io->mkdir(io->self, "journal"), 0);
    assert_int_equal(io->mkdir(io->self, "journal"), 0);
    assert_int_equal(stat("journal", &status), 0);
    assert_int_equal(status.st_mode & 0027, 0);
    file_write("keys", STR("x"));
    assert_int_equal(io->mkdir(io->self, "keys"), -ENOTDIR);
}

static void names_are_listed_in_byte_order_until_told_to_stop(void **state) {
    (void)state;
    const struct io *io = io_system();
    struct buf names = {0};
    file_write("b", STR(""));
    file_write("B", STR(""));
    file_write("a", STR(""));
    file_write(".hidden", STR(""));
    assert_int_equal(io->list(io->self, ".", name_note, &names), 0);
    assert_true(str_equal(buf_str(&names), STR(".hidden B a b ")));
    file_write("stop", STR(""));
    file_write("z", STR(""));
    buf_reset(&names);
    assert_int_equal(io->list(io->self, ".", name_note, &names), 7);
    assert_true(str_equal(buf_str(&names), STR(".hidden B a b stop ")));
    buf_deinit(&names);
}

static void a_file_beyond_its_limit_is_refused(void **state) {
    (void)state;
    char *data = NULL;
    size_t size = 77;
    file_write("policy.lua", STR("return {}"));
    assert_file("policy.lua", STR("return {}"));
    assert_int_equal(io_read_file(io_system(), "policy.lua", 8, &data, &size), -EFBIG);
    assert_int_equal(io_read_file(io_system(), "missing", 8, &data, &size), -ENOENT);
    assert_null(data);
    assert_int_equal(size, 77);
    file_write("empty", STR(""));
    assert_file("empty", STR(""));
}

static void a_replaced_file_is_new_and_nothing_stays_beside_it(void **state) {
    const struct io *io = io_system();
    struct buf names = {0};
    struct stat status;
    assert_int_equal(io_replace_file(io, "keys", "old", 3, 0600), 0);
    file_write("keys.new", STR("left by a run that was killed"));
    assert_int_equal(io_replace_file(io, "keys", "new!", 4, 0600), 0);
    assert_file("keys", STR("new!"));
    assert_int_equal(stat("keys", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
    assert_int_equal(io->list(io->self, ".", name_note, &names), 0);
    assert_true(str_equal(buf_str(&names), STR("keys ")));
    buf_reset(&names);
    buf_printf(&names, "%s/keys%c", (const char *)*state, 0);
    assert_int_equal(io_replace_file(io, names.data, "whole path", 10, 0600), 0);
    assert_file("keys", STR("whole path"));
    buf_deinit(&names);
}

static void a_file_that_cannot_be_replaced_stays_the_old_one(void **state) {
    (void)state;
    static const char *const calls[] = {"unlink", "open", "pwrite", "fsync", "close", "rename"};
    struct io_steered steered;
    io_steered_init(&steered, io_system());
    file_write("keys", STR("old"));
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        steered.fail_call = calls[i];
        steered.fail_at = 1;
        steered.fail_error = -EIO;
        steered.n_calls = 0;
        assert_int_equal(io_replace_file(&steered.io, "keys", "new", 3, 0600), -EIO);
        assert_file("keys", STR("old"));
        assert_int_equal(access("keys.new", F_OK), -1);
    }
    steered.fail_call = "sync_dir";
    steered.n_calls = 0;
    assert_int_equal(io_replace_file(&steered.io, "keys", "new", 3, 0600), -EIO);
}

static void only_the_call_told_to_fails(void **state) {
    (void)state;
    struct io_steered steered;
    io_steered_init(&steered, io_system());
    const struct io *io = &steered.io;
    steered.fail_call = "pwrite";
    steered.fail_at = 2;
    steered.fail_error = -ENOSPC;
    int fd = io->open(io->self, "segment", O_RDWR | O_CREAT, 0640);
    assert_true(fd >= 0);
    assert_int_equal(io->pwrite(io->self, fd, "a", 1, 0), 0);
    assert_int_equal(io->fdatasync(io->self, fd), 0);
    assert_int_equal(io->pwrite(io->self, fd, "b", 1, 1), -ENOSPC);
    assert_int_equal(io->pwrite(io->self, fd, "c", 1, 1), 0);
    assert_int_equal(steered.n_calls, 3);
    assert_int_equal(io->close(io->self, fd), 0);
    assert_file("segment", STR("ac"));
}

static void every_call_can_be_failed(void **state) {
    (void)state;
    struct io_steered steered;
    io_steered_init(&steered, io_system());
    const struct io *io = &steered.io;
    steered.fail_at = 1;
    steered.fail_error = -EDOM;
#define ASSERT_FAILS(name, ...)                                                                    \
    do {                                                                                           \
        steered.fail_call = #name;                                                                 \
        steered.n_calls = 0;                                                                       \
        assert_int_equal(io->name(io->self, __VA_ARGS__), -EDOM);                                  \
    } while (0)
    char byte = 0;
    bool more;
    ASSERT_FAILS(open, "x", O_CREAT | O_RDWR, 0640);
    ASSERT_FAILS(close, -1);
    ASSERT_FAILS(pread, 0, &byte, 1, 0);
    ASSERT_FAILS(pwrite, 0, &byte, 1, 0);
    ASSERT_FAILS(fdatasync, 0);
    ASSERT_FAILS(fsync, 0);
    ASSERT_FAILS(ftruncate, 0, 0);
    ASSERT_FAILS(rename, "x", "y");
    ASSERT_FAILS(unlink, "x");
    ASSERT_FAILS(mkdir, "x");
    ASSERT_FAILS(sync_dir, ".");
    ASSERT_FAILS(file_size, 0);
    ASSERT_FAILS(file_mode, 0);
    ASSERT_FAILS(disk_free_bytes, ".");
    ASSERT_FAILS(disk_total_bytes, ".");
    ASSERT_FAILS(list, ".", name_note, NULL);
    ASSERT_FAILS(send, NULL, &byte, 1, false);
    ASSERT_FAILS(receive, NULL, NULL, &more);
#undef ASSERT_FAILS
    assert_int_equal(access("x", F_OK), -1);
}

static void a_world_that_is_not_steered_is_the_one_below(void **state) {
    (void)state;
    struct io_steered steered;
    io_steered_init(&steered, io_system());
    const struct io *io = &steered.io;
    struct buf names = {0};
    char data[8] = {0};
    assert_true(io->now_us(io->self) > INT64_C(1600000000000000));
    assert_true(io->boottime_us(io->self) > 0);
    assert_int_equal(io->mkdir(io->self, "journal"), 0);
    int fd = io->open(io->self, "old", O_RDWR | O_CREAT, 0640);
    assert_int_equal(io->pwrite(io->self, fd, "abc", 3, 0), 0);
    assert_int_equal(io->ftruncate(io->self, fd, 2), 0);
    assert_int_equal(io->fsync(io->self, fd), 0);
    assert_int_equal(io->file_size(io->self, fd), 2);
    assert_int_equal(io->pread(io->self, fd, data, sizeof data, 0), 2);
    assert_int_equal(io->close(io->self, fd), 0);
    assert_int_equal(io->rename(io->self, "old", "new"), 0);
    assert_int_equal(io->sync_dir(io->self, "."), 0);
    assert_true(io->disk_free_bytes(io->self, ".") > 0);
    assert_true(io->disk_total_bytes(io->self, ".") > 0);
    assert_int_equal(io->list(io->self, ".", name_note, &names), 0);
    assert_true(str_equal(buf_str(&names), STR("journal new ")));
    assert_int_equal(io->unlink(io->self, "new"), 0);
    buf_deinit(&names);
}

static void steered_time_stands_still_until_moved(void **state) {
    (void)state;
    struct io_steered steered;
    io_steered_init(&steered, io_system());
    const struct io *io = &steered.io;
    steered.steer_time = true;
    steered.time_us = 1000;
    steered.boot_us = 5;
    assert_int_equal(io->now_us(io->self), 1000);
    assert_int_equal(io->now_us(io->self), 1000);
    steered.time_us += 60;
    assert_int_equal(io->now_us(io->self), 1060);
    assert_int_equal(io->boottime_us(io->self), 5);
}

static void one_seed_gives_one_sequence_of_random_bytes(void **state) {
    (void)state;
    struct io_steered one, same, other;
    char a[21], b[21], c[21], zeros[21] = {0};
    io_steered_init(&one, io_system());
    io_steered_init(&same, io_system());
    io_steered_init(&other, io_system());
    one.random_state = same.random_state = 42;
    other.random_state = 43;
    one.io.random(&one, a, sizeof a);
    same.io.random(&same, b, sizeof b);
    other.io.random(&other, c, sizeof c);
    assert_memory_equal(a, b, sizeof a);
    assert_memory_not_equal(a, c, sizeof a);
    one.io.random(&one, a, sizeof a);
    assert_memory_not_equal(a, b, sizeof a);
    other.random_state = 0;
    memset(c, 0, sizeof c);
    other.io.random(&other, c, sizeof c);
    assert_memory_not_equal(c, zeros, sizeof c);
}

static void frames_travel_whole_and_an_idle_socket_says_so(void **state) {
    (void)state;
    struct io_steered steered;
    io_steered_init(&steered, io_system());
    const struct io *io = &steered.io;
    void *context = zmq_ctx_new();
    void *one = zmq_socket(context, ZMQ_PAIR), *other = zmq_socket(context, ZMQ_PAIR);
    assert_int_equal(zmq_bind(one, "inproc://pair"), 0);
    zmq_msg_t message;
    zmq_msg_init(&message);
    bool more = true;
    assert_int_equal(io->receive(io->self, one, &message, &more), 0);
    assert_int_equal(io->send(io->self, other, "x", 1, false), -EAGAIN);
    assert_int_equal(zmq_connect(other, "inproc://pair"), 0);
    assert_int_equal(io->send(io->self, other, "", 0, true), 0);
    assert_int_equal(io->send(io->self, other, "body", 4, false), 0);
    assert_int_equal(io->receive(io->self, one, &message, &more), 1);
    assert_true(more && zmq_msg_size(&message) == 0);
    assert_int_equal(io->receive(io->self, one, &message, &more), 1);
    assert_true(!more && zmq_msg_size(&message) == 4);
    assert_memory_equal(zmq_msg_data(&message), "body", 4);
    assert_int_equal(io->receive(io->self, NULL, &message, &more), -ENOTSOCK);
    zmq_msg_close(&message);
    zmq_close(one);
    zmq_close(other);
    zmq_ctx_term(context);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, folder_enter, folder_leave)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_clocks_run_forward),
        IN_FOLDER(a_file_is_written_read_cut_and_renamed),
        IN_FOLDER(errors_come_as_negative_errno),
        IN_FOLDER(a_file_at_the_size_limit_is_an_error_and_no_signal),
        IN_FOLDER(a_folder_that_exists_is_made_but_a_file_is_not),
        IN_FOLDER(names_are_listed_in_byte_order_until_told_to_stop),
        IN_FOLDER(a_file_beyond_its_limit_is_refused),
        IN_FOLDER(a_replaced_file_is_new_and_nothing_stays_beside_it),
        IN_FOLDER(a_file_that_cannot_be_replaced_stays_the_old_one),
        IN_FOLDER(only_the_call_told_to_fails),
        IN_FOLDER(every_call_can_be_failed),
        IN_FOLDER(a_world_that_is_not_steered_is_the_one_below),
        cmocka_unit_test(steered_time_stands_still_until_moved),
        cmocka_unit_test(one_seed_gives_one_sequence_of_random_bytes),
        cmocka_unit_test(frames_travel_whole_and_an_idle_socket_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
