#include "bus/explain_points.h"

#include "bus/methods_common.h"
#include "domain/dictionaries.h"
#include "domain/points.h"

/* So far back a list is read that grows while nobody mends a failing rule. */
#define WITHHELD_LIMIT 10000

static int put_entry(struct query *query, const struct standing *standing,
                     struct wanted_list *wanted, json_t *list) {
    struct posting posting;
    struct dictionary_code account;
    int r = query_found(posting_get(query->view, standing->posting, &posting));
    if (r == 0)
        r = query_found(dictionary_at(query->view, DICTIONARY_ACCOUNT, posting.account, &account));
    if (r != 0)
        return r;
    json_t *item =
        json_pack("{s:o, s:o, s:i, s:I, s:o, s:I}", "volunteer",
                  json_from_number(query, NOUN_VOLUNTEER, standing->volunteer, query->arena),
                  "account", json_from_str(account.code), "decimals", account.decimals, "amount",
                  (json_int_t)posting.amount, "expires", json_from_date(posting.expires, LOT_NEVER),
                  "sequence", (json_int_t)posting.sequence);
    json_array_append_new(list, item);
    wanted_add(query, wanted, posting.sequence, item);
    return 0;
}

/* What was decided anew since was asked anew, too. */
static int put_withheld(struct query *query, uint32_t number, uint64_t decided, json_t *list) {
    uint32_t last = withheld_last(query->view), done = withheld_done(query->view);
    uint32_t from = last - done > WITHHELD_LIMIT ? last - WITHHELD_LIMIT : done;
    for (uint32_t n = from + 1; n <= last; n++) {
        struct withheld withheld;
        int r = withheld_get(query->view, n, &withheld);
        if (r < 0)
            return r;
        if (r == 0 && withheld.record == number && withheld.sequence > decided)
            json_array_append_new(list, json_from_str(withheld.policy));
    }
    return 0;
}

int explain_points(struct query *query, const struct record *record, struct wanted_list *wanted,
                   json_t *object) {
    struct standing standing;
    struct cursor list;
    uint32_t number;
    json_t *points = json_array(), *withheld = json_array();
    json_object_set_new(object, "points", points);
    json_object_set_new(object, "points_withheld", withheld);
    int r = query_found(thing_find(query->view, NOUN_RECORD, record->id, &number));
    if (r == 0)
        r = standing_get(query->view, number, &list);
    while (r == 0 && standing_next(&list, &standing))
        r = put_entry(query, &standing, wanted, points);
    return r == 0 ? put_withheld(query, number, record->row.decision, withheld) : r;
}
