/* Posting: the only place where balances, entries and the sums of accounts change. What else moves
 * points is ledger_moves.c's. */
#include "domain/dictionaries.h"
#include "domain/ledger_book.h"
#include "domain/volunteers.h"

static int64_t sum_of(const struct book *book) {
    int64_t sum = 0;
    for (size_t i = 0; i < book->n_lots; i++)
        sum += book->lots[i].amount;
    return sum;
}

static bool is_used(const struct book *book) {
    return book->n_lots > 0 || book->balance.owed > 0 || book->balance.held > 0;
}

static void read_lots(struct book *book) {
    struct cursor lots = book->balance.lots;
    struct lot lot;
    size_t room = cursor_left(&lots) / 2; /* a lot is two bytes at least */
    book->lots = arena_alloc(book->context->arena, (room + BOOK_ROOM) * sizeof *book->lots);
    while (lot_next(&lots, &lot))
        book->lots[book->n_lots++] = lot;
}

int book_open(struct book *book, struct context *context, uint32_t volunteer, uint16_t account) {
    *book = (struct book){.context = context, .volunteer = volunteer, .account = account};
    int r = volunteer_get(context->view, volunteer, &book->person);
    if (r == 0 && book->person.n_postings > 0)
        r = balance_get(context->view, volunteer, account, &book->balance);
    if (r >= 0)
        r = ledger_change(context, account, &book->sums);
    if (r < 0)
        return r;
    read_lots(book);
    book->was_used = is_used(book);
    return 0;
}

/* What moved this month, gross: in and out stand apart. */
static void count_flow(struct ledger_row *sums, const struct posting *entry) {
    static const size_t flows[LEDGER_COUNTERS][2] = {
        /* in, out */
        [LEDGER_ISSUE] = {offsetof(struct ledger_row, issued),
                          offsetof(struct ledger_row, taken_back)},
        [LEDGER_EXPIRY] = {offsetof(struct ledger_row, expired),
                           offsetof(struct ledger_row, expired)},
        [LEDGER_SHOP] = {offsetof(struct ledger_row, spent), offsetof(struct ledger_row, spent)},
        [LEDGER_ADJUSTMENT] = {offsetof(struct ledger_row, added),
                               offsetof(struct ledger_row, deducted)},
        [LEDGER_HELD] = {offsetof(struct ledger_row, released), offsetof(struct ledger_row, held)},
        [LEDGER_TRANSFER] = {0, offsetof(struct ledger_row, transferred)},
    };
    int64_t amount = entry->amount + entry->moved; /* one of them is 0 */
    size_t at = flows[entry->counter][amount < 0];
    int64_t *flow = (void *)((char *)sums + at);
    if (at)
        *flow += amount < 0 ? -amount : amount;
}

void book_enter(struct book *book, struct posting *entry) {
    static const size_t totals[LEDGER_COUNTERS] = {
        [LEDGER_ISSUE] = offsetof(struct balance, earned),
        [LEDGER_EXPIRY] = offsetof(struct balance, expired),
        [LEDGER_SHOP] = offsetof(struct balance, spent),
        [LEDGER_ADJUSTMENT] = offsetof(struct balance, adjusted),
        [LEDGER_HELD] = offsetof(struct balance, held),
        [LEDGER_TRANSFER] = offsetof(struct balance, transferred),
    };
    char key[4];
    struct buf *row = &book->context->scratch;
    uint32_t number = number_next(book->context, "posting");
    int64_t *total = (void *)((char *)&book->balance + totals[entry->counter]);
    bool outward = entry->counter == LEDGER_EXPIRY || entry->counter == LEDGER_HELD;
    *total += outward ? -entry->amount : entry->amount + entry->moved;
    book->balance.held -= entry->moved;
    book->sums->counters[LEDGER_HELD] -= entry->moved;
    book->sums->counters[entry->counter] += entry->moved;
    book->sums->persons += entry->balance_leg;
    book->sums->owed -= entry->owed_leg;
    book->sums->counters[entry->counter] -= entry->amount;
    count_flow(book->sums, entry);
    entry->volunteer = book->volunteer;
    entry->previous = book->person.last_posting;
    entry->sequence = book->context->sequence;
    entry->balance_after = sum_of(book);
    entry->owed_after = book->balance.owed;
    buf_reset(row);
    posting_encode(entry, row);
    store_put(book->context->store, TABLE_POSTING, number_key(key, number), buf_str(row));
    book->person.last_posting = number;
    book->person.n_postings++;
}

static void remove_lot(struct book *book, size_t at) {
    memmove(&book->lots[at], &book->lots[at + 1], (--book->n_lots - at) * sizeof *book->lots);
}

void book_add(struct book *book, int32_t expires, int64_t amount) {
    size_t at = 0;
    while (at < book->n_lots && book->lots[at].expires < expires)
        at++;
    if (at == book->n_lots || book->lots[at].expires != expires) {
        memmove(&book->lots[at + 1], &book->lots[at], (book->n_lots++ - at) * sizeof *book->lots);
        book->lots[at] = (struct lot){expires, 0};
        expiring_add(book->context, book->volunteer, book->account, expires);
    }
    book->lots[at].amount += amount;
}

int64_t book_take(struct book *book, size_t at, int64_t wanted) {
    struct lot *lot = &book->lots[at];
    int64_t taken = lot->amount < wanted ? lot->amount : wanted;
    lot->amount -= taken;
    if (lot->amount == 0)
        remove_lot(book, at);
    return taken;
}

void book_expire(struct book *book, int32_t today) {
    while (book->n_lots > 0 && book->lots[0].expires < today) {
        struct lot lot = book->lots[0];
        struct posting entry = {.account = book->account,
                                .counter = LEDGER_EXPIRY,
                                .on = lot.expires + 1,
                                .expires = lot.expires,
                                .amount = -lot.amount,
                                .balance_leg = -lot.amount,
                                .reason = STR("expired")};
        remove_lot(book, 0);
        book_enter(book, &entry);
    }
}

void book_give(struct book *book, struct posting *entry) {
    int64_t owed = book->balance.owed;
    int64_t repaid = owed < entry->amount ? owed : entry->amount;
    book->balance.owed -= repaid;
    if (entry->amount > repaid)
        book_add(book, entry->expires, entry->amount - repaid);
    entry->owed_leg = repaid;
    entry->balance_leg = entry->amount - repaid;
}

static void take(struct book *book, struct posting *entry) {
    int64_t missing = -entry->amount;
    for (size_t i = 0; entry->reverses && i < book->n_lots; i++) {
        if (book->lots[i].expires != entry->expires)
            continue;
        missing -= book_take(book, i, missing);
        break;
    }
    while (missing > 0 && book->n_lots > 0)
        missing -= book_take(book, 0, missing);
    book->balance.owed += missing;
    entry->owed_leg = -missing;
    entry->balance_leg = entry->amount + missing;
}

/* An account somebody holds something in cannot be retired. */
static int count_use(struct book *book) {
    struct dictionary_code account;
    if (book->was_used == is_used(book))
        return 0;
    int r = dictionary_at(book->context->view, DICTIONARY_ACCOUNT, book->account, &account);
    return r == 0 ? dictionary_use(book->context, DICTIONARY_ACCOUNT, account.code,
                                   book->was_used ? -1 : 1)
                  : r;
}

int book_close(struct book *book) {
    char key[6];
    struct store_writer *store = book->context->store;
    struct buf *row = &book->context->scratch;
    buf_reset(row);
    balance_encode(&book->balance, row);
    for (size_t i = 0; i < book->n_lots; i++)
        lot_encode(&book->lots[i], row);
    store_put(store, TABLE_BALANCE, balance_key(key, book->volunteer, book->account), buf_str(row));
    volunteer_put(book->context, book->volunteer, &book->person);
    return count_use(book);
}

int ledger_post(struct context *context, uint32_t volunteer, struct posting *entry,
                uint32_t *ret_number) {
    struct book book;
    int r = book_open(&book, context, volunteer, entry->account);
    if (r != 0)
        return r;
    book_expire(&book, context_today(context));
    if (entry->amount > 0)
        book_give(&book, entry);
    else
        take(&book, entry);
    book_enter(&book, entry);
    *ret_number = book.person.last_posting;
    book_expire(&book, context_today(context)); /* it may have been over when it was granted */
    return book_close(&book);
}
