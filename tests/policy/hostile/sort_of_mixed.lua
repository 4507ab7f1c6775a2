-- fails: attempt to compare
return {
  decide = function(volunteer, parameters, context)
    local t = { 1, "a", {} }
    table.sort(t)
    return 1
  end,
}
