/* Mutations that keep JSON whole, for the targets that read it (every other input is left to
 * libFuzzer alone): a value takes the place of another, one of a list of awkward ones does, a
 * member goes or stands twice. */
#include "fuzz.h"

#include <stdlib.h>

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

#define VALUES_LIMIT 512

static const char *const awkward[] = {
    "0",
    "1",
    "-1",
    "null",
    "true",
    "false",
    "\"\"",
    "{}",
    "[]",
    "[null]",
    "[[]]",
    "{\"\":0}",
    "1e309",
    "1.5",
    "-0",
    "1e2",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551615",
    "9223372036854775808",
    "2147483648",
    "4294967295",
    "10000",
    "100000",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "\"\xEF\xBF\xBF\"",
    "\"0000-01-01\"",
    "\"9999-12-31\"",
    "\"2018-02-29\"",
    "\"2020-02-29\"",
    "\"2018-02\"",
    "\"2018\"",
    "\"2018-08-23T09:00:00+08:00\"",
    "\"0000-01-01T00:00:00Z\"",
    "\"9999-12-31T23:59:59.999999+23:59\"",
    "\"2018-08-23T23:59:60Z\"",
    "\"11010519491231002X\"",
    "\"91350100M000100Y43\"",
    "\"13800138000\"",
    "\"620500000000\"",
    "\"620502001000\"",
    "\"a\"",
    "\"v1\"",
    "\"../x\"",
    "\"%s%n\"",
};

struct span {
    size_t begin, end;
    size_t depth;
};

/* Ends of strings, numbers and words, and of brackets by their level; good enough for text that is
 * mostly JSON. */
static size_t values_find(const uint8_t *data, size_t size, struct span *ret_values) {
    size_t open[64], n = 0, depth = 0;
    for (size_t i = 0; i < size && n < VALUES_LIMIT;) {
        size_t begin = i;
        uint8_t c = data[i++];
        if (c == '"') {
            while (i < size && data[i] != '"')
                i += data[i] == '\\' ? 2 : 1;
            i = i < size ? i + 1 : size;
            if (i < size && data[i] == ':') /* a name */
                continue;
        } else if (c == '{' || c == '[') {
            if (depth == 64)
                break;
            open[depth++] = begin;
            continue;
        } else if (c == '}' || c == ']') {
            if (depth == 0)
                continue;
            begin = open[--depth];
        } else if (strchr("-0123456789tfn", c) && c) {
            while (i < size && data[i] && !strchr(",]} \n\t:", data[i]))
                i++;
        } else {
            continue;
        }
        ret_values[n++] = (struct span){begin, i, depth};
    }
    return n;
}

/* [begin, end) becomes `with`. */
static size_t replace(uint8_t *data, size_t size, size_t max_size, struct span at,
                      const uint8_t *with, size_t with_size) {
    size_t rest = size - at.end;
    if (at.begin + with_size + rest > max_size)
        return size;
    memmove(data + at.begin + with_size, data + at.end, rest);
    memcpy(data + at.begin, with, with_size);
    return at.begin + with_size + rest;
}

/* The member (with its name) or item that a value is. */
static struct span member_of(const uint8_t *data, struct span value) {
    struct span member = value;
    if (member.begin < 2 || data[member.begin - 1] != ':' || data[member.begin - 2] != '"')
        return member;
    for (member.begin -= 2; member.begin > 0 && data[member.begin - 1] != '"'; member.begin--)
        ;
    member.begin -= member.begin > 0;
    return member;
}

/* With the comma before or behind it. */
static struct span with_comma(const uint8_t *data, size_t size, struct span member) {
    if (member.begin > 0 && data[member.begin - 1] == ',')
        member.begin--;
    else if (member.end < size && data[member.end] == ',')
        member.end++;
    return member;
}

static bool is_alike(char a, char b) {
    return a == b || (strchr("-0123456789", a) && strchr("-0123456789", b));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
    static struct span values[VALUES_LIMIT];
    uint64_t state = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
#define DRAW(n)                                                                                    \
    ((size_t)((state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407)) >>   \
              33) %                                                                                \
     (n))
    if (DRAW(40) == 0 || size == 0 || (data[0] != '{' && data[0] != '['))
        return LLVMFuzzerMutate(data, size, max_size);
    for (size_t times = 1 + DRAW(3); times > 0; times--) {
        size_t n = values_find(data, size, values);
        if (n == 0)
            break;
        struct span at = values[DRAW(n)], other = values[DRAW(n)], member;
        /* What is asked or told lies within the envelope, whose own members soon make it worthless.
         */
        for (int tries = 8; DRAW(12) && at.depth < 2 && tries > 0; tries--)
            at = values[DRAW(n)];
        uint8_t *copy;
        /* Of the same kind three times out of four: what is of another is refused early. */
        for (int tries = 8; DRAW(4) && data[other.begin] != data[at.begin] && tries > 0; tries--)
            other = values[DRAW(n)];
        switch (DRAW(8)) {
        case 0:
        case 1:
        case 2: {
            const char *with = awkward[DRAW(sizeof awkward / sizeof *awkward)];
            for (int tries = 16; DRAW(4) && !is_alike(*with, (char)data[at.begin]) && tries > 0;
                 tries--)
                with = awkward[DRAW(sizeof awkward / sizeof *awkward)];
            size = replace(data, size, max_size, at, (const uint8_t *)with, strlen(with));
            break;
        }
        case 3:
        case 4:
            copy = malloc(other.end - other.begin + 1);
            memcpy(copy, data + other.begin, other.end - other.begin);
            size = replace(data, size, max_size, at, copy, other.end - other.begin);
            free(copy);
            break;
        case 5:
            if (at.depth == 0)
                break;
            member = with_comma(data, size, member_of(data, at));
            size = replace(data, size, max_size, member, (const uint8_t *)"", 0);
            break;
        default: /* within the value */
            if (at.end - at.begin > 2 && data[at.begin] == '"') {
                size_t room = at.end - at.begin - 2 + DRAW(16);
                copy = malloc(room + 1);
                memcpy(copy, data + at.begin + 1, at.end - at.begin - 2);
                size_t changed = LLVMFuzzerMutate(copy, at.end - at.begin - 2, room ? room : 1);
                for (size_t i = 0; DRAW(64) && i < changed; i++)
                    if (copy[i] < 0x20 || copy[i] == '"' || copy[i] == '\\' || copy[i] > 0x7e)
                        copy[i] = (uint8_t) "0123456789abcdef-:._/+TZ "[copy[i] % 25];
                size = replace(data, size, max_size, (struct span){at.begin + 1, at.end - 1, 0},
                               copy, changed);
                free(copy);
            } else {
                member = member_of(data, at);
                copy = malloc(member.end - member.begin + 1);
                *copy = ',';
                memcpy(copy + 1, data + member.begin, member.end - member.begin);
                size = replace(data, size, max_size, (struct span){member.end, member.end, 0}, copy,
                               at.depth ? member.end - member.begin + 1 : 0);
                free(copy);
            }
        }
    }
    return size;
}
