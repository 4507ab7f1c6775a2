#include "domain/record_notes.h"

#include "util/error.h"

int record_note_get(struct view *view, uint32_t record, struct record_note *ret_note) {
    char key[4];
    struct str row;
    memset(ret_note, 0, sizeof *ret_note);
    int r = view_get(view, TABLE_RECORD_NOTE, number_key(key, record), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size != sizeof *ret_note)
        return error_note(-EBADMSG, "what is said of a record cannot be read");
    memcpy(ret_note, row.data, sizeof *ret_note);
    return 0;
}

void record_note_put(struct context *context, uint32_t record, const struct record_note *note) {
    char key[4];
    store_put(context->store, TABLE_RECORD_NOTE, number_key(key, record),
              (struct str){(const char *)note, sizeof *note});
}
