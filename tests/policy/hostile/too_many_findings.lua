-- fails: more than 256 findings
return {
  decide = function(volunteer, parameters, context)
    for i = 1, 1000 do
      finding("n", i)
    end
    return 1
  end,
}
