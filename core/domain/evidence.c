#include "domain/evidence.h"

#include "domain/assessments.h"
#include "domain/counters.h"
#include "domain/organisations.h"
#include "util/error.h"

#define PROOFS_LIMIT 1000 /* accepted of one item of one subject */
#define ITEM_BYTES 64

/* ---- reading ---- */

const char *evidence_state_text(enum evidence_state state) {
    static const char *const texts[EVIDENCE_STATES] = {"submitted", "accepted", "refused"};
    return state < EVIDENCE_STATES ? texts[state] : "unknown";
}

int evidence_get(struct view *view, uint32_t number, struct evidence_record *ret_evidence) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_EVIDENCE, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_evidence->row);
    ret_evidence->reviewed_by = cursor_counted(&in);
    ret_evidence->review = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "the row of evidence cannot be read");
    memcpy(&ret_evidence->row, fixed.data, sizeof ret_evidence->row);
    return 0;
}

size_t proof_count(struct str row) {
    return row.size / sizeof(struct proof);
}

struct proof proof_at(struct str row, size_t i) {
    struct proof proof;
    memcpy(&proof, row.data + i * sizeof proof, sizeof proof);
    return proof;
}

static struct str proof_key(char key[static PROOF_KEY_BYTES + ITEM_BYTES], enum noun noun,
                            uint32_t number, struct str item) {
    size_t size = item.size < ITEM_BYTES ? item.size : ITEM_BYTES;
    thing_key(key, noun, number);
    if (size)
        memcpy(key + PROOF_KEY_BYTES, item.data, size);
    return (struct str){key, PROOF_KEY_BYTES + size};
}

int proof_get(struct view *view, enum noun noun, uint32_t number, struct str item, int32_t as_of,
              int32_t at, struct proof *ret_proof) {
    char key[PROOF_KEY_BYTES + ITEM_BYTES];
    struct str row;
    bool found = false;
    int r = view_get(view, TABLE_PROOF, proof_key(key, noun, number, item), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    /* Of two of one day the one that was accepted last. */
    for (size_t i = 0; i < proof_count(row); i++) {
        struct proof proof = proof_at(row, i);
        if (proof.on > as_of || proof.accepted_on > at || (found && proof.on < ret_proof->on))
            continue;
        *ret_proof = proof;
        found = true;
    }
    return found ? 0 : THING_NOT_FOUND;
}

/* ---- submitted ---- */

int item_check(struct context *context, struct str item, const char *field) {
    bool good = item.size > 0 && item.size <= ITEM_BYTES;
    for (size_t i = 0; good && i < item.size; i++) {
        char c = item.data[i];
        good = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    }
    return good ? 0
                : problem_set(context->problem, PROBLEM_OUT_OF_RANGE, field,
                              "small letters, digits and _ are expected, as the rule of assessment "
                              "names what it asks for");
}

static int check(struct context *context, const struct evidence_submitted *data) {
    bool value = HAS(data, evidence_submitted, value), whole = HAS(data, evidence_submitted, whole);
    int r = item_check(context, data->item, "data.item");
    if (r != 0)
        return r;
    if (!HAS(data, evidence_submitted, state) && !value)
        return problem_set(context->problem, PROBLEM_MISSING_FIELD, "data.state",
                           "say what was found: a state (A, B, C or C#), a value, or both");
    if (whole && (!value || data->whole == 0 || data->value > data->whole))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.whole",
                           "whole is how many were asked, of which value is a part: at least one, "
                           "and no fewer than the value");
    if (data->on > context_date(context))
        return problem_set(context->problem, PROBLEM_IN_FUTURE, "data.on",
                           "the day lies after this event; send it when it has come");
    return 0;
}

static void put(struct context *context, uint32_t number, const struct evidence_record *evidence) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &evidence->row, sizeof evidence->row);
    buf_put_counted(row, evidence->reviewed_by);
    buf_put_counted(row, evidence->review);
    store_put(context->store, TABLE_EVIDENCE, number_key(key, number), buf_str(row));
}

static int count(struct context *context, const struct evidence_row *row,
                 const struct counter_change *changes, size_t n) {
    return counter_add_subject(context, (enum noun)row->noun, row->subject, row->region, changes,
                               n);
}

static int find_region(struct context *context, const struct subject *subject,
                       struct evidence_row *row) {
    struct organisation_row organisation;
    row->region = row->subject;
    if (row->noun == NOUN_REGION)
        return 0;
    int r = organisation_require_active(context, row->subject, subject->id, "data.subject.id");
    if (r == 0)
        r = organisation_get(context->view, row->subject, &organisation);
    if (r == 0)
        row->region = organisation.region;
    return r;
}

int apply_evidence_submitted(struct context *context, const struct event *event,
                             const struct evidence_submitted *data) {
    static const unsigned kinds = 1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION;
    static const struct counter_change change = {COUNTER_evidence_open, 1};
    struct evidence_record evidence = {.reviewed_by = STR_NONE, .review = STR_NONE};
    struct evidence_row *row = &evidence.row;
    uint32_t number;
    enum noun noun;
    int r = subject_resolve(context, &data->subject, kinds, "data.subject", &noun, &row->subject);
    if (r != 0)
        return r;
    row->noun = (uint8_t)noun;
    row->submitted_on = context_date(context);
    r = check(context, data);
    if (r == 0)
        r = find_region(context, &data->subject, row);
    if (r == 0)
        r = thing_name(context, NOUN_EVIDENCE, data->evidence, "data.evidence", &number);
    if (r != 0)
        return r;
    const struct thing thing = {.defined_sequence = context->sequence,
                                .changed_sequence = context->sequence,
                                .state = EVIDENCE_SUBMITTED,
                                .attributes = event->data};
    thing_put(context, NOUN_EVIDENCE, number, &thing);
    put(context, number, &evidence);
    return count(context, row, &change, 1);
}

/* ---- reviewed ---- */

struct reviewing {
    uint32_t number;
    struct thing thing;
    struct evidence_record evidence;
    const struct evidence_reviewed *data;
};

static int open_evidence(struct context *context, struct reviewing *reviewing) {
    struct str id = reviewing->data->evidence;
    int r = thing_resolve(context, NOUN_EVIDENCE, id, "data.evidence", &reviewing->number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_EVIDENCE, reviewing->number, context->arena,
                  &reviewing->thing);
    if (r == 0)
        r = evidence_get(context->view, reviewing->number, &reviewing->evidence);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "evidence has no row");
    const struct evidence_submitted *submitted = reviewing->thing.attributes;
    if (reviewing->evidence.row.state != EVIDENCE_SUBMITTED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.evidence",
                           "evidence %.*s was reviewed already; what has changed is handed in anew "
                           "(evidence.submitted)",
                           STR_ARG(id));
    if (str_equal(submitted->by, reviewing->data->by))
        return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.by",
                           "%.*s handed this in; another person reviews it",
                           STR_ARG(reviewing->data->by));
    return 0;
}

static int add_proof(struct context *context, const struct reviewing *reviewing) {
    const struct evidence_submitted *data = reviewing->thing.attributes;
    const struct evidence_row *row = &reviewing->evidence.row;
    char key[PROOF_KEY_BYTES + ITEM_BYTES];
    struct proof proof;
    struct str old = STR_NONE;
    memset(&proof, 0, sizeof proof);
    proof.evidence = reviewing->number;
    proof.on = data->on;
    proof.accepted_on = context_today(context);
    proof.state = HAS(data, evidence_submitted, state) ? data->state : -1;
    proof.value = HAS(data, evidence_submitted, value) ? data->value : -1;
    proof.whole = HAS(data, evidence_submitted, whole) ? data->whole : -1;
    proof.method = (uint8_t)data->method;
    struct str place = proof_key(key, (enum noun)row->noun, row->subject, data->item);
    int r = view_get(context->view, TABLE_PROOF, place, &old);
    if (r < 0)
        return r;
    if (proof_count(old) >= PROOFS_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.evidence",
                           "more than %d pieces of evidence were accepted for one item of one "
                           "subject",
                           PROOFS_LIMIT);
    buf_reset(&context->scratch);
    buf_put_str(&context->scratch, old);
    buf_put(&context->scratch, &proof, sizeof proof);
    store_put(context->store, TABLE_PROOF, place, buf_str(&context->scratch));
    return 0;
}

int apply_evidence_reviewed(struct context *context, const struct event *event,
                            const struct evidence_reviewed *data) {
    struct reviewing reviewing = {.data = data};
    bool accepted = data->outcome == REVIEW_ACCEPTED;
    const struct counter_change changes[] = {
        {COUNTER_evidence_open, -1},
        {accepted ? COUNTER_evidence_accepted : COUNTER_evidence_refused, 1}};
    (void)event;
    int r = open_evidence(context, &reviewing);
    if (r == 0 && accepted)
        r = add_proof(context, &reviewing);
    if (r != 0)
        return r;
    struct evidence_row *row = &reviewing.evidence.row;
    row->state = accepted ? EVIDENCE_ACCEPTED : EVIDENCE_REFUSED;
    row->reviewed_on = context_date(context);
    reviewing.evidence.reviewed_by = data->by;
    reviewing.evidence.review = data->note;
    reviewing.thing.state = row->state;
    reviewing.thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_EVIDENCE, reviewing.number, &reviewing.thing);
    put(context, reviewing.number, &reviewing.evidence);
    r = count(context, row, changes, 2);
    return r == 0 && accepted ? assessment_due(context, (enum noun)row->noun, row->subject) : r;
}
