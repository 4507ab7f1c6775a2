-- fails: must be a whole number
return {
  decide = function(volunteer, parameters, context)
    -- The comparator changes what is sorted.
    local t = { 3, 1, 2 }
    table.sort(t, function(a, b)
      t[#t + 1] = a
      return a < b
    end)
    return #t * 1000
  end,
}
