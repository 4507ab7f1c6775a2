-- fails: attempt to assign to const
local x <const> = 1
return {
  decide = function(volunteer, parameters, context)
    x = 1
  end,
}
