-- fails: 16 KiB
return {
  decide = function(volunteer, parameters, context)
    local text = ""
    while true do
      text = text .. utf8.char(0x7fffffff, 0x7fffffff, 0x7fffffff)
    end
  end,
}
