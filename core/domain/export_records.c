#include "domain/public_notices.h"
#include "domain/render.h"

void render_day_list(struct str key, struct str row, const char *number, struct buf *out) {
    uint32_t value, n = key_number(key, 4);
    put_integer(out, "day", (int32_t)(key_number(key, 0) ^ UINT32_C(0x80000000)));
    put_integer(out, "n", n);
    if (row_is(out, row, &value, sizeof value))
        put_integer(out, n ? number : "count", value);
}

void render_notice_day(struct str key, struct str row, struct buf *out) {
    render_day_list(key, row, "public_notice", out);
}

void render_public_notice(struct str key, struct str row, struct buf *out) {
    struct public_notice_row notice;
    put_integer(out, "public_notice", key_number(key, 0));
    if (!row_is(out, row, &notice, sizeof notice))
        return;
    put_text(out, "noun",
             str_from(notice.noun < NOUN_COUNT ? noun_info((enum noun)notice.noun)->name : "?"));
    put_integer(out, "subject", notice.subject);
    put_integer(out, "region", notice.region);
    put_integer(out, "previous", notice.previous);
    put_integer(out, "objections", notice.n_objections);
    put_integer(out, "from", notice.from);
    put_integer(out, "until", notice.until);
    put_integer(out, "ended_on", notice.ended_on);
    put_integer(out, "opened", (int64_t)notice.opened);
    put_integer(out, "ended", (int64_t)notice.ended);
    put_text(out, "state",
             str_from(public_notice_state_text((enum public_notice_state)notice.state)));
}

void render_noticed(struct str key, struct str row, struct buf *out) {
    uint32_t notice;
    put_noun(out, key, 0);
    put_integer(out, "subject", key_number(key, 1));
    if (row_is(out, row, &notice, sizeof notice))
        put_integer(out, "public_notice", notice);
}
