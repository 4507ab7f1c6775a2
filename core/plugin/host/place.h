/* Where a plugin connects to and where it listens: the one reading of URLs and addresses, for its
 * options, its box and its requests. Threads: any; pure functions. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* NULL, and the port; or what is wrong with it. https anywhere, http on loopback alone, nobody's
 * name or password in it. */
const char *place_url(const char *url, uint16_t *ret_port);
/* ADDRESS:PORT, an address in numbers, one of IPv6 in brackets. */
const char *place_listen(const char *text, uint16_t *ret_port);
