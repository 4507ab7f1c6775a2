#include "policy/volunteer_conduct.h"

#include "domain/attendance.h"
#include "domain/complaints.h"
#include "domain/ratings.h"
#include "domain/standing.h"
#include "domain/trainings.h"
#include "policy/call.h"

/* Steps of the budget for each entry that is looked at, and more for each that is given. */
#define LOOK_STEPS 2
#define GIVE_STEPS 20

struct walk {
    struct reading *reading;
    lua_Integer n;
};

static bool is_within(const struct arguments *arguments, int32_t on) {
    return (!arguments->from || on >= arguments->from) && (!arguments->to || on <= arguments->to);
}

/* Everything a list holds, by `give`, which returns 0 and leaves what it pushed, or nothing. */
static int walk_list(struct reading *reading, enum person_list list, bool newest_first,
                     int (*give)(struct walk *walk, const struct person_entry *entry)) {
    struct walk walk = {.reading = reading};
    struct person_entries entries;
    int r = person_list_get(reading->call->view, reading->object->number, list, &entries);
    lua_newtable(reading->lua);
    for (size_t i = 0; r == 0 && i < entries.n; i++) {
        size_t at = newest_first ? entries.n - 1 - i : i;
        struct person_entry entry = person_entry_at(&entries, at);
        sandbox_charge(reading->lua, LOOK_STEPS);
        r = give(&walk, &entry);
    }
    return r;
}

/* A table for one entry of the list on the top; `end` puts it there. */
static void begin(struct walk *walk) {
    sandbox_charge(walk->reading->lua, GIVE_STEPS);
    lua_createtable(walk->reading->lua, 0, 4);
}

static void end(struct walk *walk) {
    lua_rawseti(walk->reading->lua, -2, ++walk->n);
}

static int put_id(struct walk *walk, const char *name, enum noun noun, uint32_t number) {
    if (!number)
        return 0;
    int r = push_id(walk->reading, noun, number);
    if (r == 0)
        lua_setfield(walk->reading->lua, -2, name);
    return r;
}

static void put_date(struct walk *walk, const char *name, int32_t date) {
    push_date(walk->reading, date);
    lua_setfield(walk->reading->lua, -2, name);
}

static void put_word(struct walk *walk, const char *name, const char *word) {
    lua_pushstring(walk->reading->lua, word);
    lua_setfield(walk->reading->lua, -2, name);
}

/* ---- absences ---- */

static int give_absence(struct walk *walk, const struct person_entry *entry) {
    const struct arguments *arguments = &walk->reading->arguments;
    bool excused = entry->state == ABSENCE_EXCUSED;
    if (!is_within(arguments, entry->on) ||
        ((arguments->given & ARGUMENT_EXCUSED) && excused != arguments->excused))
        return 0;
    begin(walk);
    put_date(walk, "on", entry->on);
    lua_pushboolean(walk->reading->lua, excused);
    lua_setfield(walk->reading->lua, -2, "excused");
    int r = put_id(walk, "activity", NOUN_ACTIVITY, entry->other);
    if (r == 0)
        end(walk);
    return r;
}

int conduct_absences(struct reading *reading) {
    return walk_list(reading, LIST_ABSENCES, false, give_absence);
}

/* ---- cancellations ---- */

static int give_cancellation(struct walk *walk, const struct person_entry *entry) {
    if (!is_within(&walk->reading->arguments, entry->on))
        return 0;
    begin(walk);
    put_date(walk, "on", entry->on);
    lua_pushinteger(walk->reading->lua, entry->minutes);
    lua_setfield(walk->reading->lua, -2, "notice_minutes");
    int r = put_id(walk, "activity", NOUN_ACTIVITY, entry->other);
    if (r == 0)
        end(walk);
    return r;
}

int conduct_cancellations(struct reading *reading) {
    return walk_list(reading, LIST_CANCELLATIONS, false, give_cancellation);
}

/* ---- complaints ---- */

static int outcome_of(const struct person_entry *entry) {
    return complaint_is_open((enum complaint_state)entry->state)
               ? COMPLAINT_OUTCOME_COUNT
               : entry->state - (int)COMPLAINT_RESOLVED;
}

static int give_complaint(struct walk *walk, const struct person_entry *entry) {
    const struct arguments *arguments = &walk->reading->arguments;
    int outcome = outcome_of(entry);
    bool wanted = arguments->given & ARGUMENT_OUTCOME
                      ? outcome == arguments->outcome
                      : outcome == COMPLAINT_OUTCOME_COUNT || outcome == COMPLAINT_OUTCOME_UPHELD;
    if (!wanted || !is_within(arguments, entry->on))
        return 0;
    struct record record;
    begin(walk);
    put_date(walk, "on", entry->on);
    put_word(walk, "outcome",
             outcome == COMPLAINT_OUTCOME_COUNT ? "open"
                                                : COMPLAINT_OUTCOME_choices.words[outcome]);
    int r = put_id(walk, "complaint", NOUN_COMPLAINT, entry->number);
    if (r == 0 && entry->other) {
        r = record_get(walk->reading->call->view, entry->other, &record);
        if (r == 0) {
            push_text(walk->reading, record.id);
            lua_setfield(walk->reading->lua, -2, "record");
        }
    }
    if (r == 0)
        end(walk);
    return r;
}

int conduct_complaints(struct reading *reading) {
    return walk_list(reading, LIST_COMPLAINTS, false, give_complaint);
}

/* ---- ratings ---- */

static int sum_ratings(struct reading *reading, struct rating_sum *ret_sum) {
    struct person_entries entries;
    *ret_sum = (struct rating_sum){0, 0};
    int r = person_list_get(reading->call->view, reading->object->number, LIST_RATINGS, &entries);
    for (size_t i = 0; r == 0 && i < entries.n; i++) {
        struct person_entry entry = person_entry_at(&entries, i);
        sandbox_charge(reading->lua, LOOK_STEPS);
        if (!is_within(&reading->arguments, entry.on))
            continue;
        ret_sum->n++;
        ret_sum->sum += entry.state;
    }
    return r;
}

int conduct_ratings(struct reading *reading) {
    struct rating_sum sum;
    int r = sum_ratings(reading, &sum);
    return r ? r : push_integer(reading, sum.n);
}

int conduct_rating_sum(struct reading *reading) {
    struct rating_sum sum;
    int r = sum_ratings(reading, &sum);
    return r ? r : push_integer(reading, sum.sum);
}

/* ---- training ---- */

static int put_course(struct walk *walk, uint32_t course) {
    struct call *call = walk->reading->call;
    struct thing thing;
    int r = thing_get(call->view, NOUN_COURSE, course, call->arena, &thing);
    if (r != 0)
        return r;
    const struct course_defined *attributes = thing.attributes;
    push_text(walk->reading, attributes->course);
    lua_setfield(walk->reading->lua, -2, "course");
    put_word(walk, "topic", COURSE_TOPIC_choices.words[attributes->topic]);
    return 0;
}

static int is_of_course(struct walk *walk, uint32_t course, bool *ret_is) {
    const struct arguments *arguments = &walk->reading->arguments;
    uint32_t wanted = 0;
    int r = 0;
    if (arguments->given & ARGUMENT_COURSE)
        r = find_number(walk->reading, NOUN_COURSE, arguments->course, &wanted);
    *ret_is = !(arguments->given & ARGUMENT_COURSE) || wanted == course;
    return r;
}

static int give_training(struct walk *walk, const struct person_entry *entry) {
    const struct arguments *arguments = &walk->reading->arguments;
    bool is_course;
    int r = is_of_course(walk, entry->other, &is_course);
    if (r != 0 || !is_course || !entry->state ||
        ((arguments->given & ARGUMENT_VALID_ON) && !training_holds(entry, arguments->valid_on)))
        return r;
    begin(walk);
    put_date(walk, "on", entry->on);
    put_date(walk, "valid_until", entry->until);
    lua_pushinteger(walk->reading->lua, entry->minutes);
    lua_setfield(walk->reading->lua, -2, "minutes");
    r = put_id(walk, "id", NOUN_TRAINING, entry->number);
    if (r == 0)
        r = put_course(walk, entry->other);
    if (r == 0)
        end(walk);
    return r;
}

int conduct_trainings(struct reading *reading) {
    return walk_list(reading, LIST_TRAININGS, true, give_training);
}

/* ---- qualifications ---- */

static int give_qualification(void *context, const struct qualification *qualification) {
    struct walk *walk = context;
    begin(walk);
    push_text(walk->reading, qualification->qualification);
    lua_setfield(walk->reading->lua, -2, "qualification");
    push_text(walk->reading, qualification->number.size ? qualification->number : STR_NONE);
    lua_setfield(walk->reading->lua, -2, "number");
    put_date(walk, "valid_until", qualification->valid_until);
    end(walk);
    return 0;
}

int conduct_qualifications(struct reading *reading) {
    struct walk walk = {.reading = reading};
    lua_newtable(reading->lua);
    return qualifications_each(reading->call->view, reading->object->number, give_qualification,
                               &walk);
}

int conduct_restored_on(struct reading *reading) {
    struct standing_record standing;
    int r = standing_of(reading->call->view, reading->object->number, &standing);
    return r ? r : push_date(reading, standing.row.restored_on);
}
