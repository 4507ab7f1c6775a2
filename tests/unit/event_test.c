#include "event_example.h"

#include <stdio.h>

#define RECORD_DATA                                                                                \
    "{\"record\":\"tszyz:r1\",\"volunteer\":\"tszyz:1001\",\"activity\":\"tszyz:a77\","            \
    "\"organisation\":\"tszyz:o3\",\"starts\":\"2018-08-23T09:00:00+08:00\","                      \
    "\"ends\":\"2018-08-23T11:00:00+08:00\",\"minutes\":110,\"method\":\"code\","                  \
    "\"recorder\":\"tszyz:p9\"}"
#define RECORD                                                                                     \
    "{\"specversion\":\"1.0\",\"id\":\"0198c0de-0001\",\"source\":\"tszyz\",\"type\":"             \
    "\"service.recorded\",\"time\":\"2018-08-23T11:05:00+08:00\",\"data\":" RECORD_DATA "}"
#define RECORDED_US INT64_C(1534993600000000)

static void accepted(struct bench *bench, const char *text) {
    if (bench_event(bench, str_from(text)))
        fail_msg("%s: %s", bench->problem.field, bench->problem.message);
}

static void refused(struct bench *bench, const char *text, const char *code, const char *field) {
    assert_int_equal(bench_event(bench, str_from(text)), 1);
    assert_problem(&bench->problem, code, field);
}

/* An envelope with the members given, around good data. */
static void refused_envelope(struct bench *bench, const char *members, const char *code,
                             const char *field) {
    buf_reset(&bench->out);
    buf_printf(&bench->out, "{%s,\"data\":" RECORD_DATA "}", members);
    buf_put_byte(&bench->out, '\0');
    refused(bench, bench->out.data, code, field);
}

static void refused_data(struct bench *bench, const char *type, const char *data, const char *code,
                         const char *field) {
    buf_reset(&bench->out);
    buf_printf(
        &bench->out,
        "{\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"s\",\"type\":\"%s\",\"data\":%s}", type,
        data);
    buf_put_byte(&bench->out, '\0');
    refused(bench, bench->out.data, code, field);
}

#define GOOD "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"s\",\"type\":\"service.recorded\""

/* ---- envelope ---- */

static void a_record_is_read(void **state) {
    struct bench *bench = *state;
    accepted(bench, RECORD);
    const struct event *event = &bench->event;
    const struct service_recorded *record = event->data;
    assert_int_equal(event->type->number, EVENT_service_recorded);
    assert_true(str_equal(event->id, STR("0198c0de-0001")));
    assert_true(str_equal(event->source, STR("tszyz")));
    assert_true(event->has_time && event->time.offset_minutes == 480);
    assert_true(str_equal(record->activity, STR("tszyz:a77")));
    assert_int_equal(record->minutes, 110);
    assert_int_equal(record->method, METHOD_CODE);
    assert_true(record->ends.us - record->starts.us == INT64_C(7200000000));
    assert_false(HAS(record, service_recorded, post));
}

static void what_is_no_object_is_no_event(void **state) {
    refused(*state, "[1]", "not_an_event", "");
    refused(*state, "\"event\"", "not_an_event", "");
}

static void the_envelope_is_checked(void **state) {
    struct bench *bench = *state;
    refused_envelope(bench, "\"specversion\":\"0.3\"", "unsupported_specversion", "specversion");
    refused_envelope(bench, "\"id\":\"e\"", "missing_field", "specversion");
    refused_envelope(bench, "\"specversion\":1.0", "wrong_type", "specversion");
    refused_envelope(bench, "\"specversion\":\"1.0\"", "missing_field", "id");
    refused_envelope(bench, "\"specversion\":\"1.0\",\"id\":null", "missing_field", "id");
    refused_envelope(bench, "\"specversion\":\"1.0\",\"id\":5", "wrong_type", "id");
    refused_envelope(bench, "\"specversion\":\"1.0\",\"id\":\"a b\"", "wrong_type", "id");
    refused_envelope(bench, "\"specversion\":\"1.0\",\"id\":\"s:13812345678\"",
                     "identity_in_identifier", "id");
    refused_envelope(bench,
                     "\"specversion\":\"1.0\",\"id\":"
                     "\"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg\"",
                     "too_long", "id");
    refused_envelope(bench, "\"specversion\":\"1.0\",\"id\":\"e\"", "missing_field", "source");
    refused_envelope(bench, "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"a b\"", "wrong_type",
                     "source");
    refused_envelope(bench, "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"水\"", "wrong_type",
                     "source");
    refused_envelope(bench, "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"/volunteerd/62\"",
                     "not_allowed", "source");
    refused_envelope(bench, "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"s\"",
                     "missing_field", "type");
    refused_envelope(
        bench, "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"s\",\"type\":\"service.recorde\"",
        "unknown_type", "type");
    assert_non_null(strstr(bench->problem.message, "\"service.recorded\""));
    refused_envelope(bench, "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"s\",\"type\":\"no\"",
                     "unknown_type", "type");
    refused_envelope(bench, GOOD ",\"time\":\"2018-08-23 09:00\"", "bad_time", "time");
    refused_envelope(bench, GOOD ",\"time\":5", "wrong_type", "time");
    refused_envelope(bench, GOOD ",\"batch\":\"a b\"", "wrong_type", "batch");
    refused_envelope(bench, GOOD ",\"subject\":\"\"", "wrong_type", "subject");
    refused_envelope(bench, GOOD ",\"data_base64\":\"e30=\"", "wrong_type", "data_base64");
    refused_envelope(bench, GOOD ",\"sequence\":\"1\"", "not_allowed", "sequence");
    refused_envelope(bench, GOOD ",\"policyrevision\":\"1\"", "not_allowed", "policyrevision");
}

static void data_is_an_object(void **state) {
    refused(*state, "{" GOOD "}", "missing_field", "data");
    refused(*state, "{" GOOD ",\"data\":null}", "missing_field", "data");
    refused(*state, "{" GOOD ",\"data\":\"{}\"}", "wrong_type", "data");
    refused(*state, "{" GOOD ",\"data\":[]}", "wrong_type", "data");
}

static void members_stand_once(void **state) {
    refused_envelope(*state, GOOD ",\"id\":\"e\"", "malformed_json", "id");
    refused_envelope(*state, GOOD ",\"data\":{}", "malformed_json", "data");
    refused_envelope(*state, GOOD ",\"x\":1,\"x\":1", "malformed_json", "x");
    refused_envelope(*state, GOOD ",\"time\":null,\"time\":null", "malformed_json", "time");
}

static void attributes_of_ones_own_are_kept(void **state) {
    struct bench *bench = *state;
    const char *event =
        "{\"z\":true,\"datacontenttype\":\"application/json\"," GOOD
        ",\"n\":-5,\"subject\":\"题\",\"traceparent\":\"00-1\",\"batch\":\"b-1\",\"none\":null,"
        "\"data\":" RECORD_DATA "}";
    accepted(bench, event);
    assert_int_equal(bench->event.n_extensions, 3);
    event_to_json(&bench->event, STR("620500000000"), &bench->out);
    buf_put_byte(&bench->out, '\0');
    assert_non_null(strstr(bench->out.data, "\"subject\":\"题\",\"sequence\""));
    assert_non_null(strstr(bench->out.data,
                           "\"batch\":\"b-1\",\"traceparent\":\"00-1\",\"datacontenttype\":"
                           "\"application/json\",\"n\":-5,\"z\":true,\"data\""));
}

static void attributes_of_ones_own_have_limits(void **state) {
    struct bench *bench = *state;
    __attribute__((cleanup(buf_deinit))) struct buf members = {0};
    refused_envelope(bench, GOOD ",\"Time\":\"x\"", "unknown_field", "Time");
    assert_non_null(strstr(bench->problem.message, "\"time\""));
    refused_envelope(bench, GOOD ",\"my_own\":\"x\"", "unknown_field", "my_own");
    refused_envelope(bench, GOOD ",\"own\":1.5", "wrong_type", "own");
    refused_envelope(bench, GOOD ",\"own\":[]", "wrong_type", "own");
    refused_envelope(bench, GOOD ",\"own\":\"a\\u0000\"", "wrong_type", "own");
    refused_envelope(bench, GOOD ",\"subject\":\"\\u0000\"", "wrong_type", "subject");
    refused_envelope(bench,
                     GOOD ",\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,"
                          "\"i\":1",
                     "too_long", "i");
    /* The longest value, every byte of it escaped, fits; one more does not. */
    buf_printf(&members, GOOD ",\"own\":\"");
    for (int i = 0; i < 256; i++)
        buf_printf(&members, "\\u0001");
    size_t size = members.size;
    buf_printf(&members, "\",\"data\":" RECORD_DATA "}");
    __attribute__((cleanup(buf_deinit))) struct buf event = {0};
    buf_printf(&event, "{%.*s", STR_ARG(buf_str(&members)));
    assert_int_equal(bench_event(bench, buf_str(&event)), 0);
    assert_int_equal(bench->event.extensions[0].value.size, 256 * 6 + 2);
    members.size = size;
    buf_put(&members, "x\"", 3);
    refused_envelope(bench, members.data, "too_long", "own");
}

static void a_refused_event_still_says_its_name(void **state) {
    struct bench *bench = *state;
    refused(bench, "{\"type\":5,\"source\":\"s\",\"id\":\"e-9\",\"data\":{}}", "missing_field",
            "specversion");
    assert_true(str_equal(bench->event.id, STR("e-9")));
    assert_true(str_equal(bench->event.source, STR("s")));
    refused(bench, "{" GOOD ",\"data\":{\"wrong\":1}}", "unknown_field", "data.wrong");
    assert_true(str_equal(bench->event.id, STR("e")));
    refused(bench, "{\"id\":5}", "missing_field", "specversion");
    assert_null(bench->event.id.data);
}

/* ---- what a type demands ---- */

#define SPAN(starts, ends, more)                                                                   \
    "{\"record\":\"r\",\"volunteer\":\"v\",\"organisation\":\"o\",\"starts\":\"" starts            \
    "\",\"ends\":\"" ends "\",\"method\":\"code\",\"recorder\":\"p\"" more "}"

static void a_record_spans_its_minutes(void **state) {
    struct bench *bench = *state;
    refused_data(bench, "service.recorded",
                 SPAN("2018-08-23T09:00:00+08:00", "2018-08-23T01:00:00Z", ""), "out_of_range",
                 "data.ends");
    refused_data(bench, "service.recorded",
                 SPAN("2018-08-23T09:00:00Z", "2018-08-23T09:00:59Z", ""), "out_of_range",
                 "data.ends");
    refused_data(bench, "service.recorded",
                 SPAN("2018-08-23T09:00:00Z", "2019-08-24T09:01:00Z", ""), "out_of_range",
                 "data.ends");
    refused_data(bench, "service.recorded",
                 SPAN("2018-08-23T09:00:00Z", "2018-08-23T10:00:00Z", ",\"minutes\":61"),
                 "out_of_range", "data.minutes");
    assert_non_null(strstr(bench->problem.message, "60"));
    accepted(bench, "{" GOOD ",\"data\":" SPAN("2018-08-23T09:00:00Z", "2019-08-24T09:00:00Z",
                                               ",\"minutes\":527040") "}");
}

#define ACTIVITY(organiser, starts, ends, more)                                                    \
    "{\"activity\":\"a\",\"title\":\"t\",\"content\":\"c\",\"category\":\"rural\",\"kind\":"       \
    "\"service\"," organiser "\"region\":\"620502001000\",\"place\":{\"text\":\"x\"},\"starts\":"  \
    "\"" starts "\",\"ends\":\"" ends "\",\"places\":1,\"risk\":\"r\"" more "}"
#define NINE "2018-08-23T09:00:00+08:00"
#define TEN "2018-08-23T10:00:00+08:00"
#define SHIFT(starts, ends)                                                                        \
    "{\"shift\":\"s\",\"starts\":\"" starts "\",\"ends\":\"" ends "\",\"places\":1}"

static void an_activity_ends_after_it_starts(void **state) {
    struct bench *bench = *state;
    refused_data(bench, "activity.published", ACTIVITY("\"team\":\"t\",", TEN, TEN, ""),
                 "out_of_range", "data.ends");
    refused_data(bench, "activity.published", ACTIVITY("", NINE, TEN, ""), "missing_field",
                 "data.organisation");
    refused_data(bench, "activity.published",
                 ACTIVITY("\"team\":\"t\",", NINE, TEN,
                          ",\"shifts\":[" SHIFT(NINE, TEN) "," SHIFT(TEN, NINE) "]"),
                 "out_of_range", "data.shifts[1].ends");
    refused_data(
        bench, "activity.published",
        ACTIVITY("\"team\":\"t\",", NINE, TEN, ",\"needs\":{\"min_age\":18,\"max_age\":17}"),
        "out_of_range", "data.needs.max_age");
    refused_data(bench, "activity.changed",
                 "{\"activity\":\"a\",\"changes\":{\"starts\":\"" TEN "\",\"ends\":\"" NINE "\"}}",
                 "out_of_range", "data.changes.ends");
    refused_data(bench, "activity.changed",
                 "{\"activity\":\"a\",\"changes\":{\"shifts\":[" SHIFT(TEN, NINE) "]}}",
                 "out_of_range", "data.changes.shifts[0].ends");
}

static void credit_codes_are_checked(void **state) {
    refused_data(*state, "organisation.defined",
                 "{\"organisation\":\"o\",\"name\":\"n\",\"kind\":\"school\",\"region\":"
                 "\"620502001000\",\"credit_code\":\"91350100M000100Y4Z\"}",
                 "bad_credit_code", "data.credit_code");
}

#define VOLUNTEER(more)                                                                            \
    "{"                                                                                            \
    "\"specversion\":\"1.0\",\"id\":\"e\",\"source\":\"s\",\"type\":\"volunteer.registered\""      \
    ",\"data\":{\"volunteer\":\"v\",\"region\":\"620502001000\"" more "}}"
#define IDENTITY(kind, number)                                                                     \
    "\"identity\":{\"name\":\"甲\",\"document_kind\":\"" kind "\",\"number\":\"" number "\"}"

static void identity_numbers_are_checked(void **state) {
    struct bench *bench = *state;
    refused(bench, VOLUNTEER("," IDENTITY("resident_id", "110105194912310021")),
            "bad_identity_number", "data.identity.number");
    assert_null(strstr(bench->problem.message, "110105194912310021"));
    refused(bench, VOLUNTEER(",\"born\":\"1949-11\"," IDENTITY("resident_id", IDENTITY_NUMBER)),
            "bad_identity_number", "data.born");
    refused_data(bench, "volunteer.updated",
                 "{\"volunteer\":\"v\",\"changes\":{" IDENTITY("resident_id", "1") "}}",
                 "bad_identity_number", "data.changes.identity.number");
    accepted(bench, VOLUNTEER("," IDENTITY("passport", "E12345678")));
}

static void birth_and_sex_follow_from_the_number(void **state) {
    struct bench *bench = *state;
    accepted(bench, VOLUNTEER("," IDENTITY("resident_id", IDENTITY_NUMBER)));
    const struct volunteer_registered *volunteer = bench->event.data;
    assert_true(HAS(volunteer, volunteer_registered, born));
    assert_int_equal(volunteer->born, 1949 * 12 + 11);
    assert_int_equal(volunteer->sex, SEX_FEMALE);
    accepted(bench, VOLUNTEER(",\"sex\":\"male\"," IDENTITY("resident_id", IDENTITY_NUMBER)));
    assert_int_equal(((const struct volunteer_registered *)bench->event.data)->sex, SEX_MALE);
    accepted(bench, VOLUNTEER("," IDENTITY("passport", "E1")));
    assert_false(
        HAS((const struct volunteer_registered *)bench->event.data, volunteer_registered, born));
}

/* ---- digest ---- */

static void digest_of(struct bench *bench, const char *text, uint8_t ret_digest[DIGEST_SIZE]) {
    accepted(bench, text);
    memcpy(ret_digest, bench->event.digest, DIGEST_SIZE);
}

static void order_of_members_makes_no_other_event(void **state) {
    uint8_t a[DIGEST_SIZE], b[DIGEST_SIZE];
    digest_of(
        *state,
        "{" GOOD ",\"x\":1,\"y\":2,\"data\":" SPAN(
            NINE, TEN, ",\"quantities\":{\"a\":1,\"b\":2},\"ext\":{\"p\":{\"q\":1,\"r\":2}}") "}",
        a);
    digest_of(
        *state,
        "{\"data\":{\"ext\":{\"p\":{\"r\":2,\"q\":1}},\"recorder\":\"p\",\"quantities\":"
        "{\"b\":2,\"a\":1},\"method\":\"code\",\"ends\":\"" TEN "\",\"starts\":\"" NINE
        "\",\"organisation\":\"o\",\"volunteer\":\"v\",\"record\":\"r\"},\"y\":2,\"x\":1," GOOD "}",
        b);
    assert_memory_equal(a, b, DIGEST_SIZE);
}

static void whatever_was_said_counts(void **state) {
    static const char *const events[] = {
        VOLUNTEER(""),
        VOLUNTEER(",\"born\":\"1949-12\""),
        VOLUNTEER("," IDENTITY("resident_id", IDENTITY_NUMBER)),
        VOLUNTEER(",\"born\":\"1949-12\"," IDENTITY("resident_id", IDENTITY_NUMBER)),
        VOLUNTEER("," IDENTITY("resident_id", "440524188001010014")),
        "{" GOOD ",\"data\":" RECORD_DATA "}",
        "{" GOOD ",\"time\":\"2018-08-23T09:00:00Z\",\"data\":" RECORD_DATA "}",
        "{" GOOD ",\"time\":\"2018-08-23T17:00:00+08:00\",\"data\":" RECORD_DATA "}",
        "{" GOOD ",\"batch\":\"b\",\"data\":" RECORD_DATA "}",
        "{" GOOD ",\"subject\":\"b\",\"data\":" RECORD_DATA "}",
        "{" GOOD ",\"own\":1,\"data\":" RECORD_DATA "}",
        "{" GOOD ",\"own\":\"1\",\"data\":" RECORD_DATA "}",
    };
    enum { N = sizeof events / sizeof *events };
    uint8_t digests[N][DIGEST_SIZE];
    for (size_t i = 0; i < N; i++) {
        digest_of(*state, events[i], digests[i]);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(digests[i], digests[j], DIGEST_SIZE);
    }
}

/* ---- journal records ---- */

/* As the keyring does it. */
static void seal(struct event *event, struct arena *arena, const struct fields *fields,
                 struct data *head) {
    for (size_t i = 0; i < fields->n; i++) {
        if (!(fields->list[i].flags & SEALED) || !(head->present >> i & 1))
            continue;
        event->n_blobs = 1;
        event->blobs = arena_alloc(arena, sizeof *event->blobs);
        *event->blobs = (struct blob){(uint32_t)i, 77, STR("0123456789abcdef"), STR("cipher")};
        head->sealed |= UINT64_C(1) << i;
        memset((char *)head + fields->list[i].offset, 0,
               fields->list[i].kind == FIELD_OBJECT ? fields->list[i].fields->struct_size
                                                    : sizeof(struct str));
    }
}

static void seal_event(struct event *event, struct arena *arena) {
    const struct fields *fields = event->type->fields;
    seal(event, arena, fields, event->data);
    for (size_t i = 0; i < fields->n; i++)
        if (fields->list[i].kind == FIELD_CHANGES)
            seal(event, arena, fields->list[i].fields,
                 (void *)((char *)event->data + fields->list[i].offset));
}

static void example_of(struct bench *bench, const struct event_type *type) {
    static const struct example whole = {0};
    buf_reset(&bench->out);
    example_event(type, &whole, &bench->out);
    if (bench_event(bench, buf_str(&bench->out)))
        fail_msg("%s %s: %s", type->name, bench->problem.field, bench->problem.message);
    struct event *event = &bench->event;
    seal_event(event, &bench->arena);
    event->recorded_us = RECORDED_US;
    event->sequence = 42;
    event->key_number = 3;
    event->cause = 41;
    event->revision = STR("star_rating@1");
    event->facts = STR("facts");
    buf_reset(&bench->out);
}

static void every_type_survives_the_journal(void **state) {
    struct bench *bench = *state;
    for (size_t i = 0; i < catalogue_count(); i++) {
        __attribute__((cleanup(buf_deinit))) struct buf record = {0}, again = {0}, json = {0};
        struct event decoded;
        example_of(bench, catalogue_at(i));
        event_encode(&bench->event, &record);
        assert_int_equal(event_decode(buf_str(&record), &bench->arena, &decoded), 0);
        assert_int_equal(decoded.key_number, 3);
        assert_int_equal(decoded.cause, 41);
        assert_true(decoded.recorded_us == RECORDED_US && decoded.has_time);
        assert_true(str_equal(decoded.facts, STR("facts")));
        assert_memory_equal(decoded.digest, bench->event.digest, DIGEST_SIZE);
        assert_int_equal(decoded.n_blobs, bench->event.n_blobs);
        for (size_t blob = 0; blob < decoded.n_blobs; blob++)
            assert_true(decoded.blobs[blob].slot == 77 &&
                        str_equal(decoded.blobs[blob].match, STR("0123456789abcdef")) &&
                        str_equal(decoded.blobs[blob].cipher, STR("cipher")));
        decoded.sequence = 42;
        event_encode(&decoded, &again);
        assert_true(str_equal(buf_str(&record), buf_str(&again)));
        event_to_json(&bench->event, STR("620500000000"), &bench->out);
        event_to_json(&decoded, STR("620500000000"), &json);
        assert_true(str_equal(buf_str(&bench->out), buf_str(&json)));
        bench_parse(bench, buf_str(&json));
    }
}

static void what_is_sealed_never_shows(void **state) {
    struct bench *bench = *state;
    __attribute__((cleanup(buf_deinit))) struct buf record = {0};
    example_of(bench, catalogue_find(STR("volunteer.updated")));
    event_encode(&bench->event, &record);
    event_to_json(&bench->event, STR("620500000000"), &bench->out);
    assert_null(memmem(record.data, record.size, IDENTITY_NUMBER, 18));
    assert_null(memmem(bench->out.data, bench->out.size, IDENTITY_NUMBER, 18));
    assert_non_null(
        memmem(bench->out.data, bench->out.size, "\"sealed\":\"changes.identity\",\"data\"", 34));
}

static void records_are_small(void **state) {
    struct bench *bench = *state;
    accepted(bench, RECORD);
    bench->event.recorded_us = RECORDED_US;
    event_encode(&bench->event, &bench->out);
    print_message("service.recorded: %zu bytes of JSON, %zu in the journal\n", strlen(RECORD),
                  bench->out.size);
    assert_true(bench->out.size <= 130);
}

static void a_time_like_the_recorded_one_is_not_repeated(void **state) {
    struct bench *bench = *state;
    __attribute__((cleanup(buf_deinit))) struct buf far = {0};
    struct event decoded;
    accepted(bench, RECORD);
    bench->event.recorded_us = RECORDED_US;
    bench->event.time = (struct moment){RECORDED_US, 0};
    event_encode(&bench->event, &bench->out);
    assert_int_equal(event_decode(buf_str(&bench->out), &bench->arena, &decoded), 0);
    assert_true(!decoded.has_time && decoded.time.us == RECORDED_US);
    bench->event.time = (struct moment){INT64_C(-62100000000000001), -90};
    event_encode(&bench->event, &far);
    assert_int_equal(event_decode(buf_str(&far), &bench->arena, &decoded), 0);
    assert_true(decoded.time.us == INT64_C(-62100000000000001));
    assert_int_equal(decoded.time.offset_minutes, -90);
}

static void a_decision_is_named_by_its_sequence(void **state) {
    struct bench *bench = *state;
    __attribute__((cleanup(buf_deinit))) struct buf record = {0};
    struct finding findings[2] = {
        {.code = STR("too_long"), .value = {.integer = 25}, .needed = {.integer = 24}},
        {.code = STR("late"),
         .value = {.kind = SCALAR_TEXT, .text = STR("晚")},
         .needed = {.kind = SCALAR_BOOLEAN, .integer = 1}},
    };
    struct service_decided decided = {
        .record = STR("r:1"), .outcome = OUTCOME_HELD, .findings = {2, findings}};
    for (size_t i = 0; i < 2; i++) {
        GIVE(&findings[i], finding, code);
        GIVE(&findings[i], finding, value);
        GIVE(&findings[i], finding, needed);
    }
    GIVE(&decided, service_decided, record);
    GIVE(&decided, service_decided, outcome);
    GIVE(&decided, service_decided, minutes);
    GIVE(&decided, service_decided, findings);
    const struct event event = {.type = catalogue_by_number(EVENT_service_decided),
                                .data = &decided,
                                .recorded_us = RECORDED_US,
                                .cause = 42,
                                .revision = STR("acceptance@2")};
    struct event decoded;
    event_encode(&event, &record);
    assert_true(record.size < 80);
    assert_int_equal(event_decode(buf_str(&record), &bench->arena, &decoded), 0);
    decoded.sequence = 43;
    event_to_json(&decoded, STR("620500000000"), &bench->out);
    assert_text(&bench->out,
                "{\"specversion\":\"1.0\",\"id\":\"43\",\"source\":\"/volunteerd/620500000000\","
                "\"type\":\"service.decided\",\"time\":\"2018-08-23T03:06:40Z\","
                "\"sequence\":\"00000000000000000043\",\"recordedtime\":\"2018-08-23T03:06:40Z\","
                "\"causationid\":\"00000000000000000042\",\"policyrevision\":\"acceptance@2\","
                "\"data\":{\"record\":\"r:1\",\"outcome\":\"held\",\"minutes\":0,\"findings\":["
                "{\"code\":\"too_long\",\"value\":25,\"needed\":24},"
                "{\"code\":\"late\",\"value\":\"晚\",\"needed\":true}]}}");
}

static void decode_hostile(struct bench *bench, struct str bytes) {
    struct event event;
    char *copy = test_malloc(bytes.size + 1);
    memcpy(copy, bytes.data, bytes.size);
    arena_reset(&bench->arena);
    buf_reset(&bench->out);
    if (event_decode((struct str){copy, bytes.size}, &bench->arena, &event) == 0) {
        event_to_json(&event, STR("620500000000"), &bench->out);
        buf_reset(&bench->out);
        event_encode(&event, &bench->out);
    }
    test_free(copy);
}

static void hostile_records_do_no_harm(void **state) {
    struct bench *bench = *state;
    for (size_t i = 0; i < catalogue_count(); i++) {
        __attribute__((cleanup(buf_deinit))) struct buf record = {0};
        struct event decoded;
        example_of(bench, catalogue_at(i));
        event_encode(&bench->event, &record);
        for (size_t size = 0; size < record.size; size++) {
            assert_int_equal(event_decode((struct str){record.data, size}, &bench->arena, &decoded),
                             1);
            decode_hostile(bench, (struct str){record.data, size});
        }
        for (size_t at = 0; at < record.size; at++)
            for (int flip = 1; flip < 256; flip = flip * 2 + (flip == 64)) {
                record.data[at] = (char)(record.data[at] ^ flip);
                decode_hostile(bench, buf_str(&record));
                record.data[at] = (char)(record.data[at] ^ flip);
            }
        buf_put_byte(&record, 0);
        assert_int_equal(event_decode(buf_str(&record), &bench->arena, &decoded), 1);
    }
}

/* ---- catalogue ---- */

static void the_catalogue_finds_its_rows(void **state) {
    (void)state;
    for (size_t i = 0; i < catalogue_count(); i++) {
        const struct event_type *type = catalogue_at(i);
        assert_ptr_equal(catalogue_find(str_from(type->name)), type);
        assert_ptr_equal(catalogue_by_number(type->number), type);
        assert_true(type->version >= 1 && type->fields->n > 0 && strlen(type->label) > 0);
    }
    assert_null(catalogue_find(STR("service")));
    assert_null(catalogue_by_number(0));
    assert_string_equal(catalogue_nearest(STR("star.change")), "star.changed");
    assert_null(catalogue_nearest(STR("something else")));
    assert_int_equal(noun_find(STR("volunteer")), NOUN_VOLUNTEER);
    assert_int_equal(noun_find(STR("dragon")), NOUN_COUNT);
    assert_string_equal(noun_info(NOUN_RECORD)->name, "record");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_setup, bench_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(a_record_is_read),
        TEST(what_is_no_object_is_no_event),
        TEST(the_envelope_is_checked),
        TEST(data_is_an_object),
        TEST(members_stand_once),
        TEST(attributes_of_ones_own_are_kept),
        TEST(attributes_of_ones_own_have_limits),
        TEST(a_refused_event_still_says_its_name),
        TEST(a_record_spans_its_minutes),
        TEST(an_activity_ends_after_it_starts),
        TEST(credit_codes_are_checked),
        TEST(identity_numbers_are_checked),
        TEST(birth_and_sex_follow_from_the_number),
        TEST(order_of_members_makes_no_other_event),
        TEST(whatever_was_said_counts),
        TEST(every_type_survives_the_journal),
        TEST(what_is_sealed_never_shows),
        TEST(records_are_small),
        TEST(a_time_like_the_recorded_one_is_not_repeated),
        TEST(a_decision_is_named_by_its_sequence),
        TEST(hostile_records_do_no_harm),
        TEST(the_catalogue_finds_its_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
