#include "domain/certificate_selection.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

#include "domain/carried_over.h"
#include "domain/certificates.h"
#include "domain/organisations.h"
#include "domain/public_notices.h"
#include "domain/volunteers.h"
#include "util/error.h"

/* ---- who issues ---- */

#define LEVELS 100 /* of organisations, one above the other */

static int organisation_above(struct view *view, uint32_t organisation, struct arena *arena,
                              uint32_t *ret_above) {
    struct organisation_defined attributes;
    *ret_above = 0;
    int r = organisation_attributes(view, organisation, arena, &attributes);
    if (r == 0 && attributes.parent.size)
        r = thing_find(view, NOUN_ORGANISATION, attributes.parent, ret_above);
    return r < 0 ? r : 0;
}

int certificate_issuer(struct view *view, uint32_t organisation, struct arena *arena,
                       uint32_t *ret_issuer) {
    int r = 0;
    *ret_issuer = 0;
    for (int i = 0; r == 0 && !*ret_issuer && organisation && i < LEVELS; i++) {
        r = organisation_successor(view, organisation, ret_issuer);
        if (r == 0 && !*ret_issuer)
            r = organisation_above(view, organisation, arena, &organisation);
    }
    return r;
}

/* ---- the records ---- */

struct maker {
    struct view *view;
    const struct zone *zone;
    struct arena *arena;
    struct selection *selection;
    size_t capacity;
    uint32_t recorder; /* seen last, and who answers for it */
    uint32_t answers;
    const char *field;
    struct problem *problem;
};

static int add(struct maker *maker, uint32_t number, const struct record_row *row) {
    struct selection *selection = maker->selection;
    if (selection->n == CERTIFIED_LIMIT)
        return problem_set(maker->problem, PROBLEM_OUT_OF_RANGE, maker->field,
                           "one certificate holds %d records; ask for a shorter time, one "
                           "certificate for each part",
                           CERTIFIED_LIMIT);
    if (selection->n == maker->capacity) {
        size_t capacity = maker->capacity ? 2 * maker->capacity : 64;
        struct certified *items = arena_alloc(maker->arena, capacity * sizeof *items);
        if (selection->n)
            memcpy(items, selection->items, selection->n * sizeof *items);
        selection->items = items;
        maker->capacity = capacity;
    }
    struct certified *item = &selection->items[selection->n++];
    *item = (struct certified){.record = number, .minutes = row->minutes};
    if (record_is_carried(row)) {
        carried_days(maker->zone, row, &item->from, &item->to);
        selection->carried_minutes += item->minutes;
    } else {
        item->from = record_date(maker->zone, row);
        selection->minutes += item->minutes;
    }
    return 0;
}

/* Records of one person mostly come from few organisations. */
static int is_its_own(struct maker *maker, uint32_t recorder, bool *ret_own) {
    if (maker->recorder != recorder) {
        int r = certificate_issuer(maker->view, recorder, maker->arena, &maker->answers);
        if (r != 0)
            return r;
        maker->recorder = recorder;
    }
    *ret_own = maker->answers == maker->selection->issuer;
    return 0;
}

static int read_record(struct maker *maker, uint32_t number, struct record *ret_record) {
    int r = record_get(maker->view, number, ret_record);
    return r > 0 ? error_note(-EBADMSG, "a record that is named has no row") : r;
}

/* What keeps it from being certified: NULL where nothing does. What was shown to the public is
 * certified when nobody can object any more. */
static int what_hinders(struct maker *maker, uint32_t number, const struct record_row *row,
                        const char **ret_what) {
    struct public_notice_row notice;
    uint32_t shown = 0;
    *ret_what = row->state != RECORD_ACCEPTED  ? record_state_text(row->state)
                : row->flags & RECORD_DISPUTED ? "disputed"
                                               : NULL;
    if (*ret_what || row->flags & RECORD_FINAL || record_is_carried(row))
        return 0;
    int r = public_notice_of(maker->view, number, row, false, &shown);
    if (r != 0 || !shown)
        return r;
    r = public_notice_get(maker->view, shown, &notice);
    if (r == 0 && notice.state != PUBLIC_NOTICE_PASSED)
        *ret_what = notice.state == PUBLIC_NOTICE_REFUSED ? "refused by a public notice"
                                                          : "in public notice";
    return r > 0 ? error_note(-EBADMSG, "a public notice has no row") : r;
}

/* One that was asked for by name: what stands against it is said. */
static int add_named(struct maker *maker, struct str id) {
    struct record record;
    uint32_t number;
    bool own;
    int r = thing_find(maker->view, NOUN_RECORD, id, &number);
    if (r == 0)
        r = read_record(maker, number, &record);
    if (r == 0)
        r = is_its_own(maker, record.row.organisation, &own);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a certificate names a record that is not there");
    if (!own) {
        struct str recorder = STR_NONE;
        r = thing_id(maker->view, NOUN_ORGANISATION, record.row.organisation, maker->arena,
                     &recorder);
        return r < 0 ? r
                     : problem_set(maker->problem, PROBLEM_NOT_ALLOWED, maker->field,
                                   "record %.*s was recorded by %.*s; only who recorded certifies: "
                                   "ask there for a certificate of it",
                                   STR_ARG(id), STR_ARG(recorder));
    }
    const char *what;
    r = what_hinders(maker, number, &record.row, &what);
    if (r == 0 && what)
        return problem_set(maker->problem, PROBLEM_WRONG_STATE, maker->field,
                           "record %.*s is %s; only accepted service is certified: settle it "
                           "first, or refuse the request",
                           STR_ARG(id), what);
    return r == 0 ? add(maker, number, &record.row) : r;
}

static int add_all_named(struct maker *maker, const struct list *records) {
    const struct str *ids = records->items;
    int r = 0;
    for (size_t i = 0; r == 0 && i < records->n; i++)
        r = add_named(maker, ids[i]);
    return r;
}

/* Of a month's entries the records that begin in it; numbers are copied out, since a row is
 * borrowed. */
static int numbers_of_month(struct maker *maker, int32_t month, uint32_t **ret_numbers,
                            size_t *ret_n) {
    struct person_month row;
    size_t n = 0;
    int r = person_month_get(maker->view, month, maker->selection->volunteer, &row);
    if (r != 0)
        return r;
    uint32_t *numbers = arena_alloc(maker->arena, (row.n_entries + 1) * sizeof *numbers);
    for (size_t i = 0; i < row.n_entries; i++) {
        struct month_entry entry = person_month_entry(&row, i);
        if (entry.state == RECORD_ACCEPTED)
            numbers[n++] = entry.record;
    }
    *ret_numbers = numbers;
    *ret_n = n;
    return 0;
}

static int add_month(struct maker *maker, int32_t month, int32_t from, int32_t to) {
    uint32_t *numbers = NULL;
    size_t n = 0;
    int r = numbers_of_month(maker, month, &numbers, &n);
    for (size_t i = 0; r == 0 && i < n; i++) {
        struct record record;
        bool own = false;
        r = read_record(maker, numbers[i], &record);
        if (r != 0)
            break;
        int32_t on = record_date(maker->zone, &record.row);
        if (on < from || on > to || date_month(on) != month)
            continue;
        r = is_its_own(maker, record.row.organisation, &own);
        const char *what = NULL;
        if (r == 0 && own)
            r = what_hinders(maker, numbers[i], &record.row, &what);
        if (r == 0 && own && !what)
            r = add(maker, numbers[i], &record.row);
    }
    return r;
}

static int add_carried(struct maker *maker, int32_t from, int32_t to) {
    int r = 0;
    for (uint32_t n = 1; r == 0; n++) {
        struct record record;
        uint32_t number;
        int32_t first, last;
        bool own = false;
        r = carried_get(maker->view, maker->selection->volunteer, n, &number, &record);
        if (r != 0)
            break;
        carried_days(maker->zone, &record.row, &first, &last);
        if (record.row.state != RECORD_ACCEPTED || first < from || last > to)
            continue;
        r = is_its_own(maker, record.row.organisation, &own);
        if (r == 0 && own)
            r = add(maker, number, &record.row);
    }
    return r == THING_NOT_FOUND ? 0 : r;
}

/* Everything that the organisation recorded and that began in those days. */
static int add_period(struct maker *maker, int32_t from, int32_t to) {
    struct volunteer_row person;
    int r = volunteer_get(maker->view, maker->selection->volunteer, &person);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a volunteer has no row");
    /* Nobody's service lies outside of their own first and last day. */
    int32_t first = from > person.first_service_on ? from : person.first_service_on;
    int32_t last = to < person.last_service_on ? to : person.last_service_on;
    for (int32_t month = date_month(first);
         person.first_service_on && r == 0 && month <= date_month(last); month++)
        r = add_month(maker, month, from, to);
    return r == 0 ? add_carried(maker, from, to) : r;
}

static int item_compare(const void *a, const void *b) {
    const struct certified *left = a, *right = b;
    if (certified_is_carried(left) != certified_is_carried(right))
        return certified_is_carried(left) ? 1 : -1;
    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return (left->record > right->record) - (left->record < right->record);
}

int selection_make(struct view *view, const struct zone *zone, struct arena *arena,
                   const struct certificate_requested *request, struct selection *selection,
                   const char *field, struct problem *problem) {
    struct maker maker = {.view = view,
                          .zone = zone,
                          .arena = arena,
                          .selection = selection,
                          .field = field,
                          .problem = problem};
    int r = request->records.n ? add_all_named(&maker, &request->records)
                               : add_period(&maker, request->from, request->to);
    if (r != 0)
        return r;
    if (selection->n == 0)
        return problem_set(problem, PROBLEM_WRONG_STATE, field,
                           "in these days the organisation has recorded no service of %.*s that "
                           "is accepted; refuse the request and say so",
                           STR_ARG(request->volunteer));
    qsort(selection->items, selection->n, sizeof *selection->items, item_compare);
    return 0;
}

/* ---- the digest ---- */

static int put_item(struct view *view, const struct certified *item, struct buf *text) {
    struct record record;
    char from[16], to[16];
    int r = record_get(view, item->record, &record);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a certified record has no row");
    date_format(item->from, from);
    if (certified_is_carried(item)) {
        date_format(item->to, to);
        buf_printf(text, "carried %.*s %s %s %u\n", STR_ARG(record.id), from, to, item->minutes);
    } else {
        buf_printf(text, "record %.*s %s %u\n", STR_ARG(record.id), from, item->minutes);
    }
    return 0;
}

static int put_names(struct view *view, struct arena *arena, uint32_t certificate,
                     const struct selection *selection, struct buf *text) {
    const struct {
        enum noun noun;
        uint32_t number;
    } names[] = {{NOUN_CERTIFICATE, certificate},
                 {NOUN_VOLUNTEER, selection->volunteer},
                 {NOUN_ORGANISATION, selection->issuer}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str id;
        int r = thing_id(view, names[i].noun, names[i].number, arena, &id);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "what a certificate names has no id");
        buf_printf(text, "%s %.*s\n", noun_info(names[i].noun)->name, STR_ARG(id));
    }
    return 0;
}

int selection_digest(struct view *view, struct arena *arena, uint32_t certificate,
                     struct str number, const struct selection *selection, struct str *ret_digest) {
    unsigned char hash[CERTIFICATE_DIGEST_HEX / 2];
    struct buf text = {0};
    buf_printf(&text, "volunteerd-certificate 1\nnumber %.*s\n", STR_ARG(number));
    int r = put_names(view, arena, certificate, selection, &text);
    for (size_t i = 0; r == 0 && i < selection->n; i++)
        r = put_item(view, &selection->items[i], &text);
    if (r == 0) {
        buf_printf(&text, "minutes %lld\ncarried_minutes %lld\n", (long long)selection->minutes,
                   (long long)selection->carried_minutes);
        crypto_generichash(hash, sizeof hash, (const unsigned char *)text.data, text.size, NULL, 0);
        char *hex = arena_bytes(arena, CERTIFICATE_DIGEST_HEX + 1);
        sodium_bin2hex(hex, CERTIFICATE_DIGEST_HEX + 1, hash, sizeof hash);
        *ret_digest = (struct str){hex, CERTIFICATE_DIGEST_HEX};
    }
    buf_deinit(&text);
    return r;
}

/* ---- numbers ---- */

/* 0, organisation u32, year u16 -> the last of its series; 1, the number -> whose it is. */
static struct str series_key(char key[static 8], uint32_t organisation, int32_t year) {
    key[0] = 0;
    number_key(key + 1, organisation);
    key[5] = (char)(uint8_t)(year >> 8);
    key[6] = (char)(uint8_t)year;
    return (struct str){key, 7};
}

static struct str text_key(char key[static CERTIFICATE_NUMBER_KEY_BYTES], struct str number) {
    size_t size =
        number.size < CERTIFICATE_NUMBER_KEY_BYTES ? number.size : CERTIFICATE_NUMBER_KEY_BYTES - 1;
    key[0] = 1;
    if (size)
        memcpy(key + 1, number.data, size);
    return (struct str){key, 1 + size};
}

static int number_row(struct view *view, struct str key, uint32_t *ret_value) {
    struct str row;
    int r = view_get(view, TABLE_CERTIFICATE_NUMBER, key, &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_value)
        return error_note(-EBADMSG, "the row of a certificate's number cannot be read");
    memcpy(ret_value, row.data, sizeof *ret_value);
    return 0;
}

int certificate_by_number(struct view *view, struct str number, uint32_t *ret_certificate) {
    char key[CERTIFICATE_NUMBER_KEY_BYTES];
    return number_row(view, text_key(key, number), ret_certificate);
}

static int series_prefix(struct view *view, struct arena *arena, uint32_t issuer, int32_t year,
                         struct str *ret_prefix) {
    struct str id;
    int r = thing_id(view, NOUN_ORGANISATION, issuer, arena, &id);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an organisation has no id");
    *ret_prefix = arena_printf(arena, "%.*s-%d-", STR_ARG(id), year);
    return 0;
}

/* The one after *ordinal, which it becomes: those that somebody gave by hand are passed over. */
static int series_next(struct view *view, struct arena *arena, struct str prefix, uint32_t *ordinal,
                       struct str *ret_number) {
    uint32_t other;
    int r;
    do {
        *ret_number = arena_printf(arena, "%.*s%06u", STR_ARG(prefix), ++*ordinal);
        r = certificate_by_number(view, *ret_number, &other);
    } while (r == 0);
    return r < 0 ? r : 0;
}

static int series_last(struct view *view, uint32_t issuer, int32_t year, uint32_t *ret_ordinal) {
    char key[8];
    *ret_ordinal = 0;
    int r = number_row(view, series_key(key, issuer, year), ret_ordinal);
    return r < 0 ? r : 0;
}

int certificate_number_next(struct view *view, struct arena *arena, uint32_t issuer, int32_t year,
                            unsigned skip, struct str *ret_number) {
    struct str prefix;
    uint32_t ordinal;
    int r = series_prefix(view, arena, issuer, year, &prefix);
    if (r == 0)
        r = series_last(view, issuer, year, &ordinal);
    for (unsigned i = 0; r == 0 && i <= skip; i++)
        r = series_next(view, arena, prefix, &ordinal, ret_number);
    return r;
}

static void put_number(struct context *context, struct str key, uint32_t value) {
    store_put(context->store, TABLE_CERTIFICATE_NUMBER, key,
              (struct str){(const char *)&value, sizeof value});
}

int certificate_number_take(struct context *context, uint32_t issuer, struct str number,
                            uint32_t certificate) {
    char key[CERTIFICATE_NUMBER_KEY_BYTES];
    struct str prefix, next;
    uint32_t other, ordinal;
    int32_t year, month, day;
    date_to_civil(context_date(context), &year, &month, &day);
    int r = certificate_by_number(context->view, number, &other);
    if (r == 0)
        return problem_set(context->problem, PROBLEM_ALREADY_EXISTS, "data.number",
                           "a certificate bears the number %.*s already; give the next one",
                           STR_ARG(number));
    if (r > 0)
        r = series_prefix(context->view, context->arena, issuer, year, &prefix);
    if (r == 0 && str_starts_with(number, prefix)) {
        r = series_last(context->view, issuer, year, &ordinal);
        if (r == 0)
            r = series_next(context->view, context->arena, prefix, &ordinal, &next);
        if (r == 0 && !str_equal(number, next))
            r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.number",
                            "numbers of this series are given in order; the next is %.*s",
                            STR_ARG(next));
        if (r == 0)
            put_number(context, series_key(key, issuer, year), ordinal);
    }
    if (r == 0)
        put_number(context, text_key(key, number), certificate);
    return r;
}
