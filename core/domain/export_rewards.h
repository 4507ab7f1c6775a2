/* How rows of rewards, star applications and honours read in the export: rows of domain_renders. */
#pragma once

#include "store/export.h"

void render_reward(struct str key, struct str row, struct buf *out);
void render_redemption(struct str key, struct str row, struct buf *out);
void render_redeemed(struct str key, struct str row, struct buf *out);
void render_application(struct str key, struct str row, struct buf *out);
void render_applying(struct str key, struct str row, struct buf *out);
void render_notice(struct str key, struct str row, struct buf *out);
void render_nomination(struct str key, struct str row, struct buf *out);
void render_nomination_review(struct str key, struct str row, struct buf *out);
void render_case(struct str key, struct str row, struct buf *out);
void render_cased(struct str key, struct str row, struct buf *out);
void render_nominated(struct str key, struct str row, struct buf *out);
void render_candidate(struct str key, struct str row, struct buf *out);
void render_proposal(struct str key, struct str row, struct buf *out);
