#include "domain/funds.h"

#include "domain/fund_rows.h"
#include "util/error.h"

const char *fund_entry_kind_text(enum fund_entry_kind kind) {
    static const char *const texts[FUND_ENTRY_KINDS] = {"allocated", "committed", "spent",
                                                        "returned"};
    return kind < FUND_ENTRY_KINDS ? texts[kind] : "unknown";
}

/* ---- a fund ---- */

int fund_decode(struct str row, struct arena *arena, struct fund *ret_fund) {
    struct cursor in = cursor_from(row);
    struct fund fund;
    memset(&fund, 0, sizeof fund);
    fund.days.changed_on = (int32_t)cursor_signed(&in);
    fund.days.kept_on = (int32_t)cursor_signed(&in);
    fund.first_open = (uint32_t)cursor_varint(&in);
    fund.last_commitment = (uint32_t)cursor_varint(&in);
    fund.n_entries = (uint32_t)cursor_varint(&in);
    fund.id = arena_copy(arena, cursor_counted(&in));
    fund.title = arena_copy(arena, cursor_counted(&in));
    fund.n_pots = (size_t)cursor_varint(&in);
    if (in.failed || fund.n_pots > FUND_POTS)
        return THING_DAMAGED;
    fund.pots = arena_alloc(arena, (fund.n_pots + 1) * sizeof *fund.pots);
    for (size_t i = 0; i < fund.n_pots; i++) {
        struct fund_pot *pot = &fund.pots[i];
        pot->entry = (uint32_t)cursor_varint(&in);
        pot->year = (int32_t)cursor_varint(&in);
        pot->region = (uint32_t)cursor_varint(&in);
        pot->allocated = (int64_t)cursor_varint(&in);
        pot->committed = (int64_t)cursor_varint(&in);
        pot->spent = (int64_t)cursor_varint(&in);
    }
    *ret_fund = fund;
    return in.failed;
}

void fund_put(struct context *context, uint32_t number, struct fund *fund) {
    char bytes[4];
    struct str key = number_key(bytes, number), before = STR_NONE;
    struct buf *row = &context->scratch;
    (void)view_get(context->view, TABLE_FUND, key, &before);
    fund->days = past_keep(context, TABLE_FUND_PAST, key, before);
    buf_reset(row);
    buf_put_signed(row, fund->days.changed_on);
    buf_put_signed(row, fund->days.kept_on);
    buf_put_varint(row, fund->first_open);
    buf_put_varint(row, fund->last_commitment);
    buf_put_varint(row, fund->n_entries);
    buf_put_counted(row, fund->id);
    buf_put_counted(row, fund->title);
    buf_put_varint(row, fund->n_pots);
    for (size_t i = 0; i < fund->n_pots; i++) {
        const struct fund_pot *pot = &fund->pots[i];
        buf_put_varint(row, pot->entry);
        buf_put_varint(row, (uint64_t)pot->year);
        buf_put_varint(row, pot->region);
        buf_put_varint(row, (uint64_t)pot->allocated);
        buf_put_varint(row, (uint64_t)pot->committed);
        buf_put_varint(row, (uint64_t)pot->spent);
    }
    store_put(context->store, TABLE_FUND, key, buf_str(row));
}

int fund_get(struct view *view, uint32_t fund, int32_t at, struct arena *arena,
             struct fund *ret_fund) {
    char bytes[4];
    struct str row, key = number_key(bytes, fund);
    int r = view_get(view, TABLE_FUND, key, &row);
    if (r == 0)
        r = past_find(view, TABLE_FUND_PAST, key, at, &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return fund_decode(row, arena, ret_fund) == 0
               ? 0
               : error_note(-EBADMSG, "a fund's row cannot be read");
}

struct fund_sums fund_sums(const struct fund *fund) {
    struct fund_sums sums = {0};
    for (size_t i = 0; i < fund->n_pots; i++) {
        sums.allocated += fund->pots[i].allocated;
        sums.committed += fund->pots[i].committed;
        sums.spent += fund->pots[i].spent;
        sums.left += fund_pot_left(&fund->pots[i]);
    }
    return sums;
}

int fund_left(struct view *view, uint32_t fund, struct arena *arena, int64_t *ret_left) {
    struct fund found;
    int r = fund_get(view, fund, INT32_MAX, arena, &found);
    if (r == 0)
        *ret_left = fund_sums(&found).left;
    return r;
}

/* ---- its entries ---- */

int fund_entry_decode(struct str row, struct arena *arena, struct fund_entry *ret_entry) {
    struct cursor in = cursor_from(row);
    struct fund_entry entry;
    memset(&entry, 0, sizeof entry);
    entry.kind = cursor_byte(&in);
    entry.fund = (uint32_t)cursor_varint(&in);
    entry.of = (uint32_t)cursor_varint(&in);
    entry.redemption = (uint32_t)cursor_varint(&in);
    entry.next = (uint32_t)cursor_varint(&in);
    entry.on = (int32_t)cursor_signed(&in);
    entry.sequence = cursor_varint(&in);
    entry.amount = (int64_t)cursor_varint(&in);
    entry.year = (int32_t)cursor_varint(&in);
    entry.region = (uint32_t)cursor_varint(&in);
    entry.document = (uint32_t)cursor_varint(&in);
    entry.id = arena_copy(arena, cursor_counted(&in));
    entry.by = arena_copy(arena, cursor_counted(&in));
    entry.purpose = arena_copy(arena, cursor_counted(&in));
    entry.line = arena_copy(arena, cursor_counted(&in));
    entry.n_parts = (size_t)cursor_varint(&in);
    if (in.failed || entry.kind >= FUND_ENTRY_KINDS || entry.n_parts > FUND_POTS)
        return THING_DAMAGED;
    entry.parts = arena_alloc(arena, (entry.n_parts + 1) * sizeof *entry.parts);
    for (size_t i = 0; i < entry.n_parts; i++) {
        entry.parts[i].pot = (uint32_t)cursor_varint(&in);
        entry.parts[i].amount = (int64_t)cursor_varint(&in);
        entry.parts[i].open = (int64_t)cursor_varint(&in);
    }
    *ret_entry = entry;
    return in.failed;
}

void fund_entry_put(struct context *context, uint32_t number, const struct fund_entry *entry) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_byte(row, entry->kind);
    buf_put_varint(row, entry->fund);
    buf_put_varint(row, entry->of);
    buf_put_varint(row, entry->redemption);
    buf_put_varint(row, entry->next);
    buf_put_signed(row, entry->on);
    buf_put_varint(row, entry->sequence);
    buf_put_varint(row, (uint64_t)entry->amount);
    buf_put_varint(row, (uint64_t)entry->year);
    buf_put_varint(row, entry->region);
    buf_put_varint(row, entry->document);
    buf_put_counted(row, entry->id);
    buf_put_counted(row, entry->by);
    buf_put_counted(row, entry->purpose);
    buf_put_counted(row, entry->line);
    buf_put_varint(row, entry->n_parts);
    for (size_t i = 0; i < entry->n_parts; i++) {
        buf_put_varint(row, entry->parts[i].pot);
        buf_put_varint(row, (uint64_t)entry->parts[i].amount);
        buf_put_varint(row, (uint64_t)entry->parts[i].open);
    }
    store_put(context->store, TABLE_FUND_ENTRY, number_key(key, number), buf_str(row));
}

int fund_entry_get(struct view *view, uint32_t entry, struct arena *arena,
                   struct fund_entry *ret_entry) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_FUND_ENTRY, number_key(key, entry), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return fund_entry_decode(row, arena, ret_entry) == 0
               ? 0
               : error_note(-EBADMSG, "an entry of a fund cannot be read");
}

int64_t fund_entry_open(const struct fund_entry *entry) {
    int64_t open = 0;
    for (size_t i = 0; i < entry->n_parts; i++)
        open += entry->parts[i].open;
    return open;
}

/* ---- checking ---- */

struct check {
    struct view *view;
    struct arena *arena; /* of one row */
    uint32_t n_funds;
    struct fund_sums *found; /* by fund: what the entries say */
    uint32_t wrong;
};

/* An entry's parts are its amount; what of it is open makes the fund's sums. What was returned of
 * an allocation shows in its one part. */
static int check_entry(void *context, struct str key, struct str row) {
    struct check *check = context;
    struct fund_entry entry;
    int64_t parts = 0;
    (void)key;
    arena_reset(check->arena);
    if (fund_entry_decode(row, check->arena, &entry) != 0 || entry.fund > check->n_funds)
        return error_note(-EBADMSG, "an entry of a fund cannot be read");
    for (size_t i = 0; i < entry.n_parts; i++) {
        parts += entry.parts[i].amount;
        if (entry.parts[i].open > entry.parts[i].amount || entry.parts[i].open < 0)
            check->wrong = entry.fund;
    }
    int64_t open = fund_entry_open(&entry);
    struct fund_sums *sums = &check->found[entry.fund];
    sums->allocated += entry.kind == FUND_ALLOCATED ? open : 0;
    sums->committed += entry.kind == FUND_COMMITTED ? open : 0;
    sums->spent += entry.kind == FUND_SPENT ? open : 0;
    if (parts != entry.amount)
        check->wrong = entry.fund;
    return 0;
}

static int check_fund(struct check *check, uint32_t number) {
    struct fund fund;
    arena_reset(check->arena);
    int r = fund_get(check->view, number, INT32_MAX, check->arena, &fund);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a fund has no row");
    struct fund_sums sums = fund_sums(&fund), *found = &check->found[number];
    bool right = sums.allocated == found->allocated && sums.committed == found->committed &&
                 sums.spent == found->spent;
    for (size_t i = 0; i < fund.n_pots; i++)
        right &= fund_pot_left(&fund.pots[i]) >= 0 && fund.pots[i].committed >= 0 &&
                 fund.pots[i].spent >= 0;
    if (!right)
        check->wrong = number;
    return 0;
}

int fund_check(struct view *view, struct arena *arena, uint32_t *ret_fund) {
    struct check check = {.view = view};
    struct arena rows;
    int r = thing_count(view, NOUN_FUND, &check.n_funds);
    if (r != 0)
        return r;
    check.found = arena_alloc(arena, (check.n_funds + 1) * sizeof *check.found);
    memset(check.found, 0, (check.n_funds + 1) * sizeof *check.found);
    arena_init(&rows);
    check.arena = &rows;
    r = view_scan(view, TABLE_FUND_ENTRY, STR_NONE, check_entry, &check);
    for (uint32_t number = 1; r == 0 && number <= check.n_funds; number++)
        r = check_fund(&check, number);
    arena_deinit(&rows);
    if (r == 0 && check.wrong)
        *ret_fund = check.wrong;
    return r == 0 && check.wrong ? FUND_WRONG : r;
}
