/* Standard Webhooks: what is signed is known, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/signature.h"

/* The example of the specification. */
#define SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define TIMESTAMP "1614265330"
#define BODY "{\"test\": 2432232314}"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define NOW 1614265330

static struct signature_keys keys_of(const char *text) {
    struct signature_keys keys;
    assert_true(signature_keys_read(&keys, text));
    return keys;
}

static int check(const char *secret, const char *id, const char *timestamp, const char *header,
                 const char *body, int64_t now_s) {
    struct signature_keys keys = keys_of(secret);
    return signature_check(&keys, id, timestamp, header, body, strlen(body), now_s);
}

static void the_specification_s_example_is_signed_as_there(void **state) {
    (void)state;
    struct signature_keys keys = keys_of(SECRET);
    char header[SIGNATURE_TEXT * SIGNATURE_SECRETS];
    signature_make(&keys, ID, TIMESTAMP, BODY, strlen(BODY), header);
    assert_string_equal(header, SIGNATURE);
    assert_int_equal(check(SECRET, ID, TIMESTAMP, SIGNATURE, BODY, NOW), 0);
}

static void a_changed_body_id_or_time_is_refused(void **state) {
    (void)state;
    assert_int_equal(check(SECRET, ID, TIMESTAMP, SIGNATURE, BODY " ", NOW), SIGNATURE_WRONG);
    assert_int_equal(check(SECRET, ID "x", TIMESTAMP, SIGNATURE, BODY, NOW), SIGNATURE_WRONG);
    assert_int_equal(check(SECRET, ID, "1614265331", SIGNATURE, BODY, NOW), SIGNATURE_WRONG);
    assert_int_equal(
        check("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ID, TIMESTAMP, SIGNATURE, BODY, NOW),
        SIGNATURE_WRONG);
}

static void what_is_too_old_or_too_new_is_stale(void **state) {
    (void)state;
    assert_int_equal(check(SECRET, ID, TIMESTAMP, SIGNATURE, BODY, NOW + 300), 0);
    assert_int_equal(check(SECRET, ID, TIMESTAMP, SIGNATURE, BODY, NOW - 300), 0);
    assert_int_equal(check(SECRET, ID, TIMESTAMP, SIGNATURE, BODY, NOW + 301), SIGNATURE_STALE);
    assert_int_equal(check(SECRET, ID, TIMESTAMP, SIGNATURE, BODY, NOW - 301), SIGNATURE_STALE);
}

static void missing_and_malformed_headers_are_named_so(void **state) {
    (void)state;
    static const char *const timestamps[] = {"",  "x", "-1", "1614265330.0", "16142653301614265330",
                                             NULL};
    for (size_t i = 0; timestamps[i]; i++)
        assert_int_equal(check(SECRET, ID, timestamps[i], SIGNATURE, BODY, NOW), SIGNATURE_MISSING);
    assert_int_equal(check(SECRET, NULL, TIMESTAMP, SIGNATURE, BODY, NOW), SIGNATURE_MISSING);
    assert_int_equal(check(SECRET, "", TIMESTAMP, SIGNATURE, BODY, NOW), SIGNATURE_MISSING);
    assert_int_equal(check(SECRET, ID, NULL, SIGNATURE, BODY, NOW), SIGNATURE_MISSING);
    assert_int_equal(check(SECRET, ID, TIMESTAMP, NULL, BODY, NOW), SIGNATURE_MISSING);
    static const char *const headers[] = {
        "", " ", "v1", "v1,", "v2" SIGNATURE, "g0hM9SsE", "v1,####", SIGNATURE "x", NULL};
    for (size_t i = 0; headers[i]; i++)
        assert_int_equal(check(SECRET, ID, TIMESTAMP, headers[i], BODY, NOW), SIGNATURE_WRONG);
}

static void while_a_secret_is_changed_both_hold(void **state) {
    (void)state;
    const char *both = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" SECRET;
    struct signature_keys keys = keys_of(both);
    char header[SIGNATURE_TEXT * SIGNATURE_SECRETS];
    assert_int_equal(check(both, ID, TIMESTAMP, SIGNATURE, BODY, NOW), 0);
    signature_make(&keys, ID, TIMESTAMP, BODY, strlen(BODY), header);
    assert_int_equal(check(SECRET, ID, TIMESTAMP, header, BODY, NOW), 0);
    assert_int_equal(
        check("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", ID, TIMESTAMP, header, BODY, NOW), 0);
}

static void secrets_that_are_none_are_refused(void **state) {
    (void)state;
    struct signature_keys keys;
    static const char *const texts[] = {
        "",          " ",          "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",    "whsec_####", "whsec_c2hvcnQ=",
        SECRET " x", NULL};
    for (size_t i = 0; texts[i]; i++)
        assert_false(signature_keys_read(&keys, texts[i]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_specification_s_example_is_signed_as_there),
        cmocka_unit_test(a_changed_body_id_or_time_is_refused),
        cmocka_unit_test(what_is_too_old_or_too_new_is_stale),
        cmocka_unit_test(missing_and_malformed_headers_are_named_so),
        cmocka_unit_test(while_a_secret_is_changed_both_hold),
        cmocka_unit_test(secrets_that_are_none_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
