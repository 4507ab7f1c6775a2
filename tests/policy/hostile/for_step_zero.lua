-- fails: step is zero
return {
  decide = function(volunteer, parameters, context)
    for i = 1, 2, 0 do
      return i
    end
  end,
}
