-- fails: too many values at once, or calls too deep
return {
  decide = function(volunteer, parameters, context)
    local function down(n)
      return 1 + down(n + 1)
    end
    return down(1)
  end,
}
