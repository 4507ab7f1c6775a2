-- fails: 'dofile' is not known
return {
  decide = function(volunteer, parameters, context)
    return dofile("/etc/passwd")
  end,
}
