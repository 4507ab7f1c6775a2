-- fails: must return a table
return _ENV
