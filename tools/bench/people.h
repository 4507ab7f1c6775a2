/* A store of many people, for what asks about everyone: 1,000,000 registered, each with one record,
 * and some with thirty more. Built over the bus like the others and kept beside them, but not by
 * the day: what it holds depends on nothing but its size and the store's format. Threads: one.
 * Errors: fail(). */
#pragma once

#include "daemon.h"
#include "workload.h"

struct people {
    const char *program; /* the daemon */
    const char *folder;  /* where it is kept */
    unsigned n;          /* people; the first n_walkers, who live in a county of their own, have
                            more records */
    unsigned n_walkers;
    bool rebuild;
};
#define PEOPLE_RECORDS 30
#define PEOPLE_WALKERS_COUNTY "620503000000"

/* Built where it is not there. */
void people_open(const struct people *people);
/* A daemon on a copy in `work`, started. */
void people_daemon(const struct people *people, const char *work, struct daemon *ret_daemon);
/* So many more records, of one hour each, as nobody has sent them yet: the n-th piece. */
void people_news(const struct people *people, size_t piece, size_t n_events,
                 struct workload *ret_news);
void people_news_free(struct workload *news);

/* A rule for stars, as a JSON text without its quotes. `form`: which facts it reads and what it
 * returns. */
enum people_form { FORM_BARE, FORM_TABLE, FORM_WINDOW, FORM_RECORDS, FORMS };
void people_rule(enum people_form form, unsigned first_hours, char *ret_text, size_t size);
