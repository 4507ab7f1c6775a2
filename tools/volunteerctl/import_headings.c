#include "import_headings.h"

#include <stdlib.h>

#include "sheet_text.h"
#include "util/memory.h"
#include "value.h"

/* What clerks call things. The first path that the type has counts. */
static const struct {
    const char *heading;
    const char *paths[4];
} aliases[] = {
    {"姓名", {"identity.name"}},
    {"志愿者姓名", {"identity.name"}},
    {"身份证号", {"identity.number"}},
    {"身份证号码", {"identity.number"}},
    {"身份证", {"identity.number"}},
    {"公民身份号码", {"identity.number"}},
    {"居民身份证号码", {"identity.number"}},
    {"证件号", {"identity.number"}},
    {"证件号码", {"identity.number"}},
    {"证件类型", {"identity.document_kind"}},
    {"证件种类", {"identity.document_kind"}},
    {"手机", {"identity.phone"}},
    {"手机号", {"identity.phone"}},
    {"手机号码", {"identity.phone"}},
    {"电话", {"identity.phone"}},
    {"电话号码", {"identity.phone"}},
    {"联系电话", {"identity.phone"}},
    {"联系方式", {"identity.phone", "contact"}},
    {"编号", {"volunteer", "record", "team", "organisation"}},
    {"志愿者", {"volunteer"}},
    {"志愿者编号", {"volunteer"}},
    {"志愿者id", {"volunteer"}},
    {"社区", {"region"}},
    {"村社区", {"region"}},
    {"村(社区)", {"region"}},
    {"所在社区", {"region"}},
    {"居住社区", {"region"}},
    {"居住地", {"region"}},
    {"区划", {"region"}},
    {"区划代码", {"region"}},
    {"所属区划", {"region"}},
    {"所属区域", {"region"}},
    {"所在地", {"region"}},
    {"单位", {"employer", "organisation"}},
    {"工作单位", {"employer", "organisation"}},
    {"所在单位", {"employer", "organisation"}},
    {"单位名称", {"employer", "name", "organisation"}},
    {"队伍名称", {"name"}},
    {"团队名称", {"name"}},
    {"组织名称", {"name"}},
    {"队伍", {"team"}},
    {"活动", {"activity"}},
    {"活动编号", {"activity"}},
    {"组织", {"organisation"}},
    {"组织单位", {"organisation"}},
    {"组织类型", {"kind"}},
    {"组织性质", {"kind"}},
    {"单位性质", {"kind"}},
    {"出生日期", {"born"}},
    {"出生年月日", {"born"}},
    {"生日", {"born"}},
    {"文化程度", {"education"}},
    {"技能", {"skills"}},
    {"特长", {"skills"}},
    {"专长", {"skills"}},
    {"类别", {"category"}},
    {"服务类别", {"category"}},
    {"签到", {"starts"}},
    {"签到时间", {"starts"}},
    {"开始", {"starts"}},
    {"开始时间", {"starts"}},
    {"服务开始时间", {"starts"}},
    {"签退", {"ends"}},
    {"签退时间", {"ends"}},
    {"结束", {"ends"}},
    {"结束时间", {"ends"}},
    {"服务结束时间", {"ends"}},
    {"分钟", {"minutes"}},
    {"指标", {"figure", "measure"}},
    {"统计对象", {"subject.id"}},
    {"对象编号", {"subject.id"}},
    {"对象类型", {"subject.kind"}},
};

/* A number of hours, only where the heading says so: 时长 alone may be either. */
static const char *const durations[] = {"时长",   "服务时长", "服务小时", "小时",
                                        "小时数", "时数",     "服务时数", "志愿服务时长"};
static const char *const days[] = {"日期", "服务日期", "活动日期", "date"};
static const char *const happened[] = {"time",     "发生时间", "注册时间", "注册日期",
                                       "登记时间", "登记日期", "加入时间", "加入日期"};
static const char *const documents[] = {"身份证号", "身份证号码", "身份证", "公民身份号码",
                                        "证件号",   "证件号码",   "number"};
/* What stands in clerks' tables and in no event; what --refused adds. */
static const char *const passed_over[] = {"序号",       "备注", "签名", "签字", "姓名",
                                          "志愿者姓名", "年龄", "民族", "行",   "原因"};

static bool is_one_of(const char *const *list, size_t n, const char *text) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(list[i], text) == 0)
            return true;
    return false;
}
#define IS_ONE_OF(list, text) is_one_of(list, sizeof(list) / sizeof *(list), text)

/* ---- the leaves of a type ---- */

bool import_has_parts(const struct field *field) {
    return field->kind == FIELD_OBJECT || field->kind == FIELD_CHANGES;
}

/* Counts down to the leaf that is wanted. */
static bool leaf_find(const struct fields *fields, size_t *index, struct import_leaf *leaf) {
    size_t depth = leaf->depth, path_size = strlen(leaf->path), label_size = strlen(leaf->label);
    bool required = leaf->required;
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        leaf->chain[depth] = field;
        leaf->depth = depth + 1;
        leaf->required = required && (field->flags & REQUIRED);
        snprintf(leaf->path + path_size, sizeof leaf->path - path_size, "%s%s", depth ? "." : "",
                 field->name);
        snprintf(leaf->label + label_size, sizeof leaf->label - label_size, "%s", field->label);
        if (import_has_parts(field) && depth + 1 < IMPORT_DEPTH) {
            if (leaf_find(field->fields, index, leaf))
                return true;
        } else if ((*index)-- == 0) {
            return true;
        }
    }
    leaf->depth = depth;
    leaf->path[path_size] = leaf->label[label_size] = '\0';
    return false;
}

bool import_leaf_at(const struct event_type *type, size_t index, struct import_leaf *ret_leaf) {
    *ret_leaf = (struct import_leaf){.required = true};
    return leaf_find(type->fields, &index, ret_leaf);
}

struct import_leaves *import_leaves_new(const struct event_type *type) {
    struct import_leaves *leaves = memory_checked(calloc(1, sizeof *leaves));
    while (leaves->n < IMPORT_LEAVES_LIMIT &&
           import_leaf_at(type, leaves->n, &leaves->list[leaves->n]))
        leaves->n++;
    return leaves;
}

const struct import_leaf *import_leaf_by_path(const struct import_leaves *leaves,
                                              const char *path) {
    for (size_t i = 0; i < leaves->n; i++)
        if (strcmp(leaves->list[i].path, path) == 0)
            return &leaves->list[i];
    return NULL;
}

const struct import_leaf *import_leaf_by_name(const struct import_leaves *leaves,
                                              const char *name) {
    const struct import_leaf *found = NULL;
    size_t n = 0;
    for (size_t i = 0; i < leaves->n; i++) {
        const struct import_leaf *leaf = &leaves->list[i];
        const struct field *field = leaf->chain[leaf->depth - 1];
        if (strcmp(field->name, name) != 0 && strcmp(field->label, name) != 0 &&
            strcmp(leaf->label, name) != 0)
            continue;
        if (leaf->depth == 1)
            return leaf;
        found = leaf;
        n++;
    }
    return n == 1 ? found : NULL;
}

const struct field *import_own_id(const struct event_type *type) {
    static const char *const begins[] = {
        ".registered", ".recorded",  ".carried_over", ".formed",   ".defined",  ".published",
        ".filed",      ".completed", ".planned",      ".offered",  ".enrolled", ".opened",
        ".declared",   ".nominated", ".agreed",       ".launched", ".assigned", ".made",
        ".requested",  ".applied",   ".redeemed",     ".set",      ".issued"};
    const char *verb = strchr(type->name, '.');
    const struct field *first = type->fields->n ? &type->fields->list[0] : NULL;
    bool own = first && first->kind == FIELD_ID && (first->flags & REQUIRED) &&
               first->noun == (int)type->noun && type->noun != NOUN_REGION;
    return own && verb && IS_ONE_OF(begins, verb) ? first : NULL;
}

/* ---- what stands in a heading ---- */

static void letters_small(char *text) {
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text + 'a' - 'A');
}

struct import_heading import_heading(struct str written) {
    struct import_heading heading = {.unit = UNIT_PLAIN};
    BUF_AUTO text = {0};
    size_t n = 0;
    bool within = false;
    sheet_narrow(written, false, &text);
    if (strstr(buf_text(&text), "小时") || strstr(buf_text(&text), "时数"))
        heading.unit = UNIT_HOURS;
    else if (strstr(buf_text(&text), "元)"))
        heading.unit = UNIT_YUAN;
    for (const char *at = buf_text(&text); *at && n + 1 < sizeof heading.text; at++) {
        within = (within || *at == '(') && *at != ')';
        if (!within && !strchr("*:\n)", *at))
            heading.text[n++] = *at;
    }
    letters_small(heading.text);
    return heading;
}

/* ---- which field a heading means ---- */

static bool has_times(const struct import_leaves *leaves) {
    for (size_t i = 0; i < leaves->n; i++)
        if (leaves->list[i].chain[leaves->list[i].depth - 1]->kind == FIELD_TIME)
            return true;
    return false;
}

enum column_unit import_unit(const struct import_leaf *leaf, enum column_unit unit) {
    const struct field *field = leaf->chain[leaf->depth - 1];
    size_t size = strlen(field->name);
    bool minutes = size >= 7 && strcmp(field->name + size - 7, "minutes") == 0;
    bool fen = size >= 4 && strcmp(field->name + size - 4, "_fen") == 0;
    if (field->kind != FIELD_INTEGER)
        return UNIT_PLAIN;
    return unit == UNIT_HOURS && minutes ? unit : unit == UNIT_YUAN && fen ? unit : UNIT_PLAIN;
}

static struct import_meaning is_field(const struct import_leaf *leaf, enum column_unit unit) {
    return (struct import_meaning){COLUMN_FIELD, leaf, import_unit(leaf, unit), true};
}

static struct import_meaning is_role(enum column_role role) {
    return (struct import_meaning){.role = role, .known = true};
}

static const struct import_leaf *leaf_by_alias(const struct import_leaves *leaves,
                                               const char *text) {
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcmp(aliases[i].heading, text) == 0)
            for (size_t k = 0; k < 4 && aliases[i].paths[k]; k++) {
                const struct import_leaf *leaf = import_leaf_by_path(leaves, aliases[i].paths[k]);
                if (leaf)
                    return leaf;
            }
    return NULL;
}

struct import_meaning import_meaning(const struct import_leaves *leaves,
                                     struct import_heading heading) {
    const char *text = heading.text;
    const struct import_leaf *leaf = import_leaf_by_path(leaves, text);
    leaf = leaf ? leaf : import_leaf_by_name(leaves, text);
    leaf = leaf ? leaf : leaf_by_alias(leaves, text);
    if (leaf)
        return is_field(leaf, heading.unit);
    leaf = import_leaf_by_path(leaves, "minutes");
    if (leaf && heading.unit == UNIT_HOURS && IS_ONE_OF(durations, text))
        return is_field(leaf, UNIT_HOURS);
    if (IS_ONE_OF(days, text) && has_times(leaves))
        return is_role(COLUMN_DAY);
    if (IS_ONE_OF(documents, text) && import_leaf_by_path(leaves, "volunteer"))
        return is_role(COLUMN_DOCUMENT);
    if (IS_ONE_OF(happened, text))
        return is_role(COLUMN_HAPPENED);
    if (IS_ONE_OF(passed_over, text))
        return is_role(COLUMN_IGNORED);
    return (struct import_meaning){.known = false};
}

bool import_heading_is_duration(const struct import_heading *heading) {
    return IS_ONE_OF(durations, heading->text);
}
