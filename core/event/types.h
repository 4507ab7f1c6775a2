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
    N(COURSE, "course", "课程") N(PERSON, "person", "经办人") N(SHIFT, "shift", "班次")                                \
    N(PLAN, "plan", "计划") N(FIGURE, "figure", "基础数据") N(CIVILISED_TITLE, "civilised_title", "文明称号")          \
    N(DICTIONARY, "dictionary", "字典") N(CALENDAR, "calendar", "日历") N(ADJUSTMENT, "adjustment", "积分调整")        \
    N(POINTS, "points", "积分") N(ASSESSMENT, "assessment", "测评") N(BULLETIN, "bulletin", "通报")                    \
    N(SUBJECT, "subject", "对象") N(REWARD, "reward", "回馈项目") N(REDEMPTION, "redemption", "兑换")                    \
    N(TRANSFER, "transfer", "积分转赠") N(HONOUR, "honour", "荣誉") N(NOMINATION, "nomination", "荣誉推荐")              \
    N(APPLICATION, "application", "星级申请") N(FUND, "fund", "资金")                                                  \
    N(TRAINING, "training", "培训") N(ENROLMENT, "enrolment", "报名")                                                  \
    N(ATTENDANCE, "attendance", "考勤") N(QUALIFICATION, "qualification", "资格证书")                                  \
    N(COMPLAINT, "complaint", "投诉") N(CONSENT, "consent", "授权") \
    N(FUND_ENTRY, "fund_entry", "资金明细") N(CERTIFICATE, "certificate", "证明")                                        \
    N(EMERGENCY, "emergency", "应急响应")                                                                                  \
    N(PUBLIC_NOTICE, "public_notice", "公示")                                                                          \
    N(NEED, "need", "需求") N(BENEFICIARY, "beneficiary", "帮扶对象") N(APPEAL, "appeal", "申诉")               \
    N(BATCH, "batch", "批次") \
    N(NOTICE, "notice", "通知") N(TASK, "task", "任务") N(COMMITMENT, "commitment", "承诺")        \
    N(PAIRING, "pairing", "结对") N(REPORT_IN, "report_in", "党员报到") \
    N(CASE, "case", "典型案例") \
    N(ALERT, "alert", "警报") N(EVIDENCE, "evidence", "测评佐证") N(PEER, "peer", "兄弟市州")

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
#define RANGE_DECIMALS {0, 6}
#define RANGE_CARRIED_MINUTES {1, INT64_C(100) * 366 * 24 * 60} /* a life's service on another platform */
#define RANGE_FIGURE {0, INT64_C(1000000000000)}
#define RANGE_POINTS {-INT64_C(1000000000), INT64_C(1000000000)} /* an account's smallest unit */
#define RANGE_NUMBER {1, 1000000} /* of a bulletin */
#define RANGE_COST {1, INT64_C(1000000000)} /* points, an account's smallest unit */
#define RANGE_FEN {1, INT64_C(1000000000000)}
#define RANGE_STOCK {0, 1000000}
#define RANGE_QUANTITY {1, 10000}
#define RANGE_LIMIT {1, 10000}
#define RANGE_HONOURS {1, 1000} /* of one kind in a year */
#define RANGE_YEAR {1900, 9999}
#define RANGE_STARS_SOUGHT {1, 5}
#define RANGE_RANK {-INT64_C(1000000000000), INT64_C(1000000000000)}
#define RANGE_DISTANCE {0, 1000000}
#define RANGE_MONTHS {1, 1200}
#define RANGE_RATING {1, 5}
#define RANGE_NOTICE_DAYS {1, 60}
#define RANGE_INTERVAL {1, 366}
#define RANGE_APPROVALS {0, 9}
#define RANGE_HONOUR_NOTICE {0, 60} /* working days */

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
/* Whom or what an event is about, where that may be of more than one kind. */
#define FIELDS_subject(F)                                                                                              \
    F(subject, kind, CHOICE, SUBJECT_KIND, REQUIRED, "对象类型")                                                       \
    F(subject, id, ID, SUBJECT, REQUIRED, "对象编号")
#define FIELDS_evidence(F)                                                                                             \
    F(evidence, digest, TEXT, 128, REQUIRED, "佐证材料摘要")                                                           \
    F(evidence, uri, TEXT, 512, OPTIONAL, "佐证材料地址")                                                              \
    F(evidence, note, TEXT, 512, REQUIRED, "佐证说明")

/* Every part, inner ones first. */
#define EVENT_PARTS(S)                                                                                                 \
    S(position) S(place) S(shift) S(needs) S(retrospective) S(identity) S(guardian_consent) S(finding) S(limits)       \
    S(offset) S(library) S(subject) S(evidence)

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
#define FIELDS_dictionary_entry_set(F)                                                                                 \
    F(dictionary_entry_set, dictionary, CHOICE, DICTIONARY, REQUIRED, "字典")                                          \
    F(dictionary_entry_set, code, TEXT, 64, REQUIRED, "代码")                                                          \
    F(dictionary_entry_set, title, TEXT, 128, REQUIRED, "名称")                                                        \
    F(dictionary_entry_set, parent, TEXT, 64, OPTIONAL, "上级代码")                                                    \
    F(dictionary_entry_set, decimals, INTEGER, DECIMALS, OPTIONAL, "小数位数")                                         \
    F(dictionary_entry_set, from, DATE, 0, OPTIONAL, "启用日期")                                                       \
    F(dictionary_entry_set, retired, DATE, 0, OPTIONAL, "停用日期")                                                    \
    F(dictionary_entry_set, may_expire, BOOLEAN, 0, OPTIONAL, "可过期")                                                \
    F(dictionary_entry_set, by, ID, PERSON, OPTIONAL, "经办人")
#define FIELDS_calendar_day_set(F)                                                                                     \
    F(calendar_day_set, date, DATE, 0, REQUIRED, "日期")                                                               \
    F(calendar_day_set, kind, CHOICE, DAY_KIND, REQUIRED, "性质")                                                      \
    F(calendar_day_set, name, TEXT, 64, OPTIONAL, "名称")                                                              \
    F(calendar_day_set, by, ID, PERSON, OPTIONAL, "经办人")
#define FIELDS_region_recoded(F)                                                                                       \
    F(region_recoded, region, ID, REGION, REQUIRED, "原代码")                                                          \
    F(region_recoded, into, ID, REGION, REQUIRED, "新代码")                                                            \
    F(region_recoded, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_figure_reported(F)                                                                                      \
    F(figure_reported, figure, CHOICE, FIGURE, REQUIRED, "数据项")                                                     \
    F(figure_reported, subject, OBJECT, subject, REQUIRED, "统计对象")                                                 \
    F(figure_reported, value, INTEGER, FIGURE, REQUIRED, "数值")                                                       \
    F(figure_reported, as_of, DATE, 0, REQUIRED, "截止日期")                                                           \
    F(figure_reported, origin, TEXT, 256, REQUIRED, "来源")                                                            \
    F(figure_reported, ext, JSON, 4096, OPTIONAL, "扩展")                                                              \
    F(figure_reported, by, ID, PERSON, OPTIONAL, "上报人")
#define FIELDS_document_registered(F)                                                                                  \
    F(document_registered, document, ID, DOCUMENT, REQUIRED | FIXED, "文件编号")                                       \
    F(document_registered, title, TEXT, 256, REQUIRED, "标题")                                                         \
    F(document_registered, number, TEXT, 128, REQUIRED, "文号")                                                        \
    F(document_registered, issued_by, TEXT, 128, REQUIRED, "发文机关")                                                 \
    F(document_registered, on, DATE, 0, REQUIRED, "发文日期")                                                          \
    F(document_registered, digest, TEXT, 128, OPTIONAL, "摘要值")                                                      \
    F(document_registered, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_document_withdrawn(F)                                                                                   \
    F(document_withdrawn, document, ID, DOCUMENT, REQUIRED, "文件编号")                                                \
    F(document_withdrawn, on, DATE, 0, REQUIRED, "废止日期")                                                           \
    F(document_withdrawn, by, ID, PERSON, REQUIRED, "经办人")                                                          \
    F(document_withdrawn, replaced_by, ID, DOCUMENT, OPTIONAL, "替代文件")                                             \
    F(document_withdrawn, reason, TEXT, 512, OPTIONAL, "原因")                                                         \
    F(document_withdrawn, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_plan_set(F)                                                                                             \
    F(plan_set, plan, ID, PLAN, REQUIRED | FIXED, "计划编号")                                                          \
    F(plan_set, subject, OBJECT, subject, REQUIRED, "责任对象")                                                        \
    F(plan_set, measure, CHOICE, MEASURE, REQUIRED, "指标")                                                            \
    F(plan_set, target, INTEGER, FIGURE, REQUIRED, "目标值")                                                           \
    F(plan_set, due, DATE, 0, REQUIRED, "期限")                                                                        \
    F(plan_set, ext, JSON, 4096, OPTIONAL, "扩展")                                                                     \
    F(plan_set, title, TEXT, 128, OPTIONAL, "计划名称")                                                                \
    F(plan_set, from, DATE, 0, OPTIONAL, "起算日")                                                                     \
    F(plan_set, document, ID, DOCUMENT, OPTIONAL, "依据文件")

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
#define FIELDS_organisation_updated(F)                                                                                 \
    F(organisation_updated, organisation, ID, ORGANISATION, REQUIRED, "组织编号")                                      \
    F(organisation_updated, changes, CHANGES, organisation_defined, REQUIRED, "变更内容")                              \
    F(organisation_updated, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_organisation_dissolved(F)                                                                               \
    F(organisation_dissolved, organisation, ID, ORGANISATION, REQUIRED, "组织编号")                                    \
    F(organisation_dissolved, successor, ID, ORGANISATION, OPTIONAL, "承接组织")                                       \
    F(organisation_dissolved, ext, JSON, 4096, OPTIONAL, "扩展")
/* Awarded, reviewed, withdrawn: the same is said of each. */
#define TITLE_FIELDS(F, T)                                                                                             \
    F(T, subject, OBJECT, subject, REQUIRED, "对象")                                                                   \
    F(T, title, CHOICE, CIVILISED_TITLE, REQUIRED, "称号")                                                             \
    F(T, level, CHOICE, TITLE_LEVEL, REQUIRED, "级别")                                                                 \
    F(T, on, DATE, 0, REQUIRED, "日期")                                                                                \
    F(T, document, ID, DOCUMENT, OPTIONAL, "依据文件")                                                                 \
    F(T, outcome, CHOICE, TITLE_OUTCOME, OPTIONAL, "结论")                                                             \
    F(T, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_civilised_title_awarded(F) TITLE_FIELDS(F, civilised_title_awarded)
#define FIELDS_civilised_title_reviewed(F) TITLE_FIELDS(F, civilised_title_reviewed)
#define FIELDS_civilised_title_withdrawn(F) TITLE_FIELDS(F, civilised_title_withdrawn)

/* ---- teams ---- */
#define FIELDS_team_formed(F)                                                                                          \
    F(team_formed, team, ID, TEAM, REQUIRED | FIXED, "队伍编号")                                                       \
    F(team_formed, name, TEXT, 256, REQUIRED, "名称")                                                                  \
    F(team_formed, category, CODE, CATEGORY, REQUIRED, "服务类别")                                                     \
    F(team_formed, organisation, ID, ORGANISATION, OPTIONAL, "所属组织")                                               \
    F(team_formed, region, ID, REGION, OPTIONAL, "所在区划")                                                           \
    F(team_formed, legal_status, CHOICE, LEGAL_STATUS, REQUIRED, "登记状态")                                           \
    F(team_formed, professional, BOOLEAN, 0, OPTIONAL, "专业队伍")                                                     \
    F(team_formed, leader, ID, PERSON, OPTIONAL, "负责人")                                                             \
    F(team_formed, ext, JSON, 4096, OPTIONAL, "扩展")                                                                    \
    F(team_formed, qualifications, LIST, 64, OPTIONAL, "所需资格")
#define FIELDS_team_updated(F)                                                                                         \
    F(team_updated, team, ID, TEAM, REQUIRED, "队伍编号")                                                              \
    F(team_updated, changes, CHANGES, team_formed, REQUIRED, "变更内容")                                               \
    F(team_updated, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_team_dissolved(F)                                                                                       \
    F(team_dissolved, team, ID, TEAM, REQUIRED, "队伍编号")                                                            \
    F(team_dissolved, successor, ID, TEAM, OPTIONAL, "承接队伍")                                                       \
    F(team_dissolved, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_team_joined(F)                                                                                          \
    F(team_joined, team, ID, TEAM, REQUIRED, "队伍")                                                                   \
    F(team_joined, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                       \
    F(team_joined, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_team_left(F)                                                                                            \
    F(team_left, team, ID, TEAM, REQUIRED, "队伍")                                                                     \
    F(team_left, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                         \
    F(team_left, ext, JSON, 4096, OPTIONAL, "扩展")

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
#define FIELDS_volunteer_moved(F)                                                                                      \
    F(volunteer_moved, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者编号")                                               \
    F(volunteer_moved, region, ID, REGION, REQUIRED, "迁入区划")                                                       \
    F(volunteer_moved, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_volunteer_died(F)                                                                                       \
    F(volunteer_died, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者编号")                                                \
    F(volunteer_died, on, DATE, 0, REQUIRED, "去世日期")                                                               \
    F(volunteer_died, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_volunteer_linked(F)                                                                                     \
    F(volunteer_linked, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者编号")                                              \
    F(volunteer_linked, system, TEXT, 64, REQUIRED, "外部系统")                                                        \
    F(volunteer_linked, external, TEXT, 128, REQUIRED, "外部编号")                                                     \
    F(volunteer_linked, ext, JSON, 4096, OPTIONAL, "扩展")

#define FIELDS_volunteer_merged(F)                                                                                     \
    F(volunteer_merged, volunteer, ID, VOLUNTEER, REQUIRED, "被合并的志愿者")                                          \
    F(volunteer_merged, into, ID, VOLUNTEER, REQUIRED, "并入的志愿者")                                                 \
    F(volunteer_merged, ext, JSON, 4096, OPTIONAL, "扩展")
/* Who looked at what is sealed of a person. */
#define FIELDS_identity_read(F)                                                                                        \
    F(identity_read, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                     \
    F(identity_read, by, ID, PERSON, REQUIRED, "经办人")                                                               \
    F(identity_read, purpose, TEXT, 128, REQUIRED, "用途")

/* ---- projects ---- */
#define FIELDS_project_defined(F)                                                                                      \
    F(project_defined, project, ID, PROJECT, REQUIRED | FIXED, "项目编号")                                             \
    F(project_defined, title, TEXT, 256, REQUIRED, "名称")                                                             \
    F(project_defined, category, CODE, CATEGORY, REQUIRED, "服务类别")                                                 \
    F(project_defined, organisation, ID, ORGANISATION, REQUIRED, "主办组织")                                           \
    F(project_defined, station, ID, STATION, OPTIONAL, "落户服务站")                                                   \
    F(project_defined, brand, BOOLEAN, 0, OPTIONAL, "品牌项目")                                                        \
    F(project_defined, sponsors, LIST, 128, OPTIONAL, "支持单位")                                                      \
    F(project_defined, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_project_closed(F)                                                                                       \
    F(project_closed, project, ID, PROJECT, REQUIRED, "项目编号")                                                      \
    F(project_closed, reason, TEXT, 256, OPTIONAL, "原因")                                                             \
    F(project_closed, ext, JSON, 4096, OPTIONAL, "扩展")

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
    F(activity_published, ext, JSON, 4096, OPTIONAL, "扩展")                                                           \
    F(activity_published, beneficiary, ID, BENEFICIARY, OPTIONAL | FIXED, "走访对象")
#define FIELDS_activity_changed(F)                                                                                     \
    F(activity_changed, activity, ID, ACTIVITY, REQUIRED, "活动编号")                                                  \
    F(activity_changed, changes, CHANGES, activity_published, REQUIRED, "变更内容")                           \
    F(activity_changed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_activity_cancelled(F)                                                                                   \
    F(activity_cancelled, activity, ID, ACTIVITY, REQUIRED, "活动编号")                                                \
    F(activity_cancelled, reason, TEXT, 256, OPTIONAL, "原因")                                                         \
    F(activity_cancelled, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_activity_closed(F)                                                                                      \
    F(activity_closed, activity, ID, ACTIVITY, REQUIRED, "活动编号")                                                   \
    F(activity_closed, reason, TEXT, 256, OPTIONAL, "说明")                                                            \
    F(activity_closed, ext, JSON, 4096, OPTIONAL, "扩展")

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
    F(service_recorded, ext, JSON, 4096, OPTIONAL, "扩展")                                                             \
    F(service_recorded, beneficiary, ID, BENEFICIARY, OPTIONAL, "帮扶对象")
#define FIELDS_service_reviewed(F)                                                                                     \
    F(service_reviewed, record, ID, RECORD, REQUIRED, "记录编号")                                                      \
    F(service_reviewed, outcome, CHOICE, REVIEW, REQUIRED, "结论")                                                     \
    F(service_reviewed, reviewer, ID, PERSON, REQUIRED, "审核人")                                                      \
    F(service_reviewed, note, TEXT, 1024, SEALED, "说明")                                                              \
    F(service_reviewed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_service_corrected(F)                                                                                    \
    F(service_corrected, record, ID, RECORD, REQUIRED, "记录编号")                                                     \
    F(service_corrected, minutes, INTEGER, CARRIED_MINUTES, REQUIRED, "更正后分钟")                              \
    F(service_corrected, reason, TEXT, 256, REQUIRED, "原因")                                                          \
    F(service_corrected, by, ID, PERSON, REQUIRED, "经办人")                                                           \
    F(service_corrected, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_service_revoked(F)                                                                                      \
    F(service_revoked, record, ID, RECORD, REQUIRED, "记录编号")                                                       \
    F(service_revoked, reason, TEXT, 256, REQUIRED, "原因")                                                            \
    F(service_revoked, by, ID, PERSON, REQUIRED, "经办人")                                                             \
    F(service_revoked, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_service_carried_over(F)                                                                                 \
    F(service_carried_over, record, ID, RECORD, REQUIRED | FIXED, "记录编号")                                          \
    F(service_carried_over, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                              \
    F(service_carried_over, minutes, INTEGER, CARRIED_MINUTES, REQUIRED, "结转分钟")                                   \
    F(service_carried_over, from, DATE, 0, REQUIRED, "起始日期")                                                       \
    F(service_carried_over, to, DATE, 0, REQUIRED, "截止日期")                                                         \
    F(service_carried_over, organisation, ID, ORGANISATION, REQUIRED, "记录组织")                                      \
    F(service_carried_over, system, TEXT, 64, OPTIONAL, "原系统")                                                      \
    F(service_carried_over, evidence, TEXT, 1024, REQUIRED, "佐证")                                                    \
    F(service_carried_over, recorder, ID, PERSON, OPTIONAL, "记录人")                                                  \
    F(service_carried_over, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_service_disputed(F)                                                                                     \
    F(service_disputed, record, ID, RECORD, REQUIRED, "记录编号")                                                          \
    F(service_disputed, text, TEXT, 4096, REQUIRED | SEALED, "异议内容")                                                   \
    F(service_disputed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_service_settled(F)                                                                                      \
    F(service_settled, record, ID, RECORD, REQUIRED, "记录编号")                                                           \
    F(service_settled, outcome, CHOICE, COMPLAINT_OUTCOME, REQUIRED, "处理结论")                                           \
    F(service_settled, by, ID, PERSON, REQUIRED, "经办人")                                                                \
    F(service_settled, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_service_transferred(F)                                                                                  \
    F(service_transferred, record, ID, RECORD, REQUIRED, "记录编号")                                                       \
    F(service_transferred, organisation, ID, ORGANISATION, REQUIRED, "接收组织")                                           \
    F(service_transferred, by, ID, PERSON, REQUIRED, "核实人")                                                            \
    F(service_transferred, reason, TEXT, 256, OPTIONAL, "原因")                                                          \
    F(service_transferred, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- public notices ---- */
#define FIELDS_public_notice_opened(F)                                                                                 \
    F(public_notice_opened, notice, ID, PUBLIC_NOTICE, REQUIRED | FIXED, "公示编号")                                       \
    F(public_notice_opened, subject, OBJECT, subject, REQUIRED, "公示对象")                                                \
    F(public_notice_opened, from, DATE, 0, REQUIRED, "起始日期")                                                           \
    F(public_notice_opened, working_days, INTEGER, NOTICE_DAYS, REQUIRED, "工作日数")                                      \
    F(public_notice_opened, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_public_notice_objected(F)                                                                               \
    F(public_notice_objected, notice, ID, PUBLIC_NOTICE, REQUIRED, "公示编号")                                             \
    F(public_notice_objected, text, TEXT, 4096, REQUIRED | SEALED, "异议内容")                                             \
    F(public_notice_objected, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_public_notice_ended(F)                                                                                  \
    F(public_notice_ended, notice, ID, PUBLIC_NOTICE, REQUIRED, "公示编号")                                                \
    F(public_notice_ended, outcome, CHOICE, REVIEW, REQUIRED, "结论")                                                    \
    F(public_notice_ended, by, ID, PERSON, OPTIONAL, "经办人")                                                            \
    F(public_notice_ended, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- points ---- */
#define FIELDS_points_adjusted(F)                                                                                      \
    F(points_adjusted, adjustment, ID, ADJUSTMENT, REQUIRED | FIXED, "调整编号")                                       \
    F(points_adjusted, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                   \
    F(points_adjusted, account, CODE, ACCOUNT, REQUIRED, "账户")                                                       \
    F(points_adjusted, amount, INTEGER, POINTS, REQUIRED, "数额")                                                      \
    F(points_adjusted, reason, TEXT, 256, REQUIRED, "原因")                                                            \
    F(points_adjusted, by, ID, PERSON, REQUIRED, "经办人")

#define FIELDS_points_transferred(F)                                                                                   \
    F(points_transferred, transfer, ID, TRANSFER, REQUIRED | FIXED, "转赠编号")                                        \
    F(points_transferred, from, ID, VOLUNTEER, REQUIRED, "转出人")                                                     \
    F(points_transferred, to, ID, VOLUNTEER, REQUIRED, "转入人")                                                       \
    F(points_transferred, account, CODE, ACCOUNT, REQUIRED, "账户")                                                    \
    F(points_transferred, amount, INTEGER, COST, REQUIRED, "数额")                                                     \
    F(points_transferred, reason, TEXT, 256, REQUIRED, "原因")                                                         \
    F(points_transferred, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- rewards ---- */
#define FIELDS_reward_offered(F)                                                                                       \
    F(reward_offered, reward, ID, REWARD, REQUIRED | FIXED, "回馈编号")                                                \
    F(reward_offered, title, TEXT, 128, REQUIRED, "名称")                                                              \
    F(reward_offered, account, CODE, ACCOUNT, REQUIRED, "账户")                                                        \
    F(reward_offered, cost, INTEGER, COST, REQUIRED, "所需积分")                                                       \
    F(reward_offered, stock, INTEGER, STOCK, OPTIONAL, "可兑数量")                                                     \
    F(reward_offered, cost_fen, INTEGER, AMOUNT, OPTIONAL, "成本（分）")                                               \
    F(reward_offered, fund, ID, FUND, OPTIONAL, "资金")                                                                \
    F(reward_offered, merchant, ID, ORGANISATION, OPTIONAL, "商家")                                                    \
    F(reward_offered, min_stars, INTEGER, STARS, OPTIONAL, "最低星级")                                                 \
    F(reward_offered, minimum_balance, INTEGER, AMOUNT, OPTIONAL, "最低余额")                                          \
    F(reward_offered, limit_per_year, INTEGER, LIMIT, OPTIONAL, "每年限兑数量")                                        \
    F(reward_offered, limit_group, TEXT, 64, OPTIONAL, "合并限兑组")                                                   \
    F(reward_offered, valid_until, DATE, 0, OPTIONAL, "有效期至")                                                      \
    F(reward_offered, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_reward_withdrawn(F)                                                                                     \
    F(reward_withdrawn, reward, ID, REWARD, REQUIRED, "回馈编号")                                                      \
    F(reward_withdrawn, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_reward_redeemed(F)                                                                                      \
    F(reward_redeemed, redemption, ID, REDEMPTION, REQUIRED | FIXED, "兑换编号")                                       \
    F(reward_redeemed, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                   \
    F(reward_redeemed, reward, ID, REWARD, REQUIRED, "回馈编号")                                                       \
    F(reward_redeemed, quantity, INTEGER, QUANTITY, REQUIRED, "数量")                                                  \
    F(reward_redeemed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_reward_settled(F)                                                                                       \
    F(reward_settled, redemption, ID, REDEMPTION, REQUIRED, "兑换编号")                                                \
    F(reward_settled, by, ID, PERSON, REQUIRED, "经办人")                                                              \
    F(reward_settled, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_reward_voided(F)                                                                                        \
    F(reward_voided, redemption, ID, REDEMPTION, REQUIRED, "兑换编号")                                                 \
    F(reward_voided, by, ID, PERSON, REQUIRED, "经办人")                                                               \
    F(reward_voided, reason, TEXT, 256, REQUIRED, "原因")                                                              \
    F(reward_voided, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- the special fund ---- */
#define FIELDS_fund_allocated(F)                                                                                       \
    F(fund_allocated, fund, ID, FUND, REQUIRED, "资金")                                                                \
    F(fund_allocated, entry, ID, FUND_ENTRY, REQUIRED | FIXED, "明细编号")                                             \
    F(fund_allocated, amount_fen, INTEGER, FEN, REQUIRED, "金额（分）")                                                \
    F(fund_allocated, origin, TEXT, 256, REQUIRED, "资金来源")                                                         \
    F(fund_allocated, year, INTEGER, YEAR, REQUIRED, "预算年度")                                                       \
    F(fund_allocated, region, ID, REGION, OPTIONAL, "使用区划")                                                        \
    F(fund_allocated, budget_line, TEXT, 128, OPTIONAL, "预算科目")                                                    \
    F(fund_allocated, title, TEXT, 128, OPTIONAL, "资金名称")                                                          \
    F(fund_allocated, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_fund_committed(F)                                                                                       \
    F(fund_committed, fund, ID, FUND, REQUIRED, "资金")                                                                \
    F(fund_committed, entry, ID, FUND_ENTRY, REQUIRED | FIXED, "明细编号")                                             \
    F(fund_committed, amount_fen, INTEGER, FEN, REQUIRED, "金额（分）")                                                \
    F(fund_committed, purpose, TEXT, 256, REQUIRED, "用途")                                                            \
    F(fund_committed, document, ID, DOCUMENT, OPTIONAL, "依据文件")                                                    \
    F(fund_committed, by, ID, PERSON, REQUIRED, "经办人")                                                              \
    F(fund_committed, of, ID, FUND_ENTRY, OPTIONAL, "所用拨款")                                                        \
    F(fund_committed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_fund_spent(F)                                                                                           \
    F(fund_spent, fund, ID, FUND, REQUIRED, "资金")                                                                    \
    F(fund_spent, entry, ID, FUND_ENTRY, REQUIRED | FIXED, "明细编号")                                                 \
    F(fund_spent, amount_fen, INTEGER, FEN, REQUIRED, "金额（分）")                                                    \
    F(fund_spent, purpose, TEXT, 256, REQUIRED, "用途")                                                                \
    F(fund_spent, document, ID, DOCUMENT, OPTIONAL, "依据文件")                                                        \
    F(fund_spent, by, ID, PERSON, REQUIRED, "经办人")                                                                  \
    F(fund_spent, of, ID, FUND_ENTRY, OPTIONAL, "所付承诺")                                                            \
    F(fund_spent, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_fund_returned(F)                                                                                        \
    F(fund_returned, fund, ID, FUND, REQUIRED, "资金")                                                                 \
    F(fund_returned, entry, ID, FUND_ENTRY, REQUIRED | FIXED, "明细编号")                                              \
    F(fund_returned, amount_fen, INTEGER, FEN, REQUIRED, "金额（分）")                                                 \
    F(fund_returned, purpose, TEXT, 256, REQUIRED, "原因")                                                             \
    F(fund_returned, document, ID, DOCUMENT, OPTIONAL, "依据文件")                                                     \
    F(fund_returned, by, ID, PERSON, REQUIRED, "经办人")                                                               \
    F(fund_returned, of, ID, FUND_ENTRY, OPTIONAL, "所退明细")                                                         \
    F(fund_returned, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- star applications and honours ---- */
#define FIELDS_star_applied(F)                                                                                         \
    F(star_applied, application, ID, APPLICATION, REQUIRED | FIXED, "申请编号")                                        \
    F(star_applied, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                      \
    F(star_applied, stars, INTEGER, STARS_SOUGHT, REQUIRED, "申请星级")                                                \
    F(star_applied, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_star_reviewed(F)                                                                                        \
    F(star_reviewed, application, ID, APPLICATION, REQUIRED, "申请编号")                                               \
    F(star_reviewed, outcome, CHOICE, REVIEW, REQUIRED, "结论")                                                        \
    F(star_reviewed, by, ID, PERSON, REQUIRED, "审批人")                                                               \
    F(star_reviewed, note, TEXT, 1024, OPTIONAL, "说明")                                                               \
    F(star_reviewed, level, CHOICE, APPROVAL_LEVEL, OPTIONAL, "审批层级")                                              \
    F(star_reviewed, ext, JSON, 4096, OPTIONAL, "扩展")
/* What is asked for: records by name, or all that the organisation recorded from one day to another. */
#define FIELDS_certificate_requested(F)                                                                                \
    F(certificate_requested, certificate, ID, CERTIFICATE, REQUIRED | FIXED, "证明申请编号")                           \
    F(certificate_requested, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                             \
    F(certificate_requested, organisation, ID, ORGANISATION, REQUIRED, "出具组织")                                     \
    F(certificate_requested, records, LIST, 64, OPTIONAL, "服务记录")                                                  \
    F(certificate_requested, from, DATE, 0, OPTIONAL, "起始日期")                                                      \
    F(certificate_requested, to, DATE, 0, OPTIONAL, "截止日期")                                                        \
    F(certificate_requested, note, TEXT, 256, OPTIONAL, "备注")                                                        \
    F(certificate_requested, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_certificate_issued(F)                                                                                   \
    F(certificate_issued, certificate, ID, CERTIFICATE, REQUIRED, "证明申请编号")                                      \
    F(certificate_issued, number, TEXT, 128, REQUIRED, "证明编号")                                                     \
    F(certificate_issued, minutes, INTEGER, FIGURE, REQUIRED, "证明的分钟数")                                          \
    F(certificate_issued, digest, TEXT, 64, REQUIRED, "摘要值")                                                        \
    F(certificate_issued, handler, ID, PERSON, REQUIRED, "经办人")                                                     \
    F(certificate_issued, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_certificate_refused(F)                                                                                  \
    F(certificate_refused, certificate, ID, CERTIFICATE, REQUIRED, "证明申请编号")                                     \
    F(certificate_refused, reason, TEXT, 256, REQUIRED, "原因")                                                        \
    F(certificate_refused, by, ID, PERSON, OPTIONAL, "经办人")                                                         \
    F(certificate_refused, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_certificate_revoked(F)                                                                                  \
    F(certificate_revoked, certificate, ID, CERTIFICATE, REQUIRED, "证明申请编号")                                     \
    F(certificate_revoked, reason, TEXT, 256, REQUIRED, "原因")                                                        \
    F(certificate_revoked, by, ID, PERSON, REQUIRED, "经办人")                                                         \
    F(certificate_revoked, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_honour_defined(F)                                                                                       \
    F(honour_defined, honour, ID, HONOUR, REQUIRED | FIXED, "荣誉编号")                                                \
    F(honour_defined, title, TEXT, 128, REQUIRED, "名称")                                                              \
    F(honour_defined, level, CHOICE, TITLE_LEVEL, REQUIRED, "级别")                                                    \
    F(honour_defined, classes, LIST, 64, OPTIONAL, "类别")                                                             \
    F(honour_defined, places, INTEGER, HONOURS, OPTIONAL, "每年名额")                                                    \
    F(honour_defined, ext, JSON, 4096, OPTIONAL, "扩展")                                                                 \
    F(honour_defined, approvals, INTEGER, APPROVALS, OPTIONAL, "评审次数")                                                 \
    F(honour_defined, notice_days, INTEGER, HONOUR_NOTICE, OPTIONAL, "公示工作日数")                                         \
    F(honour_defined, stages, LIST, 64, OPTIONAL, "评审环节")                                                          \
    F(honour_defined, kinds, LIST, 32, OPTIONAL, "授予对象类型")
#define FIELDS_honour_nominated(F)                                                                                     \
    F(honour_nominated, nomination, ID, NOMINATION, REQUIRED | FIXED, "推荐编号")                                      \
    F(honour_nominated, honour, ID, HONOUR, REQUIRED, "荣誉")                                                          \
    F(honour_nominated, subject, OBJECT, subject, REQUIRED, "推荐对象")                                                \
    F(honour_nominated, class, CODE, HONOUR_CLASS, OPTIONAL, "类别")                                                   \
    F(honour_nominated, year, INTEGER, YEAR, REQUIRED, "年度")                                                         \
    F(honour_nominated, story, TEXT, 8192, SEALED, "事迹")                                                             \
    F(honour_nominated, story_consent, BOOLEAN, 0, OPTIONAL, "本人同意公开事迹")                                       \
    F(honour_nominated, ext, JSON, 4096, OPTIONAL, "扩展")                                                               \
    F(honour_nominated, by, ID, PERSON, OPTIONAL, "推荐人")
#define FIELDS_honour_reviewed(F)                                                                                      \
    F(honour_reviewed, nomination, ID, NOMINATION, REQUIRED, "推荐编号")                                               \
    F(honour_reviewed, stage, TEXT, 64, REQUIRED, "评审环节")                                                          \
    F(honour_reviewed, outcome, CHOICE, REVIEW, REQUIRED, "结论")                                                      \
    F(honour_reviewed, by, ID, PERSON, REQUIRED, "评审人")                                                             \
    F(honour_reviewed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_honour_awarded(F)                                                                                       \
    F(honour_awarded, nomination, ID, NOMINATION, REQUIRED, "推荐编号")                                                \
    F(honour_awarded, on, DATE, 0, REQUIRED, "授予日期")                                                               \
    F(honour_awarded, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_honour_withdrawn(F)                                                                                     \
    F(honour_withdrawn, nomination, ID, NOMINATION, REQUIRED, "推荐编号")                                              \
    F(honour_withdrawn, reason, TEXT, 256, REQUIRED, "原因")                                                           \
    F(honour_withdrawn, by, ID, PERSON, REQUIRED, "经办人")                                                            \
    F(honour_withdrawn, ext, JSON, 4096, OPTIONAL, "扩展")
/* ---- posts ---- */
#define FIELDS_post_defined(F)                                                                                         \
    F(post_defined, post, ID, POST, REQUIRED | FIXED, "岗位编号")                                                      \
    F(post_defined, kind, CHOICE, POST_KIND, REQUIRED, "岗位类型")                                                     \
    F(post_defined, region, ID, REGION, REQUIRED, "所在区划")                                                          \
    F(post_defined, bounds, TEXT, 512, OPTIONAL, "范围")                                                               \
    F(post_defined, duty, TEXT, 1024, REQUIRED, "职责")                                                                \
    F(post_defined, duty_calendar, TEXT, 256, OPTIONAL, "值守安排")                                                    \
    F(post_defined, responsible, ID, PERSON, OPTIONAL, "责任人")                                                       \
    F(post_defined, organisation, ID, ORGANISATION, OPTIONAL, "责任单位")                                              \
    F(post_defined, campaign, ID, CAMPAIGN, OPTIONAL, "专项行动")                                                      \
    F(post_defined, places, INTEGER, PLACES, OPTIONAL, "人数")                                                         \
    F(post_defined, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_post_claimed(F)                                                                                         \
    F(post_claimed, post, ID, POST, REQUIRED, "岗位")                                                                  \
    F(post_claimed, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                      \
    F(post_claimed, ext, JSON, 4096, OPTIONAL, "扩展")                                                                 \
    F(post_claimed, by, CHOICE, ENROLLED_BY, OPTIONAL, "认领方式")
#define FIELDS_post_released(F)                                                                                        \
    F(post_released, post, ID, POST, REQUIRED, "岗位")                                                                 \
    F(post_released, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                     \
    F(post_released, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- enrolment and attendance ---- */
#define FIELDS_post_accepted(F)                                                                                        \
    F(post_accepted, post, ID, POST, REQUIRED, "岗位")                                                                 \
    F(post_accepted, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                     \
    F(post_accepted, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_post_closed(F)                                                                                          \
    F(post_closed, post, ID, POST, REQUIRED, "岗位")                                                                   \
    F(post_closed, reason, TEXT, 256, OPTIONAL, "原因")                                                                \
    F(post_closed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_post_duty_done(F)                                                                                       \
    F(post_duty_done, post, ID, POST, REQUIRED, "岗位")                                                                \
    F(post_duty_done, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                    \
    F(post_duty_done, starts, TIME, 0, REQUIRED, "开始时间")                                                           \
    F(post_duty_done, ends, TIME, 0, REQUIRED, "结束时间")                                                             \
    F(post_duty_done, findings, TEXT, 1024, OPTIONAL, "巡查情况")                                                      \
    F(post_duty_done, ext, JSON, 4096, OPTIONAL, "扩展")                                                               \
    F(post_duty_done, method, CHOICE, ATTENDANCE_METHOD, OPTIONAL, "签到方式")
/* 结对包抓: a unit and the community, or one estate of it, that it looks after. */
#define FIELDS_pairing_agreed(F)                                                                                       \
    F(pairing_agreed, pairing, ID, PAIRING, REQUIRED | FIXED, "结对编号")                                              \
    F(pairing_agreed, organisation, ID, ORGANISATION, REQUIRED, "结对单位")                                            \
    F(pairing_agreed, region, ID, REGION, REQUIRED, "结对社区")                                                        \
    F(pairing_agreed, estate, TEXT, 128, OPTIONAL, "小区")                                                             \
    F(pairing_agreed, campaign, ID, CAMPAIGN, OPTIONAL, "专项行动")                                                    \
    F(pairing_agreed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_pairing_ended(F)                                                                                        \
    F(pairing_ended, pairing, ID, PAIRING, REQUIRED, "结对编号")                                                       \
    F(pairing_ended, reason, TEXT, 256, OPTIONAL, "原因")                                                              \
    F(pairing_ended, ext, JSON, 4096, OPTIONAL, "扩展")
/* 报到: a Party member in service, in the community that the unit looks after. */
#define FIELDS_party_member_reported_in(F)                                                                             \
    F(party_member_reported_in, volunteer, ID, VOLUNTEER, REQUIRED, "党员")                                            \
    F(party_member_reported_in, employer, ID, ORGANISATION, REQUIRED, "工作单位")                                      \
    F(party_member_reported_in, region, ID, REGION, REQUIRED, "报到社区")                                              \
    F(party_member_reported_in, received_by, ID, PERSON, REQUIRED, "接收人")                                           \
    F(party_member_reported_in, on, DATE, 0, REQUIRED, "报到日期")                                                     \
    F(party_member_reported_in, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_enrolment_requested(F)                                                                                  \
    F(enrolment_requested, activity, ID, ACTIVITY, REQUIRED, "活动")                                                   \
    F(enrolment_requested, shift, ID, SHIFT, OPTIONAL, "班次")                                                         \
    F(enrolment_requested, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                               \
    F(enrolment_requested, by, CHOICE, ENROLLED_BY, REQUIRED, "报名方式")                                              \
    F(enrolment_requested, agreement_version, TEXT, 64, OPTIONAL, "协议版本")                                          \
    F(enrolment_requested, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_enrolment_reviewed(F)                                                                                   \
    F(enrolment_reviewed, activity, ID, ACTIVITY, REQUIRED, "活动")                                                    \
    F(enrolment_reviewed, shift, ID, SHIFT, OPTIONAL, "班次")                                                          \
    F(enrolment_reviewed, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                \
    F(enrolment_reviewed, outcome, CHOICE, ENROLMENT_OUTCOME, REQUIRED, "结论")                                        \
    F(enrolment_reviewed, reviewer, ID, PERSON, REQUIRED, "审核人")                                                    \
    F(enrolment_reviewed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_enrolment_cancelled(F)                                                                                  \
    F(enrolment_cancelled, activity, ID, ACTIVITY, REQUIRED, "活动")                                                   \
    F(enrolment_cancelled, shift, ID, SHIFT, OPTIONAL, "班次")                                                         \
    F(enrolment_cancelled, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                               \
    F(enrolment_cancelled, reason, TEXT, 256, OPTIONAL, "原因")                                                        \
    F(enrolment_cancelled, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_attendance_checked_in(F)                                                                                \
    F(attendance_checked_in, activity, ID, ACTIVITY, REQUIRED, "活动")                                                 \
    F(attendance_checked_in, shift, ID, SHIFT, OPTIONAL, "班次")                                                       \
    F(attendance_checked_in, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                             \
    F(attendance_checked_in, at, TIME, 0, REQUIRED, "时刻")                                                            \
    F(attendance_checked_in, method, CHOICE, ATTENDANCE_METHOD, REQUIRED, "签到方式")                                  \
    F(attendance_checked_in, device, TEXT, 128, OPTIONAL, "设备")                                                      \
    F(attendance_checked_in, distance_m, INTEGER, DISTANCE, OPTIONAL, "距离（米）")                                    \
    F(attendance_checked_in, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_attendance_checked_out(F)                                                                               \
    F(attendance_checked_out, activity, ID, ACTIVITY, REQUIRED, "活动")                                                \
    F(attendance_checked_out, shift, ID, SHIFT, OPTIONAL, "班次")                                                      \
    F(attendance_checked_out, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                            \
    F(attendance_checked_out, at, TIME, 0, REQUIRED, "时刻")                                                           \
    F(attendance_checked_out, method, CHOICE, ATTENDANCE_METHOD, REQUIRED, "签到方式")                                 \
    F(attendance_checked_out, device, TEXT, 128, OPTIONAL, "设备")                                                     \
    F(attendance_checked_out, distance_m, INTEGER, DISTANCE, OPTIONAL, "距离（米）")                                   \
    F(attendance_checked_out, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_attendance_missed(F)                                                                                    \
    F(attendance_missed, activity, ID, ACTIVITY, REQUIRED, "活动")                                                     \
    F(attendance_missed, shift, ID, SHIFT, OPTIONAL, "班次")                                                           \
    F(attendance_missed, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                 \
    F(attendance_missed, excused, BOOLEAN, 0, OPTIONAL, "已请假")                                                      \
    F(attendance_missed, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- emergencies ---- */
#define EMERGENCY_FIELDS(F, T, flags)                                                                                  \
    F(T, emergency, ID, EMERGENCY, flags, "应急响应编号")                                                              \
    F(T, region, ID, REGION, REQUIRED, "区划")                                                                         \
    F(T, by, ID, PERSON, REQUIRED, "经办人")                                                                           \
    F(T, reason, TEXT, 256, OPTIONAL, "事由")                                                                          \
    F(T, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_emergency_declared(F) EMERGENCY_FIELDS(F, emergency_declared, REQUIRED | FIXED)
#define FIELDS_emergency_ended(F) EMERGENCY_FIELDS(F, emergency_ended, REQUIRED)

/* ---- training ---- */
#define FIELDS_course_defined(F)                                                                                       \
    F(course_defined, course, ID, COURSE, REQUIRED | FIXED, "课程编号")                                                \
    F(course_defined, title, TEXT, 256, REQUIRED, "名称")                                                              \
    F(course_defined, topic, CHOICE, COURSE_TOPIC, REQUIRED, "内容")                                                   \
    F(course_defined, minutes, INTEGER, MINUTES, REQUIRED, "时长（分钟）")                                             \
    F(course_defined, valid_months, INTEGER, MONTHS, OPTIONAL, "有效月数")                                             \
    F(course_defined, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_training_completed(F)                                                                                   \
    F(training_completed, training, ID, TRAINING, REQUIRED | FIXED, "培训编号")                                        \
    F(training_completed, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                \
    F(training_completed, course, ID, COURSE, REQUIRED, "课程")                                                        \
    F(training_completed, minutes, INTEGER, MINUTES, REQUIRED, "时长（分钟）")                                         \
    F(training_completed, passed, BOOLEAN, 0, REQUIRED, "合格")                                                        \
    F(training_completed, on, DATE, 0, REQUIRED, "日期")                                                               \
    F(training_completed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_qualification_recorded(F)                                                                               \
    F(qualification_recorded, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                            \
    F(qualification_recorded, qualification, TEXT, 64, REQUIRED, "资格")                                               \
    F(qualification_recorded, number, TEXT, 64, OPTIONAL, "证书编号")                                                  \
    F(qualification_recorded, valid_until, DATE, 0, OPTIONAL, "有效期至")                                              \
    F(qualification_recorded, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- complaints, ratings, standing ---- */
#define FIELDS_complaint_filed(F)                                                                                      \
    F(complaint_filed, complaint, ID, COMPLAINT, REQUIRED | FIXED, "投诉编号")                                         \
    F(complaint_filed, subject, OBJECT, subject, REQUIRED, "投诉对象")                                                 \
    F(complaint_filed, text, TEXT, 4096, REQUIRED | SEALED, "投诉内容")                                                \
    F(complaint_filed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_complaint_referred(F)                                                                                   \
    F(complaint_referred, complaint, ID, COMPLAINT, REQUIRED, "投诉编号")                                              \
    F(complaint_referred, to, TEXT, 128, REQUIRED, "移送单位")                                                         \
    F(complaint_referred, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_complaint_resolved(F)                                                                                   \
    F(complaint_resolved, complaint, ID, COMPLAINT, REQUIRED, "投诉编号")                                              \
    F(complaint_resolved, outcome, CHOICE, COMPLAINT_OUTCOME, REQUIRED, "处理结论")                                    \
    F(complaint_resolved, by, ID, PERSON, REQUIRED, "经办人")                                                          \
    F(complaint_resolved, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_service_rated(F)                                                                                        \
    F(service_rated, record, ID, RECORD, OPTIONAL, "服务记录")                                                         \
    F(service_rated, activity, ID, ACTIVITY, OPTIONAL, "活动")                                                         \
    F(service_rated, rating, INTEGER, RATING, REQUIRED, "评分")                                                        \
    F(service_rated, by, CHOICE, RATED_BY, REQUIRED, "评价方")                                                         \
    F(service_rated, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_volunteer_suspended(F)                                                                                  \
    F(volunteer_suspended, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                               \
    F(volunteer_suspended, reason, TEXT, 256, REQUIRED, "原因")                                                        \
    F(volunteer_suspended, until, DATE, 0, OPTIONAL, "暂停至")                                                         \
    F(volunteer_suspended, ext, JSON, 4096, OPTIONAL, "扩展")                                                          \
    F(volunteer_suspended, by, ID, PERSON, OPTIONAL, "经办人")                                                         \
    F(volunteer_suspended, appeal_until, DATE, 0, OPTIONAL, "申诉截止日期")
#define FIELDS_volunteer_restored(F)                                                                                   \
    F(volunteer_restored, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                \
    F(volunteer_restored, reason, TEXT, 256, REQUIRED, "原因")                                                         \
    F(volunteer_restored, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- consents ---- */
#define CONSENT_FIELDS(F, T)                                                                                           \
    F(T, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                                 \
    F(T, purpose, CODE, PURPOSE, REQUIRED, "授权用途")                                                                 \
    F(T, text_version, TEXT, 64, REQUIRED, "授权书版本")                                                               \
    F(T, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_consent_given(F) CONSENT_FIELDS(F, consent_given)
#define FIELDS_consent_withdrawn(F) CONSENT_FIELDS(F, consent_withdrawn)
/* ---- cases ---- */
#define FIELDS_case_nominated(F)                                                                                       \
    F(case_nominated, case_, ID, CASE, REQUIRED | FIXED, "案例编号")                                                   \
    F(case_nominated, subject, OBJECT, subject, REQUIRED, "案例对象")                                                  \
    F(case_nominated, title, TEXT, 128, REQUIRED, "标题")                                                              \
    F(case_nominated, by, ID, PERSON, REQUIRED, "推荐人")                                                              \
    F(case_nominated, nomination, ID, NOMINATION, OPTIONAL, "荣誉推荐")                                                \
    F(case_nominated, clue, TEXT, 4096, SEALED, "线索")                                                                \
    F(case_nominated, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_case_verified(F)                                                                                        \
    F(case_verified, case_, ID, CASE, REQUIRED, "案例编号")                                                            \
    F(case_verified, outcome, CHOICE, REVIEW, REQUIRED, "核实结论")                                                    \
    F(case_verified, by, ID, PERSON, REQUIRED, "核实人")                                                               \
    F(case_verified, evidence, OBJECTS, evidence, OPTIONAL, "佐证材料")                                                \
    F(case_verified, reason, TEXT, 256, OPTIONAL, "原因")                                                              \
    F(case_verified, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_case_published(F)                                                                                       \
    F(case_published, case_, ID, CASE, REQUIRED, "案例编号")                                                           \
    F(case_published, subject, OBJECT, subject, REQUIRED, "案例对象")                                                  \
    F(case_published, text, TEXT, 8192, REQUIRED, "正文")                                                              \
    F(case_published, consent, BOOLEAN, 0, REQUIRED, "本人同意公开")                                                   \
    F(case_published, by, ID, PERSON, OPTIONAL, "发布人")                                                              \
    F(case_published, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_case_withdrawn(F)                                                                                       \
    F(case_withdrawn, case_, ID, CASE, REQUIRED, "案例编号")                                                           \
    F(case_withdrawn, reason, TEXT, 256, REQUIRED, "原因")                                                             \
    F(case_withdrawn, by, ID, PERSON, REQUIRED, "经办人")                                                              \
    F(case_withdrawn, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_case_retracted(F)                                                                                       \
    F(case_retracted, case_, ID, CASE, REQUIRED, "案例编号")                                                           \
    F(case_retracted, volunteer, ID, VOLUNTEER, REQUIRED, "撤回授权的志愿者")

/* ---- appeals, spot checks ---- */
#define FIELDS_sanction_appealed(F)                                                                                    \
    F(sanction_appealed, appeal, ID, APPEAL, REQUIRED | FIXED, "申诉编号")                                             \
    F(sanction_appealed, subject, OBJECT, subject, REQUIRED, "申诉对象")                                               \
    F(sanction_appealed, text, TEXT, 4096, REQUIRED | SEALED, "申诉理由")                                              \
    F(sanction_appealed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_sanction_settled(F)                                                                                     \
    F(sanction_settled, appeal, ID, APPEAL, REQUIRED, "申诉编号")                                                      \
    F(sanction_settled, outcome, CHOICE, APPEAL_OUTCOME, REQUIRED, "处理结论")                                         \
    F(sanction_settled, by, ID, PERSON, REQUIRED, "经办人")                                                            \
    F(sanction_settled, minutes, INTEGER, MINUTES, OPTIONAL, "认定分钟")                                               \
    F(sanction_settled, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_review_sampled(F)                                                                                       \
    F(review_sampled, record, ID, RECORD, REQUIRED, "记录编号")                                                        \
    F(review_sampled, by, ID, PERSON, REQUIRED, "抽查人")                                                              \
    F(review_sampled, reason, TEXT, 256, OPTIONAL, "抽查原因")                                                         \
    F(review_sampled, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_review_answered(F)                                                                                      \
    F(review_answered, record, ID, RECORD, REQUIRED, "记录编号")                                                       \
    F(review_answered, outcome, CHOICE, REVIEW_ANSWER, REQUIRED, "核查结论")                                           \
    F(review_answered, reviewer, ID, PERSON, REQUIRED, "核查人")                                                       \
    F(review_answered, note, TEXT, 1024, SEALED, "说明")                                                               \
    F(review_answered, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- needs and the people served ---- */
#define FIELDS_need_filed(F)                                                                                           \
    F(need_filed, need, ID, NEED, REQUIRED | FIXED, "需求编号")                                                        \
    F(need_filed, region, ID, REGION, REQUIRED, "所在区划")                                                            \
    F(need_filed, category, CODE, CATEGORY, REQUIRED, "服务类别")                                                      \
    F(need_filed, served_group, CODE, SERVED_GROUP, OPTIONAL, "服务对象")                                              \
    F(need_filed, priority, CHOICE, NEED_PRIORITY, REQUIRED, "紧急程度")                                               \
    F(need_filed, text, TEXT, 4096, REQUIRED | SEALED, "需求内容")                                                     \
    F(need_filed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_need_matched(F)                                                                                         \
    F(need_matched, need, ID, NEED, REQUIRED, "需求编号")                                                              \
    F(need_matched, activity, ID, ACTIVITY, REQUIRED, "对接活动")                                                      \
    F(need_matched, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_need_referred(F)                                                                                        \
    F(need_referred, need, ID, NEED, REQUIRED, "需求编号")                                                             \
    F(need_referred, to, TEXT, 128, REQUIRED, "转介单位")                                                              \
    F(need_referred, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_need_closed(F)                                                                                          \
    F(need_closed, need, ID, NEED, REQUIRED, "需求编号")                                                               \
    F(need_closed, outcome, CHOICE, NEED_OUTCOME, REQUIRED, "办理结果")                                                \
    F(need_closed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_beneficiary_enrolled(F)                                                                                 \
    F(beneficiary_enrolled, beneficiary, ID, BENEFICIARY, REQUIRED | FIXED, "帮扶对象编号")                            \
    F(beneficiary_enrolled, region, ID, REGION, REQUIRED, "居住区划")                                                  \
    F(beneficiary_enrolled, served_group, CODE, SERVED_GROUP, REQUIRED, "服务对象类别")                                \
    F(beneficiary_enrolled, consent, BOOLEAN, 0, REQUIRED, "本人或监护人同意")                                         \
    F(beneficiary_enrolled, identity, OBJECT, identity, SEALED, "身份信息")                                            \
    F(beneficiary_enrolled, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_beneficiary_left(F)                                                                                     \
    F(beneficiary_left, beneficiary, ID, BENEFICIARY, REQUIRED, "帮扶对象编号")                                        \
    F(beneficiary_left, on, DATE, 0, OPTIONAL, "日期")                                                                 \
    F(beneficiary_left, reason, CHOICE, LEFT_REASON, OPTIONAL, "原因")                                                 \
    F(beneficiary_left, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_care_plan_set(F)                                                                                        \
    F(care_plan_set, beneficiary, ID, BENEFICIARY, REQUIRED, "帮扶对象编号")                                           \
    F(care_plan_set, project, ID, PROJECT, REQUIRED, "项目")                                                           \
    F(care_plan_set, interval_days, INTEGER, INTERVAL, REQUIRED, "走访间隔（天）")                                     \
    F(care_plan_set, volunteers, LIST, 64, REQUIRED, "结对志愿者")                                                     \
    F(care_plan_set, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_visit_missed(F)                                                                                         \
    F(visit_missed, beneficiary, ID, BENEFICIARY, REQUIRED, "帮扶对象编号")                                            \
    F(visit_missed, on, DATE, 0, REQUIRED, "应走访日期")                                                               \
    F(visit_missed, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- stations ---- */
#define FIELDS_station_planned(F)                                                                                      \
    F(station_planned, station, ID, STATION, REQUIRED | FIXED, "服务站编号")                                           \
    F(station_planned, region, ID, REGION, REQUIRED, "所在社区")                                                       \
    F(station_planned, name, TEXT, 128, REQUIRED, "名称")                                                              \
    F(station_planned, due, DATE, 0, REQUIRED, "建成期限")                                                             \
    F(station_planned, ext, JSON, 4096, OPTIONAL, "扩展")                                                              \
    F(station_planned, responsible, ID, ORGANISATION, OPTIONAL, "责任单位")
#define FIELDS_station_progressed(F)                                                                                   \
    F(station_progressed, station, ID, STATION, REQUIRED, "服务站编号")                                                \
    F(station_progressed, part, CHOICE, STATION_PART, REQUIRED, "验收项")                                              \
    F(station_progressed, done, BOOLEAN, 0, REQUIRED, "已落实")                                                        \
    F(station_progressed, evidence, OBJECT, evidence, REQUIRED, "佐证")                                                \
    F(station_progressed, by, ID, PERSON, REQUIRED, "经办人")                                                          \
    F(station_progressed, on, DATE, 0, REQUIRED, "日期")                                                               \
    F(station_progressed, ext, JSON, 4096, OPTIONAL, "扩展")                                                           \
    F(station_progressed, team, ID, TEAM, OPTIONAL, "服务队伍")
#define FIELDS_station_built(F)                                                                                        \
    F(station_built, station, ID, STATION, REQUIRED, "服务站编号")                                                     \
    F(station_built, on, DATE, 0, REQUIRED, "建成日期")                                                                \
    F(station_built, evidence, OBJECT, evidence, REQUIRED, "佐证")                                                     \
    F(station_built, ext, JSON, 4096, OPTIONAL, "扩展")                                                                \
    F(station_built, by, ID, PERSON, OPTIONAL, "验收人")
#define FIELDS_station_opened(F)                                                                                       \
    F(station_opened, station, ID, STATION, REQUIRED, "服务站编号")                                                    \
    F(station_opened, on, DATE, 0, REQUIRED, "投入使用日期")                                                           \
    F(station_opened, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_station_closed(F)                                                                                       \
    F(station_closed, station, ID, STATION, REQUIRED, "服务站编号")                                                    \
    F(station_closed, on, DATE, 0, REQUIRED, "停用日期")                                                               \
    F(station_closed, ext, JSON, 4096, OPTIONAL, "扩展")

/* ---- governance ---- */
/* What is put in force, and before a second person has signed it, proposed. */
#define FIELDS_policy_terms(F, T)                                                                                      \
    F(T, policy, ID, POLICY, REQUIRED, "规则名")                                                                       \
    F(T, kind, CHOICE, POLICY_KIND, REQUIRED, "规则种类")                                                              \
    F(T, scope, ID, REGION, OPTIONAL, "适用区划")                                                                      \
    F(T, revision, TEXT, 80, REQUIRED, "版本")                                                                         \
    F(T, text, TEXT, 262144, REQUIRED, "全文")                                                                         \
    F(T, library, OBJECTS, library, OPTIONAL, "所用库文件")                                                            \
    F(T, parameters, JSON, 65536, OPTIONAL, "参数")                                                                    \
    F(T, effective, DATE, 0, REQUIRED, "生效日期")                                                                     \
    F(T, retroactivity, CHOICE, RETROACTIVITY, REQUIRED, "追溯方式")                                                   \
    F(T, document, ID, DOCUMENT, OPTIONAL, "依据文件")                                                                 \
    F(T, by, ID, PERSON, REQUIRED, "经办人")                                                                           \
    F(T, second, ID, PERSON, OPTIONAL, "复核人")                                                                       \
    F(T, based_on, TEXT, 80, OPTIONAL, "所据版本")                                                                     \
    F(T, schedule, TEXT, 16, OPTIONAL, "定期评定")                                                                     \
    F(T, sets, LIST, 10, OPTIONAL, "参数生效日期")                                                                     \
    F(T, withdraw, BOOLEAN, 0, OPTIONAL, "收回已授予")                                                                 \
    F(T, restores, TEXT, 80, OPTIONAL, "恢复的版本")                                                                   \
    F(T, checks, JSON, 1024, OPTIONAL, "检查结果")                                                                     \
    F(T, diff, JSON, 8192, OPTIONAL, "影响摘要")                                                                       \
    F(T, signature, TEXT, 256, OPTIONAL, "复核签名")
#define FIELDS_policy_activated(F) FIELDS_policy_terms(F, policy_activated)
#define FIELDS_policy_proposed(F) FIELDS_policy_terms(F, policy_proposed)
#define FIELDS_policy_retired(F)                                                                                       \
    F(policy_retired, policy, ID, POLICY, REQUIRED, "规则名")                                                          \
    F(policy_retired, scope, ID, REGION, OPTIONAL, "适用区划")                                                         \
    F(policy_retired, from, DATE, 0, OPTIONAL, "自何日起")                                                             \
    F(policy_retired, reason, TEXT, 256, REQUIRED, "原因")                                                             \
    F(policy_retired, by, ID, PERSON, OPTIONAL, "经办人")
#define FIELDS_policy_set_aside(F)                                                                                     \
    F(policy_set_aside, policy, ID, POLICY, REQUIRED, "规则名")                                                        \
    F(policy_set_aside, revision, TEXT, 80, REQUIRED, "版本")                                                          \
    F(policy_set_aside, reason, TEXT, 256, REQUIRED, "原因")                                                           \
    F(policy_set_aside, by, ID, PERSON, OPTIONAL, "经办人")
#define FIELDS_policy_released(F)                                                                                      \
    F(policy_released, policy, ID, POLICY, REQUIRED, "规则名")                                                         \
    F(policy_released, revision, TEXT, 80, REQUIRED, "版本")                                                           \
    F(policy_released, reason, TEXT, 256, OPTIONAL, "原因")                                                            \
    F(policy_released, by, ID, PERSON, OPTIONAL, "经办人")
#define FIELDS_bulletin_issued(F)                                                                                      \
    F(bulletin_issued, bulletin, ID, BULLETIN, REQUIRED | FIXED, "通报编号")                                           \
    F(bulletin_issued, kind, CHOICE, BULLETIN_KIND, REQUIRED, "通报种类")                                              \
    F(bulletin_issued, number, INTEGER, NUMBER, REQUIRED, "期号")                                                      \
    F(bulletin_issued, period, TEXT, 32, REQUIRED, "期间")                                                             \
    F(bulletin_issued, region, ID, REGION, REQUIRED, "区划")                                                           \
    F(bulletin_issued, as_of, DATE, 0, REQUIRED, "截止日期")                                                           \
    F(bulletin_issued, title, TEXT, 256, REQUIRED, "标题")                                                             \
    F(bulletin_issued, content, JSON, 524288, REQUIRED, "定格数据")                                                    \
    F(bulletin_issued, revision, TEXT, 80, REQUIRED, "规则版本")                                                       \
    F(bulletin_issued, by, ID, PERSON, REQUIRED, "签发人")
#define FIELDS_batch_undone(F)                                                                                         \
    F(batch_undone, batch, ID, BATCH, REQUIRED, "批次")                                                                \
    F(batch_undone, by, ID, PERSON, REQUIRED, "经办人")
#define FIELDS_alert_acknowledged(F)                                                                                   \
    F(alert_acknowledged, alert, ID, ALERT, REQUIRED, "警报编号")                                                      \
    F(alert_acknowledged, by, ID, PERSON, REQUIRED, "知悉人")
#define FIELDS_clock_ticked(F) F(clock_ticked, date, DATE, 0, REQUIRED, "日期")
#define FIELDS_clock_accepted(F) F(clock_accepted, by, ID, PERSON, REQUIRED, "经办人")
#define FIELDS_run_progressed(F)                                                                                       \
    F(run_progressed, run, INTEGER, SEQUENCE, REQUIRED, "批次")                                                  \
    F(run_progressed, cause, INTEGER, SEQUENCE, REQUIRED, "起因序号")                                            \
    F(run_progressed, revision, TEXT, 80, REQUIRED, "版本")                                                            \
    F(run_progressed, as_of, DATE, 0, REQUIRED, "基准日期")                                                            \
    F(run_progressed, cursor, INTEGER, SEQUENCE, REQUIRED, "进度")                                               \
    F(run_progressed, done, BOOLEAN, 0, REQUIRED, "已完成")                                                            \
    F(run_progressed, kind, TEXT, 32, OPTIONAL, "批次种类")                                                            \
    F(run_progressed, total, INTEGER, SEQUENCE, OPTIONAL, "总数")

/* ---- assessment: what people bring for it ---- */
/* A state, a number, or both; of a survey the number and of how many. */
#define FIELDS_evidence_submitted(F)                                                                                   \
    F(evidence_submitted, evidence, ID, EVIDENCE, REQUIRED | FIXED, "佐证编号")                                        \
    F(evidence_submitted, subject, OBJECT, subject, REQUIRED, "测评对象")                                              \
    F(evidence_submitted, item, TEXT, 64, REQUIRED, "测评项")                                                          \
    F(evidence_submitted, method, CHOICE, EVIDENCE_METHOD, REQUIRED, "测评方法")                                       \
    F(evidence_submitted, state, CHOICE, GRADE, OPTIONAL, "等次")                                                      \
    F(evidence_submitted, value, INTEGER, FIGURE, OPTIONAL, "数值")                                                    \
    F(evidence_submitted, whole, INTEGER, FIGURE, OPTIONAL, "总数")                                                    \
    F(evidence_submitted, digest, TEXT, 128, OPTIONAL, "佐证材料摘要")                                                 \
    F(evidence_submitted, uri, TEXT, 512, OPTIONAL, "佐证材料地址")                                                    \
    F(evidence_submitted, note, TEXT, 512, REQUIRED, "佐证说明")                                                       \
    F(evidence_submitted, on, DATE, 0, REQUIRED, "测评日期")                                                           \
    F(evidence_submitted, by, ID, PERSON, REQUIRED, "提交人")
#define FIELDS_evidence_reviewed(F)                                                                                    \
    F(evidence_reviewed, evidence, ID, EVIDENCE, REQUIRED, "佐证编号")                                                 \
    F(evidence_reviewed, outcome, CHOICE, REVIEW, REQUIRED, "审核结论")                                                \
    F(evidence_reviewed, by, ID, PERSON, REQUIRED, "审核人")                                                           \
    F(evidence_reviewed, note, TEXT, 256, OPTIONAL, "审核意见")
/* How another city stands: part and whole, never a rate that somebody rounded. */
#define FIELDS_peer_reported(F)                                                                                        \
    F(peer_reported, peer, ID, PEER, REQUIRED | FIXED, "兄弟市州编号")                                                 \
    F(peer_reported, name, TEXT, 128, REQUIRED, "名称")                                                                \
    F(peer_reported, indicator, TEXT, 64, REQUIRED, "指标")                                                            \
    F(peer_reported, value, INTEGER, FIGURE, REQUIRED, "分子")                                                         \
    F(peer_reported, whole, INTEGER, FIGURE, REQUIRED, "分母")                                                         \
    F(peer_reported, as_of, DATE, 0, REQUIRED, "截止日期")                                                             \
    F(peer_reported, origin, TEXT, 256, REQUIRED, "来源")                                                              \
    F(peer_reported, by, ID, PERSON, OPTIONAL, "上报人")

/* ---- decisions ---- */
#define FIELDS_alert_raised(F)                                                                                         \
    F(alert_raised, alert, ID, ALERT, REQUIRED | FIXED, "警报编号")                                                    \
    F(alert_raised, code, TEXT, 80, REQUIRED, "警报代码")                                                              \
    F(alert_raised, severity, CHOICE, ALERT_SEVERITY, REQUIRED, "严重程度")                                            \
    F(alert_raised, subject, OBJECT, subject, REQUIRED, "涉及对象")                                                    \
    F(alert_raised, text, TEXT, 512, REQUIRED, "内容")                                                                 \
    F(alert_raised, help, TEXT, 512, REQUIRED, "处置办法")                                                             \
    F(alert_raised, as_of, DATE, 0, REQUIRED, "截止日期")                                                              \
    F(alert_raised, policy, ID, POLICY, OPTIONAL, "规则名")                                                            \
    F(alert_raised, indicator, TEXT, 64, OPTIONAL, "指标")                                                             \
    F(alert_raised, from, TEXT, 32, OPTIONAL, "原状态")                                                                \
    F(alert_raised, to, TEXT, 32, OPTIONAL, "现状态")                                                                  \
    F(alert_raised, findings, OBJECTS, finding, OPTIONAL, "依据")
#define FIELDS_alert_cleared(F)                                                                                        \
    F(alert_cleared, alert, ID, ALERT, REQUIRED, "警报编号")                                                           \
    F(alert_cleared, code, TEXT, 80, REQUIRED, "警报代码")                                                             \
    F(alert_cleared, subject, OBJECT, subject, REQUIRED, "涉及对象")                                                   \
    F(alert_cleared, as_of, DATE, 0, REQUIRED, "截止日期")                                                             \
    F(alert_cleared, indicator, TEXT, 64, OPTIONAL, "指标")                                                            \
    F(alert_cleared, to, TEXT, 32, OPTIONAL, "现状态")                                                                 \
    F(alert_cleared, findings, OBJECTS, finding, OPTIONAL, "依据")
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
    F(star_changed, findings, OBJECTS, finding, OPTIONAL, "事由")                                                      \
    F(star_changed, granted_by, TEXT, 80, OPTIONAL, "沿用版本")                                                        \
    F(star_changed, certificate_number, TEXT, 32, OPTIONAL, "星级证书编号")
#define FIELDS_points_posted(F)                                                                                        \
    F(points_posted, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                     \
    F(points_posted, account, CODE, ACCOUNT, REQUIRED, "账户")                                                         \
    F(points_posted, amount, INTEGER, POINTS, REQUIRED, "数额")                                                        \
    F(points_posted, expires, DATE, 0, OPTIONAL, "有效期至")                                                           \
    F(points_posted, reason, TEXT, 128, REQUIRED, "事由")                                                              \
    F(points_posted, record, ID, RECORD, OPTIONAL, "服务记录")                                                         \
    F(points_posted, reverses, INTEGER, SEQUENCE, OPTIONAL, "冲回序号")                                                \
    F(points_posted, findings, OBJECTS, finding, OPTIONAL, "依据")
#define FIELDS_points_withheld(F)                                                                                      \
    F(points_withheld, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                   \
    F(points_withheld, record, ID, RECORD, OPTIONAL, "服务记录")                                                       \
    F(points_withheld, policy, ID, POLICY, REQUIRED, "规则名")                                                         \
    F(points_withheld, on, DATE, 0, REQUIRED, "认定日期")                                                              \
    F(points_withheld, cause, TEXT, 64, REQUIRED, "起因")                                                              \
    F(points_withheld, findings, OBJECTS, finding, OPTIONAL, "依据")
#define FIELDS_assessment_changed(F)                                                                                   \
    F(assessment_changed, subject, OBJECT, subject, REQUIRED, "测评对象")                                              \
    F(assessment_changed, indicator, TEXT, 64, REQUIRED, "指标")                                                       \
    F(assessment_changed, value, SCALAR, 0, OPTIONAL, "数值")                                                          \
    F(assessment_changed, target, SCALAR, 0, OPTIONAL, "目标")                                                         \
    F(assessment_changed, from, TEXT, 32, OPTIONAL, "原状态")                                                          \
    F(assessment_changed, to, TEXT, 32, REQUIRED, "现状态")                                                            \
    F(assessment_changed, as_of, DATE, 0, REQUIRED, "截止日期")                                                        \
    F(assessment_changed, findings, OBJECTS, finding, OPTIONAL, "依据")                                                \
    F(assessment_changed, veto, BOOLEAN, 0, OPTIONAL, "否决称号")
#define FIELDS_enrolment_decided(F)                                                                                    \
    F(enrolment_decided, activity, ID, ACTIVITY, REQUIRED, "活动")                                                     \
    F(enrolment_decided, shift, ID, SHIFT, OPTIONAL, "班次")                                                           \
    F(enrolment_decided, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                 \
    F(enrolment_decided, outcome, CHOICE, ENROLMENT_OUTCOME, REQUIRED, "结论")                                         \
    F(enrolment_decided, findings, OBJECTS, finding, OPTIONAL, "事由")
#define FIELDS_post_overdue(F)                                                                                         \
    F(post_overdue, post, ID, POST, REQUIRED, "岗位")                                                                  \
    F(post_overdue, on, DATE, 0, REQUIRED, "应值守日期")                                                               \
    F(post_overdue, responsible, ID, PERSON, OPTIONAL, "责任人")
#define FIELDS_post_decided(F)                                                                                         \
    F(post_decided, post, ID, POST, REQUIRED, "岗位")                                                                  \
    F(post_decided, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                      \
    F(post_decided, outcome, CHOICE, ENROLMENT_OUTCOME, REQUIRED, "结论")                                              \
    F(post_decided, findings, OBJECTS, finding, OPTIONAL, "事由")
#define FIELDS_standing_changed(F)                                                                                     \
    F(standing_changed, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                  \
    F(standing_changed, from, CHOICE, STANDING, REQUIRED, "原资格状态")                                                \
    F(standing_changed, to, CHOICE, STANDING, REQUIRED, "现资格状态")                                                  \
    F(standing_changed, until, DATE, 0, OPTIONAL, "暂停至")                                                            \
    F(standing_changed, findings, OBJECTS, finding, OPTIONAL, "事由")                                                  \
    F(standing_changed, appeal_until, DATE, 0, OPTIONAL, "申诉截止日期")
#define FIELDS_record_flagged(F)                                                                                       \
    F(record_flagged, record, ID, RECORD, REQUIRED, "记录编号")                                                        \
    F(record_flagged, findings, OBJECTS, finding, REQUIRED, "事由")

#define FIELDS_redemption_decided(F)                                                                                   \
    F(redemption_decided, redemption, ID, REDEMPTION, REQUIRED, "兑换编号")                                            \
    F(redemption_decided, outcome, CHOICE, OUTCOME, REQUIRED, "结论")                                                  \
    F(redemption_decided, findings, OBJECTS, finding, OPTIONAL, "依据")
#define FIELDS_star_decided(F)                                                                                         \
    F(star_decided, application, ID, APPLICATION, REQUIRED, "申请编号")                                                \
    F(star_decided, outcome, CHOICE, OUTCOME, REQUIRED, "结论")                                                        \
    F(star_decided, approved_by, CHOICE, APPROVAL_LEVEL, OPTIONAL, "审批层级")                                         \
    F(star_decided, notice_days, INTEGER, SMALL, OPTIONAL, "公示工作日")                                               \
    F(star_decided, notice_until, DATE, 0, OPTIONAL, "公示至")                                                         \
    F(star_decided, findings, OBJECTS, finding, OPTIONAL, "依据")
#define FIELDS_service_derived(F)                                                                                      \
    F(service_derived, record, ID, RECORD, REQUIRED | FIXED, "记录编号")                                                   \
    F(service_derived, volunteer, ID, VOLUNTEER, REQUIRED, "志愿者")                                                      \
    F(service_derived, activity, ID, ACTIVITY, OPTIONAL, "活动")                                                         \
    F(service_derived, shift, ID, SHIFT, OPTIONAL, "班次")                                                               \
    F(service_derived, organisation, ID, ORGANISATION, OPTIONAL, "记录组织")                                               \
    F(service_derived, starts, TIME, 0, REQUIRED, "开始时间")                                                              \
    F(service_derived, ends, TIME, 0, REQUIRED, "结束时间")                                                                \
    F(service_derived, minutes, INTEGER, MINUTES, REQUIRED, "服务分钟")                                                    \
    F(service_derived, method, CHOICE, METHOD, REQUIRED, "记录方式")                                                   \
    F(service_derived, post, ID, POST, OPTIONAL, "岗位")
#define FIELDS_service_finalised(F)                                                                                    \
    F(service_finalised, record, ID, RECORD, REQUIRED, "记录编号")                                                         \
    F(service_finalised, notice, ID, PUBLIC_NOTICE, REQUIRED, "公示编号")
#define FIELDS_honour_considered(F)                                                                                    \
    F(honour_considered, run, INTEGER, SEQUENCE, REQUIRED, "批次")                                                     \
    F(honour_considered, honour, ID, HONOUR, REQUIRED, "荣誉")                                                         \
    F(honour_considered, volunteer, ID, VOLUNTEER, REQUIRED, "候选人")                                                 \
    F(honour_considered, class, CODE, HONOUR_CLASS, OPTIONAL, "类别")                                                  \
    F(honour_considered, rank, INTEGER, RANK, REQUIRED, "排序值")                                                      \
    F(honour_considered, findings, OBJECTS, finding, OPTIONAL, "依据")
#define FIELDS_honour_proposed(F)                                                                                      \
    F(honour_proposed, honour, ID, HONOUR, REQUIRED, "荣誉")                                                           \
    F(honour_proposed, year, INTEGER, YEAR, REQUIRED, "年度")                                                          \
    F(honour_proposed, subject, OBJECT, subject, REQUIRED, "推荐对象")                                                 \
    F(honour_proposed, class, CODE, HONOUR_CLASS, OPTIONAL, "类别")                                                    \
    F(honour_proposed, rank, INTEGER, RANK, REQUIRED, "排序值")                                                        \
    F(honour_proposed, place, INTEGER, HONOURS, REQUIRED, "名次")                                                        \
    F(honour_proposed, considered, INTEGER, SEQUENCE, REQUIRED, "所据序号")                                            \
    F(honour_proposed, findings, OBJECTS, finding, OPTIONAL, "依据")

/* Who may write a type. */
enum writer {
    WRITER_PUBLISHER, /* any service, through ingest */
    WRITER_COMMAND,   /* volunteerctl or a page, through a query method that vets it first */
    WRITER_DAEMON,    /* the daemon alone */
    WRITER_DECISION   /* the daemon alone, because of another event, by a policy */
};

/* ---- the campaign: what the city asks of its organisations, and what they say and do ---- */
#define FIELDS_campaign_launched(F)                                                                                    \
    F(campaign_launched, campaign, ID, CAMPAIGN, REQUIRED | FIXED, "专项行动编号")                                     \
    F(campaign_launched, title, TEXT, 256, REQUIRED, "名称")                                                           \
    F(campaign_launched, document, ID, DOCUMENT, REQUIRED, "依据文件")                                                 \
    F(campaign_launched, starts, DATE, 0, REQUIRED, "开始日期")                                                        \
    F(campaign_launched, ends, DATE, 0, REQUIRED, "结束日期")                                                          \
    F(campaign_launched, regions, LIST, 64, REQUIRED, "实施范围")                                                      \
    F(campaign_launched, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_campaign_closed(F)                                                                                      \
    F(campaign_closed, campaign, ID, CAMPAIGN, REQUIRED, "专项行动编号")                                               \
    F(campaign_closed, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_notice_issued(F)                                                                                        \
    F(notice_issued, notice, ID, NOTICE, REQUIRED | FIXED, "通知编号")                                                 \
    F(notice_issued, campaign, ID, CAMPAIGN, OPTIONAL, "专项行动")                                                     \
    F(notice_issued, title, TEXT, 256, REQUIRED, "标题")                                                               \
    F(notice_issued, number, TEXT, 128, REQUIRED, "文号")                                                              \
    F(notice_issued, to, LIST, 64, REQUIRED, "主送单位")                                                               \
    F(notice_issued, due, DATE, 0, OPTIONAL, "回执期限")                                                               \
    F(notice_issued, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_notice_received(F)                                                                                      \
    F(notice_received, notice, ID, NOTICE, REQUIRED, "通知编号")                                                       \
    F(notice_received, organisation, ID, ORGANISATION, REQUIRED, "回执单位")                                           \
    F(notice_received, by, ID, PERSON, REQUIRED, "签收人")                                                             \
    F(notice_received, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_task_assigned(F)                                                                                        \
    F(task_assigned, task, ID, TASK, REQUIRED | FIXED, "任务编号")                                                     \
    F(task_assigned, notice, ID, NOTICE, OPTIONAL, "所依通知")                                                         \
    F(task_assigned, organisation, ID, ORGANISATION, REQUIRED, "责任单位")                                             \
    F(task_assigned, owner, ID, PERSON, REQUIRED, "责任人")                                                            \
    F(task_assigned, due, DATE, 0, REQUIRED, "期限")                                                                   \
    F(task_assigned, measure, CHOICE, MEASURE, OPTIONAL, "指标")                                                       \
    F(task_assigned, target, INTEGER, FIGURE, OPTIONAL, "目标值")                                                      \
    F(task_assigned, title, TEXT, 256, OPTIONAL, "任务内容")                                                           \
    F(task_assigned, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_task_reported(F)                                                                                        \
    F(task_reported, task, ID, TASK, REQUIRED, "任务编号")                                                             \
    F(task_reported, evidence, OBJECT, evidence, REQUIRED, "佐证材料")                                                 \
    F(task_reported, by, ID, PERSON, OPTIONAL, "报告人")                                                               \
    F(task_reported, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_task_accepted(F)                                                                                        \
    F(task_accepted, task, ID, TASK, REQUIRED, "任务编号")                                                             \
    F(task_accepted, by, ID, PERSON, REQUIRED, "验收人")                                                               \
    F(task_accepted, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_task_returned(F)                                                                                        \
    F(task_returned, task, ID, TASK, REQUIRED, "任务编号")                                                             \
    F(task_returned, by, ID, PERSON, REQUIRED, "验收人")                                                               \
    F(task_returned, reason, TEXT, 512, REQUIRED, "退回原因")                                                          \
    F(task_returned, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_commitment_made(F)                                                                                      \
    F(commitment_made, commitment, ID, COMMITMENT, REQUIRED | FIXED, "承诺编号")                                       \
    F(commitment_made, subject, OBJECT, subject, REQUIRED, "承诺方")                                                   \
    F(commitment_made, text, TEXT, 1024, REQUIRED, "承诺内容")                                                         \
    F(commitment_made, due, DATE, 0, REQUIRED, "期限")                                                                 \
    F(commitment_made, campaign, ID, CAMPAIGN, OPTIONAL, "专项行动")                                                   \
    F(commitment_made, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_commitment_kept(F)                                                                                      \
    F(commitment_kept, commitment, ID, COMMITMENT, REQUIRED, "承诺编号")                                               \
    F(commitment_kept, evidence, OBJECT, evidence, REQUIRED, "佐证材料")                                               \
    F(commitment_kept, ext, JSON, 4096, OPTIONAL, "扩展")
#define FIELDS_task_overdue(F)                                                                                         \
    F(task_overdue, task, ID, TASK, REQUIRED, "任务编号")                                                              \
    F(task_overdue, organisation, ID, ORGANISATION, REQUIRED, "责任单位")                                              \
    F(task_overdue, owner, ID, PERSON, REQUIRED, "责任人")                                                             \
    F(task_overdue, due, DATE, 0, REQUIRED, "期限")
#define FIELDS_commitment_overdue(F)                                                                                   \
    F(commitment_overdue, commitment, ID, COMMITMENT, REQUIRED, "承诺编号")                                            \
    F(commitment_overdue, subject, OBJECT, subject, REQUIRED, "承诺方")                                                \
    F(commitment_overdue, due, DATE, 0, REQUIRED, "期限")

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
    T(19, dictionary_entry_set, "dictionary.entry_set", COMMAND, 1, DICTIONARY, "设置字典条目")                        \
    T(20, calendar_day_set, "calendar.day_set", COMMAND, 1, CALENDAR, "设置日历")                                      \
    T(21, region_recoded, "region.recoded", PUBLISHER, 1, REGION, "区划代码变更")                                      \
    T(22, figure_reported, "figure.reported", PUBLISHER, 1, FIGURE, "上报基础数据")                                    \
    T(23, document_registered, "document.registered", PUBLISHER, 1, DOCUMENT, "登记文件")                              \
    T(24, plan_set, "plan.set", PUBLISHER, 1, PLAN, "下达计划")                                                        \
    T(25, organisation_updated, "organisation.updated", PUBLISHER, 1, ORGANISATION, "变更组织信息")                    \
    T(26, organisation_dissolved, "organisation.dissolved", PUBLISHER, 1, ORGANISATION, "组织注销")                    \
    T(27, civilised_title_awarded, "civilised_title.awarded", PUBLISHER, 1, CIVILISED_TITLE, "授予文明称号")           \
    T(28, civilised_title_reviewed, "civilised_title.reviewed", PUBLISHER, 1, CIVILISED_TITLE, "复查文明称号")         \
    T(29, civilised_title_withdrawn, "civilised_title.withdrawn", PUBLISHER, 1, CIVILISED_TITLE, "撤销文明称号")       \
    T(30, team_formed, "team.formed", PUBLISHER, 1, TEAM, "组建队伍")                                                  \
    T(31, team_updated, "team.updated", PUBLISHER, 1, TEAM, "变更队伍信息")                                            \
    T(32, team_dissolved, "team.dissolved", PUBLISHER, 1, TEAM, "解散队伍")                                            \
    T(33, team_joined, "team.joined", PUBLISHER, 1, TEAM, "加入队伍")                                                  \
    T(34, team_left, "team.left", PUBLISHER, 1, TEAM, "退出队伍")                                                      \
    T(35, volunteer_moved, "volunteer.moved", PUBLISHER, 1, VOLUNTEER, "志愿者迁移")                                   \
    T(36, volunteer_died, "volunteer.died", PUBLISHER, 1, VOLUNTEER, "志愿者去世")                                     \
    T(37, volunteer_linked, "volunteer.linked", PUBLISHER, 1, VOLUNTEER, "关联外部编号")                               \
    T(38, project_defined, "project.defined", PUBLISHER, 1, PROJECT, "设立项目")                                       \
    T(39, project_closed, "project.closed", PUBLISHER, 1, PROJECT, "项目结项")                                         \
    T(40, activity_closed, "activity.closed", PUBLISHER, 1, ACTIVITY, "活动结束")                                      \
    T(41, service_carried_over, "service.carried_over", PUBLISHER, 1, RECORD, "结转历史时长")                          \
    T(42, points_adjusted, "points.adjusted", COMMAND, 1, ADJUSTMENT, "调整积分")                                      \
    T(43, station_planned, "station.planned", PUBLISHER, 1, STATION, "规划服务站")                                     \
    T(44, station_progressed, "station.progressed", PUBLISHER, 1, STATION, "服务站进展")                               \
    T(45, station_built, "station.built", PUBLISHER, 1, STATION, "服务站建成")                                         \
    T(46, station_opened, "station.opened", PUBLISHER, 1, STATION, "服务站投入使用")                                   \
    T(47, station_closed, "station.closed", PUBLISHER, 1, STATION, "服务站停用")                                       \
    T(48, bulletin_issued, "bulletin.issued", COMMAND, 1, BULLETIN, "印发通报")                                        \
    T(49, policy_proposed, "policy.proposed", COMMAND, 1, POLICY, "提请启用规则")                                      \
    T(50, policy_retired, "policy.retired", COMMAND, 1, POLICY, "废止规则")                                            \
    T(51, policy_released, "policy.released", COMMAND, 1, POLICY, "恢复停用的规则版本")                                \
    T(60, post_defined, "post.defined", PUBLISHER, 1, POST, "设立岗位")                                                \
    T(61, post_claimed, "post.claimed", PUBLISHER, 1, POST, "认领岗位")                                                \
    T(62, post_released, "post.released", PUBLISHER, 1, POST, "退出岗位")                                              \
    T(63, enrolment_requested, "enrolment.requested", PUBLISHER, 1, ENROLMENT, "活动报名")                             \
    T(64, enrolment_reviewed, "enrolment.reviewed", PUBLISHER, 1, ENROLMENT, "审核报名")                               \
    T(65, enrolment_cancelled, "enrolment.cancelled", PUBLISHER, 1, ENROLMENT, "取消报名")                             \
    T(66, attendance_checked_in, "attendance.checked_in", PUBLISHER, 1, ATTENDANCE, "签到")                            \
    T(67, attendance_checked_out, "attendance.checked_out", PUBLISHER, 1, ATTENDANCE, "签退")                          \
    T(68, attendance_missed, "attendance.missed", PUBLISHER, 1, ATTENDANCE, "登记缺席")                                \
    T(69, course_defined, "course.defined", PUBLISHER, 1, COURSE, "设立课程")                                          \
    T(70, training_completed, "training.completed", PUBLISHER, 1, TRAINING, "完成培训")                                \
    T(71, qualification_recorded, "qualification.recorded", PUBLISHER, 1, QUALIFICATION, "登记资格证书")               \
    T(72, complaint_filed, "complaint.filed", PUBLISHER, 1, COMPLAINT, "受理投诉")                                     \
    T(73, complaint_referred, "complaint.referred", PUBLISHER, 1, COMPLAINT, "移送投诉")                               \
    T(74, complaint_resolved, "complaint.resolved", PUBLISHER, 1, COMPLAINT, "办结投诉")                               \
    T(75, service_rated, "service.rated", PUBLISHER, 1, RECORD, "服务评价")                                            \
    T(76, volunteer_suspended, "volunteer.suspended", PUBLISHER, 1, VOLUNTEER, "暂停资格")                             \
    T(77, volunteer_restored, "volunteer.restored", PUBLISHER, 1, VOLUNTEER, "恢复资格")                               \
    T(80, reward_offered, "reward.offered", PUBLISHER, 1, REWARD, "提供回馈项目")                                      \
    T(81, reward_withdrawn, "reward.withdrawn", PUBLISHER, 1, REWARD, "撤下回馈项目")                                  \
    T(82, reward_redeemed, "reward.redeemed", PUBLISHER, 1, REDEMPTION, "兑换")                                        \
    T(83, reward_settled, "reward.settled", PUBLISHER, 1, REDEMPTION, "兑换核销")                                      \
    T(84, reward_voided, "reward.voided", PUBLISHER, 1, REDEMPTION, "兑换作废")                                        \
    T(85, points_transferred, "points.transferred", PUBLISHER, 1, TRANSFER, "积分转赠")                                \
    T(86, honour_defined, "honour.defined", PUBLISHER, 1, HONOUR, "设立荣誉")                                          \
    T(87, honour_nominated, "honour.nominated", PUBLISHER, 1, NOMINATION, "推荐荣誉")                                  \
    T(88, honour_reviewed, "honour.reviewed", PUBLISHER, 1, NOMINATION, "评审荣誉推荐")                                \
    T(89, honour_awarded, "honour.awarded", PUBLISHER, 1, NOMINATION, "授予荣誉")                                      \
    T(90, honour_withdrawn, "honour.withdrawn", PUBLISHER, 1, NOMINATION, "撤销荣誉")                                  \
    T(91, star_applied, "star.applied", PUBLISHER, 1, APPLICATION, "申请星级")                                         \
    T(92, star_reviewed, "star.reviewed", PUBLISHER, 1, APPLICATION, "审批星级")                                       \
    T(93, volunteer_merged, "volunteer.merged", PUBLISHER, 1, VOLUNTEER, "合并志愿者")                                 \
    T(94, consent_given, "consent.given", PUBLISHER, 1, CONSENT, "给予授权")                                           \
    T(95, consent_withdrawn, "consent.withdrawn", PUBLISHER, 1, CONSENT, "撤回授权")                                   \
    T(96, identity_read, "identity.read", DAEMON, 1, VOLUNTEER, "查阅身份信息")                                        \
    T(98, emergency_declared, "emergency.declared", PUBLISHER, 1, EMERGENCY, "宣布应急响应")                           \
    T(99, emergency_ended, "emergency.ended", PUBLISHER, 1, EMERGENCY, "结束应急响应")                                 \
    T(100, service_disputed, "service.disputed", PUBLISHER, 1, RECORD, "提出服务记录异议")                                     \
    T(101, service_settled, "service.settled", PUBLISHER, 1, RECORD, "处理服务记录异议")                                       \
    T(102, public_notice_opened, "public_notice.opened", PUBLISHER, 1, PUBLIC_NOTICE, "开始公示")                          \
    T(103, public_notice_objected, "public_notice.objected", PUBLISHER, 1, PUBLIC_NOTICE, "公示异议")                      \
    T(104, public_notice_ended, "public_notice.ended", PUBLISHER, 1, PUBLIC_NOTICE, "结束公示")                            \
    T(105, service_transferred, "service.transferred", PUBLISHER, 1, RECORD, "转移服务记录")                                 \
    T(106, fund_allocated, "fund.allocated", PUBLISHER, 1, FUND, "资金拨付")                                     \
    T(107, fund_committed, "fund.committed", PUBLISHER, 1, FUND, "资金承诺")                                     \
    T(108, fund_spent, "fund.spent", PUBLISHER, 1, FUND, "资金支出")                                             \
    T(109, fund_returned, "fund.returned", PUBLISHER, 1, FUND, "资金退回")                                       \
    T(110, certificate_requested, "certificate.requested", PUBLISHER, 1, CERTIFICATE, "申请服务证明")                  \
    T(111, certificate_issued, "certificate.issued", PUBLISHER, 1, CERTIFICATE, "开具服务证明")                        \
    T(112, certificate_refused, "certificate.refused", PUBLISHER, 1, CERTIFICATE, "不予开具证明")                      \
    T(113, certificate_revoked, "certificate.revoked", PUBLISHER, 1, CERTIFICATE, "撤销服务证明")                      \
    T(114, need_filed, "need.filed", PUBLISHER, 1, NEED, "提出需求")                                                   \
    T(115, need_matched, "need.matched", PUBLISHER, 1, NEED, "需求对接")                                               \
    T(116, need_referred, "need.referred", PUBLISHER, 1, NEED, "需求转介")                                             \
    T(117, need_closed, "need.closed", PUBLISHER, 1, NEED, "需求办结")                                                 \
    T(118, beneficiary_enrolled, "beneficiary.enrolled", PUBLISHER, 1, BENEFICIARY, "登记帮扶对象")                    \
    T(119, beneficiary_left, "beneficiary.left", PUBLISHER, 1, BENEFICIARY, "帮扶对象退出")                            \
    T(120, care_plan_set, "care_plan.set", PUBLISHER, 1, BENEFICIARY, "制定帮扶计划")                                  \
    T(121, visit_missed, "visit.missed", PUBLISHER, 1, BENEFICIARY, "未按期走访")                                      \
    T(122, sanction_appealed, "sanction.appealed", PUBLISHER, 1, APPEAL, "提出申诉")                                   \
    T(123, sanction_settled, "sanction.settled", PUBLISHER, 1, APPEAL, "处理申诉")                                     \
    T(126, review_sampled, "review.sampled", PUBLISHER, 1, RECORD, "抽取核查")                                         \
    T(127, review_answered, "review.answered", PUBLISHER, 1, RECORD, "答复核查")                                       \
    T(79, batch_undone, "batch.undone", COMMAND, 1, BATCH, "撤销批次")                                               \
    T(214, pairing_agreed, "pairing.agreed", PUBLISHER, 1, PAIRING, "结对包抓")                                        \
    T(215, pairing_ended, "pairing.ended", PUBLISHER, 1, PAIRING, "结束结对")                                          \
    T(216, post_accepted, "post.accepted", PUBLISHER, 1, POST, "接受认岗")                                             \
    T(217, post_duty_done, "post.duty_done", PUBLISHER, 1, POST, "完成值守")                                           \
    T(218, post_closed, "post.closed", PUBLISHER, 1, POST, "撤销岗位")                                                 \
    T(219, party_member_reported_in, "party_member.reported_in", PUBLISHER, 1, REPORT_IN, "党员报到")                  \
    T(128, registration_decided, "registration.decided", DECISION, 1, VOLUNTEER, "注册认定")                           \
    T(129, service_decided, "service.decided", DECISION, 1, RECORD, "时长认定")                                        \
    T(130, star_changed, "star.changed", DECISION, 1, VOLUNTEER, "星级变更")\
    T(131, points_posted, "points.posted", DECISION, 1, POINTS, "积分入账")                                            \
    T(132, assessment_changed, "assessment.changed", DECISION, 1, ASSESSMENT, "测评状态变化")                          \
    T(133, points_withheld, "points.withheld", DECISION, 1, POINTS, "积分暂缓")                                        \
    T(134, enrolment_decided, "enrolment.decided", DECISION, 1, ENROLMENT, "报名认定")                                 \
    T(135, post_decided, "post.decided", DECISION, 1, POST, "认岗认定")                                                \
    T(136, standing_changed, "standing.changed", DECISION, 1, VOLUNTEER, "资格状态变更")                               \
    T(137, redemption_decided, "redemption.decided", DECISION, 1, REDEMPTION, "兑换认定")                              \
    T(138, honour_proposed, "honour.proposed", DECISION, 1, HONOUR, "荣誉候选")                                        \
    T(145, star_decided, "star.decided", DECISION, 1, APPLICATION, "星级申请认定")                                     \
    T(146, honour_considered, "honour.considered", DECISION, 1, HONOUR, "荣誉考察")                                        \
    T(147, service_derived, "service.derived", DECISION, 1, RECORD, "由考勤生成记录")                                         \
    T(148, service_finalised, "service.finalised", DECISION, 1, RECORD, "公示期满定案") \
    T(150, record_flagged, "record.flagged", DECISION, 1, RECORD, "核查提示") \
    T(200, campaign_launched, "campaign.launched", PUBLISHER, 1, CAMPAIGN, "启动专项行动")                             \
    T(201, campaign_closed, "campaign.closed", PUBLISHER, 1, CAMPAIGN, "结束专项行动")                                 \
    T(202, notice_issued, "notice.issued", PUBLISHER, 1, NOTICE, "印发通知")                                           \
    T(203, notice_received, "notice.received", PUBLISHER, 1, NOTICE, "通知回执")                                       \
    T(204, task_assigned, "task.assigned", PUBLISHER, 1, TASK, "下达任务")                                             \
    T(205, task_reported, "task.reported", PUBLISHER, 1, TASK, "报告任务完成")                                         \
    T(206, task_accepted, "task.accepted", PUBLISHER, 1, TASK, "任务验收")                                             \
    T(207, task_returned, "task.returned", PUBLISHER, 1, TASK, "任务退回")                                             \
    T(208, commitment_made, "commitment.made", PUBLISHER, 1, COMMITMENT, "表态承诺")                                   \
    T(209, commitment_kept, "commitment.kept", PUBLISHER, 1, COMMITMENT, "承诺兑现")                                   \
    T(160, task_overdue, "task.overdue", DECISION, 1, TASK, "任务逾期")                                                \
    T(164, commitment_overdue, "commitment.overdue", DECISION, 1, COMMITMENT, "承诺逾期")        \
    T(161, post_overdue, "post.overdue", DECISION, 1, POST, "逾期未值守") \
    T(224, document_withdrawn, "document.withdrawn", PUBLISHER, 1, DOCUMENT, "废止文件") \
    T(236, case_nominated, "case.nominated", PUBLISHER, 1, CASE, "推荐典型案例")                                       \
    T(237, case_verified, "case.verified", PUBLISHER, 1, CASE, "核实典型案例")                                         \
    T(238, case_published, "case.published", PUBLISHER, 1, CASE, "发布典型案例")                                       \
    T(239, case_withdrawn, "case.withdrawn", PUBLISHER, 1, CASE, "撤下典型案例")                                       \
    T(175, case_retracted, "case.retracted", DECISION, 1, CASE, "授权撤回,案例停止宣传") \
    T(52, alert_acknowledged, "alert.acknowledged", COMMAND, 1, ALERT, "知悉警报")                                     \
    T(228, evidence_submitted, "evidence.submitted", PUBLISHER, 1, EVIDENCE, "提交测评佐证")                           \
    T(229, evidence_reviewed, "evidence.reviewed", PUBLISHER, 1, EVIDENCE, "审核测评佐证")                             \
    T(230, peer_reported, "peer.reported", PUBLISHER, 1, PEER, "登记兄弟市州数据")                                     \
    T(162, alert_raised, "alert.raised", DECISION, 1, ALERT, "发出警报")                                               \
    T(163, alert_cleared, "alert.cleared", DECISION, 1, ALERT, "解除警报")

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
