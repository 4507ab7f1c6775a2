-- fails: budget of instructions
return {
  decide = function(volunteer, parameters, context)
    local function make(f)
      return function()
        return f
      end
    end
    local f = make
    while true do
      f = make(f)
    end
  end,
}
