#include "identity.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/calendar.h"

#define AREA "620599"
#define NUMBERS_PER_DAY 499u /* of each sex: 001-997 men, 002-998 women */

void identities_init(struct identities *identities, int32_t first_date, int32_t last_date) {
    assert(first_date <= last_date);
    uint32_t n = (uint32_t)(last_date - first_date) + 1;
    *identities = (struct identities){.first_date = first_date, .n_dates = n};
    identities->used = calloc(n, sizeof(*identities->used));
    if (!identities->used)
        abort();
}

void identities_deinit(struct identities *identities) {
    free(identities->used);
    *identities = (struct identities){0};
}

char identity_check(const char digits[static 17]) {
    static const uint32_t weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    uint32_t sum = 0;
    for (uint32_t i = 0; i < 17; i++)
        sum += (uint32_t)(digits[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

static void number_format(int32_t date, uint32_t sequence, char ret_number[static 19]) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    char digits[64];
    snprintf(digits, sizeof(digits), AREA "%04d%02d%02d%03u", year, month, day, sequence);
    memcpy(ret_number, digits, 17);
    ret_number[17] = identity_check(digits);
    ret_number[18] = 0;
}

int32_t identity_take(struct identities *identities, int32_t date, bool male,
                      char ret_number[static 19]) {
    uint32_t at = (uint32_t)(date - identities->first_date);
    assert(at < identities->n_dates);
    /* The caller's limit on volunteers leaves most numbers free, so that this ends after a few
     * steps. */
    while (identities->used[at][male] == NUMBERS_PER_DAY)
        at = (at + 1) % identities->n_dates;
    uint32_t sequence = 2u * identities->used[at][male]++ + (male ? 1u : 2u);
    int32_t taken = identities->first_date + (int32_t)at;
    number_format(taken, sequence, ret_number);
    return taken;
}

void phone_format(uint32_t number, char ret_phone[static 12]) {
    memcpy(ret_phone, "10000000000", 12);
    for (uint32_t i = 10; i > 2; i--, number /= 10)
        ret_phone[i] = (char)('0' + number % 10);
}

static uint32_t organisation_value(char c) {
    return c <= '9' ? (uint32_t)(c - '0') : (uint32_t)(c - 'A') + 10;
}

static char organisation_check(const char code[static 8]) {
    static const uint32_t weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    uint32_t sum = 0;
    for (uint32_t i = 0; i < 8; i++)
        sum += organisation_value(code[i]) * weights[i];
    return "0X987654321"[sum % 11];
}

static char credit_check(const char code[static 17]) {
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    uint32_t sum = 0, weight = 1;
    for (uint32_t i = 0; i < 17; i++) {
        const char *found = strchr(alphabet, code[i]);
        assert(found && *found);
        sum += (uint32_t)(found - alphabet) * weight;
        weight = weight * 3 % 31;
    }
    return alphabet[(31 - sum % 31) % 31];
}

void credit_code_format(const char authority[static 2], uint32_t number, char ret_code[static 19]) {
    char text[40];
    snprintf(text, sizeof(text), "%.2s" AREA "MN%06u", authority, number % 1000000);
    memcpy(ret_code, text, 16);
    ret_code[16] = organisation_check(ret_code + 8);
    ret_code[17] = credit_check(ret_code);
    ret_code[18] = 0;
}
