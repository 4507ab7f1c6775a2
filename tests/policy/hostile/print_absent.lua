-- fails: 'print' is not known
return {
  decide = function(volunteer, parameters, context)
    print("hello")
    return 1
  end,
}
