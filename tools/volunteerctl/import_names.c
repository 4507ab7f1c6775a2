#include "import_names.h"

#include <stdlib.h>

#include "event/event.h"
#include "pages.h"
#include "thing.h"
#include "value.h"

#define CODE_DIGITS 12

/* Names are remembered as what they mean: a text, or {"code", "message"}. */
static int remembered(const json_t *meaning, struct str *ret_id, struct cell_problem *problem) {
    if (json_is_string(meaning)) {
        *ret_id = str_from(json_string_value(meaning));
        return 0;
    }
    const char *code = text_at(meaning, "code");
    problem->code = code;
    snprintf(problem->message, sizeof problem->message, "%s", text_at(meaning, "message"));
    return 1;
}

static json_t *failing(const char *code, json_t *message) {
    return json_pack("{s:s, s:o}", "code", code, "message", message);
}

static const char *unknown_code(enum noun noun) {
    static char codes[NOUN_COUNT][48]; /* the same for ever once written */
    if (!codes[noun][0])
        snprintf(codes[noun], sizeof codes[noun], "unknown_%.36s", noun_info(noun)->name);
    return codes[noun];
}

/* ---- regions ---- */

static const json_t *regions_all(struct cell_reader *reader) {
    if (!reader->regions && reader->failure == DONE)
        reader->failure =
            pages_read(reader->call, "region.list", json_object(), INT64_MAX, &reader->regions);
    return json_object_get(reader->regions, "items");
}

static bool is_separator(struct str rest, size_t *ret_size) {
    static const char *const signs[] = {"/", "-", ">", "›", "、", "·", ",", "，", " "};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (rest.size >= strlen(signs[i]) &&
            memcmp(rest.data + rest.size - strlen(signs[i]), signs[i], strlen(signs[i])) == 0) {
            *ret_size = strlen(signs[i]);
            return true;
        }
    return false;
}

/* Whether the text ends in the region's name with only names from above before it. */
static bool path_matches(const json_t *path, struct str text) {
    size_t n = json_array_size(path), cut;
    for (size_t i = n; i-- > 0;) {
        struct str name = str_from(text_in(path, i));
        bool ends = name.size && text.size >= name.size &&
                    memcmp(text.data + text.size - name.size, name.data, name.size) == 0;
        if (!ends && i == n - 1)
            return false;
        if (ends)
            text.size -= name.size;
        while (is_separator(text, &cut))
            text.size -= cut;
    }
    static const struct str province = {"省", 3};
    return text.size == 0 ||
           (text.size > province.size &&
            memcmp(text.data + text.size - province.size, province.data, province.size) == 0);
}

static void path_put(const json_t *path, struct buf *out) {
    for (size_t i = 0; i < json_array_size(path); i++)
        buf_printf(out, "%s%s", i ? "/" : "", text_in(path, i));
}

static json_t *region_meaning(struct cell_reader *reader, struct str text) {
    const json_t *items = regions_all(reader), *item, *found = NULL, *other = NULL;
    size_t index;
    json_array_foreach(items, index, item) {
        if (!path_matches(json_object_get(item, "path"), text))
            continue;
        other = found ? found : NULL;
        found = item;
        if (other)
            break;
    }
    BUF_AUTO first = {0};
    BUF_AUTO second = {0};
    if (!found)
        return failing("unknown_region",
                       json_sprintf(_("no region is called “%.*s”; write its code, or its names "
                                      "from the county down"),
                                    (int)(text.size < 90 ? text.size : 90), text.data));
    if (!other)
        return json_string(text_at(found, "region"));
    path_put(json_object_get(other, "path"), &first);
    path_put(json_object_get(found, "path"), &second);
    return failing("unknown_region",
                   json_sprintf(_("several regions are called so (%.120s, %.120s); write the code, "
                                  "or names from further up"),
                                buf_text(&first), buf_text(&second)));
}

/* 620502 is 620502000000. */
static bool is_code(struct str text) {
    bool digits = text.size == 6 || text.size == 9 || text.size == CODE_DIGITS;
    for (size_t i = 0; digits && i < text.size; i++)
        digits = text.data[i] >= '0' && text.data[i] <= '9';
    return digits;
}

static json_t *code_meaning(struct str text) {
    char code[CODE_DIGITS + 1];
    memset(code, '0', CODE_DIGITS);
    memcpy(code, text.data, text.size);
    return json_stringn(code, CODE_DIGITS);
}

/* ---- other things ---- */

static json_t *thing_meaning(struct cell_reader *reader, enum noun noun, struct str text) {
    const char *name = noun_info(noun)->name, *key = thing_name_key(name);
    json_t *answer = NULL, *error = NULL;
    char method[64];
    int shown = (int)(text.size < 90 ? text.size : 90);
    if (!key)
        return failing("wrong_type",
                       json_sprintf(_("“%.*s” is no identifier: 1 to 64 letters, digits or - _ . : "
                                      "/"),
                                    shown, text.data));
    snprintf(method, sizeof method, "%.40s.list", name);
    if (reader->failure == DONE)
        reader->failure = client_try(
            &reader->call->client, method,
            json_pack("{s:s%, s:i}", key, text.data, text.size, "limit", 1000), &answer, &error);
    const json_t *item, *found = NULL;
    size_t index, n = 0;
    json_array_foreach(json_object_get(answer, "items"), index, item) {
        if (!str_equal(str_from(text_at(item, key)), text))
            continue;
        found = item;
        n++;
    }
    json_t *meaning =
        n == 1 ? json_string(text_at(found, name))
               : failing(unknown_code(noun),
                         n ? json_sprintf(_("%zu are called “%.*s”; write the identifier"), n,
                                          shown, text.data)
                           : json_sprintf(_("no %s is called “%.*s”; write its whole name, or its "
                                            "identifier"),
                                          language_is_chinese() ? noun_info(noun)->label : name,
                                          shown, text.data));
    json_decref(answer);
    json_decref(error);
    return meaning;
}

int names_find(struct cell_reader *reader, enum noun noun, struct str text, struct str *ret_id,
               struct cell_problem *problem) {
    bool by_code = noun == NOUN_REGION && is_code(text);
    if ((by_code && text.size == CODE_DIGITS) || (!by_code && identifier_is_valid(text))) {
        *ret_id = text;
        return 0;
    }
    if (!reader->names[noun])
        reader->names[noun] = json_object();
    const json_t *known = json_object_getn(reader->names[noun], text.data, text.size);
    if (!known) {
        json_t *meaning = by_code               ? code_meaning(text)
                          : noun == NOUN_REGION ? region_meaning(reader, text)
                                                : thing_meaning(reader, noun, text);
        json_object_setn_new(reader->names[noun], text.data, text.size, meaning);
        known = meaning;
    }
    return remembered(known, ret_id, problem);
}

/* ---- people by their documents ---- */

static json_t *document_meaning(struct cell_reader *reader, struct str number) {
    json_t *answer = NULL, *error = NULL;
    if (!reader->by)
        return failing("missing_field",
                       json_string(_("who looks people up by the numbers of their documents? The "
                                     "reading is noted: add --by PERSON")));
    if (reader->failure == DONE)
        reader->failure = client_try(&reader->call->client, "volunteer.find",
                                     json_pack("{s:s%, s:s, s:s}", "number", number.data,
                                               number.size, "by", reader->by, "purpose", "import"),
                                     &answer, &error);
    const json_t *item, *found = NULL;
    size_t index;
    json_array_foreach(json_object_get(answer, "items"), index, item) {
        const char *state = text_at(item, "state");
        if (strcmp(state, "registered") == 0 || strcmp(state, "held") == 0)
            found = item; /* a number belongs to one person */
    }
    json_t *meaning =
        found   ? json_string(text_at(found, "volunteer"))
        : error ? failing(*text_at(json_object_get(error, "data"), "code") ? "bad_identity_number"
                                                                           : "unknown_volunteer",
                          json_string(text_at(error, "message")))
                : failing("unknown_volunteer",
                          json_string(_("nobody is registered with this number; register the "
                                        "person first")));
    json_decref(answer);
    json_decref(error);
    return meaning;
}

int document_find(struct cell_reader *reader, struct str number, struct str *ret_id,
                  struct cell_problem *problem) {
    if (!reader->documents)
        reader->documents = json_object();
    const json_t *known = json_object_getn(reader->documents, number.data, number.size);
    if (!known) {
        json_t *meaning = document_meaning(reader, number);
        json_object_setn_new(reader->documents, number.data, number.size, meaning);
        known = meaning;
    }
    return remembered(known, ret_id, problem);
}
