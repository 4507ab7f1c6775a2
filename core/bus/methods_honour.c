/* honour.propose: whom the rules of kind honour would propose, asked now about everyone; it decides
 * nothing. honour.proposed: whom a scheduled run proposed. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_decisions.h"
#include "domain/dictionaries.h"
#include "domain/honours.h"
#include "domain/volunteers.h"

/* One who was asked about and nominated; the answer's lists live in the query's arena. */
struct proposed {
    struct candidate candidate;
    struct answer answer;
};

struct proposing {
    struct query *query;
    uint32_t honour;
    uint32_t region; /* 0: everywhere */
    int32_t as_of;
    size_t places;
    size_t n;
    struct proposed *best; /* best first */
    uint32_t n_asked;
    uint32_t n_nominated;
    uint32_t n_failed;
};

static void keep(struct proposing *self, uint32_t volunteer, const struct answer *answer) {
    size_t place = self->n;
    while (place > 0 && (self->best[place - 1].answer.rank < answer->rank))
        place--;
    if (place >= self->places)
        return;
    size_t n = self->n < self->places ? self->n + 1 : self->places;
    memmove(&self->best[place + 1], &self->best[place], (n - 1 - place) * sizeof *self->best);
    self->best[place] = (struct proposed){.candidate = {.volunteer = volunteer}, .answer = *answer};
    self->n = n;
}

/* The findings are copied: the call's arena is used again for the next person. */
static struct answer answer_copy(struct arena *arena, const struct answer *answer) {
    struct answer copy = *answer;
    struct finding *findings = arena_alloc(arena, (answer->findings.n + 1) * sizeof *findings);
    for (size_t i = 0; i < answer->findings.n; i++) {
        findings[i] = ((const struct finding *)answer->findings.items)[i];
        findings[i].code = arena_copy(arena, findings[i].code);
        findings[i].value.text = arena_copy(arena, findings[i].value.text);
        findings[i].needed.text = arena_copy(arena, findings[i].needed.text);
    }
    copy.findings.items = findings;
    copy.class = arena_copy(arena, answer->class);
    copy.facts = STR_NONE;
    return copy;
}

static bool would_stay(const struct proposing *self, int64_t rank) {
    return self->n < self->places || self->best[self->n - 1].answer.rank < rank;
}

static int ask_about(struct proposing *self, uint32_t volunteer, struct arena *arena) {
    struct query *query = self->query;
    struct answer *answers;
    size_t n;
    int r = policy_honour(query->host, query->view, &query->city, volunteer, self->honour, STR_NONE,
                          self->as_of, CAUSE_ON_DEMAND, STR_NONE, arena, &answers, &n);
    if (r != 0)
        return r;
    self->n_asked += n > 0;
    for (size_t i = 0; i < n; i++) {
        self->n_failed += answers[i].failed;
        if (answers[i].failed || !answers[i].nominate)
            continue;
        self->n_nominated++;
        if (would_stay(self, answers[i].rank)) {
            struct answer copy = answer_copy(query->arena, &answers[i]);
            keep(self, volunteer, &copy);
        }
        break; /* of several rules the first by name that nominates has it */
    }
    return 0;
}

static int walk(struct proposing *self) {
    struct query *query = self->query;
    struct arena arena;
    uint32_t n_volunteers;
    int r = thing_count(query->view, NOUN_VOLUNTEER, &n_volunteers);
    arena_init(&arena);
    for (uint32_t volunteer = 1; r == 0 && volunteer <= n_volunteers; volunteer++) {
        struct volunteer_row person;
        arena_reset(&arena);
        r = query_found(volunteer_get(query->view, volunteer, &person));
        bool is_asked = r == 0 && person.state == VOLUNTEER_REGISTERED &&
                        (!self->region || region_lies_in(query, person.region, self->region));
        if (is_asked)
            r = ask_about(self, volunteer, &arena);
    }
    arena_deinit(&arena);
    return r;
}

/* `as_of`; else the last day of `year`, or today where that is yet to come. */
static int read_day(struct query *query, int32_t *ret_as_of) {
    struct query_day day;
    int64_t year;
    int r = query_as_of(query, &day);
    if (r == 0)
        r = query_range(query, "year", (struct range)RANGE_YEAR, 0, &year);
    if (r != 0)
        return r;
    *ret_as_of = day.as_of;
    if (year && !query_text(query, "as_of").data) {
        int32_t last = date_from_civil((int32_t)year, 12, 31);
        *ret_as_of = last < day.as_of ? last : day.as_of;
    }
    return 0;
}

static json_t *proposed_json(struct proposing *self, size_t i) {
    struct query *query = self->query;
    const struct proposed *proposed = &self->best[i];
    const struct answer *answer = &proposed->answer;
    json_t *object = json_pack(
        "{s:I, s:o, s:I, s:o, s:o, s:o}", "place", (json_int_t)i + 1, "volunteer",
        json_from_number(query, NOUN_VOLUNTEER, proposed->candidate.volunteer, query->arena),
        "rank", (json_int_t)answer->rank, "class",
        answer->class.size ? json_from_str(answer->class) : json_null(), "revision",
        json_from_str(answer->revision), "findings",
        json_from_findings(query, answer->revision, &answer->findings, query->arena));
    return object;
}

static int read_honour(struct query *query, struct proposing *self) {
    struct honour_defined honour;
    int64_t places;
    int r = query_noun(query, NOUN_HONOUR, "honour", &self->honour);
    if (r == 0)
        r = query_found(honour_get(query->view, self->honour, query->arena, &honour));
    if (r == 0 && !honour_is_for(&honour, NOUN_VOLUNTEER))
        r = problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "honour",
                        "rules propose volunteers, and this honour is not given to them; nominate "
                        "by hand (honour.nominated)");
    if (r == 0)
        r = query_range(query, "limit", (struct range)RANGE_HONOURS, honour_places(&honour),
                        &places);
    if (r == 0)
        self->places = (size_t)places;
    return r;
}

int query_honour_propose(struct query *query, json_t **ret_result) {
    struct proposing self = {.query = query};
    int r = read_honour(query, &self);
    if (r == 0)
        r = query_noun(query, NOUN_REGION, "region", &self.region);
    if (r == 0)
        r = read_day(query, &self.as_of);
    if (r != 0)
        return r;
    self.best = arena_alloc(query->arena, (self.places + 1) * sizeof *self.best);
    r = walk(&self);
    if (r != 0)
        return r;
    json_t *items = json_array();
    for (size_t i = 0; i < self.n; i++)
        json_array_append_new(items, proposed_json(&self, i));
    *ret_result =
        json_pack("{s:o, s:o, s:I, s:I, s:I, s:I, s:o}", "honour",
                  json_from_number(query, NOUN_HONOUR, self.honour, query->arena), "as_of",
                  json_from_date(self.as_of, INT32_MIN), "places", (json_int_t)self.places, "asked",
                  (json_int_t)self.n_asked, "nominated", (json_int_t)self.n_nominated, "failed",
                  (json_int_t)self.n_failed, "items", items);
    return 0;
}

/* ---- honour.proposed ---- */

static int add_proposal(struct query *query, uint32_t place, const struct proposal *proposal,
                        struct wanted_list *wanted, json_t *items) {
    struct dictionary_code class;
    json_t *code = json_null();
    int r = proposal->class ? dictionary_at(query->view, DICTIONARY_HONOUR_CLASS,
                                            proposal->class - 1u, &class)
                            : THING_NOT_FOUND;
    if (r < 0)
        return r;
    if (r == 0)
        code = json_from_str(class.code);
    json_t *item = json_pack(
        "{s:I, s:o, s:I, s:o, s:I}", "place", (json_int_t)place, "volunteer",
        json_from_number(query, NOUN_VOLUNTEER, proposal->volunteer, query->arena), "rank",
        (json_int_t)proposal->rank, "class", code, "sequence", (json_int_t)proposal->sequence);
    json_array_append_new(items, item);
    wanted_add(query, wanted, proposal->considered, item);
    return 0;
}

int query_honour_proposed(struct query *query, json_t **ret_result) {
    struct proposal proposal;
    uint32_t honour;
    int64_t year;
    int r = query_noun(query, NOUN_HONOUR, "honour", &honour);
    if (r == 0)
        r = query_range(query, "year", (struct range)RANGE_YEAR, 0, &year);
    if (r != 0)
        return r;
    json_t *items = json_array();
    struct wanted_list wanted = {0};
    for (uint32_t place = 1; r == 0; place++) {
        r = proposal_get(query->view, honour, (int32_t)year, place, &proposal);
        if (r == 0)
            r = add_proposal(query, place, &proposal, &wanted, items);
    }
    if (r > 0)
        r = wanted_fill(query, &wanted);
    if (r < 0) {
        json_decref(items);
        return r;
    }
    *ret_result = json_pack("{s:o, s:I, s:o}", "honour",
                            json_from_number(query, NOUN_HONOUR, honour, query->arena), "year",
                            (json_int_t)year, "items", items);
    return 0;
}
