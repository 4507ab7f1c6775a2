-- fails: must return a table
return 1
