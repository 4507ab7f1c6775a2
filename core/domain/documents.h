/* Documents: what a policy's basis, a notice, a plan or a title names. Attributes as a thing, never
 * changed; one that is withdrawn has a row that says when and which one takes its place. What rests
 * on it goes on until it is changed itself. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

enum document_state { DOCUMENT_IN_FORCE, DOCUMENT_WITHDRAWN };

struct document_end {
    int32_t on;
    int32_t recorded_on;
    uint64_t sequence;
    uint32_t replaced_by; /* 0: none */
    struct str by;        /* borrowed from the row */
    struct str reason;
};

int document_get(struct view *view, uint32_t document, struct arena *arena,
                 struct document_registered *ret_document);
/* 0; THING_NOT_FOUND: it is in force; < 0. */
int document_end_get(struct view *view, uint32_t document, struct document_end *ret_end);
/* A row's bytes: 0, or > 0 where they are not of this form. */
int document_end_decode(struct str row, struct document_end *ret_end);
