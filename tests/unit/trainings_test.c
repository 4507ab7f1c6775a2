/* Training: how much of it was passed, where and when, and what ends on which day. */
#include "network_fixture.h"

#include "domain/trainings.h"
#include "domain/volunteers.h"

#define COURSE(id, topic, more)                                                                    \
    "{\"course\":\"" id "\",\"title\":\"t\",\"topic\":\"" topic "\",\"minutes\":60" more "}"
#define TRAINING(id, volunteer, course, on, passed)                                                \
    "{\"training\":\"" id "\",\"volunteer\":\"" volunteer "\",\"course\":\"" course                \
    "\",\"minutes\":60,\"passed\":" passed ",\"on\":\"" on "\"}"

static int64_t in_month(struct world *world, enum noun noun, const char *id, enum counter counter,
                        const char *date) {
    int64_t value = -1;
    int32_t month = date_month(day(date));
    assert_int_equal(counter_months(engine_view(world), COUNTER_NOW, noun,
                                    world_number(world, noun, id), counter, month, month, &value),
                     0);
    return value;
}

static void what_was_passed_counts_in_its_month_by_topic_where_the_person_lives(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "course.defined", COURSE("c1", "skill", ""));
    assert_applied(world, "course.defined", COURSE("c2", "theory", ""));
    done_on(world, "2018-06-10", "training.completed",
            TRAINING("t1", "v1", "c1", "2018-05-31", "true"));
    done_on(world, "2018-06-10", "training.completed",
            TRAINING("t2", "v1", "c2", "2018-06-01", "true"));
    done_on(world, "2018-06-10", "training.completed",
            TRAINING("t3", "v1", "c2", "2018-06-02", "false"));
    assert_int_equal(counted(world, COMMUNITY, COUNTER_trainings), 2);
    assert_int_equal(counted(world, QINZHOU, COUNTER_trainings_skill), 1);
    assert_int_equal(counted(world, CITY, COUNTER_trainings_theory), 1);
    assert_int_equal(counted(world, CITY, COUNTER_trainings_knowledge), 0);
    assert_int_equal(counted(world, MAIJI, COUNTER_trainings), 0);
    assert_int_equal(counted_for(world, "o1", COUNTER_trainings), 2);
    assert_int_equal(in_month(world, NOUN_REGION, CITY, COUNTER_trainings, "2018-05-01"), 1);
    assert_int_equal(in_month(world, NOUN_REGION, CITY, COUNTER_trainings_theory, "2018-06-01"), 1);
    assert_int_equal(
        in_month(world, NOUN_ORGANISATION, "o1", COUNTER_trainings_skill, "2018-05-01"), 1);
    done_on(world, "2018-06-11", "volunteer.moved",
            "{\"volunteer\":\"v1\",\"region\":\"620503000000\"}");
    assert_int_equal(counted(world, QINZHOU, COUNTER_trainings), 2);
    assert_int_equal(counted_at(world, day("2018-06-09"), NOUN_REGION, CITY, COUNTER_trainings), 0);
}

/* ---- what ends when ---- */

struct endings {
    struct world *world;
    struct view *view;
    size_t n;
    struct validity found[8];
    uint32_t courses[8];
};

static int note(void *context, const struct validity *validity) {
    struct endings *endings = context;
    assert_true(endings->n < 8);
    if (validity->training)
        assert_int_equal(validity_course(endings->view, validity, &endings->courses[endings->n]),
                         0);
    endings->found[endings->n++] = *validity;
    return 0;
}

static void endings_between(struct world *world, const char *from, const char *to,
                            struct endings *ret_endings) {
    memset(ret_endings, 0, sizeof *ret_endings);
    ret_endings->view = reader_view(world);
    assert_int_equal(validity_each(ret_endings->view, day(from), day(to), note, ret_endings), 0);
    view_close(ret_endings->view);
}

static void what_ends_is_found_by_its_last_day(void **state) {
    struct world *world = *state;
    struct endings endings;
    world_city(world);
    assert_applied(world, "course.defined", COURSE("c1", "skill", ",\"valid_months\":12"));
    assert_applied(world, "course.defined", COURSE("c2", "skill", ""));
    assert_applied(world, "training.completed", TRAINING("t1", "v1", "c1", "2018-05-10", "true"));
    assert_applied(world, "training.completed", TRAINING("t2", "v1", "c2", "2018-05-10", "true"));
    assert_applied(world, "training.completed", TRAINING("t3", "v2", "c1", "2018-05-11", "false"));
    assert_applied(world, "qualification.recorded",
                   "{\"volunteer\":\"v2\",\"qualification\":\"q\",\"valid_until\":\"2019-05-12\"}");
    endings_between(world, "2019-05-10", "2019-05-12", &endings);
    assert_int_equal(endings.n, 2);
    assert_int_equal(endings.found[0].until, day("2019-05-10"));
    assert_int_equal(endings.found[0].volunteer, world_number(world, NOUN_VOLUNTEER, "v1"));
    assert_int_equal(endings.courses[0], world_number(world, NOUN_COURSE, "c1"));
    assert_int_equal(endings.found[1].training, 0);
    endings_between(world, "2019-05-11", "2019-05-11", &endings);
    assert_int_equal(endings.n, 0);
}

static void who_was_trained_again_has_nothing_that_ends(void **state) {
    struct world *world = *state;
    struct endings endings;
    world_city(world);
    assert_applied(world, "course.defined", COURSE("c1", "skill", ",\"valid_months\":12"));
    assert_applied(world, "training.completed", TRAINING("t1", "v1", "c1", "2018-05-10", "true"));
    assert_applied(world, "training.completed", TRAINING("t2", "v1", "c1", "2018-05-20", "false"));
    endings_between(world, "2019-05-10", "2019-05-10", &endings);
    assert_int_equal(endings.courses[0], 1);
    assert_applied(world, "training.completed", TRAINING("t3", "v1", "c1", "2018-05-20", "true"));
    endings_between(world, "2019-05-10", "2019-05-20", &endings);
    assert_int_equal(endings.n, 2);
    assert_int_equal(endings.courses[0], 0);
    assert_int_equal(endings.courses[1], 1);
    /* Twice with one last day: the later one stands for both. */
    assert_applied(world, "training.completed", TRAINING("t4", "v1", "c1", "2018-05-20", "true"));
    endings_between(world, "2019-05-20", "2019-05-20", &endings);
    assert_int_equal(endings.n, 2);
    assert_int_equal(endings.courses[0], 0);
    assert_int_equal(endings.courses[1], 1);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(what_was_passed_counts_in_its_month_by_topic_where_the_person_lives),
        T(what_ends_is_found_by_its_last_day),
        T(who_was_trained_again_has_nothing_that_ends),
    };
    return cmocka_run_group_tests_name("trainings", tests, NULL, NULL);
}
