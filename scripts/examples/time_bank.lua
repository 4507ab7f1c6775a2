-- 时间银行(我为人人,人人为我):累计满一百小时开户,此后每整小时存入一小时,账户至多存一千五百小时。
-- 支取:以账户 time_bank 计价的回馈项目(reward.offered),由 redemption_equal_service 核对;转赠:points.transferred。
-- 存入的时长可有有效期:valid_years = 3 即服务之年后第三年年底前有效,0 为长期有效;
-- 要过期的账户须先允许过期:volunteerctl dictionary set account time_bank may_expire=true。
return {
  name = "time_bank",
  kind = "points",
  title = "时间银行存入",
  texts = {
    not_open = "累计 %d 小时,满 %d 小时开户",
    full = "账户已有 %d 分钟,至多 %d 分钟",
    stored = "存入 %d 分钟",
  },
  describe = {
    opens_hours = { title = "开户所需累计时长", unit = "小时" },
    most_hours = { title = "账户上限", unit = "小时" },
    valid_years = { title = "有效年数(0 为长期)", unit = "年", range = { 0, 50 } },
  },
  parameters = { ["2019-01-01"] = { opens_hours = 100, most_hours = 1500, valid_years = 0 } },
  decide = function(subject, parameters, context)
    if context.subject ~= "record" then
      return { postings = {} }
    end
    local volunteer = subject.volunteer
    local total = volunteer:minutes({}) + subject.counted_minutes
    if total < parameters.opens_hours * 60 then
      finding("not_open", total // 60, parameters.opens_hours)
      return { postings = {} }
    end
    local balance, most = volunteer:points({ account = "time_bank" }), parameters.most_hours * 60
    local minutes = math.min(subject.counted_minutes // 60 * 60, most - balance)
    if minutes <= 0 then
      if balance >= most then
        finding("full", balance, most)
      end
      return { postings = {} }
    end
    finding("stored", minutes)
    local posting = { account = "time_bank", amount = minutes, reason = "时间银行存入" }
    if parameters.valid_years > 0 then
      posting.expires = (context.year + parameters.valid_years) .. "-12-31"
    end
    return { postings = { posting } }
  end,
  cases_on = "2019-01-01",
  cases = {
    {
      name = "九十九小时,未开户",
      given = { counted_minutes = 60, volunteer = { minutes = 98 * 60 } },
      expect = { postings = {}, findings = { "not_open" } },
    },
    {
      name = "恰好满一百小时,本次存入",
      given = { counted_minutes = 60, volunteer = { minutes = 99 * 60 } },
      expect = { postings = { { account = "time_bank", amount = 60 } }, findings = { "stored" } },
    },
    {
      name = "零头不存",
      given = { counted_minutes = 119, volunteer = { minutes = 200 * 60 } },
      expect = { postings = { { account = "time_bank", amount = 60 } } },
    },
    {
      name = "账户将满,只存到上限",
      given = { counted_minutes = 180, volunteer = { minutes = 2000 * 60, points = 1500 * 60 - 60 } },
      expect = { postings = { { account = "time_bank", amount = 60 } } },
    },
    {
      name = "存入的时长三年后年底到期",
      given = { counted_minutes = 60, volunteer = { minutes = 200 * 60 } },
      parameters = { opens_hours = 100, most_hours = 1500, valid_years = 3 },
      context = { as_of = "2019-05-01", year = 2019 },
      expect = { postings = { { account = "time_bank", amount = 60, expires = "2022-12-31" } } },
    },
    {
      name = "账户已满",
      given = { counted_minutes = 180, volunteer = { minutes = 2000 * 60, points = 1500 * 60 } },
      expect = { postings = {}, findings = { "full" } },
    },
    {
      name = "不足一小时不存",
      given = { counted_minutes = 30, volunteer = { minutes = 2000 * 60 } },
      expect = { postings = {}, findings = {} },
    },
    {
      name = "注册不存",
      given = {},
      context = { subject = "volunteer", cause = "volunteer.registered" },
      expect = { postings = {} },
    },
  },
}
