/* A certificate of service as a PDF of A4 pages (志愿服务记录证明), with the four groups of fields
 * that 民发〔2015〕149号 asks for: identity, service, issuer, and the rest. Threads: one. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct certificate_hand {
    const char *in_charge; /* of the issuer; NULL: left to be written by hand */
    const char *contact;
};
/* `paper` is what certificate.paper answers. False where it cannot be drawn. */
bool certificate_paper_make(const json_t *paper, const struct certificate_hand *hand,
                            char **ret_bytes, size_t *ret_size);
