#include "util/error.h"

#include <assert.h>
#include <string.h>

#include "util/log.h"

int error_note_at(const char *file, int line, int code, const char *what) {
    assert(code < 0);
    const char *slash = strrchr(file, '/');
    const char *reason = strerrordesc_np(-code);
    log_error("%s: %s (%d) at %s:%d", what, reason ? reason : "unknown error", code,
              slash ? slash + 1 : file, line);
    return code;
}
