-- fails: findings are too large
return {
  decide = function(volunteer, parameters, context)
    for i = 1, 250 do
      finding("n", string.rep("x", 256), string.rep("y", 256))
    end
    return 1
  end,
}
