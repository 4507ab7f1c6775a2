/* The ledger of points: double entry, in whole numbers of an account's smallest unit. An account is
 * an entry of the dictionary `account` (its decimals, whether what it holds may expire), known here
 * by its number there.
 *
 * For each account a person has a balance made of lots (amounts with the same last day, spent
 * earliest first) and what is owed: what was taken back and was spent already. Beside them stand
 * the counter-accounts: issue (what rules grant), expiry, held (what is set aside for redemptions),
 * shop, adjustment, transfer (what passes from person to person). Each entry's legs sum to zero,
 * owed counted negative; a balance is never below zero; no entry is ever changed: what was wrong is
 * posted the other way round.
 *
 * - A grant repays what is owed first; the rest becomes a lot.
 * - What is taken back takes the lot of the grant it reverses first, then the others; what is
 *   missing becomes owed.
 * - Lots whose last day is over do not count where a balance is read as of a day. They are moved to
 *   the counter-account expiry when their balance is next posted to, or by the run that follows the
 *   midnight after their last day, whichever is first.
 * - What a redemption costs goes to held, and from there to shop when it is settled, or back to the
 *   lots it came from when it is voided. What comes back repays what is owed first; of a lot that
 *   is over by then it goes on to expiry at once.
 * - What is given to somebody else keeps its last days. Transfer is 0 after each event.
 *
 * So for every balance: balance - owed = earned + adjusted + transferred - held - spent - expired.
 *
 * Threads: the view's owner. Memory: what is read borrows from the rows. Errors: as things.h. */
#pragma once

#include "domain/things.h"

#define LOT_NEVER INT32_MAX /* of a lot that does not expire */

enum ledger_counter {
    LEDGER_ISSUE,
    LEDGER_EXPIRY,
    LEDGER_SHOP,
    LEDGER_ADJUSTMENT,
    LEDGER_HELD,
    LEDGER_TRANSFER,
    LEDGER_COUNTERS
};
const char *ledger_counter_text(enum ledger_counter counter); /* "issue", "expiry", ... */

struct lot {
    int32_t expires; /* the last day on which it counts, or LOT_NEVER */
    int64_t amount;
};

struct balance {
    int64_t owed;
    int64_t earned;      /* granted by rules, less what was taken back */
    int64_t adjusted;    /* by hand */
    int64_t spent;       /* of redemptions that were settled */
    int64_t expired;     /* moved away */
    int64_t held;        /* for redemptions that are open */
    int64_t transferred; /* got from others, less what was given to them */
    struct cursor lots;
};

/* 0; THING_NOT_FOUND where nothing was ever posted (ret_balance is all zero then). */
int balance_get(struct view *view, uint32_t volunteer, uint32_t account,
                struct balance *ret_balance);
/* The lots, earliest last day first; false behind the last one. Takes from a copy of
 * balance.lots. */
bool lot_next(struct cursor *lots, struct lot *ret_lot);
/* What there is at that day: lots whose last day is over are left out. */
int64_t balance_on(const struct balance *balance, int32_t date);

/* One entry. `amount` is what changed for the person, as it was asked for: balance_leg + owed_leg,
 * and the counter-account got the opposite. */
struct posting {
    uint32_t volunteer;
    uint32_t previous; /* the person's entry before it, of whatever account; 0: none */
    uint16_t account;
    uint8_t counter;   /* enum ledger_counter */
    int32_t on;        /* day of the service; else of the event, or the day after the last one */
    int32_t expires;   /* of a grant: its lot; of an expiry and a reversal: the lot meant */
    uint32_t record;   /* 0: none */
    uint64_t sequence; /* of the event that posted it */
    uint64_t reverses; /* sequence of the points.posted that it takes back; 0: none */
    int64_t amount;
    int64_t moved; /* of an entry of shop, which changes nothing for the person: from held */
    int64_t balance_leg;
    int64_t owed_leg;      /* negative: more is owed */
    int64_t balance_after; /* of all lots */
    int64_t owed_after;
    struct str reason;
};

/* Entries are numbered in the order in which anybody's were posted: what a checkpoint adds lies in
 * one place of the table. A person's are found from the newest back, by volunteer_row.last_posting
 * and `previous`. THING_NOT_FOUND: there is none. */
int posting_get(struct view *view, uint32_t number, struct posting *ret_posting);
/* Those of a person, oldest first, in the arena: as many as volunteer_row.n_postings says. 0, or
 * < 0: -EBADMSG where they are not. */
struct volunteer_row;
int postings_of(struct view *view, const struct volunteer_row *person, struct arena *arena,
                uint32_t **ret_numbers);

/* Of one account: the sums over everybody, and of the counter-accounts. persons - owed + issue +
 * expiry + shop + adjustment + held is 0, and transfer is. */
struct ledger_row {
    int64_t persons;
    int64_t owed;
    int64_t counters[LEDGER_COUNTERS];
    /* What moved in the month of the newest entry, by the recorded day. The row as a month left it
     * is kept beside it when the first entry of a later month comes. */
    int64_t month; /* date_month; 0: nothing was posted */
    int64_t issued;
    int64_t taken_back;
    int64_t spent; /* settled */
    int64_t expired;
    int64_t added; /* by hand */
    int64_t deducted;
    int64_t held;
    int64_t released;
    int64_t transferred; /* given by one person to another */
};
int ledger_get(struct view *view, uint32_t account, struct ledger_row *ret_row);
/* What everybody has and owes, with the counter-accounts: 0. */
int64_t ledger_sum(const struct ledger_row *row);
/* As a month left it; THING_NOT_FOUND where nothing was posted in it. */
int ledger_month_get(struct view *view, uint32_t account, int32_t month,
                     struct ledger_row *ret_row);
/* The months in which anything was posted to the account, earliest first; `each` returns 0 to go
 * on. */
int ledger_months(struct view *view, uint32_t account,
                  int (*each)(void *context, const struct ledger_row *row), void *context);
/* For readers: the sums are zero, and each is what a walk over all balances gives. 0, LEDGER_WRONG
 * with the account's number, or < 0. */
enum { LEDGER_WRONG = 4 };
int ledger_check(struct view *view, uint32_t *ret_account);

/* ---- for apply functions ---- */

/* Posts; of `entry` account, counter, on, expires, record, reverses, amount and reason are the
 * caller's, the rest is filled in; gives its number. Moves lots that are over to expiry first, each
 * as an entry of its own. */
int ledger_post(struct context *context, uint32_t volunteer, struct posting *entry,
                uint32_t *ret_number);

/* Sets aside `amount` units, earliest last day first; of `entry` account, on and reason are the
 * caller's. What it took of each lot comes back in the arena, for ledger_release. > 0 with
 * insufficient_points (`field` is the place to complain of). */
int ledger_hold(struct context *context, uint32_t volunteer, int64_t amount, const char *field,
                struct posting *entry, struct list *ret_lots);
/* Gives what was set aside back to the lots (struct lot) it came from. Each is an entry. */
int ledger_release(struct context *context, uint32_t volunteer, const struct list *lots,
                   const struct posting *entry);
/* What was set aside is spent. */
int ledger_settle(struct context *context, uint32_t volunteer, int64_t amount,
                  struct posting *entry);
/* From one to another, lot by lot. > 0 as ledger_hold. */
int ledger_transfer(struct context *context, uint32_t from, uint32_t to, int64_t amount,
                    const char *field, const struct posting *entry);

/* All that the one has, and owes, is the other's: each account by entries of the counter-account
 * transfer. Nothing of it is held. */
int ledger_take_over(struct context *context, uint32_t from, uint32_t into, struct str reason);
/* Whether points are set aside for a redemption of the person. 0 or < 0. */
int ledger_is_held(struct view *view, uint32_t volunteer, bool *ret_held);

/* ---- what expires ---- */

/* Each lot with a last day stands on a list of that day, in the order in which they came to be. A
 * day is over: a run is to move what is on its list. */
int ledger_day_ended(struct context *context, int32_t date);
/* Those after `from` up to `to` on that day's list are moved, where anything is left of them, and
 * leave the list; with `done` the list itself goes. */
int ledger_expire(struct context *context, int32_t date, uint32_t from, uint32_t to, bool done);
/* The n-th of that day. THING_NOT_FOUND: it is done. */
struct expiring {
    uint32_t volunteer;
    uint32_t account;
};
int expiring_get(struct view *view, int32_t date, uint32_t n, struct expiring *ret_expiring);

/* ---- rows' bytes, for the export ---- */

int balance_decode(struct str row, struct balance *ret_balance); /* 0, or > 0 */
int posting_decode(struct str row, struct posting *ret_posting);
