-- fails: value that is not a text
return {
  decide = function(volunteer, parameters, context)
    error({ __tostring = function() while true do end end })
  end,
}
