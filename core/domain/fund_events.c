/* fund.allocated, .committed, .spent and .returned, and what a redemption does to the fund that
 * pays for it. */
#include "domain/documents.h"
#include "domain/fund_rows.h"
#include "util/error.h"

/* A fund that an event changes, and the entry that says so. */
struct fund_book {
    struct context *context;
    uint32_t number;
    struct fund fund;
    struct fund_entry entry;
};

static int book_open(struct fund_book *book, uint32_t number) {
    struct context *context = book->context;
    book->number = book->entry.fund = number;
    int r = fund_get(context->view, number, INT32_MAX, context->arena, &book->fund);
    return r > 0 ? error_note(-EBADMSG, "a fund has no row") : r;
}

/* Under a number of its own where nobody has named it. */
static void book_close(struct fund_book *book, uint32_t entry) {
    book->entry.sequence = book->context->sequence;
    book->fund.n_entries++;
    fund_entry_put(book->context, entry, &book->entry);
    fund_put(book->context, book->number, &book->fund);
}

static struct fund_pot *pot_of(struct fund *fund, uint32_t entry) {
    for (size_t i = 0; i < fund->n_pots; i++)
        if (fund->pots[i].entry == entry)
            return &fund->pots[i];
    return NULL;
}

/* What the new entry has of a pot: one part for each. */
static void add_part(struct fund_entry *entry, uint32_t pot, int64_t amount) {
    size_t i = 0;
    while (i < entry->n_parts && entry->parts[i].pot != pot)
        i++;
    if (i == entry->n_parts)
        entry->parts[entry->n_parts++] = (struct fund_part){.pot = pot};
    entry->parts[i].amount += amount;
    entry->parts[i].open += entry->kind == FUND_RETURNED ? 0 : amount;
}

/* Room for a part of each pot. */
static void make_room(struct fund_book *book) {
    book->entry.parts =
        arena_alloc(book->context->arena, (book->fund.n_pots + 1) * sizeof *book->entry.parts);
    book->entry.n_parts = 0;
}

static int64_t smaller(int64_t a, int64_t b) {
    return a < b ? a : b;
}

/* Of every pot in turn, or of one alone. Gives what is missing. */
static int64_t take_left(struct fund_book *book, uint32_t only, int64_t amount) {
    for (size_t i = 0; i < book->fund.n_pots && amount > 0; i++) {
        struct fund_pot *pot = &book->fund.pots[i];
        int64_t taken = smaller(fund_pot_left(pot), amount);
        if (taken <= 0 || (only && pot->entry != only))
            continue;
        pot->committed += taken;
        amount -= taken;
        add_part(&book->entry, pot->entry, taken);
    }
    return amount;
}

/* Of what is open of an entry, as much as is wanted of it. Gives what is missing, or < 0. */
static int64_t draw_on(struct fund_book *book, struct fund_entry *from, int64_t amount) {
    for (size_t i = 0; i < from->n_parts && amount > 0; i++) {
        struct fund_part *part = &from->parts[i];
        struct fund_pot *pot = pot_of(&book->fund, part->pot);
        int64_t taken = smaller(part->open, amount);
        if (!pot)
            return error_note(-EBADMSG, "a fund has no such allocation");
        if (from->kind == FUND_ALLOCATED)
            taken = smaller(taken, fund_pot_left(pot));
        if (taken <= 0)
            continue;
        pot->allocated -= from->kind == FUND_ALLOCATED ? taken : 0;
        pot->committed -= from->kind == FUND_COMMITTED ? taken : 0;
        pot->spent -= from->kind == FUND_SPENT ? taken : 0;
        pot->spent += book->entry.kind == FUND_SPENT ? taken : 0;
        part->open -= taken;
        amount -= taken;
        add_part(&book->entry, part->pot, taken);
    }
    return amount;
}

/* ---- fund.allocated ---- */

static void add_pot(struct fund_book *book, uint32_t entry) {
    struct fund *fund = &book->fund;
    struct fund_pot *pots =
        arena_alloc(book->context->arena, (fund->n_pots + 1) * sizeof *fund->pots);
    size_t at = 0;
    while (at < fund->n_pots && fund->pots[at].year <= book->entry.year)
        at++;
    for (size_t i = 0; i < fund->n_pots; i++)
        pots[i < at ? i : i + 1] = fund->pots[i];
    pots[at] = (struct fund_pot){.entry = entry,
                                 .year = book->entry.year,
                                 .region = book->entry.region,
                                 .allocated = book->entry.amount};
    fund->pots = pots;
    fund->n_pots++;
}

/* The fund comes to be with its first allocation. */
static int fund_named(struct fund_book *book, struct str id) {
    uint32_t number;
    struct context *context = book->context;
    int r = thing_find(context->view, NOUN_FUND, id, &number);
    if (r == 0)
        return book_open(book, number);
    if (r > 0)
        r = thing_name(context, NOUN_FUND, id, "data.fund", &number);
    book->number = book->entry.fund = r == 0 ? number : 0;
    book->fund.id = id;
    return r;
}

int apply_fund_allocated(struct context *context, const struct event *event,
                         const struct fund_allocated *data) {
    (void)event;
    uint32_t number;
    struct fund_book book = {.context = context,
                             .entry = {.kind = FUND_ALLOCATED,
                                       .on = context_date(context),
                                       .amount = data->amount_fen,
                                       .year = (int32_t)data->year,
                                       .id = data->entry,
                                       .purpose = data->origin,
                                       .line = data->budget_line}};
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &book.entry.region);
    if (r == 0)
        r = fund_named(&book, data->fund);
    if (r == 0)
        r = thing_name(context, NOUN_FUND_ENTRY, data->entry, "data.entry", &number);
    if (r != 0)
        return r;
    if (book.fund.n_pots == FUND_POTS)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.fund",
                           "fund %.*s has %d allocations, which is all it can hold; begin another",
                           STR_ARG(data->fund), FUND_POTS);
    if (HAS(data, fund_allocated, title))
        book.fund.title = data->title;
    add_pot(&book, number);
    make_room(&book);
    add_part(&book.entry, number, book.entry.amount);
    book_close(&book, number);
    return 0;
}

/* ---- what fund.committed, .spent and .returned have in common ---- */

struct movement {
    struct str fund, entry, document, of;
};

/* The entry gets its name, and what it draws on is of this fund. */
static int begin(struct fund_book *book, const struct movement *movement, uint32_t *ret_number,
                 struct fund_entry *ret_of) {
    struct context *context = book->context;
    struct fund_entry *entry = &book->entry;
    uint32_t fund;
    memset(ret_of, 0, sizeof *ret_of);
    int r = thing_resolve(context, NOUN_FUND, movement->fund, "data.fund", &fund);
    if (r == 0)
        r = thing_resolve(context, NOUN_DOCUMENT, movement->document, "data.document",
                          &entry->document);
    if (r == 0)
        r = thing_resolve(context, NOUN_FUND_ENTRY, movement->of, "data.of", &entry->of);
    if (r == 0 && entry->of)
        r = fund_entry_get(context->view, entry->of, context->arena, ret_of);
    if (r == 0)
        r = thing_name(context, NOUN_FUND_ENTRY, movement->entry, "data.entry", ret_number);
    if (r == 0)
        r = book_open(book, fund);
    if (r != 0)
        return r;
    entry->id = movement->entry;
    entry->on = context_date(context);
    make_room(book);
    if (entry->of && ret_of->fund != fund)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.of",
                           "entry %.*s is of another fund; name one of fund %.*s",
                           STR_ARG(movement->of), STR_ARG(movement->fund));
    return 0;
}

static int wrong_kind(struct context *context, const struct fund_entry *of, const char *wanted) {
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.of",
                       "entry %.*s says what was %s; name %s", STR_ARG(of->id),
                       fund_entry_kind_text((enum fund_entry_kind)of->kind), wanted);
}

static int too_much(const struct fund_book *book, const char *what, int64_t missing) {
    return problem_set(book->context->problem, PROBLEM_WRONG_STATE, "data.amount_fen",
                       "%lld fen are %s, and %lld are asked for",
                       (long long)(book->entry.amount - missing), what,
                       (long long)book->entry.amount);
}

/* ---- fund.committed ---- */

/* Commitments that were sent follow one another, for what is paid without naming one. */
static int append_commitment(struct fund_book *book, uint32_t number) {
    struct context *context = book->context;
    struct fund *fund = &book->fund;
    struct fund_entry last;
    if (!fund->first_open)
        fund->first_open = number;
    if (fund->last_commitment) {
        int r = fund_entry_get(context->view, fund->last_commitment, context->arena, &last);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "a fund's last commitment is not there");
        last.next = number;
        fund_entry_put(context, fund->last_commitment, &last);
    }
    fund->last_commitment = number;
    return 0;
}

int apply_fund_committed(struct context *context, const struct event *event,
                         const struct fund_committed *data) {
    (void)event;
    uint32_t number;
    struct fund_entry of;
    struct movement movement = {data->fund, data->entry, data->document, data->of};
    struct fund_book book = {.context = context,
                             .entry = {.kind = FUND_COMMITTED,
                                       .amount = data->amount_fen,
                                       .purpose = data->purpose,
                                       .by = data->by}};
    int r = begin(&book, &movement, &number, &of);
    if (r == 0 && book.entry.of && of.kind != FUND_ALLOCATED)
        r = wrong_kind(context, &of, "an allocation, or none to take the earliest year's first");
    if (r != 0)
        return r;
    int64_t missing = take_left(&book, book.entry.of, book.entry.amount);
    if (missing > 0)
        return too_much(&book, "left to commit", missing);
    r = append_commitment(&book, number);
    if (r == 0)
        book_close(&book, number);
    return r;
}

/* ---- fund.spent and fund.returned ---- */

/* Whoever committed money does not pay it out. */
static int check_payer(const struct fund_book *book, const struct fund_entry *commitment) {
    if (book->entry.kind != FUND_SPENT || !str_equal(book->entry.by, commitment->by))
        return 0;
    return problem_set(book->context->problem, PROBLEM_SELF_REVIEW, "data.by",
                       "%.*s committed this money; somebody else pays it", STR_ARG(commitment->by));
}

/* Of the commitments that were sent, the earliest first; those with nothing open are passed over
 * for good. */
static int draw_on_earliest(struct fund_book *book, int64_t amount, int64_t *ret_missing) {
    struct context *context = book->context;
    uint32_t number = book->fund.first_open, n_drawn = 0, n_looked = 0, last = 0;
    while (number && amount > 0) {
        struct fund_entry commitment;
        if (n_looked++ == FUND_DRAWN_COMMITMENTS)
            return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.of",
                               "this takes more than %d commitments; say `of` which each part is",
                               FUND_DRAWN_COMMITMENTS);
        int r = fund_entry_get(context->view, number, context->arena, &commitment);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "a fund's commitment is not there");
        if (fund_entry_open(&commitment) > 0) {
            r = check_payer(book, &commitment);
            amount = r == 0 ? draw_on(book, &commitment, amount) : amount;
            if (r != 0 || amount < 0)
                return r ? r : (int)amount;
            fund_entry_put(context, number, &commitment);
            last = number;
            n_drawn++;
        }
        if (fund_entry_open(&commitment) == 0)
            book->fund.first_open = commitment.next;
        number = commitment.next;
    }
    book->entry.of = n_drawn == 1 ? last : 0;
    *ret_missing = amount;
    return 0;
}

static int draw_on_named(struct fund_book *book, struct fund_entry *of, int64_t amount,
                         int64_t *ret_missing) {
    int r = of->kind == FUND_COMMITTED ? check_payer(book, of) : 0;
    if (r != 0)
        return r;
    *ret_missing = draw_on(book, of, amount);
    if (*ret_missing < 0)
        return (int)*ret_missing;
    fund_entry_put(book->context, book->entry.of, of);
    return 0;
}

static const char *open_text(const struct fund_entry *of) {
    static const char *const texts[] = {[FUND_ALLOCATED] = "left of this allocation",
                                        [FUND_COMMITTED] = "open of what was committed",
                                        [FUND_SPENT] = "spent by this entry and not returned"};
    return texts[of->kind];
}

static int move(struct fund_book *book, const struct movement *movement) {
    uint32_t number;
    struct fund_entry of;
    int64_t missing = 0;
    int r = begin(book, movement, &number, &of);
    if (r != 0)
        return r;
    if (!book->entry.of) {
        of.kind = FUND_COMMITTED;
        r = draw_on_earliest(book, book->entry.amount, &missing);
    } else if (book->entry.kind == FUND_SPENT && of.kind != FUND_COMMITTED) {
        r = wrong_kind(book->context, &of, "the commitment that is paid");
    } else if (of.kind == FUND_RETURNED) {
        r = wrong_kind(book->context, &of, "what was allocated, committed or spent");
    } else {
        r = draw_on_named(book, &of, book->entry.amount, &missing);
    }
    if (r != 0)
        return r;
    if (missing > 0)
        return too_much(book, open_text(&of), missing);
    book_close(book, number);
    return 0;
}

int apply_fund_spent(struct context *context, const struct event *event,
                     const struct fund_spent *data) {
    (void)event;
    struct movement movement = {data->fund, data->entry, data->document, data->of};
    struct fund_book book = {.context = context,
                             .entry = {.kind = FUND_SPENT,
                                       .amount = data->amount_fen,
                                       .purpose = data->purpose,
                                       .by = data->by}};
    return move(&book, &movement);
}

int apply_fund_returned(struct context *context, const struct event *event,
                        const struct fund_returned *data) {
    (void)event;
    struct movement movement = {data->fund, data->entry, data->document, data->of};
    struct fund_book book = {.context = context,
                             .entry = {.kind = FUND_RETURNED,
                                       .amount = data->amount_fen,
                                       .purpose = data->purpose,
                                       .by = data->by}};
    return move(&book, &movement);
}

/* ---- of a redemption ---- */

static uint32_t next_number(struct context *context) {
    return number_next(context, noun_info(NOUN_FUND_ENTRY)->name);
}

int fund_commit(struct context *context, uint32_t fund, struct fund_entry *entry,
                uint32_t *ret_number) {
    struct fund_book book = {.context = context, .entry = *entry};
    book.entry.kind = FUND_COMMITTED;
    int r = book_open(&book, fund);
    if (r != 0)
        return r;
    make_room(&book);
    if (take_left(&book, 0, book.entry.amount) > 0)
        return error_note(-EBADMSG, "a fund has less than was looked for");
    *ret_number = next_number(context);
    book_close(&book, *ret_number);
    return 0;
}

int fund_draw(struct context *context, uint32_t commitment, enum fund_entry_kind kind,
              struct fund_entry *entry) {
    struct fund_book book = {.context = context, .entry = *entry};
    struct fund_entry of;
    int r = fund_entry_get(context->view, commitment, context->arena, &of);
    if (r == 0)
        r = book_open(&book, of.fund);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "what a redemption committed is not there");
    book.entry.kind = (uint8_t)kind;
    book.entry.of = commitment;
    book.entry.amount = fund_entry_open(&of);
    make_room(&book);
    if (draw_on(&book, &of, book.entry.amount) != 0)
        return error_note(-EBADMSG, "what a redemption committed is not open");
    fund_entry_put(context, commitment, &of);
    book_close(&book, next_number(context));
    return 0;
}
