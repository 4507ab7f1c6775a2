-- 通报:一个区划的表格、图和文字。名称须是 bulletin_ 加通报种类:
-- registration、activity、station、campaign、assessment 或 funds。
-- 检查:volunteerctl policy test NAME.lua
return {
  name = "NAME",
  kind = "bulletin",
  title = "志愿服务工作通报",
  -- basis = "文件编号",
  decide = function(region, _, context)
    local rows = {}
    for i, child in ipairs(region.children) do
      rows[i] = {
        county = child.name,
        volunteers = child:count("volunteers"),
        hours = child:count("minutes"),
      }
    end
    return {
      title = region.name .. "志愿服务工作通报",
      sections = {
        {
          title = "各县区",
          note = "截至 " .. context.as_of,
          -- kind:text、number、percent({ 分子, 分母 })、hours(分钟)、date、state、rank
          columns = {
            { name = "county", title = "区划", kind = "text" },
            { name = "volunteers", title = "注册志愿者", kind = "number" },
            { name = "hours", title = "服务时长", kind = "hours" },
          },
          rows = rows,
          total = { volunteers = region:count("volunteers"), hours = region:count("minutes") },
        },
      },
      text = { "全市注册志愿者 " .. region:count("volunteers") .. " 人。" },
    }
  end,
  cases = {
    {
      name = "两个县区",
      given = {
        name = "天水市",
        count = { volunteers = 30, minutes = 600 },
        children = {
          { name = "秦州区", count = { volunteers = 20, minutes = 400 } },
          { name = "麦积区", count = { volunteers = 10, minutes = 200 } },
        },
      },
      expect = {
        title = "天水市志愿服务工作通报",
        sections = {
          ["各县区"] = {
            rows = 2,
            ["秦州区"] = { volunteers = 20, hours = 400 },
            total = { volunteers = 30 },
          },
        },
        text = { "30 人" },
      },
    },
    {
      name = "没有下级",
      given = { name = "某社区" },
      expect = { sections = { ["各县区"] = { rows = 0 } } },
    },
  },
}
