/* How assessments' rows read in the export. */
#include "domain/export_assessments.h"

#include "domain/assessments.h"
#include "domain/render.h"

/* Lists and the places in them: see assessments.c. */
void render_assessed(struct str key, struct str row, struct buf *out) {
    static const char *const lists[] = {"all", "place", "due", "due_place"};
    uint8_t list = key.size ? (uint8_t)key.data[0] : 4;
    uint32_t place;
    put_text(out, "list", str_from(list < 4 ? lists[list] : "?"));
    if (list == 1 || list == 3) {
        put_noun(out, key, 1);
        put_integer(out, "number", key_number(key, 2));
        if (row_is(out, row, &place, sizeof place))
            put_integer(out, list == 1 ? "n" : "run", place);
        return;
    }
    struct cursor in = cursor_from(row);
    if (list == 2)
        put_integer(out, "run", key_number(key, 1));
    put_integer(out, "n", key_number(key, list == 2 ? 5 : 1));
    put_noun(out, row, 0);
    (void)cursor_byte(&in);
    put_integer(out, "number", (int64_t)cursor_varint(&in));
    put_integer(out, "event", (int64_t)cursor_varint(&in));
}

static void render_scalar(struct buf *out, const char *name, const struct scalar *scalar) {
    if (scalar->kind == SCALAR_TEXT)
        put_text(out, name, scalar->text);
    else
        put_integer(out, name, scalar->integer);
}

void render_assessment(struct str key, struct str row, struct buf *out) {
    struct assessment assessment;
    size_t before = key.size < ASSESSMENT_KEY_BYTES ? key.size : ASSESSMENT_KEY_BYTES;
    put_noun(out, key, 0);
    put_integer(out, "number", key_number(key, 1));
    put_text(out, "indicator", (struct str){key.data + before, key.size - before});
    if (assessment_decode(row, &assessment) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_text(out, "state", assessment.state);
    if (assessment.has_value)
        render_scalar(out, "value", &assessment.value);
    if (assessment.has_target)
        render_scalar(out, "target", &assessment.target);
    put_integer(out, "since", assessment.since);
    put_integer(out, "sequence", (int64_t)assessment.sequence);
}
