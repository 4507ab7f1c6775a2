#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/buf.h"

#define assert_bytes(buf, literal) assert_true(str_equal(buf_str(buf), STR(literal)))

static void integers_come_back_as_they_went_in(void **state) {
    (void)state;
    struct buf buf = {0};
    buf_put_byte(&buf, 0xFE);
    buf_put_u16(&buf, 0xBEEF);
    buf_put_u32(&buf, 0xDEADBEEF);
    buf_put_u64(&buf, UINT64_MAX - 1);
    buf_put_u16_sorted(&buf, 0xBEEF);
    buf_put_u32_sorted(&buf, 0xDEADBEEF);
    buf_put_u64_sorted(&buf, UINT64_MAX - 1);
    struct cursor c = cursor_from(buf_str(&buf));
    assert_int_equal(cursor_byte(&c), 0xFE);
    assert_int_equal(cursor_u16(&c), 0xBEEF);
    assert_int_equal(cursor_u32(&c), 0xDEADBEEF);
    assert_true(cursor_u64(&c) == UINT64_MAX - 1);
    assert_int_equal(cursor_u16_sorted(&c), 0xBEEF);
    assert_int_equal(cursor_u32_sorted(&c), 0xDEADBEEF);
    assert_true(cursor_u64_sorted(&c) == UINT64_MAX - 1);
    assert_false(c.failed);
    assert_int_equal(cursor_left(&c), 0);
    buf_deinit(&buf);
}

static void bytes_on_disk_do_not_depend_on_the_machine(void **state) {
    (void)state;
    struct buf buf = {0};
    buf_put_u16(&buf, 0x0102);
    buf_put_u32(&buf, 0x01020304);
    buf_put_u16_sorted(&buf, 0x0102);
    buf_put_u32_sorted(&buf, 0x01020304);
    buf_put_varint(&buf, 300);
    buf_put_signed(&buf, -1);
    assert_bytes(&buf, "\x02\x01\x04\x03\x02\x01\x01\x02\x01\x02\x03\x04\xAC\x02\x01");
    buf_deinit(&buf);
}

static void sorted_keys_sort_like_numbers(void **state) {
    (void)state;
    struct buf low = {0}, high = {0};
    buf_put_u64_sorted(&low, 255);
    buf_put_u64_sorted(&high, 256);
    assert_true(str_compare(buf_str(&low), buf_str(&high)) < 0);
    buf_deinit(&low);
    buf_deinit(&high);
}

static void varints_keep_all_64_bits(void **state) {
    (void)state;
    struct buf buf = {0};
    for (unsigned bit = 0; bit < 64; bit++) {
        uint64_t power = UINT64_C(1) << bit;
        buf_reset(&buf);
        buf_put_varint(&buf, power - 1);
        buf_put_varint(&buf, power);
        buf_put_signed(&buf, (int64_t)power);
        buf_put_signed(&buf, (int64_t)(0 - power));
        struct cursor c = cursor_from(buf_str(&buf));
        assert_true(cursor_varint(&c) == power - 1);
        assert_true(cursor_varint(&c) == power);
        assert_true(cursor_signed(&c) == (int64_t)power);
        assert_true(cursor_signed(&c) == (int64_t)(0 - power));
        assert_false(c.failed);
        assert_int_equal(cursor_left(&c), 0);
    }
    buf_reset(&buf);
    buf_put_varint(&buf, UINT64_MAX);
    assert_int_equal(buf.size, VARINT_BYTES);
    struct cursor c = cursor_from(buf_str(&buf));
    assert_true(cursor_varint(&c) == UINT64_MAX);
    buf_deinit(&buf);
}

static void a_varint_beyond_64_bits_fails(void **state) {
    (void)state;
    struct cursor two = cursor_from(STR("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02"));
    assert_true(cursor_varint(&two) == 0 && two.failed);
    struct cursor endless = cursor_from(STR("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01"));
    assert_true(cursor_varint(&endless) == 0 && endless.failed);
    struct cursor cut = cursor_from(STR("\xFF\xFF"));
    assert_true(cursor_varint(&cut) == 0 && cut.failed);
}

static void counted_strings_come_back(void **state) {
    (void)state;
    struct buf buf = {0};
    buf_put_counted(&buf, STR("tszyz:1001"));
    buf_put_counted(&buf, STR_NONE);
    buf_put_str(&buf, STR("rest"));
    struct cursor c = cursor_from(buf_str(&buf));
    assert_true(str_equal(cursor_counted(&c), STR("tszyz:1001")));
    assert_int_equal(cursor_counted(&c).size, 0);
    assert_true(str_equal(cursor_take(&c, 4), STR("rest")));
    assert_false(c.failed);
    buf_deinit(&buf);
}

static void the_first_error_is_kept_and_zeros_follow(void **state) {
    (void)state;
    struct cursor c = cursor_from(STR("\x01\x02\x03"));
    assert_int_equal(cursor_u32(&c), 0);
    assert_true(c.failed);
    assert_int_equal(cursor_byte(&c), 0);
    assert_int_equal(cursor_varint(&c), 0);
    assert_null(cursor_take(&c, 1).data);
    assert_true(c.failed);
}

static void a_count_larger_than_what_is_left_fails(void **state) {
    (void)state;
    struct cursor c = cursor_from(STR("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7Fx"));
    assert_null(cursor_counted(&c).data);
    assert_true(c.failed);
    struct cursor nothing = cursor_from(STR_NONE);
    assert_int_equal(cursor_take(&nothing, 0).size, 0);
    assert_false(nothing.failed);
    assert_int_equal(cursor_byte(&nothing), 0);
    assert_true(nothing.failed);
}

static void a_buffer_grows_as_far_as_needed(void **state) {
    (void)state;
    struct buf buf = {0};
    for (uint32_t i = 0; i < 100000; i++)
        buf_put_u32(&buf, i);
    struct cursor c = cursor_from(buf_str(&buf));
    for (uint32_t i = 0; i < 100000; i++)
        assert_int_equal(cursor_u32(&c), i);
    assert_int_equal(cursor_left(&c), 0);
    size_t capacity = buf.capacity;
    buf_reset(&buf);
    memset(buf_extend(&buf, 1000), 'x', 1000);
    assert_int_equal(buf.size, 1000);
    assert_int_equal(buf.capacity, capacity);
    buf_deinit(&buf);
    assert_null(buf.data);
    buf_deinit(NULL);
}

static void printed_text_of_any_length_is_whole(void **state) {
    (void)state;
    struct buf buf = {0};
    buf_printf(&buf, "%s=%d;", "minutes", 120);
    assert_bytes(&buf, "minutes=120;");
    buf_printf(&buf, "%500d", 7);
    assert_int_equal(buf.size, 512);
    assert_int_equal(buf.data[511], '7');
    buf_deinit(&buf);
}

static void json_is_written_with_commas_where_needed(void **state) {
    (void)state;
    struct buf buf = {0};
    buf_put_byte(&buf, '{');
    buf_json_key(&buf, "id");
    buf_json_string(&buf, STR("e-1"));
    buf_json_key(&buf, "levels");
    buf_put_byte(&buf, '[');
    for (int i = -1; i < 2; i++) {
        buf_json_item(&buf);
        buf_json_integer(&buf, i);
    }
    buf_put_byte(&buf, ']');
    buf_json_key(&buf, "空");
    buf_put_str(&buf, STR("{}"));
    buf_put_byte(&buf, '}');
    assert_bytes(&buf, "{\"id\":\"e-1\",\"levels\":[-1,0,1],\"空\":{}}");
    buf_deinit(&buf);
}

static void json_strings_are_escaped(void **state) {
    (void)state;
    struct buf buf = {0};
    buf_json_string(&buf, STR("天水市 say \"hi\" \\ \b\f\n\r\t \x01\x1F\x7F \0 long plain tail"));
    assert_bytes(&buf, "\"天水市 say \\\"hi\\\" \\\\ \\b\\f\\n\\r\\t \\u0001\\u001f\x7F \\u0000 "
                       "long plain tail\"");
    buf_reset(&buf);
    buf_json_string(&buf, STR_NONE);
    assert_bytes(&buf, "\"\"");
    buf_deinit(&buf);
}

static void every_byte_at_every_place_is_escaped_alike(void **state) {
    (void)state;
    struct buf alone = {0}, among = {0};
    for (int byte = 0; byte < 256; byte++) {
        char one = (char)byte;
        buf_reset(&alone);
        buf_json_string(&alone, (struct str){&one, 1});
        for (size_t place = 0; place < 16; place++) {
            char text[17] = "abcdefghijklmnop";
            text[place] = one;
            buf_reset(&among);
            buf_json_string(&among, (struct str){text, 16});
            assert_int_equal(among.size, alone.size + 15);
            assert_memory_equal(among.data + 1 + place, alone.data + 1, alone.size - 2);
        }
    }
    buf_deinit(&alone);
    buf_deinit(&among);
}

static void broken_utf8_still_makes_json(void **state) {
    (void)state;
    struct buf buf = {0};
    buf_json_string(&buf, STR("a\xE5\xA4z\xFF"));
    assert_bytes(&buf, "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\"");
    buf_deinit(&buf);
}

static void extreme_integers_are_written_whole(void **state) {
    (void)state;
    struct buf buf = {0};
    buf_json_integer(&buf, INT64_MIN);
    buf_put_byte(&buf, ' ');
    buf_json_integer(&buf, INT64_MAX);
    buf_put_byte(&buf, ' ');
    buf_json_integer(&buf, 0);
    assert_bytes(&buf, "-9223372036854775808 9223372036854775807 0");
    buf_deinit(&buf);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(integers_come_back_as_they_went_in),
        cmocka_unit_test(bytes_on_disk_do_not_depend_on_the_machine),
        cmocka_unit_test(sorted_keys_sort_like_numbers),
        cmocka_unit_test(varints_keep_all_64_bits),
        cmocka_unit_test(a_varint_beyond_64_bits_fails),
        cmocka_unit_test(counted_strings_come_back),
        cmocka_unit_test(the_first_error_is_kept_and_zeros_follow),
        cmocka_unit_test(a_count_larger_than_what_is_left_fails),
        cmocka_unit_test(a_buffer_grows_as_far_as_needed),
        cmocka_unit_test(printed_text_of_any_length_is_whole),
        cmocka_unit_test(json_is_written_with_commas_where_needed),
        cmocka_unit_test(json_strings_are_escaped),
        cmocka_unit_test(every_byte_at_every_place_is_escaped_alike),
        cmocka_unit_test(broken_utf8_still_makes_json),
        cmocka_unit_test(extreme_integers_are_written_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
