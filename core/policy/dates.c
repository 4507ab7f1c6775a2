#include "policy/dates.h"

#define PARSED_BYTES 10 /* of every text that is a date */

struct str dates_write(struct dates *dates, int32_t date) {
    struct date_text *slot = &dates->written[(uint32_t)date % DATES_KEPT];
    if (slot->date != date || slot->size == 0) {
        slot->date = date;
        slot->size = (uint32_t)date_format(date, slot->text);
    }
    return (struct str){slot->text, slot->size};
}

int dates_read(struct dates *dates, struct str text, int32_t *ret_date) {
    if (text.size != PARSED_BYTES)
        return 1;
    unsigned day = (unsigned)(unsigned char)text.data[8] * 10 + (unsigned char)text.data[9];
    struct date_text *slot = &dates->read[day % DATES_KEPT];
    if (slot->size == 0 || memcmp(slot->text, text.data, PARSED_BYTES) != 0) {
        int32_t date;
        if (date_parse(text, &date) != 0)
            return 1;
        memcpy(slot->text, text.data, PARSED_BYTES);
        slot->size = PARSED_BYTES;
        slot->date = date;
    }
    *ret_date = slot->date;
    return 0;
}
