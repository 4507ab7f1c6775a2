/* How the rows about verdicts, appeals and second looks read in the export. */
#include "domain/appeals.h"
#include "domain/entries.h"
#include "domain/record_checks.h"
#include "domain/render.h"
#include "domain/verdicts.h"

void render_verdict(struct str key, struct str row, struct buf *out) {
    struct verdict_row verdict;
    put_integer(out, "record", key_number(key, 0));
    if (!row_is(out, row, &verdict, sizeof verdict))
        return;
    struct cursor rest = {row.data + sizeof verdict, row.data + row.size, false};
    put_text(out, "by", cursor_counted(&rest));
    put_integer(out, "at", verdict.at_s);
    put_text(out, "before", str_from(record_state_text((enum record_state)verdict.before)));
}

void render_appeal(struct str key, struct str row, struct buf *out) {
    struct appeal_row appeal;
    put_integer(out, "appeal", key_number(key, 0));
    if (!row_is(out, row, &appeal, sizeof appeal))
        return;
    struct cursor rest = {row.data + sizeof appeal, row.data + row.size, false};
    put_text(out, "against_by", cursor_counted(&rest));
    put_text(out, "settled_by", cursor_counted(&rest));
    put_text(out, "noun", str_from(appeal.noun < NOUN_COUNT ? noun_info(appeal.noun)->name : "?"));
    put_integer(out, "subject", appeal.subject);
    put_integer(out, "volunteer", appeal.volunteer);
    put_integer(out, "against", (int64_t)appeal.against);
    put_integer(out, "decided_on", appeal.decided_on);
    put_integer(out, "until", appeal.until);
    put_integer(out, "filed_on", appeal.filed_on);
    put_integer(out, "settled_on", appeal.settled_on);
    put_integer(out, "state", appeal.state);
    put_integer(out, "undone", appeal.undone);
}

static void put_number(struct buf *out, const char *name, struct str row) {
    uint32_t number;
    if (row_is(out, row, &number, sizeof number))
        put_integer(out, name, number);
}

void render_appealed(struct str key, struct str row, struct buf *out) {
    put_noun(out, key, 0);
    put_integer(out, "number", key_number(key, 1));
    put_number(out, "appeal", row);
}

void render_check(struct str key, struct str row, struct buf *out) {
    struct check_row check;
    put_integer(out, "record", key_number(key, 0));
    if (!row_is(out, row, &check, sizeof check))
        return;
    struct cursor rest = {row.data + sizeof check, row.data + row.size, false};
    put_text(out, "by", cursor_counted(&rest));
    put_integer(out, "raised", check.raised);
    put_integer(out, "open", check.open);
    put_integer(out, "answered", check.answered);
    put_integer(out, "answer", check.answer);
    put_integer(out, "asked_on", check.asked_on);
    put_integer(out, "answered_on", check.answered_on);
}

void render_false_hours(struct str key, struct str row, struct buf *out) {
    struct {
        uint32_t record;
        int32_t on;
    } entry;
    put_noun(out, key, 0);
    if (key_byte(key, 0) == NOUN_VOLUNTEER)
        put_integer(out, "volunteer", key_number(key, 1));
    else
        put_text(out, "person", key_rest(key, 1));
    buf_json_key(out, "records");
    buf_put_byte(out, '[');
    for (size_t at = 0; at + sizeof entry <= row.size; at += sizeof entry) {
        memcpy(&entry, row.data + at, sizeof entry);
        buf_json_item(out);
        buf_put_byte(out, '{');
        put_integer(out, "record", entry.record);
        put_integer(out, "on", entry.on);
        buf_put_byte(out, '}');
    }
    buf_put_byte(out, ']');
}

void render_entries(struct str key, struct str row, struct buf *out) {
    struct entries_row entries;
    put_text(out, "person", key);
    if (!row_is(out, row, &entries, sizeof entries))
        return;
    put_integer(out, "minute", entries.minute);
    put_integer(out, "day", entries.day);
    put_integer(out, "of_minute", entries.n_minute);
    put_integer(out, "of_day", entries.n_day);
}

void render_pace(struct str key, struct str row, struct buf *out) {
    struct pace pace;
    put_integer(out, "record", key_number(key, 0));
    if (!row_is(out, row, &pace, sizeof pace))
        return;
    put_integer(out, "of_minute", pace.n_minute);
    put_integer(out, "of_day", pace.n_day);
}

void render_reviews(struct str key, struct str row, struct buf *out) {
    put_integer(out, "organisation", key_number(key, 0));
    put_text(out, "person", key_rest(key, 4));
    put_number(out, "reviews", row);
}

void render_former_self(struct str key, struct str row, struct buf *out) {
    put_integer(out, "volunteer", key_number(key, 0));
    put_number(out, "former", row);
}
