/* civilised_title.get and .list: who holds 文明单位 and the like, and what became of it. */
#include "bus/methods.h"
#include "bus/methods_subject.h"
#include "domain/civilised_titles.h"

#define TITLE_SUBJECTS (1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION)

static json_t *outcome_json(int outcome) {
    return outcome < 0 ? json_null() : json_string(TITLE_OUTCOME_choices.words[outcome]);
}

static json_t *title_json(struct query *query, enum CIVILISED_TITLE_choice title,
                          const struct civilised_title *held, struct arena *arena) {
    json_t *object = json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:s}", "title", CIVILISED_TITLE_choices.words[title], "level",
        TITLE_LEVEL_choices.words[held->level], "awarded_on", json_from_date(held->awarded_on, 0),
        "reviewed_on", json_from_date(held->reviewed_on, 0), "outcome", outcome_json(held->outcome),
        "state", civilised_title_state_text(held));
    if (held->withdrawn_on)
        json_object_set_new(object, "withdrawn_on", json_from_date(held->withdrawn_on, 0));
    if (held->document)
        json_object_set_new(object, "document",
                            json_from_number(query, NOUN_DOCUMENT, held->document, arena));
    return object;
}

int json_from_titles(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
                     json_t **ret_list) {
    json_t *list = json_array();
    int r = 0;
    for (unsigned i = 0; r >= 0 && i < CIVILISED_TITLE_COUNT; i++) {
        struct civilised_title held;
        enum CIVILISED_TITLE_choice title = (enum CIVILISED_TITLE_choice)i;
        r = civilised_title_get(query->view, title, noun, number, COUNTER_NOW, &held);
        if (r == 0)
            json_array_append_new(list, title_json(query, title, &held, arena));
    }
    if (r < 0)
        json_decref(list);
    else
        *ret_list = list;
    return r < 0 ? r : 0;
}

/* ---- get ---- */

struct history {
    struct query *query;
    enum noun noun;
    uint32_t number;
    json_t *steps;
};

/* How the subject stood by the rules when it was awarded or reviewed: as of that day, as it was
 * known when the event came. */
static int put_assessment(struct query *query, const struct history *history,
                          const struct civilised_title_step *step, json_t *object) {
    bool today = step->recorded_on >= query_today(query);
    struct answer *answers;
    size_t n;
    json_t *list = json_array();
    json_object_set_new(object, "indicators", list);
    int r = policy_assess(query->host, query->view, &query->city, history->noun, history->number,
                          step->on, today ? COUNTER_NOW : step->recorded_on, CAUSE_ON_DEMAND,
                          STR_NONE, query->arena, &answers, &n);
    for (size_t i = 0; r == 0 && i < n; i++) {
        json_t *indicators = answers[i].failed
                                 ? NULL
                                 : json_loadb(answers[i].json.data, answers[i].json.size, 0, NULL);
        if (indicators)
            json_array_extend(list, indicators);
        json_decref(indicators);
    }
    return r;
}

static int add_step(void *context, const struct civilised_title_step *step) {
    static const char *const words[] = {
        [CIVILISED_TITLE_AWARDED] = "awarded",
        [CIVILISED_TITLE_REVIEWED] = "reviewed",
        [CIVILISED_TITLE_WITHDRAWN] = "withdrawn",
    };
    struct history *history = context;
    struct query *query = history->query;
    json_t *object = json_pack(
        "{s:s, s:s, s:o, s:o, s:o, s:I}", "step", words[step->kind], "level",
        TITLE_LEVEL_choices.words[step->level], "on", json_from_date(step->on, INT32_MIN),
        "outcome", outcome_json(step->outcome), "recorded_on",
        json_from_date(step->recorded_on, INT32_MIN), "sequence", (json_int_t)step->sequence);
    if (step->document)
        json_object_set_new(object, "document",
                            json_from_number(query, NOUN_DOCUMENT, step->document, query->arena));
    json_array_append_new(history->steps, object);
    return step->kind == CIVILISED_TITLE_WITHDRAWN ? 0
                                                   : put_assessment(query, history, step, object);
}

int query_title_get(struct query *query, json_t **ret_result) {
    struct compound_id id;
    struct civilised_title held;
    int r = query_compound(query, "civilised_title", &CIVILISED_TITLE_choices, TITLE_SUBJECTS, &id);
    if (r != 0)
        return r;
    enum CIVILISED_TITLE_choice title = (enum CIVILISED_TITLE_choice)id.word;
    r = civilised_title_get(query->view, title, id.noun, id.number, COUNTER_NOW, &held);
    if (r > 0)
        return query_unknown(query, NOUN_CIVILISED_TITLE, "civilised_title",
                             query_text(query, "civilised_title"));
    struct history history = {query, id.noun, id.number, json_array()};
    if (r == 0)
        r = civilised_title_each(query->view, title, id.noun, id.number, add_step, &history);
    if (r != 0) {
        json_decref(history.steps);
        return r;
    }
    *ret_result = title_json(query, title, &held, query->arena);
    json_object_set_new(*ret_result, "subject",
                        json_from_subject(query, id.noun, id.number, query->arena));
    json_object_set_new(*ret_result, "history", history.steps);
    return 0;
}

/* ---- list ---- */

struct title_filter {
    struct subject_filter subject;
    int title; /* -1: any, as below */
    int level;
    int state;
};

enum { STATE_HELD, STATE_WITHDRAWN };
static const char *const states[] = {[STATE_HELD] = "held", [STATE_WITHDRAWN] = "withdrawn"};

static int list_title(struct page *page, struct str key, struct str row) {
    struct query *query = page->query;
    const struct title_filter *filter = page->context;
    struct cursor in = cursor_from(key);
    enum noun noun = cursor_byte(&in);
    uint32_t number = cursor_u32_sorted(&in);
    int title = cursor_byte(&in);
    struct civilised_title held;
    bool takes;
    if (in.failed || (filter->title >= 0 && title != filter->title) ||
        civilised_title_decode(row, COUNTER_NOW, &held) != 0 ||
        (filter->level >= 0 && held.level != (enum TITLE_LEVEL_choice)filter->level) ||
        (filter->state >= 0 && held.held != (filter->state == STATE_HELD)))
        return 0;
    int r = subject_takes(query, &filter->subject, noun, number, &page->arena, &takes);
    if (r != 0 || !takes)
        return r;
    json_t *item = title_json(query, (enum CIVILISED_TITLE_choice)title, &held, &page->arena);
    json_object_set_new(item, "subject", json_from_subject(query, noun, number, &page->arena));
    json_array_append_new(page->items, item);
    return 0;
}

int query_title_list(struct query *query, json_t **ret_result) {
    struct title_filter filter;
    struct page page;
    int r = page_open(query, &page);
    page.each_row = list_title;
    page.context = &filter;
    if (r == 0)
        r = query_choice(query, "title", &CIVILISED_TITLE_choices, &filter.title);
    if (r == 0)
        r = query_choice(query, "level", &TITLE_LEVEL_choices, &filter.level);
    if (r == 0)
        r = query_word(query, "state", states, sizeof states / sizeof *states, &filter.state);
    if (r == 0)
        r = subject_filter_read(query, TITLE_SUBJECTS, &filter.subject);
    if (r == 0)
        r = page_rows(&page, TABLE_CIVILISED_TITLE, STR_NONE);
    return page_close(&page, r, ret_result);
}
