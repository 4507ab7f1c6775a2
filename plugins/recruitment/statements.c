#include "statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *borrowed(const json_t *value) {
    return (json_t *)(uintptr_t)value; /* jansson counts references through const, too */
}

static bool is_one_of(const char *type, const char *const *types) {
    for (; *types; types++)
        if (strcmp(type, *types) == 0)
            return true;
    return false;
}

static bool is_late(const char *type) {
    static const char *const types[] = {"activity.closed", "activity.cancelled",
                                        "volunteer.withdrawn", "team.dissolved", NULL};
    return is_one_of(type, types);
}

/* Types of which an item may say several, and the member that tells them apart. */
static void name_make(const char *type, const json_t *data, char ret_name[static STATEMENT_NAME]) {
    const char *member = strncmp(type, "team.", 5) == 0      ? "team"
                         : strncmp(type, "service.", 8) == 0 ? "record"
                                                             : NULL;
    const char *what = member ? json_string_value(json_object_get(data, member)) : NULL;
    bool apart = what && strcmp(type, "team.formed") != 0 && strcmp(type, "team.dissolved") != 0;
    snprintf(ret_name, STATEMENT_NAME, "%s%s%s", type, apart ? "#" : "", apart ? what : "");
}

void event_id_make(enum resource resource, const char *external, int64_t modified, const char *name,
                   char ret_id[static EVENT_ID_BYTES]) {
    static const char letters[] = "abcdefghijklmnop";
    uint8_t digest[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    const char *const parts[] = {resource_kinds[resource].name, external, name};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        crypto_generichash_update(&state, (const uint8_t *)parts[i], strlen(parts[i]) + 1);
    crypto_generichash_final(&state, digest, sizeof digest);
    char *out = ret_id;
    for (int shift = 44; shift >= 0; shift -= 4)
        *out++ = letters[(uint64_t)modified >> shift & 15];
    *out++ = '-';
    for (size_t i = 0; i < sizeof digest; i++) {
        *out++ = letters[digest[i] >> 4];
        *out++ = letters[digest[i] & 15];
    }
    *out = '\0';
}

/* ---- what is kept ---- */

/* The data with a digest in place of what is sealed. */
static json_t *kept(const struct statement_source *source, const json_t *data) {
    static const char *const sealed[] = {"identity", "contact"};
    json_t *copy = json_copy(borrowed(data));
    for (size_t i = 0; i < sizeof sealed / sizeof *sealed; i++) {
        json_t *value = json_object_get(copy, sealed[i]);
        if (!value)
            continue;
        uint8_t mac[crypto_auth_hmacsha256_BYTES];
        char text[2 * sizeof mac + 1];
        char *json = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
        crypto_auth_hmacsha256(mac, (const uint8_t *)json, strlen(json), source->digest_key);
        sodium_bin2hex(text, sizeof text, mac, sizeof mac);
        sodium_memzero(json, strlen(json));
        free(json);
        json_object_set_new(copy, sealed[i], json_string(text));
    }
    return copy;
}

static struct statement *add(struct statements *statements, const char *name, const char *type,
                             const char *time) {
    void *items = realloc(statements->items, (statements->n + 1) * sizeof *statements->items);
    if (!items)
        abort();
    statements->items = items;
    struct statement *statement = &statements->items[statements->n++];
    *statement = (struct statement){.type = strdup(type), .time = time ? strdup(time) : NULL};
    snprintf(statement->name, sizeof statement->name, "%s", name);
    return statement;
}

/* A change is known by what it changes, too: said again with more in it, it is another one. */
static void identify(struct statement *statement, const struct statement_source *source) {
    bool changes = statement->effect == EFFECT_MERGE;
    char *what = changes ? json_dumps(statement->said, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    char *about = NULL;
    if (asprintf(&about, "%s/%s/%s", statement->name, statement->type, what ? what : "") < 0)
        abort();
    event_id_make(source->resource, source->external, source->modified, about, statement->id);
    free(about);
    free(what);
}

/* ---- attributes: what changed ---- */

/* Puts what differs into `data` as it is to be said (a merge patch) and into `said` as it is kept.
 */
static void differences(const json_t *before, const json_t *now, const json_t *full,
                        const char *own_id, json_t *data, json_t *said) {
    const char *key;
    json_t *value;
    json_object_foreach(borrowed(now), key, value) {
        if (strcmp(key, own_id) == 0 || json_equal(value, json_object_get(before, key)))
            continue;
        json_object_set(data, key, json_object_get(full, key));
        json_object_set(said, key, value);
    }
    json_object_foreach(borrowed(before), key, value) {
        if (json_object_get(now, key))
            continue;
        json_object_set_new(data, key, json_null());
        json_object_set_new(said, key, json_null());
    }
}

/* A person's residence changes by an event of its own. */
static void say_move(struct statements *statements, const struct statement_source *source,
                     json_t *changes, json_t *said) {
    json_t *region = json_object_get(changes, "region");
    if (source->resource != RESOURCE_REGISTRATIONS || !json_is_string(region))
        return;
    struct statement *statement =
        add(statements, "volunteer.registered", "volunteer.moved", source->modified_time);
    statement->effect = EFFECT_MERGE;
    statement->data = json_pack("{s:s, s:O}", "volunteer", source->ours, "region", region);
    statement->said = json_pack("{s:O}", "region", region);
    json_object_del(changes, "region");
    json_object_del(said, "region");
}

static void say_changes(struct statements *statements, const struct statement_source *source,
                        const json_t *before, const json_t *now, const json_t *full) {
    const struct resource_kind *kind = &resource_kinds[source->resource];
    json_t *changes = json_object(), *said = json_object();
    differences(before, now, full, kind->noun, changes, said);
    say_move(statements, source, changes, said);
    if (json_object_size(changes)) {
        struct statement *statement =
            add(statements, kind->create, kind->update, source->modified_time);
        statement->effect = EFFECT_MERGE;
        statement->data = json_pack("{s:s, s:O}", kind->noun, source->ours, "changes", changes);
        statement->said = json_incref(said);
    }
    json_decref(changes);
    json_decref(said);
}

/* ---- one statement of the mapping ---- */

static void say(struct statements *statements, const struct statement_source *source,
                const char *name, const json_t *one) {
    const char *type = json_string_value(json_object_get(one, "type"));
    const char *time = json_string_value(json_object_get(one, "time"));
    const struct resource_kind *kind = &resource_kinds[source->resource];
    json_t *data = json_object_get(one, "data"), *now = kept(source, data);
    const json_t *before = source->said ? json_object_get(source->said, name) : NULL;
    bool creates = kind->create && strcmp(type, kind->create) == 0;
    if (before && json_equal(before, now)) {
        /* said already */
    } else if (creates && source->adopts && !before) {
        json_object_set(statements->adopted, name, now);
    } else if (creates && before) {
        say_changes(statements, source, before, now, data);
    } else if (is_late(type)) {
        json_object_set(statements->late, name, borrowed(one));
    } else {
        struct statement *statement =
            add(statements, name, type, time ? time : source->modified_time);
        statement->data = json_incref(data);
        statement->said = json_incref(now);
    }
    json_decref(now);
}

/* The platform's id of a person, for who looks for it here. */
static void say_link(struct statements *statements, const struct statement_source *source) {
    json_t *one =
        json_pack("{s:s, s:{s:s, s:s, s:s}}", "type", "volunteer.linked", "data", "volunteer",
                  source->ours, "system", source->system, "external", source->external);
    say(statements, source, "volunteer.linked", one);
    json_object_set_new(statements->mapped, "volunteer.linked", json_true());
    json_decref(one);
}

static bool ends(const json_t *mapped) {
    const char *name;
    json_t *value;
    json_object_foreach(borrowed(mapped), name, value) {
        if (is_late(name))
            return true;
    }
    return false;
}

/* What was said before and is said no more: a membership ends, the rest is dropped, and what a
 * thing is stays. */
static void say_what_ended(struct statements *statements, const struct statement_source *source) {
    const struct resource_kind *kind = &resource_kinds[source->resource];
    const char *name;
    json_t *before;
    json_object_foreach(borrowed(source->said), name, before) {
        bool stays = (kind->create && strcmp(name, kind->create) == 0) ||
                     strcmp(name, "volunteer.linked") == 0;
        if (json_object_get(statements->mapped, name) || stays)
            continue;
        bool member = strncmp(name, "team.joined#", 12) == 0;
        if (member && source->deleted)
            continue;
        if (!member && is_late(name) && !ends(statements->mapped))
            snprintf(statements->ended, sizeof statements->ended, "%s", name);
        if (!member) {
            json_object_set_new(statements->adopted, name, json_null());
            continue;
        }
        struct statement *statement = add(statements, name, "team.left", source->modified_time);
        statement->effect = EFFECT_FORGET;
        statement->data = json_pack("{s:O, s:O}", "team", json_object_get(before, "team"),
                                    "volunteer", json_object_get(before, "volunteer"));
    }
}

void statements_make(const struct statement_source *source, const json_t *list,
                     struct statements *ret_statements) {
    *ret_statements = (struct statements){
        .late = json_object(), .adopted = json_object(), .mapped = json_object()};
    const char *create = resource_kinds[source->resource].create;
    json_t *one;
    size_t i;
    json_array_foreach(list, i, one) {
        const char *type = json_string_value(json_object_get(one, "type"));
        char name[STATEMENT_NAME];
        /* A person who is registered here does not leave because the platform forgets them. */
        if (source->linked && strcmp(type, "volunteer.withdrawn") == 0)
            continue;
        name_make(type, json_object_get(one, "data"), name);
        json_object_set_new(ret_statements->mapped, name, json_true());
        say(ret_statements, source, name, one);
        if (source->resource == RESOURCE_REGISTRATIONS && strcmp(type, create) == 0)
            say_link(ret_statements, source);
    }
    if (source->said)
        say_what_ended(ret_statements, source);
    for (i = 0; i < ret_statements->n; i++)
        identify(&ret_statements->items[i], source);
}

void statements_make_late(const struct statement_source *source, const char *name,
                          const json_t *one, struct statements *ret_statements) {
    *ret_statements = (struct statements){
        .late = json_object(), .adopted = json_object(), .mapped = json_object()};
    const char *time = json_string_value(json_object_get(one, "time"));
    struct statement *statement =
        add(ret_statements, name, json_string_value(json_object_get(one, "type")),
            time ? time : source->modified_time);
    statement->data = json_incref(json_object_get(one, "data"));
    statement->said = json_incref(statement->data);
    identify(statement, source);
}

void statements_release(struct statements *statements) {
    for (size_t i = 0; i < statements->n; i++) {
        free(statements->items[i].type);
        free(statements->items[i].time);
        json_decref(statements->items[i].data);
        json_decref(statements->items[i].said);
    }
    free(statements->items);
    json_decref(statements->late);
    json_decref(statements->adopted);
    json_decref(statements->mapped);
    *statements = (struct statements){0};
}

void statement_apply(const struct statement *statement, json_t *said) {
    const char *key;
    json_t *value, *before = json_object_get(said, statement->name);
    switch (statement->effect) {
    case EFFECT_SAY:
        json_object_set(said, statement->name, statement->said);
        return;
    case EFFECT_FORGET:
        json_object_del(said, statement->name);
        return;
    case EFFECT_MERGE:
        json_object_foreach(statement->said, key, value) {
            if (json_is_null(value))
                json_object_del(before, key);
            else
                json_object_set(before, key, value);
        }
        return;
    }
}
