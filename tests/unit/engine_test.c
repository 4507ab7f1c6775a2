/* The engine: acknowledged means durable, a refusal leaves nothing behind, the same event twice is
 * once, and the state is a function of the journal. */
#include "engine_fixture.h"

#include <errno.h>
#include <fcntl.h>

#include "domain/stars.h"
#include "engine/replay.h"

#define VOLUNTEER                                                                                  \
    "{\"volunteer\":\"v1\",\"region\":\"620502000000\",\"born\":\"1990-05\",\"identity\":{"        \
    "\"name\":\"甲乙丙\","                                                                      \
    "\"document_kind\":"                                                                           \
    "\"passport\",\"number\":\"E12345678\"}}"

static uint64_t head(struct machine *machine) {
    return journal_head(machine->journal).sequence;
}

static void what_is_acknowledged_is_durable(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    const struct result *result = machine_send(machine, "volunteer.registered", VOLUNTEER);
    assert_stored(result);
    assert_true(head(machine) >= result->sequence);
}

static void the_same_event_twice_is_a_duplicate_and_other_content_a_conflict(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    const char *time = "2018-06-01T12:00:00+08:00";
    const struct result *result =
        machine_send_at(machine, "x", time, "volunteer.registered", VOLUNTEER);
    assert_stored(result);
    uint64_t sequence = result->sequence, before = head(machine);
    result = machine_send_at(machine, "x", time, "volunteer.registered", VOLUNTEER);
    assert_int_equal(result->status, RESULT_DUPLICATE);
    assert_int_equal(result->sequence, sequence);
    result = machine_send_at(machine, "x", time, "volunteer.registered",
                             "{\"volunteer\":\"v2\",\"region\":\"620502000000\"}");
    assert_rejected(result, PROBLEM_ID_CONFLICT);
    assert_int_equal(head(machine), before);
}

static void a_refused_event_leaves_nothing_behind_and_its_id_free(void **state) {
    struct machine *machine = *state;
    char before[65], after[65];
    machine_city(machine);
    const char *time = "2018-06-01T12:00:00+08:00";
    machine_digest(machine, before);
    uint64_t sequence = head(machine);
    assert_rejected(machine_send_at(machine, "x", time, "volunteer.registered",
                                    "{\"volunteer\":\"v1\",\"region\":\"620509000000\"}"),
                    PROBLEM_UNKNOWN_NOUN);
    machine_digest(machine, after);
    assert_string_equal(before, after);
    assert_int_equal(head(machine), sequence);
    assert_stored(machine_send_at(machine, "x", time, "volunteer.registered", VOLUNTEER));
}

static void nothing_is_stored_before_a_city_is_configured(void **state) {
    struct machine *machine = *state;
    assert_rejected(machine_send(machine, "region.defined",
                                 "{\"region\":\"620500000000\",\"name\":\"x\",\"level\":\"city\"}"),
                    PROBLEM_WRONG_STATE);
}

static void an_identity_is_known_once_and_never_in_clear_on_disk(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    assert_stored(machine_send(machine, "volunteer.registered", VOLUNTEER));
    assert_rejected(
        machine_send(
            machine, "volunteer.registered",
            "{\"volunteer\":\"v2\",\"region\":\"620502000000\",\"identity\":{\"name\":\"x\","
            "\"document_kind\":\"passport\",\"number\":\"e 12345678\"}}"),
        PROBLEM_IDENTITY_KNOWN);
    machine_stop(machine);
    char *command = NULL;
    assert_true(asprintf(&command, "grep -rqa -e E12345678 -e 甲乙丙 '%s'", machine->directory) >
                0);
    assert_int_equal(WEXITSTATUS(system(command)), 1); /* grep found nothing */
    free(command);
    assert_int_equal(machine_start(machine), 0);
    assert_rejected(
        machine_send(
            machine, "volunteer.registered",
            "{\"volunteer\":\"v3\",\"region\":\"620502000000\",\"identity\":{\"name\":\"x\","
            "\"document_kind\":\"passport\",\"number\":\"E12345678\"}}"),
        PROBLEM_IDENTITY_KNOWN);
}

static void who_withdrew_may_register_again_with_the_same_document(void **state) {
    struct machine *machine = *state;
    static const char again[] =
        "{\"volunteer\":\"v2\",\"region\":\"620502000000\",\"identity\":{\"name\":\"x\","
        "\"document_kind\":\"passport\",\"number\":\"E12345678\"}}";
    machine_city(machine);
    assert_stored(machine_send(machine, "volunteer.registered", VOLUNTEER));
    assert_rejected(machine_send(machine, "volunteer.registered", again), PROBLEM_IDENTITY_KNOWN);
    assert_stored(machine_send(machine, "volunteer.withdrawn", "{\"volunteer\":\"v1\"}"));
    assert_stored(machine_send(machine, "volunteer.registered", again));
    assert_rejected(
        machine_send(machine, "volunteer.registered",
                     "{\"volunteer\":\"v3\",\"region\":\"620502000000\",\"identity\":{"
                     "\"name\":\"x\",\"document_kind\":\"passport\",\"number\":\"E12345678\"}}"),
        PROBLEM_IDENTITY_KNOWN);
}

static void an_event_too_far_ahead_is_refused(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    assert_rejected(machine_send_at(machine, "x", "2018-06-03T12:32:00+08:00",
                                    "volunteer.registered", VOLUNTEER),
                    PROBLEM_IN_FUTURE);
    assert_stored(machine_send_at(machine, "x", "2018-06-03T12:31:00+08:00", "volunteer.registered",
                                  VOLUNTEER));
}

static uint64_t count_type(struct machine *machine, enum event_number type) {
    struct journal_reader *reader = NULL;
    struct str record;
    struct arena arena;
    uint64_t sequence, n = 0;
    arena_init(&arena);
    assert_int_equal(journal_reader_open(machine->journal, 0, &reader), 0);
    while (journal_reader_next(reader, &record, &sequence) == 0) {
        struct event event;
        assert_int_equal(event_decode(record, &arena, &event), 0);
        n += event.type->number == (uint32_t)type;
    }
    journal_reader_close(reader);
    arena_deinit(&arena);
    return n;
}

static void missed_midnights_are_ticked_in_order(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    uint64_t before = count_type(machine, EVENT_clock_ticked);
    machine_move(machine, 3 * DAY_SECONDS * MICROSECONDS);
    assert_stored(machine_send(machine, "volunteer.registered", VOLUNTEER));
    assert_int_equal(count_type(machine, EVENT_clock_ticked), before + 3);
}

static void
with_the_events_clock_time_follows_the_events_and_a_refusal_moves_nothing(void **state) {
    struct machine *machine = *state;
    machine_stop(machine);
    machine->options.clock_from_events = true;
    assert_int_equal(machine_start(machine), 0);
    machine_city(machine);
    assert_int_equal(count_type(machine, EVENT_clock_ticked), 0);
    assert_stored(machine_send_at(machine, "a", "2017-12-31T12:00:00+08:00", "volunteer.registered",
                                  VOLUNTEER));
    assert_int_equal(count_type(machine, EVENT_clock_ticked), 1);
    assert_rejected(machine_send_at(machine, "b", "2018-01-05T12:00:00+08:00",
                                    "volunteer.withdrawn", "{\"volunteer\":\"nobody\"}"),
                    PROBLEM_UNKNOWN_NOUN);
    assert_int_equal(count_type(machine, EVENT_clock_ticked), 1);
    assert_stored(machine_send_at(machine, "c", "2018-01-02T12:00:00+08:00", "volunteer.registered",
                                  "{\"volunteer\":\"v2\",\"region\":\"620502000000\"}"));
    assert_int_equal(count_type(machine, EVENT_clock_ticked), 3);
    assert_rejected(machine_send_at(machine, "d", "2019-06-01T12:00:00+08:00",
                                    "volunteer.registered",
                                    "{\"volunteer\":\"v3\",\"region\":\"620502000000\"}"),
                    PROBLEM_IN_FUTURE);
}

/* Waits until the engine has looked around and come to this. */
static void await_read_only(struct machine *machine, bool wanted) {
    for (int i = 0; i < 20000 && (engine_read_only_reason(machine->engine) != NULL) != wanted;
         i++) {
        io_steered_move(&machine->io, MICROSECONDS);
        usleep(1000);
    }
    assert_int_equal(engine_read_only_reason(machine->engine) != NULL, wanted);
}

static void a_clock_jump_makes_it_read_only_until_accepted(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    io_steered_jump(&machine->io, 3600 * MICROSECONDS);
    await_read_only(machine, true);
    arena_reset(&machine->batch.arena);
    assert_int_equal(
        machine_submit_text(machine,
                            STR("{\"specversion\":\"1.0\",\"id\":\"r\",\"source\":\"t\",\"type\":"
                                "\"volunteer.registered\",\"data\":" VOLUNTEER "}")),
        ENGINE_READ_ONLY);
    machine->batch.trusted = true;
    assert_stored(machine_send(machine, "clock.accepted", "{\"by\":\"operator:1\"}"));
    machine->batch.trusted = false;
    assert_null(engine_read_only_reason(machine->engine));
    assert_stored(machine_send(machine, "volunteer.registered", VOLUNTEER));
}

static void a_full_disk_makes_it_read_only_and_writing_resumes_by_itself(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    machine_stop(machine);
    machine->options.disk_reserve_bytes = UINT64_MAX;
    assert_int_equal(machine_start(machine), 0);
    assert_non_null(engine_read_only_reason(machine->engine));
    machine_stop(machine);
    machine->options.disk_reserve_bytes = 0;
    assert_int_equal(machine_start(machine), 0);
    assert_null(engine_read_only_reason(machine->engine));
}

/* Until the journal's next segment is made: its syncs are not those that a test means to fail. */
static void await_spare(const struct machine *machine) {
    char *spare = machine_path(machine, "journal/spare");
    for (int i = 0; i < 20000 && access(spare, F_OK) != 0; i++)
        usleep(1000);
    assert_int_equal(access(spare, F_OK), 0);
    free(spare);
}

static void a_failed_sync_acknowledges_nothing_and_ends_the_engine(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    await_spare(machine);
    io_steered_fail(&machine->io, "fdatasync", 1, -EIO);
    assert_int_equal(
        machine_submit_text(machine,
                            STR("{\"specversion\":\"1.0\",\"id\":\"r\",\"source\":\"t\",\"type\":"
                                "\"volunteer.registered\",\"data\":{\"volunteer\":\"v9\","
                                "\"region\":\"620502000000\"}}")),
        -1);
    assert_int_not_equal(machine->failure, 0);
    io_steered_fail(&machine->io, "fdatasync", 0, 0);
    machine_stop(machine);
    machine->failure = 0;
    assert_int_equal(machine_start(machine), 0);
    assert_stored(machine_send(machine, "volunteer.registered", VOLUNTEER));
}

/* A record of the whole day before, so many days ago. */
static const struct result *serve(struct machine *machine, unsigned day) {
    char data[512], time[64];
    snprintf(
        data, sizeof data,
        "{\"record\":\"r%u\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"starts\":\"2018-05-%"
        "02uT08:00:00+08:00\","
        "\"ends\":\"2018-05-%02uT18:00:00+08:00\",\"method\":\"code\",\"recorder\":\"clerk:1\"}",
        day, day, day);
    snprintf(time, sizeof time, "2018-05-%02uT19:00:00+08:00", day);
    char id[16];
    snprintf(id, sizeof id, "s%u", day);
    return machine_send_at(machine, id, time, "service.recorded", data);
}

static void a_hundred_hours_become_a_star_with_the_acknowledgement(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    machine_activate(machine, "acceptance");
    machine_activate(machine, "star_rating");
    assert_stored(machine_send_at(machine, "v", "2018-04-30T12:00:00+08:00", "volunteer.registered",
                                  VOLUNTEER));
    for (unsigned day = 1; day <= 9; day++) {
        const struct result *result = serve(machine, day);
        assert_stored(result);
        assert_int_equal(result->n_decisions, 1);
        assert_string_equal(result->decisions[0].type->name, "service.decided");
    }
    const struct result *result = serve(machine, 10); /* exactly a hundred hours */
    assert_stored(result);
    assert_int_equal(result->n_decisions, 2);
    const struct star_changed *star = result->decisions[1].data;
    assert_int_equal(result->decisions[1].type->number, EVENT_star_changed);
    assert_int_equal(star->from, 0);
    assert_int_equal(star->to, 1);
    assert_int_equal(result->decisions[1].cause, result->sequence);
    assert_true(str_equal(result->decisions[1].revision, STR("star_rating:1")));
    result = machine_send(machine, "service.revoked",
                          "{\"record\":\"r3\",\"reason\":\"x\",\"by\":\"clerk:2\"}");
    assert_stored(result);
    assert_int_equal(result->n_decisions, 1);
    star = result->decisions[0].data;
    assert_int_equal(star->to, 0);
}

static void a_record_is_held_where_no_acceptance_policy_is_in_force(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    assert_stored(machine_send_at(machine, "v", "2018-04-30T12:00:00+08:00", "volunteer.registered",
                                  VOLUNTEER));
    const struct result *result = serve(machine, 1);
    assert_stored(result);
    const struct service_decided *decided = result->decisions[0].data;
    assert_int_equal(decided->outcome, OUTCOME_HELD);
    assert_true(
        str_equal(((const struct finding *)decided->findings.items)->code, STR("no_policy")));
}

/* One slot a person, so that erasing it erases everything sealed about them. */
static void notes_about_a_person_without_identity_share_one_key_slot(void **state) {
    struct machine *machine = *state;
    struct view *view = NULL;
    struct arena arena;
    struct thing thing;
    machine_city(machine);
    assert_stored(machine_send_at(machine, "v", "2018-04-30T12:00:00+08:00", "volunteer.registered",
                                  "{\"volunteer\":\"v1\",\"region\":\"620502000000\"}"));
    assert_stored(machine_send(machine, "honour.defined",
                               "{\"honour\":\"h\",\"title\":\"t\",\"level\":\"municipal\"}"));
    assert_stored(machine_send(machine, "honour.nominated",
                               "{\"nomination\":\"n\",\"honour\":\"h\",\"subject\":{\"kind\":"
                               "\"volunteer\",\"id\":\"v1\"},\"year\":2018,\"story\":\"s\","
                               "\"story_consent\":true}"));
    for (unsigned day = 1; day <= 2; day++) {
        char review[128];
        assert_stored(serve(machine, day));
        snprintf(review, sizeof review,
                 "{\"record\":\"r%u\",\"outcome\":\"accepted\",\"reviewer\":\"c:2\",\"note\":"
                 "\"n\"}",
                 day);
        assert_stored(machine_send(machine, "service.reviewed", review));
    }
    machine_commit(machine);
    arena_init(&arena);
    assert_int_equal(store_view_open(machine->store, &view), 0);
    assert_int_equal(thing_get(view, NOUN_VOLUNTEER, 1, &arena, &thing), 0);
    assert_int_equal(thing.slot, 1);
    assert_int_equal(number_last(view, "slot"), 1);
    view_close(view);
    arena_deinit(&arena);
}

#define RATING(limit)                                                                              \
    "return { name = 'star_rating', kind = 'star_rating', title = 't', parameters = { "            \
    "['2010-01-01'] = { hours = " limit                                                            \
    " } }, decide = function(volunteer, parameters) if volunteer:minutes{} >= parameters.hours * " \
    "60 then return 1 end "                                                                        \
    "return 0 end, cases = {} }"

static void a_dry_run_decides_and_stores_nothing(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    assert_stored(machine_activate_text(machine, "star_rating", 1, STR(RATING("1")), "from_now"));
    machine_activate(machine, "acceptance");
    assert_stored(machine_send_at(machine, "v", "2018-04-30T12:00:00+08:00", "volunteer.registered",
                                  VOLUNTEER));
    uint64_t before = head(machine);
    machine->batch.dry_run = true;
    const struct result *result = serve(machine, 1);
    machine->batch.dry_run = false;
    assert_stored(result);
    assert_int_equal(result->n_decisions, 2);
    assert_int_equal(head(machine), before);
    assert_stored(serve(machine, 1));
}

static void await_stars(struct machine *machine, unsigned n_people, uint8_t stars) {
    for (int i = 0; i < 20000; i++) {
        struct view *view = NULL;
        unsigned n = 0;
        machine_commit(machine);
        assert_int_equal(store_view_open(machine->store, &view), 0);
        for (uint32_t number = 1; number <= n_people; number++) {
            struct volunteer_row row;
            assert_int_equal(volunteer_get(view, number, &row), 0);
            n += row.stars == stars;
        }
        view_close(view);
        if (n == n_people)
            return;
        usleep(1000);
    }
    fail_msg("not everyone came to %u stars", stars);
}

static void an_activation_for_all_history_rates_everyone_once_even_across_a_restart(void **state) {
    enum { PEOPLE = 1200 };
    struct machine *machine = *state;
    machine_city(machine);
    for (unsigned i = 0; i < PEOPLE; i++) {
        char data[128];
        snprintf(data, sizeof data, "{\"volunteer\":\"p%u\",\"region\":\"620502000000\"}", i);
        assert_stored(machine_send(machine, "volunteer.registered", data));
    }
    assert_stored(
        machine_activate_text(machine, "star_rating", 1, STR(RATING("0")), "all_history"));
    machine_stop(machine); /* most likely in the middle of the run */
    assert_int_equal(machine_start(machine), 0);
    await_stars(machine, PEOPLE, 1);
    assert_int_equal(count_type(machine, EVENT_star_changed), PEOPLE);
}

static void replay_into_an_empty_store_gives_the_identical_export(void **state) {
    struct machine *machine = *state;
    char live[65], replayed[65];
    machine_city(machine);
    machine_activate(machine, "acceptance");
    machine_activate(machine, "registration");
    assert_stored(machine_activate_text(machine, "star_rating", 1, STR(RATING("5")), "from_now"));
    assert_stored(machine_send_at(machine, "v", "2018-04-30T12:00:00+08:00", "volunteer.registered",
                                  VOLUNTEER));
    for (unsigned day = 1; day <= 20; day++)
        assert_stored(serve(machine, day));
    assert_stored(
        machine_send(machine, "service.corrected",
                     "{\"record\":\"r4\",\"minutes\":60,\"reason\":\"x\",\"by\":\"clerk:2\"}"));
    assert_stored(machine_send(machine, "service.revoked",
                               "{\"record\":\"r5\",\"reason\":\"x\",\"by\":\"clerk:2\"}"));
    assert_stored(
        machine_activate_text(machine, "star_rating", 2, STR(RATING("100")), "all_history"));
    assert_stored(machine_send(machine, "volunteer.withdrawn", "{\"volunteer\":\"v1\"}"));
    machine_stop(
        machine); /* a clean stop: what a run still had to do is done after the next start */
    assert_int_equal(machine_start(machine), 0);
    machine_digest(machine, live);
    machine_stop(machine);
    char *directory = machine_path(machine, "state");
    assert_int_equal(store_remove(directory), 0);
    free(directory);
    assert_int_equal(machine_start(machine), 0);
    machine_digest(machine, replayed);
    assert_string_equal(live, replayed);
}

static void a_state_of_another_journal_is_refused(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    machine_stop(machine);
    char *command = NULL;
    assert_true(asprintf(&command, "rm -f '%s'/journal/*", machine->directory) > 0);
    assert_int_equal(system(command), 0);
    free(command);
    assert_int_equal(machine_start(machine), -ENOTRECOVERABLE);
    assert_true(asprintf(&command, "rm -f '%s'/state/*", machine->directory) > 0);
    assert_int_equal(system(command), 0);
    free(command);
    machine_stop(machine);
    assert_int_equal(machine_start(machine), 0);
}

/* What is journalled, and what a resend is compared with, is what was sent. */
static void an_event_stays_as_it_was_sent(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    assert_stored(machine_send(machine, "region.recoded",
                               "{\"region\":\"620502000000\",\"into\":\"620504000000\"}"));
    assert_stored(
        machine_send(machine, "region.defined",
                     "{\"region\":\"620502000000\",\"name\":\"新名\",\"level\":\"county\","
                     "\"parent\":\"620500000000\"}"));
    const struct region_defined *sent = machine->batch.events[0].data;
    assert_true(str_equal(sent->region, STR("620502000000")));
}

/* ---- groups ---- */

#define MANY 200

struct crowd {
    struct batch batches[MANY];
    pthread_mutex_t mutex;
    pthread_cond_t all;
    size_t n_sent;
    size_t n_done;
};

static void crowd_done(struct batch *batch) {
    struct crowd *crowd = batch->owner;
    pthread_mutex_lock(&crowd->mutex);
    if (++crowd->n_done == crowd->n_sent)
        pthread_cond_signal(&crowd->all);
    pthread_mutex_unlock(&crowd->mutex);
}

#define CROWD(n)                                                                                   \
    ((struct crowd){                                                                               \
        .mutex = PTHREAD_MUTEX_INITIALIZER, .all = PTHREAD_COND_INITIALIZER, .n_sent = (n)})

static void crowd_member(struct machine *machine, struct crowd *crowd, unsigned n) {
    struct batch *batch = &crowd->batches[n];
    struct dom_value value;
    const char *message;
    size_t offset;
    struct problem problem;
    struct digest_key key;
    batch->n_events = 1;
    batch->events = arena_alloc(&batch->arena, sizeof *batch->events);
    batch->results = arena_alloc(&batch->arena, sizeof *batch->results);
    batch->done = crowd_done;
    batch->owner = crowd;
    struct str text = arena_printf(
        &batch->arena,
        "{\"specversion\":\"1.0\",\"id\":\"m%u\",\"source\":\"test\",\"type\":\"region.defined\","
        "\"data\":{\"region\":\"620502%03u000\",\"name\":\"街道\",\"level\":\"township\","
        "\"parent\":\"620502000000\"}}",
        n, n + 1);
    memcpy(key.bytes, keyring_digest_key(machine->keyring), sizeof key.bytes);
    assert_int_equal(dom_parse(machine->parser, text, &value, &message, &offset), 0);
    assert_int_equal(event_from_json(value, &key, &batch->arena, batch->events, &problem), 0);
}

static void crowd_wait(struct machine *machine, struct crowd *crowd) {
    engine_wake(machine->engine);
    pthread_mutex_lock(&crowd->mutex);
    while (crowd->n_done < crowd->n_sent)
        pthread_cond_wait(&crowd->all, &crowd->mutex);
    pthread_mutex_unlock(&crowd->mutex);
}

/* Queues them all, wakes the engine once, waits; how many frames it took. */
static uint64_t crowd_send(struct machine *machine, enum result_status wanted) {
    static struct crowd crowd;
    struct engine_counters before, after;
    crowd = CROWD(MANY);
    engine_counters(machine->engine, &before);
    for (unsigned i = 0; i < MANY; i++)
        crowd_member(machine, &crowd, i);
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(engine_queue(machine->engine, &crowd.batches[i]), 0);
    crowd_wait(machine, &crowd);
    engine_counters(machine->engine, &after);
    assert_int_equal(after.queue_bytes, 0);
    for (unsigned i = 0; i < MANY; i++) {
        assert_int_equal(crowd.batches[i].results[0].status, wanted);
        arena_deinit(&crowd.batches[i].arena);
    }
    return after.frames - before.frames;
}

static void what_waits_together_shares_frames(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    uint64_t frames = crowd_send(machine, RESULT_STORED);
    assert_in_range(frames, 1, 10);
    assert_int_equal(crowd_send(machine, RESULT_DUPLICATE), 0);
}

/* Not what was handed out of an arena but all that it and its owner took from the machine. */
static bool is_full_behind(struct machine *machine, size_t arena_bytes, size_t owner_bytes) {
    static struct crowd crowd;
    struct engine_counters after;
    crowd = CROWD(2);
    arena_reserve(&crowd.batches[0].arena, arena_bytes);
    crowd.batches[0].owner_bytes = owner_bytes;
    crowd_member(machine, &crowd, 0);
    crowd_member(machine, &crowd, 1);
    assert_int_equal(engine_queue(machine->engine, &crowd.batches[0]), 0);
    int outcome = engine_queue(machine->engine, &crowd.batches[1]);
    if (outcome == ENGINE_BUSY)
        crowd_done(&crowd.batches[1]);
    crowd_wait(machine, &crowd);
    engine_counters(machine->engine, &after);
    assert_int_equal(after.queue_bytes, 0);
    for (int i = 0; i < 2; i++)
        arena_deinit(&crowd.batches[i].arena);
    return outcome == ENGINE_BUSY;
}

static void what_a_batch_holds_counts_in_the_queue(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    size_t limit = (size_t)machine->options.queue_limit_bytes;
    assert_false(is_full_behind(machine, 0, limit / 2));
    /* The engine may wake between the two, now and then. */
    int tries = 0;
    while (!is_full_behind(machine, limit, 0))
        assert_true(++tries < 100);
    while (!is_full_behind(machine, 0, limit))
        assert_true(++tries < 100);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, machine_setup, machine_teardown)
    const struct CMUnitTest tests[] = {
        T(what_is_acknowledged_is_durable),
        T(what_waits_together_shares_frames),
        T(what_a_batch_holds_counts_in_the_queue),
        T(the_same_event_twice_is_a_duplicate_and_other_content_a_conflict),
        T(a_refused_event_leaves_nothing_behind_and_its_id_free),
        T(nothing_is_stored_before_a_city_is_configured),
        T(an_identity_is_known_once_and_never_in_clear_on_disk),
        T(who_withdrew_may_register_again_with_the_same_document),
        T(notes_about_a_person_without_identity_share_one_key_slot),
        T(an_event_too_far_ahead_is_refused),
        T(missed_midnights_are_ticked_in_order),
        T(with_the_events_clock_time_follows_the_events_and_a_refusal_moves_nothing),
        T(a_clock_jump_makes_it_read_only_until_accepted),
        T(a_full_disk_makes_it_read_only_and_writing_resumes_by_itself),
        T(a_failed_sync_acknowledges_nothing_and_ends_the_engine),
        T(a_hundred_hours_become_a_star_with_the_acknowledgement),
        T(a_record_is_held_where_no_acceptance_policy_is_in_force),
        T(a_dry_run_decides_and_stores_nothing),
        T(an_activation_for_all_history_rates_everyone_once_even_across_a_restart),
        T(replay_into_an_empty_store_gives_the_identical_export),
        T(a_state_of_another_journal_is_refused),
        T(an_event_stays_as_it_was_sent),
    };
    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}
