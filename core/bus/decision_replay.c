/* The child of policy.replay: a past decision is asked for again, of the facts stored with it, or,
 * where of these only a digest was kept or the policy failed, of the state as it stood, rebuilt
 * from the journal. What is run is the text that answered then. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "bus/decision_json.h"
#include "bus/job_work.h"
#include "bus/methods_common.h"
#include "domain/records.h"
#include "util/error.h"

/* A call's budgets are counted; this is for a Lua that does not come back. */
#define CALL_SECONDS 30

struct replaying {
    const struct policy_limits *limits;
    struct journal *journal;
    uint64_t sequence;
    struct arena arena;
    struct decided decided;
    struct answer answer;
    struct str missing;
    struct str person; /* whom a record is of, or the person asked about */
    bool answered;     /* by the stored facts */
    bool rebuilt;
    bool unknown; /* whom it was about is not known to the rebuilt state */
};

/* ---- what is said ---- */

static json_t *subject_json(const struct decided *decided) {
    return json_pack("{s:s, s:o}", "kind", noun_info(decided->noun)->name, "id",
                     json_from_str(decided->id));
}

static json_t *result_json(const struct replaying *self) {
    const struct decided *decided = &self->decided;
    json_t *was = json_from_recorded(decided);
    json_t *is = json_from_answer(decided, &self->answer, self->person);
    json_t *differences = json_differences(was, is);
    if (!str_equal(self->answer.revision, decided->event.revision))
        json_array_insert_new(differences, 0, json_string("revision"));
    json_object_set_new(was, "revision", json_from_str(decided->event.revision));
    json_object_set_new(is, "revision", json_from_str(self->answer.revision));
    bool same = json_array_size(differences) == 0;
    json_t *result = json_pack(
        "{s:I, s:s, s:s, s:o, s:I, s:s, s:o, s:s, s:b, s:o, s:o, s:o, s:o}", "sequence",
        (json_int_t)decided->event.sequence, "type", decided->event.type->name, "kind",
        POLICY_KIND_choices.words[decided->kind], "subject", subject_json(decided), "cause",
        (json_int_t)decided->cause.sequence, "cause_type", decided->cause.type->name, "as_of",
        decided->has_as_of ? json_from_date(decided->as_of, INT32_MIN) : json_null(), "read",
        self->rebuilt ? "rebuilt_state" : "stored_facts", "same", same, "differences", differences,
        "recorded", was, "replayed", is, "missing", json_from_str(self->missing));
    return result;
}

static int say(const struct replaying *self) {
    json_t *line = json_pack("{s:o}", "result", result_json(self));
    char *text = line ? json_dumps(line, JSON_COMPACT) : NULL;
    json_decref(line);
    if (!text)
        return work_failed("the answer cannot be written as JSON");
    printf("%s\n", text);
    fflush(stdout);
    free(text);
    return 0;
}

/* ---- asking ---- */

static int find_person(struct replaying *self, struct view *view) {
    struct record record;
    uint32_t number;
    self->person = self->decided.id;
    if (self->decided.noun != NOUN_RECORD)
        return 0;
    int r = thing_find(view, NOUN_RECORD, self->decided.id, &number);
    if (r == 0)
        r = record_get(view, number, &record);
    return r == 0
               ? thing_id(view, NOUN_VOLUNTEER, record.row.volunteer, &self->arena, &self->person)
               : r;
}

static int ask_state(void *context, struct store *store) {
    struct replaying *self = context;
    struct view *view;
    int r = store_view_open(store, &view);
    if (r != 0)
        return r;
    alarm(CALL_SECONDS);
    r = decided_ask_state(&self->decided, view, self->limits, &self->arena, &self->answer);
    alarm(0);
    if (r == 0)
        r = find_person(self, view);
    view_close(view);
    self->unknown = r > 0;
    return r < 0 ? r : 0;
}

static int rebuild(struct work *work, const char *scratch) {
    struct replaying *self = work->context;
    work->total = self->decided.state;
    self->rebuilt = true;
    int r = work_rebuild(work, self->journal, scratch, self->decided.state, ask_state, self);
    if (r < 0)
        return work_failed("the state cannot be rebuilt: the log says where");
    return self->unknown ? work_failed("whom it was about is not known to the rebuilt state")
                         : say(self);
}

/* Of what only the state can answer nothing is done here. */
static int ask_facts(struct replaying *self, struct view *view) {
    if (!decided_has_facts(&self->decided))
        return 0;
    alarm(CALL_SECONDS);
    int r = decided_ask_facts(&self->decided, view, self->limits, &self->arena, &self->answer,
                              &self->missing);
    alarm(0);
    self->answered = r == 0;
    return r == 0 ? find_person(self, view) : r;
}

/* Of the live state, which is beyond the decision: revisions stay as they are. > 0 as decided_read.
 */
static int read_and_ask(struct replaying *self, struct store *store) {
    struct view *view;
    int r = store_view_open(store, &view);
    if (r != 0)
        return r;
    r = decided_read(self->journal, view, self->sequence, &self->arena, &self->decided);
    if (r == 0) {
        r = ask_facts(self, view);
        r = r < 0 ? r : 0;
    }
    view_close(view);
    return r;
}

static int look(struct replaying *self, const struct work *work) {
    char path[4096];
    struct store *store;
    snprintf(path, sizeof path, "%s/state", work->data_dir);
    struct store_options options = {
        .directory = path, .map_size_bytes = work->map_size_bytes, .read_only = true};
    int r = store_open(&options, &store);
    if (r != 0)
        return r < 0 ? r : error_note(-EPROTO, "the state has another format");
    r = read_and_ask(self, store);
    store_close(store);
    return r;
}

static int replay_decision(struct replaying *self, struct work *work) {
    int r = look(self, work);
    if (r < 0)
        return work_failed("journal and state cannot be read: the log says where");
    if (r > 0 || self->decided.unasked)
        return work_failed("that is no decision of a policy");
    return self->answered ? say(self) : work_in_scratch(work, rebuild);
}

int job_child_decision(const char *data_dir, uint64_t map_size_bytes, uint64_t sequence,
                       const struct policy_limits *limits) {
    struct work work = work_begin(data_dir, map_size_bytes);
    struct replaying self = {.limits = limits, .sequence = sequence};
    if (work_open_journal(&work, &self.journal) < 0)
        return work_failed("the journal does not open: the log says where");
    arena_init(&self.arena);
    work.context = &self;
    int r = replay_decision(&self, &work);
    arena_deinit(&self.arena);
    journal_close(self.journal);
    return r;
}
