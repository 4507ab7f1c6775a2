/* Notices (通知): a paper of a number, sent to organisations, each of which says that it has it.
 * The row knows of each addressee when its receipt came, from whom, and whether that was after the
 * day by which it was asked for. For an organisation that was dissolved its successor answers.
 * Not to be mixed up with public notices (公示, domain/public_notices.h).
 *
 * Threads: the view's owner. */
#pragma once

#include "domain/campaigns.h"

struct notice_row {
    uint32_t campaign; /* 0: of none */
    int32_t issued_on;
    int32_t due_on; /* the last day for a receipt; 0: none was set */
    uint32_t n_to;
    uint32_t n_received;
    uint32_t n_late; /* of those received */
};

/* What one addressee owes. */
struct receipt {
    uint32_t organisation;
    uint32_t region; /* where it lay when the notice was issued */
    uint32_t via;    /* who gave the receipt: the addressee, or its successor; 0: nobody did */
    int32_t on;      /* the day it was given; 0: not given */
    struct str by;
};

struct notice {
    struct notice_row row;
    struct receipt *receipts; /* row.n_to of them, in the order of `to` */
};

/* Without the receipts. */
int notice_row_get(struct view *view, uint32_t notice, struct notice_row *ret_row);
/* In the arena; texts are borrowed from the row. */
int notice_receipts(struct view *view, uint32_t notice, struct arena *arena,
                    struct notice *ret_notice);
bool receipt_is_late(const struct notice_row *row, const struct receipt *receipt);
/* Not given, and its day is over. */
bool receipt_is_overdue(const struct notice_row *row, const struct receipt *receipt, int32_t today);
/* What it is counted as, added. */
void receipt_figures(const struct notice_row *row, const struct receipt *receipt,
                     struct campaign_figures *figures);

/* For apply functions. Each addressee is counted within the event; a notice to more is issued in
 * parts. */
#define NOTICE_TO_LIMIT 500
