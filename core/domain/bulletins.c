#include "domain/bulletins.h"

#include "util/error.h"

#define PREFIX_BYTES (BULLETIN_KEY_BYTES - 4)

static struct str bulletin_key(char key[static BULLETIN_KEY_BYTES], enum BULLETIN_KIND_choice kind,
                               uint32_t region, uint32_t number) {
    key[0] = (char)kind;
    number_key(key + 1, region);
    number_key(key + PREFIX_BYTES, number);
    return (struct str){key, BULLETIN_KEY_BYTES};
}

int bulletin_find(struct view *view, enum BULLETIN_KIND_choice kind, uint32_t region,
                  uint32_t number, uint32_t *ret_bulletin) {
    char key[BULLETIN_KEY_BYTES];
    struct str row;
    int r = view_get(view, TABLE_BULLETIN, bulletin_key(key, kind, region, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_bulletin)
        return error_note(-EBADMSG, "a bulletin's row cannot be read");
    memcpy(ret_bulletin, row.data, sizeof *ret_bulletin);
    return 0;
}

struct last_search {
    char prefix[BULLETIN_KEY_BYTES];
    uint32_t number;
};

static int take_number(void *context, struct str key, struct str row) {
    struct last_search *search = context;
    struct cursor in = cursor_from(key);
    struct str prefix = cursor_take(&in, PREFIX_BYTES);
    (void)row;
    if (!str_equal(prefix, (struct str){search->prefix, PREFIX_BYTES}))
        return 1;
    search->number = cursor_u32_sorted(&in);
    return 0;
}

int bulletin_last(struct view *view, enum BULLETIN_KIND_choice kind, uint32_t region,
                  uint32_t *ret_number) {
    struct last_search search = {.number = 0};
    struct str from = bulletin_key(search.prefix, kind, region, 0);
    int r = view_scan(view, TABLE_BULLETIN, from, take_number, &search);
    *ret_number = search.number;
    return r < 0 ? r : 0;
}

static int check_number(struct context *context, const struct bulletin_issued *data,
                        uint32_t region) {
    uint32_t other;
    int r = bulletin_find(context->view, (enum BULLETIN_KIND_choice)data->kind, region,
                          (uint32_t)data->number, &other);
    if (r != 0)
        return r < 0 ? r : 0;
    return problem_set(context->problem, PROBLEM_ALREADY_EXISTS, "data.number",
                       "number %lld of this kind and region was issued already and stays as it is; "
                       "take the next free number",
                       (long long)data->number);
}

int apply_bulletin_issued(struct context *context, const struct event *event,
                          const struct bulletin_issued *data) {
    char key[BULLETIN_KEY_BYTES];
    uint32_t region, number;
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &region);
    if (r == 0 && data->as_of > context_today(context))
        return problem_set(context->problem, PROBLEM_IN_FUTURE, "data.as_of",
                           "a bulletin says what is known: its day cannot lie ahead");
    if (r == 0)
        r = check_number(context, data, region);
    if (r == 0)
        r = thing_name(context, NOUN_BULLETIN, data->bulletin, "data.bulletin", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .state = BULLETIN_ISSUED,
                          .attributes = event->data};
    thing_put(context, NOUN_BULLETIN, number, &thing);
    store_put(
        context->store, TABLE_BULLETIN,
        bulletin_key(key, (enum BULLETIN_KIND_choice)data->kind, region, (uint32_t)data->number),
        (struct str){(const char *)&number, sizeof number});
    return 0;
}
