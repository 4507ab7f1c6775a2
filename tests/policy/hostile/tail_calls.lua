-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    local function a(f)
      return f(f)
    end
    return a(a)
  end,
}
