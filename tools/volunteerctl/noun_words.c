/* What clerks read for attributes and for the words of choices, codes and states. */
#include "noun.h"

/* What the daemon adds to attributes, as clerks read it. */
static const char *const labels[][2] = {
    {"state", "状态"},
    {"registered_on", "注册日期"},
    {"stars", "星级"},
    {"stars_since", "星级起始日期"},
    {"volunteers", "志愿者人数"},
    {"in_service_party_members", "在职党员人数"},
    {"records", "服务记录数"},
    {"held", "待核记录数"},
    {"activities", "活动数"},
    {"counted_minutes", "认定分钟"},
    {"minutes", "服务时长"},
    {"first_service_on", "首次服务日期"},
    {"last_service_on", "最近服务日期"},
    {"age", "年龄"},
    {"entered", "登记时间"},
    {"decision", "最近认定序号"},
    {"findings", "事由"},
    {"sealed", "密封内容"},
    {"path", "所属"},
    {"counters", "统计"},
    {"category", "服务类别"},
    {"activated", "启用时间"},
    {"title", "名称"},
    {"region", "区划"},
    {"corrected", "更正次数"},
    {"recorded_sequence", "登记序号"},
    {"source", "来源"},
    {"revision", "规则版本"},
    {"activation", "启用序号"},
    {"reason", "原因"},
    {"scope", "适用区划"},
    {"by", "经办人"},
    {"text", "全文"},
    {"uses", "使用数"},
    {"members", "成员数"},
    {"parts", "验收项"},
    {"evidenced_on", "佐证日期"},
    {"evidence", "佐证"},
    {"done", "已落实"},
    {"on", "日期"},
    {"built_on", "建成日期"},
    {"opened_on", "投入使用日期"},
    {"closed_on", "停用日期"},
    {"dissolved_on", "解散日期"},
    {"overdue", "逾期"},
    {"missing", "尚缺"},
    {"recorded_on", "登记日期"},
    {"awarded_on", "授予日期"},
    {"reviewed_on", "复查日期"},
    {"withdrawn_on", "撤销日期"},
    {"outcome", "结论"},
    {"history", "历次"},
    {"event", "事件"},
    {"kind", "类型"},
    {"id", "编号"},
    {"name", "名称"},
    {"former", "曾用代码"},
    {"former_codes", "曾用代码"},
    {"carried_minutes", "结转时长"},
    {"balance", "余额"},
    {"owed", "欠额"},
    {"earned", "累计获得"},
    {"spent", "累计使用"},
    {"expires", "有效期至"},
    {"amount", "数额"},
    {"value", "数值"},
    {"target", "目标"},
    {"since", "起始日期"},
    {"indicator", "指标"},
    {"indicators", "指标"},
    {"score", "得分"},
    {"max", "满分"},
    {"policy", "规则"},
    {"policies", "规则"},
    {"subject", "对象"},
    {"unit_level", "文明单位级别"},
    {"teams", "队伍数"},
    {"projects", "项目数"},
    {"stations", "服务站数"},
    {"stations_planned", "规划服务站数"},
    {"stations_built", "建成服务站数"},
    {"stations_opened", "投入使用服务站数"},
    {"party_status", "党员身份"},
    {"links", "外部编号"},
    {"as_of", "截止日期"},
    {"origin", "来源"},
    {"sequence", "序号"},
    {"set_sequence", "设置序号"},
    {"reports", "历次上报"},
    {"versions", "历次下达"},
    {"set", "已设置"},
    {"label", "中文名"},
    {"open", "可另填"},
    {"entries", "条目"},
    {"code", "代码"},
    {"until", "至"},
    {"from", "起始日期"},
    {"to", "截止日期"},
    {"retired", "停用日期"},
    {"parent", "上级"},
    {"planned_on", "规划日期"},
    {"formed_on", "组建日期"},
    {"steps", "进展"},
    {"step", "步骤"},
    {"document", "依据文件"},
    {"reached", "已完成"},
    {"carried", "结转"},
    {"plans", "计划"},
    {"plan", "计划编号"},
    {"measure", "指标"},
    {"due", "期限"},
    {"titles", "文明称号"},
    {"level", "级别"},
    {"figures", "基础数据"},
    {"points", "积分"},
    {"accounts", "账户"},
    {"account", "账户"},
    {"decimals", "小数位"},
    {"adjusted", "人工调整"},
    {"expired", "已过期"},
    {"transferred", "转入（减转出）"},
    {"moved", "转为已用"},
    {"left", "剩余数量"},
    {"settled", "已核销"},
    {"approved_by", "审批层级"},
    {"notice_until", "公示至"},
    {"reviews", "评审次数"},
    {"place", "名次"},
    {"rank", "排序值"},
    {"class", "类别"},
    {"honour", "荣誉"},
    {"lots", "分笔余额"},
    {"team", "队伍"},
    {"joined_on", "加入日期"},
    {"left_on", "退出日期"},
    {"digest", "摘要"},
    {"uri", "地址"},
    {"note", "说明"},
    {"denominator", "分母"},
    {"numerator", "分子"},
    {"gap", "尚差人数"},
    {"units", "单位数"},
    {"units_without_staff", "缺职工数的单位"},
    {"staff", "人员"},
    {"funds", "经费"},
    {"venue", "场地"},
    {"standing", "资格状态"},
    {"standing_since", "资格状态起始日期"},
    {"standing_until", "暂停至"},
    {"standing_change", "资格状态最近变更"},
    {"restored_on", "恢复日期"},
    {"absences", "缺席"},
    {"cancellations", "取消报名"},
    {"notice_minutes", "提前分钟数"},
    {"waiting_place", "候补位次"},
    {"changes", "变更次数"},
    {"complaints", "投诉"},
    {"complaint", "投诉编号"},
    {"trainings", "培训"},
    {"training", "培训编号"},
    {"course", "课程"},
    {"passed", "合格"},
    {"qualifications", "资格证书"},
    {"qualification", "资格"},
    {"consents", "授权"},
    {"consent", "授权"},
    {"purpose", "授权用途"},
    {"text_version", "授权书版本"},
    {"given_on", "授权日期"},
    {"withdrawn_sequence", "撤回序号"},
    {"emergencies", "应急响应"},
    {"declared_at", "宣布时间"},
    {"ended_at", "结束时间"},
    {"ended_by", "结束经办人"},
    {"valid", "有效"},
    {"valid_until", "有效期至"},
    {"number", "证书编号"},
    {"excused", "已请假"},
    {"enrolled", "已报名人数"},
    {"waitlisted", "候补人数"},
    {"places_left", "剩余名额"},
    {"attended", "到场人数"},
    {"missed", "缺席人数"},
    {"filled", "各班次报名"},
    {"rating", "评价"},
    {"ratings", "评价数"},
    {"sum", "评分合计"},
    {"rating_served", "服务对象评分"},
    {"rating_organiser", "组织者评分"},
    {"claims", "认领人数"},
    {"claimed_by", "认领人"},
    {"enrolment", "报名编号"},
    {"attendance", "考勤编号"},
    {"requested", "报名时间"},
    {"check_ins", "签到次数"},
    {"absence", "缺席"},
    {"activity", "活动"},
    {"shift", "班次"},
    {"post", "岗位"},
    {"volunteer", "志愿者"},
    {"starts", "开始时间"},
    {"ends", "结束时间"},
    {"at", "时刻"},
    {"method", "方式"},
    {"device", "设备"},
    {"distance_m", "距离（米）"},
    {"filed_on", "受理日期"},
    {"referred_to", "移送单位"},
    {"referred_on", "移送日期"},
    {"resolved_by", "办结人"},
    {"resolved_on", "办结日期"},
    {"successor", "承接者"},
    {"stage", "阶段"},
    {"derived", "由考勤生成"},
    {"public_notice", "公示"},
    {"notice", "公示编号"},
    {"objections", "异议数"},
    {"ended_on", "结束日期"},
    {"dispute", "异议"},
    {"disputed_on", "提出日期"},
    {"settled_on", "处理日期"},
    {"transferred", "已转移"},
    {"hours_changed", "时长核减次数"},
    {"missing_check_outs", "未签退次数"},
    {"final_records", "已定案记录数"},
    {"disputed", "有异议记录数"},
    {"notices", "进行中的公示"},
    {"built_up_residents", "建成区常住人口"},
    {"residents", "常住人口"},
    {"party_members", "党员数"},
    {"communities", "社区数"},
    {"satisfaction", "满意率"},
    {"awareness", "知晓率"},
    {"stations_staff", "人员已落实的服务站"},
    {"stations_funds", "经费已落实的服务站"},
    {"stations_venue", "场地已落实的服务站"},
    {"stations_team", "队伍已落实的服务站"},
    {"trainings", "培训合格人次"},
    {"households", "入户（户次）"},
    {"active_months", "近12个月服务月数"},
    {"trainings_theory", "理论培训"},
    {"trainings_knowledge", "知识培训"},
    {"trainings_skill", "技能培训"},
    {"skills", "队员资格"},
    {"qualified", "资格齐全"},
    {"expired", "过期"},
    {"units_county", "县级文明单位"},
    {"units_municipal", "市级文明单位"},
    {"units_provincial", "省级文明单位"},
    {"units_national", "全国文明单位"},
    {"units_without_staff_county", "县级文明单位（缺职工数）"},
    {"units_without_staff_municipal", "市级文明单位（缺职工数）"},
    {"units_without_staff_provincial", "省级文明单位（缺职工数）"},
    {"units_without_staff_national", "全国文明单位（缺职工数）"},
    {"unit_staff_county", "县级文明单位职工"},
    {"unit_staff_municipal", "市级文明单位职工"},
    {"unit_staff_provincial", "省级文明单位职工"},
    {"unit_staff_national", "全国文明单位职工"},
    {"unit_volunteers_county", "县级文明单位职工志愿者"},
    {"unit_volunteers_municipal", "市级文明单位职工志愿者"},
    {"unit_volunteers_provincial", "省级文明单位职工志愿者"},
    {"unit_volunteers_national", "全国文明单位职工志愿者"},
    {"fund", "资金"},
    {"certificate_number", "星级证书编号"},
    {"star_certificate", "星级证书编号"},
    {"fund_entry", "明细编号"},
    {"entry", "明细编号"},
    {"allocated_fen", "拨款"},
    {"committed_fen", "已承诺"},
    {"spent_fen", "已支出"},
    {"left_fen", "结余"},
    {"open_fen", "未了"},
    {"amount_fen", "金额"},
    {"cost_fen", "成本"},
    {"allocations", "拨款"},
    {"budget_line", "预算科目"},
    {"year", "年度"},
    {"purpose", "用途"},
    {"redemption", "兑换"},
    {"merchant", "商家"},
    {"of", "所用明细"},
    {"requested_on", "申请日期"},
    {"issuer", "出具组织"},
    {"issued_on", "出具日期"},
    {"handler", "经办人"},
    {"n_records", "记录条数"},
    {"overtaken", "所证记录已变更"},
    {"refused_on", "不予出具日期"},
    {"revoked_on", "撤销日期"},
    {"certified", "所证记录"},
    {"record", "服务记录"},
    {"certificates_open", "待出具证明"},
    {"certificates_issued", "已出具证明"},
    {"certificates_refused", "不予出具证明"},
    {"certificates_revoked", "已撤销证明"},
};

/* Words of states, which are no fields of the catalogue; first those that mean something else for
 * one kind of thing. */
static const struct {
    const char *word, *label;
    const char *fields; /* of that type only */
} states[] = {
    {"held", "保持", "civilised_title_awarded"},
    {"withdrawn", "已撤销", "civilised_title_awarded"},
    {"closed", "已停用", "station_planned"},
    {"closed", "已结项", "project_defined"},
    {"open", "进行中", "project_defined"},
    {"withdrawn", "已撤下", "reward_offered"},
    {"held", "待核销", "reward_redeemed"},
    {"pending", "待审批", "star_applied"},
    {"reviewed", "审批中", "star_applied"},
    {"reviewed", "已评审", "honour_nominated"},
    {"withdrawn", "已撤销", "honour_nominated"},
    {"refused", "不通过", "honour_nominated"},
    {"declared", "生效中", "emergency_declared"},
    {"ended", "已结束", "emergency_declared"},
    {"given", "有效", "consent_given"},
    {"withdrawn", "已撤回", "consent_given"},
    {"refused", "不通过", "star_applied"},
    {"refused", "不予兑换", "reward_redeemed"},
    {"refused", "不予通过", "enrolment_requested"},
    {"refused", "不予通过", "attendance_checked_in"},
    {"allocated", "拨款", "fund_committed"},
    {"committed", "承诺", "fund_committed"},
    {"spent", "支出", "fund_committed"},
    {"returned", "退回", "fund_committed"},
    {"requested", "待出具", "certificate_requested"},
    {"issued", "已出具", "certificate_requested"},
    {"refused", "不予出具", "certificate_requested"},
    {"open", "公示中", "public_notice_opened"},
    {"open", "公示中", "service_recorded"},
    {"refused", "未通过", "public_notice_opened"},
    {"registered", "已注册", NULL},
    {"held", "待核", NULL},
    {"withdrawn", "已退出", NULL},
    {"published", "已发布", NULL},
    {"cancelled", "已取消", NULL},
    {"accepted", "通过", NULL},
    {"refused", "不予认定", NULL},
    {"revoked", "已撤销", NULL},
    {"in_force", "施行中", NULL},
    {"draft", "草案", NULL},
    {"not_active", "未启用", NULL},
    {"set_aside", "已停用", NULL},
    {"retired", "已废止", NULL},
    {"proposed", "待复核", NULL},
    {"pending", "待定", NULL},
    {"superseded", "已更替", NULL},
    {"dissolved", "已解散", NULL},
    {"closed", "已结束", NULL},
    {"died", "已去世", NULL},
    {"planned", "已规划", NULL},
    {"built", "已建成", NULL},
    {"opened", "投入使用", NULL},
    {"met", "达标", NULL},
    {"not_met", "未达标", NULL},
    {"no_data", "无数据", NULL},
    {"on_time", "如期", NULL},
    {"late", "将逾期", NULL},
    {"active", "正常", NULL},
    {"in_use", "在用", NULL},
    {"retired", "已停用", NULL},
    {"set", "已设置", NULL},
    {"awarded", "授予", NULL},
    {"reviewed", "复查", NULL},
    {"issued", "已印发", NULL},
    {"defined", "已设立", NULL},
    {"formed", "在册", NULL},
    {"offered", "可兑换", NULL},
    {"requested", "待认定", NULL},
    {"settled", "已核销", NULL},
    {"voided", "已作废", NULL},
    {"applied", "已申请", NULL},
    {"noticed", "公示中", NULL},
    {"approved", "已批准", NULL},
    {"nominated", "已推荐", NULL},
    {"waitlisted", "候补", NULL},
    {"not_enrolled", "未报名", NULL},
    {"checked_in", "签到", NULL},
    {"checked_out", "签退", NULL},
    {"filed", "已受理", NULL},
    {"referred", "已移送", NULL},
    {"resolved", "已办结", NULL},
    {"objected", "有异议", NULL},
    {"passed", "公示期满", NULL},
};

static const struct field *field_of(const struct fields *fields, const char *key) {
    size_t index = fields ? fields_find(fields, str_from(key)) : NOT_FOUND_FIELD;
    return index == NOT_FOUND_FIELD ? NULL : &fields->list[index];
}

static const char *lookup(const char *const (*pairs)[2], size_t n, const char *key) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(pairs[i][0], key) == 0)
            return pairs[i][1];
    return NULL;
}

const char *noun_label(const struct fields *fields, const char *key) {
    if (!language_is_chinese())
        return key;
    const struct field *field = field_of(fields, key);
    if (field)
        return field->label;
    const char *label = lookup(labels, sizeof labels / sizeof *labels, key);
    return label ? label : key;
}

/* Of a key that is no field of the type, or whose words are not that field's: the field that its
 * words are those of, or NULL. */
static const struct field *other_field(const char *key) {
    static const char *const absence_words[] = {"excused", "unexcused"};
    static const char *const absence_labels[] = {"已请假", "无故缺席"};
    static const struct choices absences = {"absence", 2, absence_words, absence_labels};
    static const char *const complaint_words[] = {"open", "upheld", "dismissed", "withdrawn"};
    static const char *const complaint_labels[] = {"未办结", "属实", "不属实", "已撤回"};
    static const struct choices complaints = {"outcome", 4, complaint_words, complaint_labels};
    static const char *const stage_words[] = {"pending",  "confirmed", "noticed", "final",
                                              "disputed", "refused",   "revoked"};
    static const char *const stage_labels[] = {"待定",   "已认定",   "公示中", "已定案",
                                               "有异议", "不予认定", "已撤销"};
    static const struct choices stages = {"stage", 7, stage_words, stage_labels};
    static const struct field others[] = {
        {.name = "category", .kind = FIELD_CODE, .dictionary = DICTIONARY_CATEGORY},
        {.name = "account", .kind = FIELD_CODE, .dictionary = DICTIONARY_ACCOUNT},
        {.name = "subject_kind", .kind = FIELD_CHOICE, .choices = &SUBJECT_KIND_choices},
        {.name = "missing", .kind = FIELD_CHOICE, .choices = &STATION_PART_choices},
        {.name = "step", .kind = FIELD_CHOICE, .choices = &STATION_PART_choices},
        {.name = "level", .kind = FIELD_CHOICE, .choices = &TITLE_LEVEL_choices},
        {.name = "approved_by", .kind = FIELD_CHOICE, .choices = &APPROVAL_LEVEL_choices},
        {.name = "title", .kind = FIELD_CHOICE, .choices = &CIVILISED_TITLE_choices},
        {.name = "measure", .kind = FIELD_CHOICE, .choices = &MEASURE_choices},
        {.name = "standing", .kind = FIELD_CHOICE, .choices = &STANDING_choices},
        {.name = "absence", .kind = FIELD_CHOICE, .choices = &absences},
        {.name = "stage", .kind = FIELD_CHOICE, .choices = &stages},
        {.name = "outcome", .kind = FIELD_CHOICE, .choices = &complaints},
        {.name = "method", .kind = FIELD_CHOICE, .choices = &ATTENDANCE_METHOD_choices},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(others[i].name, key) == 0)
            return &others[i];
    return NULL;
}

static bool state_is_of(size_t index, const struct fields *fields) {
    return !states[index].fields || (fields && strcmp(states[index].fields, fields->name) == 0);
}

/* A state's label or word, NULL where it is not known. */
static const char *state_other(const struct fields *fields, const char *text, bool from_label) {
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        const char *from = from_label ? states[i].label : states[i].word;
        if (state_is_of(i, fields) && strcmp(from, text) == 0)
            return from_label ? states[i].word : states[i].label;
    }
    return NULL;
}

/* The label of a word, or the word of a label; NULL where the field has no such. */
static const char *field_other(struct lexicon *lexicon, const struct field *field, const char *text,
                               bool from_label) {
    size_t n = field ? lexicon_words(lexicon, field) : 0;
    for (size_t i = 0; i < n; i++) {
        struct lexicon_word known = lexicon_word(lexicon, field, i);
        if (strcmp(from_label ? known.label : known.word, text) == 0)
            return from_label ? known.word : known.label;
    }
    return NULL;
}

static const char *other(struct lexicon *lexicon, const struct fields *fields, const char *key,
                         const char *text, bool from_label) {
    const char *found = field_other(lexicon, field_of(fields, key), text, from_label);
    if (!found)
        found = field_other(lexicon, other_field(key), text, from_label);
    if (!found &&
        (strcmp(key, "state") == 0 || strcmp(key, "step") == 0 || strcmp(key, "kind") == 0))
        found = state_other(fields, text, from_label);
    return found ? found : text;
}

const char *noun_word(struct lexicon *lexicon, const struct fields *fields, const char *key,
                      const char *word) {
    return language_is_chinese() ? other(lexicon, fields, key, word, false) : word;
}

const char *noun_state_label(const char *state) {
    return state_other(NULL, state, false);
}

const char *noun_word_typed(struct lexicon *lexicon, const struct fields *fields, const char *key,
                            const char *typed) {
    return other(lexicon, fields, key, typed, true);
}
