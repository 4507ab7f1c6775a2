/* bulletin.preview and bulletin.issue: a bulletin policy is asked about a region; what it says is
 * shown, or numbered and frozen by an event. */
#include "bus/bulletin.h"
#include "bus/methods.h"
#include "domain/bulletins.h"
#include "util/error.h"

/* ---- the period ---- */

/* Of a period that is over: its last day. Else today. */
static int choose_day(struct edition *edition) {
    struct query *query = edition->query;
    int32_t first, last;
    char month[16];
    int32_t today = query_today(query);
    edition->period = query_text(query, "period");
    int r = query_as_of(query, &edition->day);
    if (r != 0)
        return r;
    if (!edition->period.data) {
        size_t size = month_format(date_month(edition->day.as_of), month);
        edition->period = arena_copy(query->arena, (struct str){month, size});
        return 0;
    }
    if (!period_parse(edition->period, &first, &last))
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "period",
                           "a period is a year, a quarter or a month: 2018, 2018-Q3, 2018-09");
    if (first > today)
        return problem_set(query->problem, PROBLEM_IN_FUTURE, "period",
                           "this period has not begun yet");
    if (!query_text(query, "as_of").data && last < today)
        edition->day = (struct query_day){last, last};
    if (edition->day.as_of < first)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "as_of",
                           "that day lies before the period; a bulletin says how things stood in "
                           "it or after");
    return 0;
}

/* ---- what it says ---- */

/* Called as it was on the day; one that was defined later, as it is. */
static int choose_region(struct edition *edition) {
    struct query *query = edition->query;
    struct region_defined region;
    int r = query_noun(query, NOUN_REGION, "region", &edition->region);
    if (r == 0 && !edition->region)
        r = query_city_region(query, &edition->region);
    if (r == 0)
        r = region_attributes_at(query->view, edition->region, edition->day.at, query->arena,
                                 &region);
    if (r > 0 && edition->region)
        r = query_found(region_attributes(query->view, edition->region, query->arena, &region));
    if (r == 0) {
        edition->region_code = region.region;
        edition->region_name = region.name;
    }
    return r;
}

static int choose_kind(struct edition *edition) {
    int kind;
    int r = query_choice(edition->query, "kind", &BULLETIN_KIND_choices, &kind);
    if (r == 0)
        edition->kind = (enum BULLETIN_KIND_choice)kind;
    return r;
}

static int ask_policy(struct edition *edition) {
    struct query *query = edition->query;
    const struct answer *answer = &edition->answer;
    const char *word = BULLETIN_KIND_choices.words[edition->kind];
    int r = policy_bulletin(query->host, query->view, &query->city, edition->kind, edition->region,
                            edition->day.as_of, edition->day.at, edition->period, query->arena,
                            &edition->answer);
    if (r != 0)
        return r;
    if (!answer->asked)
        return problem_set(query->problem, PROBLEM_WRONG_STATE, "kind",
                           "no policy bulletin_%s is in force for this region and day; activate "
                           "one: volunteerctl policy activate FILE",
                           word);
    if (answer->failed)
        return problem_set(query->problem, PROBLEM_WRONG_STATE, "kind",
                           "the policy %.*s failed: %.*s", STR_ARG(answer->revision),
                           STR_ARG(answer->failure));
    edition->document = json_loadb(answer->json.data, answer->json.size, 0, NULL);
    return edition->document ? 0 : error_note(-EPROTO, "what a bulletin says is no JSON");
}

/* Where the policy gives none. */
static json_t *plain_title(const struct edition *edition) {
    return json_from_str(arena_printf(edition->query->arena, "%.*s%s通报",
                                      STR_ARG(edition->region_name),
                                      BULLETIN_KIND_choices.labels[edition->kind]));
}

/* The policy makes title, tables, series and text; what the bulletin is about is said here. */
static void complete(struct edition *edition) {
    json_t *document = edition->document;
    json_object_set_new(document, "region",
                        json_pack("{s:o, s:o}", "region", json_from_str(edition->region_code),
                                  "name", json_from_str(edition->region_name)));
    json_object_set_new(document, "as_of", json_from_date(edition->day.as_of, INT32_MIN));
    json_object_set_new(document, "period", json_from_str(edition->period));
    if (!json_object_get(document, "title"))
        json_object_set_new(document, "title", plain_title(edition));
}

int edition_open(struct query *query, struct edition *ret_edition) {
    *ret_edition = (struct edition){.query = query};
    int r = choose_kind(ret_edition);
    if (r == 0)
        r = choose_day(ret_edition);
    if (r == 0)
        r = choose_region(ret_edition);
    if (r == 0)
        r = ask_policy(ret_edition);
    if (r == 0)
        complete(ret_edition);
    return r;
}

void edition_close(struct edition *edition) {
    json_decref(edition->document);
}

int query_bulletin_preview(struct query *query, json_t **ret_result) {
    struct edition edition;
    int r = edition_open(query, &edition);
    if (r == 0)
        r = edition_compare(&edition, 0);
    if (r == 0)
        *ret_result = json_pack(
            "{s:s, s:o, s:o, s:o, s:o, s:O}", "kind", BULLETIN_KIND_choices.words[edition.kind],
            "region", json_from_str(edition.region_code), "as_of",
            json_from_date(edition.day.as_of, INT32_MIN), "period", json_from_str(edition.period),
            "revision", json_from_str(edition.answer.revision), "document", edition.document);
    edition_close(&edition);
    return r;
}

/* ---- issue ---- */

static const struct range number_range = RANGE_NUMBER;

/* The one asked for, else the next of the kind and region. */
static int choose_number(struct edition *edition, uint32_t *ret_number) {
    struct query *query = edition->query;
    uint32_t other, last;
    int64_t number;
    int r = bulletin_last(query->view, edition->kind, edition->region, &last);
    if (r == 0)
        r = query_range(query, "number", number_range, (int64_t)last + 1, &number);
    if (r != 0)
        return r;
    *ret_number = (uint32_t)number;
    r = bulletin_find(query->view, edition->kind, edition->region, *ret_number, &other);
    if (r == 0)
        return problem_set(query->problem, PROBLEM_ALREADY_EXISTS, "number",
                           "number %u was issued already and stays as it is; %u is the next",
                           *ret_number, last + 1);
    return r < 0 ? r : 0;
}

static size_t content_limit(void) {
    size_t field = fields_find(&bulletin_issued_fields, STR("content"));
    return bulletin_issued_fields.list[field].size_limit;
}

static int check_size(struct edition *edition) {
    size_t limit = content_limit();
    size_t size = json_dumpb(edition->document, NULL, 0, JSON_COMPACT);
    if (size <= limit)
        return 0;
    return problem_set(edition->query->problem, PROBLEM_TOO_LARGE, "kind",
                       "what the policy says is %zu KiB, and a bulletin holds %zu: let "
                       "bulletin_%s make fewer rows, or issue it for the regions below one by one",
                       size >> 10, limit >> 10, BULLETIN_KIND_choices.words[edition->kind]);
}

static struct str bulletin_id(const struct edition *edition, uint32_t number) {
    return arena_printf(edition->query->arena, "%s-%.*s-%u",
                        BULLETIN_KIND_choices.words[edition->kind], STR_ARG(edition->region_code),
                        number);
}

static int issue(struct edition *edition, uint32_t number, json_t **ret_result) {
    struct query *query = edition->query;
    struct str id = bulletin_id(edition, number);
    json_t *stored = NULL;
    json_object_set_new(edition->document, "number", json_integer(number));
    json_t *data = json_pack(
        "{s:o, s:s, s:I, s:o, s:o, s:o, s:O, s:O, s:o, s:o}", "bulletin", json_from_str(id), "kind",
        BULLETIN_KIND_choices.words[edition->kind], "number", (json_int_t)number, "period",
        json_from_str(edition->period), "region", json_from_str(edition->region_code), "as_of",
        json_from_date(edition->day.as_of, INT32_MIN), "title",
        json_object_get(edition->document, "title"), "content", edition->document, "revision",
        json_from_str(edition->answer.revision), "by", json_from_str(query->actor));
    int r = check_size(edition);
    if (r == 0)
        r = query_command(query, "bulletin.issued", data, &stored);
    if (r > 0)
        problem_as_parameter(query->problem);
    if (r == 0)
        *ret_result = json_pack("{s:o, s:I, s:O, s:O}", "bulletin", json_from_str(id), "number",
                                (json_int_t)number, "sequence", json_object_get(stored, "sequence"),
                                "document", edition->document);
    json_decref(stored);
    json_decref(data);
    return r;
}

#define ISSUE_ATTEMPTS 50

/* Others issue at the same time: where no number was asked for, the next one that is free. */
static int issue_free(struct edition *edition, uint32_t number, json_t **ret_result) {
    struct query *query = edition->query;
    bool given = json_object_get(query->params, "number") != NULL;
    int r = issue(edition, number, ret_result);
    for (unsigned i = 1;
         r > 0 && !given && i < ISSUE_ATTEMPTS && query->problem->code == PROBLEM_ALREADY_EXISTS;
         i++) {
        *query->problem = (struct problem){.code = PROBLEM_NONE};
        r = issue(edition, number + i, ret_result);
    }
    return r;
}

int query_bulletin_issue(struct query *query, json_t **ret_result) {
    struct edition edition;
    uint32_t number;
    int r = edition_open(query, &edition);
    if (r == 0)
        r = choose_number(&edition, &number);
    if (r == 0)
        r = edition_compare(&edition, number);
    if (r == 0)
        r = issue_free(&edition, number, ret_result);
    edition_close(&edition);
    return r;
}
