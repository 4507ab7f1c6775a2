-- fails: at most 250 values
return {
  decide = function(volunteer, parameters, context)
    return select("#", table.unpack({}, 1, 100000))
  end,
}
