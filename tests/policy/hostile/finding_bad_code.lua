-- fails: small letters
return {
  decide = function(volunteer, parameters, context)
    finding("不合格", 1)
    return 1
  end,
}
