-- fails: 'require' is not known
return {
  decide = function(volunteer, parameters, context)
    return require("os").time()
  end,
}
