-- fails: decide: a function is expected
return { decide = 1 }
