#include "training.h"

#define PER_10000 1200u
#define PASSED_PER_1000 930u
#define QUALIFIED_EVERY 3u /* of those who passed the course that leads to it */
#define COURSES_DAY (SETUP_DAYS - 8u)

enum step { STEP_COURSE, STEP_COMPLETED, STEP_QUALIFIED };

static const struct course {
    const char *id;
    const char *title;
    const char *topic;
    uint32_t minutes;
    uint32_t valid_months;     /* 0: for ever */
    const char *qualification; /* or NULL */
} courses[] = {
    {"tszyz:course-theory-1", "志愿服务条例与志愿精神", "theory", 90, 24, NULL},
    {"tszyz:course-theory-2", "新时代文明实践理论宣讲", "theory", 120, 12, NULL},
    {"tszyz:course-knowledge-1", "与老年人沟通的知识", "knowledge", 90, 0, NULL},
    {"tszyz:course-knowledge-2", "垃圾分类与河道保护知识", "knowledge", 60, 24, NULL},
    {"tszyz:course-skill-1", "心肺复苏与外伤急救", "skill", 240, 24, "急救员证"},
    {"tszyz:course-skill-2", "路口文明劝导手势与安全", "skill", 120, 12, NULL},
};
#define N_COURSES (sizeof courses / sizeof *courses)

void trainings_init(struct trainings *trainings, const struct people *people) {
    *trainings = (struct trainings){people, share_of_year(people->plan, PER_10000)};
}

struct completed {
    uint32_t volunteer;
    const struct course *course;
    bool passed;
    bool qualified;
    uint32_t number; /* of the certificate */
};

static struct completed draw_completed(const struct trainings *trainings, uint32_t item) {
    struct random random = random_for(trainings->people->plan->seed, STREAM_TRAINING, item);
    struct completed completed = {.course = &courses[random_below(&random, N_COURSES)]};
    completed.passed = random_chance(&random, PASSED_PER_1000);
    completed.qualified = completed.passed && completed.course->qualification &&
                          random_below(&random, QUALIFIED_EVERY) == 0;
    completed.number = random_below(&random, 900000) + 100000;
    completed.volunteer =
        share_person(trainings->people, &random, item, trainings->in_a_year, 0, 7);
    return completed;
}

static void add(struct schedule *schedule, uint32_t day, uint32_t second, enum step step,
                uint32_t item) {
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + second,
                                           .kind = ENTRY_TRAINING,
                                           .subject = item,
                                           .activity = step});
}

void trainings_plan_day(const struct trainings *trainings, struct schedule *schedule,
                        uint32_t day) {
    uint32_t first, n = share_of_day(trainings->in_a_year, SETUP_DAYS, day, &first);
    if (day == COURSES_DAY)
        for (uint32_t i = 0; i < N_COURSES; i++)
            add(schedule, day, 9 * HOUR_S + i, STEP_COURSE, i);
    for (uint32_t item = first; item < first + n; item++) {
        struct completed completed = draw_completed(trainings, item);
        if (completed.volunteer == NO_PERSON)
            continue;
        add(schedule, day, 17 * HOUR_S + item % HOUR_S, STEP_COMPLETED, item);
        if (completed.qualified)
            add(schedule, day + 20, 10 * HOUR_S + item % HOUR_S, STEP_QUALIFIED, item);
    }
}

static void define(struct output *out, const struct course *course) {
    field_text(out, "course", str_from(course->id));
    field_text(out, "title", str_from(course->title));
    field_text(out, "topic", str_from(course->topic));
    field_integer(out, "minutes", course->minutes);
    if (course->valid_months)
        field_integer(out, "valid_months", course->valid_months);
}

void training_write(const struct trainings *trainings, struct output *out,
                    const struct entry *entry) {
    static const char *const types[] = {"course.defined", "training.completed",
                                        "qualification.recorded"};
    const struct plan *plan = trainings->people->plan;
    struct completed completed = {0};
    event_begin(out, entry->activity == STEP_COURSE ? SOURCE_CIVIL_AFFAIRS : SOURCE_PLATFORM,
                types[entry->activity], entry->moment);
    if (entry->activity == STEP_COURSE) {
        define(out, &courses[entry->subject]);
    } else {
        completed = draw_completed(trainings, entry->subject);
        if (entry->activity == STEP_COMPLETED)
            field_id(out, "training", "tszyz:training", 6, entry->subject + 1);
        field_volunteer(out, "volunteer", completed.volunteer);
    }
    if (entry->activity == STEP_COMPLETED) {
        field_text(out, "course", str_from(completed.course->id));
        field_integer(out, "minutes", completed.course->minutes);
        if (completed.passed)
            field_true(out, "passed");
        else
            field_false(out, "passed");
        field_date(out, "on", plan_date(plan, entry->moment / DAY_S));
    } else if (entry->activity == STEP_QUALIFIED) {
        field_text(out, "qualification", str_from(completed.course->qualification));
        field_id(out, "number", "模拟-", 6, completed.number);
        field_date(out, "valid_until", plan_date(plan, entry->moment / DAY_S) + 730);
    }
    event_end(out);
}
