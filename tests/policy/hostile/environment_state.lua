-- fails: outer local was assigned
return {
  decide = function()
    _ENV = { kept = 1 }
    return 1
  end,
}
