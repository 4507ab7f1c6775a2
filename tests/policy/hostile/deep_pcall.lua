-- fails: stack overflow
return {
  decide = function(volunteer, parameters, context)
    local function down()
      local ok, message = pcall(down)
      if not ok then error(message) end
    end
    down()
    return 1
  end,
}
