/* Identifiers, and the three numbers of the state that check themselves: GB 11643 (persons), GB
 * 32100 with GB 11714 inside (organisations). */
#include "event/event.h"
#include "util/calendar.h"

#define NUMBER_SIZE 18
#define OLD_NUMBER_SIZE 15 /* of cards issued until 1999: no century, no check character */
#define MOBILE_SIZE 11

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool identifier_is_valid(struct str id) {
    /* One bit a byte: - . / 0-9 : | A-Z _ a-z */
    static const uint64_t allowed[4] = {UINT64_C(0x07FFE00000000000), UINT64_C(0x07FFFFFE87FFFFFE)};
    uint64_t valid = 1;
    for (size_t i = 0; i < id.size; i++) {
        uint8_t byte = (uint8_t)id.data[i];
        valid &= allowed[byte >> 6] >> (byte & 63);
    }
    return valid && id.size > 0 && id.size <= EVENT_ID_LIMIT;
}

static bool is_separator(char c) {
    return c == ':' || c == '/' || c == '_' || c == '.' || c == '-';
}

static bool is_mobile_number(struct str s) {
    if (s.size != MOBILE_SIZE || s.data[0] != '1' || s.data[1] < '3')
        return false;
    bool digits = true;
    for (size_t i = 0; i < s.size; i++)
        digits &= is_digit(s.data[i]);
    return digits;
}

bool identifier_is_personal(struct str id) {
    size_t size = 0; /* of the part behind the last separator, as far as it matters */
    while (size < id.size && size <= NUMBER_SIZE && !is_separator(id.data[id.size - size - 1]))
        size++;
    struct str last = {id.data + (id.size - size), size};
    if (size == MOBILE_SIZE)
        return is_mobile_number(last);
    return size == NUMBER_SIZE && identity_number_is_valid(last, NULL, NULL);
}

/* Digits that follow one another in a text, as many as matter. */
struct digits {
    size_t n;
    char text[NUMBER_SIZE];
};

static void digits_add(struct digits *digits, char digit) {
    if (digits->n < NUMBER_SIZE)
        digits->text[digits->n] = digit;
    digits->n++;
}

/* With the country's code before a mobile number, too. */
static bool digits_are_personal(const struct digits *digits) {
    const struct str all = {digits->text, digits->n < NUMBER_SIZE ? digits->n : NUMBER_SIZE};
    if (digits->n == MOBILE_SIZE + 2 && all.data[0] == '8' && all.data[1] == '6')
        return is_mobile_number((struct str){all.data + 2, MOBILE_SIZE});
    return digits->n <= NUMBER_SIZE && identifier_is_personal(all);
}

/* The digit that begins there, plain or of full width, or the X that ends an identity number; 0:
 * none. */
static char next_digit(struct str text, size_t at, size_t before, size_t *ret_bytes) {
    const uint8_t *bytes = (const uint8_t *)text.data + at;
    *ret_bytes = 1;
    if (is_digit(text.data[at]))
        return text.data[at];
    if (before == NUMBER_SIZE - 1 && (*bytes == 'X' || *bytes == 'x'))
        return 'X';
    bool wide = text.size - at >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBC && bytes[2] >= 0x90 &&
                bytes[2] <= 0x99;
    if (!wide)
        return 0;
    *ret_bytes = 3;
    return (char)('0' + (bytes[2] - 0x90));
}

/* A number may be written whole, or in groups with a space or - between: both are looked at, so
 * that two numbers beside each other hide neither. */
bool text_has_personal_number(struct str text) {
    struct digits whole = {0}, grouped = {0};
    bool gap = false;
    for (size_t i = 0, bytes; i < text.size; i += bytes) {
        char digit = next_digit(text, i, whole.n, &bytes);
        if (!digit && grouped.n)
            digit = grouped.n != whole.n ? next_digit(text, i, grouped.n, &bytes) : 0;
        if (digit) {
            digits_add(&whole, digit);
            digits_add(&grouped, digit);
            gap = false;
            continue;
        }
        if (digits_are_personal(&whole))
            return true;
        whole.n = 0;
        bool joins = grouped.n && !gap && (text.data[i] == ' ' || text.data[i] == '-');
        gap = joins;
        if (!joins && digits_are_personal(&grouped))
            return true;
        if (!joins)
            grouped.n = 0;
    }
    return digits_are_personal(&whole) || digits_are_personal(&grouped);
}

static char identity_check(const char *digits) {
    static const int weights[] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "10X98765432";
    int sum = 0;
    for (size_t i = 0; i < NUMBER_SIZE - 1; i++)
        sum += weights[i] * (digits[i] - '0');
    return checks[sum % 11];
}

static bool identity_sum_is_right(const char *digits) {
    char last = digits[NUMBER_SIZE - 1] == 'x' ? 'X' : digits[NUMBER_SIZE - 1];
    return identity_check(digits) == last;
}

/* The number that the person of an old card has had since: the century is put in (such numbers were
 * given to people born in 1900 or later) and the check character added. */
static bool identity_renew(struct str old, char ret_number[static NUMBER_SIZE]) {
    for (size_t i = 0; i < old.size; i++)
        if (!is_digit(old.data[i]))
            return false;
    if (old.size != OLD_NUMBER_SIZE)
        return false;
    memcpy(ret_number, old.data, 6);
    memcpy(ret_number + 6, "19", 2);
    memcpy(ret_number + 8, old.data + 6, OLD_NUMBER_SIZE - 6);
    ret_number[NUMBER_SIZE - 1] = identity_check(ret_number);
    return true;
}

bool identity_number_is_valid(struct str number, int32_t *ret_born, int32_t *ret_sex) {
    char renewed[NUMBER_SIZE];
    if (identity_renew(number, renewed))
        number = (struct str){renewed, NUMBER_SIZE};
    const char *n = number.data;
    if (number.size != NUMBER_SIZE || n[0] == '0')
        return false;
    for (size_t i = 0; i < NUMBER_SIZE - 1; i++)
        if (!is_digit(n[i]))
            return false;
    const char born[] = {n[6], n[7], n[8], n[9], '-', n[10], n[11], '-', n[12], n[13]};
    int32_t date;
    bool century = (n[6] == '1' && n[7] >= '8') || (n[6] == '2' && n[7] == '0');
    if (!century || date_parse((struct str){born, sizeof born}, &date) || !identity_sum_is_right(n))
        return false;
    if (ret_born)
        *ret_born = date_month(date);
    if (ret_sex)
        *ret_sex = (n[16] - '0') % 2 ? SEX_MALE : SEX_FEMALE;
    return true;
}

/* Value of a character in GB 32100's alphabet of 31, or -1. */
static int credit_value(char c) {
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    const char *found = c ? strchr(alphabet, c) : NULL;
    return found ? (int)(found - alphabet) : -1;
}

/* GB 11714: eight digits or letters and a check; letters count from A = 10, as in the plain
 * alphabet. */
static bool organisation_code_is_right(const char *code) {
    static const int weights[] = {3, 7, 9, 10, 5, 8, 4, 2};
    static const char checks[] = "0X987654321";
    int sum = 0;
    for (size_t i = 0; i < 8; i++)
        sum += weights[i] * (is_digit(code[i]) ? code[i] - '0' : code[i] - 'A' + 10);
    return checks[sum % 11] == code[8];
}

bool credit_code_is_valid(struct str code) {
    static const int weights[] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    int sum = 0;
    if (code.size != NUMBER_SIZE)
        return false;
    for (size_t i = 0; i < NUMBER_SIZE; i++) {
        int value = credit_value(code.data[i]);
        if (value < 0)
            return false;
        if (i < NUMBER_SIZE - 1)
            sum += weights[i] * value;
    }
    return credit_value(code.data[NUMBER_SIZE - 1]) == (31 - sum % 31) % 31 &&
           organisation_code_is_right(code.data + 8);
}

struct str identity_canonical(const struct identity *identity, struct arena *arena) {
    const char *kind = DOCUMENT_KIND_choices.words[identity->document_kind];
    size_t kind_size = strlen(kind), size = kind_size + 1;
    char *text = arena_bytes(arena, size + identity->number.size + NUMBER_SIZE);
    memcpy(text, kind, kind_size);
    text[kind_size] = ':';
    if (identity->document_kind == DOCUMENT_KIND_RESIDENT_ID &&
        identity_renew(identity->number, text + size))
        return (struct str){text, size + NUMBER_SIZE};
    for (size_t i = 0; i < identity->number.size; i++) {
        char c = identity->number.data[i];
        if (c != ' ')
            text[size++] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
    }
    return (struct str){text, size};
}
