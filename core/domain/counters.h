/* Counters up the region tree and for organisations: what stands, and what stood at the end of any
 * past day.
 *
 * One table (COUNTERS) gives each counter's name; the same names stand in events' measures, Lua's
 * count(), queries and reports. Counters lie in groups, one packed row for each (group, region or
 * organisation, month): what one event changes together lies together. Month 0 holds what is now
 * and the totals of all time; other months (months since year 0, as util/calendar.h has them) hold
 * what was served, filed, due or taken back in them, groups SERVICE, CARE, CORRECTIONS and POSTS
 * alone. Of group CARE a region has further rows, one for each code of a dictionary: what is of
 * that category, or served group.
 *
 * The end of a past day can be read as well as the present: domain/past.h.
 *
 * People count where they live and for their employer; service counts where the activity is.
 * Threads: the view's owner. */
#pragma once

#include "domain/regions.h"

/* C(GROUP, name): order within a group is for ever; new ones go to a group's end. */
#define COUNTERS(C)                                                                                \
    C(PEOPLE, volunteers)               /* registered, not withdrawn or dead */                    \
    C(PEOPLE, in_service_party_members) /* of those */                                             \
    C(PEOPLE, stars_0)                                                                             \
    C(PEOPLE, stars_1)                                                                             \
    C(PEOPLE, stars_2)                                                                             \
    C(PEOPLE, stars_3)                                                                             \
    C(PEOPLE, stars_4)                                                                             \
    C(PEOPLE, stars_5)                                                                             \
    /* Of those: by decade of birth, not by age, which passes without an event; by occupation (the \
     * shipped codes; what a city added is other); and what is missing of them. */                 \
    C(PEOPLE, born_before_1950)                                                                    \
    C(PEOPLE, born_1950s)                                                                          \
    C(PEOPLE, born_1960s)                                                                          \
    C(PEOPLE, born_1970s)                                                                          \
    C(PEOPLE, born_1980s)                                                                          \
    C(PEOPLE, born_1990s)                                                                          \
    C(PEOPLE, born_2000s)                                                                          \
    C(PEOPLE, born_since_2010)                                                                     \
    C(PEOPLE, occupation_civil_servant)                                                            \
    C(PEOPLE, occupation_institution_staff)                                                        \
    C(PEOPLE, occupation_enterprise_staff)                                                         \
    C(PEOPLE, occupation_teacher)                                                                  \
    C(PEOPLE, occupation_medical_staff)                                                            \
    C(PEOPLE, occupation_student)                                                                  \
    C(PEOPLE, occupation_farmer)                                                                   \
    C(PEOPLE, occupation_self_employed)                                                            \
    C(PEOPLE, occupation_freelancer)                                                               \
    C(PEOPLE, occupation_soldier)                                                                  \
    C(PEOPLE, occupation_retired)                                                                  \
    C(PEOPLE, occupation_unemployed)                                                               \
    C(PEOPLE, occupation_other)                                                                    \
    C(PEOPLE, without_sex)                                                                         \
    C(PEOPLE, without_education)                                                                   \
    C(PEOPLE, without_skills)                                                                      \
    C(PEOPLE, without_identity)                                                                    \
    C(SERVICE, minutes)          /* accepted */                                                    \
    C(SERVICE, records)          /* accepted */                                                    \
    C(SERVICE, activities)       /* published, not cancelled */                                    \
    C(SERVICE, held)             /* records waiting for a reviewer; now only */                    \
    C(SERVICE, carried_minutes)  /* of earlier years, kept apart from minutes; now only */         \
    C(SERVICE, trainings)        /* passed, by where the person lived and worked then */           \
    C(SERVICE, trainings_theory) /* of those, by topic: in the order of COURSE_TOPIC */            \
    C(SERVICE, trainings_knowledge)                                                                \
    C(SERVICE, trainings_skill)                                                                    \
    C(SERVICE, households)       /* visited: the quantity of that name of accepted records */      \
    C(NETWORK, teams)            /* formed, not dissolved */                                       \
    C(NETWORK, projects)         /* defined, not closed */                                         \
    C(NETWORK, stations_planned) /* all that are not closed */                                     \
    C(NETWORK, stations_built)   /* of those: 建成, in use or not */                             \
    C(NETWORK, stations_opened)  /* of those: 投入使用 */                                      \
    C(NETWORK, stations_staff)   /* of those: 人员 evidenced */                                  \
    C(NETWORK, stations_funds)   /* 经费 */                                                      \
    C(NETWORK, stations_venue)   /* 场地 */                                                      \
    C(NETWORK, stations_team)    /* 队伍 */                                                      \
    /* Organisations that hold the title 文明单位, by level of the title; where the number of  \
     * their staff is known also that, and the volunteers they employ. */                          \
    C(NETWORK, units_county)                                                                       \
    C(NETWORK, units_municipal)                                                                    \
    C(NETWORK, units_provincial)                                                                   \
    C(NETWORK, units_national)                                                                     \
    C(NETWORK, units_without_staff_county)                                                         \
    C(NETWORK, units_without_staff_municipal)                                                      \
    C(NETWORK, units_without_staff_provincial)                                                     \
    C(NETWORK, units_without_staff_national)                                                       \
    C(NETWORK, unit_staff_county)                                                                  \
    C(NETWORK, unit_staff_municipal)                                                               \
    C(NETWORK, unit_staff_provincial)                                                              \
    C(NETWORK, unit_staff_national)                                                                \
    C(NETWORK, unit_volunteers_county)                                                             \
    C(NETWORK, unit_volunteers_municipal)                                                          \
    C(NETWORK, unit_volunteers_provincial)                                                         \
    C(NETWORK, unit_volunteers_national)                                                           \
    /* What somebody asked for and is owed an answer. */                                           \
    C(CASES, certificates_open) /* requested of its organisations, not answered yet */             \
    C(CASES, certificates_issued)                                                                  \
    C(CASES, certificates_refused)                                                                 \
    C(CASES, certificates_revoked) /* of those that were issued */                                 \
    C(CASES, final_records)        /* accepted, and their public notice is over; now only */       \
    C(CASES, disputed)             /* records that their volunteer disputes; now only */           \
    C(CASES, notices)              /* public notices under way; now only */                        \
    C(CARE, needs_filed)           /* ever; a month: filed in it */                                \
    C(CARE, needs_open)            /* not closed; a month: of those filed in it */                 \
    C(CARE, needs_matched)         /* of those open */                                             \
    C(CARE, needs_referred)        /* of those open */                                             \
    C(CARE, needs_closed)          /* a month: of those filed in it */                             \
    C(CARE, needs_met)             /* of those closed */                                           \
    C(CARE, beneficiaries)         /* enrolled, not left */                                        \
    C(CARE, care_plans)            /* of those: with a plan */                                     \
    C(CARE, visits_overdue)        /* of those: not visited since a visit was missed */            \
    C(CARE, visits)                /* accepted service at somebody; a month: on its days */        \
    C(CARE, visits_missed)         /* a month: that were due in it */                              \
    C(CARE, ratings_1)             /* of service, by who was served; a month: of its days */       \
    C(CARE, ratings_2)                                                                             \
    C(CARE, ratings_3)                                                                             \
    C(CARE, ratings_4)                                                                             \
    C(CARE, ratings_5)                                                                             \
    C(CARE, organiser_ratings) /* by who held the activity */                                      \
    C(CARE, organiser_rating_sum)                                                                  \
    /* Records that a second look is asked for (domain/record_checks.h): by their answer, and by   \
     * the signal that asks, all of those raised, those that were found real, those found false.   \
     */                                                                                            \
    C(INTEGRITY, checks_open)                                                                      \
    C(INTEGRITY, checks_real)                                                                      \
    C(INTEGRITY, checks_false)                                                                     \
    C(INTEGRITY, signal_back_office)                                                               \
    C(INTEGRITY, signal_no_attendance)                                                             \
    C(INTEGRITY, signal_overlap)                                                                   \
    C(INTEGRITY, signal_same_second)                                                               \
    C(INTEGRITY, signal_entry_rate)                                                                \
    C(INTEGRITY, signal_quick_approval)                                                            \
    C(INTEGRITY, signal_one_approver)                                                              \
    C(INTEGRITY, signal_spot_check)                                                                \
    C(INTEGRITY, real_back_office)                                                                 \
    C(INTEGRITY, real_no_attendance)                                                               \
    C(INTEGRITY, real_overlap)                                                                     \
    C(INTEGRITY, real_same_second)                                                                 \
    C(INTEGRITY, real_entry_rate)                                                                  \
    C(INTEGRITY, real_quick_approval)                                                              \
    C(INTEGRITY, real_one_approver)                                                                \
    C(INTEGRITY, real_spot_check)                                                                  \
    C(INTEGRITY, false_back_office)                                                                \
    C(INTEGRITY, false_no_attendance)                                                              \
    C(INTEGRITY, false_overlap)                                                                    \
    C(INTEGRITY, false_same_second)                                                                \
    C(INTEGRITY, false_entry_rate)                                                                 \
    C(INTEGRITY, false_quick_approval)                                                             \
    C(INTEGRITY, false_one_approver)                                                               \
    C(INTEGRITY, false_spot_check)                                                                 \
    C(HONOURS, nominations_open) /* neither awarded nor refused or withdrawn; now only */          \
    C(HONOURS, honours_awarded)  /* and not withdrawn */                                           \
    C(HONOURS, cases_nominated)  /* waiting to be looked into */                                   \
    C(HONOURS, cases_verified)   /* waiting to be published */                                     \
    C(HONOURS, cases_refused)                                                                      \
    C(HONOURS, cases_published)                                                                    \
    C(HONOURS, cases_withdrawn)                                                                    \
    /* What the city asks of its organisations (domain/campaigns.h), by where they lay then. */    \
    C(CAMPAIGN, notices_to)       /* receipts that are asked for: one for each addressee */        \
    C(CAMPAIGN, notices_received) /* of those, given */                                            \
    C(CAMPAIGN, notices_late)     /* of those given: after their day */                            \
    C(CAMPAIGN, tasks_open)       /* not accepted */                                               \
    C(CAMPAIGN, tasks_reported)   /* of those open: wait to be accepted or returned */             \
    C(CAMPAIGN, tasks_overdue)    /* of those open: their day is over, nothing is reported */      \
    C(CAMPAIGN, tasks_accepted)                                                                    \
    C(CAMPAIGN, tasks_late) /* reported after their day, and not returned */                       \
    C(CAMPAIGN, commitments_made)                                                                  \
    C(CAMPAIGN, commitments_kept)    /* of those */                                                \
    C(CAMPAIGN, commitments_late)    /* of those kept: after their day */                          \
    C(CAMPAIGN, commitments_overdue) /* not kept, and their day is over */                         \
    /* What took back of records that had counted: ever; a month: of those of its days. */         \
    C(CORRECTIONS, records_corrected)                                                              \
    C(CORRECTIONS, records_revoked) /* or found false */                                           \
    C(POSTS, pairings)      /* agreed, not ended: of communities and the units that have them */   \
    C(POSTS, posts)         /* open */                                                             \
    C(POSTS, posts_claimed) /* of those: somebody's claim is accepted */                           \
    C(POSTS, posts_overdue) /* of those: nobody came since a day of duty was missed */             \
    C(POSTS, post_claims)   /* accepted, of posts that are open */                                 \
    C(POSTS, duty_days)     /* days of duty calendars that are over; a month: of its days */       \
    C(POSTS, duties_done)   /* a month: on its days */                                             \
    C(POSTS, duties_missed) /* of duty_days: on which nobody came */                               \
    C(POSTS, duty_findings) /* of duties_done: that found something */                             \
    /* Party members in service who have reported in: of the unit whose they are, and of the       \
     * community they reported in to. */                                                           \
    C(POSTS, members_reported_in)                                                                  \
    C(ALARMS, alerts_raised)       /* ever */                                                      \
    C(ALARMS, alerts_open)         /* not cleared */                                               \
    C(ALARMS, alerts_acknowledged) /* of those open */                                             \
    C(ALARMS, evidence_open)       /* handed in for an assessment, not reviewed */                 \
    C(ALARMS, evidence_accepted)                                                                   \
    C(ALARMS, evidence_refused)

enum counter {
#define C(group, name) COUNTER_##name,
    COUNTERS(C)
#undef C
        COUNTER_COUNT
};
#define COUNTER_STARS COUNTER_stars_0 /* + stars, 0 to 5 */
#define COUNTER_COHORTS COUNTER_born_before_1950
#define N_COHORTS 8
#define COUNTER_OCCUPATIONS COUNTER_occupation_civil_servant
#define N_OCCUPATIONS 13
/* + SIGNAL_choice */
#define COUNTER_SIGNALS COUNTER_signal_back_office
#define COUNTER_SIGNALS_REAL COUNTER_real_back_office
#define COUNTER_SIGNALS_FALSE COUNTER_false_back_office

enum counter_group {
    COUNTER_PEOPLE,
    COUNTER_SERVICE,
    COUNTER_NETWORK,
    COUNTER_CASES,
    COUNTER_CARE,
    COUNTER_INTEGRITY,
    COUNTER_HONOURS,
    COUNTER_CAMPAIGN,
    COUNTER_CORRECTIONS,
    COUNTER_POSTS,
    COUNTER_ALARMS,
    COUNTER_GROUPS
};

const char *counter_name(enum counter counter);
enum counter_group counter_group(enum counter counter);
enum counter counter_find(struct str name); /* COUNTER_COUNT where there is none */

/* ---- reading: `at` is the last day whose end still counts; COUNTER_NOW: as things stand ---- */

#define COUNTER_NOW INT32_MAX

/* All of them for a region or organisation: what is now, and totals of all time. */
struct counter_row {
    union {
        int64_t value[COUNTER_COUNT];
        struct {
#define C(group, name) int64_t name;
            COUNTERS(C)
#undef C
        };
    };
};
int counter_get(struct view *view, int32_t at, enum noun noun, uint32_t number,
                struct counter_row *ret_row);
/* One of them. */
int counter_value(struct view *view, int32_t at, enum noun noun, uint32_t number,
                  enum counter counter, int64_t *ret_value);
/* The last day on which any of them was changed; 0: never. What an assessment itself counts (group
 * ALARMS) is left out. */
int counter_changed_on(struct view *view, enum noun noun, uint32_t number, int32_t *ret_date);
/* All of group CARE (the others are 0) for a code of a dictionary, by its number. */
int counter_get_code(struct view *view, int32_t at, uint32_t region,
                     enum DICTIONARY_choice dictionary, uint32_t code, struct counter_row *ret_row);
/* Whether a counter is kept for months too. */
bool counter_has_months(enum counter counter);
/* One of groups SERVICE, CARE, CORRECTIONS and POSTS over whole months, first and last included. */
int counter_months(struct view *view, int32_t at, enum noun noun, uint32_t number,
                   enum counter counter, int32_t first_month, int32_t last_month,
                   int64_t *ret_value);

/* ---- writing: for apply functions ---- */

struct counter_change {
    enum counter counter;
    int64_t by;
};
/* Adds to the region and every parent; with a month also to the totals of all time. */
int counter_add_region(struct context *context, int32_t month, uint32_t region,
                       const struct counter_change *changes, size_t n);
/* What is of a code as well: to the region's row of that code, and its parents'. */
int counter_add_region_code(struct context *context, uint32_t region,
                            enum DICTIONARY_choice dictionary, uint32_t code,
                            const struct counter_change *changes, size_t n);
int counter_add_organisation(struct context *context, int32_t month, uint32_t organisation,
                             const struct counter_change *changes, size_t n);
/* What belongs to a region, or to an organisation that lies in it, and is not of a month. */
int counter_add_subject(struct context *context, enum noun noun, uint32_t number, uint32_t region,
                        const struct counter_change *changes, size_t n);
/* Whether what stands in place of the month in a row's key is a code: dictionary (7 bits), number
 * (8). */
static inline bool counter_part_is_code(uint16_t part) {
    return part & 0x8000;
}
/* A region with all below it gets another parent: its present counters of every month go with it.
 * What the parents held at the end of past days stays. */
int counter_move_region(struct context *context, uint32_t region, uint32_t old_parent,
                        uint32_t new_parent);

/* ---- a row's bytes, for the export ---- */

/* Values of the group's counters, in order; 0, or > 0 where it is not of this form. */
int counter_row_decode(enum counter_group group, struct str row, int32_t *ret_changed_on,
                       int64_t *ret_values, size_t *ret_n);
