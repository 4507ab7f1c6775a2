#include "util/memory.h"

#include <unistd.h>

#include "util/log.h"

void memory_out(void) {
    log_error("stopping at once, because memory is out");
    _exit(EXIT_MEMORY);
}
