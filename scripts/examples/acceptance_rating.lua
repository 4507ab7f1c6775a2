-- 服务对象评价很差或有投诉的,时长先待核,由审核人问清再认定;其余照章计入。
return {
  name = "acceptance_rating",
  kind = "acceptance",
  title = "服务时长认定(评价差的待核)",
  texts = { low_rating = "服务对象评价 %d 分", complaint = "有 %d 件投诉未办结或属实" },
  describe = { least = { title = "待核的评价不高于", unit = "分" } },
  parameters = { ["2018-01-01"] = { least = 2 } },
  decide = function(record, parameters)
    if record.rating and record.rating <= parameters.least then
      finding("low_rating", record.rating)
      return "held", record.minutes
    end
    if record.complaints > 0 then
      finding("complaint", record.complaints)
      return "held", record.minutes
    end
    return "accepted", record.minutes
  end,
  cases = {
    { name = "没有评价", given = { minutes = 60 }, expect = { outcome = "accepted", minutes = 60 } },
    { name = "三分计入", given = { minutes = 60, rating = 3 }, expect = { outcome = "accepted", minutes = 60 } },
    {
      name = "两分待核",
      given = { minutes = 60, rating = 2 },
      expect = { outcome = "held", findings = { "low_rating" } },
    },
    {
      name = "有投诉待核",
      given = { minutes = 60, complaints = 1 },
      expect = { outcome = "held", findings = { "complaint" } },
    },
  },
}
