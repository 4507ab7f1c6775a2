-- fails: assignment to the global 'helper'
return {
  decide = function(volunteer, parameters, context)
    function helper() return 1 end
    return helper()
  end,
}
