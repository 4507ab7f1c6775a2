# The manual page of a plugin, from what it declares.
#   cmake -DHOST=volunteerd-plugin -DPLUGIN=NAME.so -DSCDOC=... -DOUTPUT=volunteerd-NAME.5 -P manual.cmake
execute_process(COMMAND ${HOST} --manual ${PLUGIN} OUTPUT_FILE ${OUTPUT}.scd RESULT_VARIABLE failed)
if(failed)
    message(FATAL_ERROR "${HOST} --manual ${PLUGIN} failed: ${failed}")
endif()
execute_process(COMMAND ${SCDOC} INPUT_FILE ${OUTPUT}.scd OUTPUT_FILE ${OUTPUT} RESULT_VARIABLE failed)
if(failed)
    message(FATAL_ERROR "scdoc refused ${OUTPUT}.scd")
endif()
file(REMOVE ${OUTPUT}.scd)
