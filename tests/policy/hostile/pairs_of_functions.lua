-- fails: neither number, text nor boolean
return {
  decide = function(volunteer, parameters, context)
    for _ in pairs({ [pairs] = 1 }) do end
    return 1
  end,
}
