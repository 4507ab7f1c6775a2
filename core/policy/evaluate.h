/* The one evaluation function: a question, the state as a view shows it, the policy in force -> an
 * answer. Live decisions, explanations, simulation and replays of a decision all come through here.
 *
 * A host holds compiled policies in a Lua state of its own; one host per thread. Nothing of a call
 * survives it. Budgets count instructions, bytes and result size, never time, so that they stop at
 * the same place everywhere. Threads: one owner. Memory: the answer lives in the arena given.
 * Errors: a policy's failure is an answer (answer.failed), never an error; < 0 only where the state
 * cannot be read. */
#pragma once

#include "domain/city.h"
#include "domain/counters.h"
#include "domain/policies.h"
#include "domain/records.h"
#include "domain/volunteers.h"

struct policy_host;

struct policy_limits {
    uint64_t instructions; /* per call */
    uint64_t memory_bytes; /* per call, over what the loaded policies hold */
    uint32_t result_bytes; /* findings and result */
};
#define POLICY_LIMITS_DEFAULT ((struct policy_limits){1000000, UINT64_C(16) << 20, 65536})

struct policy_host *policy_host_new(const struct policy_limits *limits);
void policy_host_free(struct policy_host *host);
/* Makes the host hold what is in force in this view; cheap when the generation has not changed. A
 * revision that does not load is logged and answers `failed` when it is asked. */
int policy_host_sync(struct policy_host *host, struct view *view);
/* Called with the revision before a policy of the host runs and with none after: for the watchdog.
 * May be NULL. */
void policy_host_watch(struct policy_host *host,
                       void (*running)(void *context, struct str revision), void *context);

/* Counts there what the host's policies are asked; NULL: nowhere. It outlives the host. */
struct meter;
void policy_host_meter(struct policy_host *host, struct meter *meter);

/* From here on, or no longer, answers come without the facts that were read; all else is the same.
 * For whoever asks about many and keeps none of it. */
void policy_host_forget_facts(struct policy_host *host, bool forget);

struct answer {
    bool asked;  /* false: no policy of that kind is in force for that scope and date */
    bool failed; /* error, budget or wrong shape: `failure` says what; nothing else is set */
    struct str failure;
    struct str policy;              /* its name: kinds points, honour; borrowed as revision */
    struct str revision;            /* borrowed from the host until its next sync */
    int32_t outcome;                /* of `outcomes` */
    const struct choices *outcomes; /* OUTCOME, ENROLMENT_OUTCOME (eligibility), STANDING
                                       (standing); NULL: the kind has none, or it failed */
    int64_t minutes;                /* acceptance */
    int64_t stars;                  /* star_rating */
    struct list titles;             /* of struct str */
    int32_t valid_until;            /* date, INT32_MIN: none; of standing: until */
    bool on_application;            /* star_rating: totals alone raise nobody */
    int32_t approved_by;            /* APPROVAL_LEVEL_choice + 1; 0: nobody */
    int64_t notice_days;            /* working days; 0: none */
    int64_t appeal_days;            /* of standing; 0: not said */
    bool nominate;                  /* honour */
    int64_t rank;                   /* honour: higher comes first */
    struct str class;               /* honour: code of honour_class; none: not said */
    struct list postings; /* of struct points_posted, without a volunteer: the subject's; points */
    struct list findings; /* of struct finding */
    struct list indicators; /* of struct indicator: assessment */
    struct list alerts;     /* of struct answer_alert: assessment */
    struct str json;  /* assessment: the indicators as a JSON list; bulletin: the document, a JSON
                         object {"title","sections",...}; else none */
    struct str facts; /* encoded: see facts.h */
    bool steady; /* nothing was read but counts, figures and titles of the subject: until one of
                    these changes, or another rule comes into force, the answer stays */
};

/* One line of an assessment. */
struct indicator {
    struct str id;
    struct str title; /* none: not given */
    struct str state; /* "met", "not_met", "no_data" or the policy's own word */
    bool has_value;
    bool has_target;
    bool has_score;
    bool has_max;
    bool veto; /* as it stands it is in the way of a civilised title */
    struct scalar value;
    struct scalar target;
    int64_t score;
    int64_t max;
    struct str evidence; /* JSON object of scalars; none: not given */
};

/* What somebody must look at, as long as the policy says so. */
struct answer_alert {
    struct str code;
    enum ALERT_SEVERITY_choice severity;
    struct str text;
    struct str help; /* what to do about it */
};

/* Who asks: goes into context.cause. */
enum question_cause { CAUSE_EVENT, CAUSE_SCHEDULE, CAUSE_ON_DEMAND };

int policy_evaluate(struct policy_host *host, struct view *view, const struct city *city,
                    const struct question *question, enum question_cause cause,
                    struct str event_type, struct arena *arena, struct answer *ret_answer);

/* Of one answer, and of what stands of one record. */
#define POSTINGS_LIMIT 64

/* What every points policy in force says about a record (NOUN_RECORD) or a person: one answer for
 * each that was asked, in the order of their names, all about the same state. `only`: that name
 * alone; may be none. */
int policy_points(struct policy_host *host, struct view *view, const struct city *city,
                  const struct question *question, struct str only, struct str event_type,
                  struct arena *arena, struct answer **ret_answers, size_t *ret_n);
/* Whether a policy of that kind was ever activated. */
bool policy_host_knows(const struct policy_host *host, enum POLICY_KIND_choice kind);

/* What the honour policies in force say about one candidate for an honour: one answer for each that
 * was asked, in the order of their names. `only`: that name alone; may be none. */
int policy_honour(struct policy_host *host, struct view *view, const struct city *city,
                  uint32_t volunteer, uint32_t honour, struct str only, int32_t as_of,
                  enum question_cause cause, struct str event_type, struct arena *arena,
                  struct answer **ret_answers, size_t *ret_n);
/* A revision by its number; borrowed until the next sync. NULL: there is none. */
const struct policy_revision *policy_host_revision(struct policy_host *host, uint32_t number);
/* Those that a subject in that region is asked about by on that day: one, or of kinds with several
 * policies all of the nearest scope, by name. In the arena. */
size_t policy_host_governing(struct policy_host *host, struct view *view,
                             enum POLICY_KIND_choice kind, uint32_t region, int32_t date,
                             struct arena *arena, const struct policy_revision ***ret_list);
/* Whether this revision is one of them, or a newer one has its place (its scope, its name). */
bool policy_host_governs(struct policy_host *host, struct view *view, uint32_t revision,
                         uint32_t region, int32_t date, struct arena *arena);
/* As policy_evaluate, but by this revision, whether it is in force or not. */
int policy_evaluate_by(struct policy_host *host, struct view *view, const struct city *city,
                       const struct question *question, uint32_t revision,
                       enum question_cause cause, struct str event_type, struct arena *arena,
                       struct answer *ret_answer);

/* Whether a policy of that kind that is or may come in force names `points` in its text or its
 * library: one that does not is not asked when points change. */
bool policy_host_reads_points(const struct policy_host *host, enum POLICY_KIND_choice kind);
/* The same of `rating` and `ratings`, when somebody rates. */
bool policy_host_reads_ratings(const struct policy_host *host, enum POLICY_KIND_choice kind);

/* How a region or an organisation stands, by every assessment policy in force for it: one answer
 * for each that was asked, in the order of their names. `at`: COUNTER_NOW, or the past day at whose
 * end facts are to be as they were known. */
int policy_assess(struct policy_host *host, struct view *view, const struct city *city,
                  enum noun noun, uint32_t number, int32_t as_of, int32_t at,
                  enum question_cause cause, struct str event_type, struct arena *arena,
                  struct answer **ret_answers, size_t *ret_n);
/* Whether between these days (the last included) another policy of that kind, or another set of
 * parameters of one that was asked, may have come into force for some subject. */
bool policy_host_turns(const struct policy_host *host, enum POLICY_KIND_choice kind, int32_t after,
                       int32_t until);
/* The bulletin of that kind about a region, by the policy named bulletin_<kind> of the nearest
 * scope; answer.asked is false where there is none. `period`: as it was asked for, may be none. */
int policy_bulletin(struct policy_host *host, struct view *view, const struct city *city,
                    enum BULLETIN_KIND_choice kind, uint32_t region, int32_t as_of, int32_t at,
                    struct str period, struct arena *arena, struct answer *ret_answer);

/* A finding as the revision's `texts` words it ("累计 812 小时"), or the bare code where it has
 * none. */
struct str policy_finding_text(struct policy_host *host, struct str revision,
                               const struct finding *finding, struct arena *arena);
