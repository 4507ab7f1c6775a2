/* record import: a sign-in sheet, walk-ins and all, in one command. Whoever is not registered is
 * registered with the sheet; an activity that nobody announced is published with the reason why
 * only now. All of it carries one batch, named after the file's bytes: the same sheet again stores
 * nothing, and import undo takes it back. */
#include <stdlib.h>

#include "ask.h"
#include "attendance_sheet.h"
#include "bundle.h"
#include "commands.h"
#include "events.h"
#include "table.h"
#include "util/io.h"
#include "value.h"

#define ROWS_LIMIT 3000
#define FILE_LIMIT_BYTES (64u << 20)

struct importing {
    struct call *call;
    struct zone zone;
    struct attendance_sheet attendance;
    json_t *activity; /* as the daemon has it, or as it is to be published */
    const char *by;
    char batch[65];
    size_t n_walk_ins, n_recorded, n_before, n_held, n_refused, n_rejected;
};

/* ---- what the command line says ---- */

static int options_check(struct importing *importing) {
    struct call *call = importing->call;
    static const char *const needed[] = {"organisation", "category", "reason", NULL};
    const char *activity = call_text(call, "activity"), *title = call_text(call, "new-activity");
    importing->by = call_text(call, "by");
    if (!importing->by)
        return complain(USAGE, _("say who enters the sheet: --by PERSON."));
    if (!activity == !title)
        return complain(USAGE, _("say which activity it is of: --activity ID, or --new-activity "
                                 "TITLE where nobody announced it."));
    for (size_t i = 0; title && needed[i]; i++)
        if (!call_text(call, needed[i]))
            return complain(USAGE, _("a new activity needs --organisation, --category, --region "
                                     "and --reason (why it was not announced)."));
    if (title && !call_text(call, "region"))
        return complain(USAGE, _("a new activity needs --organisation, --category, --region and "
                                 "--reason (why it was not announced)."));
    if (activity && call_text(call, "reason"))
        return complain(USAGE, _("--reason belongs to --new-activity."));
    return DONE;
}

/* Equal bytes are the same batch, so that a sheet that is sent twice counts once. */
static int batch_name(struct importing *importing, const char *path) {
    const char *given = call_text(importing->call, "batch");
    char *data = NULL;
    size_t size = 0;
    BUF_AUTO name = {0};
    if (given && strlen(given) >= sizeof importing->batch)
        return complain(USAGE, _("--batch takes up to 64 bytes."));
    if (given) {
        strcpy(importing->batch, given);
        return DONE;
    }
    int error = io_read_file(io_system(), path, FILE_LIMIT_BYTES, &data, &size);
    if (error)
        return complain_json(importing->call->json, REFUSED, NULL, _("%s cannot be read: %s."),
                             path, strerror(-error));
    bundle_id("sheet", (struct str){data, size}, &name);
    free(data);
    snprintf(importing->batch, sizeof importing->batch, "%s", buf_text(&name));
    return DONE;
}

static int activity_ask(struct importing *importing) {
    const char *id = call_text(importing->call, "activity");
    if (!id)
        return DONE;
    return client_ask(&importing->call->client, "activity.get", json_pack("{s:s}", "activity", id),
                      &importing->activity);
}

/* ---- who it is ---- */

/* By the keyed hash of the number; the daemon notes who looked. */
static int person_ask(struct importing *importing, struct attendee *attendee) {
    json_auto_t *found = NULL;
    bool by_number = *attendee->number;
    json_t *params = json_pack("{s:s, s:s, s:s}", by_number ? "number" : "phone",
                               by_number ? attendee->number : attendee->phone, "by", importing->by,
                               "purpose", "registration");
    int code = client_ask(&importing->call->client, "volunteer.find", params, &found);
    if (code != DONE)
        return code;
    size_t n = 0, index;
    const json_t *item;
    json_array_foreach(json_object_get(found, "items"), index, item) {
        const char *state = text_at(item, "state");
        if (strcmp(state, "registered") != 0 && strcmp(state, "held") != 0)
            continue; /* whoever has withdrawn may register again */
        free(attendee->volunteer);
        attendee->volunteer = strdup(text_at(item, "volunteer"));
        n++;
    }
    if (n > 1)
        attendee_complain(&importing->attendance, attendee,
                          _("%zu people have this telephone; write the volunteer's number"), n);
    return DONE;
}

static const char *region_of(const struct importing *importing, const struct attendee *attendee) {
    const char *given = call_text(importing->call, "region");
    return *attendee->region ? attendee->region
           : given           ? given
                             : text_at(importing->activity, "region");
}

/* Registered under the batch's name and the line: such an id says nothing about the person. */
static void walk_in(struct importing *importing, struct attendee *attendee) {
    if (!*attendee->name || !*attendee->number) {
        attendee_complain(&importing->attendance, attendee,
                          _("nobody is registered with this number or telephone; a walk-in needs a "
                            "name and the number of the resident's card"));
        return;
    }
    BUF_AUTO id = {0};
    buf_printf(&id, "%s:%llu", importing->batch, (unsigned long long)attendee->row->number);
    attendee->volunteer = strdup(buf_text(&id));
    attendee->walk_in = true;
    importing->n_walk_ins++;
}

static int people_find(struct importing *importing) {
    int code = DONE;
    for (size_t i = 0; code == DONE && i < importing->attendance.n; i++) {
        struct attendee *attendee = &importing->attendance.list[i];
        if (attendee->volunteer)
            continue;
        size_t complaints = importing->attendance.sheet.n_complaints;
        code = person_ask(importing, attendee);
        if (code == DONE && !attendee->volunteer &&
            complaints == importing->attendance.sheet.n_complaints)
            walk_in(importing, attendee);
    }
    return code;
}

/* ---- the events ---- */

static json_t *event_of(const struct importing *importing, const char *type, const char *suffix,
                        json_t *data) {
    BUF_AUTO id = {0};
    buf_printf(&id, "%s:%s", importing->batch, suffix);
    json_t *event =
        event_new(type, call_text(importing->call, "source"), buf_text(&id), NULL, data);
    json_object_set_new(event, "batch", json_string(importing->batch));
    return event;
}

static json_t *event_of_line(const struct importing *importing, const char *type, char what,
                             const struct attendee *attendee, json_t *data) {
    char suffix[32];
    snprintf(suffix, sizeof suffix, "%c%llu", what, (unsigned long long)attendee->row->number);
    return event_of(importing, type, suffix, data);
}

static void time_set(const struct importing *importing, json_t *data, const char *name,
                     int64_t time_us) {
    char text[40];
    attendance_time(&importing->zone, time_us, text);
    json_object_set_new(data, name, json_string(text));
}

/* From the first who came to the last who left. */
static json_t *activity_event(const struct importing *importing) {
    const struct call *call = importing->call;
    const char *title = call_text(call, "new-activity"), *place = call_text(call, "place");
    int64_t starts = INT64_MAX, ends = INT64_MIN;
    for (size_t i = 0; i < importing->attendance.n; i++) {
        const struct attendee *attendee = &importing->attendance.list[i];
        starts = attendee->starts_us < starts ? attendee->starts_us : starts;
        ends = attendee->ends_us > ends ? attendee->ends_us : ends;
    }
    json_t *data =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:{s:s}, s:I, s:s, s:{s:s}}", "activity",
                  importing->batch, "title", title, "content", title, "category",
                  call_text(call, "category"), "kind", "service", "organisation",
                  call_text(call, "organisation"), "region", call_text(call, "region"), "place",
                  "text", place ? place : title, "places", (json_int_t)importing->attendance.n,
                  "risk", "补录:活动已结束", "retrospective", "reason", call_text(call, "reason"));
    time_set(importing, data, "starts", starts);
    time_set(importing, data, "ends", ends);
    return event_of(importing, "activity.published", "a", data);
}

static json_t *registration_event(const struct importing *importing,
                                  const struct attendee *attendee) {
    json_t *identity = json_pack("{s:s, s:s, s:s}", "name", attendee->name, "document_kind",
                                 "resident_id", "number", attendee->number);
    if (*attendee->phone)
        json_object_set_new(identity, "phone", json_string(attendee->phone));
    json_t *data = json_pack("{s:s, s:s, s:s, s:o}", "volunteer", attendee->volunteer, "region",
                             region_of(importing, attendee), "registered_by",
                             text_at(importing->activity, "organisation"), "identity", identity);
    return event_of_line(importing, "volunteer.registered", 'w', attendee, data);
}

static json_t *record_event(const struct importing *importing, const struct attendee *attendee) {
    char record[96];
    snprintf(record, sizeof record, "%.64s:%llu", importing->batch,
             (unsigned long long)attendee->row->number);
    json_t *data =
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "record", record, "volunteer",
                  attendee->volunteer, "activity", text_at(importing->activity, "activity"),
                  "organisation", text_at(importing->activity, "organisation"), "method", "import",
                  "recorder", importing->by, "evidence", importing->attendance.sheet.file);
    time_set(importing, data, "starts", attendee->starts_us);
    time_set(importing, data, "ends", attendee->ends_us);
    if (attendee->minutes >= 0)
        json_object_set_new(data, "minutes", json_integer(attendee->minutes));
    return event_of_line(importing, "service.recorded", 'r', attendee, data);
}

/* ---- sending ---- */

static void say_rejected(struct importing *importing, const struct attendee *attendee,
                         const json_t *result) {
    importing->n_rejected++;
    attendee_complain(&importing->attendance, attendee, "%s: %s", text_at(result, "code"),
                      text_at(result, "message"));
}

static int activity_send(struct importing *importing) {
    if (!call_text(importing->call, "new-activity"))
        return DONE;
    json_auto_t *result = NULL;
    json_t *event = activity_event(importing);
    importing->activity = json_deep_copy(json_object_get(event, "data"));
    int code = client_publish(&importing->call->client, event, &result);
    if (code == DONE && strcmp(text_at(result, "status"), "rejected") == 0)
        return complain(REFUSED, _("the activity was refused, so nothing was entered: %s: %s (%s)"),
                        text_at(result, "code"), text_at(result, "message"),
                        text_at(result, "field"));
    return code;
}

/* Whose registration is refused has no volunteer any more, so that no record is sent. */
static int walk_ins_send(struct importing *importing) {
    json_t *events = json_array(), *result;
    json_auto_t *results = NULL;
    size_t index, at = 0;
    for (size_t i = 0; i < importing->attendance.n; i++)
        if (importing->attendance.list[i].walk_in)
            json_array_append_new(events,
                                  registration_event(importing, &importing->attendance.list[i]));
    if (json_array_size(events) == 0) {
        json_decref(events);
        return DONE;
    }
    int code = client_publish_all(&importing->call->client, events, &results);
    json_array_foreach(results, index, result) {
        while (!importing->attendance.list[at].walk_in)
            at++;
        struct attendee *attendee = &importing->attendance.list[at++];
        if (strcmp(text_at(result, "status"), "rejected") != 0)
            continue;
        say_rejected(importing, attendee, result);
        importing->n_walk_ins--;
        free(attendee->volunteer);
        attendee->volunteer = NULL;
    }
    return code;
}

static void record_count(struct importing *importing, const struct attendee *attendee,
                         const json_t *result) {
    const char *status = text_at(result, "status");
    const json_t *decision;
    size_t i;
    if (strcmp(status, "rejected") == 0) {
        say_rejected(importing, attendee, result);
        return;
    }
    if (strcmp(status, "duplicate") == 0)
        importing->n_before++;
    else
        importing->n_recorded++;
    json_array_foreach(json_object_get(result, "decisions"), i, decision) {
        const char *outcome = text_at(json_object_get(decision, "data"), "outcome");
        if (strcmp(text_at(decision, "type"), "service.decided") != 0)
            continue;
        importing->n_held += strcmp(outcome, "held") == 0;
        importing->n_refused += strcmp(outcome, "refused") == 0;
    }
}

static int records_send(struct importing *importing) {
    json_t *events = json_array(), *result;
    json_auto_t *results = NULL;
    size_t index, at = 0;
    for (size_t i = 0; i < importing->attendance.n; i++)
        if (importing->attendance.list[i].volunteer)
            json_array_append_new(events, record_event(importing, &importing->attendance.list[i]));
    if (json_array_size(events) == 0) {
        json_decref(events);
        return DONE;
    }
    int code = client_publish_all(&importing->call->client, events, &results);
    json_array_foreach(results, index, result) {
        while (!importing->attendance.list[at].volunteer)
            at++;
        record_count(importing, &importing->attendance.list[at++], result);
    }
    return code;
}

/* ---- saying ---- */

static void preview(const struct importing *importing) {
    struct table *table = table_new(&importing->call->terminal);
    table_column(table, _("line"), COLUMN_NUMBER);
    table_column(table, _("name"), COLUMN_TEXT);
    table_column(table, _("volunteer"), COLUMN_TEXT);
    table_column(table, _("starts"), COLUMN_TEXT);
    table_column(table, _("ends"), COLUMN_TEXT);
    table_column(table, _("minutes"), COLUMN_NUMBER);
    for (size_t i = 0; i < importing->attendance.n; i++) {
        const struct attendee *attendee = &importing->attendance.list[i];
        char starts[40], ends[40], text[TEXT_SIZE];
        attendance_time(&importing->zone, attendee->starts_us, starts);
        attendance_time(&importing->zone, attendee->ends_us, ends);
        table_row(table, NULL);
        table_number(table, 0, (int64_t)attendee->row->number);
        table_text(table, 1, attendee->name);
        table_text(table, 2, attendee->walk_in ? _("(walk-in)") : attendee->volunteer);
        table_text(table, 3, moment_text(starts, text));
        table_text(table, 4, moment_text(ends, text));
        table_number(table, 5,
                     attendee->minutes >= 0
                         ? attendee->minutes
                         : (attendee->ends_us - attendee->starts_us) / INT64_C(60000000));
    }
    table_print(table);
}

static int say(struct importing *importing, bool dry_run) {
    struct call *call = importing->call;
    if (call->json) {
        json_auto_t *summary = json_pack(
            "{s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "batch", importing->batch, "dry_run",
            dry_run, "lines", (json_int_t)importing->attendance.n, "walk_ins",
            (json_int_t)importing->n_walk_ins, "recorded", (json_int_t)importing->n_recorded,
            "before", (json_int_t)importing->n_before, "held", (json_int_t)importing->n_held,
            "refused", (json_int_t)importing->n_refused, "rejected",
            (json_int_t)importing->n_rejected);
        print_json(&call->terminal, summary);
    } else if (dry_run) {
        preview(importing);
        print(_("%zu lines are well formed, %zu of them of walk-ins; nothing was sent.\n"),
              importing->attendance.n, importing->n_walk_ins);
    } else {
        print(_("%zu lines of %s: %zu recorded, %zu recorded before, %zu walk-ins registered.\n"),
              importing->attendance.n, importing->attendance.sheet.file, importing->n_recorded,
              importing->n_before, importing->n_walk_ins);
        if (importing->n_held)
            print(_("%zu are held; volunteerctl record held says why.\n"), importing->n_held);
        if (importing->n_refused)
            print(_("%zu do not count; volunteerctl explain record %s:LINE says why.\n"),
                  importing->n_refused, importing->batch);
        print(_("volunteerctl import undo %s --by %s takes all of it back.\n"), importing->batch,
              importing->by);
    }
    if (importing->n_rejected)
        return complain(REFUSED, _("lines that were refused: %zu."), importing->n_rejected);
    return DONE;
}

/* The lines of a sheet without a date are of the day on which the activity begins. */
static struct attendance_day day_of(const struct importing *importing, char date[static 16]) {
    const char *on = call_text(importing->call, "on");
    if (!on && importing->activity) {
        snprintf(date, 16, "%.10s", text_at(importing->activity, "starts"));
        on = date;
    }
    return (struct attendance_day){&importing->zone, on};
}

static int sheet_take(struct importing *importing, const char *path) {
    char date[16];
    struct attendance_day day = day_of(importing, date);
    int code = attendance_sheet_read(&importing->attendance, path, importing->call->json, &day);
    if (code == DONE && importing->attendance.n > ROWS_LIMIT)
        return complain_json(importing->call->json, REFUSED, NULL,
                             _("%s has more than %d lines; cut it into several."), path,
                             ROWS_LIMIT);
    if (code == DONE)
        code = sheet_check(&importing->attendance.sheet);
    if (code == DONE)
        code = people_find(importing);
    return code == DONE ? sheet_check(&importing->attendance.sheet) : code;
}

static int sheet_send(struct importing *importing) {
    int code = activity_send(importing);
    if (code == DONE)
        code = walk_ins_send(importing);
    return code == DONE ? records_send(importing) : code;
}

int run_record_import(struct call *call) {
    struct importing importing = {.call = call};
    const char *path = call_argument(call, 0);
    bool dry_run = call_flag(call, "dry-run");
    int code = options_check(&importing);
    if (code == DONE)
        code = batch_name(&importing, path);
    if (code == DONE)
        code = ask_zone(call, &importing.zone);
    if (code == DONE)
        code = activity_ask(&importing);
    if (code == DONE)
        code = sheet_take(&importing, path);
    if (code == DONE && !dry_run)
        code = sheet_send(&importing);
    if (code == DONE)
        code = say(&importing, dry_run);
    attendance_sheet_deinit(&importing.attendance);
    json_decref(importing.activity);
    return code;
}
