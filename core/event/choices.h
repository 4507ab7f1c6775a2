/* Closed lists of words in events. What a city may extend (categories, skills, ...) is a dictionary instead. */
#pragma once

#include "event/fields.h"

/* C(set, index name, word, label) */
#define CHOICE_SETS(S)                                                                                                 \
    S(REGION_LEVEL) S(REGION_KIND) S(ORGANISATION_KIND) S(LINE) S(PARTY_STATUS) S(SEX) S(DOCUMENT_KIND)                 \
    S(ACTIVITY_KIND) S(METHOD) S(REVIEW) S(POLICY_KIND) S(RETROACTIVITY) S(OUTCOME) S(CARE)

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

#define C(set, name, word, label) set##_##name,
#define S(set) enum set##_choice { CHOICES_##set(C) set##_COUNT };
CHOICE_SETS(S)
#undef S
#undef C

#define S(set) extern const struct choices set##_choices;
CHOICE_SETS(S)
#undef S
