/* What the bytes of one connection may be: ZMTP 2.0 and later, whole messages of a bounded size and
 * number of frames, and of a subscriber a bounded number of words. The same verdict however the
 * bytes are cut. */
#include "bus/guard.h"
#include "util/buf.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

enum { MORE = 1, LARGE = 2, COMMAND = 4 };
#define MESSAGE_LIMIT 100000

static void put_greeting(struct buf *out, uint8_t revision, size_t size) {
    const uint8_t signature[] = {0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, revision};
    buf_put(out, signature, sizeof signature);
    while (out->size < size)
        buf_put_byte(out, 0);
}

static void put_frame(struct buf *out, int flags, size_t size, uint8_t fill) {
    if (size < 256) {
        buf_put_byte(out, (uint8_t)flags);
        buf_put_byte(out, (uint8_t)size);
    } else {
        buf_put_byte(out, (uint8_t)(flags | LARGE));
        for (int shift = 56; shift >= 0; shift -= 8)
            buf_put_byte(out, (uint8_t)(size >> shift));
    }
    for (size_t i = 0; i < size; i++)
        buf_put_byte(out, fill);
}

static void put_ready(struct buf *out) {
    put_greeting(out, 3, 64);
    put_frame(out, COMMAND, 40, 5);
}

/* Bytes accepted in pieces of this size. */
static bool follow(struct guard *guard, const struct buf *bytes, size_t piece) {
    struct guard_connection connection = {.guard = guard, .message_limit = MESSAGE_LIMIT};
    bool good = true;
    for (size_t i = 0; i < bytes->size && good; i += piece)
        good = guard_follow(&connection, bytes->data + i,
                            bytes->size - i < piece ? bytes->size - i : piece);
    return good;
}

static void assert_verdict(const struct guard_options *options, struct buf *bytes, bool good) {
    static const size_t pieces[] = {1, 2, 7, 64, 8192, 1 << 30};
    struct guard *guard = guard_new(options);
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        assert_int_equal(follow(guard, bytes, pieces[i]), good);
    guard_free(guard);
    buf_deinit(bytes);
}

static const struct guard_options publishers = {.waiting_bytes = 1 << 20, .max_connections = 10};
static const struct guard_options subscribers = {
    .waiting_bytes = 1 << 20, .subscription_bytes = 10000, .max_connections = 10};

static void whole_messages_pass_however_many(void **state) {
    struct buf bytes = {0};
    (void)state;
    put_ready(&bytes);
    for (int i = 0; i < 3000; i++) {
        put_frame(&bytes, MORE, 0, 0);
        put_frame(&bytes, 0, i % 500 == 0 ? 90000 : 300, 'x');
        put_frame(&bytes, COMMAND, 10, 4);
    }
    assert_verdict(&publishers, &bytes, true);
}

static void peers_of_zmtp_2_pass_and_older_ones_do_not(void **state) {
    struct buf bytes = {0};
    (void)state;
    put_greeting(&bytes, 1, 12);
    put_frame(&bytes, 0, 0, 0);
    put_frame(&bytes, MORE, 0, 0);
    put_frame(&bytes, 0, 300, 'x');
    assert_verdict(&publishers, &bytes, true);
    put_greeting(&bytes, 0, 12);
    assert_verdict(&publishers, &bytes, false);
    put_frame(&bytes, 0, 20, 'x');
    assert_verdict(&publishers, &bytes, false);
    buf_put_str(&bytes, STR("GET / HTTP/1.1\r\n\r\n"));
    assert_verdict(&publishers, &bytes, false);
}

static void a_message_that_does_not_end_is_cut_by_its_bytes(void **state) {
    struct buf bytes = {0};
    (void)state;
    put_ready(&bytes);
    for (int i = 0; i < 10; i++)
        put_frame(&bytes, MORE, 9999, 'x');
    assert_verdict(&publishers, &bytes, true);
    put_ready(&bytes);
    for (int i = 0; i < 11; i++)
        put_frame(&bytes, MORE, 9999, 'x');
    assert_verdict(&publishers, &bytes, false);
}

static void a_message_that_does_not_end_is_cut_by_its_frames(void **state) {
    struct buf bytes = {0};
    (void)state;
    put_ready(&bytes);
    for (int i = 0; i < 1024; i++)
        put_frame(&bytes, MORE, 0, 0);
    assert_verdict(&publishers, &bytes, true);
    put_ready(&bytes);
    for (int i = 0; i < 1025; i++)
        put_frame(&bytes, MORE, 0, 0);
    assert_verdict(&publishers, &bytes, false);
}

static void a_command_between_frames_ends_no_message(void **state) {
    struct buf bytes = {0};
    (void)state;
    put_ready(&bytes);
    for (int i = 0; i < 1025; i++) {
        put_frame(&bytes, MORE, 1, 'x');
        put_frame(&bytes, COMMAND, 10, 4);
    }
    assert_verdict(&publishers, &bytes, false);
    put_ready(&bytes);
    for (int i = 0; i < 1025; i++)
        put_frame(&bytes, COMMAND | MORE, 10, 9);
    assert_verdict(&publishers, &bytes, false);
}

static void a_frame_that_announces_too_much_is_cut_at_its_head(void **state) {
    static const uint8_t head[] = {LARGE, 0x80, 0, 0, 0, 0, 0, 0, 0};
    struct buf bytes = {0};
    (void)state;
    put_ready(&bytes);
    buf_put(&bytes, head, sizeof head);
    assert_verdict(&publishers, &bytes, false);
}

static void a_subscriber_says_a_bounded_amount(void **state) {
    struct buf bytes = {0};
    (void)state;
    put_ready(&bytes);
    for (int i = 0; i < 170; i++)
        put_frame(&bytes, 0, 40, 1);
    assert_verdict(&subscribers, &bytes, true);
    put_ready(&bytes);
    for (int i = 0; i < 190; i++)
        put_frame(&bytes, 0, 40, 1);
    assert_verdict(&subscribers, &bytes, false);
    put_ready(&bytes);
    for (int i = 0; i < 190; i++)
        put_frame(&bytes, COMMAND, 40, 9); /* SUBSCRIBE of ZMTP 3.1 */
    assert_verdict(&subscribers, &bytes, false);
}

static void a_subscriber_may_ask_for_ever_whether_the_daemon_is_there(void **state) {
    struct buf bytes = {0};
    (void)state;
    put_ready(&bytes);
    for (int i = 0; i < 10000; i++)
        put_frame(&bytes, COMMAND, 7, 4);
    assert_verdict(&subscribers, &bytes, true);
}

/* ---- descriptors ---- */

/* What ZeroMQ's thread does with a peer that goes away before it says a word: the number, then
 * free. */
static void *accept_and_close(void *listener) {
    int fd = accept4(*(int *)listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(fd >= 0);
    close(fd);
    return (void *)(intptr_t)fd;
}

static int connection_that_was(struct guard *guard, const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char endpoint[sizeof address.sun_path + 6];
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    snprintf(endpoint, sizeof endpoint, "ipc://%s", path);
    guard_add(guard, endpoint, MESSAGE_LIMIT);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0), peer = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(connect(peer, (struct sockaddr *)&address, sizeof address), 0);
    pthread_t thread;
    void *fd;
    assert_int_equal(pthread_create(&thread, NULL, accept_and_close, &listener), 0);
    assert_int_equal(pthread_join(thread, &fd), 0);
    close(listener);
    close(peer);
    return (int)(intptr_t)fd;
}

static void a_child_gets_the_number_of_a_connection_and_is_heard(void **state) {
    const struct guard_options options = {.waiting_bytes = 1 << 20, .max_connections = 1000};
    struct guard *guard = guard_new(&options);
    char path[] = "/tmp/guard_test.XXXXXX", data[2000] = {0}, got[sizeof data];
    int pair[2];
    (void)state;
    assert_non_null(mkdtemp(path));
    char name[sizeof path + 8];
    snprintf(name, sizeof name, "%s/socket", path);
    int fd = connection_that_was(guard, name);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    if (pair[0] != fd)
        assert_int_equal(dup2(pair[0], fd), fd);
    assert_int_equal(write(pair[1], data, sizeof data), sizeof data);
    assert_int_equal(recv(fd, got, sizeof got, MSG_DONTWAIT), sizeof data);
    assert_int_equal(guard_closed(guard), 0);
    close(fd);
    if (pair[0] != fd)
        close(pair[0]);
    close(pair[1]);
    unlink(name);
    rmdir(path);
    guard_free(guard);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_messages_pass_however_many),
        cmocka_unit_test(peers_of_zmtp_2_pass_and_older_ones_do_not),
        cmocka_unit_test(a_message_that_does_not_end_is_cut_by_its_bytes),
        cmocka_unit_test(a_message_that_does_not_end_is_cut_by_its_frames),
        cmocka_unit_test(a_command_between_frames_ends_no_message),
        cmocka_unit_test(a_frame_that_announces_too_much_is_cut_at_its_head),
        cmocka_unit_test(a_subscriber_says_a_bounded_amount),
        cmocka_unit_test(a_subscriber_may_ask_for_ever_whether_the_daemon_is_there),
        cmocka_unit_test(a_child_gets_the_number_of_a_connection_and_is_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
