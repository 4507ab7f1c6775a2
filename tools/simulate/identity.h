/* Numbers that pass their checks and belong to nobody: resident identity numbers (GB 11643) and
 * unified social credit codes (GB 32100, with the organisation code of GB 11714 inside), all in
 * area 620599, which is not assigned, and telephone numbers under 100, which no network has.
 * Memory: callers' arrays; `identities` counts what each birthday has used, so that no number comes
 * twice. */
#pragma once

#include "plan.h"

#define IDENTITY_NUMBER_SIZE 18u

struct identities {
    int32_t first_date;
    uint32_t n_dates;
    uint16_t (*used)[2]; /* per birthday: women, men */
};

/* Birthdays from first_date to last_date can be asked for. */
void identities_init(struct identities *identities, int32_t first_date, int32_t last_date);
void identities_deinit(struct identities *identities);
/* The next number of that birthday; where it has none left, the next birthday's that has. Returns
 * the birthday. */
int32_t identity_take(struct identities *identities, int32_t date, bool male,
                      char ret_number[static 19]);
/* The check character of the first 17 digits. */
char identity_check(const char digits[static 17]);
/* "100" and eight digits. */
void phone_format(uint32_t number, char ret_phone[static 12]);
/* `authority` is the code's first two characters, number at most 999999. */
void credit_code_format(const char authority[static 2], uint32_t number, char ret_code[static 19]);
