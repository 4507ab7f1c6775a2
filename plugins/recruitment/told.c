/* What the platform is told, and what it was told: into the outbox where it differs. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recruitment.h"

struct telling {
    const char *kind;
    const char *external; /* on the platform */
    const char *part;     /* "/..." where there may be several of one external id, else "" */
    uint64_t version;
    int64_t number; /* what totals sum */
};

static bool is_told(struct recruitment *recruitment, const char *thing, const char *value,
                    int64_t *ret_version) {
    struct sql_rows rows;
    *ret_version = 0;
    sql_ask(&recruitment->sql, &rows, "SELECT value, version FROM told WHERE thing = ?", "s",
            thing);
    if (!sql_next(&rows))
        return false;
    bool same = strcmp(sql_text(&rows, 0), value) == 0;
    *ret_version = sql_integer(&rows, 1);
    sql_end(&rows);
    return same;
}

static void key_make(const char *lane, const struct telling *telling, const char *thing,
                     char ret_key[static 128]) {
    uint8_t digest[16];
    char text[2 * sizeof digest + 1];
    crypto_generichash(digest, sizeof digest, (const uint8_t *)thing, strlen(thing), NULL, 0);
    sodium_bin2hex(text, sizeof text, digest, sizeof digest);
    snprintf(ret_key, 128, "%s:%s:%" PRIu64 ":%s", lane, telling->kind, telling->version, text);
}

static void put(struct recruitment *recruitment, const char *lane, const struct telling *telling,
                const char *thing, const char *body) {
    char key[128];
    key_make(lane, telling, thing, key);
    outbox_put(&recruitment->outbox, lane, telling->kind, thing, key, body, OUTBOX_LAST_COUNTS,
               now_ms());
}

/* Takes the value. */
static void tell(struct recruitment *recruitment, struct telling *telling, json_t *value) {
    char thing[256], at[TIME_BYTES];
    int64_t version;
    char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
    snprintf(thing, sizeof thing, "%s/%s%s", telling->kind, telling->external, telling->part);
    if (!text || is_told(recruitment, thing, text, &version)) {
        json_decref(value);
        free(text);
        return;
    }
    /* The journal may have been restored to before what was told. */
    if (telling->version <= (uint64_t)version)
        telling->version = (uint64_t)version + 1;
    time_text(now_ms(), at);
    json_t *body = json_pack("{s:s, s:s, s:I, s:s, s:o}", "kind", telling->kind, "external_id",
                             telling->external, "version", (json_int_t)telling->version, "at", at,
                             "value", value);
    char *body_text = json_dumps(body, JSON_COMPACT);
    put(recruitment, LANE_RESULTS, telling, thing, body_text);
    if (recruitment->notify_url && recruitment->has_keys)
        put(recruitment, LANE_NOTICES, telling, thing, body_text);
    sql_run(&recruitment->sql,
            "INSERT INTO told VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (thing) DO UPDATE SET version "
            "= excluded.version, value = excluded.value, number = excluded.number",
            "sssisi", thing, telling->kind, telling->external, (int64_t)telling->version, text,
            telling->number);
    json_decref(body);
    free(body_text);
    free(text);
}

static void set_text(json_t *object, const char *name, const char *text) {
    if (text)
        json_object_set_new(object, name, json_string(text));
}

void tell_decision(struct recruitment *recruitment, const char *pair, const char *outcome,
                   uint64_t version) {
    char external[EXTERNAL_MOST + 1];
    if (!outcome || !thing_by_pair(&recruitment->sql, RESOURCE_ENROLMENTS, pair, external))
        return;
    tell(recruitment, &(struct telling){"enrolment_decision", external, "", version, 0},
         json_pack("{s:s}", "outcome", outcome));
}

void tell_stars(struct recruitment *recruitment, const char *volunteer, int64_t stars,
                const char *valid_until, const char *certificate_number, uint64_t version) {
    char external[EXTERNAL_MOST + 1];
    if (!volunteer ||
        !thing_external(&recruitment->sql, RESOURCE_REGISTRATIONS, volunteer, external))
        return;
    json_t *value = json_pack("{s:I}", "stars", (json_int_t)stars);
    set_text(value, "valid_until", valid_until);
    set_text(value, "certificate_number", certificate_number);
    tell(recruitment, &(struct telling){"stars", external, "", version, stars}, value);
}

void tell_hours(struct recruitment *recruitment, const struct vol_value *record, uint64_t version) {
    struct vol_core *core = recruitment->core;
    char external[EXTERNAL_MOST + 1], activity[EXTERNAL_MOST + 1], part[80], thing[160];
    const char *id = vol_text(core, vol_member(core, record, "record"));
    const char *volunteer = vol_text(core, vol_member(core, record, "volunteer"));
    const char *place = vol_text(core, vol_member(core, record, "activity"));
    const char *starts = vol_text(core, vol_member(core, record, "starts"));
    int64_t minutes = vol_integer(core, vol_member(core, record, "counted_minutes"), 0);
    if (!id || !volunteer ||
        !thing_external(&recruitment->sql, RESOURCE_REGISTRATIONS, volunteer, external))
        return;
    snprintf(part, sizeof part, "/%s", id);
    snprintf(thing, sizeof thing, "hours/%s%s", external, part);
    if (minutes == 0 && sql_number(&recruitment->sql, 0,
                                   "SELECT count(*) FROM told WHERE thing = ?", "s", thing) == 0)
        return; /* nobody heard of it */
    json_t *value = json_pack("{s:s, s:I}", "record", id, "minutes", (json_int_t)minutes);
    if (place && thing_external(&recruitment->sql, RESOURCE_ACTIVITIES, place, activity))
        set_text(value, "activity", activity);
    if (starts)
        json_object_set_new(value, "day", json_stringn(starts, strnlen(starts, 10)));
    tell(recruitment, &(struct telling){"hours", external, part, version, minutes}, value);
}

void tell_certificate(struct recruitment *recruitment, const struct vol_value *certificate,
                      uint64_t version) {
    struct vol_core *core = recruitment->core;
    char external[EXTERNAL_MOST + 1], part[160];
    const char *volunteer = vol_text(core, vol_member(core, certificate, "volunteer"));
    const char *number = vol_text(core, vol_member(core, certificate, "number"));
    const char *state = vol_text(core, vol_member(core, certificate, "state"));
    bool revoked = state && strcmp(state, "revoked") == 0;
    if (!volunteer || !number ||
        !thing_external(&recruitment->sql, RESOURCE_REGISTRATIONS, volunteer, external))
        return;
    snprintf(part, sizeof part, "/%s", number);
    tell(recruitment, &(struct telling){"certificate", external, part, version, !revoked},
         json_pack("{s:s, s:I, s:s}", "number", number, "minutes",
                   (json_int_t)vol_integer(core, vol_member(core, certificate, "minutes"), 0),
                   "status", revoked ? "revoked" : "valid"));
}
