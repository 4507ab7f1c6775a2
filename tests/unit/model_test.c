/* Random events of every type against a plain model: what is accepted, what is decided, and what
 * the state then holds, with restarts, catching up from an older state and replay from nothing at
 * random points. A seed that fails says its number; MODEL_SEED=n runs that one alone. */
#include "dictionaries_example.h"
#include "model_events.h"

#define SEEDS 20
#define STEPS 60 /* messages, of one to eight events */

/* ---- messages ---- */

static void decode_all(struct model *model) {
    struct machine *machine = model->machine;
    struct batch *batch = &machine->batch;
    struct digest_key key;
    static struct problem problem;
    arena_reset(&batch->arena);
    batch->trusted = true;
    batch->n_events = model->n;
    batch->events = arena_alloc(&batch->arena, model->n * sizeof *batch->events);
    batch->results = arena_alloc(&batch->arena, model->n * sizeof *batch->results);
    memcpy(key.bytes, keyring_digest_key(machine->keyring), sizeof key.bytes);
    for (size_t i = 0; i < model->n; i++) {
        struct str text = buf_str(&model->texts[i]);
        struct dom_value value;
        const char *message;
        size_t offset;
        assert_int_equal(dom_parse(machine->parser, text, &value, &message, &offset), 0);
        if (event_from_json(value, &key, &batch->arena, &batch->events[i], &problem) != 0)
            fail_msg("%.*s: %s", STR_ARG(text), problem.message);
    }
}

static void compare_result(struct model *model, size_t i) {
    const struct result *result = &model->machine->batch.results[i];
    struct str text = buf_str(&model->texts[i]);
    enum problem_code code = result->problem ? result->problem->code : PROBLEM_NONE;
    if (code != model->expected[i])
        fail_msg("%.*s: problem %d (%s), expected %d", STR_ARG(text), code,
                 result->problem ? result->problem->message : "", model->expected[i]);
    if (code != PROBLEM_NONE)
        return;
    if ((result->status == RESULT_DUPLICATE) != model->duplicate[i])
        fail_msg("%.*s: a duplicate or not", STR_ARG(text));
    int outcome = -1;
    for (size_t d = 0; d < result->n_decisions; d++)
        if (result->decisions[d].type->number == EVENT_service_decided)
            outcome = ((const struct service_decided *)result->decisions[d].data)->outcome;
    if (outcome != model->outcomes[i])
        fail_msg("%.*s: outcome %d, expected %d", STR_ARG(text), outcome, model->outcomes[i]);
    if (text.size < sizeof model->last && !model->duplicate[i]) {
        memcpy(model->last, text.data, text.size);
        model->last[text.size] = 0;
    }
}

static void await_runs(struct machine *machine) {
    int r = 0;
    for (int i = 0; i < 10000 && r == 0; i++) {
        struct view *view = NULL;
        struct run_row run;
        usleep(i ? 500 : 0);
        uint32_t number;
        machine_commit(machine);
        assert_int_equal(store_view_open(machine->store, &view), 0);
        r = run_open(view, &number, &run);
        view_close(view);
    }
    assert_int_equal(r, THING_NOT_FOUND);
}

/* Now and then the whole message is first tried without storing it. */
static void send_message(struct model *model) {
    decode_all(model);
    if (pick(model, 4) == 0) {
        model->machine->batch.dry_run = true;
        assert_int_equal(machine_submit(model->machine), 0);
        model->machine->batch.dry_run = false;
        decode_all(model);
    }
    assert_int_equal(machine_submit(model->machine), 0);
    for (size_t i = 0; i < model->n; i++)
        compare_result(model, i);
    if (model->must_wait)
        await_runs(model->machine);
    model->must_wait = false;
}

static void make_message(struct model *model) {
    size_t n = 1 + pick(model, BATCH);
    model->n = 0;
    while (model->n < n && !model->must_wait)
        makers[pick(model, sizeof makers / sizeof *makers)](model);
}

/* ---- what the state holds ---- */

static bool lies_in(int region, int above) {
    for (; region >= 0; region = region_parents[region])
        if (region == above)
            return true;
    return false;
}

static uint32_t number_of(struct view *view, enum noun noun, const char *id) {
    uint32_t number = 0;
    assert_int_equal(thing_find(view, noun, str_from(id), &number), 0);
    return number;
}

/* Born in January of 1980 to 2018; sex, education and skills are never said. */
static void count_person(const struct model_person *person, struct counter_row *sum) {
    sum->volunteers++;
    sum->in_service_party_members += person->in_service;
    sum->value[COUNTER_STARS + person->stars]++;
    sum->without_sex++;
    sum->without_education++;
    sum->without_skills++;
    sum->without_identity += !person->identity;
    sum->born_1980s += person->born >= 1980 && person->born <= 1989;
    sum->born_1990s += person->born >= 1990 && person->born <= 1999;
    sum->born_2000s += person->born >= 2000 && person->born <= 2009;
    sum->born_since_2010 += person->born >= 2010;
}

static struct counter_row count_region(const struct model *model, int region) {
    struct counter_row sum = {0};
    for (int i = 0; i < PEOPLE; i++) {
        const struct model_person *person = &model->people[i];
        if (!person->exists || person->state != VOLUNTEER_REGISTERED ||
            !lies_in(person->region, region))
            continue;
        count_person(person, &sum);
    }
    for (int i = 0; i < model->n_records; i++) {
        const struct model_record *record = &model->records[i];
        if (!lies_in(record->region, region))
            continue;
        sum.held += record->state == RECORD_HELD;
        sum.records_corrected += record->corrected;
        sum.records_revoked += record->revoked;
        sum.records += record->state == RECORD_ACCEPTED;
        sum.minutes += record->state == RECORD_ACCEPTED ? record->credited : 0;
    }
    for (int i = 0; i < ACTIVITIES; i++)
        sum.activities += model->activities[i].exists && !model->activities[i].cancelled &&
                          lies_in(model->activities[i].region, region);
    return sum;
}

static struct counter_row count_organisation(const struct model *model, int organisation) {
    struct counter_row sum = {0};
    for (int i = 0; i < PEOPLE; i++) {
        const struct model_person *person = &model->people[i];
        if (!person->exists || person->state != VOLUNTEER_REGISTERED ||
            person->organisation != organisation)
            continue;
        count_person(person, &sum);
    }
    for (int i = 0; i < model->n_records; i++) {
        const struct model_record *record = &model->records[i];
        if (record->organisation != organisation)
            continue;
        sum.held += record->state == RECORD_HELD;
        sum.records_corrected += record->corrected;
        sum.records_revoked += record->revoked;
        sum.records += record->state == RECORD_ACCEPTED;
        sum.minutes += record->state == RECORD_ACCEPTED ? record->credited : 0;
    }
    for (int i = 0; organisation == 1 && i < ACTIVITIES; i++)
        sum.activities += model->activities[i].exists && !model->activities[i].cancelled;
    return sum;
}

static void compare_counters(struct view *view, enum noun noun, const char *id,
                             const struct counter_row *expected) {
    struct counter_row row;
    assert_int_equal(counter_get(view, COUNTER_NOW, noun, number_of(view, noun, id), &row), 0);
    if (memcmp(&row, expected, sizeof row) != 0)
        fail_msg("%s: people %lld %lld, stars %lld %lld, held %lld %lld, records %lld %lld, "
                 "minutes %lld %lld, activities %lld %lld",
                 id, (long long)row.volunteers, (long long)expected->volunteers,
                 (long long)row.stars_0, (long long)expected->stars_0, (long long)row.held,
                 (long long)expected->held, (long long)row.records, (long long)expected->records,
                 (long long)row.minutes, (long long)expected->minutes, (long long)row.activities,
                 (long long)expected->activities);
}

/* Credited minutes on days of a window: from the start on, what lies beyond the span on its last
 * day. */
static int64_t window(const struct model *model, int person, int32_t from, int32_t to,
                      int category) {
    int64_t sum = 0;
    for (int i = 0; i < model->n_records; i++) {
        const struct model_record *record = &model->records[i];
        if (record->person != person || record->state != RECORD_ACCEPTED ||
            (category && record->category != category))
            continue;
        for (int64_t minute = 0; minute < record->credited; minute++) {
            int64_t within = minute < record->span ? minute : record->span - 1;
            int32_t day = day_of(record->starts + within);
            sum += day >= from && day <= to;
        }
    }
    return sum;
}

static void compare_windows(struct model *model, struct view *view, int person, uint32_t number,
                            const struct volunteer_row *row) {
    struct city city;
    assert_int_equal(city_get(view, &city), 0);
    for (int i = 0; i < 3 && row->first_service_on; i++) {
        int rural = dictionary_shipped(DICTIONARY_CATEGORY, STR("rural")) + 1;
        int elderly = dictionary_shipped(DICTIONARY_CATEGORY, STR("elderly")) + 1;
        int category = (int)pick(model, 3);
        struct minutes_filter filter = {.from =
                                            row->first_service_on + (int32_t)pick(model, 40) - 3,
                                        .category = category == 0   ? 0
                                                    : category == 1 ? elderly
                                                                    : rural};
        filter.to = filter.from + (int32_t)pick(model, 100);
        int64_t minutes = -1;
        assert_int_equal(person_minutes(view, &city.zone, number, row->first_service_on,
                                        row->last_service_on, &filter, &minutes),
                         0);
        assert_int_equal(minutes, window(model, person, filter.from, filter.to, category));
    }
}

static void compare_person(struct model *model, struct view *view, int person) {
    const struct model_person *expected = &model->people[person];
    struct volunteer_row row;
    char id[16];
    unsigned accepted = 0, held = 0;
    int32_t first = 0, last = 0;
    for (int i = 0; i < model->n_records; i++) {
        const struct model_record *record = &model->records[i];
        if (record->person != person)
            continue;
        held += record->state == RECORD_HELD;
        if (record->state != RECORD_ACCEPTED)
            continue;
        accepted++;
        int64_t within = record->credited < record->span ? record->credited : record->span;
        int32_t from = day_of(record->starts), to = day_of(record->starts + within - 1);
        first = !first || from < first ? from : first;
        last = to > last ? to : last;
    }
    snprintf(id, sizeof id, "v%d", person);
    uint32_t number = number_of(view, NOUN_VOLUNTEER, id);
    assert_int_equal(volunteer_get(view, number, &row), 0);
    assert_int_equal(row.state, expected->state);
    assert_int_equal(row.stars, expected->stars);
    assert_int_equal(row.minutes, total(model, person));
    assert_int_equal(row.n_accepted, accepted);
    assert_int_equal(row.n_held, held);
    assert_int_equal(row.first_service_on, first);
    assert_int_equal(row.last_service_on, last);
    compare_windows(model, view, person, number, &row);
}

static void compare_records(const struct model *model, struct view *view) {
    for (int i = 0; i < model->n_records; i++) {
        struct record record;
        struct str row;
        char id[16], key[4];
        snprintf(id, sizeof id, "r%d", i);
        uint32_t number = number_of(view, NOUN_RECORD, id);
        assert_int_equal(record_get(view, number, &record), 0);
        assert_int_equal(record.row.state, model->records[i].state);
        if (record.row.state == RECORD_ACCEPTED)
            assert_int_equal(record.row.counted, model->records[i].credited);
        assert_int_equal(view_get(view, TABLE_HELD, number_key(key, number), &row) == 0,
                         model->records[i].state == RECORD_HELD);
    }
}

static void compare(struct model *model) {
    struct view *view = NULL;
    machine_commit(model->machine);
    assert_int_equal(store_view_open(model->machine->store, &view), 0);
    for (int i = 0; i < PEOPLE; i++)
        if (model->people[i].exists)
            compare_person(model, view, i);
    compare_records(model, view);
    for (int i = 0; i < REGIONS; i++) {
        struct counter_row expected = count_region(model, i);
        compare_counters(view, NOUN_REGION, region_codes[i], &expected);
    }
    for (int i = 1; i <= 2; i++) {
        struct counter_row expected = count_organisation(model, i);
        compare_counters(view, NOUN_ORGANISATION, i == 1 ? "o1" : "o2", &expected);
    }
    view_close(view);
}

/* ---- restarts ---- */

static void copy_folder(const struct machine *machine, const char *from, const char *to) {
    const char *directory = machine->directory;
    char *command = NULL;
    assert_true(asprintf(&command, "rm -rf '%s/%s' && cp -r '%s/%s' '%s/%s'", directory, to,
                         directory, from, directory, to) > 0);
    assert_int_equal(system(command), 0);
    free(command);
}

static void remove_state(const struct machine *machine) {
    char *directory = machine_path(machine, "state");
    assert_int_equal(store_remove(directory), 0);
    free(directory);
}

/* As it was; from the state of an earlier stop; from nothing. The same rows each time. */
static void restart(struct model *model) {
    struct machine *machine = model->machine;
    char before[65], after[65];
    model->n = 0;
    buf_put_str(begin(model, "clock.accepted"), STR("\"by\":\"c9\""));
    end(model, PROBLEM_NONE);
    send_message(model); /* midnights that passed are ticked now, not at some time after this */
    machine_digest(machine, before);
    machine_stop(machine);
    switch (pick(model, 4)) {
    case 0:
        copy_folder(machine, "state", "older");
        model->has_snapshot = true;
        break;
    case 1:
        if (model->has_snapshot)
            copy_folder(machine, "older", "state");
        break;
    case 2:
        remove_state(machine);
        break;
    default:
        break;
    }
    assert_int_equal(machine_start(machine), 0);
    machine_digest(machine, after);
    assert_string_equal(before, after);
}

static void set_entry(void *context, const char *data) {
    assert_stored(machine_send(context, "dictionary.entry_set", data));
}

static void setup_city(struct model *model) {
    struct machine *machine = model->machine;
    machine_city(machine);
    shipped_entries_each(set_entry, machine);
    assert_stored(machine_send(machine, "region.defined",
                               "{\"region\":\"620503000000\",\"name\":\"c\",\"level\":\"county\","
                               "\"parent\":\"620500000000\"}"));
    assert_stored(machine_send(machine, "region.defined",
                               "{\"region\":\"620502001000\",\"name\":\"t\",\"level\":"
                               "\"township\",\"parent\":\"620502000000\"}"));
    assert_stored(machine_send(machine, "organisation.defined",
                               "{\"organisation\":\"o2\",\"name\":\"n\",\"kind\":\"school\","
                               "\"region\":\"620503000000\"}"));
}

/* So that most of what follows finds people, activities and rules. */
static void begin_life(struct model *model) {
    static void (*const first[])(struct model * model) = {registered, published, activated};
    for (unsigned i = 0; i < 45; i++) {
        model->n = 0;
        first[i % 3](model);
        if (model->n)
            send_message(model);
    }
}

/* Some hours on, but not to the last minutes of a day, which might pass while a checkpoint is
 * waited for. */
static void move_clock(struct model *model) {
    int64_t minutes = (int64_t)pick(model, 600);
    int64_t of_day = (now_minute(model) + minutes + OFFSET_MINUTES) % DAY_MINUTES;
    minutes += of_day > DAY_MINUTES - 30 ? 40 : 0;
    machine_move(model->machine, minutes * 60 * MICROSECONDS);
}

static void run_seed(struct machine *machine, unsigned seed) {
    struct model *model = calloc(1, sizeof *model);
    model->machine = machine;
    model->random = seed * UINT64_C(0x9e3779b97f4a7c15);
    setup_city(model);
    begin_life(model);
    for (int step = 0; step < STEPS; step++) {
        make_message(model);
        send_message(model);
        move_clock(model);
        if (pick(model, 20) == 0)
            compare(model);
        if (pick(model, 25) == 0)
            restart(model);
    }
    compare(model);
    restart(model);
    for (size_t i = 0; i < BATCH; i++)
        buf_deinit(&model->texts[i]);
    free(model);
}

static void random_events_agree_with_a_plain_model(void **state) {
    (void)state;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        void *machine = NULL;
        const char *only = getenv("MODEL_SEED");
        if (only && seed != (unsigned)atoi(only))
            continue;
        print_message("seed %u\n", seed);
        assert_int_equal(machine_setup(&machine), 0);
        run_seed(machine, seed);
        assert_int_equal(machine_teardown(&machine), 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_events_agree_with_a_plain_model)};
    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
