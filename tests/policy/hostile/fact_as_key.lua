-- fails: a key is neither number
return {
  decide = function(volunteer, parameters, context)
    for _, n in pairs({ [volunteer] = 1 }) do
      return n
    end
  end,
}
