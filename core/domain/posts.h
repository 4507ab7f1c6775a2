/* Posts (岗位): places of duty that volunteers claim (认岗定责). A claim is an enrolment
 * (enrolments.h). Threads: the view's owner. */
#pragma once

#include "domain/things.h"

struct post_row {
    uint32_t region;
    uint32_t places; /* 0: no limit */
    uint32_t n_accepted;
    uint32_t n_waitlisted;
};

int post_get(struct view *view, uint32_t post, struct post_row *ret_row);
int post_region(struct view *view, uint32_t post, uint32_t *ret_region);
/* ENROLMENT_UNLIMITED (> 0) where it has no limit. */
int post_places_left(struct view *view, uint32_t post, uint32_t *ret_places);

/* For apply functions: its organisation was dissolved; the post is the successor's, where it is
 * that one's. */
int post_pass_on(struct context *context, uint32_t post, uint32_t from, uint32_t to);
/* For apply functions: claims came into these states (or left them). */
int post_count(struct context *context, uint32_t post, int32_t accepted, int32_t waitlisted);
