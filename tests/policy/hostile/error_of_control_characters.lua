-- fails: a?b?c?d
return {
  decide = function()
    error("a\nb\27c\xffd", 0)
  end,
}
