#include "domain/reviews.h"

#include "domain/hot.h"

#define KEY_BYTES (4 + EVENT_ID_LIMIT)

static const struct hot_kind rows = HOT_PLAIN(TABLE_REVIEWS, uint32_t);

static struct str row_key(char key[static KEY_BYTES], uint32_t organisation, struct str reviewer) {
    size_t size = reviewer.size <= EVENT_ID_LIMIT ? reviewer.size : EVENT_ID_LIMIT;
    number_key(key, organisation);
    if (size)
        memcpy(key + 4, reviewer.data, size);
    return (struct str){key, 4 + size};
}

int reviews_of(struct view *view, uint32_t organisation, struct str reviewer, uint32_t *ret_n) {
    char key[KEY_BYTES];
    int r = hot_read(view, &rows, row_key(key, organisation, reviewer), ret_n);
    return r < 0 ? r : 0;
}

static int count_one(struct context *context, uint32_t organisation, struct str reviewer) {
    char key[KEY_BYTES];
    void *n;
    int r = hot_change(context, &rows, row_key(key, organisation, reviewer), &n);
    if (r == 0)
        ++*(uint32_t *)n;
    return r;
}

int reviews_count(struct context *context, uint32_t organisation, struct str reviewer) {
    int r = count_one(context, organisation, STR_NONE);
    return r == 0 ? count_one(context, organisation, reviewer) : r;
}
