/* Closed lists of words in events. What a city may extend (categories, skills, ...) is a dictionary instead. */
#pragma once

#include "event/fields.h"

/* C(set, index name, word, label) */
#define CHOICE_SETS(S)                                                                                                 \
    S(REGION_LEVEL) S(REGION_KIND) S(ORGANISATION_KIND) S(LINE) S(PARTY_STATUS) S(SEX) S(DOCUMENT_KIND)                 \
    S(ACTIVITY_KIND) S(METHOD) S(REVIEW) S(POLICY_KIND) S(RETROACTIVITY) S(OUTCOME) S(CARE)                \
    S(SUBJECT_KIND) S(DICTIONARY) S(DAY_KIND) S(FIGURE) S(MEASURE) S(CIVILISED_TITLE) S(TITLE_LEVEL)                   \
    S(TITLE_OUTCOME) S(LEGAL_STATUS) S(STATION_PART) S(BULLETIN_KIND) S(APPROVAL_LEVEL)                                \
    S(POST_KIND) S(ENROLLED_BY) S(ENROLMENT_OUTCOME) S(ATTENDANCE_METHOD) S(COURSE_TOPIC) S(COMPLAINT_OUTCOME)         \
    S(RATED_BY) S(STANDING) S(NEED_PRIORITY) S(NEED_OUTCOME) S(LEFT_REASON) \
    S(APPEAL_OUTCOME) S(REVIEW_ANSWER) S(SIGNAL)                                                                       \
    S(ALERT_SEVERITY) S(EVIDENCE_METHOD) S(GRADE)

#define CHOICES_REGION_LEVEL(C)                                                                                        \
    C(REGION_LEVEL, CITY, "city", "市")                                                                                \
    C(REGION_LEVEL, COUNTY, "county", "县区")                                                                          \
    C(REGION_LEVEL, TOWNSHIP, "township", "乡镇街道")                                                                  \
    C(REGION_LEVEL, COMMUNITY, "community", "社区")

#define CHOICES_REGION_KIND(C)                                                                                         \
    C(REGION_KIND, PREFECTURE, "prefecture_city", "地级市")                                                            \
    C(REGION_KIND, DISTRICT, "district", "市辖区")                                                                     \
    C(REGION_KIND, COUNTY, "county", "县")                                                                             \
    C(REGION_KIND, AUTONOMOUS_COUNTY, "autonomous_county", "自治县")                                                   \
    C(REGION_KIND, SUBDISTRICT, "subdistrict", "街道")                                                                 \
    C(REGION_KIND, TOWN, "town", "镇")                                                                                 \
    C(REGION_KIND, TOWNSHIP, "township", "乡")                                                                         \
    C(REGION_KIND, PARK, "park", "园区")                                                                               \
    C(REGION_KIND, RESIDENTS, "residents_committee", "居委会")                                                         \
    C(REGION_KIND, RESIDENTS_LIKE, "residents_like", "类似居委会")                                                     \
    C(REGION_KIND, VILLAGERS, "villagers_committee", "村委会")                                                         \
    C(REGION_KIND, VILLAGERS_LIKE, "villagers_like", "类似村委会")                                                     \
    C(REGION_KIND, VIRTUAL, "virtual", "虚拟社区")

#define CHOICES_ORGANISATION_KIND(C)                                                                                   \
    C(ORGANISATION_KIND, PARTY_GOVERNMENT, "party_government", "党政机关")                                             \
    C(ORGANISATION_KIND, MASS_ORGANISATION, "mass_organisation", "群团组织")                                           \
    C(ORGANISATION_KIND, ENTERPRISE, "enterprise", "企业")                                                             \
    C(ORGANISATION_KIND, PUBLIC_INSTITUTION, "public_institution", "事业单位")                                         \
    C(ORGANISATION_KIND, SCHOOL, "school", "学校")                                                                     \
    C(ORGANISATION_KIND, SOCIAL_GROUP, "social_group", "社会团体")                                                     \
    C(ORGANISATION_KIND, INDUSTRY_ASSOCIATION, "industry_association", "行业协会")                                     \
    C(ORGANISATION_KIND, SOCIAL_SERVICE, "social_service", "社会服务机构")                                             \
    C(ORGANISATION_KIND, FOUNDATION, "foundation", "基金会")                                                           \
    C(ORGANISATION_KIND, SELF_GOVERNING, "self_governing", "基层群众性自治组织")                                       \
    C(ORGANISATION_KIND, VOLUNTEER_ORGANISATION, "volunteer_organisation", "志愿服务组织")                             \
    C(ORGANISATION_KIND, PARTY_BRANCH, "party_branch", "党支部")

#define CHOICES_LINE(C)                                                                                                \
    C(LINE, CIVILISATION, "文明办", "文明办") C(LINE, CREATION, "创城办", "创城办") C(LINE, CIVIL, "民政", "民政")      \
    C(LINE, PERSONNEL_PARTY, "组织", "组织") C(LINE, PROPAGANDA, "宣传", "宣传")                                       \
    C(LINE, ORGANS, "机关工委", "机关工委") C(LINE, EDUCATION, "教育", "教育") C(LINE, FINANCE, "财政", "财政")        \
    C(LINE, LABOUR, "人社", "人社") C(LINE, UNION, "工会", "工会") C(LINE, WOMEN, "妇联", "妇联")                      \
    C(LINE, YOUTH, "共青团", "共青团")

#define CHOICES_PARTY_STATUS(C)                                                                                        \
    C(PARTY_STATUS, IN_SERVICE, "in_service", "在职党员") C(PARTY_STATUS, RETIRED, "retired", "离退休党员")            \
    C(PARTY_STATUS, OTHER, "other", "其他党员") C(PARTY_STATUS, NONE, "none", "非党员")

#define CHOICES_SEX(C) C(SEX, MALE, "male", "男") C(SEX, FEMALE, "female", "女")

#define CHOICES_DOCUMENT_KIND(C)                                                                                       \
    C(DOCUMENT_KIND, RESIDENT_ID, "resident_id", "居民身份证")                                                         \
    C(DOCUMENT_KIND, HK_MACAO, "hk_macao_permit", "港澳居民来往内地通行证")                                            \
    C(DOCUMENT_KIND, TAIWAN, "taiwan_permit", "台湾居民来往大陆通行证")                                                \
    C(DOCUMENT_KIND, PASSPORT, "passport", "护照")                                                                     \
    C(DOCUMENT_KIND, OTHER, "other", "其他证件")

#define CHOICES_ACTIVITY_KIND(C)                                                                                       \
    C(ACTIVITY_KIND, SERVICE, "service", "服务") C(ACTIVITY_KIND, PREPARATION, "preparation", "筹备")                  \
    C(ACTIVITY_KIND, TRAINING, "training", "培训") C(ACTIVITY_KIND, MEETING, "meeting", "会议")                        \
    C(ACTIVITY_KIND, PERFORMANCE, "performance", "演出") C(ACTIVITY_KIND, CREATION, "creation", "创作")

#define CHOICES_METHOD(C)                                                                                              \
    C(METHOD, AUTOMATIC, "automatic", "自动签到") C(METHOD, CODE, "code", "时长码")                                    \
    C(METHOD, MANUAL, "manual", "人工补录") C(METHOD, IMPORT, "import", "导入")

#define CHOICES_REVIEW(C) C(REVIEW, ACCEPTED, "accepted", "通过") C(REVIEW, REFUSED, "refused", "不通过")

#define CHOICES_OUTCOME(C)                                                                                             \
    C(OUTCOME, ACCEPTED, "accepted", "通过") C(OUTCOME, HELD, "held", "待核") C(OUTCOME, REFUSED, "refused", "不予认定")

/* In the order of CATALOGUE: asked when, subject and result of each stand there. */
#define CHOICES_POLICY_KIND(C)                                                                                         \
    C(POLICY_KIND, REGISTRATION, "registration", "注册")                                                               \
    C(POLICY_KIND, ELIGIBILITY, "eligibility", "报名资格")                                                             \
    C(POLICY_KIND, ACCEPTANCE, "acceptance", "时长认定")                                                               \
    C(POLICY_KIND, POINTS, "points", "积分")                                                                           \
    C(POLICY_KIND, REDEMPTION, "redemption", "兑换")                                                                   \
    C(POLICY_KIND, STAR_RATING, "star_rating", "星级评定")                                                             \
    C(POLICY_KIND, STANDING, "standing", "资格状态")                                                                   \
    C(POLICY_KIND, HONOUR, "honour", "表彰推荐")                                                                       \
    C(POLICY_KIND, ASSESSMENT, "assessment", "测评")                                                                   \
    C(POLICY_KIND, BULLETIN, "bulletin", "通报")

#define CHOICES_RETROACTIVITY(C)                                                                                       \
    C(RETROACTIVITY, FROM_NOW, "from_now", "自今起") C(RETROACTIVITY, FROM_DATE, "from_date", "自生效日起")            \
    C(RETROACTIVITY, ALL_HISTORY, "all_history", "追溯全部历史")

#define CHOICES_CARE(C) C(CARE, PEOPLE, "他人", "关爱他人") C(CARE, SOCIETY, "社会", "关爱社会")         \
    C(CARE, NATURE, "自然", "关爱自然")

/* Whom an event may be about: words are names of nouns. */
#define CHOICES_SUBJECT_KIND(C)                                                                                        \
    C(SUBJECT_KIND, REGION, "region", "区划") C(SUBJECT_KIND, ORGANISATION, "organisation", "组织")                    \
    C(SUBJECT_KIND, VOLUNTEER, "volunteer", "志愿者") C(SUBJECT_KIND, TEAM, "team", "队伍")                            \
    C(SUBJECT_KIND, STATION, "station", "服务站") C(SUBJECT_KIND, PROJECT, "project", "项目")                          \
    C(SUBJECT_KIND, ACTIVITY, "activity", "活动") C(SUBJECT_KIND, RECORD, "record", "服务记录")                            \
    C(SUBJECT_KIND, NOMINATION, "nomination", "荣誉推荐")

/* Lists of codes that the city keeps itself, by dictionary.entry_set (domain/dictionaries.h). */
#define CHOICES_DICTIONARY(C)                                                                                          \
    C(DICTIONARY, CATEGORY, "category", "服务类别") C(DICTIONARY, DOMAIN, "domain", "服务领域")                        \
    C(DICTIONARY, OUTCOME, "outcome", "服务成效") C(DICTIONARY, SERVED_GROUP, "served_group", "服务对象")              \
    C(DICTIONARY, ROLE, "role", "服务角色") C(DICTIONARY, SKILL, "skill", "服务技能")                                  \
    C(DICTIONARY, OCCUPATION, "occupation", "职业") C(DICTIONARY, EDUCATION, "education", "学历")                      \
    C(DICTIONARY, ACCOUNT, "account", "积分账户") C(DICTIONARY, HONOUR_CLASS, "honour_class", "表彰类别")              \
    C(DICTIONARY, PURPOSE, "purpose", "授权用途")

#define CHOICES_DAY_KIND(C)                                                                                            \
    C(DAY_KIND, WORKDAY, "workday", "工作日") C(DAY_KIND, REST, "rest", "休息日")                                      \
    C(DAY_KIND, HOLIDAY, "holiday", "法定节假日")

#define CHOICES_FIGURE(C)                                                                                              \
    C(FIGURE, BUILT_UP_RESIDENTS, "built_up_residents", "建成区常住人口")                                              \
    C(FIGURE, RESIDENTS, "residents", "常住人口") C(FIGURE, STAFF, "staff", "干部职工数")                              \
    C(FIGURE, PARTY_MEMBERS, "party_members", "党员数")                                                                \
    C(FIGURE, IN_SERVICE_PARTY_MEMBERS, "in_service_party_members", "在职党员数")                                      \
    C(FIGURE, COMMUNITIES, "communities", "社区数") C(FIGURE, SATISFACTION, "satisfaction", "满意率")                  \
    C(FIGURE, AWARENESS, "awareness", "知晓率")

/* What a plan sets a target for: each is a counter (domain/counters.h) of its subject. Trainings are those of the year
 * in which the plan is due. */
#define CHOICES_MEASURE(C)                                                                                             \
    C(MEASURE, STATIONS_BUILT, "stations_built", "服务站建成数")                                                       \
    C(MEASURE, STATIONS_OPENED, "stations_opened", "服务站投入使用数")                                                 \
    C(MEASURE, VOLUNTEERS, "volunteers", "注册志愿者数")                                                               \
    C(MEASURE, IN_SERVICE_PARTY_MEMBERS, "in_service_party_members", "注册在职党员数")                                 \
    C(MEASURE, MINUTES, "minutes", "服务分钟数") C(MEASURE, ACTIVITIES, "activities", "活动数")                        \
    C(MEASURE, TEAMS, "teams", "队伍数") C(MEASURE, PROJECTS, "projects", "项目数")                                   \
    C(MEASURE, TRAININGS, "trainings", "培训合格人次")

#define CHOICES_CIVILISED_TITLE(C)                                                                                     \
    C(CIVILISED_TITLE, UNIT, "unit", "文明单位") C(CIVILISED_TITLE, COMMUNITY, "community", "文明社区")                \
    C(CIVILISED_TITLE, VILLAGE_TOWN, "village_town", "文明村镇") C(CIVILISED_TITLE, CITY, "city", "文明城市")

#define CHOICES_TITLE_LEVEL(C)                                                                                         \
    C(TITLE_LEVEL, COUNTY, "county", "县级") C(TITLE_LEVEL, MUNICIPAL, "municipal", "市级")                            \
    C(TITLE_LEVEL, PROVINCIAL, "provincial", "省级") C(TITLE_LEVEL, NATIONAL, "national", "全国")

#define CHOICES_TITLE_OUTCOME(C)                                                                                       \
    C(TITLE_OUTCOME, PASSED, "passed", "合格") C(TITLE_OUTCOME, RECTIFY, "rectify", "限期整改")                        \
    C(TITLE_OUTCOME, FAILED, "failed", "不合格")

#define CHOICES_LEGAL_STATUS(C)                                                                                        \
    C(LEGAL_STATUS, REGISTERED, "registered", "已登记") C(LEGAL_STATUS, FILED, "filed", "已备案")                      \
    C(LEGAL_STATUS, GRASSROOTS, "grassroots", "自发队伍")

#define CHOICES_STATION_PART(C)                                                                                        \
    C(STATION_PART, STAFF, "staff", "人员") C(STATION_PART, FUNDS, "funds", "经费")                                    \
    C(STATION_PART, VENUE, "venue", "场地") C(STATION_PART, TEAM, "team", "队伍")

#define CHOICES_BULLETIN_KIND(C)                                                                                       \
    C(BULLETIN_KIND, REGISTRATION, "registration", "志愿者注册") C(BULLETIN_KIND, ACTIVITY, "activity", "志愿服务活动") \
    C(BULLETIN_KIND, STATION, "station", "服务站建设") C(BULLETIN_KIND, CAMPAIGN, "campaign", "专项行动")              \
    C(BULLETIN_KIND, ASSESSMENT, "assessment", "指标测评") C(BULLETIN_KIND, FUNDS, "funds", "经费")

/* Who approves a star that was applied for, lowest first. */
#define CHOICES_APPROVAL_LEVEL(C)                                                                                      \
    C(APPROVAL_LEVEL, COMMUNITY, "community", "社区") C(APPROVAL_LEVEL, TOWNSHIP, "township", "乡镇街道")              \
    C(APPROVAL_LEVEL, COUNTY, "county", "县区") C(APPROVAL_LEVEL, CITY, "city", "市")                                  \
    C(APPROVAL_LEVEL, PROVINCE, "province", "省") C(APPROVAL_LEVEL, NATION, "nation", "国家")
#define CHOICES_POST_KIND(C)                                                                                           \
    C(POST_KIND, ESTATE, "estate", "小区") C(POST_KIND, ROAD_SECTION, "road_section", "路段")                          \
    C(POST_KIND, CROSSING, "crossing", "路口") C(POST_KIND, STATION, "station", "站点")                                \
    C(POST_KIND, WINDOW, "window", "窗口") C(POST_KIND, OTHER, "other", "其他")

#define CHOICES_ENROLLED_BY(C)                                                                                         \
    C(ENROLLED_BY, SELF, "self", "本人报名") C(ENROLLED_BY, TEAM, "team", "队伍报名")                                  \
    C(ENROLLED_BY, EMPLOYER, "employer", "单位报名")

#define CHOICES_ENROLMENT_OUTCOME(C)                                                                                   \
    C(ENROLMENT_OUTCOME, ACCEPTED, "accepted", "通过") C(ENROLMENT_OUTCOME, WAITLISTED, "waitlisted", "候补")          \
    C(ENROLMENT_OUTCOME, REFUSED, "refused", "不予通过")

#define CHOICES_ATTENDANCE_METHOD(C)                                                                                   \
    C(ATTENDANCE_METHOD, QR, "qr", "扫码") C(ATTENDANCE_METHOD, CODE, "code", "签到码")                                \
    C(ATTENDANCE_METHOD, GPS, "gps", "定位") C(ATTENDANCE_METHOD, GROUP, "group", "团体登记")                          \
    C(ATTENDANCE_METHOD, MANUAL, "manual", "人工登记")

#define CHOICES_COURSE_TOPIC(C)                                                                                        \
    C(COURSE_TOPIC, THEORY, "theory", "理论") C(COURSE_TOPIC, KNOWLEDGE, "knowledge", "知识")                          \
    C(COURSE_TOPIC, SKILL, "skill", "技能")

#define CHOICES_COMPLAINT_OUTCOME(C)                                                                                   \
    C(COMPLAINT_OUTCOME, UPHELD, "upheld", "属实") C(COMPLAINT_OUTCOME, DISMISSED, "dismissed", "不属实")              \
    C(COMPLAINT_OUTCOME, WITHDRAWN, "withdrawn", "已撤回")

#define CHOICES_RATED_BY(C)                                                                                            \
    C(RATED_BY, SERVED, "served", "服务对象") C(RATED_BY, ORGANISER, "organiser", "活动组织者")

#define CHOICES_STANDING(C)                                                                                            \
    C(STANDING, GOOD, "good", "正常") C(STANDING, SUSPENDED, "suspended", "暂停")                                      \
    C(STANDING, DEREGISTERED, "deregistered", "注销")

/* The most urgent first: lists are in this order. */
#define CHOICES_NEED_PRIORITY(C)                                                                                       \
    C(NEED_PRIORITY, URGENT, "urgent", "紧急") C(NEED_PRIORITY, HIGH, "high", "优先")                                  \
    C(NEED_PRIORITY, NORMAL, "normal", "一般")

#define CHOICES_NEED_OUTCOME(C)                                                                                        \
    C(NEED_OUTCOME, MET, "met", "已满足") C(NEED_OUTCOME, UNMET, "unmet", "未能满足")                                  \
    C(NEED_OUTCOME, WITHDRAWN, "withdrawn", "已撤回")

#define CHOICES_LEFT_REASON(C)                                                                                         \
    C(LEFT_REASON, MOVED, "moved", "迁离") C(LEFT_REASON, DIED, "died", "去世")                                        \
    C(LEFT_REASON, NO_LONGER_NEEDED, "no_longer_needed", "不再需要") C(LEFT_REASON, OTHER, "other", "其他")

#define CHOICES_APPEAL_OUTCOME(C)                                                                                      \
    C(APPEAL_OUTCOME, UPHELD, "upheld", "申诉成立") C(APPEAL_OUTCOME, DISMISSED, "dismissed", "维持原决定")            \
    C(APPEAL_OUTCOME, WITHDRAWN, "withdrawn", "已撤回")

#define CHOICES_REVIEW_ANSWER(C)                                                                                       \
    C(REVIEW_ANSWER, REAL, "real", "属实") C(REVIEW_ANSWER, FALSE, "false", "不实")

/* What asks for a second look at a record: a finding of a rule with such a code, and a sample. The order is that of
 * the counters (domain/counters.h) and is for ever. */
#define CHOICES_SIGNAL(C)                                                                                              \
    C(SIGNAL, BACK_OFFICE, "back_office", "补录而未签到") C(SIGNAL, NO_ATTENDANCE, "no_attendance", "大型活动无人签到") \
    C(SIGNAL, OVERLAP, "overlap", "时间重叠") C(SIGNAL, SAME_SECOND, "same_second", "同一秒多人签到")                  \
    C(SIGNAL, ENTRY_RATE, "entry_rate", "录入过快") C(SIGNAL, QUICK_APPROVAL, "quick_approval", "录入后随即审核")      \
    C(SIGNAL, ONE_APPROVER, "one_approver", "长期一人审核") C(SIGNAL, SPOT_CHECK, "spot_check", "抽查")

#define CHOICES_ALERT_SEVERITY(C)                                                                                      \
    C(ALERT_SEVERITY, NOTICE, "notice", "提示") C(ALERT_SEVERITY, WARNING, "warning", "警告")                          \
    C(ALERT_SEVERITY, CRITICAL, "critical", "严重")

/* The methods of the national system of 2012. */
#define CHOICES_EVIDENCE_METHOD(C)                                                                                     \
    C(EVIDENCE_METHOD, DOCUMENTS, "documents", "材料审核") C(EVIDENCE_METHOD, SITE_VISIT, "site_visit", "实地考察")    \
    C(EVIDENCE_METHOD, QUESTIONNAIRE, "questionnaire", "问卷调查")                                                     \
    C(EVIDENCE_METHOD, ONLINE, "online", "网络调查")

#define CHOICES_GRADE(C)                                                                                               \
    C(GRADE, A, "A", "A") C(GRADE, B, "B", "B") C(GRADE, C, "C", "C") C(GRADE, FAILED, "C#", "C#")

#define C(set, name, word, label) set##_##name,
#define S(set) enum set##_choice { CHOICES_##set(C) set##_COUNT };
CHOICE_SETS(S)
#undef S
#undef C

#define S(set) extern const struct choices set##_choices;
CHOICE_SETS(S)
#undef S
