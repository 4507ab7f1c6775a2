/* What moves points but grants none: held for a redemption, settled, released, given to somebody
 * else. */
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
