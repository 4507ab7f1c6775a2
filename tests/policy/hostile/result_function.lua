-- fails: must be a whole number
local function print_nothing()
  return 1
end
return {
  decide = function(volunteer, parameters, context)
    return print_nothing
  end,
}
