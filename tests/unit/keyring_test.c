#include "journal_fixture.h"

#include "keyring/keyring.h"
#include "util/arena.h"

#define SLOT_BYTES 128
#define STEP_SLOTS 4096

struct keys {
    struct fixture *fixture;
    char path[256];
    char master_path[256];
    struct keyring_options options;
    struct keyring *keyring;
    struct arena arena;
};

static int keys_open(struct keys *keys) {
    return keyring_open(&keys->fixture->steered.io, &keys->options, &keys->keyring);
}

static void keys_close(struct keys *keys) {
    keyring_close(keys->keyring);
    keys->keyring = NULL;
}

static int keys_setup(void **state) {
    struct keys *keys = calloc(1, sizeof *keys);
    assert_non_null(keys);
    fixture_setup((void **)&keys->fixture);
    file_path(keys->fixture, "keys", keys->path);
    file_path(keys->fixture, "master", keys->master_path);
    keys->options = (struct keyring_options){.path = keys->path, .master_path = keys->master_path};
    arena_init(&keys->arena);
    assert_int_equal(keys_open(keys), 0);
    *state = keys;
    return 0;
}

static int keys_teardown(void **state) {
    struct keys *keys = *state;
    keys_close(keys);
    arena_deinit(&keys->arena);
    fixture_teardown((void **)&keys->fixture);
    free(keys);
    return 0;
}

static struct str seal(struct keys *keys, uint32_t slot, const char *text) {
    struct str cipher;
    assert_int_equal(
        keyring_seal(keys->keyring, slot, STR("1.identity"), str_from(text), &keys->arena, &cipher),
        0);
    return cipher;
}

static int unseal(struct keys *keys, uint32_t slot, struct str context, struct str cipher,
                  struct str *ret_plain) {
    return keyring_open_sealed(keys->keyring, slot, context, cipher, &keys->arena, ret_plain);
}

static void assert_unseals(struct keys *keys, uint32_t slot, struct str cipher, const char *text) {
    struct str plain;
    assert_int_equal(unseal(keys, slot, STR("1.identity"), cipher, &plain), 0);
    assert_true(str_equal(plain, str_from(text)));
}

static void what_is_sealed_opens_also_after_a_restart(void **state) {
    struct keys *keys = *state;
    struct str one = seal(keys, 1, "li hua"), other = seal(keys, STEP_SLOTS - 1, ""),
               again = seal(keys, 1, "li hua");
    assert_false(str_equal(one, again));
    assert_int_equal(one.data[0], 1);
    assert_unseals(keys, 1, one, "li hua");
    keys_close(keys);
    assert_int_equal(keys_open(keys), 0);
    assert_unseals(keys, 1, one, "li hua");
    assert_unseals(keys, STEP_SLOTS - 1, other, "");
}

static void any_change_to_what_is_sealed_is_found(void **state) {
    struct keys *keys = *state;
    struct str cipher = seal(keys, 3, "620502190001010000"), plain;
    char *bytes = arena_bytes(&keys->arena, cipher.size);
    memcpy(bytes, cipher.data, cipher.size);
    for (size_t i = 0; i < cipher.size; i++) {
        bytes[i] = (char)(bytes[i] ^ 0x40);
        assert_int_equal(
            unseal(keys, 3, STR("1.identity"), (struct str){bytes, cipher.size}, &plain),
            KEYRING_DAMAGED);
        bytes[i] = (char)(bytes[i] ^ 0x40);
        assert_int_equal(unseal(keys, 3, STR("1.identity"), (struct str){bytes, i}, &plain),
                         KEYRING_DAMAGED);
    }
    assert_int_equal(unseal(keys, 3, STR("1.phone"), cipher, &plain), KEYRING_DAMAGED);
    assert_int_equal(unseal(keys, 4, STR("1.identity"), cipher, &plain), KEYRING_DAMAGED);
    assert_int_equal(unseal(keys, 0, STR("1.identity"), cipher, &plain), KEYRING_DAMAGED);
    assert_int_equal(unseal(keys, UINT32_MAX, STR("1.identity"), cipher, &plain), KEYRING_DAMAGED);
    assert_unseals(keys, 3, cipher, "620502190001010000");
}

static void an_erased_slot_never_opens_again(void **state) {
    struct keys *keys = *state;
    struct str gone = seal(keys, 5, "gone"), unused = seal(keys, 6, "kept"), plain, cipher;
    assert_int_equal(keyring_erase(keys->keyring, 5), 0);
    assert_int_equal(keyring_erase(keys->keyring, 5), 0);
    assert_int_equal(keyring_erase(keys->keyring, 7), 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(unseal(keys, 5, STR("1.identity"), gone, &plain), KEYRING_ERASED);
        assert_int_equal(unseal(keys, 7, STR("1.identity"), gone, &plain), KEYRING_ERASED);
        assert_int_equal(keyring_seal(keys->keyring, 5, STR("c"), STR("x"), &keys->arena, &cipher),
                         -ENOKEY);
        assert_unseals(keys, 6, unused, "kept");
        keys_close(keys);
        assert_int_equal(keys_open(keys), 0);
    }
    char slot[SLOT_BYTES], zeros[64] = {0};
    file_read(keys->fixture, "keys", 5 * SLOT_BYTES, slot, sizeof slot);
    assert_memory_equal(slot + 28, zeros, sizeof zeros);
    assert_int_equal(keyring_erase(keys->keyring, 0), -EINVAL);
    assert_int_equal(keyring_erase(keys->keyring, STEP_SLOTS), -EINVAL);
}

static void slots_grow_in_steps_and_only_when_they_must(void **state) {
    struct keys *keys = *state;
    assert_int_equal(file_bytes(keys->fixture, "keys"), STEP_SLOTS * SLOT_BYTES);
    assert_int_equal(keyring_ensure(keys->keyring, STEP_SLOTS - 1), 0);
    assert_int_equal(file_bytes(keys->fixture, "keys"), STEP_SLOTS * SLOT_BYTES);
    for (uint32_t step = 1; step <= 3; step++)
        assert_int_equal(keyring_ensure(keys->keyring, step * STEP_SLOTS), 0);
    assert_int_equal(file_bytes(keys->fixture, "keys"), 4 * STEP_SLOTS * SLOT_BYTES);
    struct str cipher = seal(keys, 3 * STEP_SLOTS, "x");
    keys_close(keys);
    assert_int_equal(keys_open(keys), 0);
    assert_unseals(keys, 3 * STEP_SLOTS, cipher, "x");
}

/* As a crash leaves it: the first slot of a step is written last. */
static void a_step_cut_off_by_a_crash_is_made_anew(void **state) {
    struct keys *keys = *state;
    struct str kept = seal(keys, 9, "kept");
    static const uint64_t sizes[] = {0, 1, 127, 128, 129, 70000, STEP_SLOTS * SLOT_BYTES};
    char rubbish[1000];
    memset(rubbish, 'x', sizeof rubbish);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        keys_close(keys);
        assert_int_equal(truncate(keys->path, STEP_SLOTS * SLOT_BYTES), 0);
        assert_int_equal(truncate(keys->path, (off_t)(STEP_SLOTS * SLOT_BYTES + sizes[i])), 0);
        if (sizes[i] > 2000)
            file_write(keys->fixture, "keys", STEP_SLOTS * SLOT_BYTES + 128, rubbish,
                       sizeof rubbish);
        assert_int_equal(keys_open(keys), 0);
        assert_int_equal(keyring_ensure(keys->keyring, STEP_SLOTS), 0);
        assert_int_equal(file_bytes(keys->fixture, "keys"), 2 * STEP_SLOTS * SLOT_BYTES);
        for (uint32_t slot = STEP_SLOTS; slot < 2 * STEP_SLOTS; slot += 91)
            assert_unseals(keys, slot, seal(keys, slot, "new"), "new");
        assert_unseals(keys, 9, kept, "kept");
    }
}

static void keys_that_were_cut_off_are_refused_and_left_as_they_are(void **state) {
    struct keys *keys = *state;
    assert_int_equal(keyring_ensure(keys->keyring, STEP_SLOTS), 0);
    keys_close(keys);
    static const uint64_t missing[] = {1, 128, 129, STEP_SLOTS * SLOT_BYTES - 128};
    for (int steps = 2; steps >= 1; steps--) {
        uint64_t whole = (uint64_t)steps * STEP_SLOTS * SLOT_BYTES;
        for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
            assert_int_equal(truncate(keys->path, (off_t)(whole - missing[i])), 0);
            assert_int_equal(keys_open(keys), -EBADMSG);
            assert_int_equal(file_bytes(keys->fixture, "keys"), whole - missing[i]);
        }
    }
    assert_int_equal(truncate(keys->path, 0), 0);
    assert_int_equal(keys_open(keys), -EBADMSG);
}

static void keys_of_an_earlier_time_get_no_new_ones_in_place_of_those_in_use(void **state) {
    struct keys *keys = *state;
    assert_int_equal(keyring_ensure(keys->keyring, STEP_SLOTS), 0);
    keys_close(keys);
    assert_int_equal(truncate(keys->path, STEP_SLOTS * SLOT_BYTES), 0);
    assert_int_equal(keys_open(keys), 0);
    assert_int_equal(keyring_ensure(keys->keyring, STEP_SLOTS + 1), -EBADMSG);
    assert_int_equal(file_bytes(keys->fixture, "keys"), STEP_SLOTS * SLOT_BYTES);
}

static void a_failed_growth_leaves_what_there_was(void **state) {
    struct keys *keys = *state;
    static const char *const calls[] = {"pwrite", "fdatasync"};
    struct io_steered *steered = &keys->fixture->steered;
    for (int i = 0; i < 2; i++) {
        steered->fail_call = calls[i];
        steered->fail_at = 1;
        steered->n_calls = 0;
        steered->fail_error = -ENOSPC;
        assert_int_equal(keyring_ensure(keys->keyring, STEP_SLOTS), -ENOSPC);
        assert_int_equal(keyring_erase(keys->keyring, STEP_SLOTS), -EINVAL);
        steered->n_calls = 0;
        struct str cipher = seal(keys, 8, "there");
        assert_int_equal(keyring_erase(keys->keyring, 8), -ENOSPC);
        assert_unseals(keys, 8, cipher, "there");
    }
    steered->fail_call = NULL;
    assert_int_equal(keyring_ensure(keys->keyring, STEP_SLOTS), 0);
    assert_unseals(keys, STEP_SLOTS, seal(keys, STEP_SLOTS, "x"), "x");
}

/* A killed run may have left the last step in the page cache alone, and a slot of it is used at
 * once. */
static void opening_makes_the_last_step_durable(void **state) {
    struct keys *keys = *state;
    struct io_steered *steered = &keys->fixture->steered;
    assert_int_equal(keyring_ensure(keys->keyring, STEP_SLOTS), 0);
    struct str cipher = seal(keys, STEP_SLOTS, "x");
    keys_close(keys);
    static const char *const calls[] = {"pwrite", "fdatasync"};
    for (int i = 0; i < 2; i++) {
        io_steered_fail(steered, calls[i], 1, -EIO);
        assert_int_equal(keys_open(keys), -EIO);
    }
    io_steered_fail(steered, calls[0], 0, 0);
    assert_int_equal(keys_open(keys), 0);
    assert_unseals(keys, STEP_SLOTS, cipher, "x");
}

static void a_damaged_slot_costs_that_slot_alone(void **state) {
    struct keys *keys = *state;
    struct str hurt = seal(keys, 20, "hurt"), well = seal(keys, 21, "well"), plain;
    keys_close(keys);
    for (uint64_t offset = 0; offset < SLOT_BYTES; offset += 9) {
        file_flip(keys->fixture, "keys", 20 * SLOT_BYTES + offset, 8);
        assert_int_equal(keys_open(keys), 0);
        assert_int_equal(unseal(keys, 20, STR("1.identity"), hurt, &plain), KEYRING_DAMAGED);
        assert_unseals(keys, 21, well, "well");
        keys_close(keys);
        file_flip(keys->fixture, "keys", 20 * SLOT_BYTES + offset, 8);
    }
    assert_int_equal(keys_open(keys), 0);
    assert_unseals(keys, 20, hurt, "hurt");
}

static void swapped_slots_are_damage(void **state) {
    struct keys *keys = *state;
    struct str cipher = seal(keys, 30, "x"), plain;
    keys_close(keys);
    char slot[SLOT_BYTES];
    file_read(keys->fixture, "keys", 30 * SLOT_BYTES, slot, sizeof slot);
    file_write(keys->fixture, "keys", 31 * SLOT_BYTES, slot, sizeof slot);
    assert_int_equal(keys_open(keys), 0);
    assert_int_equal(unseal(keys, 31, STR("1.identity"), cipher, &plain), KEYRING_DAMAGED);
    assert_unseals(keys, 30, cipher, "x");
}

static void the_stores_keys_stay_and_matches_with_them(void **state) {
    struct keys *keys = *state;
    uint8_t digest_key[16], match[16], other[16];
    memcpy(digest_key, keyring_digest_key(keys->keyring), sizeof digest_key);
    keyring_match(keys->keyring, STR("620502190001010000"), match);
    keyring_match(keys->keyring, STR("620502190001010001"), other);
    assert_memory_not_equal(match, other, sizeof match);
    keys_close(keys);
    assert_int_equal(keys_open(keys), 0);
    assert_memory_equal(keyring_digest_key(keys->keyring), digest_key, sizeof digest_key);
    keyring_match(keys->keyring, STR("620502190001010000"), other);
    assert_memory_equal(match, other, sizeof match);
}

/* ---- the master key ---- */

static void the_master_key_is_made_for_its_owner_alone(void **state) {
    struct keys *keys = *state;
    struct stat status;
    assert_int_equal(stat(keys->master_path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_int_equal(status.st_size, 32);
    assert_int_equal(stat(keys->path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    keys_close(keys);
    assert_int_equal(chmod(keys->master_path, 0640), 0);
    assert_int_equal(keys_open(keys), -EPERM);
    assert_int_equal(chmod(keys->master_path, 0604), 0);
    assert_int_equal(keys_open(keys), -EPERM);
    assert_int_equal(chmod(keys->master_path, 0400), 0);
    assert_int_equal(keys_open(keys), 0);
}

static void another_master_key_is_refused(void **state) {
    struct keys *keys = *state;
    keys_close(keys);
    file_flip(keys->fixture, "master", 31, 1);
    assert_int_equal(keys_open(keys), -EKEYREJECTED);
    file_flip(keys->fixture, "master", 31, 1);
    file_write(keys->fixture, "master", 32, "\n", 1);
    assert_int_equal(keys_open(keys), -EINVAL);
    assert_int_equal(truncate(keys->master_path, 31), 0);
    assert_int_equal(keys_open(keys), -EINVAL);
}

static void a_missing_master_key_is_not_made_beside_old_keys(void **state) {
    struct keys *keys = *state;
    keys_close(keys);
    assert_int_equal(unlink(keys->master_path), 0);
    assert_int_equal(keys_open(keys), -ENOENT);
    assert_false(file_exists(keys->fixture, "master"));
}

static void a_damaged_first_slot_is_refused(void **state) {
    struct keys *keys = *state;
    keys_close(keys);
    file_flip(keys->fixture, "keys", 50, 1);
    assert_int_equal(keys_open(keys), -EBADMSG);
}

static void a_start_cut_off_between_the_two_files_goes_on(void **state) {
    struct keys *keys = *state;
    keys_close(keys);
    assert_int_equal(unlink(keys->path), 0);
    assert_int_equal(keys_open(keys), 0);
    assert_unseals(keys, 1, seal(keys, 1, "x"), "x");
}

/* ---- threads ---- */

struct sealer {
    struct keys *keys;
    uint32_t first_slot;
    int result;
};

static void *sealer_run(void *argument) {
    struct sealer *sealer = argument;
    struct arena arena;
    arena_init(&arena);
    for (uint32_t i = 0; i < 2000 && sealer->result == 0; i++) {
        struct str cipher, plain = STR_NONE;
        uint32_t slot = sealer->first_slot + i % 500;
        arena_reset(&arena);
        sealer->result =
            keyring_seal(sealer->keys->keyring, slot, STR("c"), STR("text"), &arena, &cipher);
        if (sealer->result == 0)
            sealer->result =
                keyring_open_sealed(sealer->keys->keyring, slot, STR("c"), cipher, &arena, &plain);
        if (sealer->result == 0 && !str_equal(plain, STR("text")))
            sealer->result = -EPROTO;
    }
    arena_deinit(&arena);
    return NULL;
}

static void threads_seal_while_others_erase_and_grow(void **state) {
    struct keys *keys = *state;
    struct sealer sealers[2] = {{keys, 100, 0}, {keys, 300, 0}};
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, sealer_run, &sealers[i]);
    for (uint32_t i = 1; i < 90; i++) {
        assert_int_equal(keyring_erase(keys->keyring, i), 0);
        if (i % 30 == 0)
            assert_int_equal(keyring_ensure(keys->keyring, i / 30 * STEP_SLOTS), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(sealers[i].result, 0);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, keys_setup, keys_teardown)
    const struct CMUnitTest tests[] = {
        TEST(what_is_sealed_opens_also_after_a_restart),
        TEST(any_change_to_what_is_sealed_is_found),
        TEST(an_erased_slot_never_opens_again),
        TEST(slots_grow_in_steps_and_only_when_they_must),
        TEST(a_step_cut_off_by_a_crash_is_made_anew),
        TEST(keys_that_were_cut_off_are_refused_and_left_as_they_are),
        TEST(keys_of_an_earlier_time_get_no_new_ones_in_place_of_those_in_use),
        TEST(a_failed_growth_leaves_what_there_was),
        TEST(opening_makes_the_last_step_durable),
        TEST(a_damaged_slot_costs_that_slot_alone),
        TEST(swapped_slots_are_damage),
        TEST(the_stores_keys_stay_and_matches_with_them),
        TEST(the_master_key_is_made_for_its_owner_alone),
        TEST(another_master_key_is_refused),
        TEST(a_missing_master_key_is_not_made_beside_old_keys),
        TEST(a_damaged_first_slot_is_refused),
        TEST(a_start_cut_off_between_the_two_files_goes_on),
        TEST(threads_seal_while_others_erase_and_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
