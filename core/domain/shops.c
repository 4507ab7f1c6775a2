/* What merchants gave out of each reward, in all and by month. Key: merchant u32, reward u32, month
 * u16 (0: all time). */
#include "domain/redemption_rows.h"

#define SHOP_KEY_BYTES 10

static const struct hot_kind shop_rows = HOT_PLAIN(TABLE_SHOP, struct shop_row);

static int shop_change(struct context *context, const struct redemption *redemption, int32_t month,
                       struct shop_row **ret_row) {
    char key[SHOP_KEY_BYTES];
    void *row;
    number_key(key, redemption->merchant);
    number_key(key + 4, redemption->reward);
    key[8] = (char)(uint8_t)(month >> 8);
    key[9] = (char)(uint8_t)month;
    int r = hot_change(context, &shop_rows, (struct str){key, sizeof key}, &row);
    if (r == 0)
        *ret_row = row;
    return r;
}

int shop_hold(struct context *context, const struct redemption *redemption, int by) {
    struct shop_row *row;
    int r = shop_change(context, redemption, 0, &row);
    if (r == 0) {
        row->n_held += by * (int64_t)redemption->quantity;
        row->held_fen += by * redemption->cost_fen;
    }
    return r;
}

int shop_settle(struct context *context, const struct redemption *redemption, int32_t month) {
    const int32_t months[] = {0, month};
    int r = shop_hold(context, redemption, -1);
    for (size_t i = 0; r == 0 && i < 2; i++) {
        struct shop_row *row;
        r = shop_change(context, redemption, months[i], &row);
        if (r != 0)
            break;
        row->n_settled += redemption->quantity;
        row->settled_fen += redemption->cost_fen;
        row->settled_points += redemption->amount;
    }
    return r;
}

int shop_decode(struct str key, struct str row, struct shop *ret_shop) {
    struct cursor in = cursor_from(key);
    ret_shop->merchant = cursor_u32_sorted(&in);
    ret_shop->reward = cursor_u32_sorted(&in);
    ret_shop->month = cursor_u16_sorted(&in);
    if (in.failed || row.size != sizeof ret_shop->row)
        return THING_DAMAGED;
    memcpy(&ret_shop->row, row.data, sizeof ret_shop->row);
    return 0;
}

struct walk {
    int (*each)(void *context, const struct shop *shop);
    void *context;
};

static int walk_row(void *context, struct str key, struct str row) {
    const struct walk *walk = context;
    struct shop shop;
    return shop_decode(key, row, &shop) == 0 ? walk->each(walk->context, &shop) : 0;
}

int shop_each(struct view *view, int (*each)(void *context, const struct shop *shop),
              void *context) {
    struct walk walk = {each, context};
    return view_scan(view, TABLE_SHOP, STR_NONE, walk_row, &walk);
}
