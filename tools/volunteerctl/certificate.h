/* What stands in the square code of a certificate: volunteerd:certificate:NUMBER:DIGEST, the number
 * with percent signs where a URI needs them. Threads: any. */
#pragma once

#include "command.h"

#define CERTIFICATE_SCHEME "volunteerd:certificate:"

struct certificate_code {
    char number[129];
    char digest[65];
};
/* Whether the text is such a code. */
bool certificate_code_read(const char *code, struct certificate_code *ret_code);
void certificate_code_write(const char *number, const char *digest, struct buf *out);
