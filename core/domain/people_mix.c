#include "domain/people_mix.h"

static const struct {
    const char *code;
    const char *title;
} occupations[N_OCCUPATIONS] = {
    {"civil_servant", "公务员"},
    {"institution_staff", "事业单位人员"},
    {"enterprise_staff", "企业职工"},
    {"teacher", "教师"},
    {"medical_staff", "医务人员"},
    {"student", "学生"},
    {"farmer", "农民"},
    {"self_employed", "个体经营者"},
    {"freelancer", "自由职业者"},
    {"soldier", "现役军人"},
    {"retired", "离退休人员"},
    {"unemployed", "待业人员"},
    {"other", "其他"},
};
_Static_assert(COUNTER_occupation_other - COUNTER_OCCUPATIONS == N_OCCUPATIONS - 1,
               "each occupation has a counter");
_Static_assert(COUNTER_born_since_2010 - COUNTER_COHORTS == N_COHORTS - 1,
               "each cohort has a counter");

const char *occupation_title(int place) {
    return occupations[place].title;
}

/* What a city added to the dictionary counts as other. */
static uint8_t occupation_of(struct str code) {
    if (code.size == 0)
        return 0;
    for (uint8_t i = 0; i < N_OCCUPATIONS; i++)
        if (occupations[i].code[0] == code.data[0] &&
            str_equal(str_from(occupations[i].code), code))
            return (uint8_t)(i + 1);
    return N_OCCUPATIONS;
}

int cohort_of(int32_t born) {
    if (born == INT32_MIN)
        return -1;
    int32_t decade = born / 12 / 10 - 194;
    return decade < 0 ? 0 : decade >= N_COHORTS ? N_COHORTS - 1 : decade;
}

const char *cohort_title(int cohort) {
    static const char *const titles[N_COHORTS] = {"1950年前", "1950年代", "1960年代", "1970年代",
                                                  "1980年代", "1990年代", "2000年代", "2010年后"};
    return titles[cohort];
}

/* ---- leaders ---- */

static bool has(struct str text, const char *part) {
    size_t size = strlen(part);
    for (size_t i = 0; i + size <= text.size; i++)
        if (memcmp(text.data + i, part, size) == 0)
            return true;
    return false;
}

enum leader_body leader_body_of(struct str text) {
    static const struct {
        const char *part;
        enum leader_body body;
    } parts[] = {
        {"人大", LEADER_CONGRESS}, {"政协", LEADER_CONFERENCE}, {"政府", LEADER_GOVERNMENT},
        {"市委", LEADER_PARTY},    {"区委", LEADER_PARTY},      {"县委", LEADER_PARTY},
        {"党委", LEADER_PARTY},
    };
    if (text.size == 0)
        return LEADER_NONE;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (has(text, parts[i].part))
            return parts[i].body;
    return LEADER_OTHER;
}

const char *leader_body_title(enum leader_body body) {
    static const char *const titles[LEADER_BODIES] = {
        [LEADER_NONE] = "",           [LEADER_PARTY] = "党委",      [LEADER_CONGRESS] = "人大",
        [LEADER_GOVERNMENT] = "政府", [LEADER_CONFERENCE] = "政协", [LEADER_OTHER] = "其他"};
    return titles[body];
}

void leader_note(struct context *context, uint32_t volunteer, const struct volunteer_row *before,
                 const struct volunteer_row *after) {
    char key[4];
    char body = (char)volunteer_leader_body(after);
    if (volunteer_leader_body(before) == volunteer_leader_body(after))
        return;
    store_put(context->store, TABLE_LEADER, number_key(key, volunteer),
              body ? (struct str){&body, 1} : STR_NONE);
}

/* ---- what counts ---- */

void people_mix_read(const struct volunteer_registered *attributes, bool has_identity,
                     struct volunteer_row *row) {
    uint8_t marks = row->marks & (MARK_HAS_MERGED | MARK_REPORTED_IN);
    marks |= attributes->education.size ? 0 : MARK_NO_EDUCATION;
    marks |= attributes->skills.n ? 0 : MARK_NO_SKILLS;
    marks |= has_identity ? 0 : MARK_NO_IDENTITY;
    marks |= (uint8_t)(leader_body_of(attributes->leader_body) << MARK_LEADER_SHIFT);
    row->occupation = occupation_of(attributes->occupation);
    row->marks = marks;
}

bool people_mix_same(const struct volunteer_row *a, const struct volunteer_row *b) {
    const uint8_t counted = MARK_NO_EDUCATION | MARK_NO_SKILLS | MARK_NO_IDENTITY;
    return cohort_of(a->born) == cohort_of(b->born) && a->occupation == b->occupation &&
           !a->sex == !b->sex && (a->marks & counted) == (b->marks & counted);
}

static void add(struct counter_change *changes, size_t *n, enum counter counter, int32_t by) {
    changes[(*n)++] = (struct counter_change){counter, by};
}

size_t people_mix_changes(const struct volunteer_row *row, int32_t by,
                          struct counter_change ret_changes[static PEOPLE_MIX_CHANGES]) {
    size_t n = 0;
    int cohort = cohort_of(row->born);
    if (cohort >= 0)
        add(ret_changes, &n, COUNTER_COHORTS + (unsigned)cohort, by);
    if (row->occupation)
        add(ret_changes, &n, COUNTER_OCCUPATIONS + row->occupation - 1U, by);
    if (!row->sex)
        add(ret_changes, &n, COUNTER_without_sex, by);
    if (row->marks & MARK_NO_EDUCATION)
        add(ret_changes, &n, COUNTER_without_education, by);
    if (row->marks & MARK_NO_SKILLS)
        add(ret_changes, &n, COUNTER_without_skills, by);
    if (row->marks & MARK_NO_IDENTITY)
        add(ret_changes, &n, COUNTER_without_identity, by);
    return n;
}
