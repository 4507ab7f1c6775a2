#include "domain/ledger.h"

#include "domain/dictionaries.h"
#include "domain/hot.h"
#include "domain/ledger_rows.h"
#include "domain/volunteers.h"
#include "util/error.h"

const char *ledger_counter_text(enum ledger_counter counter) {
    static const char *const texts[LEDGER_COUNTERS] = {"issue",      "expiry", "shop",
                                                       "adjustment", "held",   "transfer"};
    return counter < LEDGER_COUNTERS ? texts[counter] : "unknown";
}

/* ---- balances ---- */

struct str balance_key(char key[static 6], uint32_t volunteer, uint32_t account) {
    number_key(key, volunteer);
    key[4] = (char)(uint8_t)(account >> 8);
    key[5] = (char)(uint8_t)account;
    return (struct str){key, 6};
}

int balance_decode(struct str row, struct balance *ret_balance) {
    struct cursor in = cursor_from(row);
    ret_balance->owed = (int64_t)cursor_varint(&in);
    ret_balance->earned = cursor_signed(&in);
    ret_balance->adjusted = cursor_signed(&in);
    ret_balance->spent = cursor_signed(&in);
    ret_balance->expired = cursor_signed(&in);
    ret_balance->held = cursor_signed(&in);
    ret_balance->transferred = cursor_signed(&in);
    ret_balance->lots = in;
    return in.failed;
}

void balance_encode(const struct balance *balance, struct buf *out) {
    buf_put_varint(out, (uint64_t)balance->owed);
    buf_put_signed(out, balance->earned);
    buf_put_signed(out, balance->adjusted);
    buf_put_signed(out, balance->spent);
    buf_put_signed(out, balance->expired);
    buf_put_signed(out, balance->held);
    buf_put_signed(out, balance->transferred);
}

void lot_encode(const struct lot *lot, struct buf *out) {
    buf_put_signed(out, lot->expires);
    buf_put_varint(out, (uint64_t)lot->amount);
}

int balance_get(struct view *view, uint32_t volunteer, uint32_t account,
                struct balance *ret_balance) {
    char key[6];
    struct str row;
    int r = view_get(view, TABLE_BALANCE, balance_key(key, volunteer, account), &row);
    if (r != 0) {
        memset(ret_balance, 0, sizeof *ret_balance);
        return r < 0 ? r : THING_NOT_FOUND;
    }
    return balance_decode(row, ret_balance) == 0
               ? 0
               : error_note(-EBADMSG, "a balance's row cannot be read");
}

bool lot_next(struct cursor *lots, struct lot *ret_lot) {
    if (lots->failed || cursor_left(lots) == 0)
        return false;
    ret_lot->expires = (int32_t)cursor_signed(lots);
    ret_lot->amount = (int64_t)cursor_varint(lots);
    return !lots->failed;
}

int64_t balance_on(const struct balance *balance, int32_t date) {
    struct cursor lots = balance->lots;
    struct lot lot;
    int64_t sum = 0;
    while (lot_next(&lots, &lot))
        sum += lot.expires >= date ? lot.amount : 0;
    return sum;
}

/* ---- entries ---- */

int posting_decode(struct str row, struct posting *ret_posting) {
    struct cursor in = cursor_from(row);
    memset(ret_posting, 0, sizeof *ret_posting);
    ret_posting->volunteer = (uint32_t)cursor_varint(&in);
    ret_posting->previous = (uint32_t)cursor_varint(&in);
    ret_posting->account = (uint16_t)cursor_varint(&in);
    ret_posting->counter = cursor_byte(&in);
    ret_posting->on = (int32_t)cursor_signed(&in);
    ret_posting->expires = (int32_t)cursor_signed(&in);
    ret_posting->record = (uint32_t)cursor_varint(&in);
    ret_posting->sequence = cursor_varint(&in);
    ret_posting->reverses = cursor_varint(&in);
    ret_posting->moved = ret_posting->counter == LEDGER_SHOP ? cursor_signed(&in) : 0;
    ret_posting->amount = cursor_signed(&in);
    ret_posting->owed_leg = cursor_signed(&in);
    ret_posting->balance_leg = ret_posting->amount - ret_posting->owed_leg;
    ret_posting->balance_after = cursor_signed(&in);
    ret_posting->owed_after = cursor_signed(&in);
    ret_posting->reason = cursor_counted(&in);
    return in.failed || ret_posting->counter >= LEDGER_COUNTERS;
}

void posting_encode(const struct posting *posting, struct buf *out) {
    buf_put_varint(out, posting->volunteer);
    buf_put_varint(out, posting->previous);
    buf_put_varint(out, posting->account);
    buf_put_byte(out, posting->counter);
    buf_put_signed(out, posting->on);
    buf_put_signed(out, posting->expires);
    buf_put_varint(out, posting->record);
    buf_put_varint(out, posting->sequence);
    buf_put_varint(out, posting->reverses);
    if (posting->counter == LEDGER_SHOP)
        buf_put_signed(out, posting->moved);
    buf_put_signed(out, posting->amount);
    buf_put_signed(out, posting->owed_leg);
    buf_put_signed(out, posting->balance_after);
    buf_put_signed(out, posting->owed_after);
    buf_put_counted(out, posting->reason);
}

int posting_get(struct view *view, uint32_t number, struct posting *ret_posting) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_POSTING, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return posting_decode(row, ret_posting) == 0
               ? 0
               : error_note(-EBADMSG, "a posting's row cannot be read");
}

int postings_of(struct view *view, const struct volunteer_row *person, struct arena *arena,
                uint32_t **ret_numbers) {
    uint32_t number = person->last_posting;
    *ret_numbers = arena_alloc(arena, (person->n_postings + 1) * sizeof **ret_numbers);
    for (uint32_t i = person->n_postings; i-- > 0;) {
        struct posting posting;
        int r = posting_get(view, number, &posting);
        if (r < 0)
            return r;
        if (r > 0 || posting.previous >= number)
            return error_note(-EBADMSG, "a person's entries do not hang together");
        (*ret_numbers)[i] = number;
        number = posting.previous;
    }
    return number == 0 ? 0 : error_note(-EBADMSG, "a person has more entries than are counted");
}

/* ---- sums ---- */

struct str ledger_key(char key[static 2], uint32_t account) {
    key[0] = (char)(uint8_t)(account >> 8);
    key[1] = (char)(uint8_t)account;
    return (struct str){key, 2};
}

static const struct hot_kind sums = HOT_PLAIN(TABLE_LEDGER, struct ledger_row);

int ledger_get(struct view *view, uint32_t account, struct ledger_row *ret_row) {
    char key[2];
    int r = hot_read(view, &sums, ledger_key(key, account), ret_row);
    return r > 0 ? THING_NOT_FOUND : r;
}

/* account u16, month u16 */
static struct str month_key(char key[static 4], uint32_t account, int32_t month) {
    ledger_key(key, account);
    key[2] = (char)(uint8_t)(month >> 8);
    key[3] = (char)(uint8_t)month;
    return (struct str){key, 4};
}

enum { MONTHS_END = 1 };

/* What the month before left is kept, and this one begins with nothing. */
static void begin_month(struct context *context, uint32_t account, struct ledger_row *row,
                        int32_t month) {
    char key[4];
    if (row->month)
        store_put(context->store, TABLE_LEDGER_MONTH, month_key(key, account, (int32_t)row->month),
                  (struct str){(const char *)row, sizeof *row});
    struct ledger_row next = {.persons = row->persons, .owed = row->owed, .month = month};
    memcpy(next.counters, row->counters, sizeof next.counters);
    *row = next;
}

int ledger_change(struct context *context, uint32_t account, struct ledger_row **ret_row) {
    char key[2];
    void *value;
    int32_t month = date_month(context_today(context));
    int r = hot_change(context, &sums, ledger_key(key, account), &value);
    if (r != 0)
        return r;
    struct ledger_row *row = value;
    if (row->month != month)
        begin_month(context, account, row, month);
    *ret_row = row;
    return 0;
}

int ledger_month_get(struct view *view, uint32_t account, int32_t month,
                     struct ledger_row *ret_row) {
    char key[4];
    struct str bytes;
    int r = ledger_get(view, account, ret_row);
    if (r != 0 || ret_row->month == month)
        return r;
    r = view_get(view, TABLE_LEDGER_MONTH, month_key(key, account, month), &bytes);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (bytes.size != sizeof *ret_row)
        return error_note(-EBADMSG, "a month of the ledger cannot be read");
    memcpy(ret_row, bytes.data, sizeof *ret_row);
    return 0;
}

struct months {
    uint32_t account;
    int (*each)(void *context, const struct ledger_row *row);
    void *context;
};

static int months_row(void *context, struct str key, struct str bytes) {
    const struct months *months = context;
    struct cursor in = cursor_from(key);
    struct ledger_row row;
    if (cursor_u16_sorted(&in) != months->account)
        return MONTHS_END;
    if (bytes.size != sizeof row)
        return error_note(-EBADMSG, "a month of the ledger cannot be read");
    memcpy(&row, bytes.data, sizeof row);
    return months->each(months->context, &row);
}

int ledger_months(struct view *view, uint32_t account,
                  int (*each)(void *context, const struct ledger_row *row), void *context) {
    char key[4];
    struct months months = {account, each, context};
    struct ledger_row last;
    int r = view_scan(view, TABLE_LEDGER_MONTH, month_key(key, account, 0), months_row, &months);
    if (r != 0 && r != MONTHS_END)
        return r;
    r = ledger_get(view, account, &last);
    if (r != 0)
        return r < 0 ? r : 0;
    return each(context, &last);
}

/* ---- checking ---- */

struct walk {
    struct ledger_row found[DICTIONARY_ENTRIES_LIMIT]; /* what the balances say themselves */
    uint32_t wrong;                                    /* account + 1 */
};

/* The balance's own sums agree, too. */
static int walk_balance(void *context, struct str key, struct str row) {
    struct walk *walk = context;
    struct cursor in = cursor_from(key);
    struct balance balance;
    (void)cursor_take(&in, 4);
    uint16_t account = cursor_u16_sorted(&in);
    if (in.failed || account >= DICTIONARY_ENTRIES_LIMIT || balance_decode(row, &balance) != 0)
        return error_note(-EBADMSG, "a balance's row cannot be read");
    int64_t sum = balance_on(&balance, INT32_MIN);
    walk->found[account].persons += sum;
    struct ledger_row *found = &walk->found[account];
    found->owed += balance.owed;
    found->counters[LEDGER_ISSUE] -= balance.earned;
    found->counters[LEDGER_ADJUSTMENT] -= balance.adjusted;
    found->counters[LEDGER_TRANSFER] -= balance.transferred;
    found->counters[LEDGER_SHOP] += balance.spent;
    found->counters[LEDGER_EXPIRY] += balance.expired;
    found->counters[LEDGER_HELD] += balance.held;
    if (sum < 0 || balance.owed < 0 || balance.held < 0 ||
        sum - balance.owed != balance.earned + balance.adjusted + balance.transferred -
                                  balance.held - balance.spent - balance.expired)
        walk->wrong = account + 1U;
    return 0;
}

int64_t ledger_sum(const struct ledger_row *row) {
    int64_t sum = row->persons - row->owed;
    for (int i = 0; i < LEDGER_COUNTERS; i++)
        sum += row->counters[i];
    return sum;
}

static bool is_balanced(const struct ledger_row *row, const struct ledger_row *found) {
    bool same = row->persons == found->persons && row->owed == found->owed;
    for (int i = 0; i < LEDGER_COUNTERS; i++)
        same &= row->counters[i] == found->counters[i];
    return same && ledger_sum(row) == 0 && row->counters[LEDGER_TRANSFER] == 0;
}

int ledger_check(struct view *view, uint32_t *ret_account) {
    struct walk walk;
    memset(&walk, 0, sizeof walk);
    int r = view_scan(view, TABLE_BALANCE, STR_NONE, walk_balance, &walk);
    for (uint32_t account = 0; r == 0 && account < DICTIONARY_ENTRIES_LIMIT; account++) {
        struct ledger_row row;
        r = ledger_get(view, account, &row);
        if (r > 0)
            r = 0; /* nothing was posted: the walk finds nothing either */
        if (r == 0 && !is_balanced(&row, &walk.found[account]))
            walk.wrong = account + 1;
    }
    if (r == 0 && walk.wrong)
        *ret_account = walk.wrong - 1;
    return r == 0 && walk.wrong ? LEDGER_WRONG : r;
}
