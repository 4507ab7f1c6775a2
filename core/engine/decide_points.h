/* What the two files about points share: decide_points.c, for what an event or a question about a
 * person raises, and points_anew.c, for what a run asks about a record once more. Threads: the
 * engine's. Memory: the context's arena. */
#pragma once

#include "engine/decision.h"

/* The subject of a question: the record's or the person itself. */
struct earner {
    uint32_t volunteer;
    uint32_t record; /* 0: none */
    struct str record_id;
    size_t n_standing; /* of the record */
    uint64_t since;    /* sequence of the last decision on the record */
    bool fresh;        /* the record came with this very event: nothing stands of it */
    bool entitled;     /* rules are asked */
};
int earner_find(const struct asked *asked, struct earner *ret_earner);

/* One posting that a rule asks for. */
struct wish {
    struct points_posted data;
    uint32_t volunteer;
    uint32_t account;
};
/* The i-th of asked->answer. */
int points_wish(struct asked *asked, const struct earner *earner, size_t i, struct wish *ret_wish);
/* Posts it; the answer's findings and facts stand with the first that is posted. */
int points_grant(struct asked *asked, const struct earner *earner, struct wish *wish);
/* Takes so much (below 0; above, of an entry that took) of an entry that stands. */
int points_reverse(const struct asked *asked, const struct earner *earner,
                   const struct standing *standing, const struct posting *posting, int64_t amount,
                   struct list findings);
/* Shapes and applies; `volunteer` is the number of said->volunteer, `account` that of the account.
 */
int points_post(const struct asked *asked, const struct earner *earner,
                const struct points_posted *said, uint32_t volunteer, uint32_t account);
/* The answer is missing, and is to be asked for again. */
int points_withhold(struct asked *asked, const struct earner *earner, struct list findings);
struct list points_no_room(const struct asked *asked);
/* What the rules answer; `only`: the one of that name, none: all. */
int points_ask(const struct asked *asked, struct str only, struct answer **ret_answers,
               size_t *ret_n);

/* points_anew.c: see there. */
int points_anew(struct asked *asked, const struct earner *earner, struct str only);
