#include "organisations.h"

#include <stdlib.h>

#include "identity.h"
#include "random.h"

enum sort {
    SORT_DEPARTMENT,
    SORT_COUNTY,
    SORT_TOWNSHIP,
    SORT_COMMITTEE,
    SORT_ENTERPRISE,
    SORT_SCHOOL,
    SORT_INSTITUTION,
    SORT_WINDOW,
    SORT_GROUP,
};

static const struct {
    const char *kind;
    const char *authority; /* of the credit code: who registers, and what */
    const char *name;      /* of a simulated unit */
    const char *line;
    uint32_t level;         /* of the regions that have one each; 0: simulated units */
    const char *occupation; /* of those whom it employs; NULL: it employs nobody */
} sorts[] = {
    [SORT_DEPARTMENT] = {"party_government", "11", NULL, NULL, 2, "civil_servant"},
    [SORT_COUNTY] = {"party_government", "11", NULL, "文明办", 3, "civil_servant"},
    [SORT_TOWNSHIP] = {"party_government", "11", NULL, "民政", 4, "civil_servant"},
    [SORT_COMMITTEE] = {"self_governing", "54", NULL, "民政", 5, NULL},
    [SORT_ENTERPRISE] = {"enterprise", "91", "模拟企业", NULL, 0, "enterprise_staff"},
    [SORT_SCHOOL] = {"school", "12", "模拟学校", "教育", 0, "teacher"},
    [SORT_INSTITUTION] = {"public_institution", "12", "模拟事业单位", NULL, 0, "institution_staff"},
    [SORT_WINDOW] = {"public_institution", "12", "模拟服务窗口", "人社", 0, "institution_staff"},
    [SORT_GROUP] = {"social_group", "51", "模拟社会团体", NULL, 0, NULL},
};

static const char *const lines[] = {"文明办", "创城办", "民政", "组织", "宣传", "机关工委",
                                    "教育",   "财政",   "人社", "工会", "妇联", "共青团"};
#define N_LINES (sizeof(lines) / sizeof(*lines))

/* The first twenty are followed by twenty of the same mixture, and so on: any number is a plausible
 * city. A sort whose regions or lines are used up goes on as enterprises. */
static const uint8_t mixture[] = {
    SORT_DEPARTMENT, SORT_COUNTY,     SORT_TOWNSHIP, SORT_COMMITTEE,   SORT_ENTERPRISE,
    SORT_SCHOOL,     SORT_COMMITTEE,  SORT_TOWNSHIP, SORT_INSTITUTION, SORT_COMMITTEE,
    SORT_ENTERPRISE, SORT_DEPARTMENT, SORT_WINDOW,   SORT_TOWNSHIP,    SORT_COMMITTEE,
    SORT_GROUP,      SORT_COMMITTEE,  SORT_TOWNSHIP, SORT_COMMITTEE,   SORT_ENTERPRISE,
};

struct progress {
    uint32_t n_of_sort[sizeof(sorts) / sizeof(*sorts)];
    uint32_t next_region[sizeof(sorts) / sizeof(*sorts)];
};

/* The next region of the sort's level that has no organisation yet; only urban communities have
 * committees here. */
static bool next_region(struct progress *progress, const struct regions *regions, uint8_t sort,
                        uint32_t *ret_region) {
    for (uint32_t i = progress->next_region[sort]; i < regions->n; i++) {
        const struct region *region = &regions->items[i];
        if (region->level != sorts[sort].level ||
            (sort == SORT_COMMITTEE && !region_is_residents_committee(region)))
            continue;
        progress->next_region[sort] = i + 1;
        *ret_region = i;
        return true;
    }
    return false;
}

static uint8_t choose_sort(struct progress *progress, const struct regions *regions, uint32_t index,
                           uint32_t *ret_region) {
    uint8_t sort = mixture[index % sizeof(mixture)];
    *ret_region = 0;
    if (sort == SORT_DEPARTMENT)
        return progress->n_of_sort[sort] < N_LINES ? sort : SORT_ENTERPRISE;
    if (sorts[sort].level && !next_region(progress, regions, sort, ret_region))
        return SORT_ENTERPRISE;
    return sort;
}

/* The city's volunteer association, then one for each county: the first social groups. */
static uint32_t association_region(const struct regions *regions, uint32_t number) {
    uint32_t region = 0;
    for (uint32_t i = 1; i < regions->n && number; i++)
        if (regions->items[i].level == 3) {
            region = i;
            number--;
        }
    return number ? regions->n : region;
}

static bool is_association(const struct regions *regions, uint32_t number) {
    return association_region(regions, number) < regions->n;
}

static void add(struct organisations *organisations, struct progress *progress,
                const struct plan *plan, const struct regions *regions) {
    uint32_t index = organisations->n, region;
    uint8_t sort = choose_sort(progress, regions, index, &region);
    if (!sorts[sort].level) {
        struct random random = random_for(plan->seed, STREAM_ORGANISATION, index);
        region = region_draw(regions, (uint32_t)(random_next(&random) >> 32));
        region = region_ancestor(regions, region, 4);
    }
    if (sort == SORT_GROUP && is_association(regions, progress->n_of_sort[sort]))
        region = association_region(regions, progress->n_of_sort[sort]);
    uint32_t parent = index ? organisation_above(organisations, regions, region) : 0;
    organisations->items[index] = (struct organisation){
        .region = region, .parent = parent, .number = progress->n_of_sort[sort]++, .sort = sort};
    if (sorts[sort].level && !organisations->of_region[region])
        organisations->of_region[region] = index + 1;
    if (sorts[sort].occupation)
        organisations->employers[organisations->n_employers++] = index;
    organisations->n++;
}

void organisations_init(struct organisations *organisations, const struct plan *plan,
                        const struct regions *regions) {
    *organisations =
        (struct organisations){.items = calloc(plan->n_organisations, sizeof(struct organisation)),
                               .of_region = calloc(regions->n, sizeof(uint32_t)),
                               .employers = calloc(plan->n_organisations, sizeof(uint32_t))};
    if (!organisations->items || !organisations->of_region || !organisations->employers)
        abort();
    struct progress progress = {0};
    while (organisations->n < plan->n_organisations)
        add(organisations, &progress, plan, regions);
}

void organisations_deinit(struct organisations *organisations) {
    free(organisations->items);
    free(organisations->of_region);
    free(organisations->employers);
    *organisations = (struct organisations){0};
}

bool organisation_serves_window(const struct organisations *organisations, uint32_t organisation) {
    return organisations->items[organisation].sort == SORT_WINDOW;
}

const char *organisation_occupation(const struct organisations *organisations,
                                    uint32_t organisation) {
    return sorts[organisations->items[organisation].sort].occupation;
}

uint32_t organisation_above(const struct organisations *organisations,
                            const struct regions *regions, uint32_t region) {
    while (region && !organisations->of_region[region])
        region = regions->items[region].parent;
    uint32_t found = organisations->of_region[region];
    return found ? found - 1 : 0;
}

void field_organisation(struct output *out, const char *name, uint32_t organisation) {
    field_id(out, name, "org:", 6, organisation + 1);
}

static bool ends_with(struct str text, struct str end) {
    return text.size >= end.size && !memcmp(text.data + text.size - end.size, end.data, end.size);
}

static const char *administration(struct str township) {
    if (ends_with(township, STR("街道")))
        return "办事处";
    if (ends_with(township, STR("镇")) || ends_with(township, STR("乡")))
        return "人民政府";
    return "管理委员会";
}

static void name_format(const struct organisation *organisation, const struct regions *regions,
                        struct buf *name) {
    uint32_t county = region_ancestor(regions, organisation->region, 3);
    struct str region = regions->items[organisation->region].name;
    buf_reset(name);
    switch (organisation->sort) {
    case SORT_DEPARTMENT:
        buf_printf(name, "%.*s%s", STR_ARG(region), lines[organisation->number]);
        break;
    case SORT_COUNTY:
        buf_printf(name, "%.*s文明办", STR_ARG(region));
        break;
    case SORT_TOWNSHIP:
        buf_printf(name, "%.*s%s", STR_ARG(region), administration(region));
        break;
    case SORT_COMMITTEE:
        buf_put_str(name, region);
        break;
    default:
        if (organisation->sort == SORT_GROUP && is_association(regions, organisation->number))
            buf_printf(name, "%.*s志愿者协会(模拟)", STR_ARG(region));
        else
            buf_printf(name, "%.*s%s%03u", STR_ARG(regions->items[county].name),
                       sorts[organisation->sort].name, organisation->number + 1);
    }
}

static void define(const struct organisations *organisations, const struct regions *regions,
                   uint32_t index, struct buf *name, struct output *out, uint32_t moment) {
    const struct organisation *organisation = &organisations->items[index];
    uint8_t sort = organisation->sort;
    const char *line = sort == SORT_DEPARTMENT ? lines[organisation->number] : sorts[sort].line;
    char code[19];
    credit_code_format(sorts[sort].authority, index + 1, code);
    name_format(organisation, regions, name);
    event_begin(out, SOURCE_CIVIL_AFFAIRS, "organisation.defined", moment);
    field_organisation(out, "organisation", index);
    field_text(out, "name", buf_str(name));
    bool association = sort == SORT_GROUP && is_association(regions, organisation->number);
    field_text(out, "kind",
               association ? STR("volunteer_organisation") : str_from(sorts[sort].kind));
    field_text(out, "region", regions->items[organisation->region].code);
    if (index)
        field_organisation(out, "parent", organisation->parent);
    if (line)
        field_text(out, "line", str_from(line));
    if (sort == SORT_WINDOW)
        field_true(out, "window_service");
    field_text(out, "credit_code", (struct str){code, 18});
    event_end(out);
}

void organisations_define(const struct organisations *organisations, const struct regions *regions,
                          struct output *out, uint32_t moment) {
    struct buf name = {0};
    for (uint32_t i = 0; i < organisations->n; i++) {
        uint64_t passed = (uint64_t)i * DAY_S / organisations->n;
        define(organisations, regions, i, &name, out, moment_in_daytime(moment + (uint32_t)passed));
    }
    buf_deinit(&name);
}
