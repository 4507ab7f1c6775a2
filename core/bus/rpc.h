/* JSON-RPC 2.0 over the table of methods: one request body -> one answer body.
 * Threads: each query thread has its own struct rpc. */
#pragma once

#include "bus/method.h"

struct rpc {
    const struct services *services;
    struct policy_host *host;
    struct dom_parser *parser;
    struct arena arena;
    struct buf text;
};

void rpc_init(struct rpc *rpc, const struct services *services);
void rpc_deinit(struct rpc *rpc);

struct rpc_call {
    struct str body;
    uint64_t after;      /* the state must hold this sequence, unless `fresh` is false */
    bool may_wait;       /* long polls may be parked */
    int64_t deadline_us; /* of one that was parked, else 0; set where it is to be parked */
    uint64_t reached;    /* as in struct query */
    struct wait wait;  /* kind WAIT_NONE: it is answered. Else: call again when that has happened */
    struct view *view; /* to read from; NULL: one of its own, that holds what was acknowledged */
    bool reads_only;   /* what writes is not_allowed */
};
/* Appends the answer to `out`; nothing for notifications. */
void rpc_answer(struct rpc *rpc, struct rpc_call *call, struct buf *out);
/* One question without its JSON-RPC: the answer is as with "id": null. Parameters are borrowed. */
void rpc_run(struct rpc *rpc, struct rpc_call *call, const char *method, json_t *params,
             struct buf *out);
/* An answer to a request that was not looked at. */
void rpc_refuse(enum problem_code code, const char *message, struct buf *out);
