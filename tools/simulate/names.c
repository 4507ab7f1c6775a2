#include "names.h"

#define CHARACTER_BYTES 3u /* every one of these in UTF-8 */

static const char surnames[] =
    "王王王王王李李李李李张张张张张刘刘刘刘陈陈陈杨杨杨赵赵赵马马马马周吴徐孙胡朱高林何郭罗郑"
    "梁宋谢唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾"
    "韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔汤向常温康施文牛樊"
    "葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴"
    "霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁";
static const char men[] =
    "伟强磊军勇杰涛明超刚平辉鹏飞鑫波斌宇浩凯健俊帆帅旭宁龙林阳建华亮成龙海山峰"
    "志文国庆春生永福德荣天水根田兵东虎雄毅恒远航振宏博";
static const char women[] =
    "芳娜敏静丽艳娟霞秀英燕玲桂兰萍红梅婷雪慧莹琴云凤洁琳素珍莲翠雅芝玉香月莺媛瑞"
    "佳嘉琼勤珠晶妍茜秋珊莎锦黛青倩悦巧怡蓉欣蕾薇";

static char *put_character(struct random *random, const char *characters, size_t size, char *at) {
    uint32_t index = random_below(random, (uint32_t)(size / CHARACTER_BYTES));
    memcpy(at, characters + index * CHARACTER_BYTES, CHARACTER_BYTES);
    return at + CHARACTER_BYTES;
}

struct str name_draw(struct random *random, bool male, char ret_name[static NAME_BYTES]) {
    const char *given = male ? men : women;
    size_t size = male ? sizeof(men) - 1 : sizeof(women) - 1;
    char *end = put_character(random, surnames, sizeof(surnames) - 1, ret_name);
    end = put_character(random, given, size, end);
    if (random_chance(random, 720))
        end = put_character(random, given, size, end);
    return (struct str){ret_name, (size_t)(end - ret_name)};
}

struct str guardian_draw(struct random *random, char ret_name[static NAME_BYTES]) {
    struct str role = STR("家长");
    char *end = put_character(random, surnames, sizeof(surnames) - 1, ret_name);
    memcpy(end, role.data, role.size);
    return (struct str){ret_name, CHARACTER_BYTES + role.size};
}
