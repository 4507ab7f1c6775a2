/* Lots by their last day: what a midnight's run has to move, so that nobody is looked at in vain.
 * Key: the day, turned so that earlier days come first, n u32. Row: volunteer and account; of n 0
 * how many there are. A lot that was spent stays on its day's list and is passed over then. */
#include "domain/dictionaries.h"
#include "domain/ledger_book.h"
#include "domain/runs.h"
#include "util/error.h"

static struct str expiring_key(char key[static 8], int32_t date, uint32_t n) {
    number_key(key, (uint32_t)date ^ UINT32_C(0x80000000));
    number_key(key + 4, n);
    return (struct str){key, 8};
}

static int count_get(struct view *view, int32_t date, uint32_t *ret_n) {
    char key[8];
    struct str row;
    *ret_n = 0;
    int r = view_get(view, TABLE_EXPIRING, expiring_key(key, date, 0), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size != sizeof *ret_n)
        return error_note(-EBADMSG, "how many lots end on a day cannot be read");
    memcpy(ret_n, row.data, sizeof *ret_n);
    return 0;
}

int expiring_get(struct view *view, int32_t date, uint32_t n, struct expiring *ret_expiring) {
    char key[8];
    struct str row;
    int r = view_get(view, TABLE_EXPIRING, expiring_key(key, date, n), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_expiring)
        return error_note(-EBADMSG, "a lot's last day cannot be read");
    memcpy(ret_expiring, row.data, sizeof *ret_expiring);
    return 0;
}

void expiring_add(struct context *context, uint32_t volunteer, uint16_t account, int32_t expires) {
    char key[8];
    struct expiring row = {volunteer, account};
    uint32_t n;
    if (expires == LOT_NEVER || expires < context_today(context) ||
        count_get(context->view, expires, &n) != 0)
        return;
    n++;
    store_put(context->store, TABLE_EXPIRING, expiring_key(key, expires, n),
              (struct str){(const char *)&row, sizeof row});
    store_put(context->store, TABLE_EXPIRING, expiring_key(key, expires, 0),
              (struct str){(const char *)&n, sizeof n});
}

int ledger_day_ended(struct context *context, int32_t date) {
    uint32_t n;
    int r = count_get(context->view, date, &n);
    return r == 0 && n ? run_begin_between(context, RUN_EXPIRY, 0, date, 0, n) : r;
}

static int expire_one(struct context *context, const struct expiring *expiring) {
    struct book book;
    struct balance balance;
    struct lot lot;
    int r = balance_get(context->view, expiring->volunteer, expiring->account, &balance);
    if (r != 0 || !lot_next(&balance.lots, &lot) || lot.expires >= context_today(context))
        return r < 0 ? r : 0;
    r = book_open(&book, context, expiring->volunteer, (uint16_t)expiring->account);
    if (r != 0)
        return r;
    book_expire(&book, context_today(context));
    return book_close(&book);
}

int ledger_expire(struct context *context, int32_t date, uint32_t from, uint32_t to, bool done) {
    char key[8];
    for (uint32_t n = from + 1; n <= to; n++) {
        struct expiring expiring;
        int r = expiring_get(context->view, date, n, &expiring);
        if (r == 0)
            r = expire_one(context, &expiring);
        if (r < 0)
            return r;
        store_put(context->store, TABLE_EXPIRING, expiring_key(key, date, n), STR_NONE);
    }
    if (done)
        store_put(context->store, TABLE_EXPIRING, expiring_key(key, date, 0), STR_NONE);
    return 0;
}
