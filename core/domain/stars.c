#include "domain/stars.h"

#include "domain/points.h"
#include "domain/policies.h"
#include "util/error.h"

static struct str change_key(char key[static 8], uint32_t volunteer, uint32_t n) {
    number_key(key, volunteer);
    number_key(key + 4, n);
    return (struct str){key, 8};
}

int star_change_get(struct view *view, uint32_t volunteer, uint32_t n,
                    struct star_change_row *ret_change) {
    char key[8];
    struct str row;
    int r = view_get(view, TABLE_STAR_CHANGE, change_key(key, volunteer, n), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_change)
        return error_note(-EBADMSG, "a star change's row cannot be read");
    memcpy(ret_change, row.data, sizeof *ret_change);
    return 0;
}

int stars_on(struct view *view, uint32_t volunteer, const struct volunteer_row *row, int32_t date,
             uint8_t *ret_stars) {
    uint8_t stars = row->stars;
    for (uint32_t n = row->n_star_changes; n > 0; n--) {
        struct star_change_row change;
        int r = star_change_get(view, volunteer, n, &change);
        if (r != 0)
            return r;
        if (change.on <= date)
            break;
        stars = change.from;
    }
    *ret_stars = stars;
    return 0;
}

int apply_star_changed(struct context *context, const struct event *event,
                       const struct star_changed *data) {
    uint32_t number;
    struct volunteer_row before;
    int r = thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &number);
    if (r == 0)
        r = volunteer_get(context->view, number, &before);
    if (r != 0)
        return r;
    struct volunteer_row after = before;
    after.stars = (uint8_t)data->to;
    after.stars_since = context_date(context);
    after.n_star_changes++;
    after.stars_kept = 0;
    after.minutes_kept = 0;
    struct star_change_row change;
    memset(&change, 0, sizeof change);
    change.from = (uint8_t)data->from;
    change.to = (uint8_t)data->to;
    change.on = after.stars_since;
    change.sequence = context->sequence;
    change.revision = policy_revision_number(
        context->view, HAS(data, star_changed, granted_by) ? data->granted_by : event->revision);
    char key[8];
    store_put(context->store, TABLE_STAR_CHANGE, change_key(key, number, after.n_star_changes),
              (struct str){(const char *)&change, sizeof change});
    points_ask_volunteer(context, number, EVENT_star_changed);
    return volunteer_replace(context, number, &before, &after);
}
