/* An edition of a bulletin: what its policy says about a region, a period and a day, beside what
 * the last issue said. Threads: that of the query. Memory: close an edition in any case. Errors: as
 * method.h. */
#pragma once

#include "bus/methods_common.h"

struct edition {
    struct query *query;
    enum BULLETIN_KIND_choice kind;
    uint32_t region;
    struct str region_code;
    struct str region_name;
    struct str period;
    struct query_day day;
    struct answer answer;
    json_t *document; /* owned */
};

/* Reads `kind`, `region`, `as_of` and `period`, and asks the policy. */
int edition_open(struct query *query, struct edition *ret_edition);
void edition_close(struct edition *edition);

/* Adds what the issue before said: `compare` is "last" (where nothing is said), "none", or the
 * number of an issue; and where it says otherwise by now, what was corrected since. `number`: of
 * the edition itself, 0 where it has none yet. > 0: out_of_range, unknown_bulletin. */
int edition_compare(struct edition *edition, uint32_t number);

/* The document of an issued bulletin with its `bulletin`; the regions of its rows go by the codes
 * they had at the end of that day (COUNTER_NOW: have now). */
int bulletin_document(struct query *query, uint32_t bulletin, int32_t at, json_t **ret_document);
/* What a row is about: "region/620502000000", "organisation/x"; number 0 where it is neither, or is
 * not known. */
int subject_read(struct query *query, const json_t *subject, enum noun *ret_noun,
                 uint32_t *ret_number);
