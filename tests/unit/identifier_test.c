#include "event_example.h"

static void identifiers_have_a_small_alphabet(void **state) {
    (void)state;
    char longest[66];
    memset(longest, 'a', sizeof longest);
    assert_true(identifier_is_valid(STR("tszyz:1001")));
    assert_true(identifier_is_valid(STR("AZaz09-_.:/")));
    assert_true(identifier_is_valid((struct str){longest, 64}));
    assert_false(identifier_is_valid((struct str){longest, 65}));
    assert_false(identifier_is_valid(STR("")));
    for (int byte = 0; byte < 256; byte++) {
        char text[3] = {'a', (char)byte, 'b'};
        bool expected = byte && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                       "0123456789-_.:/",
                                       byte);
        assert_int_equal(identifier_is_valid((struct str){text, 3}), expected);
    }
}

static void numbers_of_persons_are_no_identifiers(void **state) {
    (void)state;
    static const char *const personal[] = {
        IDENTITY_NUMBER,   "11010519491231002x",   "440524188001010014", "tszyz:" IDENTITY_NUMBER,
        "a/b_13812345678", "x.440524188001010014", "a-" IDENTITY_NUMBER, "13812345678",
    };
    static const char *const innocent[] = {
        "110105194912310021", /* wrong check character */
        "11010519491331002X", /* month 13 */
        "620502001000",       /* a division */
        "12812345678",        /* no mobile prefix */
        "138123456789",
        "1381234567",
        "id13812345678",
        IDENTITY_NUMBER "0",
        "0198c0de-0001-7000-8000-138123456789",
        "a",
        ":",
        "x:",
    };
    for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
        assert_true(identifier_is_personal(str_from(personal[i])));
    for (size_t i = 0; i < sizeof innocent / sizeof *innocent; i++)
        assert_false(identifier_is_personal(str_from(innocent[i])));
    assert_false(identifier_is_personal(STR_NONE));
}

static void identity_numbers_pass_gb_11643(void **state) {
    (void)state;
    int32_t born = 0, sex = -1;
    assert_true(identity_number_is_valid(STR("11010519491231002X"), &born, &sex));
    assert_int_equal(born, 1949 * 12 + 11);
    assert_int_equal(sex, SEX_FEMALE);
    assert_true(identity_number_is_valid(STR("440524188001010014"), &born, &sex));
    assert_int_equal(born, 1880 * 12);
    assert_int_equal(sex, SEX_MALE);
    assert_true(identity_number_is_valid(STR("11010519491231002x"), NULL, NULL));
}

static void old_numbers_have_fifteen_digits_and_tell_birth_and_sex(void **state) {
    (void)state;
    int32_t born = 0, sex = -1;
    assert_true(identity_number_is_valid(STR("110105491231002"), &born, &sex));
    assert_int_equal(born, 1949 * 12 + 11);
    assert_int_equal(sex, SEX_FEMALE);
    assert_true(identity_number_is_valid(STR("440524800101001"), &born, &sex));
    assert_int_equal(born, 1980 * 12);
    assert_int_equal(sex, SEX_MALE);
    static const char *const invalid[] = {
        "110105491331002",  /* month 13 */
        "110105490229002",  /* no leap year */
        "010105491231002",  /* no such area */
        "11010549123100X",  /* a letter */
        "11010549123100",   /* 14 */
        "1101054912310022", /* 16 */
    };
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        assert_false(identity_number_is_valid(str_from(invalid[i]), NULL, NULL));
}

/* Any 17 digits with the right check character. */
static struct str with_check(char ret_text[18], const char *digits) {
    static const char checks[] = "10X98765432";
    int sum = 0, weight = 1;
    for (int i = 16; i >= 0; i--) {
        weight = weight * 2 % 11;
        sum += (digits[i] - '0') * weight;
    }
    memcpy(ret_text, digits, 17);
    ret_text[17] = checks[sum % 11];
    return (struct str){ret_text, 18};
}

static void identity_numbers_need_a_real_birthday(void **state) {
    (void)state;
    char text[18];
    assert_true(identity_number_is_valid(with_check(text, "62059920000229001"), NULL, NULL));
    assert_false(identity_number_is_valid(with_check(text, "62059919000229001"), NULL, NULL));
    assert_false(identity_number_is_valid(with_check(text, "62059920001301001"), NULL, NULL));
    assert_false(identity_number_is_valid(with_check(text, "62059920000230001"), NULL, NULL));
    assert_false(identity_number_is_valid(with_check(text, "62059917990101001"), NULL, NULL));
    assert_false(identity_number_is_valid(with_check(text, "02059920000101001"), NULL, NULL));
}

static void every_slip_of_one_digit_is_found(void **state) {
    (void)state;
    char text[] = "440524198001010014";
    with_check(text, "44052419800101001");
    assert_true(identity_number_is_valid(str_from(text), NULL, NULL));
    for (size_t i = 0; i < 18; i++) {
        char right = text[i];
        for (char digit = '0'; digit <= '9'; digit++) {
            text[i] = digit;
            assert_int_equal(identity_number_is_valid(str_from(text), NULL, NULL), digit == right);
        }
        text[i] = right;
    }
}

static void odd_shapes_are_refused(void **state) {
    (void)state;
    assert_false(identity_number_is_valid(STR("1101051949123100 X"), NULL, NULL));
    assert_false(identity_number_is_valid(STR("11010519491231002"), NULL, NULL));
    assert_false(identity_number_is_valid(STR("X1010519491231002X"), NULL, NULL));
    assert_false(identity_number_is_valid(STR_NONE, NULL, NULL));
}

static void credit_codes_pass_gb_32100(void **state) {
    (void)state;
    static const char *const valid[] = {
        "91350100M000100Y43", "914403001922038216", "9144030071526726XG", "11620500013900016M",
        "1262050043840021XQ", "516205005091003382", "52620502MJ080012XM",
    };
    static const char *const invalid[] = {
        "91350100M000100Y4Z", "91350100M000100Y44",  "91350100m000100y43",
        "91350100M000100Y4",  "91350100I000100Y43",  "",
        "914403001922038226", "91350100M000100Y430",
    };
    for (size_t i = 0; i < sizeof valid / sizeof *valid; i++)
        assert_true(credit_code_is_valid(str_from(valid[i])));
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++)
        assert_false(credit_code_is_valid(str_from(invalid[i])));
    assert_false(credit_code_is_valid((struct str){"91350100M000100Y4\0", 18}));
}

static void one_document_has_one_canonical_form(void **state) {
    struct bench *bench = *state;
    const struct identity plain = {.document_kind = DOCUMENT_KIND_PASSPORT, .number = STR("E 12x")};
    const struct identity other = {.document_kind = DOCUMENT_KIND_PASSPORT, .number = STR("e12X")};
    const struct identity permit = {.document_kind = DOCUMENT_KIND_TAIWAN, .number = STR("E12X")};
    struct str canonical = identity_canonical(&plain, &bench->arena);
    assert_true(str_equal(canonical, STR("passport:E12X")));
    assert_true(str_equal(canonical, identity_canonical(&other, &bench->arena)));
    assert_false(str_equal(canonical, identity_canonical(&permit, &bench->arena)));
}

static void an_old_number_and_the_renewed_one_are_one_document(void **state) {
    struct bench *bench = *state;
    const struct identity old = {.document_kind = DOCUMENT_KIND_RESIDENT_ID,
                                 .number = STR("110105491231002")};
    const struct identity renewed = {.document_kind = DOCUMENT_KIND_RESIDENT_ID,
                                     .number = STR("11010519491231002x")};
    const struct identity other = {.document_kind = DOCUMENT_KIND_OTHER,
                                   .number = STR("110105491231002")};
    struct str canonical = identity_canonical(&old, &bench->arena);
    assert_true(str_equal(canonical, STR("resident_id:11010519491231002X")));
    assert_true(str_equal(canonical, identity_canonical(&renewed, &bench->arena)));
    assert_true(str_equal(identity_canonical(&other, &bench->arena), STR("other:110105491231002")));
}

static void numbers_of_persons_are_found_within_a_text(void **state) {
    static const char *const personal[] = {
        "13912345678",
        "电话13912345678。",
        "x13912345678x",
        "139-1234-5678",
        "139 1234 5678",
        "+86 139 1234 5678",
        "8613912345678",
        "13912345678 18911112222",
        "\xEF\xBC\x91\xEF\xBC\x93\xEF\xBC\x99"
        "12345678",
        "身份证11010519491231002X",
        "11010519491231002x,女",
        "110105 19491231 002X",
        "1 13912345678",
    };
    static const char *const plain[] = {
        "",         "2018-08-23",         "2018年8月23日,服务139123456789小时",
        "X",        "0938-8212345",       "12391234567",
        "1-2-3-4-", "110105194912310021", "每天 8 - 12 点",
    };
    (void)state;
    for (size_t i = 0; i < sizeof personal / sizeof *personal; i++)
        if (!text_has_personal_number(str_from(personal[i])))
            fail_msg("not found: %s", personal[i]);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        if (text_has_personal_number(str_from(plain[i])))
            fail_msg("found in: %s", plain[i]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers_have_a_small_alphabet),
        cmocka_unit_test(numbers_of_persons_are_no_identifiers),
        cmocka_unit_test(numbers_of_persons_are_found_within_a_text),
        cmocka_unit_test(identity_numbers_pass_gb_11643),
        cmocka_unit_test(old_numbers_have_fifteen_digits_and_tell_birth_and_sex),
        cmocka_unit_test(identity_numbers_need_a_real_birthday),
        cmocka_unit_test(every_slip_of_one_digit_is_found),
        cmocka_unit_test(odd_shapes_are_refused),
        cmocka_unit_test(credit_codes_pass_gb_32100),
        cmocka_unit_test_setup_teardown(one_document_has_one_canonical_form, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(an_old_number_and_the_renewed_one_are_one_document,
                                        bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
