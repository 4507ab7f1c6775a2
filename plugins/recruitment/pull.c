#include "pull.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "recruitment.h"
#include "work.h"

#define LATE_MOST 500
#define KEPT_MOST 500
#define REPEATS 2
#define PAUSE_MOST_MS 300000 /* a platform that is back is noticed by then */
#define HOOKED_MOST 100

static void step(struct recruitment *recruitment);

/* ---- pauses ---- */

static void due(void *context) {
    struct recruitment *recruitment = context;
    recruitment->pull.timer = 0;
    step(recruitment);
}

static void wait_ms(struct recruitment *recruitment, int64_t ms) {
    struct pull *pull = &recruitment->pull;
    if (pull->timer)
        vol_timer_stop(recruitment->core, pull->timer);
    pull->timer = vol_timer(recruitment->core, (uint32_t)(ms > 0 ? ms : 1), 0, due, recruitment);
}

/* Once more from the last page that is written down, after a while. */
static void fail(struct recruitment *recruitment, const char *error, int64_t retry_after_ms) {
    struct pull *pull = &recruitment->pull;
    pull->failures++;
    pull->generation++;
    pull->asks = false;
    json_decref(pull->ahead);
    pull->ahead = NULL;
    if (error != recruitment->last_error)
        snprintf(recruitment->last_error, sizeof recruitment->last_error, "%s", error);
    int64_t pause = outbox_pause(&recruitment->outbox, pull->failures);
    if (pause > PAUSE_MOST_MS)
        pause = PAUSE_MOST_MS;
    if (retry_after_ms > pause)
        pause = retry_after_ms;
    log_line(recruitment, pull->failures == 1 ? VOL_WARNING : VOL_INFO, "%s (again in %lld ms)",
             recruitment->last_error, (long long)pause);
    wait_ms(recruitment, pause);
}

static void succeed(struct recruitment *recruitment) {
    if (recruitment->pull.failures)
        log_line(recruitment, VOL_NOTICE, "the platform answers again");
    recruitment->pull.failures = 0;
    recruitment->last_error[0] = '\0';
}

/* ---- pages ---- */

static enum resource resource_now(const struct recruitment *recruitment) {
    return (enum resource)recruitment->pull.stage;
}

static void page_url(struct recruitment *recruitment, enum resource resource,
                     const struct place *place, int64_t limit, char *ret_url, size_t size) {
    const char *name = resource_kinds[resource].name;
    if (place->begun)
        snprintf(ret_url, size, "/v1/%s?after_modified=%lld&after_id=%s&limit=%lld", name,
                 (long long)place->modified, place->id, (long long)limit);
    else
        snprintf(ret_url, size, "/v1/%s?limit=%lld", name, (long long)limit);
    (void)recruitment;
}

/* The last item's place, whatever the order in which they came. */
static struct place place_after(const struct place *before, const json_t *items) {
    struct place place = *before;
    const json_t *item;
    size_t i;
    json_array_foreach(items, i, item) {
        int64_t modified = json_integer_value(json_object_get(item, "modified"));
        const char *id = json_string_value(json_object_get(item, "id"));
        if (place_compare(&place, modified, id) >= 0)
            continue;
        place.begun = true;
        place.modified = modified;
        snprintf(place.id, sizeof place.id, "%s", id);
    }
    return place;
}

static void page_replied(struct recruitment *recruitment, void *context, const struct reply *reply);

static void ask_page(struct recruitment *recruitment, const struct place *place) {
    struct pull *pull = &recruitment->pull;
    char url[256];
    page_url(recruitment, resource_now(recruitment), place, recruitment->page_limit, url,
             sizeof url);
    pull->asks = true;
    int r = platform_get(recruitment, url, page_replied, (void *)(uintptr_t)pull->generation);
    if (r < 0)
        fail(recruitment, "too many requests wait already", 0);
}

static void page_written(struct recruitment *recruitment, bool good) {
    struct pull *pull = &recruitment->pull;
    pull->work = NULL;
    if (!good) {
        fail(recruitment, recruitment->last_error, 0);
        return;
    }
    vol_resume(recruitment->core);
    step(recruitment);
}

static void next_stage(struct recruitment *recruitment) {
    recruitment->pull.repeats = 0;
    recruitment->pull.stage++;
    if (recruitment->pull.stage < RESOURCES)
        cursor_read(&recruitment->sql, resource_now(recruitment), &recruitment->pull.place);
    step(recruitment);
}

/* A page of before. By mistake, or because there is nothing behind it: it is asked for again some
 * times. */
static void take_repeated(struct recruitment *recruitment) {
    if (recruitment->pull.repeats++ < REPEATS)
        fail(recruitment, "the platform repeated a page", 0);
    else
        next_stage(recruitment);
}

static void take_page(struct recruitment *recruitment, json_t *items) {
    struct pull *pull = &recruitment->pull;
    struct place place = place_after(&pull->place, items);
    bool moves = place_compare(&pull->place, place.modified, place.id) < 0;
    if (!moves) {
        take_repeated(recruitment);
        return;
    }
    pull->repeats = 0;
    json_t *item;
    size_t i;
    pull->place = place;
    pull->work = work_new(recruitment, resource_now(recruitment), page_written);
    json_array_foreach(items, i, item) work_add(pull->work, item, false);
    ask_page(recruitment, &place);
    work_run(pull->work, &place);
}

static void page_replied(struct recruitment *recruitment, void *context,
                         const struct reply *reply) {
    struct pull *pull = &recruitment->pull;
    char wrong[200];
    if ((uintptr_t)context != pull->generation)
        return;
    pull->asks = false;
    if (!reply->good) {
        if (!pull->work)
            fail(recruitment, reply->error, reply->retry_after_ms);
        else /* the page that is being published goes first */
            pull->held_ms = now_ms() + reply->retry_after_ms;
        return;
    }
    json_t *items = page_items(reply->body, wrong, sizeof wrong);
    if (!items) {
        char message[280];
        snprintf(message, sizeof message, "a page of %s is not as the contract says: %s",
                 resource_kinds[resource_now(recruitment)].name, wrong);
        if (!pull->work)
            fail(recruitment, message, 0);
        return;
    }
    pull->ahead = json_incref(items);
    if (!pull->work)
        step(recruitment);
}

/* One page: the one that came ahead, or it is asked for. */
static void step_page(struct recruitment *recruitment) {
    struct pull *pull = &recruitment->pull;
    if (!pull->ahead) {
        if (!pull->asks && now_ms() < pull->held_ms) {
            wait_ms(recruitment, pull->held_ms - now_ms());
        } else if (!pull->asks) {
            cursor_read(&recruitment->sql, resource_now(recruitment), &pull->place);
            ask_page(recruitment, &pull->place);
        }
        return;
    }
    json_t *items = pull->ahead;
    pull->ahead = NULL;
    succeed(recruitment);
    if (json_array_size(items))
        take_page(recruitment, items);
    else
        next_stage(recruitment);
    json_decref(items);
}

/* ---- what was put off ---- */

static void rest_written(struct recruitment *recruitment, bool good) {
    page_written(recruitment, good);
}

static void add_late(struct work *work, const struct sql_rows *rows) {
    json_t *data = json_loads(sql_text(rows, 4), 0, NULL);
    const char *time = sql_text(rows, 5);
    json_t *one =
        json_pack("{s:s, s:o}", "type", sql_text(rows, 3), "data", data ? data : json_object());
    if (time)
        json_object_set_new(one, "time", json_string(time));
    work_add_late(work, sql_text(rows, 0), sql_integer(rows, 1), sql_text(rows, 2), one);
    json_decref(one);
}

/* Of the first resource that has some. False: there is nothing. */
static bool run_late(struct recruitment *recruitment) {
    struct pull *pull = &recruitment->pull;
    for (int i = 0; i < RESOURCES && !pull->work; i++) {
        struct sql_rows rows;
        sql_ask(&recruitment->sql, &rows,
                "SELECT external, modified, statement, type, data, time FROM late WHERE resource = "
                "? LIMIT ?",
                "si", resource_kinds[i].name, (int64_t)LATE_MOST);
        while (sql_next(&rows)) {
            if (!pull->work)
                pull->work = work_new(recruitment, (enum resource)i, rest_written);
            add_late(pull->work, &rows);
        }
    }
    if (!pull->work)
        return false;
    work_run(pull->work, NULL);
    return true;
}

/* ---- what waits ---- */

/* Items that were kept, of the first resource that has some that are due. */
static bool run_kept(struct recruitment *recruitment) {
    struct pull *pull = &recruitment->pull;
    for (int i = 0; i < RESOURCES && !pull->work; i++) {
        struct sql_rows rows;
        sql_ask(&recruitment->sql, &rows,
                "SELECT item FROM problems WHERE state = 'waiting' AND next_ms <= ? AND resource = "
                "? AND item IS NOT NULL ORDER BY modified, external LIMIT ?",
                "isi", now_ms(), resource_kinds[i].name, (int64_t)KEPT_MOST);
        while (sql_next(&rows)) {
            json_t *item = json_loads(sql_text(&rows, 0), 0, NULL);
            if (!item)
                continue;
            if (!pull->work)
                pull->work = work_new(recruitment, (enum resource)i, rest_written);
            work_add(pull->work, item, true);
            json_decref(item);
        }
    }
    if (!pull->work)
        return false;
    work_run(pull->work, NULL);
    return true;
}

/* The others are read once more where they stood: a page from just before the first that is due. */
struct window {
    enum resource resource;
    int64_t modified;
    char external[EXTERNAL_MOST + 1];
};

static bool find_window(struct recruitment *recruitment, struct window *ret_window) {
    struct sql_rows rows;
    sql_ask(&recruitment->sql, &rows,
            "SELECT resource, modified, external FROM problems WHERE state = 'waiting' AND next_ms "
            "<= ? AND item IS NULL ORDER BY modified, external LIMIT 1",
            "i", now_ms());
    if (!sql_next(&rows))
        return false;
    ret_window->resource = resource_find(sql_text(&rows, 0));
    ret_window->modified = sql_integer(&rows, 1);
    snprintf(ret_window->external, sizeof ret_window->external, "%s", sql_text(&rows, 2));
    sql_end(&rows);
    return ret_window->resource != RESOURCES;
}

static bool is_due(struct recruitment *recruitment, enum resource resource, const json_t *item) {
    return sql_number(&recruitment->sql, 0,
                      "SELECT count(*) FROM problems WHERE resource = ? AND external = ? AND "
                      "modified = ? AND state = 'waiting' AND next_ms <= ?",
                      "ssii", resource_kinds[resource].name,
                      json_string_value(json_object_get(item, "id")),
                      (int64_t)json_integer_value(json_object_get(item, "modified")),
                      now_ms()) != 0;
}

/* It is not there as it was: it changed, and comes, or came, as it is now. */
static void put_off(struct recruitment *recruitment, const struct window *window) {
    sql_run(&recruitment->sql,
            "UPDATE problems SET attempts = attempts + 1, next_ms = ? WHERE resource = ? AND "
            "external = ?",
            "iss", now_ms() + OUTBOX_HOUR_MS, resource_kinds[window->resource].name,
            window->external);
}

static void window_replied(struct recruitment *recruitment, void *context,
                           const struct reply *reply) {
    struct pull *pull = &recruitment->pull;
    struct window window;
    char wrong[200];
    if ((uintptr_t)context != pull->generation)
        return;
    pull->asks = false;
    json_t *items = reply->good ? page_items(reply->body, wrong, sizeof wrong) : NULL, *item;
    if (!items) {
        fail(recruitment, reply->good ? wrong : reply->error, reply->retry_after_ms);
        return;
    }
    if (!find_window(recruitment, &window)) {
        step(recruitment);
        return;
    }
    size_t i, n = 0;
    bool found = false;
    pull->work = work_new(recruitment, window.resource, rest_written);
    json_array_foreach(items, i, item) {
        if (!is_due(recruitment, window.resource, item))
            continue;
        work_add(pull->work, item, true);
        found |= strcmp(json_string_value(json_object_get(item, "id")), window.external) == 0;
        n++;
    }
    if (!found)
        put_off(recruitment, &window);
    work_run(pull->work, NULL);
}

static bool run_window(struct recruitment *recruitment) {
    struct pull *pull = &recruitment->pull;
    struct window window;
    char url[256];
    if (!find_window(recruitment, &window))
        return false;
    /* Everything that begins like its id comes after its id without the last letter. */
    struct place place = {.modified = window.modified, .begun = true};
    snprintf(place.id, sizeof place.id, "%.*s", (int)strlen(window.external) - 1, window.external);
    page_url(recruitment, window.resource, &place, recruitment->page_limit, url, sizeof url);
    pull->asks = true;
    if (platform_get(recruitment, url, window_replied, (void *)(uintptr_t)pull->generation) < 0)
        fail(recruitment, "too many requests wait already", 0);
    return true;
}

/* ---- items of webhooks ---- */

static bool run_hooked(struct recruitment *recruitment) {
    struct pull *pull = &recruitment->pull;
    json_t *first = json_array_get(pull->hooked, 0), *item;
    size_t i;
    if (!first)
        return false;
    pull->work =
        work_new(recruitment, (enum resource)json_integer_value(json_object_get(first, "resource")),
                 rest_written);
    json_array_foreach(json_object_get(first, "items"), i, item) work_add(pull->work, item, false);
    json_array_remove(pull->hooked, 0);
    work_run(pull->work, NULL);
    return true;
}

/* ---- rounds ---- */

static void end_round(struct recruitment *recruitment) {
    struct pull *pull = &recruitment->pull;
    pull->stage = STAGE_IDLE;
    if (!pull->rounded)
        log_line(recruitment, VOL_NOTICE, "the platform has been read to its end");
    pull->rounded = true;
    count_now(recruitment);
    push_all_safe(recruitment);
    push_catch_up(recruitment);
    int64_t next = sql_number(&recruitment->sql, INT64_MAX,
                              "SELECT min(next_ms) FROM problems WHERE state = 'waiting'", "");
    int64_t pause = next == INT64_MAX ? recruitment->poll_ms : next - now_ms();
    if (pause > recruitment->poll_ms)
        pause = recruitment->poll_ms;
    wait_ms(recruitment, pull->again ? 1 : pause);
}

static void begin_round(struct recruitment *recruitment) {
    struct pull *pull = &recruitment->pull;
    pull->again = false;
    pull->stage = 0;
    cursor_read(&recruitment->sql, resource_now(recruitment), &pull->place);
}

static void step(struct recruitment *recruitment) {
    struct pull *pull = &recruitment->pull;
    if (pull->work || (pull->asks && !pull->ahead))
        return;
    if (pull->stage == STAGE_IDLE)
        begin_round(recruitment);
    if (pull->stage == 0 && !pull->ahead && run_hooked(recruitment))
        return;
    if (pull->stage < RESOURCES) {
        step_page(recruitment);
        return;
    }
    if (pull->stage == STAGE_LATE) {
        if (run_late(recruitment))
            return;
        pull->stage = STAGE_WAITING;
    }
    if (!run_kept(recruitment) && !run_window(recruitment))
        end_round(recruitment);
}

void pull_start(struct recruitment *recruitment) {
    recruitment->pull = (struct pull){.stage = STAGE_IDLE, .hooked = json_array()};
    wait_ms(recruitment, 1);
}

void pull_stop(struct recruitment *recruitment) {
    struct pull *pull = &recruitment->pull;
    work_drop(pull->work);
    json_decref(pull->ahead);
    json_decref(pull->hooked);
    *pull = (struct pull){.generation = pull->generation + 1};
}

void pull_soon(struct recruitment *recruitment) {
    if (recruitment->pull.stage == STAGE_IDLE)
        wait_ms(recruitment, 1);
    else
        recruitment->pull.again = true;
}

void pull_items(struct recruitment *recruitment, enum resource resource, json_t *items) {
    if (json_array_size(recruitment->pull.hooked) < HOOKED_MOST) /* the pages have them, too */
        json_array_append_new(recruitment->pull.hooked,
                              json_pack("{s:i, s:O}", "resource", (int)resource, "items", items));
    pull_soon(recruitment);
}

const char *pull_state(const struct recruitment *recruitment) {
    return recruitment->pull.failures              ? "waiting"
           : recruitment->pull.stage == STAGE_IDLE ? "idle"
                                                   : "pulling";
}
