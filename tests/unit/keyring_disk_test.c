/* The keys on a disk at its worst (tests/simulation/disk.h): what a sync that failed left behind.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "keyring/keyring.h"
#include "keyring/files.h"
#include "simulation/disk.h"

struct keys {
    struct disk disk;
    struct io_steered io;
    struct keyring *keyring;
};

static int keys_open(struct keys *keys) {
    struct keyring_options options = {.path = "/d/keys", .master_path = "/d/master.key"};
    return keyring_open(&keys->io.io, &options, &keys->keyring);
}

static void keys_close(struct keys *keys) {
    keyring_close(keys->keyring);
    keys->keyring = NULL;
    disk_restart(&keys->disk);
}

static int setup(void **state) {
    struct keys *keys = calloc(1, sizeof *keys);
    disk_init(&keys->disk, 1, &keys->io, NULL);
    io_steered_init(&keys->io, &keys->disk.io);
    keys->io.steer_time = true;
    keys->io.random_state = 1;
    assert_int_equal(keys_open(keys), 0);
    *state = keys;
    return 0;
}

static int teardown(void **state) {
    struct keys *keys = *state;
    keyring_close(keys->keyring);
    disk_deinit(&keys->disk);
    free(keys);
    return 0;
}

/* The process sees such a slot, gives it to somebody, and then the power goes. */
static void keys_whose_sync_failed_are_on_the_disk_before_they_are_used(void **state) {
    struct keys *keys = *state;
    struct arena arena;
    struct str cipher, plain;
    arena_init(&arena);
    disk_arm(&keys->disk, DISK_SYNC, 2);
    assert_true(keyring_ensure(keys->keyring, KEYRING_STEP) < 0);
    keys_close(keys);
    assert_int_equal(keys_open(keys), 0);
    assert_int_equal(keyring_ensure(keys->keyring, KEYRING_STEP), 0);
    assert_int_equal(keyring_seal(keys->keyring, KEYRING_STEP, STR("c"), STR("x"), &arena, &cipher),
                     0);
    keys->disk.is_down = keys->disk.lost_power = true;
    keys_close(keys);
    assert_int_equal(keys_open(keys), 0);
    assert_int_equal(keyring_ensure(keys->keyring, KEYRING_STEP + 1), 0);
    assert_int_equal(
        keyring_open_sealed(keys->keyring, KEYRING_STEP, STR("c"), cipher, &arena, &plain), 0);
    arena_deinit(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keys_whose_sync_failed_are_on_the_disk_before_they_are_used,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
