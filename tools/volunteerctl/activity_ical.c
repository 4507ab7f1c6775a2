/* activity ical: activities as a calendar (RFC 5545) that any phone takes over. Each shift is an
 * event of its own, in UTC, with an identifier that stays and a number that grows with every
 * change, so that a calendar read again moves what moved and strikes out what was cancelled. */
#include <libical/ical.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "output.h"
#include "pages.h"
#include "util/calendar.h"
#include "value.h"

struct diary {
    struct call *call;
    icalcomponent *calendar;
    json_t *activities; /* by id: those that were asked for already */
    char region[32];
    unsigned n;
};

/* What a volunteer's own enrolment says of it; of an activity as such nothing. */
struct own {
    const char *volunteer; /* NULL: nobody's own */
    const char *state;
    int64_t changes;
};

static int diary_open(struct diary *diary, struct call *call) {
    json_auto_t *status = NULL;
    memset(diary, 0, sizeof *diary);
    diary->call = call;
    int code = client_ask(&call->client, "status", json_object(), &status);
    if (code != DONE)
        return code;
    snprintf(diary->region, sizeof diary->region, "%s",
             text_at(json_object_get(status, "city"), "region"));
    diary->activities = json_object();
    diary->calendar = icalcomponent_new_vcalendar();
    icalcomponent_add_property(diary->calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(diary->calendar,
                               icalproperty_new_prodid("-//volunteerd//volunteerctl//ZH"));
    return DONE;
}

static void diary_close(struct diary *diary) {
    if (diary->calendar)
        icalcomponent_free(diary->calendar);
    json_decref(diary->activities);
}

/* ---- one event ---- */

static void add(icalcomponent *event, icalproperty *property) {
    icalcomponent_add_property(event, property);
}

static struct icaltimetype utc_time(const char *text) {
    int64_t us = 0;
    int16_t offset;
    if (time_parse(str_from(text), &us, &offset) != 0)
        return icaltime_null_time();
    return icaltime_from_timet_with_zone((time_t)(us / MICROSECONDS), 0,
                                         icaltimezone_get_utc_timezone());
}

static void uid_put(const struct diary *diary, const json_t *activity, const char *shift,
                    const struct own *own, struct buf *out) {
    buf_printf(out, "%s", text_at(activity, "activity"));
    if (*shift)
        buf_printf(out, "/%s", shift);
    if (own->volunteer)
        buf_printf(out, "/%s", own->volunteer);
    buf_printf(out, "@%s.volunteerd", diary->region);
}

/* What takes place not at all is struck out; who waits for a place is not certain to come. */
static enum icalproperty_status status_of(const json_t *activity, const struct own *own) {
    bool cancelled = strcmp(text_at(activity, "state"), "cancelled") == 0;
    bool accepted = !own->volunteer || strcmp(own->state, "accepted") == 0;
    bool waits = own->volunteer &&
                 (strcmp(own->state, "waitlisted") == 0 || strcmp(own->state, "requested") == 0);
    return cancelled || (!accepted && !waits) ? ICAL_STATUS_CANCELLED
           : waits                            ? ICAL_STATUS_TENTATIVE
                                              : ICAL_STATUS_CONFIRMED;
}

static void describe(icalcomponent *event, const json_t *activity) {
    const json_t *place = json_object_get(activity, "place");
    const json_t *position = json_object_get(place, "position");
    BUF_AUTO text = {0};
    buf_printf(&text, "%s", text_at(activity, "content"));
    if (*text_at(activity, "risk"))
        buf_printf(&text, "\n%s%s", _("Risk: "), text_at(activity, "risk"));
    if (*text_at(activity, "leader"))
        buf_printf(&text, "\n%s%s", _("Leader: "), text_at(activity, "leader"));
    add(event, icalproperty_new_summary(text_at(activity, "title")));
    add(event, icalproperty_new_description(buf_text(&text)));
    if (*text_at(place, "text"))
        add(event, icalproperty_new_location(text_at(place, "text")));
    if (*text_at(activity, "category"))
        add(event, icalproperty_new_categories(text_at(activity, "category")));
    if (position) {
        struct icalgeotype geo = {.lat = strtod(text_at(position, "latitude"), NULL),
                                  .lon = strtod(text_at(position, "longitude"), NULL)};
        add(event, icalproperty_new_geo(geo));
    }
}

/* `when` has the times: the activity itself, or one of its shifts. */
static void event_add(struct diary *diary, const json_t *activity, const json_t *when,
                      const char *shift, const struct own *own) {
    BUF_AUTO uid = {0};
    icalcomponent *event = icalcomponent_new_vevent();
    uid_put(diary, activity, shift, own, &uid);
    add(event, icalproperty_new_uid(buf_text(&uid)));
    add(event,
        icalproperty_new_dtstamp(icaltime_current_time_with_zone(icaltimezone_get_utc_timezone())));
    add(event, icalproperty_new_dtstart(utc_time(text_at(when, "starts"))));
    add(event, icalproperty_new_dtend(utc_time(text_at(when, "ends"))));
    add(event, icalproperty_new_sequence((int)(integer_at(activity, "changes") + own->changes)));
    add(event, icalproperty_new_status(status_of(activity, own)));
    describe(event, activity);
    icalcomponent_add_component(diary->calendar, event);
    diary->n++;
}

static const json_t *shift_find(const json_t *activity, const char *shift) {
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(activity, "shifts"), i,
                       item) if (strcmp(text_at(item, "shift"), shift) == 0) return item;
    return NULL;
}

static void activity_add(struct diary *diary, const json_t *activity) {
    const json_t *shifts = json_object_get(activity, "shifts");
    const struct own own = {.volunteer = NULL};
    size_t i;
    json_t *shift;
    if (json_array_size(shifts) == 0)
        event_add(diary, activity, activity, "", &own);
    json_array_foreach(shifts, i, shift)
        event_add(diary, activity, shift, text_at(shift, "shift"), &own);
}

/* ---- whose ---- */

static int activity_ask(struct diary *diary, const char *id, const json_t **ret_activity) {
    *ret_activity = json_object_get(diary->activities, id);
    if (*ret_activity)
        return DONE;
    json_t *activity = NULL;
    int code = client_ask(&diary->call->client, "activity.get", json_pack("{s:s}", "activity", id),
                          &activity);
    if (code != DONE)
        return code;
    json_object_set_new(diary->activities, id, activity);
    *ret_activity = activity;
    return DONE;
}

static int one_add(struct diary *diary, const char *id) {
    const json_t *activity;
    int code = activity_ask(diary, id, &activity);
    if (code == DONE)
        activity_add(diary, activity);
    return code;
}

static int listed_add(struct diary *diary, const char *filter, const char *value) {
    json_auto_t *result = NULL;
    size_t i;
    json_t *activity;
    int code = pages_read(diary->call, "activity.list", json_pack("{s:s}", filter, value),
                          INT64_MAX, &result);
    if (code == DONE)
        json_array_foreach(json_object_get(result, "items"), i, activity)
            activity_add(diary, activity);
    return code;
}

/* Of a shift that is not there any more only the enrolment still has the times. */
static int enrolment_add(struct diary *diary, const json_t *enrolment) {
    const char *shift = text_at(enrolment, "shift");
    struct own own = {.volunteer = text_at(enrolment, "volunteer"),
                      .state = text_at(enrolment, "state"),
                      .changes = integer_at(enrolment, "changes")};
    const json_t *activity;
    if (!has_at(enrolment, "activity")) /* a claim of a post has no hours */
        return DONE;
    int code = activity_ask(diary, text_at(enrolment, "activity"), &activity);
    if (code != DONE)
        return code;
    if (*shift && !shift_find(activity, shift))
        own.state = "cancelled";
    event_add(diary, activity, enrolment, shift, &own);
    return DONE;
}

static int volunteer_add(struct diary *diary, const char *volunteer) {
    json_auto_t *result = NULL;
    size_t i;
    json_t *enrolment;
    int code = pages_read(diary->call, "enrolment.list", json_pack("{s:s}", "volunteer", volunteer),
                          INT64_MAX, &result);
    json_array_foreach(json_object_get(result, "items"), i, enrolment) if (code == DONE) code =
        enrolment_add(diary, enrolment);
    return code;
}

/* ---- the command ---- */

static int diary_print(struct diary *diary) {
    const char *path = call_text(diary->call, "output");
    bool to_file = path && strcmp(path, "-") != 0;
    char *text = icalcomponent_as_ical_string_r(diary->calendar);
    int code = DONE;
    if (diary->call->json) {
        json_auto_t *answer =
            json_pack("{s:i, s:s}", "events", (int)diary->n, "calendar", text ? text : "");
        code = print_json(&diary->call->terminal, answer);
    } else if (to_file) {
        code = file_write(diary->call, path, text);
        if (code == DONE && diary->call->terminal.error)
            note(_("%u events are in %s."), diary->n, path);
    } else {
        fputs(text, stdout);
    }
    free(text);
    return code;
}

int run_activity_ical(struct call *call) {
    static const char *const wholes[] = {"team", "region", "project"};
    const char *id = call_argument(call, 0), *volunteer = call_text(call, "volunteer");
    struct diary diary;
    int n = (id != NULL) + (volunteer != NULL), code;
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++)
        n += call_text(call, wholes[i]) != NULL;
    if (n != 1)
        return complain(USAGE, _("say which: an activity, --team, --region, --project or "
                                 "--volunteer; one of them."));
    code = diary_open(&diary, call);
    if (code == DONE && id)
        code = one_add(&diary, id);
    if (code == DONE && volunteer)
        code = volunteer_add(&diary, volunteer);
    for (size_t i = 0; code == DONE && i < sizeof wholes / sizeof *wholes; i++)
        if (call_text(call, wholes[i]))
            code = listed_add(&diary, wholes[i], call_text(call, wholes[i]));
    if (code == DONE)
        code = diary_print(&diary);
    diary_close(&diary);
    return code;
}
