-- fails: decide: a function is expected
return { decide = math.max }
