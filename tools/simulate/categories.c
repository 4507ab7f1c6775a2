#include "categories.h"

#include <string.h>

#define OUTDOOR "户外服务,注意防滑、防晒和交通安全"
#define INDOOR "室内服务,注意用电和消防安全"
#define HOUSEHOLD "入户服务,须两人以上同行,尊重隐私,注意人身安全"
#define ROAD "临近车道,须穿反光背心,听从交警指挥"

/* clang-format off */
static const struct category categories[] = {
    {"neighbourhood", "邻里守望", "走访邻里,代办代购,帮助解决生活中的困难", HOUSEHOLD, "他人", "households", "便民服务", NULL, NULL, 150, 120},
    {"elderly", "敬老助老", "看望空巢老人,打扫卫生,陪伴聊天", HOUSEHOLD, "他人", "households", "敬老助残", NULL, "空巢老人", 110, 100},
    {"disability", "助残", "为残疾人提供出行和生活照料", HOUSEHOLD, "他人", NULL, "敬老助残", NULL, "残疾人", 45, 40},
    {"ecology", "生态环保", "清理河道和绿地垃圾,宣传垃圾分类", OUTDOOR, "自然", "bags", "环境保护", NULL, NULL, 120, 120},
    {"courtesy", "文明礼仪", "宣传文明礼仪,引导文明排队", INDOOR, "社会", NULL, "社区建设", NULL, NULL, 60, 40},
    {"lei_feng", "学雷锋", "便民维修、理发、义诊和政策宣传", INDOOR, "他人", NULL, "医疗卫生", "提供医疗服务", "其他", 55, 250},
    {"party", "在职党员先锋行", "在职党员到社区报到,参加包抓小区的服务", OUTDOOR, "社会", NULL, "社区建设", NULL, NULL, 120, 90},
    {"traffic", "文明交通", "在路口劝导行人和非机动车遵守交通规则", ROAD, "社会", NULL, "城市管理", NULL, NULL, 90, 60},
    {"online", "网络文明传播", "传播正能量,劝阻网络不文明言行", INDOOR, "社会", NULL, "社区建设", NULL, NULL, 25, 20},
    {"conduct", "文明行为劝导", "劝导乱扔、乱停、乱贴等不文明行为", OUTDOOR, "社会", NULL, "城市管理", NULL, NULL, 65, 50},
    {"tourism", "文明旅游", "在景区提供咨询,劝导文明游览", OUTDOOR, "社会", NULL, "大型赛会", NULL, NULL, 35, 25},
    {"dining", "文明餐桌", "宣传节约用餐,劝阻浪费", INDOOR, "社会", NULL, "社区建设", NULL, NULL, 25, 20},
    {"rural", "农村", "助力春耕秋收,整治村容村貌", OUTDOOR, "社会", NULL, "扶贫开发", "消除贫困", NULL, 70, 45},
    {"window", "窗口行业", "在服务窗口引导群众办事,提供延伸服务", INDOOR, "社会", NULL, "法律咨询", "实施法律援助", NULL, 10, 5},
    {"other", "其他", "参加社区组织的公益服务", OUTDOOR, "社会", NULL, "扶贫帮困", "改善教育状况", NULL, 20, 15},
};
/* clang-format on */
#define N_CATEGORIES (sizeof(categories) / sizeof(*categories))

const struct category *category_at(uint32_t index) {
    return &categories[index];
}

static uint32_t window_category(void) {
    uint32_t i = 0;
    while (strcmp(categories[i].code, "window") != 0)
        i++;
    return i;
}

uint32_t category_draw(uint32_t draw, bool march, bool window) {
    uint32_t place = (uint32_t)(((uint64_t)draw * 1000) >> 32), i = 0;
    if (window && draw % 10 < 7)
        return window_category();
    for (; i + 1 < N_CATEGORIES; i++) {
        uint32_t share = march ? categories[i].march_share : categories[i].share;
        if (place < share)
            break;
        place -= share;
    }
    return i;
}

static void field_code(struct output *out, const char *name, const char *code) {
    if (!code)
        return;
    field_list(out, name);
    list_text(out, str_from(code));
    list_end(out);
}

void category_fields(struct output *out, const struct category *category) {
    field_code(out, "domains", category->domain);
    field_text(out, "care", str_from(category->care));
    field_code(out, "outcomes", category->outcome);
    field_code(out, "served_groups", category->served_group);
}
