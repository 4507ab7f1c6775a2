/* Honours: what becomes of nominations, and that the best candidates are kept, in order. */
#include "domain_fixture.h"

#include "domain/honours.h"

#define RUN 7
#define PEOPLE 40

static struct view *view_of(struct world *world) {
    return world->stepper.context.view;
}

static void define(struct world *world, const char *more) {
    char data[200];
    snprintf(data, sizeof data,
             "{\"honour\":\"h\",\"title\":\"天水好人\",\"level\":\"municipal\"%s}", more);
    assert_applied(world, "honour.defined", data);
}

static void nominate(struct world *world, const char *id, int year) {
    char data[200];
    snprintf(data, sizeof data,
             "{\"nomination\":\"%s\",\"honour\":\"h\",\"subject\":{\"kind\":\"volunteer\",\"id\":"
             "\"v1\"},\"year\":%d}",
             id, year);
    assert_applied(world, "honour.nominated", data);
}

static void nominations_of_one_person_are_found_from_the_newest(void **state) {
    struct world *world = *state;
    struct nomination_row row;
    uint32_t number;
    world_city(world);
    define(world, "");
    assert_int_equal(nomination_last(view_of(world), NOUN_VOLUNTEER, 1, &number), 0);
    assert_int_equal(number, 0);
    nominate(world, "n1", 2018);
    nominate(world, "n2", 2019);
    assert_int_equal(nomination_last(view_of(world), NOUN_VOLUNTEER, 1, &number), 0);
    assert_int_equal(number, 2);
    assert_int_equal(nomination_get(view_of(world), number, &row), 0);
    assert_int_equal(row.previous, 1);
    assert_int_equal(row.state, NOMINATION_NOMINATED);
    assert_int_equal(nomination_last(view_of(world), NOUN_ORGANISATION, 1, &number), 0);
    assert_int_equal(number, 0);
}

static void an_award_that_is_withdrawn_keeps_its_day(void **state) {
    struct world *world = *state;
    struct nomination_row row;
    world_city(world);
    define(world, ",\"approvals\":0,\"notice_days\":0");
    nominate(world, "n1", 2018);
    assert_applied(world, "honour.awarded", "{\"nomination\":\"n1\",\"on\":\"2018-05-04\"}");
    assert_int_equal(world->stepper.context.n_questions, 1); /* what it brings */
    assert_int_equal(world->stepper.context.questions[0].event, EVENT_honour_awarded);
    assert_applied(world, "honour.withdrawn",
                   "{\"nomination\":\"n1\",\"reason\":\"x\",\"by\":\"clerk:1\"}");
    assert_int_equal(nomination_get(view_of(world), 1, &row), 0);
    assert_int_equal(row.awarded_on, day("2018-05-04"));
    assert_int_equal(row.state, NOMINATION_WITHDRAWN);
}

/* ---- candidates ---- */

struct plain_candidate {
    uint32_t volunteer;
    int64_t rank;
};

static int best_first(const void *a, const void *b) {
    const struct plain_candidate *left = a, *right = b;
    if (left->rank != right->rank)
        return left->rank < right->rank ? 1 : -1;
    return (left->volunteer > right->volunteer) - (left->volunteer < right->volunteer);
}

static void consider(struct world *world, uint32_t volunteer, int64_t rank) {
    char data[200];
    snprintf(data, sizeof data, "{\"run\":%d,\"honour\":\"h\",\"volunteer\":\"w%u\",\"rank\":%lld}",
             RUN, volunteer, (long long)rank);
    assert_applied(world, "honour.considered", data);
}

static void assert_candidates(struct world *world, const struct plain_candidate *plain, size_t n) {
    struct candidate *list = NULL;
    size_t n_found;
    assert_int_equal(candidates_get(view_of(world), RUN, 1, &world->arena, &list, &n_found), 0);
    assert_int_equal(n_found, n);
    for (size_t i = 0; i < n; i++) {
        struct candidate candidate;
        uint32_t honour, place;
        assert_int_equal(list[i].volunteer, plain[i].volunteer);
        assert_int_equal(list[i].rank, plain[i].rank);
        assert_int_equal(candidate_at(view_of(world), RUN, (uint32_t)i + 1, &world->arena, &honour,
                                      &place, &candidate),
                         0);
        assert_int_equal(honour, 1);
        assert_int_equal(place, i + 1);
        assert_int_equal(candidate.volunteer, plain[i].volunteer);
    }
}

static void as_many_are_kept_as_there_are_places_best_first(void **state) {
    struct world *world = *state;
    struct plain_candidate plain[PEOPLE];
    unsigned seed = 5;
    world_city(world);
    define(world, ",\"places\":7");
    for (uint32_t i = 0; i < PEOPLE; i++) {
        char data[100];
        snprintf(data, sizeof data, "{\"volunteer\":\"w%u\",\"region\":\"620502001001\"}", i);
        assert_applied(world, "volunteer.registered", data);
        char id[16];
        snprintf(id, sizeof id, "w%u", i);
        plain[i].volunteer = world_number(world, NOUN_VOLUNTEER, id);
        plain[i].rank = rand_r(&seed) % 20 - 5; /* many are equal */
    }
    for (uint32_t i = 0; i < PEOPLE; i++) {
        struct plain_candidate sorted[PEOPLE];
        consider(world, i, plain[i].rank);
        memcpy(sorted, plain, (i + 1) * sizeof *sorted);
        qsort(sorted, i + 1, sizeof *sorted, best_first);
        assert_candidates(world, sorted, i + 1 < 7 ? i + 1 : 7);
    }
}

static void propose(struct world *world, const char *volunteer, int place) {
    char data[300];
    snprintf(data, sizeof data,
             "{\"honour\":\"h\",\"year\":2018,\"subject\":{\"kind\":\"volunteer\",\"id\":\"%s\"},"
             "\"rank\":1,\"place\":%d,\"considered\":1}",
             volunteer, place);
    assert_applied(world, "honour.proposed", data);
}

static void a_new_list_of_a_year_takes_the_place_of_the_last(void **state) {
    struct world *world = *state;
    struct proposal proposal;
    world_city(world);
    define(world, "");
    propose(world, "v1", 1);
    propose(world, "v2", 2);
    assert_int_equal(proposal_get(view_of(world), 1, 2018, 2, &proposal), 0);
    assert_int_equal(proposal.volunteer, 2);
    propose(world, "v2", 1);
    assert_int_equal(proposal_get(view_of(world), 1, 2018, 1, &proposal), 0);
    assert_int_equal(proposal.volunteer, 2);
    assert_int_equal(proposal_get(view_of(world), 1, 2018, 2, &proposal), THING_NOT_FOUND);
    assert_int_equal(proposal_get(view_of(world), 1, 2017, 1, &proposal), THING_NOT_FOUND);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(nominations_of_one_person_are_found_from_the_newest),
        T(an_award_that_is_withdrawn_keeps_its_day),
        T(as_many_are_kept_as_there_are_places_best_first),
        T(a_new_list_of_a_year_takes_the_place_of_the_last),
    };
    return cmocka_run_group_tests_name("honours", tests, NULL, NULL);
}
