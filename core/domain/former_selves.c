#include "domain/former_selves.h"

#include "domain/volunteers.h"
#include "util/error.h"

int former_self(struct view *view, uint32_t volunteer, uint32_t *ret_former) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_FORMER_SELF, number_key(key, volunteer), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_former)
        return error_note(-EBADMSG, "who somebody was before cannot be read");
    memcpy(ret_former, row.data, sizeof *ret_former);
    return 0;
}

void former_self_put(struct context *context, uint32_t volunteer, uint32_t former) {
    char key[4];
    store_put(context->store, TABLE_FORMER_SELF, number_key(key, volunteer),
              (struct str){(const char *)&former, sizeof former});
}

/* Whatever became of the registration itself. */
static enum STANDING_choice standing_on(const struct volunteer_row *row, int32_t on) {
    struct volunteer_row stayed = *row;
    stayed.state = VOLUNTEER_REGISTERED;
    return volunteer_standing(&stayed, on);
}

int former_standing(struct view *view, uint32_t volunteer, int32_t on,
                    enum STANDING_choice *ret_standing) {
    uint32_t self = volunteer;
    int r = 0;
    *ret_standing = STANDING_GOOD;
    for (unsigned i = 0; r == 0 && i < FORMER_SELVES_LIMIT; i++) {
        struct volunteer_row row;
        r = former_self(view, self, &self);
        if (r == 0)
            r = volunteer_get(view, self, &row);
        if (r == 0 && standing_on(&row, on) > *ret_standing)
            *ret_standing = standing_on(&row, on);
    }
    return r < 0 ? r : 0;
}
