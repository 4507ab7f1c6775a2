#include "domain/dictionaries.h"
#include "domain/funds.h"
#include "domain/ledger_rows.h"
#include "domain/redemption_rows.h"
#include "domain/standing.h"
#include "domain/volunteers.h"
#include "util/error.h"

const char *redemption_state_text(enum redemption_state state) {
    static const char *const texts[REDEMPTION_STATES] = {"requested", "held", "settled", "voided",
                                                         "refused"};
    return state < REDEMPTION_STATES ? texts[state] : "unknown";
}

/* ---- rows ---- */

int redemption_decode(struct str row, struct redemption *ret_redemption) {
    struct cursor in = cursor_from(row);
    struct redemption redemption;
    memset(&redemption, 0, sizeof redemption);
    redemption.volunteer = (uint32_t)cursor_varint(&in);
    redemption.reward = (uint32_t)cursor_varint(&in);
    redemption.quantity = (uint32_t)cursor_varint(&in);
    redemption.previous = (uint32_t)cursor_varint(&in);
    redemption.account = (uint16_t)cursor_varint(&in);
    redemption.state = cursor_byte(&in);
    redemption.on = (int32_t)cursor_signed(&in);
    redemption.amount = cursor_signed(&in);
    redemption.requested = cursor_varint(&in);
    redemption.decided = cursor_varint(&in);
    redemption.closed = cursor_varint(&in);
    redemption.merchant = (uint32_t)cursor_varint(&in);
    redemption.committed = (uint32_t)cursor_varint(&in);
    redemption.cost_fen = cursor_signed(&in);
    redemption.group = cursor_counted(&in);
    redemption.lots = in;
    *ret_redemption = redemption;
    return in.failed || redemption.state >= REDEMPTION_STATES;
}

static void redemption_put(struct context *context, uint32_t number,
                           const struct redemption *redemption, const struct list *lots) {
    char key[4];
    struct buf *row = &context->scratch;
    const struct lot *list = lots->items;
    buf_reset(row);
    buf_put_varint(row, redemption->volunteer);
    buf_put_varint(row, redemption->reward);
    buf_put_varint(row, redemption->quantity);
    buf_put_varint(row, redemption->previous);
    buf_put_varint(row, redemption->account);
    buf_put_byte(row, redemption->state);
    buf_put_signed(row, redemption->on);
    buf_put_signed(row, redemption->amount);
    buf_put_varint(row, redemption->requested);
    buf_put_varint(row, redemption->decided);
    buf_put_varint(row, redemption->closed);
    buf_put_varint(row, redemption->merchant);
    buf_put_varint(row, redemption->committed);
    buf_put_signed(row, redemption->cost_fen);
    buf_put_counted(row, redemption->group);
    for (size_t i = 0; i < lots->n; i++)
        lot_encode(&list[i], row);
    store_put(context->store, TABLE_REDEMPTION, number_key(key, number), buf_str(row));
}

int redemption_get(struct view *view, uint32_t redemption, struct redemption *ret_redemption) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_REDEMPTION, number_key(key, redemption), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return redemption_decode(row, ret_redemption) == 0
               ? 0
               : error_note(-EBADMSG, "a redemption's row cannot be read");
}

/* Key of TABLE_REDEEMED: volunteer u32; nothing (the newest redemption), or year u16 and the
 * reward's number or its group's name behind a byte that says which. Row: u32. */
#define REDEEMED_KEY_BYTES (4 + 2 + 1 + 64)

static struct str redeemed_key(char key[static REDEEMED_KEY_BYTES], uint32_t volunteer,
                               uint32_t reward, struct str group, int32_t year) {
    size_t size = 7;
    number_key(key, volunteer);
    key[4] = (char)(uint8_t)(year >> 8);
    key[5] = (char)(uint8_t)year;
    key[6] = group.size != 0;
    if (key[6]) {
        memcpy(key + size, group.data, group.size);
        size += group.size;
    } else {
        number_key(key + size, reward);
        size += 4;
    }
    return (struct str){key, size};
}

static int u32_get(struct view *view, struct str key, uint32_t *ret_value) {
    struct str row;
    *ret_value = 0;
    int r = view_get(view, TABLE_REDEEMED, key, &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size != sizeof *ret_value)
        return error_note(-EBADMSG, "what somebody redeemed cannot be read");
    memcpy(ret_value, row.data, sizeof *ret_value);
    return 0;
}

static void u32_put(struct context *context, struct str key, uint32_t value) {
    store_put(context->store, TABLE_REDEEMED, key,
              (struct str){(const char *)&value, sizeof value});
}

int redemption_last(struct view *view, uint32_t volunteer, uint32_t *ret_redemption) {
    char key[4];
    return u32_get(view, number_key(key, volunteer), ret_redemption);
}

int redeemed_in_year(struct view *view, uint32_t volunteer, uint32_t reward, struct str group,
                     int32_t year, uint32_t *ret_n) {
    char key[REDEEMED_KEY_BYTES];
    return u32_get(view, redeemed_key(key, volunteer, reward, group, year), ret_n);
}

static int32_t year_of(int32_t date) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    return year;
}

/* A person who is registered: whoever is held, has left or has died neither redeems nor gives. */
static int registered(struct context *context, struct str id, const char *field,
                      uint32_t *ret_number, struct volunteer_row *ret_row) {
    int r = thing_resolve(context, NOUN_VOLUNTEER, id, field, ret_number);
    if (r == 0)
        r = volunteer_get(context->view, *ret_number, ret_row);
    if (r == 0 && ret_row->state == VOLUNTEER_REGISTERED)
        return standing_allows(context, ret_row, id, field);
    if (r == 0)
        r = volunteer_refuse_merged(context, *ret_number, ret_row, id, field);
    if (r != 0)
        return r;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                       ret_row->state == VOLUNTEER_HELD
                           ? "the registration of %.*s is held; settle it first"
                           : "volunteer %.*s is no longer registered",
                       STR_ARG(id));
}

/* ---- reward.redeemed ---- */

struct request {
    const struct reward_redeemed *data;
    struct reward_offered offer;
    struct volunteer_row person;
    struct redemption row;
};

static int check_reward(struct context *context, struct request *request) {
    struct str id = request->data->reward;
    enum reward_state state;
    int r = thing_resolve(context, NOUN_REWARD, id, "data.reward", &request->row.reward);
    if (r == 0)
        r = reward_get(context->view, request->row.reward, context->arena, &request->offer, &state);
    if (r != 0)
        return r;
    if (state == REWARD_WITHDRAWN)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.reward",
                           "reward %.*s is withdrawn", STR_ARG(id));
    if (HAS(&request->offer, reward_offered, valid_until) &&
        request->row.on > request->offer.valid_until)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.reward",
                           "the last day on which reward %.*s could be redeemed is over",
                           STR_ARG(id));
    if (request->person.stars < request->offer.min_stars)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "reward %.*s is for %lld stars or more; this volunteer has %d",
                           STR_ARG(id), (long long)request->offer.min_stars, request->person.stars);
    return 0;
}

static int check_stock(struct context *context, const struct request *request) {
    const struct reward_offered *offer = &request->offer;
    struct reward_row reward;
    uint32_t n;
    int r = reward_row_get(context->view, request->row.reward, &reward);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a reward has no row");
    if (reward.left != STOCK_UNLIMITED && reward.left < request->row.quantity)
        return problem_set(context->problem, PROBLEM_OUT_OF_STOCK, "data.quantity",
                           "%u are left of reward %.*s", reward.left,
                           STR_ARG(request->data->reward));
    r = redeemed_in_year(context->view, request->row.volunteer, request->row.reward,
                         offer->limit_group, year_of(request->row.on), &n);
    if (r == 0 && HAS(offer, reward_offered, limit_per_year) &&
        n + request->row.quantity > offer->limit_per_year)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.quantity",
                           "%lld a year may be redeemed by one person, and %u were",
                           (long long)offer->limit_per_year, n);
    return r;
}

static int check_balance(struct context *context, struct request *request) {
    struct dictionary_code account;
    struct balance balance;
    int r = dictionary_get(context->view, DICTIONARY_ACCOUNT, request->offer.account, &account);
    if (r == 0)
        r = balance_get(context->view, request->row.volunteer, account.number, &balance);
    if (r < 0)
        return r;
    int64_t there = r == 0 ? balance_on(&balance, context_today(context)) : 0;
    request->row.account = account.number;
    request->row.group = request->offer.limit_group;
    request->row.amount = request->offer.cost * request->data->quantity;
    int64_t needed = request->row.amount > request->offer.minimum_balance
                         ? request->row.amount
                         : request->offer.minimum_balance;
    if (there < needed)
        return problem_set(context->problem, PROBLEM_INSUFFICIENT_POINTS, "data.volunteer",
                           "%lld units are needed on account %.*s and %lld are there",
                           (long long)needed, STR_ARG(request->offer.account), (long long)there);
    return 0;
}

#define COST_FEN_MOST INT64_C(1000000000000) /* of one redemption: so that no sum runs over */

/* Who gives it out, and that the fund that pays for it has the money. */
static int check_cost(struct context *context, struct request *request) {
    const struct reward_offered *offer = &request->offer;
    int64_t left = 0;
    uint32_t fund;
    request->row.cost_fen = offer->cost_fen * request->data->quantity;
    if (request->row.cost_fen > COST_FEN_MOST)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.quantity",
                           "so many cost %lld fen together; at most %lld are booked at once",
                           (long long)request->row.cost_fen, (long long)COST_FEN_MOST);
    int r = thing_resolve(context, NOUN_ORGANISATION, offer->merchant, "data.reward",
                          &request->row.merchant);
    if (r == 0)
        r = thing_resolve(context, NOUN_FUND, offer->fund, "data.reward", &fund);
    if (r != 0 || !fund)
        return r;
    r = fund_left(context->view, fund, context->arena, &left);
    if (r != 0 || left >= request->row.cost_fen)
        return r > 0 ? error_note(-EBADMSG, "a reward's fund has no row") : r;
    return problem_set(context->problem, PROBLEM_OUT_OF_STOCK, "data.reward",
                       "fund %.*s pays for reward %.*s, and of %lld fen %lld are left",
                       STR_ARG(offer->fund), STR_ARG(request->data->reward),
                       (long long)request->row.cost_fen, (long long)left);
}

int apply_reward_redeemed(struct context *context, const struct event *event,
                          const struct reward_redeemed *data) {
    char key[4];
    struct request request = {.data = data,
                              .row = {.quantity = (uint32_t)data->quantity,
                                      .state = REDEMPTION_REQUESTED,
                                      .on = context_date(context),
                                      .requested = context->sequence}};
    uint32_t number;
    int r = registered(context, data->volunteer, "data.volunteer", &request.row.volunteer,
                       &request.person);
    if (r == 0)
        r = check_reward(context, &request);
    if (r == 0)
        r = check_stock(context, &request);
    if (r == 0)
        r = check_balance(context, &request);
    if (r == 0)
        r = check_cost(context, &request);
    if (r == 0)
        r = thing_name(context, NOUN_REDEMPTION, data->redemption, "data.redemption", &number);
    if (r == 0)
        r = redemption_last(context->view, request.row.volunteer, &request.row.previous);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .state = REDEMPTION_REQUESTED,
                          .attributes = event->data};
    thing_put(context, NOUN_REDEMPTION, number, &thing);
    redemption_put(context, number, &request.row, &(struct list){0});
    u32_put(context, number_key(key, request.row.volunteer), number);
    context_ask_of(context, (struct question){.kind = POLICY_KIND_REDEMPTION,
                                              .number = number,
                                              .date = request.row.on,
                                              .noun = NOUN_REDEMPTION});
    return 0;
}

/* ---- what becomes of it ---- */

/* A redemption that is in that state, about to leave it. */
struct open_redemption {
    uint32_t number;
    struct redemption row;
    struct thing thing;
    struct str reason; /* of the entries: the reward's title */
    struct str fund;   /* that pays for it, as it is offered now */
};

static int wrong_state(struct context *context, struct str id, enum redemption_state state) {
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.redemption",
                       "redemption %.*s is %s", STR_ARG(id), redemption_state_text(state));
}

static int redemption_open(struct context *context, struct str id, enum redemption_state state,
                           struct open_redemption *ret_open) {
    struct reward_offered offer;
    enum reward_state ignored;
    int r = thing_resolve(context, NOUN_REDEMPTION, id, "data.redemption", &ret_open->number);
    if (r == 0)
        r = redemption_get(context->view, ret_open->number, &ret_open->row);
    if (r == 0)
        r = thing_get(context->view, NOUN_REDEMPTION, ret_open->number, context->arena,
                      &ret_open->thing);
    if (r != 0)
        return r;
    if (ret_open->row.state != state)
        return wrong_state(context, id, ret_open->row.state);
    r = reward_get(context->view, ret_open->row.reward, context->arena, &offer, &ignored);
    if (r == 0)
        ret_open->reason = offer.title;
    ret_open->fund = r == 0 ? offer.fund : STR_NONE;
    return r > 0 ? error_note(-EBADMSG, "a redemption's reward is not there") : r;
}

static void redemption_close(struct context *context, struct open_redemption *open,
                             enum redemption_state state, const struct list *lots) {
    open->row.state = open->thing.state = (uint8_t)state;
    open->thing.changed_sequence = context->sequence;
    redemption_put(context, open->number, &open->row, lots);
    thing_put(context, NOUN_REDEMPTION, open->number, &open->thing);
}

/* What it holds, in the arena: the row is put anew. */
static struct list lots_of(struct context *context, const struct redemption *redemption) {
    struct cursor in = redemption->lots;
    struct lot *lots = arena_alloc(context->arena, (cursor_left(&in) / 2 + 1) * sizeof *lots);
    size_t n = 0;
    while (lot_next(&in, &lots[n]))
        n++;
    return (struct list){n, lots};
}

/* Of stock and of the year's limit `by` more (or less) are redeemed. */
static int count_redeemed(struct context *context, const struct open_redemption *open, int by) {
    char bytes[REDEEMED_KEY_BYTES];
    const struct redemption *row = &open->row;
    struct reward_row *reward;
    uint32_t n, change = row->quantity;
    struct str key = redeemed_key(bytes, row->volunteer, row->reward, row->group, year_of(row->on));
    int r = reward_row_change(context, row->reward, &reward);
    if (r == 0)
        r = u32_get(context->view, key, &n);
    if (r != 0)
        return r;
    if (by > 0) {
        reward->left -= reward->left == STOCK_UNLIMITED ? 0 : change;
        reward->n_held += change;
        u32_put(context, key, n + change);
        return 0;
    }
    reward->left += reward->left == STOCK_UNLIMITED ? 0 : change;
    reward->n_held -= change;
    u32_put(context, key, n > change ? n - change : 0);
    return 0;
}

/* ---- the money ---- */

static struct fund_entry fund_entry_of(struct context *context, const struct open_redemption *open,
                                       struct str by) {
    return (struct fund_entry){.redemption = open->number,
                               .on = context_date(context),
                               .amount = open->row.cost_fen,
                               .by = by,
                               .purpose = open->reason};
}

/* The reward is offered as it was a moment ago, when the redemption was asked for. */
static int commit(struct context *context, struct open_redemption *open) {
    struct fund_entry entry = fund_entry_of(context, open, STR_NONE);
    uint32_t fund;
    int r = thing_resolve(context, NOUN_FUND, open->fund, "data.redemption", &fund);
    if (r != 0 || !fund || open->row.cost_fen == 0)
        return r;
    return fund_commit(context, fund, &entry, &open->row.committed);
}

static int pay(struct context *context, const struct open_redemption *open,
               enum fund_entry_kind kind, struct str by) {
    struct fund_entry entry = fund_entry_of(context, open, by);
    return open->row.committed ? fund_draw(context, open->row.committed, kind, &entry) : 0;
}

static struct posting entry_of(const struct open_redemption *open, int32_t on) {
    return (struct posting){.account = open->row.account, .on = on, .reason = open->reason};
}

int apply_redemption_decided(struct context *context, const struct event *event,
                             const struct redemption_decided *data) {
    (void)event;
    struct open_redemption open;
    struct list lots = {0};
    int r = redemption_open(context, data->redemption, REDEMPTION_REQUESTED, &open);
    if (r != 0)
        return r;
    bool accepted = data->outcome == OUTCOME_ACCEPTED;
    open.row.decided = context->sequence;
    struct posting entry = entry_of(&open, open.row.on);
    if (accepted)
        r = ledger_hold(context, open.row.volunteer, open.row.amount, "data.redemption", &entry,
                        &lots);
    if (accepted && r == 0)
        r = count_redeemed(context, &open, 1);
    if (accepted && r == 0)
        r = commit(context, &open);
    if (accepted && r == 0)
        r = shop_hold(context, &open.row, 1);
    if (accepted && r == 0)
        standing_ask_of_points(context, open.row.volunteer);
    if (r == 0)
        redemption_close(context, &open, accepted ? REDEMPTION_HELD : REDEMPTION_REFUSED, &lots);
    return r;
}

int apply_reward_settled(struct context *context, const struct event *event,
                         const struct reward_settled *data) {
    (void)event;
    struct open_redemption open;
    struct reward_row *reward;
    int r = redemption_open(context, data->redemption, REDEMPTION_HELD, &open);
    if (r == 0)
        r = reward_row_change(context, open.row.reward, &reward);
    if (r != 0)
        return r;
    open.row.closed = context->sequence;
    struct posting entry = entry_of(&open, context_date(context));
    reward->n_held -= open.row.quantity;
    reward->n_settled += open.row.quantity;
    r = ledger_settle(context, open.row.volunteer, open.row.amount, &entry);
    if (r == 0)
        r = pay(context, &open, FUND_SPENT, data->by);
    if (r == 0)
        r = shop_settle(context, &open.row, date_month(context_date(context)));
    if (r == 0)
        redemption_close(context, &open, REDEMPTION_SETTLED, &(struct list){0});
    return r;
}

/* The entries count for the day it was asked for, as the hold did: what was spent in a span of days
 * is then what it was without. */
int apply_reward_voided(struct context *context, const struct event *event,
                        const struct reward_voided *data) {
    (void)event;
    struct open_redemption open;
    int r = redemption_open(context, data->redemption, REDEMPTION_HELD, &open);
    if (r != 0)
        return r;
    open.row.closed = context->sequence;
    struct list lots = lots_of(context, &open.row);
    struct posting entry = entry_of(&open, open.row.on);
    r = count_redeemed(context, &open, -1);
    if (r == 0)
        r = ledger_release(context, open.row.volunteer, &lots, &entry);
    if (r == 0)
        r = pay(context, &open, FUND_RETURNED, data->by);
    if (r == 0)
        r = shop_hold(context, &open.row, -1);
    if (r == 0)
        standing_ask_of_points(context, open.row.volunteer);
    if (r == 0)
        redemption_close(context, &open, REDEMPTION_VOIDED, &(struct list){0});
    return r;
}

/* ---- a merge ---- */

/* What the one redeemed in a year counts against the other's limit of that year. */
int redeemed_move(struct context *context, uint32_t from, uint32_t into) {
    char bytes[REDEEMED_KEY_BYTES];
    struct redemption row;
    uint32_t number, n;
    int r = redemption_last(context->view, from, &number);
    for (; r == 0 && number; number = row.previous) {
        r = redemption_get(context->view, number, &row);
        if (r != 0)
            break;
        if (row.state != REDEMPTION_HELD && row.state != REDEMPTION_SETTLED)
            continue;
        struct str group = arena_copy(context->arena, row.group);
        struct str key = redeemed_key(bytes, into, row.reward, group, year_of(row.on));
        r = u32_get(context->view, key, &n);
        if (r == 0)
            u32_put(context, key, n + row.quantity);
    }
    return r > 0 ? error_note(-EBADMSG, "a redemption leads nowhere") : r;
}

/* ---- points.transferred ---- */

static int check_persons(struct context *context, const struct points_transferred *data,
                         uint32_t *ret_from, uint32_t *ret_to) {
    struct volunteer_row person;
    int r = registered(context, data->from, "data.from", ret_from, &person);
    if (r == 0)
        r = registered(context, data->to, "data.to", ret_to, &person);
    if (r == 0 && *ret_from == *ret_to)
        r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.to",
                        "nobody can give points to themselves");
    return r;
}

int apply_points_transferred(struct context *context, const struct event *event,
                             const struct points_transferred *data) {
    uint32_t number, from, to;
    int32_t account;
    int r = check_persons(context, data, &from, &to);
    if (r == 0)
        r = dictionary_require(context, DICTIONARY_ACCOUNT, data->account, context_date(context),
                               "data.account", &account);
    if (r == 0)
        r = thing_name(context, NOUN_TRANSFER, data->transfer, "data.transfer", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .attributes = event->data};
    thing_put(context, NOUN_TRANSFER, number, &thing);
    struct posting entry = {
        .account = (uint16_t)account, .on = context_date(context), .reason = data->reason};
    standing_ask_of_points(context, from);
    standing_ask_of_points(context, to);
    return ledger_transfer(context, from, to, data->amount, "data.amount", &entry);
}
