/* One person's account, opened for posting: what ledger_post.c and ledger_moves.c share. Threads:
 * the engine's. Memory: the context's arena. */
#pragma once

#include "domain/ledger_rows.h"
#include "domain/volunteers.h"

/* How many lots with a last day of their own may be added while a book is open. */
#define BOOK_ROOM 1

struct book {
    struct context *context;
    uint32_t volunteer;
    uint16_t account;
    struct volunteer_row person;
    struct balance balance;
    struct ledger_row *sums;
    bool was_used;
    size_t n_lots;
    struct lot *lots; /* with room for BOOK_ROOM more */
};

int book_open(struct book *book, struct context *context, uint32_t volunteer, uint16_t account);
int book_close(struct book *book);
/* The legs are known: takes the entry into the sums and writes it. */
void book_enter(struct book *book, struct posting *entry);
/* Lots that are over leave, each by an entry of its own. */
void book_expire(struct book *book, int32_t today);
/* Repays what is owed first, the rest becomes a lot; sets the entry's legs. */
void book_give(struct book *book, struct posting *entry);
/* Gives what it took of that lot, at most `wanted`. A lot of which nothing is left is gone. */
int64_t book_take(struct book *book, size_t at, int64_t wanted);
void book_add(struct book *book, int32_t expires, int64_t amount);
/* A lot has come to be: on the list of its last day, where it has one and it is not over. */
void expiring_add(struct context *context, uint32_t volunteer, uint16_t account, int32_t expires);
