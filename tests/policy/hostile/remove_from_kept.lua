-- fails: cannot be changed
local list = { 3, 2, 1 }
return {
  decide = function(volunteer, parameters, context)
    table.remove(list)
  end,
}
