/* What the files of this folder share. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "domain/city.h"
#include "domain/regions.h"
#include "simulation/diff.h"
#include "simulation/tally.h"

struct diff_worker;

/* One row a kind that can be compared (judge.c). */
struct diff_kind {
    enum POLICY_KIND_choice kind;
    const char *subjects; /* "volunteers", "records": as the document says */
    enum noun noun;
    /* One subject, asked twice. */
    int (*judge)(struct diff_worker *worker, uint32_t number);
    /* One person, besides: of a rule with a schedule. NULL: nobody is. */
    int (*judge_person)(struct diff_worker *worker, uint32_t number);
    const char *const *words; /* of the values, from CLASS_FIRST on */
    size_t n_words;
    bool more_is_better; /* of the words */
    bool amounts;        /* what counts is sums for each person: see amounts.h */
};
const struct diff_kind *diff_kind_find(enum POLICY_KIND_choice kind);
/* "none", "failed" or the kind's word. */
const char *diff_class_text(const struct diff_kind *kind, size_t class);

/* Where subjects lie: the regions that are reported, one level below the scope, and what belongs to
 * each. */
struct diff_places {
    uint32_t n_regions;
    uint32_t *group; /* by region number: place in `groups`, or NO_GROUP: outside of the scope */
    size_t n_groups;
    uint32_t *groups; /* region numbers */
};
#define NO_GROUP UINT32_MAX
int diff_places_init(struct diff_places *places, struct view *view, uint32_t scope);
void diff_places_deinit(struct diff_places *places);
static inline uint32_t diff_group_of(const struct diff_places *places, uint32_t region) {
    return region <= places->n_regions ? places->group[region] : NO_GROUP;
}

/* Sums that a person gets under either side, by account: minutes, or accounts of the ledger. */
#define AMOUNT_ACCOUNTS 8
struct diff_account {
    struct str code;              /* "minutes", or the account's */
    _Atomic int64_t *sums[SIDES]; /* by volunteer number */
};
struct diff_amounts {
    uint32_t n_volunteers;
    size_t n_accounts;
    struct diff_account accounts[AMOUNT_ACCOUNTS];
};
int diff_amounts_init(struct diff_amounts *amounts, struct view *view, const struct diff_kind *kind,
                      struct arena *arena);
void diff_amounts_deinit(struct diff_amounts *amounts);
/* Adds to the account of that code. */
void diff_amount_add(struct diff_amounts *amounts, enum side side, struct str account,
                     uint32_t volunteer, int64_t amount);
/* Walks over the persons and tallies who gains and loses. */
struct diff;
int diff_amounts_tally(struct diff *diff, struct view *view, struct tally *tally);

struct diff {
    const struct diff_plan *plan;
    const struct diff_kind *kind;
    struct store *store;
    struct arena *arena;
    struct city city;
    struct store_head head; /* of the snapshot */
    struct diff_places places;
    struct diff_amounts amounts;
    uint32_t n; /* subjects of this walk */
    int (*judge)(struct diff_worker *worker, uint32_t number);
    int64_t started_us;
    _Atomic uint64_t next; /* the first of the block that is taken next, less one */
    _Atomic uint64_t done;
    _Atomic int error;
    _Atomic bool stop;
    _Atomic unsigned n_working;
};

/* A snapshot is not held for ever. */
bool diff_is_late(const struct diff *diff);

struct diff_worker {
    struct diff *diff;
    pthread_t thread;
    struct view *view;
    struct policy_host *hosts[SIDES];
    struct arena arena; /* of one subject */
    struct tally tally;
};

/* Asks about a subject and says how the answer counts: a class. */
int diff_ask(struct diff_worker *worker, enum side side, const struct question *question,
             struct answer *ret_answer);

/* The document, of all that was counted. `worker`: whose hosts say why, about the examples. */
int diff_document(struct diff *diff, struct diff_worker *worker, const struct tally *tally,
                  json_t **ret_document);
/* Who loses most, with reasons. */
int diff_examples(struct diff *diff, struct diff_worker *worker, const struct tally *tally,
                  json_t **ret_list);
/* `distance`: how far those who lose are from what they lose, where the draft's findings say so. Of
 * so many of them at most. */
#define DISTANCE_SAMPLE 1000
int diff_distance(struct diff *diff, struct diff_worker *worker, const struct tally *tally,
                  json_t *document);
/* What so many units of an account cost at most; false where no reward on offer says it. */
bool diff_cost_fen(struct view *view, struct str account, int64_t amount, struct arena *arena,
                   int64_t *ret_fen);
/* Of assessments: its own walk and document. */
int diff_assessments(struct diff *diff, struct diff_worker *worker, json_t **ret_document);
/* What every document begins with. */
json_t *diff_head(struct diff *diff, struct diff_worker *worker, uint64_t judged);
void diff_put_failures(json_t *document, const struct tally *tally);
/* Puts `seconds`, `rate` and the summary, at the end. */
void diff_finish(struct diff *diff, json_t *document);
