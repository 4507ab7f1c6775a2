/* What a record earns, asked once more: what stands is laid beside what the rules say now, and the
 * difference is made up for. An entry that is said again stays as it is; of the rest, what is
 * wished for is granted and what stands is reversed, grants first, so that nothing is owed in
 * between.
 *
 * Where earlier grants are kept, an account whose balance does not cover the difference is taken
 * down to nothing and no further, from what stands there; what was spent stays granted. */
#include "engine/decide_points.h"

#include "domain/records.h"

struct stand {
    struct standing standing;
    struct posting posting;
    struct str policy;
    int64_t left; /* of its amount */
    bool concerned;
};

/* The difference on one account of one person. */
struct sum {
    uint32_t volunteer;
    uint32_t account;
    int64_t change;
    bool is_short; /* the balance does not cover it, and what was granted is kept */
    int64_t rest;  /* of the balance, then */
    int64_t kept;
};

struct wished {
    struct wish wish;
    size_t answer;
    bool stands;
};

struct anew {
    struct asked *asked;
    const struct earner *earner;
    struct answer *answers;
    size_t n_answers;
    size_t n_stands;
    struct stand *stands;
    size_t n_wished;
    struct wished *wished;
    size_t n_sums;
    struct sum *sums;
};

/* ---- what stands ---- */

static bool governs(const struct policy_revision *const *list, size_t n, struct str policy) {
    for (size_t i = 0; i < n; i++)
        if (str_equal(list[i]->data.policy, policy))
            return true;
    return false;
}

/* Of the rule that is asked; of all rules, where all are; and in a run also what stands by rules
 * that do not apply to the record any more. */
static void mark_concerned(struct anew *anew, struct str only, uint32_t region) {
    struct asked *asked = anew->asked;
    const struct policy_revision **list;
    size_t n =
        policy_host_governing(asked->decider->host, asked_context(asked)->view, POLICY_KIND_POINTS,
                              region, asked->question->date, asked_context(asked)->arena, &list);
    for (size_t i = 0; i < anew->n_stands; i++) {
        struct stand *stand = &anew->stands[i];
        stand->concerned = !only.size || str_equal(stand->policy, only) ||
                           (asked->asking->anew && !governs(list, n, stand->policy));
    }
}

static int read_stands(struct anew *anew) {
    struct asked *asked = anew->asked;
    struct view *view = asked_context(asked)->view;
    struct cursor list;
    struct standing standing;
    int r = standing_get(view, anew->earner->record, &list);
    if (r == 0) /* an entry is four bytes at least */
        anew->stands = arena_alloc(asked_context(asked)->arena,
                                   (cursor_left(&list) / 4 + 1) * sizeof *anew->stands);
    while (r == 0 && standing_next(&list, &standing)) {
        struct stand *stand = &anew->stands[anew->n_stands++];
        const struct policy_revision *by =
            policy_host_revision(asked->decider->host, standing.revision);
        stand->standing = standing;
        stand->policy = by ? by->data.policy : STR_NONE;
        r = posting_get(view, standing.posting, &stand->posting);
        stand->left = stand->posting.amount - standing.taken;
        stand->posting.reason = arena_copy(asked_context(asked)->arena, stand->posting.reason);
    }
    return r;
}

/* ---- what is wished for ---- */

/* What a rule granted stays where it does not say anything now. */
static void leave(struct anew *anew, struct str policy) {
    for (size_t i = 0; i < anew->n_stands; i++)
        if (str_equal(anew->stands[i].policy, policy))
            anew->stands[i].concerned = false;
}

static bool has_room(const struct anew *anew, const struct answer *answer) {
    size_t bytes = decision_bytes(answer) * 2;
    struct decisions *decisions = anew->asked->decisions;
    size_t others = 0;
    for (size_t i = 0; i < anew->n_stands; i++)
        others += !str_equal(anew->stands[i].policy, answer->policy);
    if (others + anew->n_wished + answer->postings.n > POSTINGS_LIMIT ||
        decisions->bytes + bytes > DECISIONS_BYTES_LIMIT)
        return false;
    decisions->bytes += bytes;
    return true;
}

static void make_room(struct anew *anew) {
    struct arena *arena = asked_context(anew->asked)->arena;
    size_t n = 0;
    for (size_t i = 0; i < anew->n_answers; i++)
        n += anew->answers[i].postings.n;
    anew->wished = arena_alloc(arena, (n + 1) * sizeof *anew->wished);
    anew->sums = arena_alloc(arena, (n + anew->n_stands + 1) * sizeof *anew->sums);
}

static int read_answer(struct anew *anew, size_t n) {
    struct asked *asked = anew->asked;
    int r = 0;
    asked->answer = anew->answers[n];
    decision_note_answer(asked);
    bool fits = !asked->answer.failed && has_room(anew, &asked->answer);
    if (!fits) {
        leave(anew, asked->answer.policy);
        return points_withhold(asked, anew->earner,
                               asked->answer.failed ? decision_findings(asked)
                                                    : points_no_room(asked));
    }
    for (size_t i = 0; r == 0 && i < asked->answer.postings.n; i++) {
        struct wished *wished = &anew->wished[anew->n_wished++];
        wished->answer = n;
        wished->stands = false;
        r = points_wish(asked, anew->earner, i, &wished->wish);
    }
    return r;
}

static bool is_said_again(const struct stand *stand, const struct wish *wish) {
    int32_t expires = HAS(&wish->data, points_posted, expires) ? wish->data.expires : LOT_NEVER;
    return stand->standing.taken == 0 && stand->standing.volunteer == wish->volunteer &&
           stand->posting.account == wish->account && stand->left == wish->data.amount &&
           stand->posting.expires == expires && str_equal(stand->posting.reason, wish->data.reason);
}

static void match(struct anew *anew) {
    for (size_t w = 0; w < anew->n_wished; w++)
        for (size_t s = 0; s < anew->n_stands && !anew->wished[w].stands; s++) {
            struct stand *stand = &anew->stands[s];
            if (!stand->concerned || !is_said_again(stand, &anew->wished[w].wish))
                continue;
            stand->concerned = false;
            anew->wished[w].stands = true;
        }
}

/* ---- the difference ---- */

static struct sum *sum_of(struct anew *anew, uint32_t volunteer, uint32_t account) {
    for (size_t i = 0; i < anew->n_sums; i++)
        if (anew->sums[i].volunteer == volunteer && anew->sums[i].account == account)
            return &anew->sums[i];
    struct sum *sum = &anew->sums[anew->n_sums++];
    *sum = (struct sum){.volunteer = volunteer, .account = account};
    return sum;
}

static int32_t today_of(const struct anew *anew) {
    return zone_date(asked_context(anew->asked)->zone, anew->asked->asking->recorded_us);
}

static int look_at_balance(const struct anew *anew, struct sum *sum) {
    struct balance balance;
    int r = balance_get(asked_context(anew->asked)->view, sum->volunteer, sum->account, &balance);
    sum->rest = r == 0 ? balance_on(&balance, today_of(anew)) : 0;
    sum->is_short = sum->rest + sum->change < 0;
    sum->kept = -sum->change - sum->rest;
    return r < 0 ? r : 0;
}

/* What is over by now is granted and gone: nothing can be taken from it. */
static bool lasts(const struct anew *anew, const struct wish *wish) {
    return !HAS(&wish->data, points_posted, expires) || wish->data.expires >= today_of(anew);
}

static int add_up(struct anew *anew) {
    bool keeps = anew->asked->asking->keeps || !anew->asked->asking->anew;
    int r = 0;
    for (size_t i = 0; i < anew->n_stands; i++) {
        const struct stand *stand = &anew->stands[i];
        if (stand->concerned)
            sum_of(anew, stand->standing.volunteer, stand->posting.account)->change -= stand->left;
    }
    for (size_t i = 0; i < anew->n_wished; i++) {
        const struct wish *wish = &anew->wished[i].wish;
        struct sum *sum = sum_of(anew, wish->volunteer, wish->account);
        if (!anew->wished[i].stands && lasts(anew, wish))
            sum->change += wish->data.amount;
    }
    for (size_t i = 0; r == 0 && keeps && i < anew->n_sums; i++)
        r = look_at_balance(anew, &anew->sums[i]);
    return r;
}

/* ---- making up ---- */

/* What was wished for that gives (or takes). */
static int grant_some(struct anew *anew, bool gives) {
    struct asked *asked = anew->asked;
    int r = 0;
    for (size_t i = 0; r == 0 && i < anew->n_wished; i++) {
        struct wished *wished = &anew->wished[i];
        struct wish *wish = &wished->wish;
        if (wished->stands || (wish->data.amount > 0) != gives ||
            sum_of(anew, wish->volunteer, wish->account)->is_short)
            continue;
        asked->answer = anew->answers[wished->answer];
        r = points_grant(asked, anew->earner, wish);
        anew->answers[wished->answer] = asked->answer;
    }
    return r;
}

/* The answer of the rule that granted it, for its revision; what it found stands with the first
 * entry. */
static struct answer *answer_of(struct anew *anew, struct str policy) {
    for (size_t i = 0; i < anew->n_answers; i++)
        if (str_equal(anew->answers[i].policy, policy))
            return &anew->answers[i];
    return NULL;
}

static int reverse_one(struct anew *anew, const struct stand *stand, int64_t amount, int64_t kept) {
    struct asked *asked = anew->asked;
    struct answer *answer = answer_of(anew, stand->policy);
    asked->answer = answer ? *answer : (struct answer){0};
    struct list findings = asked->answer.findings;
    if (kept)
        findings = decision_add_finding(asked, findings, STR("kept_from_earlier_rule"),
                                        (struct scalar){.kind = SCALAR_INTEGER, .integer = kept});
    int r =
        points_reverse(asked, anew->earner, &stand->standing, &stand->posting, amount, findings);
    if (answer) {
        answer->findings = (struct list){0};
        answer->facts = STR_NONE;
    }
    return r;
}

/* Entries that took (or gave), with their opposite. */
static int reverse_some(struct anew *anew, bool gave) {
    int r = 0;
    for (size_t i = 0; r == 0 && i < anew->n_stands; i++) {
        const struct stand *stand = &anew->stands[i];
        if (!stand->concerned || (stand->left > 0) != gave)
            continue;
        struct sum *sum = sum_of(anew, stand->standing.volunteer, stand->posting.account);
        int64_t amount = stand->left;
        if (sum->is_short) {
            amount = !gave ? 0 : sum->rest < amount ? sum->rest : amount;
            sum->rest -= amount;
        }
        if (amount)
            r = reverse_one(anew, stand, -amount, sum->is_short ? sum->kept : 0);
    }
    return r;
}

static int make_up(struct anew *anew) {
    int r = grant_some(anew, true);
    if (r == 0)
        r = reverse_some(anew, false);
    if (r == 0)
        r = grant_some(anew, false);
    return r == 0 ? reverse_some(anew, true) : r;
}

int points_anew(struct asked *asked, const struct earner *earner, struct str only) {
    struct anew self = {.asked = asked, .earner = earner}, *anew = &self;
    struct record record;
    int r = record_get(asked_context(asked)->view, earner->record, &record);
    uint32_t region = r == 0 ? record.row.region : 0;
    if (r == 0)
        r = read_stands(anew);
    if (r == 0)
        mark_concerned(anew, only, region);
    if (r == 0 && earner->entitled)
        r = points_ask(asked, only, &anew->answers, &anew->n_answers);
    if (r == 0)
        make_room(anew);
    for (size_t i = 0; r == 0 && i < anew->n_answers; i++)
        r = read_answer(anew, i);
    if (r != 0)
        return r;
    match(anew);
    r = add_up(anew);
    return r == 0 ? make_up(anew) : r;
}
