-- fails: 'os' is not known
return {
  decide = function(volunteer, parameters, context)
    return os.time()
  end,
}
