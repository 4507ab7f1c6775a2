-- fails: nil value (field 'pack')
return {
  decide = function(volunteer, parameters, context)
    return string.pack("z", "x")
  end,
}
