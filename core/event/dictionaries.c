#include "event/dictionaries.h"

#include <assert.h>

static const struct dictionary_entry category_entries[] = {
    {"neighbourhood", "“邻里守望”社区志愿服务"},
    {"elderly", "敬老助老志愿服务"},
    {"disability", "助残志愿服务"},
    {"ecology", "生态环保志愿服务"},
    {"courtesy", "文明礼仪志愿服务"},
    {"lei_feng", "学雷锋志愿服务"},
    {"party", "党员志愿服务"},
    {"traffic", "文明交通志愿服务"},
    {"online", "网络文明传播志愿服务"},
    {"conduct", "文明行为劝导志愿服务"},
    {"tourism", "文明旅游志愿服务"},
    {"dining", "文明餐桌志愿服务"},
    {"rural", "农村志愿服务"},
    {"window", "窗口行业志愿服务"},
    {"other", "其他志愿服务"},
};

static const struct dictionary_entry domain_entries[] = {
    {"扶贫帮困", "扶贫帮困"}, {"敬老助残", "敬老助残"}, {"城市管理", "城市管理"},
    {"医疗卫生", "医疗卫生"}, {"便民服务", "便民服务"}, {"环境保护", "环境保护"},
    {"社区建设", "社区建设"}, {"扶贫开发", "扶贫开发"}, {"法律咨询", "法律咨询"},
    {"抢险救灾", "抢险救灾"}, {"应急救助", "应急救助"}, {"大型赛会", "大型赛会"},
};

static const struct dictionary_entry outcome_entries[] = {
    {"消除贫困", "消除贫困"},         {"促进就业", "促进就业"},
    {"改善教育状况", "改善教育状况"}, {"提供医疗服务", "提供医疗服务"},
    {"实施法律援助", "实施法律援助"},
};

static const struct dictionary_entry served_group_entries[] = {
    {"孤寡老人", "孤寡老人"},
    {"空巢老人", "空巢老人"},
    {"残疾人", "残疾人"},
    {"其他", "其他"},
};

static const struct dictionary_entry role_entries[] = {
    {"leader", "负责人"},         {"organiser", "组织者"}, {"member", "队员"},
    {"professional", "专业人员"}, {"trainer", "培训者"},   {"support", "后勤"},
};

static const struct dictionary_entry skill_entries[] = {
    {"medical", "医疗救护"},   {"nursing", "护理照料"},     {"counselling", "心理疏导"},
    {"law", "法律咨询"},       {"teaching", "教育辅导"},    {"translation", "外语翻译"},
    {"sign_language", "手语"}, {"computing", "计算机应用"}, {"repair", "家电维修"},
    {"driving", "驾驶"},       {"arts", "文艺表演"},        {"photography", "摄影摄像"},
    {"guiding", "讲解导览"},   {"rescue", "应急救援"},      {"farming", "农业技术"},
    {"haircutting", "理发"},
};

static const struct dictionary_entry occupation_entries[] = {
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

static const struct dictionary_entry education_entries[] = {
    {"primary", "小学及以下"},    {"junior_secondary", "初中"}, {"senior_secondary", "高中"},
    {"vocational", "中专、技校"}, {"college", "大学专科"},      {"bachelor", "大学本科"},
    {"master", "硕士研究生"},     {"doctor", "博士研究生"},
};

#define ENTRIES(array) sizeof(array) / sizeof *(array), array

static const struct dictionary_info dictionaries[DICTIONARY_COUNT] = {
    [DICTIONARY_CATEGORY] = {"category", "服务类别", false, ENTRIES(category_entries)},
    [DICTIONARY_DOMAIN] = {"domain", "服务领域", false, ENTRIES(domain_entries)},
    [DICTIONARY_OUTCOME] = {"outcome", "服务成效", false, ENTRIES(outcome_entries)},
    [DICTIONARY_SERVED_GROUP] = {"served_group", "服务对象", false, ENTRIES(served_group_entries)},
    [DICTIONARY_ROLE] = {"role", "服务角色", true, ENTRIES(role_entries)},
    [DICTIONARY_SKILL] = {"skill", "服务技能", true, ENTRIES(skill_entries)},
    [DICTIONARY_OCCUPATION] = {"occupation", "职业", true, ENTRIES(occupation_entries)},
    [DICTIONARY_EDUCATION] = {"education", "学历", true, ENTRIES(education_entries)},
};

const struct dictionary_info *dictionary_info(enum dictionary dictionary) {
    assert(dictionary < DICTIONARY_COUNT);
    return &dictionaries[dictionary];
}

int dictionary_find(enum dictionary dictionary, struct str code) {
    const struct dictionary_info *info = dictionary_info(dictionary);
    for (size_t i = 0; i < info->n; i++)
        if (str_equal(str_from(info->entries[i].code), code))
            return (int)i;
    return -1;
}
