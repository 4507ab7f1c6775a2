-- fails: too many values at once, or calls too deep
return {
  decide = function(volunteer, parameters, context)
    local function nested()
      table.sort({ 2, 1 }, nested)
      return true
    end
    nested()
  end,
}
