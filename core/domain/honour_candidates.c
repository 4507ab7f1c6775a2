/* Candidates of a run, and whom it proposed. Candidates: run u32, honour u32 -> the best so far,
 * one after the other, as many as there are places. */
#include "domain/dictionaries.h"
#include "domain/honours.h"
#include "domain/runs.h"
#include "util/error.h"

static struct str candidates_key(char key[static 8], uint32_t run, uint32_t honour) {
    number_key(key, run);
    number_key(key + 4, honour);
    return (struct str){key, 8};
}

int candidate_next(struct cursor *row, struct candidate *ret_candidate) {
    ret_candidate->volunteer = (uint32_t)cursor_varint(row);
    ret_candidate->rank = cursor_signed(row);
    ret_candidate->considered = cursor_varint(row);
    ret_candidate->class = cursor_counted(row);
    return row->failed;
}

int candidates_get(struct view *view, uint32_t run, uint32_t honour, struct arena *arena,
                   struct candidate **ret_list, size_t *ret_n) {
    char key[8];
    struct str row;
    *ret_n = 0;
    int r = view_get(view, TABLE_CANDIDATE, candidates_key(key, run, honour), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    struct cursor in = cursor_from(row);
    /* One takes four bytes at least; there is room for one more. */
    *ret_list = arena_alloc(arena, (row.size / 4 + 1) * sizeof **ret_list);
    while (cursor_left(&in) > 0) {
        if (candidate_next(&in, &(*ret_list)[*ret_n]) != 0)
            return error_note(-EBADMSG, "a run's candidates cannot be read");
        ++*ret_n;
    }
    return 0;
}

static void candidates_put(struct context *context, uint32_t run, uint32_t honour,
                           const struct candidate *list, size_t n) {
    char key[8];
    struct buf *row = &context->scratch;
    buf_reset(row);
    for (size_t i = 0; i < n; i++) {
        buf_put_varint(row, list[i].volunteer);
        buf_put_signed(row, list[i].rank);
        buf_put_varint(row, list[i].considered);
        buf_put_counted(row, list[i].class);
    }
    store_put(context->store, TABLE_CANDIDATE, candidates_key(key, run, honour), buf_str(row));
}

size_t candidate_place(const struct candidate *list, size_t n, uint32_t volunteer, int64_t rank) {
    size_t place = 0;
    while (place < n && (list[place].rank > rank ||
                         (list[place].rank == rank && list[place].volunteer < volunteer)))
        place++;
    return place;
}

int candidate_at(struct view *view, uint32_t run, uint32_t n, struct arena *arena,
                 uint32_t *ret_honour, uint32_t *ret_place, struct candidate *ret_candidate) {
    uint32_t n_honours;
    int r = thing_count(view, NOUN_HONOUR, &n_honours);
    for (uint32_t honour = 1; r == 0 && honour <= n_honours; honour++) {
        struct candidate *list;
        size_t size;
        r = candidates_get(view, run, honour, arena, &list, &size);
        if (r == 0 && n <= size) {
            *ret_honour = honour;
            *ret_place = n;
            *ret_candidate = list[n - 1];
            return 0;
        }
        n -= (uint32_t)size;
    }
    return r < 0 ? r : THING_NOT_FOUND;
}

/* ---- honour.considered ---- */

static int insert(struct context *context, uint32_t run, uint32_t honour,
                  const struct candidate *candidate) {
    struct candidate *list = NULL;
    struct honour_defined defined;
    size_t n;
    int r = honour_get(context->view, honour, context->arena, &defined);
    if (r == 0)
        r = candidates_get(context->view, run, honour, context->arena, &list, &n);
    if (r != 0)
        return r;
    struct candidate *more = arena_alloc(context->arena, (n + 1) * sizeof *more);
    size_t place = candidate_place(list, n, candidate->volunteer, candidate->rank);
    if (place)
        memcpy(more, list, place * sizeof *more);
    more[place] = *candidate;
    if (n > place)
        memcpy(more + place + 1, list + place, (n - place) * sizeof *more);
    size_t places = honour_places(&defined);
    candidates_put(context, run, honour, more, n + 1 < places ? n + 1 : places);
    return 0;
}

int apply_honour_considered(struct context *context, const struct event *event,
                            const struct honour_considered *data) {
    (void)event;
    struct candidate candidate = {
        .rank = data->rank, .considered = context->sequence, .class = data->class};
    uint32_t honour;
    int r = thing_resolve(context, NOUN_HONOUR, data->honour, "data.honour", &honour);
    if (r == 0)
        r = thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer",
                          &candidate.volunteer);
    return r == 0 ? insert(context, (uint32_t)data->run, honour, &candidate) : r;
}

/* ---- the run's end ---- */

/* What that run found stands under the one that proposes. */
static int move_list(struct context *context, uint32_t from, uint32_t to, uint32_t honour,
                     uint32_t *n) {
    struct candidate *list = NULL;
    size_t size;
    int r = candidates_get(context->view, from, honour, context->arena, &list, &size);
    if (r != 0 || size == 0)
        return r;
    struct candidate *copy = arena_alloc(context->arena, size * sizeof *copy);
    memcpy(copy, list, size * sizeof *copy);
    candidates_put(context, to, honour, copy, size);
    candidates_put(context, from, honour, NULL, 0);
    *n += (uint32_t)size;
    return 0;
}

int honours_run_ended(struct context *context, uint32_t run, uint32_t revision, int32_t as_of) {
    uint32_t n = 0, n_honours, next = number_last(context->view, "run") + 1;
    int r = thing_count(context->view, NOUN_HONOUR, &n_honours);
    for (uint32_t honour = 1; r == 0 && honour <= n_honours; honour++)
        r = move_list(context, run, next, honour, &n);
    return r == 0 && n ? run_begin_between(context, RUN_PROPOSALS, revision, as_of, 0, n) : r;
}

int honours_proposed(struct context *context, uint32_t run) {
    uint32_t n_honours;
    int r = thing_count(context->view, NOUN_HONOUR, &n_honours);
    for (uint32_t honour = 1; r == 0 && honour <= n_honours; honour++)
        candidates_put(context, run, honour, NULL, 0);
    return r;
}

/* ---- honour.proposed ---- */

static struct str proposal_key(char key[static 8], uint32_t honour, int32_t year, uint32_t place) {
    number_key(key, honour);
    key[4] = (char)(uint8_t)(year >> 8);
    key[5] = (char)(uint8_t)year;
    key[6] = (char)(uint8_t)(place >> 8);
    key[7] = (char)(uint8_t)place;
    return (struct str){key, 8};
}

int proposal_get(struct view *view, uint32_t honour, int32_t year, uint32_t place,
                 struct proposal *ret_proposal) {
    char key[8];
    struct str row;
    int r = view_get(view, TABLE_PROPOSAL, proposal_key(key, honour, year, place), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_proposal)
        return error_note(-EBADMSG, "a proposal's row cannot be read");
    memcpy(ret_proposal, row.data, sizeof *ret_proposal);
    return 0;
}

/* The first place takes that of an earlier list for the year, which goes. */
static int drop_earlier(struct context *context, uint32_t honour, int32_t year) {
    char key[8];
    struct proposal ignored;
    int r = 0;
    for (uint32_t place = 1; r == 0; place++) {
        r = proposal_get(context->view, honour, year, place, &ignored);
        if (r == 0)
            store_put(context->store, TABLE_PROPOSAL, proposal_key(key, honour, year, place),
                      STR_NONE);
    }
    return r < 0 ? r : 0;
}

int apply_honour_proposed(struct context *context, const struct event *event,
                          const struct honour_proposed *data) {
    (void)event;
    struct proposal proposal;
    char key[8];
    enum noun noun;
    uint32_t honour;
    memset(&proposal, 0, sizeof proposal);
    int r = thing_resolve(context, NOUN_HONOUR, data->honour, "data.honour", &honour);
    if (r == 0)
        r = subject_resolve(context, &data->subject, 1U << SUBJECT_KIND_VOLUNTEER, "data.subject",
                            &noun, &proposal.volunteer);
    if (r == 0 && data->place == 1)
        r = drop_earlier(context, honour, (int32_t)data->year);
    if (r != 0)
        return r;
    proposal.rank = data->rank;
    proposal.sequence = context->sequence;
    proposal.considered = (uint64_t)data->considered;
    if (data->class.size) {
        struct dictionary_code class;
        r = dictionary_get(context->view, DICTIONARY_HONOUR_CLASS, data->class, &class);
        if (r < 0)
            return r;
        proposal.class = r == 0 ? class.number + 1u : 0;
    }
    store_put(context->store, TABLE_PROPOSAL,
              proposal_key(key, honour, (int32_t)data->year, (uint32_t)data->place),
              (struct str){(const char *)&proposal, sizeof proposal});
    return 0;
}
