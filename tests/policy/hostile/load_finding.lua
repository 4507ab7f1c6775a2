-- fails: only while decide runs
finding("early", 1)
return { decide = function() return 1 end }
