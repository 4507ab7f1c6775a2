#include "domain/policy_runs.h"

#include "domain/assessments.h"
#include "domain/runs.h"
#include "domain/schedules.h"

/* RUN_KINDS: none. */
static const struct consequence {
    enum run_kind anew;      /* what a revision that looks back begins */
    enum run_kind scheduled; /* what its schedule begins */
} consequences[POLICY_KIND_COUNT] = {
    [POLICY_KIND_REGISTRATION] = {RUN_KINDS, RUN_KINDS},
    [POLICY_KIND_ELIGIBILITY] = {RUN_KINDS, RUN_KINDS},
    [POLICY_KIND_ACCEPTANCE] = {RUN_ACCEPTANCE, RUN_KINDS},
    [POLICY_KIND_POINTS] = {RUN_RECORD_POINTS, RUN_PERSON_POINTS},
    [POLICY_KIND_REDEMPTION] = {RUN_KINDS, RUN_KINDS},
    [POLICY_KIND_STAR_RATING] = {RUN_STARS, RUN_STARS},
    [POLICY_KIND_STANDING] = {RUN_STANDING, RUN_STANDING},
    [POLICY_KIND_HONOUR] = {RUN_KINDS, RUN_CANDIDATES},
    [POLICY_KIND_ASSESSMENT] = {RUN_ASSESSED, RUN_KINDS},
    [POLICY_KIND_BULLETIN] = {RUN_KINDS, RUN_KINDS},
};

bool policy_kind_may_be_retroactive(enum POLICY_KIND_choice kind) {
    return consequences[kind].anew != RUN_KINDS;
}

bool policy_kind_may_be_scheduled(enum POLICY_KIND_choice kind) {
    return consequences[kind].scheduled != RUN_KINDS;
}

/* Of these, records are what is decided anew, each by the day of its service. */
static bool walks_records(enum run_kind kind) {
    return kind == RUN_ACCEPTANCE || kind == RUN_RECORD_POINTS;
}

static int begin(struct context *context, const struct policy_revision *revision,
                 enum run_kind kind, int32_t as_of, bool scheduled) {
    const struct policy_activated *data = &revision->data;
    struct run_row run = {.kind = (uint32_t)kind,
                          .revision = revision->number,
                          .as_of = as_of,
                          .scheduled = scheduled,
                          .keeps = !HAS(data, policy_activated, withdraw) || !data->withdraw,
                          .served_since = data->retroactivity == RETROACTIVITY_FROM_DATE
                                              ? data->effective
                                              : INT32_MIN};
    int r = 0;
    if (kind == RUN_KINDS)
        return 0;
    if (kind == RUN_ASSESSED)
        run.last = assessed_count(context->view);
    else
        r = thing_count(context->view, walks_records(kind) ? NOUN_RECORD : NOUN_VOLUNTEER,
                        &run.last);
    return r == 0 ? run_begin_as(context, &run) : r;
}

/* It holds from today on, or has for a while. */
static int look_back(struct context *context, struct policy_revision *revision, int32_t today) {
    enum run_kind kind = consequences[revision->data.kind].anew;
    if (walks_records(kind) && revision->data.retroactivity == RETROACTIVITY_ALL_HISTORY &&
        !revision->reaches_back)
        policy_reach_back(context, revision);
    return begin(context, revision, kind, today, false);
}

int policy_runs_begin(struct context *context, struct policy_revision *revision) {
    int32_t today = context_today(context);
    if (revision->data.retroactivity == RETROACTIVITY_FROM_NOW || revision->data.effective > today)
        return 0;
    return look_back(context, revision, today);
}

/* ---- a day begins ---- */

/* A day from which a set of parameters holds is that day. */
static bool has_set(const struct policy_activated *data, int32_t date) {
    const struct str *sets = data->sets.items;
    int32_t from;
    for (size_t i = 0; i < data->sets.n; i++)
        if (date_parse(sets[i], &from) == 0 && from == date)
            return true;
    return false;
}

static int come_into_force(struct context *context, struct policy_revision *revision,
                           int32_t date) {
    const struct policy_activated *data = &revision->data;
    bool begins = data->effective == date;
    bool records = walks_records(consequences[data->kind].anew);
    if (data->retroactivity == RETROACTIVITY_FROM_NOW || data->effective > date)
        return 0;
    /* Nothing was served on days that are still to come. */
    if (records && !(begins && data->retroactivity == RETROACTIVITY_ALL_HISTORY))
        return 0;
    return begins || has_set(data, date) ? look_back(context, revision, date) : 0;
}

/* All that there are, as the day begins. */
struct rules {
    struct policy_revision *list;
    size_t n;
};

/* Whether this is the revision in force in its scope on that day: the newest there, of kinds with
 * several policies the newest of its name. */
static bool is_in_force(const struct rules *rules, const struct policy_revision *revision,
                        int32_t by) {
    if (!policy_revision_holds(revision, by))
        return false;
    for (size_t i = revision->number; i < rules->n; i++)
        if (policy_revision_holds(&rules->list[i], by) &&
            policy_revisions_compete(&rules->list[i], revision))
            return false;
    return true;
}

static int follow_schedule(struct context *context, const struct rules *rules,
                           const struct policy_revision *revision, int32_t date) {
    enum run_kind kind = consequences[revision->data.kind].scheduled;
    if (!schedule_falls_on(revision->data.schedule, date) ||
        !is_in_force(rules, revision, date - 1))
        return 0;
    return begin(context, revision, kind, date - 1, true);
}

int policy_runs_of_day(struct context *context, int32_t date) {
    struct rules rules;
    int r = policy_list(context->view, context->arena, &rules.list, &rules.n);
    for (size_t i = 0; r == 0 && i < rules.n; i++)
        r = follow_schedule(context, &rules, &rules.list[i], date);
    for (size_t i = 0; r == 0 && i < rules.n; i++)
        if (is_in_force(&rules, &rules.list[i], date))
            r = come_into_force(context, &rules.list[i], date);
    return r;
}
