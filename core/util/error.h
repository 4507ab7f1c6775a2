/* The one error rule: 0 done; < 0 a fatal negative errno, noted once where it happens and forwarded
 * as is; > 0 an outcome named in the header of the function, handled by its direct caller. */
#pragma once

#include <errno.h>

/* Notes file:line of a fatal error in the log (once, at its origin) and returns it. `code` is a
 * negative errno. */
int error_note_at(const char *file, int line, int code, const char *what);
#define error_note(code, what) error_note_at(__FILE__, __LINE__, (code), (what))
