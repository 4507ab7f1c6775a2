-- fails: 'getmetatable' is not known
return {
  decide = function(volunteer, parameters, context)
    getmetatable("").__index = nil
    return 1
  end,
}
