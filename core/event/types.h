/* The event catalogue, as one table: CATALOGUE's types with their fields.
 *
 * To add a type: a list of fields and one row in EVENT_TYPES here, and one function apply_<name> in core/domain;
 * codec, validation, schema, `send`, help and journal follow from the row. Numbers are for ever. */
#pragma once

#include "event/choices.h"
#include "event/dictionaries.h"
#include "event/fields.h"

/* Kinds of things that events name. N(NAME, "word", label, plural): the number is the place and is for ever. */
#define NOUNS(N)                                                                                                       \
    N(REGION, "region", "区划") N(ORGANISATION, "organisation", "组织") N(VOLUNTEER, "volunteer", "志愿者")            \
    N(ACTIVITY, "activity", "活动") N(RECORD, "record", "服务记录") N(POLICY, "policy", "规则")                        \
    N(TEAM, "team", "队伍") N(STATION, "station", "服务站") N(PROJECT, "project", "项目")                              \
    N(CAMPAIGN, "campaign", "专项行动") N(POST, "post", "岗位") N(DOCUMENT, "document", "文件")                        \
    N(COURSE, "course", "课程") N(PERSON, "person", "经办人") N(SHIFT, "shift", "班次")

enum noun {
#define N(name, word, label) NOUN_##name,
    NOUNS(N)
#undef N
        NOUN_COUNT
};

/* Ranges of INTEGER fields, least and most: a field names its range without the prefix. */
#define RANGE_MINUTES {1, 366 * 24 * 60}
#define RANGE_PLACES {1, 1000000}
#define RANGE_AGE {0, 150}
#define RANGE_STARS {0, 5}
#define RANGE_AMOUNT {0, INT64_C(1000000000000)}
#define RANGE_SEQUENCE {0, INT64_MAX}
#define RANGE_OFFSET {-86400, 86400}
#define RANGE_EPOCH {INT64_MIN, INT64_MAX}
#define RANGE_SMALL {0, 10000}

/* ---- parts ---- */
#define FIELDS_position(F)                                                                                             \
    F(position, longitude, TEXT, 16, REQUIRED, "经度")                                                                 \
    F(position, latitude, TEXT, 16, REQUIRED, "纬度")
#define FIELDS_place(F)                                                                                                \
    F(place, text, TEXT, 256, REQUIRED, "地点")                                                                        \
    F(place, position, OBJECT, position, OPTIONAL, "经纬度")
#define FIELDS_shift(F)                                                                                                \
    F(shift, shift, ID, SHIFT, REQUIRED, "班次")                                                                       \
    F(shift, starts, TIME, 0, REQUIRED, "开始时间")                                                                    \
    F(shift, ends, TIME, 0, REQUIRED, "结束时间")                                                                      \
    F(shift, places, INTEGER, PLACES, REQUIRED, "人数")
#define FIELDS_needs(F)                                                                                                \
    F(needs, courses, LIST, 64, OPTIONAL, "须完成的培训")                                                              \
    F(needs, qualifications, LIST, 64, OPTIONAL, "须具备的资格")                                                       \
    F(needs, skills, LIST, 64, OPTIONAL, "须具备的技能")                                                               \
    F(needs, min_age, INTEGER, AGE, OPTIONAL, "最小年龄")                                                        \
    F(needs, max_age, INTEGER, AGE, OPTIONAL, "最大年龄")                                                        \
    F(needs, min_stars, INTEGER, STARS, OPTIONAL, "最低星级")                                                    \
    F(needs, party_member, BOOLEAN, 0, OPTIONAL, "须为党员")
#define FIELDS_retrospective(F) F(retrospective, reason, TEXT, 256, REQUIRED, "补录原因")
#define FIELDS_identity(F)                                                                                             \
    F(identity, name, TEXT, 128, REQUIRED, "姓名")                                                                     \
    F(identity, document_kind, CHOICE, DOCUMENT_KIND, REQUIRED, "证件类型")                                            \
    F(identity, number, TEXT, 32, REQUIRED, "证件号码")                                                                \
    F(identity, phone, TEXT, 24, OPTIONAL, "联系电话")
#define FIELDS_guardian_consent(F)                                                                                     \
    F(guardian_consent, by, TEXT, 64, REQUIRED, "监护人")                                                              \
    F(guardian_consent, on, DATE, 0, REQUIRED, "同意日期")
#define FIELDS_finding(F)                                                                                              \
    F(finding, code, TEXT, 64, REQUIRED, "事由")                                                                       \
    F(finding, value, SCALAR, 0, OPTIONAL, "数值")                                                                     \
    F(finding, needed, SCALAR, 0, OPTIONAL, "尚缺")
#define FIELDS_limits(F) F(limits, future_minutes, INTEGER, SMALL, OPTIONAL, "允许提前的分钟数")
#define FIELDS_offset(F)                                                                                               \
    F(offset, from, INTEGER, EPOCH, REQUIRED, "起始时刻")                                                        \
    F(offset, seconds, INTEGER, OFFSET, REQUIRED, "与世界时之差")
#define FIELDS_library(F)                                                                                              \
    F(library, name, TEXT, 64, REQUIRED, "库名")                                                                       \
    F(library, text, TEXT, 262144, REQUIRED, "全文")

/* Every part, inner ones first. */
#define EVENT_PARTS(S)                                                                                                 \
    S(position) S(place) S(shift) S(needs) S(retrospective) S(identity) S(guardian_consent) S(finding) S(limits)       \
    S(offset) S(library)

/* ---- base ---- */
#define FIELDS_city_configured(F)                                                                                      \
    F(city_configured, region, ID, REGION, REQUIRED, "城市区划代码")                                                   \
    F(city_configured, name, TEXT, 128, REQUIRED, "城市名称")                                                          \
    F(city_configured, time_zone, TEXT, 64, REQUIRED, "时区")                                                          \
    F(city_configured, limits, OBJECT, limits, OPTIONAL, "限额")                                                       \
    F(city_configured, offsets, OBJECTS, offset, REQUIRED, "时区与世界时之差")
#define FIELDS_region_defined(F)                                                                                       \
    F(region_defined, region, ID, REGION, REQUIRED | FIXED, "区划代码")                                                \
    F(region_defined, name, TEXT, 128, REQUIRED, "名称")                                                               \
    F(region_defined, level, CHOICE, REGION_LEVEL, REQUIRED, "层级")                                                   \
    F(region_defined, parent, ID, REGION, OPTIONAL, "上级区划")                                                        \
    F(region_defined, kind, CHOICE, REGION_KIND, OPTIONAL, "类型")                                                     \
    F(region_defined, urban, BOOLEAN, 0, OPTIONAL, "城镇")                                                             \
    F(region_defined, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- organisations ---- */
#define FIELDS_organisation_defined(F)                                                                                 \
    F(organisation_defined, organisation, ID, ORGANISATION, REQUIRED | FIXED, "组织编号")                              \
    F(organisation_defined, name, TEXT, 256, REQUIRED, "名称")                                                         \
    F(organisation_defined, kind, CHOICE, ORGANISATION_KIND, REQUIRED, "类型")                                         \
    F(organisation_defined, region, ID, REGION, REQUIRED, "所在区划")                                                  \
    F(organisation_defined, parent, ID, ORGANISATION, OPTIONAL, "上级组织")                                            \
    F(organisation_defined, line, CHOICE, LINE, OPTIONAL, "条线")                                                      \
    F(organisation_defined, window_service, BOOLEAN, 0, OPTIONAL, "窗口行业")                                          \
    F(organisation_defined, credit_code, TEXT, 18, OPTIONAL, "统一社会信用代码")                                       \
    F(organisation_defined, contact, TEXT, 256, SEALED, "联系方式")                                                    \
    F(organisation_defined, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- volunteers ---- */
#define FIELDS_volunteer_registered(F)                                                                                 \
    F(volunteer_registered, volunteer, ID, VOLUNTEER, REQUIRED | FIXED, "志愿者编号")                                  \
    F(volunteer_registered, region, ID, REGION, REQUIRED | FIXED, "居住区划")                                          \
    F(volunteer_registered, employer, ID, ORGANISATION, OPTIONAL, "工作单位")                                          \
    F(volunteer_registered, registered_by, ID, ORGANISATION, OPTIONAL, "登记组织")                                     \
    F(volunteer_registered, party_status, CHOICE, PARTY_STATUS, OPTIONAL, "党员身份")                                  \
    F(volunteer_registered, leader_body, TEXT, 64, OPTIONAL, "领导班子")                                               \
    F(volunteer_registered, born, MONTH, 0, OPTIONAL, "出生年月")                                                      \
    F(volunteer_registered, sex, CHOICE, SEX, OPTIONAL, "性别")                                                        \
    F(volunteer_registered, occupation, CODE, OCCUPATION, OPTIONAL, "职业")                                            \
    F(volunteer_registered, education, CODE, EDUCATION, OPTIONAL, "学历")                                              \
    F(volunteer_registered, skills, LIST, 64, OPTIONAL, "服务技能")                                                    \
    F(volunteer_registered, available, LIST, 64, OPTIONAL, "可服务时间")                                               \
    F(volunteer_registered, referred_by, ID, VOLUNTEER, OPTIONAL, "推荐人")                                            \
    F(volunteer_registered, guardian_consent, OBJECT, guardian_consent, OPTIONAL, "监护人同意")                        \
    F(volunteer_registered, identity, OBJECT, identity, SEALED, "身份信息")                                            \
    F(volunteer_registered, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_volunteer_updated(F)                                                                                    \
    F(volunteer_updated, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者编号")                                             \
    F(volunteer_updated, changes, CHANGES, volunteer_registered, REQUIRED, "变更内容")                        \
    F(volunteer_updated, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_volunteer_withdrawn(F)                                                                                  \
    F(volunteer_withdrawn, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者编号")                                           \
    F(volunteer_withdrawn, reason, TEXT, 256, OPTIONAL, "原因")                                                        \
    F(volunteer_withdrawn, on, DATE, 0, OPTIONAL, "日期")                                                              \
    F(volunteer_withdrawn, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- activities ---- */
#define FIELDS_activity_published(F)                                                                                   \
    F(activity_published, activity, ID, ACTIVITY, REQUIRED | FIXED, "活动编号")                                        \
    F(activity_published, title, TEXT, 256, REQUIRED, "名称")                                                          \
    F(activity_published, content, TEXT, 4096, REQUIRED, "内容")                                                       \
    F(activity_published, category, CODE, CATEGORY, REQUIRED, "服务类别")                                              \
    F(activity_published, kind, CHOICE, ACTIVITY_KIND, REQUIRED, "活动性质")                                           \
    F(activity_published, organisation, ID, ORGANISATION, OPTIONAL, "主办组织")                                        \
    F(activity_published, team, ID, TEAM, OPTIONAL, "主办队伍")                                                        \
    F(activity_published, region, ID, REGION, REQUIRED, "活动区划")                                                    \
    F(activity_published, place, OBJECT, place, REQUIRED, "地点")                                                      \
    F(activity_published, station, ID, STATION, OPTIONAL, "服务站")                                                    \
    F(activity_published, project, ID, PROJECT, OPTIONAL, "项目")                                                      \
    F(activity_published, campaign, ID, CAMPAIGN, OPTIONAL, "专项行动")                                                \
    F(activity_published, starts, TIME, 0, REQUIRED, "开始时间")                                                       \
    F(activity_published, ends, TIME, 0, REQUIRED, "结束时间")                                                         \
    F(activity_published, shifts, OBJECTS, shift, OPTIONAL, "班次")                                                    \
    F(activity_published, places, INTEGER, PLACES, REQUIRED, "招募人数")                                         \
    F(activity_published, risk, TEXT, 1024, REQUIRED, "风险说明")                                                      \
    F(activity_published, needs, OBJECT, needs, OPTIONAL, "报名条件")                                                  \
    F(activity_published, insurance, TEXT, 256, OPTIONAL, "保险")                                                      \
    F(activity_published, leader, TEXT, 64, OPTIONAL, "负责人")                                                        \
    F(activity_published, contact, TEXT, 256, SEALED, "联系方式")                                                      \
    F(activity_published, domains, LIST, 64, OPTIONAL, "服务领域")                                                     \
    F(activity_published, care, CHOICE, CARE, OPTIONAL, "三关爱")                                                      \
    F(activity_published, outcomes, LIST, 64, OPTIONAL, "服务成效")                                                    \
    F(activity_published, served_groups, LIST, 64, OPTIONAL, "服务对象")                                               \
    F(activity_published, major, BOOLEAN, 0, OPTIONAL, "大型活动")                                                     \
    F(activity_published, emergency, BOOLEAN, 0, OPTIONAL, "应急")                                                     \
    F(activity_published, retrospective, OBJECT, retrospective, OPTIONAL, "补录")                                      \
    F(activity_published, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_activity_changed(F)                                                                                     \
    F(activity_changed, activity, ID, ACTIVITY, REQUIRED, "活动编号")                                                  \
    F(activity_changed, changes, CHANGES, activity_published, REQUIRED, "变更内容")                           \
    F(activity_changed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_activity_cancelled(F)                                                                                   \
    F(activity_cancelled, activity, ID, ACTIVITY, REQUIRED, "活动编号")                                                \
    F(activity_cancelled, reason, TEXT, 256, OPTIONAL, "原因")                                                         \
    F(activity_cancelled, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- service records ---- */
#define FIELDS_service_recorded(F)                                                                                     \
    F(service_recorded, record, ID, RECORD, REQUIRED | FIXED, "记录编号")                                              \
    F(service_recorded, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                  \
    F(service_recorded, activity, ID, ACTIVITY, OPTIONAL, "活动")                                                      \
    F(service_recorded, post, ID, POST, OPTIONAL, "岗位")                                                              \
    F(service_recorded, shift, ID, SHIFT, OPTIONAL, "班次")                                                            \
    F(service_recorded, organisation, ID, ORGANISATION, REQUIRED, "记录组织")                                          \
    F(service_recorded, starts, TIME, 0, REQUIRED, "开始时间")                                                         \
    F(service_recorded, ends, TIME, 0, REQUIRED, "结束时间")                                                           \
    F(service_recorded, minutes, INTEGER, MINUTES, OPTIONAL, "服务分钟")                                         \
    F(service_recorded, role, CODE, ROLE, OPTIONAL, "服务角色")                                                        \
    F(service_recorded, method, CHOICE, METHOD, REQUIRED, "记录方式")                                                  \
    F(service_recorded, recorder, ID, PERSON, REQUIRED, "记录人")                                                      \
    F(service_recorded, quantities, QUANTITIES, 0, OPTIONAL, "其他计量")                                               \
    F(service_recorded, evidence, TEXT, 1024, OPTIONAL, "佐证")                                                        \
    F(service_recorded, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_service_reviewed(F)                                                                                     \
    F(service_reviewed, record, ID, RECORD, REQUIRED, "记录编号")                                                      \
    F(service_reviewed, outcome, CHOICE, REVIEW, REQUIRED, "结论")                                                     \
    F(service_reviewed, reviewer, ID, PERSON, REQUIRED, "审核人")                                                      \
    F(service_reviewed, note, TEXT, 1024, SEALED, "说明")                                                              \
    F(service_reviewed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_service_corrected(F)                                                                                    \
    F(service_corrected, record, ID, RECORD, REQUIRED, "记录编号")                                                     \
    F(service_corrected, minutes, INTEGER, MINUTES, REQUIRED, "更正后分钟")                                      \
    F(service_corrected, reason, TEXT, 256, REQUIRED, "原因")                                                          \
    F(service_corrected, by, ID, PERSON, REQUIRED, "经办人")                                                           \
    F(service_corrected, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_service_revoked(F)                                                                                      \
    F(service_revoked, record, ID, RECORD, REQUIRED, "记录编号")                                                       \
    F(service_revoked, reason, TEXT, 256, REQUIRED, "原因")                                                            \
    F(service_revoked, by, ID, PERSON, REQUIRED, "经办人")                                                             \
    F(service_revoked, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- governance ---- */
#define FIELDS_policy_activated(F)                                                                                     \
    F(policy_activated, policy, ID, POLICY, REQUIRED, "规则名")                                                        \
    F(policy_activated, kind, CHOICE, POLICY_KIND, REQUIRED, "规则种类")                                               \
    F(policy_activated, scope, ID, REGION, OPTIONAL, "适用区划")                                                       \
    F(policy_activated, revision, TEXT, 80, REQUIRED, "版本")                                                          \
    F(policy_activated, text, TEXT, 262144, REQUIRED, "全文")                                                          \
    F(policy_activated, library, OBJECTS, library, OPTIONAL, "所用库文件")                                             \
    F(policy_activated, parameters, JSON, 65536, OPTIONAL, "参数")                                                     \
    F(policy_activated, effective, DATE, 0, REQUIRED, "生效日期")                                                      \
    F(policy_activated, retroactivity, CHOICE, RETROACTIVITY, REQUIRED, "追溯方式")                                    \
    F(policy_activated, document, ID, DOCUMENT, OPTIONAL, "依据文件")                                                  \
    F(policy_activated, by, ID, PERSON, REQUIRED, "经办人")                                                            \
    F(policy_activated, second, ID, PERSON, OPTIONAL, "复核人")
#define FIELDS_policy_set_aside(F)                                                                                     \
    F(policy_set_aside, policy, ID, POLICY, REQUIRED, "规则名")                                                        \
    F(policy_set_aside, revision, TEXT, 80, REQUIRED, "版本")                                                          \
    F(policy_set_aside, reason, TEXT, 256, REQUIRED, "原因")                                                           \
    F(policy_set_aside, by, ID, PERSON, OPTIONAL, "经办人")
#define FIELDS_clock_ticked(F) F(clock_ticked, date, DATE, 0, REQUIRED, "日期")
#define FIELDS_clock_accepted(F) F(clock_accepted, by, ID, PERSON, REQUIRED, "经办人")
#define FIELDS_run_progressed(F)                                                                                       \
    F(run_progressed, run, INTEGER, SEQUENCE, REQUIRED, "批次")                                                  \
    F(run_progressed, cause, INTEGER, SEQUENCE, REQUIRED, "起因序号")                                            \
    F(run_progressed, revision, TEXT, 80, REQUIRED, "版本")                                                            \
    F(run_progressed, as_of, DATE, 0, REQUIRED, "基准日期")                                                            \
    F(run_progressed, cursor, INTEGER, SEQUENCE, REQUIRED, "进度")                                               \
    F(run_progressed, done, BOOLEAN, 0, REQUIRED, "已完成")

/* ---- decisions ---- */
#define FIELDS_registration_decided(F)                                                                                 \
    F(registration_decided, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                              \
    F(registration_decided, outcome, CHOICE, OUTCOME, REQUIRED, "结论")                                                \
    F(registration_decided, findings, OBJECTS, finding, OPTIONAL, "事由")
#define FIELDS_service_decided(F)                                                                                      \
    F(service_decided, record, ID, RECORD, REQUIRED, "记录编号")                                                       \
    F(service_decided, outcome, CHOICE, OUTCOME, REQUIRED, "结论")                                                     \
    F(service_decided, minutes, INTEGER, AMOUNT, REQUIRED, "认定分钟")                                           \
    F(service_decided, findings, OBJECTS, finding, OPTIONAL, "事由")
#define FIELDS_star_changed(F)                                                                                         \
    F(star_changed, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                      \
    F(star_changed, from, INTEGER, STARS, REQUIRED, "原星级")                                                    \
    F(star_changed, to, INTEGER, STARS, REQUIRED, "现星级")                                                      \
    F(star_changed, titles, LIST, 128, OPTIONAL, "称号")                                                               \
    F(star_changed, valid_until, DATE, 0, OPTIONAL, "有效期至")                                                        \
    F(star_changed, findings, OBJECTS, finding, OPTIONAL, "事由")

/* Who may write a type. */
enum writer {
    WRITER_PUBLISHER, /* any service, through ingest */
    WRITER_COMMAND,   /* volunteerctl or a page, through a query method that vets it first */
    WRITER_DAEMON,    /* the daemon alone */
    WRITER_DECISION   /* the daemon alone, because of another event, by a policy */
};

/* T(number, struct, "type", writer, version, noun it is about, label) */
#define EVENT_TYPES(T)                                                                                                 \
    T(1, city_configured, "city.configured", COMMAND, 1, REGION, "设置城市")                                           \
    T(2, region_defined, "region.defined", PUBLISHER, 1, REGION, "登记区划")                                           \
    T(3, organisation_defined, "organisation.defined", PUBLISHER, 1, ORGANISATION, "登记组织")                         \
    T(4, volunteer_registered, "volunteer.registered", PUBLISHER, 1, VOLUNTEER, "志愿者注册")                          \
    T(5, volunteer_updated, "volunteer.updated", PUBLISHER, 1, VOLUNTEER, "变更志愿者信息")                            \
    T(6, volunteer_withdrawn, "volunteer.withdrawn", PUBLISHER, 1, VOLUNTEER, "志愿者退出")                            \
    T(7, activity_published, "activity.published", PUBLISHER, 1, ACTIVITY, "发布活动")                                 \
    T(8, activity_changed, "activity.changed", PUBLISHER, 1, ACTIVITY, "变更活动")                                     \
    T(9, activity_cancelled, "activity.cancelled", PUBLISHER, 1, ACTIVITY, "取消活动")                                 \
    T(10, service_recorded, "service.recorded", PUBLISHER, 1, RECORD, "登记服务时长")                                  \
    T(11, service_reviewed, "service.reviewed", PUBLISHER, 1, RECORD, "审核服务记录")                                  \
    T(12, service_corrected, "service.corrected", PUBLISHER, 1, RECORD, "更正服务记录")                                \
    T(13, service_revoked, "service.revoked", PUBLISHER, 1, RECORD, "撤销服务记录")                                    \
    T(14, policy_activated, "policy.activated", COMMAND, 1, POLICY, "启用规则")                                        \
    T(15, policy_set_aside, "policy.set_aside", COMMAND, 1, POLICY, "停用规则版本")                                    \
    T(16, clock_ticked, "clock.ticked", DAEMON, 1, REGION, "日期更替")                                                 \
    T(17, clock_accepted, "clock.accepted", COMMAND, 1, REGION, "确认时钟")                                            \
    T(18, run_progressed, "run.progressed", DAEMON, 1, POLICY, "批次进度")                                             \
    T(128, registration_decided, "registration.decided", DECISION, 1, VOLUNTEER, "注册认定")                           \
    T(129, service_decided, "service.decided", DECISION, 1, RECORD, "时长认定")                                        \
    T(130, star_changed, "star.changed", DECISION, 1, VOLUNTEER, "星级变更")

/* ---- the structs, from the lists ---- */
#define C_TYPE_ID(argument) struct str
#define C_TYPE_TEXT(argument) struct str
#define C_TYPE_CODE(argument) struct str
#define C_TYPE_INTEGER(argument) int64_t
#define C_TYPE_BOOLEAN(argument) bool
#define C_TYPE_SCALAR(argument) struct scalar
#define C_TYPE_TIME(argument) struct moment
#define C_TYPE_DATE(argument) int32_t
#define C_TYPE_MONTH(argument) int32_t
#define C_TYPE_CHOICE(argument) int32_t
#define C_TYPE_OBJECT(argument) struct argument
#define C_TYPE_OBJECTS(argument) struct list
#define C_TYPE_LIST(argument) struct list
#define C_TYPE_QUANTITIES(argument) struct list
#define C_TYPE_CHANGES(argument) struct argument
#define C_TYPE_JSON(argument) struct str

#define MEMBER(T, name, kind, argument, flags, label) C_TYPE_##kind(argument) name;
#define INDEX(T, name, kind, argument, flags, label) T##__##name,
#define S(name)                                                                                                        \
    struct name {                                                                                                      \
        struct data head;                                                                                              \
        FIELDS_##name(MEMBER)                                                                                          \
    };                                                                                                                 \
    enum name##_index { FIELDS_##name(INDEX) name##__count };                                                          \
    extern const struct fields name##_fields;
EVENT_PARTS(S)
#define T(number, name, type, writer, version, noun, label) S(name)
EVENT_TYPES(T)
#undef T
#undef S
#undef INDEX
#undef MEMBER

enum event_number {
#define T(number, name, type, writer, version, noun, label) EVENT_##name = (number),
    EVENT_TYPES(T)
#undef T
};
