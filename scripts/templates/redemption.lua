-- 积分兑换:一次兑换能不能接受。有人兑换时来问。
-- 余额、库存、截止日期、星级门槛和单项限量由系统核对,不必写在这里。
-- 检查:volunteerctl policy test NAME.lua
return {
  name = "NAME",
  kind = "redemption",
  title = "积分兑换",
  -- basis = "文件编号",
  texts = {
    standing = "资格状态为 %s,暂不能兑换",
    too_many = "一次兑换 %d 份,至多 %d 份",
  },
  describe = {
    most_at_once = { title = "一次至多兑换", unit = "份", range = { 1, 1000 } },
  },
  parameters = {
    ["2018-01-01"] = { most_at_once = 5 },
  },
  decide = function(request, parameters)
    local standing = request.volunteer.standing
    if standing ~= "good" then
      finding("standing", standing)
      return "refused"
    end
    -- request.reward 是所兑的东西,request.amount 是总价。
    if request.quantity > parameters.most_at_once then
      finding("too_many", request.quantity, parameters.most_at_once)
      return "refused"
    end
    return "accepted"
  end,
  cases = {
    {
      name = "恰好五份",
      given = { volunteer = { standing = "good" }, quantity = 5 },
      expect = { outcome = "accepted", findings = {} },
    },
    {
      name = "六份太多",
      given = { volunteer = { standing = "good" }, quantity = 6 },
      expect = { outcome = "refused", findings = { "too_many" } },
    },
    {
      name = "资格暂停",
      given = { volunteer = { standing = "suspended" }, quantity = 1 },
      expect = { outcome = "refused", findings = { "standing" } },
    },
  },
}
