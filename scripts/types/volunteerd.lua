---@meta
-- 规则脚本可用的事实与函数,供编辑器(LuaLS)补全和检查;守护进程不读取本文件。
-- What policies can read and call, for editors; the daemon does not read this file.

---@alias date string 日期,如 "2018-08-23"
---@alias outcome "accepted"|"held"|"refused"
---@alias enrolment_outcome "accepted"|"waitlisted"|"refused" 通过、候补、不予通过
---@alias standing "good"|"suspended"|"deregistered" 正常、暂停、注销

---@class minutes_asked 问哪些分钟
---@field from? date
---@field to? date
---@field category? string 服务类别
---@field method? "automatic"|"code"|"manual"|"import" 记录方式
---@field activity? string
---@field project? string
---@field organisation? string 记录组织
---@field role? string 服务角色
---@field region? string

---@class points_asked 问哪些积分
---@field account string
---@field what? "balance"|"earned"|"spent"
---@field from? date
---@field to? date
---@field served_on? date
---@field expires_by? date
---@field role? string 服务角色

---@class redemption 已兑换(待核销或已核销)
---@field id string 编号
---@field reward string 回馈项目编号
---@field account string 账户
---@field quantity integer 数量
---@field amount integer 所用积分,以账户的最小单位计
---@field on date 申请日期
---@field settled boolean 已核销

---@class awarded 已获荣誉
---@field id string 推荐编号
---@field honour string 荣誉编号
---@field sequence integer 授予(或撤销)的序号
---@field title string 名称
---@field level "county"|"municipal"|"provincial"|"national" 级别
---@field class string? 类别
---@field year integer 年度
---@field on date 授予日期

---@class absence 一次缺席
---@field on date 活动日期
---@field activity string 活动编号
---@field excused boolean 已请假

---@class cancellation 一次取消(已通过的报名)
---@field on date 活动日期
---@field activity string 活动编号
---@field notice_minutes integer 开始前多少分钟取消

---@class complaint 一件投诉(针对本人,或本人的一条记录)
---@field complaint string 投诉编号
---@field on date 受理日期
---@field record string? 所投诉的记录
---@field outcome "open"|"upheld"|"dismissed"|"withdrawn" 未办结、属实、不属实、已撤回

---@class training 一次合格的培训
---@field id string 培训编号
---@field course string 课程编号
---@field topic "theory"|"knowledge"|"skill" 内容
---@field minutes integer 时长(分钟)
---@field on date 日期
---@field valid_until date? 有效期至

---@class qualification 一项资格
---@field qualification string 资格
---@field number string? 证书编号
---@field valid_until date? 有效期至

---@class volunteer 志愿者
---@field id string 编号
---@field region region 居住区划
---@field employer organisation? 工作单位
---@field referred_by volunteer? 推荐人
---@field party_status "in_service"|"retired"|"other"|"none"|nil 党员身份
---@field born string? 出生年月,如 "1990-05"
---@field sex "male"|"female"|nil 性别
---@field occupation string? 职业
---@field guardian_consent boolean 监护人是否已同意
---@field has_identity boolean 是否有身份信息
---@field registered_on date 注册日期
---@field standing standing 资格状态(暂停期满后为 good)
---@field restored_on date? 最近一次人工恢复资格的日期
---@field false_on date? 最近一次核实有不实记录的日期(含以前的注册)
---@field former_standing "suspended"|"deregistered"|nil 同一证件以前的注册的资格状态
---@field stars integer 现星级
---@field stars_since date? 现星级起始日
---@field first_service_on date? 首次服务日期
---@field carried_minutes integer 从其他平台或往年结转的分钟(另计,不在 minutes 之内)
---@field last_service_on date? 最近服务日期
---@field skills string[] 服务技能
---@field qualifications qualification[] 资格证书(含过期的)
---@field teams { id: string, name: string, category: string, joined_on: date }[] 所在队伍
local volunteer = {}

---某日的周岁,从出生月份的最后一天算起;不详时为 nil
---@param on date
---@return integer?
function volunteer:age(on) end

---某日终了时的星级
---@param on date
---@return integer
function volunteer:stars_on(on) end

---星级变更,从早到晚;down = true 只要下降的,false 只要上升的
---@param which? { from?: date, to?: date, down?: boolean }
---@return { on: date, from: integer, to: integer }[]
function volunteer:star_changes(which) end

---已认定的分钟,按服务日期;问的是一条记录时不含该记录。organisation 是记录组织,region 含其下各级;
---activity、project、organisation、role、region 要逐条查记录,请同时给出 from、to
---@param which? minutes_asked
---@return integer
function volunteer:minutes(which) end

---某一天已认定的分钟
---@param on date
---@return integer
function volunteer:minutes_on(on) end

---已认定记录的其他计量之和,如植树棵数,按记录首日
---@param which { name: string, from?: date, to?: date }
---@return integer
function volunteer:quantity(which) end

---积分,以账户的最小单位计(points 是百分之一分):结余是基准日的,earned 是规则给的(冲回已减),
---from、to 只能与 earned 或 spent 同用,按服务日期(没有记录的按入账日期);spent 是兑换所用,
---按申请兑换之日,作废的不算;served_on(某一天的服务)和 role(服务角色)只能与 earned 同用;
---expires_by(某日)只算结余中到那天为止到期的
---@param which points_asked
---@return integer
function volunteer:points(which) end

---兑换,从新到旧,按申请日期
---@param which? { from?: date, to?: date }
---@return redemption[]
function volunteer:redemptions(which) end

---所获荣誉(撤销的不算),按授予日期
---@param which? { from?: date, to?: date }
---@return awarded[]
function volunteer:honours(which) end

---授予后又撤销的荣誉,按撤销日期
---@param which? { from?: date, to?: date }
---@return awarded[]
function volunteer:withdrawn_honours(which) end

---已认定的记录,从新到旧,最多 limit 条(默认 100)
---@param which? { from?: date, to?: date, limit?: integer }
---@return record[]
function volunteer:records(which) end

---缺席,从早到晚;excused = false 只要无故的
---@param which? { from?: date, to?: date, excused?: boolean }
---@return absence[]
function volunteer:absences(which) end

---本人取消的报名(已通过的),按活动日期从早到晚;notice_minutes 为开始前多少分钟取消,已开始为 0
---@param which? { from?: date, to?: date }
---@return cancellation[]
function volunteer:cancellations(which) end

---投诉,从早到晚,按受理日期;不写 outcome 时为未办结和属实的
---@param which? { from?: date, to?: date, outcome?: "open"|"upheld"|"dismissed"|"withdrawn" }
---@return complaint[]
function volunteer:complaints(which) end

---合格的培训,从新到旧;valid_on 只要当天有效的
---@param which? { course?: string, valid_on?: date }
---@return training[]
function volunteer:trainings(which) end

---服务对象评过的记录数,按服务日期(最近 2000 条)
---@param which? { from?: date, to?: date }
---@return integer
function volunteer:ratings(which) end

---这些评分(1 至 5)之和
---@param which? { from?: date, to?: date }
---@return integer
function volunteer:rating_sum(which) end

---有服务的月数
---@param which? { from?: date, to?: date }
---@return integer
function volunteer:months_active(which) end

---@class record 服务记录
---@field id string 编号
---@field volunteer volunteer 志愿者
---@field activity activity? 活动
---@field organisation organisation? 记录组织(由考勤生成、又无主办组织的记录为 nil)
---@field role string? 服务角色
---@field on date 服务日期(首日)
---@field days { date: date, minutes: integer }[] 逐日分钟,按本市零点划分
---@field minutes integer 申报分钟
---@field span_minutes integer 起止时段的分钟
---@field counted_minutes integer 现已计入的分钟
---@field starts integer 开始时刻(秒)
---@field ends integer 结束时刻(秒)
---@field category string? 服务类别
---@field method "automatic"|"code"|"manual"|"import" 记录方式
---@field recorder string? 记录人(由考勤生成的为 nil)
---@field source string 来源系统
---@field batch string? 导入批次
---@field by_hand boolean 人工补录或导入(method 为 manual 或 import)
---@field signed_in boolean 本人在该活动签到过
---@field entries_in_minute integer 录入人在那一分钟人工录入的条数(不足 5 条为 0)
---@field entries_on_day integer 录入人当天人工录入的条数(两者都不多时为 0)
---@field recorder_false_on date? 录入人录入的记录最近一次核实不实的日期
---@field review_seconds integer? 录入到审核的秒数
---@field organisation_reviews integer 记录组织审核过的条数
---@field reviewer_reviews integer 其中由本条的审核人作出的
---@field corrected integer 更正次数
---@field quantities table<string, integer> 其他计量
---@field evidence string? 佐证
---@field busiest_day_minutes integer 连本条在内,最满的一天认定多少分钟(本条全部计入时)
---@field delay_minutes integer 服务结束到录入的分钟
---@field delay_days integer 服务结束到录入的天数,不足一天按一天算
---@field overlaps string[] 时间重叠的其他记录
---@field post post? 岗位
---@field enrolled boolean 本人报名参加了该活动,且已通过
---@field attendance visit[] 历次签到签退
---@field complaints integer 未办结和属实的投诉数
---@field rating integer? 评分 1 至 5:服务对象的,没有时为活动组织者的
---@field derived boolean 由签到签退生成
---@field check_ins integer 本人首日在该活动签到的次数
---@field minutes_in_shift integer 在班次(或活动)起止时间之内的分钟,至多为申报分钟
local record = {}

---按编号算出的千分之 n 的记录:同一条记录总是同样的答案,n 大的包含 n 小的
---@param n integer
---@return boolean
function record:drawn(n) end

---@class visit 一次到场
---@field checked_in integer 签到时刻(秒)
---@field checked_out integer? 签退时刻(秒)
---@field method "qr"|"code"|"gps"|"group"|"manual" 签到方式
---@field distance_m integer? 距离(米)
---@field device string? 设备

---@class enrolment_request 报名或认领岗位(kind 为 "eligibility" 时的 request)
---@field id string 报名编号
---@field volunteer volunteer 志愿者
---@field activity activity? 活动(认领岗位时为 nil)
---@field post post? 岗位(报名活动时为 nil)
---@field shift string? 班次
---@field by "self"|"team"|"employer"|nil 报名方式
---@field on date 活动(班次)当天;岗位为提问当天
---@field starts integer? 开始时刻(秒)
---@field ends integer? 结束时刻(秒)
---@field emergency string? 活动所在地正在生效的应急响应编号(emergency.declared);没有为 nil
---@field places_left integer? 剩余名额,不含本人;nil 为不限;正在递补候补人员时,新报名的为 0
---@field overlaps string[] 本人已通过的、时间冲突的其他活动,至多 16 个
local enrolment_request = {}

---@class post 岗位
---@field id string 编号
---@field kind "estate"|"road_section"|"crossing"|"station"|"window"|"other" 类型
---@field region region 所在区划
---@field organisation organisation? 责任单位
---@field duty string 职责
---@field n_claimed integer 已认领人数
local post = {}

---@class needs 报名条件;没有要求的清单为空,没有要求的数为 nil
---@field courses string[] 须完成的培训
---@field qualifications string[] 须具备的资格
---@field skills string[] 须具备的技能
---@field min_age integer?
---@field max_age integer?
---@field min_stars integer?
---@field party_member boolean 须为党员

---@class request 兑换申请
---@field id string 编号
---@field volunteer volunteer 志愿者
---@field reward reward 回馈项目
---@field quantity integer 数量
---@field amount integer 所需积分,以账户的最小单位计
---@field on date 申请日期
local request = {}

---@class reward 回馈项目
---@field id string 编号
---@field title string 名称
---@field account string 账户
---@field cost integer 单价,以账户的最小单位计
---@field stock integer? 剩余数量,nil 为不限
---@field cost_fen integer? 成本(分)
---@field merchant organisation? 商家
---@field min_stars integer 最低星级
---@field minimum_balance integer 最低余额
---@field limit_per_year integer? 每人每年限兑数量
---@field limit_group string? 合并限兑组
---@field valid_until date? 有效期至
local reward = {}

---@class honour 荣誉
---@field id string 编号
---@field title string 名称
---@field level "county"|"municipal"|"provincial"|"national" 级别
---@field classes string[] 类别
---@field places integer 名额
local honour = {}

---@class activity 活动
---@field id string 编号
---@field category string 服务类别
---@field kind "service"|"preparation"|"training"|"meeting"|"performance"|"creation" 活动性质
---@field organisation organisation? 主办组织
---@field region region 活动区划
---@field starts integer 开始时刻(秒)
---@field ends integer 结束时刻(秒)
---@field major boolean 大型活动
---@field emergency boolean 应急
---@field retrospective boolean 补录
---@field on date 开始当天
---@field places integer 招募人数
---@field insured boolean 写明了保险
---@field domains string[] 服务领域
---@field needs needs 报名条件
---@field n_enrolled integer 报名已通过的人次
---@field n_attended integer 到场(签到)的人次
---@field n_ratings integer 服务对象的评价数,连同其服务记录的
---@field rating_sum integer 这些评分(1 至 5)之和
---@field uses_sign_in boolean 有人签到
---@field check_ins_at_once integer 同一秒里最多有多少人各自签到(团体登记不算)
local activity = {}

---@alias counted
---| "volunteers" 注册志愿者
---| "in_service_party_members" 其中在职党员
---| "stars_0"|"stars_1"|"stars_2"|"stars_3"|"stars_4"|"stars_5" 各星级人数
---| "born_before_1950"|"born_1950s"|"born_1960s"|"born_1970s" 按出生年代
---| "born_1980s"|"born_1990s"|"born_2000s"|"born_since_2010" 按出生年代
---| "occupation_civil_servant"|"occupation_institution_staff"|"occupation_enterprise_staff"|"occupation_teacher" 按职业
---| "occupation_medical_staff"|"occupation_student"|"occupation_farmer"|"occupation_self_employed" 按职业
---| "occupation_freelancer"|"occupation_soldier"|"occupation_retired"|"occupation_unemployed" 按职业
---| "occupation_other" 按职业
---| "without_sex"|"without_education"|"without_skills"|"without_identity" 信息缺项
---| "minutes"|"records"|"activities" 已认定分钟、已认定记录、活动(可按整月统计)
---| "held" 待核记录
---| "carried_minutes" 往年结转分钟
---| "teams"|"projects" 队伍、项目
---| "stations_planned"|"stations_built"|"stations_opened" 服务站:计划(未撤)、建成、投入使用
---| "stations_staff"|"stations_funds"|"stations_venue"|"stations_team" 其中人员、经费、场地、队伍已有佐证
---| "units_county"|"units_municipal"|"units_provincial"|"units_national" 文明单位,按级别
---| "units_without_staff_county"|"units_without_staff_municipal" 其中未报干部职工数
---| "units_without_staff_provincial"|"units_without_staff_national"
---| "unit_staff_county"|"unit_staff_municipal"|"unit_staff_provincial"|"unit_staff_national" 干部职工数
---| "unit_volunteers_county"|"unit_volunteers_municipal" 其中注册志愿者
---| "unit_volunteers_provincial"|"unit_volunteers_national"
---| "needs_filed"|"needs_open"|"needs_matched"|"needs_referred"|"needs_closed"|"needs_met" 群众需求(可按提出月份统计)
---| "beneficiaries"|"care_plans"|"visits_overdue" 帮扶对象、有计划的、逾期未走访的
---| "visits"|"visits_missed" 走访、漏访(可按整月统计)
---| "ratings_1"|"ratings_2"|"ratings_3"|"ratings_4"|"ratings_5" 服务对象评价(可按整月统计)
---| "organiser_ratings"|"organiser_rating_sum" 组织者评价数、评分合计
---| "checks_open"|"checks_real"|"checks_false" 请人核查的记录:待答复、属实、不实
---| "alerts_raised"|"alerts_open"|"alerts_acknowledged" 警报:累计发出、未解除、其中已知悉
---| "evidence_open"|"evidence_accepted"|"evidence_refused" 测评佐证:待审核、通过、不通过
---| "signal_back_office"|"signal_no_attendance"|"signal_overlap"|"signal_same_second" 各信号出现的记录
---| "signal_entry_rate"|"signal_quick_approval"|"signal_one_approver"|"signal_spot_check"
---| "real_back_office"|"real_no_attendance"|"real_overlap"|"real_same_second" 其中属实(误报)
---| "real_entry_rate"|"real_quick_approval"|"real_one_approver"|"real_spot_check"
---| "false_back_office"|"false_no_attendance"|"false_overlap"|"false_same_second" 其中不实
---| "false_entry_rate"|"false_quick_approval"|"false_one_approver"|"false_spot_check"
---| "notices_to"|"notices_received"|"notices_late" 通知:应回执、已回执、逾期回执
---| "tasks_open"|"tasks_reported"|"tasks_overdue"|"tasks_accepted"|"tasks_late" 任务:未完成、待验收、逾期未报、已验收、逾期报告
---| "commitments_made"|"commitments_kept"|"commitments_late"|"commitments_overdue" 承诺:作出、兑现、逾期兑现、逾期未兑现
---| "records_corrected"|"records_revoked" 曾经计入、后来更正或撤销的记录(可按整月统计)

---@class fund 专项资金的一笔拨款,金额均为分
---@field id string 资金编号
---@field title string 资金名称
---@field origin string 来源
---@field line? string 预算科目
---@field year integer 预算年度
---@field allocated integer 拨款
---@field committed integer 已承诺
---@field spent integer 已支出
---@field left integer 结余

---@alias figure
---| "built_up_residents" 建成区常住人口
---| "residents" 常住人口
---| "staff" 干部职工数
---| "party_members" 党员数
---| "in_service_party_members" 在职党员数
---| "communities" 社区数
---| "satisfaction" 满意率
---| "awareness" 知晓率

---@alias measure
---| "stations_built"|"stations_opened"|"volunteers"|"in_service_party_members"
---| "minutes"|"activities"|"teams"|"projects"

---@class civilised_title 文明称号
---@field title "unit"|"community"|"village_town"|"city" 文明单位、文明社区、文明村镇、文明城市
---@field level "county"|"municipal"|"provincial"|"national" 级别
---@field on date 授予日期

---@class evidence 审核通过的测评佐证
---@field state "A"|"B"|"C"|"C#"|nil 等次
---@field value integer? 数值
---@field whole integer? 总数
---@field method "documents"|"site_visit"|"questionnaire"|"online" 测评方法
---@field on date 测评日期
---@field evidence string 编号

---@class plan 计划
---@field target integer 目标值
---@field due date 期限

---@class region 区划
---@field id string 代码
---@field name string 名称
---@field level "city"|"county"|"township"|"community" 层级
---@field kind string? 类型
---@field parent region? 上级
---@field titles civilised_title[] 所持文明称号
---@field funds fund[] 专项资金的各笔拨款(市级为全部,其余为拨给本区划及下级的)
---@field children region[] 直接下级
---@field units organisation[] 本级及以下的文明单位(仅通报)
local region = {}

---含下级区划的合计;minutes、records、activities 可按整月统计
---@param name counted
---@param which? { from?: date, to?: date } from 为某月第一天,to 为某月最后一天
---@return integer
function region:count(name, which) end

---不晚于该日(默认基准日期)的最近一次数据;没有时为 nil
---@param name figure
---@param as_of? date
---@return integer?
function region:figure(name, as_of) end

---该项指标期限最晚的计划;没有时为 nil
---@param measure measure
---@return plan?
function region:plan(measure) end

---比若干天前多了多少
---@param name counted
---@param days integer
---@return integer
function region:gained(name, days) end

---该测评项最近一次审核通过的佐证;没有时为 nil
---@param item string
---@return evidence?
function region:evidence(item) end

---@class organisation 组织
---@field id string 编号
---@field name string 名称
---@field kind string 类型
---@field line string? 条线
---@field region region 所在区划
---@field parent organisation? 上级组织
---@field titles civilised_title[] 所持文明称号
---@field children organisation[] 直接下级组织
local organisation = {}

---@param name counted
---@param which? { from?: date, to?: date } from 为某月第一天,to 为某月最后一天
---@return integer
function organisation:count(name, which) end

---不晚于该日(默认基准日期)的最近一次数据;没有时为 nil
---@param name figure
---@param as_of? date
---@return integer?
function organisation:figure(name, as_of) end

---该项指标期限最晚的计划;没有时为 nil
---@param measure measure
---@return plan?
function organisation:plan(measure) end

---比若干天前多了多少
---@param name counted
---@param days integer
---@return integer
function organisation:gained(name, days) end

---该测评项最近一次审核通过的佐证;没有时为 nil
---@param item string
---@return evidence?
function organisation:evidence(item) end

---@class calendar 日历
local calendar = {}

---某日的性质:未设置的日子,周一至周五为工作日
---@param on date
---@return "workday"|"rest"|"holiday"
function calendar:kind(on) end

---该日之后的第 n 个工作日
---@param from date
---@param n integer
---@return date
function calendar:working_days(from, n) end

---@class context 提问的背景
---@field as_of date 基准日期
---@field year integer 基准年份
---@field quarter_start date 季度首日
---@field cause string 起因:事件类型、"schedule" 或 "on_demand"
---@field region region 规则所属的区划
---@field calendar calendar 日历
---@field subject "volunteer"|"record"|"region"|"organisation" 所问的对象
---@field period string? 通报的期间
---@field honour honour? 为哪一项荣誉推荐
local context = {}

---写明理由:code 的文字在 texts 里,value 是数值,needed 是还差多少
---@param code string
---@param value? integer|string|boolean
---@param needed? integer|string|boolean
function finding(code, value, needed) end

---随规则启用的库文件,按 uses 列出的名称
---@type table<string, table>
library = {}

---@class posting 一笔积分:kind 为 "points" 的规则返回 { postings = { 若干笔 } }
---@field account string 账户,字典 account 的代码
---@field amount integer 数额,以账户的最小单位计;负数为扣减
---@field reason string 事由
---@field expires? date 有效期至(仅限可过期的账户)
---@field volunteer? string 记给另一位志愿者

---@class case 用例
---@field name string
---@field given table 代替真实事实的值
---@field expect outcome|enrolment_outcome|standing|integer|table 应得的结果
---@field context? { as_of?: date, cause?: string, subject?: string, region?: table, honour?: table }
---@field parameters? table 盖在当日参数之上

---@class indicator 测评指标
---@field id string 小写字母、数字与下划线
---@field title? string
---@field value? integer|string|boolean
---@field target? integer|string|boolean
---@field state "met"|"not_met"|"no_data"|string
---@field score? integer
---@field max? integer
---@field evidence? table<string, integer|string|boolean>

---@class column 通报表格的列
---@field name string 小写字母、数字与下划线
---@field title string
---@field kind "text"|"number"|"percent"|"hours"|"date"|"state"|"rank"|"hundredths"
---@field counts? counted|counted[] 这一列数的是什么(percent 列为分子),核心据此逐级下钻
---@field from? string 整月统计的起始日
---@field to? string 整月统计的截止日
---@field figure? figure 这一列是哪项上报数

---@alias cell integer|string|{ [1]: integer, [2]: integer? } percent 列为 { 分子, 分母 }

---@class section 通报的表格
---@field title string
---@field note? string
---@field columns column[]
---@field rows table<string, cell>[] 按列名
---@field total? table<string, cell>

---@class series 通报的图
---@field title string
---@field name? string 同一图中的另一条线
---@field kind "bar"|"line"
---@field unit? string
---@field target? integer
---@field points { label: string, value?: cell }[]

---@class document 通报
---@field title? string
---@field subtitle? string
---@field sections section[]
---@field series? series[]
---@field text? string[] 段落

---@class description 参数的说明,修改和检查参数时据此核对
---@field title string 名称
---@field unit? string 单位
---@field range? number[] { 最小, 最大 }
---@field items? string[] 列表各元素的名称
---@field kind? "thresholds"|"bands" 逐个升高的门槛,或首尾相接的区间 { from =, to = }
---@field ascending? boolean 列表须逐个升高

---@alias kind
---| "registration"|"eligibility"|"acceptance"|"points"|"redemption"
---| "star_rating"|"standing"|"honour"|"assessment"|"bulletin"
---@alias subject volunteer|record|request|enrolment_request|region|organisation

---@class policy 规则文件返回的表
---@field name string
---@field kind kind
---@field title string
---@field basis? string
---@field scope? string
---@field uses? string[]
---@field schedule? "daily"|{ monthly: integer }|{ yearly: string }
---@field texts? table<string, string>
---@field describe? table<string, description>
---@field parameters? table<date, table>
---@field decide fun(subject: subject, parameters: table, context: context): ...
---@field cases case[]
---@field based_on? string
---@field cases_on? string
