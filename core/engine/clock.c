#include <inttypes.h>

#include "engine/internal.h"
#include "util/log.h"

#define SECOND MICROSECONDS
#define JUMP_LIMIT_US (60 * SECOND)
#define GAP_LIMIT_US (7 * DAY_SECONDS * SECOND)
#define EVENTS_AHEAD_LIMIT_US (400 * DAY_SECONDS * SECOND)
/* By the events' clock nothing is recorded later than 9999-12-01: dates end with that year. */
#define EVENTS_LAST_US (INT64_C(253399622400) * SECOND)

static int64_t now(const struct engine *engine) {
    return engine->options.io->now_us(engine->options.io->self);
}

static int64_t boottime(const struct engine *engine) {
    return engine->options.io->boottime_us(engine->options.io->self);
}

static int tick(struct engine *engine, int32_t date, int64_t recorded_us) {
    arena_reset(&engine->arena);
    struct clock_ticked *data = arena_alloc(&engine->arena, sizeof *data);
    data->date = date;
    GIVE(data, clock_ticked, date);
    struct event event = {
        .type = catalogue_by_number(EVENT_clock_ticked), .data = data, .recorded_us = recorded_us};
    int r = engine_own_event(engine, &event);
    if (r == 0)
        engine->ticked = date;
    return r;
}

/* In events mode the city and its first policies come before any time is known: days begin with the
 * first event that has one. */
bool engine_brings_midnight(const struct engine *engine, const struct event *event) {
    if (!engine->stepper.has_city ||
        (engine->options.clock_from_events && !engine->ticked && !event->has_time))
        return false;
    return zone_date(&engine->stepper.city.zone, event->recorded_us) > engine->ticked;
}

int engine_tick(struct engine *engine, int64_t recorded_us) {
    int32_t date = zone_date(&engine->stepper.city.zone, recorded_us);
    int32_t from = engine->ticked ? engine->ticked + 1 : date;
    for (int32_t day = from; day <= date; day++) {
        int64_t midnight = zone_midnight(&engine->stepper.city.zone, day);
        int r = tick(engine, day, midnight > engine->recorded_us ? midnight : engine->recorded_us);
        /* By the events' clock a day's consequences come before the next event. */
        for (int more = 1; r == 0 && more > 0 && engine->options.clock_from_events;) {
            more = engine_run_chunk(engine);
            r = more < 0 ? more : 0;
        }
        if (r != 0)
            return r;
    }
    return 0;
}

int64_t engine_recorded_now(const struct engine *engine) {
    int64_t at = engine->options.clock_from_events ? engine->recorded_us : now(engine);
    return at > engine->recorded_us ? at : engine->recorded_us;
}

int engine_tick_when_due(struct engine *engine) {
    if (engine->options.clock_from_events || !engine->ticked)
        return 0;
    int64_t at = engine_recorded_now(engine);
    if (zone_date(&engine->stepper.city.zone, at) <= engine->ticked)
        return 0;
    engine_watch_clock(engine);
    return atomic_load(&engine->read_only) ? 0 : engine_tick(engine, at);
}

static int check_future(const struct engine *engine, const struct event *event, int64_t clock_us,
                        struct problem *problem) {
    bool events = engine->options.clock_from_events;
    int64_t ahead =
        events ? EVENTS_AHEAD_LIMIT_US : (int64_t)engine->options.future_limit_s * SECOND;
    bool first = events && !engine->ticked;
    if (!event->has_time || ((first || event->time.us <= clock_us + ahead) &&
                             (!events || event->time.us < EVENTS_LAST_US)))
        return 0;
    char text[40];
    time_format(clock_us, event->time.offset_minutes, text);
    return problem_set(problem, PROBLEM_IN_FUTURE, "time",
                       "this time lies ahead of the daemon's %s by more than is allowed; correct "
                       "the sender's clock",
                       text);
}

int engine_record_time(struct engine *engine, struct event *event, struct problem *problem) {
    bool events = engine->options.clock_from_events;
    int64_t clock_us = engine_recorded_now(engine);
    int r = check_future(engine, event, clock_us, problem);
    if (r != 0)
        return r;
    if (events && event->has_time && event->time.us > clock_us)
        clock_us = event->time.us;
    event->recorded_us = clock_us;
    if (!event->has_time) {
        event->time.us = clock_us;
        event->time.offset_minutes =
            (int16_t)(zone_offset_at(&engine->stepper.city.zone, clock_us) / 60);
    }
    return 0;
}

/* ---- watching over clock and disk ---- */

static const char CLOCK_JUMPED[] =
    "the system clock jumped; check it, then run: volunteerctl clock accept";
static const char CLOCK_GAP[] = "the last event was recorded over 7 days ago; check the clock, "
                                "then run: volunteerctl clock accept";
static const char DISK_LOW[] =
    "the disk is nearly full; free some space: writing resumes by itself";
static const char NO_SEGMENT[] =
    "the next journal segment cannot be made; look at disk and permissions: writing resumes by "
    "itself";

/* Both at one moment: a process that was stopped between the two has seen no jump. */
static void read_clocks(const struct engine *engine, int64_t *ret_real_us, int64_t *ret_boot_us) {
    do {
        *ret_boot_us = boottime(engine);
        *ret_real_us = now(engine);
    } while (boottime(engine) - *ret_boot_us > SECOND);
}

static void set_reference(struct engine *engine) {
    read_clocks(engine, &engine->reference_real_us, &engine->reference_boot_us);
}

static bool is_of_clock(const char *reason) {
    return reason == CLOCK_JUMPED || reason == CLOCK_GAP;
}

void engine_clock_accept(struct engine *engine) {
    set_reference(engine);
    if (is_of_clock(atomic_load(&engine->read_only)))
        atomic_store(&engine->read_only, NULL);
}

static void set_read_only(struct engine *engine, const char *reason) {
    if (reason == atomic_load(&engine->read_only))
        return;
    if (reason)
        log_error("read-only: %s", reason);
    else
        log_notice("writing again");
    atomic_store(&engine->read_only, reason);
}

static bool clock_jumped(const struct engine *engine) {
    int64_t real_us, boot_us;
    read_clocks(engine, &real_us, &boot_us);
    int64_t drift = (real_us - engine->reference_real_us) - (boot_us - engine->reference_boot_us);
    return drift > JUMP_LIMIT_US || drift < -JUMP_LIMIT_US;
}

void engine_watch_clock(struct engine *engine) {
    if (!engine->options.clock_from_events && engine->reference_boot_us &&
        !is_of_clock(atomic_load(&engine->read_only)) && clock_jumped(engine))
        set_read_only(engine, CLOCK_JUMPED);
}

int engine_check_writable(const struct engine *engine, const struct event *event,
                          struct problem *problem) {
    const char *reason = atomic_load(&engine->read_only);
    if (!reason && !journal_is_ready(engine->options.journal))
        reason = NO_SEGMENT;
    if (!reason || (is_of_clock(reason) && event->type->number == EVENT_clock_accepted))
        return 0;
    return problem_set(problem, PROBLEM_READ_ONLY, "", "%s", reason);
}

static const char *clock_trouble(struct engine *engine, const char *reason) {
    if (engine->options.clock_from_events)
        return NULL;
    if (is_of_clock(reason))
        return reason; /* until it is accepted */
    bool first = engine->reference_boot_us == 0;
    if (first) {
        set_reference(engine);
        return engine->recorded_us && now(engine) - engine->recorded_us > GAP_LIMIT_US ? CLOCK_GAP
                                                                                       : NULL;
    }
    if (clock_jumped(engine))
        return CLOCK_JUMPED;
    set_reference(engine);
    return NULL;
}

static const char *disk_trouble(struct engine *engine) {
    const struct io *io = engine->options.io;
    int64_t free_bytes = io->disk_free_bytes(io->self, engine->options.directory);
    if (free_bytes >= 0 && (uint64_t)free_bytes < engine->options.disk_reserve_bytes)
        return DISK_LOW;
    if (!journal_is_ready(engine->options.journal)) {
        journal_poke(engine->options.journal);
        return NO_SEGMENT;
    }
    return NULL;
}

void engine_look_around(struct engine *engine) {
    int64_t at = boottime(engine);
    /* The last segment is open and no other is there: that may not wait for a second, in which a
     * fast publisher fills it. */
    bool urgent = !atomic_load(&engine->read_only) && !journal_is_ready(engine->options.journal);
    if (!urgent && engine->checked_us && at - engine->checked_us < SECOND)
        return;
    engine->checked_us = at;
    const char *reason = clock_trouble(engine, atomic_load(&engine->read_only));
    set_read_only(engine, reason ? reason : disk_trouble(engine));
}
