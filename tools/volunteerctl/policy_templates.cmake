# scripts/templates/*.lua -> a C header: what `policy new` writes, by kind.
# Run by CMakeLists.txt with SOURCE (the folder) and OUTPUT.
file(GLOB files ${SOURCE}/*.lua)
list(SORT files)
set(text "/* Made from scripts/templates. */\n#pragma once\n\nstatic const struct policy_template {\n")
string(APPEND text "    const char *kind;\n    const unsigned char *text;\n} policy_templates[] = {\n")
foreach(file ${files})
    get_filename_component(kind ${file} NAME_WE)
    file(READ ${file} bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(APPEND text "    {\"${kind}\", (const unsigned char[]){${bytes}0}},\n")
endforeach()
string(APPEND text "};\n")
file(WRITE ${OUTPUT} "${text}")
