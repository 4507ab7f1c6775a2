-- fails: 'io' is not known
return {
  decide = function(volunteer, parameters, context)
    return #io.open("/etc/passwd"):read("a")
  end,
}
