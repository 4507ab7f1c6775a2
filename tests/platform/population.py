"""People, teams, activities, enrolments and attendance of the test platform, made from a seed: the same arguments give
the same bytes. Names are put together from syllables and are nobody's; numbers are valid by GB 11643, in an area code
that is not assigned."""

import datetime
import json
import random

CHINA = datetime.timezone(datetime.timedelta(hours=8))
AREA = "620598"  # not assigned; tools/simulate and the other tests use 620599
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
BIRTHDAYS = 13000  # days from 1962 on: nobody under age among the grown-ups
MINOR_BIRTHDAYS = 300

FAMILY = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"
GIVEN = "松竹梅兰菊荷桂柏槐柳枫桐山川河湖江海云雨霜雪春夏秋冬东南西北"
CATEGORIES = ("社区邻里", "敬老爱老", "助残帮扶", "绿色环保", "文明礼仪", "学雷锋", "党员先锋", "文明交通", "网络文明",
              "文明劝导", "文明旅游", "光盘行动", "乡村振兴", "窗口服务", "其它")
JOBS = ("公务员", "事业单位", "企业职工", "教师", "医生护士", "学生", "农民", "个体户", "自由职业", "退休", "无业")
DEGREES = ("小学", "初中", "高中", "中专", "大专", "本科", "硕士", "博士")
SKILLS = ("医疗", "急救", "护理", "心理疏导", "法律咨询", "教学", "翻译", "手语", "电脑", "家电维修", "驾驶", "文艺")
DEEDS = ("清扫楼院", "看望独居老人", "植树护绿", "疏导交通", "陪伴阅读", "劝导文明用餐", "整理河堤", "入户宣传")

PEOPLE_IN_A_TEAM = 60
PEOPLE_IN_AN_ACTIVITY = 30
REGISTERING_DAYS = 60  # before the first activity is published


def identity_number(born, serial, male):
    """Number `serial` (0 to 499) of those born on a day, of one sex."""
    digits = f"{AREA}{born:%Y%m%d}{serial * 2 + (1 if male else 0):03d}"
    return digits + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS)) % 11]


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S+08:00")


def milliseconds(moment):
    return int(moment.timestamp() * 1000)


class Population:
    """`rows()` gives (resource, id, modified, data as JSON), each resource by modified and id."""

    def __init__(self, people, seed, until, days, areas):
        self.people, self.days, self.areas = people, days, areas
        self.until = datetime.datetime.combine(until, datetime.time(), CHINA)
        self.opens = self.until - datetime.timedelta(days=days)  # of the first activity's publication
        self.random = random.Random(f"{seed}/{people}")
        self.n_teams = max(2, people // PEOPLE_IN_A_TEAM)
        self.n_activities = max(2, people // PEOPLE_IN_AN_ACTIVITY)
        self.activities = []

    def rows(self):
        for resource, make in (("teams", self.teams), ("registrations", self.registrations),
                               ("activities", self.make_activities), ("enrolments", self.enrolments),
                               ("attendance", self.attendance)):
            for id, moment, data in make():
                yield resource, id, milliseconds(moment), json.dumps(data, ensure_ascii=False)

    def teams(self):
        dice = self.random
        for number in range(self.n_teams):
            created = self.opens - datetime.timedelta(days=REGISTERING_DAYS + 1, minutes=self.n_teams - number)
            yield f"T{number + 1:04d}", created, {
                "teamName": f"{dice.choice(DEEDS)}志愿服务队{number + 1}", "category": CATEGORIES[number % len(CATEGORIES)],
                "areaCode": dice.choice(self.areas), "legal": ("已登记", "已备案", "未登记")[number % 3],
                "professional": "是" if number % 7 == 0 else "否", "createTime": text(created)}

    def registrations(self):
        # Twenty in one millisecond: who pages by the time alone loses some of them.
        step = datetime.timedelta(days=REGISTERING_DAYS) / (self.people // 20 + 1)
        first = (self.opens - datetime.timedelta(days=REGISTERING_DAYS)).replace(microsecond=0)
        for number in range(self.people):
            registered = first + (number // 20) * step
            yield f"R{number + 1:07d}", registered, self.person(number, registered)

    def person(self, number, registered):
        dice = self.random
        male, minor = dice.random() < 0.5, number % 25 == 24
        if minor:
            nth, choices = number // 25, MINOR_BIRTHDAYS
            first = datetime.date(self.until.year - 15, 1, 1)
        else:
            nth, choices, first = number * 7919 % (BIRTHDAYS * 450), BIRTHDAYS, datetime.date(1962, 1, 1)
        born = first + datetime.timedelta(days=nth % choices)
        data = {
            "realName": dice.choice(FAMILY) + dice.choice(GIVEN) + dice.choice(GIVEN), "idType": "居民身份证",
            "idNo": identity_number(born, nth // choices, male), "mobile": f"199{number % 10**8:08d}",
            "gender": "男" if male else "女", "birthday": born.isoformat(),
            "politics": "共青团员" if minor else ("群众", "群众", "中共党员", "民主党派")[number % 4],
            "areaCode": dice.choice(self.areas), "job": "学生" if minor else dice.choice(JOBS),
            "degree": "初中" if minor else dice.choice(DEGREES), "registerTime": text(registered), "status": "正常"}
        if data["politics"] == "中共党员":
            data["partyDuty"] = ("在职", "离退休", "其他")[number // 4 % 3]
        if number % 3 == 0:
            data["skills"] = "、".join(dice.sample(SKILLS, 2))
        if number % 2 == 0:
            data["teamIds"] = [f"T{number // 2 % self.n_teams + 1:04d}"]
        if minor:
            data["guardian"] = {"name": dice.choice(FAMILY) + dice.choice(GIVEN), "relation": "母亲",
                                "agreedAt": text(registered)}
        return data

    def make_activities(self):
        dice = self.random
        room = self.days - 2  # from the first to the last day on which one takes place
        for number in range(self.n_activities):
            published = self.opens + datetime.timedelta(minutes=number % 600)
            day = self.opens + datetime.timedelta(days=1 + number % room)
            begins = day + datetime.timedelta(hours=8 + dice.randrange(9))
            ends = begins + datetime.timedelta(hours=2 + dice.randrange(2))
            activity = {
                "activityName": f"{dice.choice(DEEDS)}第{number + 1}期", "intro": "由队伍组织，社区配合。",
                "category": CATEGORIES[number % len(CATEGORIES)], "areaCode": dice.choice(self.areas),
                "address": "社区广场", "teamId": f"T{number % self.n_teams + 1:04d}", "beginTime": text(begins),
                "endTime": text(ends), "recruitNum": PEOPLE_IN_AN_ACTIVITY - 5 + dice.randrange(10),
                "riskTip": "注意交通安全", "publishTime": text(published), "status": "招募中",
                "contactName": "值班员", "contactPhone": "0938-0000000"}
            if number % 6 == 0:
                activity["minAge"] = 18
            if number % 5 == 0:
                middle = begins + (ends - begins) / 2
                activity["periods"] = [
                    {"periodNo": 1, "beginTime": text(begins), "endTime": text(middle), "num": 18},
                    {"periodNo": 2, "beginTime": text(middle), "endTime": text(ends), "num": 18}]
            self.activities.append((published, begins, ends, activity.get("periods")))
            yield f"A{number + 1:06d}", published, activity

    def who_goes(self):
        """(person, activity, shift or None), one each, in the order of the people."""
        for person in range(self.people):
            number = person % self.n_activities
            periods = self.activities[number][3]
            yield person, number, periods[person // self.n_activities % 2] if periods else None

    def enrolments(self):
        found = []
        for person, number, period in self.who_goes():
            published, begins, _, _ = self.activities[number]
            applied = published + (begins - published) * (0.1 + 0.8 * self.random.random())
            data = {"activityId": f"A{number + 1:06d}", "registrationId": f"R{person + 1:07d}",
                    "way": ("个人", "个人", "团队", "单位")[person % 4], "applyTime": text(applied), "status": "已提交"}
            if period:
                data["periodNo"] = period["periodNo"]
            found.append((applied, data))
        found.sort(key=lambda row: row[0])
        for number, (applied, data) in enumerate(found):
            yield f"E{number + 1:07d}", applied, data

    def attendance(self):
        """Nine in ten of them came; one in fifty of these has not checked out."""
        found = []
        for person, number, period in self.who_goes():
            if person % 10 == 9:
                continue
            _, begins, ends, _ = self.activities[number]
            if period:
                begins = datetime.datetime.fromisoformat(period["beginTime"])
                ends = datetime.datetime.fromisoformat(period["endTime"])
            came = begins - datetime.timedelta(seconds=300) + datetime.timedelta(seconds=7 * (person // self.n_activities))
            left = ends - datetime.timedelta(seconds=self.random.randrange(600))
            data = {"activityId": f"A{number + 1:06d}", "registrationId": f"R{person + 1:07d}",
                    "way": ("二维码", "定位", "签到码", "集体")[person % 4], "checkInTime": text(came)}
            if person % 4 == 1:
                data["distance"] = self.random.randrange(200)
            if period:
                data["periodNo"] = period["periodNo"]
            if person % 50 != 7:
                data["checkOutTime"] = text(left)
            found.append((left, data))
        found.sort(key=lambda row: row[0])
        for number, (left, data) in enumerate(found):
            yield f"K{number + 1:07d}", left, data


def communities(path):
    """The city's communities and villages, from a file of conf/divisions."""
    with open(path, encoding="utf-8") as file:
        return [line.split(",", 1)[0] for line in file if line.split(",")[2:3] == ["5"]]
