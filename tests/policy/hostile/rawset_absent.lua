-- fails: 'rawset' is not known
return {
  decide = function(volunteer, parameters, context)
    rawset(string, "rep", 1)
    return 1
  end,
}
