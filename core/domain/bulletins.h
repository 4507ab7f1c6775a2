/* Bulletins as they were issued: numbered for each kind and region, with what they said frozen in
 * their attributes (`content`). Nothing of one ever changes. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

enum bulletin_state { BULLETIN_ISSUED };

/* 0, THING_NOT_FOUND, < 0. */
int bulletin_find(struct view *view, enum BULLETIN_KIND_choice kind, uint32_t region,
                  uint32_t number, uint32_t *ret_bulletin);
/* The highest number of a kind and region, 0: none. For readers alone (it scans). */
int bulletin_last(struct view *view, enum BULLETIN_KIND_choice kind, uint32_t region,
                  uint32_t *ret_number);

/* kind u8, region u32, number u32 */
#define BULLETIN_KEY_BYTES 9
