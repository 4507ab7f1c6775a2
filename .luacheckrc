-- For scripts/: policies see what the sandbox gives them, nothing else.
std = {
  read_globals = {
    "assert", "error", "ipairs", "pairs", "pcall", "select", "tonumber", "tostring", "type",
    "finding", "library",
    string = { fields = {
      "byte", "char", "find", "format", "gmatch", "gsub", "len", "lower", "match", "rep", "reverse",
      "sub", "upper",
    } },
    table = { fields = { "concat", "insert", "move", "pack", "remove", "sort", "unpack" } },
    math = { fields = {
      "abs", "ceil", "floor", "fmod", "huge", "max", "maxinteger", "min", "mininteger", "modf",
      "sqrt", "tointeger", "type", "ult",
    } },
    utf8 = { fields = { "char", "charpattern", "codepoint", "codes", "len", "offset" } },
  },
}
max_line_length = 120
-- Annotations for editors only: their globals are never set.
files["scripts/types"] = { globals = { "finding", "library" }, ignore = { "211", "212", "241" } }
-- Mappings see what the cage of their plugin gives them.
files["scripts/mappings"] = { read_globals = { "need", "may", "code", "ours", "refuse" } }
-- Written to break every rule.
exclude_files = { "tests/policy/hostile", "build" }
