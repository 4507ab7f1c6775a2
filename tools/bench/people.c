#include "people.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "publisher.h"
#include "script.h"
#include "store/table.h"
#include "util/buf.h"

#define PEOPLE_FORMAT 2 /* of what is generated */
#define PIECE 100000u
#define ARRAY 1000u
#define IN_FLIGHT 4u
#define COUNTIES 7u /* 620502 to 620508 */
#define STREETS 16u
/* The first record's span, in minutes, within which what is claimed lies. */
#define SPAN_MINUTES 84960u

/* ---- events in memory ---- */

static void script_publish(const struct daemon *daemon, struct script *script, const char *what) {
    struct workload workload = script_workload(script);
    struct load load;
    load_render(&load, &workload, 0, script->n, ARRAY);
    struct published sum = publish_closed(daemon->ingest, &load, 1, IN_FLIGHT, NULL);
    load_deinit(&load);
    if (sum.refused)
        fail("%s: %zu events were refused", what, (size_t)sum.refused);
    progress("%s: %zu events, %.0f/s", what, script->n, (double)script->n / sum.seconds);
    buf_reset(&script->text);
    script->n = 0;
}

/* ---- who there is ---- */

#define SETUP_TIME "2018-01-01T00:00:00+08:00"
#define LATER_TIME "2018-09-01T12:00:00+08:00"

static void add_region(struct script *script, const char *code, const char *level,
                       const char *parent) {
    script_add(script, "region.defined", SETUP_TIME,
               "\"region\":\"%s\",\"name\":\"%s\",\"level\":\"%s\"%s%s%s", code, code, level,
               parent ? ",\"parent\":\"" : "", parent ? parent : "", parent ? "\"" : "");
}

static void add_regions(struct script *script) {
    char county[16], street[16], community[16];
    add_region(script, "620500000000", "city", NULL);
    for (unsigned c = 2; c < 2 + COUNTIES; c++) {
        snprintf(county, sizeof county, "62050%u000000", c);
        add_region(script, county, "county", "620500000000");
        for (unsigned s = 1; s <= STREETS; s++) {
            snprintf(street, sizeof street, "62050%u0%02u000", c, s);
            snprintf(community, sizeof community, "62050%u0%02u001", c, s);
            add_region(script, street, "township", county);
            add_region(script, community, "community", street);
        }
    }
    script_add(script, "organisation.defined", SETUP_TIME,
               "\"organisation\":\"o\",\"name\":\"o\",\"kind\":\"enterprise\",\"region\":"
               "\"620500000000\"");
}

static uint64_t mixed(uint64_t number) {
    number = (number ^ number >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    number = (number ^ number >> 27) * UINT64_C(0x94d049bb133111eb);
    return number ^ number >> 31;
}

/* Those with many records live in one county, the others in the other six. */
static void add_person(struct script *script, const struct people *people, unsigned person) {
    uint64_t chance = mixed(person);
    unsigned other = 2 + (unsigned)(chance % (COUNTIES - 1));
    unsigned county = person <= people->n_walkers ? 3 : other >= 3 ? other + 1 : other;
    script_add(script, "volunteer.registered", SETUP_TIME,
               "\"volunteer\":\"p%u\",\"region\":\"62050%u0%02u001\",\"born\":\"%u-%02u\"", person,
               county, 1 + (unsigned)(chance >> 8) % STREETS, 1940 + (unsigned)(chance >> 16) % 65,
               1 + (unsigned)(chance >> 32) % 12);
}

static void add_record(struct script *script, const char *time, const char *record, unsigned person,
                       const char *starts, const char *ends, unsigned minutes) {
    script_add(script, "service.recorded", time,
               "\"record\":\"%s\",\"volunteer\":\"p%u\",\"organisation\":\"o\",\"starts\":\"%s\","
               "\"ends\":\"%s\",\"minutes\":%u,\"method\":\"code\",\"recorder\":\"c\"",
               record, person, starts, ends, minutes);
}

/* Few have much: a product of two. */
static void add_first_record(struct script *script, unsigned person) {
    uint64_t chance = mixed(person + UINT64_C(1000000007));
    unsigned minutes = 1 + (unsigned)((chance & 0xffff) * (chance >> 16 & 0xffff) *
                                      (SPAN_MINUTES - 1) / UINT64_C(0xfffe0001));
    char record[32];
    snprintf(record, sizeof record, "f%u", person);
    add_record(script, LATER_TIME, record, person, "2018-01-01T00:00:00+08:00",
               "2018-03-01T00:00:00+08:00", minutes);
}

/* Five a month, of one to eight hours. */
static void add_walk(struct script *script, unsigned person, unsigned n) {
    unsigned month = 3 + n / 5, day = 1 + n % 5 * 5, hours = 1 + (unsigned)mixed(person + n) % 8;
    char record[32], starts[32], ends[32];
    snprintf(record, sizeof record, "w%u:%u", n, person);
    snprintf(starts, sizeof starts, "2018-%02u-%02uT08:00:00+08:00", month, day);
    snprintf(ends, sizeof ends, "2018-%02u-%02uT%02u:00:00+08:00", month, day, 8 + hours);
    add_record(script, LATER_TIME, record, person, starts, ends, 60 * hours);
}

static void publish_all(const struct people *people, const struct daemon *daemon) {
    struct script script = {.source = "people", .letter = 'h'};
    add_regions(&script);
    for (unsigned person = 1; person <= people->n; person++) {
        add_person(&script, people, person);
        if (script.n >= PIECE)
            script_publish(daemon, &script, "people");
    }
    for (unsigned person = 1; person <= people->n; person++) {
        add_first_record(&script, person);
        if (script.n >= PIECE)
            script_publish(daemon, &script, "records");
    }
    for (unsigned n = 0; n < PEOPLE_RECORDS; n++)
        for (unsigned person = 1; person <= people->n_walkers; person++) {
            add_walk(&script, person, n);
            if (script.n >= PIECE)
                script_publish(daemon, &script, "more records");
        }
    if (script.n)
        script_publish(daemon, &script, "the last of them");
    script_deinit(&script);
}

void people_news(const struct people *people, size_t piece, size_t n_events,
                 struct workload *ret_news) {
    struct script script = {.source = "people", .letter = 'n', .serial = piece * n_events};
    for (size_t i = 0; i < n_events; i++) {
        size_t n = piece * n_events + i;
        char record[32];
        snprintf(record, sizeof record, "n%zu", n);
        add_record(&script, LATER_TIME, record, 1 + (unsigned)(mixed(n) % people->n),
                   "2018-08-30T08:00:00+08:00", "2018-08-30T09:00:00+08:00", 60);
    }
    *ret_news = script_workload(&script);
}

void people_news_free(struct workload *news) {
    free(news->text);
    free(news->starts);
}

/* ---- rules ---- */

static const char acceptance[] =
    "return { name = \"acceptance\", kind = \"acceptance\", title = \"认定\",\n"
    "  decide = function(record) return \"accepted\", record.minutes end,\n"
    "  cases = { { name = \"照单\", given = { minutes = 60 }, expect = { minutes = 60 } } } }\n";

void people_rule(enum people_form form, unsigned first_hours, char *ret_text, size_t size) {
    static const char *const minutes[FORMS] = {
        [FORM_BARE] = "volunteer:minutes{}",
        [FORM_TABLE] = "volunteer:minutes{}",
        [FORM_WINDOW] = "volunteer:minutes{ from = \\\"2018-01-01\\\", to = \\\"2018-12-31\\\" }",
        [FORM_RECORDS] = "0 for _, record in ipairs(volunteer:records{ limit = 30 }) do minutes = "
                         "minutes + record.counted_minutes end",
    };
    snprintf(
        ret_text, size,
        "return { name = \\\"star_rating\\\", kind = \\\"star_rating\\\", title = \\\"星级\\\", "
        "texts = { total = \\\"累计 %%d 小时\\\" }, "
        "parameters = { [\\\"2012-10-23\\\"] = { hours = { %u, 300, 600, 1000, 1500 } } }, "
        "decide = function(volunteer, parameters) local stars, minutes = 0 minutes = %s "
        "for level, hours in ipairs(parameters.hours) do "
        "if minutes >= hours * 60 then stars = level end end return %s end, "
        "cases = { { name = \\\"无\\\", given = { minutes = 0 }, expect = { stars = 0 } } } }",
        first_hours, minutes[form],
        form == FORM_TABLE
            ? "{ stars = stars, findings = { { code = \\\"total\\\", value = minutes // 60 } } }"
            : "stars");
}

/* Without what JSON wants before a quote. */
static void rule_write(const char *path) {
    char text[2048], *to = text;
    people_rule(FORM_BARE, 100, text, sizeof text);
    for (const char *from = text; *from; from++)
        if (*from != '\\')
            *to++ = *from;
    *to = 0;
    file_write(path, text);
}

static void rules_write(const char *folder) {
    char path[PATH_LIMIT];
    folder_make(folder);
    path_join(path, folder, "acceptance.lua");
    file_write(path, acceptance);
    path_join(path, folder, "star_rating.lua");
    rule_write(path);
}

/* ---- the kept store ---- */

static void stamp_write(const struct people *people, struct buf *out) {
    buf_printf(out, "people %d\nstore %d\nn %u\nwalkers %u\n", PEOPLE_FORMAT, STORE_FORMAT,
               people->n, people->n_walkers);
    buf_put_byte(out, 0);
}

static bool is_current(const struct people *people, const char *stamp, const char *wanted) {
    char *text = people->rebuild ? NULL : file_read(stamp);
    bool same = text && strcmp(text, wanted) == 0;
    free(text);
    return same;
}

static void daemon_make(const struct people *people, const char *data, struct daemon *ret_daemon) {
    static char rules[PATH_LIMIT];
    path_join(rules, people->folder, "rules");
    daemon_init(ret_daemon, people->program, rules, data);
    ret_daemon->clock_from_events = true;
}

static void build(const struct people *people) {
    struct daemon daemon;
    char data[PATH_LIMIT], rules[PATH_LIMIT];
    progress("building a store of %u people in %s", people->n, people->folder);
    tree_remove(people->folder);
    folder_make(people->folder);
    path_join(data, people->folder, "data");
    path_join(rules, people->folder, "rules");
    rules_write(rules);
    daemon_make(people, data, &daemon);
    daemon_start(&daemon);
    publish_all(people, &daemon);
    daemon_settle(&daemon);
    daemon_stop(&daemon);
    daemon_deinit(&daemon);
}

void people_open(const struct people *people) {
    char stamp[PATH_LIMIT];
    struct buf text = {0};
    path_join(stamp, people->folder, "stamp");
    stamp_write(people, &text);
    if (!is_current(people, stamp, text.data)) {
        build(people);
        file_write(stamp, text.data);
    }
    buf_deinit(&text);
}

void people_daemon(const struct people *people, const char *work, struct daemon *ret_daemon) {
    char data[PATH_LIMIT], kept[PATH_LIMIT];
    path_join(data, work, "people");
    path_join(kept, people->folder, "data");
    tree_remove(data);
    tree_copy(kept, data, NULL);
    daemon_make(people, data, ret_daemon);
    daemon_start(ret_daemon);
    daemon_settle(ret_daemon);
}
