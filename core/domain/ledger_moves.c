/* What moves points but grants none: held for a redemption, settled, released, given to somebody
 * else. */
#include "domain/dictionaries.h"
#include "domain/ledger_book.h"

static int complain_short(struct context *context, const char *field, int64_t there,
                          int64_t amount) {
    return problem_set(context->problem, PROBLEM_INSUFFICIENT_POINTS, field,
                       "%lld units are needed and %lld are there", (long long)amount,
                       (long long)there);
}

/* Opens the book, and sees that it holds so much today. */
static int open_with(struct book *book, struct context *context, uint32_t volunteer,
                     uint16_t account, int64_t amount, const char *field) {
    int r = book_open(book, context, volunteer, account);
    if (r != 0)
        return r;
    book_expire(book, context_today(context));
    int64_t there = 0;
    for (size_t i = 0; i < book->n_lots; i++)
        there += book->lots[i].amount;
    return there < amount ? complain_short(context, field, there, amount) : 0;
}

/* Earliest last day first; the book holds so much. */
static struct list take_lots(struct book *book, int64_t amount) {
    struct lot *taken = arena_alloc(book->context->arena, (book->n_lots + 1) * sizeof *taken);
    size_t n = 0;
    while (amount > 0) {
        taken[n].expires = book->lots[0].expires;
        taken[n].amount = book_take(book, 0, amount);
        amount -= taken[n++].amount;
    }
    return (struct list){n, taken};
}

int ledger_hold(struct context *context, uint32_t volunteer, int64_t amount, const char *field,
                struct posting *entry, struct list *ret_lots) {
    struct book book;
    int r = open_with(&book, context, volunteer, entry->account, amount, field);
    if (r != 0)
        return r;
    *ret_lots = take_lots(&book, amount);
    entry->counter = LEDGER_HELD;
    entry->expires = LOT_NEVER;
    entry->amount = entry->balance_leg = -amount;
    book_enter(&book, entry);
    return book_close(&book);
}

/* One lot comes in. */
static int give_lot(struct context *context, uint32_t volunteer, const struct lot *lot,
                    enum ledger_counter counter, struct posting entry) {
    struct book book;
    int r = book_open(&book, context, volunteer, entry.account);
    if (r != 0)
        return r;
    book_expire(&book, context_today(context));
    entry.counter = (uint8_t)counter;
    entry.expires = lot->expires;
    entry.amount = lot->amount;
    book_give(&book, &entry);
    book_enter(&book, &entry);
    book_expire(&book, context_today(context));
    return book_close(&book);
}

static int give_lots(struct context *context, uint32_t volunteer, const struct list *lots,
                     enum ledger_counter counter, const struct posting *entry) {
    const struct lot *list = lots->items;
    int r = 0;
    for (size_t i = 0; r == 0 && i < lots->n; i++)
        r = give_lot(context, volunteer, &list[i], counter, *entry);
    return r;
}

int ledger_release(struct context *context, uint32_t volunteer, const struct list *lots,
                   const struct posting *entry) {
    return give_lots(context, volunteer, lots, LEDGER_HELD, entry);
}

int ledger_settle(struct context *context, uint32_t volunteer, int64_t amount,
                  struct posting *entry) {
    struct book book;
    int r = book_open(&book, context, volunteer, entry->account);
    if (r != 0)
        return r;
    book_expire(&book, context_today(context));
    entry->counter = LEDGER_SHOP;
    entry->expires = LOT_NEVER;
    entry->amount = entry->balance_leg = 0;
    entry->moved = amount;
    book_enter(&book, entry);
    return book_close(&book);
}

int ledger_transfer(struct context *context, uint32_t from, uint32_t to, int64_t amount,
                    const char *field, const struct posting *entry) {
    struct book book;
    struct posting given = *entry;
    int r = open_with(&book, context, from, entry->account, amount, field);
    if (r != 0)
        return r;
    struct list lots = take_lots(&book, amount);
    given.counter = LEDGER_TRANSFER;
    given.expires = LOT_NEVER;
    given.amount = given.balance_leg = -amount;
    book_enter(&book, &given);
    r = book_close(&book);
    return r == 0 ? give_lots(context, to, &lots, LEDGER_TRANSFER, entry) : r;
}

/* ---- a merge ---- */

int ledger_is_held(struct view *view, uint32_t volunteer, bool *ret_held) {
    struct balance balance;
    *ret_held = false;
    uint32_t n = dictionary_count(view, DICTIONARY_ACCOUNT);
    for (uint32_t account = 0; account < n; account++) {
        int r = balance_get(view, volunteer, account, &balance);
        if (r < 0)
            return r;
        *ret_held |= r == 0 && balance.held > 0;
    }
    return 0;
}

/* What is owed passes as a debt of the same height: to the one as if it were paid, to the other as
 * if it were taken. */
static int pass_debt(struct context *context, uint32_t from, uint32_t into,
                     const struct posting *entry) {
    struct book book;
    struct posting paid = *entry, taken = *entry;
    uint32_t ignored;
    int r = book_open(&book, context, from, entry->account);
    if (r != 0)
        return r;
    int64_t owed = book.balance.owed;
    if (owed == 0)
        return 0;
    book.balance.owed = 0;
    paid.counter = taken.counter = LEDGER_TRANSFER;
    paid.expires = taken.expires = LOT_NEVER;
    paid.amount = paid.owed_leg = owed;
    taken.amount = -owed;
    book_enter(&book, &paid);
    r = book_close(&book);
    return r == 0 ? ledger_post(context, into, &taken, &ignored) : r;
}

static int take_over_one(struct context *context, uint32_t from, uint32_t into, uint32_t account,
                         struct str reason) {
    struct posting entry = {
        .account = (uint16_t)account, .on = context_date(context), .reason = reason};
    struct balance balance;
    int r = balance_get(context->view, from, account, &balance);
    if (r != 0)
        return r < 0 ? r : 0;
    int64_t there = balance_on(&balance, context_today(context));
    if (there > 0)
        r = ledger_transfer(context, from, into, there, "data.volunteer", &entry);
    return r == 0 ? pass_debt(context, from, into, &entry) : r;
}

int ledger_take_over(struct context *context, uint32_t from, uint32_t into, struct str reason) {
    uint32_t n = dictionary_count(context->view, DICTIONARY_ACCOUNT);
    int r = 0;
    for (uint32_t account = 0; r == 0 && account < n; account++)
        r = take_over_one(context, from, into, account, reason);
    return r;
}
