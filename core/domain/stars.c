#include "domain/stars.h"

#include <stdio.h>

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

/* ---- certificates ---- */

int star_certificate_of(struct view *view, uint32_t volunteer, const struct volunteer_row *row,
                        uint8_t stars, struct star_certificate *ret_certificate) {
    *ret_certificate = (struct star_certificate){0};
    for (uint32_t n = row->n_star_changes; n > 0; n--) {
        struct star_change_row change;
        int r = star_change_get(view, volunteer, n, &change);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "a change of stars is not there");
        if (change.to == stars && change.certificate_year) {
            *ret_certificate =
                (struct star_certificate){change.certificate_year, change.certificate};
            return 0;
        }
    }
    return 0;
}

/* The name of the year's sequence. */
static const char *sequence_name(int32_t year, char name[static 32]) {
    snprintf(name, 32, "star_certificate/%d", year);
    return name;
}

int star_certificate_for(struct view *view, uint32_t volunteer, const struct volunteer_row *row,
                         uint8_t stars, int32_t year, struct star_certificate *ret_certificate) {
    char name[32];
    int r = star_certificate_of(view, volunteer, row, stars, ret_certificate);
    if (r == 0 && !ret_certificate->year)
        *ret_certificate =
            (struct star_certificate){year, number_last(view, sequence_name(year, name)) + 1};
    return r;
}

struct str star_certificate_text(struct star_certificate certificate,
                                 char text[static STAR_CERTIFICATE_BYTES]) {
    int size =
        snprintf(text, STAR_CERTIFICATE_BYTES, "XJ%d-%06u", certificate.year, certificate.number);
    return (struct str){text, (size_t)size};
}

/* What certificate_text wrote. */
static struct star_certificate certificate_read(struct str text) {
    char copy[STAR_CERTIFICATE_BYTES] = "";
    struct star_certificate read = {0};
    memcpy(copy, text.data, text.size < sizeof copy ? text.size : sizeof copy - 1);
    if (sscanf(copy, "XJ%d-%u", &read.year, &read.number) != 2 || read.year < 0 ||
        read.year > UINT16_MAX)
        return (struct star_certificate){0};
    return read;
}

/* The year's sequence goes on behind it. */
static void certificate_give(struct context *context, struct str text,
                             struct star_change_row *change) {
    char name[32];
    struct star_certificate certificate = certificate_read(text);
    change->certificate_year = (uint16_t)certificate.year;
    change->certificate = certificate.number;
    if (certificate.number > number_last(context->view, sequence_name(certificate.year, name)))
        number_set(context, name, certificate.number);
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
    if (HAS(data, star_changed, certificate_number))
        certificate_give(context, data->certificate_number, &change);
    char key[8];
    store_put(context->store, TABLE_STAR_CHANGE, change_key(key, number, after.n_star_changes),
              (struct str){(const char *)&change, sizeof change});
    points_ask_volunteer(context, number, EVENT_star_changed);
    return volunteer_replace(context, number, &before, &after);
}
