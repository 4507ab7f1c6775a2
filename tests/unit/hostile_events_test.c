/* Random events of every type a service or a command may send, written from the catalogue: sensible
 * ones, and ones with every field at and beyond its limits, ids of other nouns, days of other
 * centuries. Whatever comes, the engine goes on, and a replay comes to the same state. A seed that
 * fails says its number; MODEL_SEED=n runs that one alone. */
#include "engine_fixture.h"
#include "seeds.h"

#include "dictionaries_example.h"
#include "domain/funds.h"
#include "domain/ledger.h"
#include "domain/runs.h"

#define SEEDS 2
#define EVENTS 20000
#define TYPES 256 /* their numbers are below it */

struct generator {
    struct machine *machine;
    uint64_t random;
    bool wild; /* of the event being written: one field in twenty is hostile */
    unsigned n_stored[TYPES];
};

static unsigned pick(struct generator *self, unsigned n) {
    self->random = self->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(self->random >> 33) % n;
}

static bool is_hostile(struct generator *self) {
    return self->wild && pick(self, 20) == 0;
}

/* ---- values ---- */

static const char *const regions[] = {
    "620500000000", "620502000000", "620503000000", "620502001000", "620503001000", "620502001001",
    "620502001002", "620503001001", "620504000000", "620504001000", "620503002000", "620502001003"};

static void put_id(struct generator *self, enum noun noun, struct buf *out) {
    if (noun == NOUN_SUBJECT)
        noun = (enum noun)pick(self, 3); /* region, organisation, volunteer */
    if (is_hostile(self))
        noun = (enum noun)pick(self, NOUN_COUNT - 1);
    if (noun == NOUN_REGION)
        buf_printf(out, "\"%s\"", regions[pick(self, sizeof regions / sizeof *regions)]);
    else if (noun == NOUN_PERSON)
        buf_printf(out, "\"clerk:%u\"", pick(self, 3));
    else
        buf_printf(out, "\"%s-%u\"", noun_info(noun)->name,
                   pick(self, 4) ? pick(self, 8) : pick(self, 300));
}

static void put_text(struct generator *self, size_t limit, struct buf *out) {
    static const char *const odd[] = {"", " ", "\\u0000", "\\n", "..", "天水"};
    size_t size = 1 + pick(self, 8);
    if (is_hostile(self)) {
        if (pick(self, 2)) {
            buf_printf(out, "\"%s\"", odd[pick(self, sizeof odd / sizeof *odd)]);
            return;
        }
        size = (limit < 5000 ? limit : 5000) + pick(self, 2);
    }
    buf_put_byte(out, '"');
    for (size_t i = 0; i < size && (i < limit || self->wild); i++)
        buf_put_byte(out, (uint8_t)('a' + pick(self, 3)));
    buf_put_byte(out, '"');
}

static void put_code(struct generator *self, int dictionary, struct buf *out) {
    const struct dictionary_info *info = dictionary_info((enum DICTIONARY_choice)dictionary);
    const char *code = info->entries[pick(self, (unsigned)info->n)].code;
    buf_printf(out, "\"%s\"", is_hostile(self) ? "nothing" : code);
}

static void put_integer(struct generator *self, const struct range *range, struct buf *out) {
    int64_t value = (range->least < 0 ? 0 : range->least) + pick(self, 100);
    if (is_hostile(self)) {
        static const int beyond[] = {0, 0, 1, -1};
        unsigned which = pick(self, 4);
        value = which % 2 ? range->least : range->most;
        value += value > INT64_MIN && value < INT64_MAX ? beyond[which] : 0;
    }
    buf_printf(out, "%lld", (long long)(value > range->most + 1 ? range->most : value));
}

static void put_time(struct generator *self, struct buf *out) {
    static const char *const odd[] = {"1970-01-01T00:00:00Z",      "1969-12-31T23:59:59Z",
                                      "9999-12-31T23:59:59Z",      "0000-01-01T00:00:00Z",
                                      "2199-12-31T23:59:59+08:00", "2018-06-31T00:00:00Z"};
    if (is_hostile(self))
        buf_printf(out, "\"%s\"", odd[pick(self, sizeof odd / sizeof *odd)]);
    else
        buf_printf(out, "\"2018-05-%02uT%02u:00:00+08:00\"", 1 + pick(self, 28), pick(self, 24));
}

static void put_date(struct generator *self, struct buf *out) {
    static const char *const odd[] = {"1970-01-01", "1970-01-02", "9999-12-31", "0000-01-01",
                                      "2199-12-31", "2200-01-01", "2018-02-30"};
    if (is_hostile(self))
        buf_printf(out, "\"%s\"", odd[pick(self, sizeof odd / sizeof *odd)]);
    else
        buf_printf(out, "\"2018-0%u-%02u\"", 1 + pick(self, 6), 1 + pick(self, 28));
}

static void put_struct(struct generator *self, const struct fields *fields, bool patch,
                       struct buf *out);

static void put_list(struct generator *self, const struct field *field, struct buf *out) {
    unsigned n = pick(self, 3);
    if (is_hostile(self))
        n = 999 + pick(self, 3);
    buf_put_byte(out, '[');
    for (unsigned i = 0; i < n; i++) {
        buf_put_str(out, i ? STR(",") : STR_NONE);
        if (field->kind == FIELD_OBJECTS && n < 10)
            put_struct(self, field->fields, false, out);
        else if (field->kind == FIELD_OBJECTS)
            buf_put_str(out, STR("{}"));
        else
            put_text(self, field->size_limit < 10 ? field->size_limit : 10, out);
    }
    buf_put_byte(out, ']');
}

/* An id of the kind that is said. */
static void put_subject(struct generator *self, struct buf *out) {
    static const enum noun nouns[] = {NOUN_REGION, NOUN_ORGANISATION, NOUN_VOLUNTEER, NOUN_RECORD};
    enum noun noun = nouns[pick(self, sizeof nouns / sizeof *nouns)];
    buf_printf(out, "{\"kind\":\"%s\",\"id\":", noun_info(noun)->name);
    put_id(self, noun, out);
    buf_put_byte(out, '}');
}

/* Else nobody could pay for it. */
static bool is_modest(const char *name) {
    static const char *const modest[] = {"cost", "quantity", "min_stars", "minimum_balance"};
    for (size_t i = 0; i < sizeof modest / sizeof *modest; i++)
        if (strcmp(modest[i], name) == 0)
            return true;
    return false;
}

static void put_value(struct generator *self, const struct field *field, struct buf *out) {
    switch (field->kind) {
    case FIELD_ID:
        put_id(self, (enum noun)field->noun, out);
        break;
    case FIELD_TEXT:
        if (strcmp(field->name, "duty_calendar") == 0 && !is_hostile(self))
            buf_put_str(out, STR("\"mon-fri,holiday 07:30-09:00\""));
        else
            put_text(self, field->size_limit, out);
        break;
    case FIELD_CODE:
        put_code(self, field->dictionary, out);
        break;
    case FIELD_INTEGER:
        if (is_modest(field->name) && !is_hostile(self))
            buf_printf(out, "%u", 1 + pick(self, 2));
        else
            put_integer(self, &field->range, out);
        break;
    case FIELD_BOOLEAN:
        buf_put_str(out, pick(self, 3) ? STR("true") : STR("false"));
        break;
    case FIELD_TIME:
        put_time(self, out);
        break;
    case FIELD_DATE:
        put_date(self, out);
        break;
    case FIELD_MONTH:
        buf_printf(out, "\"%u-05\"", 1950 + pick(self, 60));
        break;
    case FIELD_CHOICE:
        buf_printf(out, "\"%s\"", field->choices->words[pick(self, (unsigned)field->choices->n)]);
        break;
    case FIELD_OBJECT:
        if (strcmp(field->name, "subject") == 0 && !is_hostile(self))
            put_subject(self, out);
        else
            put_struct(self, field->fields, false, out);
        break;
    case FIELD_CHANGES:
        put_struct(self, field->fields, true, out);
        break;
    case FIELD_OBJECTS:
    case FIELD_LIST:
        put_list(self, field, out);
        break;
    case FIELD_QUANTITIES:
        buf_put_str(out, STR("{\"meals\":3}"));
        break;
    default:
        buf_put_str(out, STR("{}"));
    }
}

/* Lists of codes come from their dictionaries. */
static bool put_listed(struct generator *self, const char *name, struct buf *out) {
    static const struct {
        const char *name;
        enum DICTIONARY_choice dictionary;
    } listed[] = {{"domains", DICTIONARY_DOMAIN},
                  {"outcomes", DICTIONARY_OUTCOME},
                  {"served_groups", DICTIONARY_SERVED_GROUP},
                  {"classes", DICTIONARY_HONOUR_CLASS}};
    for (size_t i = 0; i < sizeof listed / sizeof *listed; i++) {
        if (strcmp(listed[i].name, name) != 0 || is_hostile(self))
            continue;
        buf_put_byte(out, '[');
        put_code(self, (int)listed[i].dictionary, out);
        buf_put_byte(out, ',');
        put_code(self, (int)listed[i].dictionary, out);
        buf_put_byte(out, ']');
        return true;
    }
    return false;
}

static void put_struct(struct generator *self, const struct fields *fields, bool patch,
                       struct buf *out) {
    const char *comma = "";
    buf_put_byte(out, '{');
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        bool needed = !patch && field->flags & REQUIRED;
        if (needed ? is_hostile(self) : pick(self, 4) != 0)
            continue;
        if (patch && field->flags & FIXED && !is_hostile(self))
            continue;
        /* Identities are tested elsewhere; of funds there are none. */
        if (strcmp(field->name, "identity") == 0 ||
            (strcmp(field->name, "fund") == 0 && !is_hostile(self)))
            continue;
        buf_printf(out, "%s\"%s\":", comma, field->name);
        comma = ",";
        if (patch && pick(self, 4) == 0)
            buf_put_str(out, STR("null"));
        else if (!put_listed(self, field->name, out))
            put_value(self, field, out);
    }
    buf_put_byte(out, '}');
}

/* ---- sending ---- */

static bool is_sent(const struct event_type *type) {
    switch (type->number) {
    case EVENT_city_configured:
    case EVENT_policy_activated:
    case EVENT_policy_proposed:
    case EVENT_policy_retired:
    case EVENT_policy_released:
    case EVENT_policy_set_aside:
    case EVENT_clock_accepted:
        return false;
    default:
        return type->writer == WRITER_PUBLISHER || type->writer == WRITER_COMMAND;
    }
}

/* What ends something comes less often: all would soon be over. */
static bool is_end(const struct event_type *type) {
    static const char *const ends[] = {"withdrawn", "died",    "dissolved", "cancelled",
                                       "closed",    "revoked", "suspended"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (strstr(type->name, ends[i]))
            return true;
    return false;
}

static void put_event(struct generator *self, const struct event_type *type, unsigned n,
                      struct buf *out) {
    self->wild = pick(self, 3) == 0;
    buf_printf(out,
               "{\"specversion\":\"1.0\",\"id\":\"h%u\",\"source\":\"hostile\",\"type\":\"%s\"", n,
               type->name);
    if (pick(self, 3) == 0) {
        buf_put_str(out, STR(",\"time\":"));
        put_time(self, out);
    }
    buf_put_str(out, STR(",\"data\":"));
    put_struct(self, type->fields, false, out);
    buf_put_byte(out, '}');
}

/* What is refused by its form is refused; the rest goes to the engine. */
static void send(struct generator *self, struct str text) {
    struct batch *batch = &self->machine->batch;
    struct digest_key key;
    struct dom_value value;
    const char *message;
    size_t offset;
    struct problem problem;
    arena_reset(&batch->arena);
    batch->n_events = 1;
    batch->events = arena_alloc(&batch->arena, sizeof *batch->events);
    batch->results = arena_alloc(&batch->arena, sizeof *batch->results);
    memcpy(key.bytes, keyring_digest_key(self->machine->keyring), sizeof key.bytes);
    if (dom_parse(self->machine->parser, text, &value, &message, &offset) != 0 ||
        event_from_json(value, &key, &batch->arena, batch->events, &problem) != 0)
        return;
    uint32_t number = batch->events->type->number;
    batch->dry_run = pick(self, 4) == 0; /* leaves nothing that a replay would not have */
    if (machine_submit(self->machine) != 0)
        fail_msg("the engine stopped at %.*s", (int)(text.size < 2000 ? text.size : 2000),
                 text.data);
    if (getenv("HOSTILE_SAY") && batch->results->status == RESULT_REJECTED)
        print_message("%s %s %s\n", batch->events->type->name, batch->results->problem->field,
                      batch->results->problem->message);
    self->n_stored[number] += batch->results->status == RESULT_STORED && !batch->dry_run;
    batch->dry_run = false;
}

static void set_entry(void *context, const char *data) {
    assert_stored(machine_send(context, "dictionary.entry_set", data));
}

static void await_runs(struct machine *machine) {
    for (int i = 0; i < 20000 && !machine->failure; i++) {
        struct view *view = NULL;
        struct run_row run;
        uint32_t number;
        machine_commit(machine);
        assert_int_equal(store_view_open(machine->store, &view), 0);
        int r = run_open(view, &number, &run);
        view_close(view);
        if (r == THING_NOT_FOUND)
            return;
        usleep(1000);
    }
    fail_msg("a run does not end");
}

static void define_regions(struct machine *machine) {
    static const struct {
        const char *code, *level, *parent;
    } more[] = {{"620503000000", "county", "620500000000"},
                {"620502001000", "township", "620502000000"},
                {"620503001000", "township", "620503000000"},
                {"620502001001", "community", "620502001000"},
                {"620503001001", "community", "620503001000"}};
    for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
        char data[200];
        snprintf(data, sizeof data,
                 "{\"region\":\"%s\",\"name\":\"x\",\"level\":\"%s\",\"parent\":\"%s\"}",
                 more[i].code, more[i].level, more[i].parent);
        assert_stored(machine_send(machine, "region.defined", data));
    }
}

static void restart_from_nothing(struct machine *machine) {
    machine_stop(machine);
    char *directory = machine_path(machine, "state");
    assert_int_equal(store_remove(directory), 0);
    free(directory);
    assert_int_equal(machine_start(machine), 0);
}

static void send_many(struct generator *self) {
    struct buf text = {0};
    const struct event_type *sent[TYPES];
    unsigned n_sent = 0;
    for (uint32_t number = 1; number < TYPES; number++) {
        const struct event_type *type = catalogue_by_number(number);
        if (type && is_sent(type))
            sent[n_sent++] = type;
    }
    for (unsigned n = 0; n < EVENTS; n++) {
        const struct event_type *type = sent[pick(self, n_sent)];
        if (is_end(type) && pick(self, 25))
            continue;
        buf_reset(&text);
        put_event(self, type, n, &text);
        send(self, buf_str(&text));
        if (n == EVENTS / 2) { /* within whatever run there is */
            machine_stop(self->machine);
            assert_int_equal(machine_start(self->machine), 0);
        }
        if (pick(self, 100) == 0)
            machine_move(self->machine, DAY_SECONDS * MICROSECONDS);
    }
    buf_deinit(&text);
}

/* Whatever was sent, points and money sum to zero. */
static void assert_sums(struct machine *machine) {
    struct view *view = NULL;
    struct arena arena;
    uint32_t wrong;
    arena_init(&arena);
    machine_commit(machine);
    assert_int_equal(store_view_open(machine->store, &view), 0);
    assert_int_equal(ledger_check(view, &wrong), 0);
    assert_int_equal(fund_check(view, &arena, &wrong), 0);
    view_close(view);
    arena_deinit(&arena);
}

static void run_seed(unsigned seed) {
    static const char *const rules[] = {"acceptance", "star_rating", "points",  "assessment",
                                        "redemption", "eligibility", "standing"};
    struct generator self = {.random = seed};
    void *state = NULL;
    char live[65], replayed[65];
    print_message("seed %u\n", seed);
    assert_int_equal(machine_setup(&state), 0);
    self.machine = state;
    if (seed % 2) { /* by the events' own clock: midnights come within batches */
        machine_stop(self.machine);
        self.machine->options.clock_from_events = true;
        assert_int_equal(machine_start(self.machine), 0);
    }
    machine_city(self.machine);
    shipped_entries_each(set_entry, self.machine);
    define_regions(self.machine);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        machine_activate(self.machine, rules[i]);
    send_many(&self);
    await_runs(self.machine);
    assert_sums(self.machine);
    machine_digest(self.machine, live);
    restart_from_nothing(self.machine);
    machine_digest(self.machine, replayed);
    assert_string_equal(live, replayed);
    for (uint32_t number = 1; number < TYPES; number++) {
        const struct event_type *type = catalogue_by_number(number);
        if (getenv("HOSTILE_SAY") && type && is_sent(type))
            print_message("%s: %u stored\n", type->name, self.n_stored[number]);
    }
    machine_teardown(&state);
}

static void whatever_is_sent_the_engine_goes_on_and_a_replay_agrees(void **state) {
    (void)state;
    each_seed(SEEDS, run_seed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_is_sent_the_engine_goes_on_and_a_replay_agrees),
    };
    return cmocka_run_group_tests_name("hostile_events", tests, NULL, NULL);
}
