/* The tables of the state: one row each gives the LMDB database, its name in the export, and how
 * its rows read there. The key's first bytes are big-endian, so that key order is number order.
 * Rows themselves belong to core/domain. */
#pragma once

#include "util/str.h"

/* What a state was written with: another number means that it is rebuilt from the journal. One more
 * whenever a table, a key or a row changes its form. */
#define STORE_FORMAT 7
#define STORE_KEY_LIMIT 511 /* bytes of a key, at least 1 (LMDB's limit) */

/* T(NAME, "name"): order is for ever (the export follows it). What comes by the hundred thousand
 * has a table of its own, so that what is new stands at its end and fills its pages. */
#define TABLES(T)                                                                                  \
    T(META, "meta")                 /* name -> bytes: city, clock, next numbers */                 \
    T(SOURCE, "source")             /* source text -> number */                                    \
    T(EVENT_ID, "event_id")         /* source u32, id -> sequence, digest: for ever */             \
    T(NAME, "name")                 /* noun u8, id -> number u32 */                                \
    T(THING, "thing")               /* noun u8, number u32 -> sequence, slot, fields */            \
    T(REGION, "region")             /* number u32 -> number of the parent */                       \
    T(ACTIVITY, "activity")         /* number u32 -> struct activity_summary */                    \
    T(VOLUNTEER, "volunteer")       /* number u32 -> struct volunteer_row */                       \
    T(RECORD, "record")             /* number u32 -> struct record_row and id */                   \
    T(PERSON_MONTH, "person_month") /* month u16, volunteer u32 -> totals, records */              \
    T(COUNTER, "counter")           /* group u8, noun u8, number u32, month u16 (0: now) */        \
    T(HELD, "held")                 /* record u32 -> why */                                        \
    T(IDENTITY, "identity")         /* keyed hash -> volunteer u32 */                              \
    T(STAR_CHANGE, "star_change")   /* volunteer u32, number u32 -> from, to, date */              \
    T(POLICY, "policy")             /* revision u32 -> struct policy_row and text */               \
    T(RUN, "run")                   /* run u32 -> cause, revision, as-of, cursor */                \
    T(COUNTER_PAST, "counter_past") /* as COUNTER, then a day turned round: as it stood then */    \
    T(FORMER_CODE, "former_code")   /* region u32, n u32 -> a code it had, until when */           \
    T(DICTIONARY, "dictionary")     /* dictionary u8, 0, code -> entry; dictionary u8, 1, u16 */   \
    T(CALENDAR, "calendar")         /* date u32 -> kind, name */                                   \
    T(FIGURE, "figure")             /* noun u8, number u32, figure u8 -> all that was reported */  \
    T(PLAN, "plan")                 /* noun u8, number u32 -> what is planned for it, versions */  \
    T(ORGANISATION, "organisation") /* number u32 -> struct organisation_row */                    \
    T(CIVILISED_TITLE, "civilised_title") /* noun u8, number u32, title u8 -> its history */       \
    T(TEAM, "team")                       /* number u32 -> struct team_row */                      \
    T(MEMBER, "member")                   /* team u32, volunteer u32 -> struct member_row */       \
    T(MEMBERSHIP, "membership")           /* volunteer u32, n u32 -> team u32 (n 0: how many) */   \
    T(LINK, "link")       /* system, 0, external -> volunteer; 0, volunteer, n -> both */          \
    T(STATION, "station") /* number u32 -> every step, with evidence */                            \
    T(CARRIED, "carried") /* volunteer u32, n u32 -> record u32 */                                 \
    T(BALANCE, "balance") /* volunteer u32, account u16 -> balance, owed, lots */                  \
    T(POSTING, "posting") /* number u32 -> one entry of the ledger */                              \
    T(RECORD_POSTING, "record_posting") /* record u32 -> what it caused and still stands */        \
    T(LEDGER, "ledger")                 /* account u16 -> sums of its counter-accounts */          \
    T(WITHHELD, "withheld")             /* n u32 -> what points are to be asked about again */     \
    T(ASSESSED, "assessed")             /* lists of subjects: see domain/assessments.c */          \
    T(ASSESSMENT, "assessment")         /* noun u8, number u32, indicator -> its last state */     \
    T(BULLETIN, "bulletin")             /* kind u8, region u32, number u32 -> bulletin u32 */      \
    T(THING_PAST, "thing_past")         /* as THING, then a day turned round: as it stood then */  \
    T(VOLUNTEER_NAME, "volunteer_name") /* as NAME */                                              \
    T(ACTIVITY_NAME, "activity_name")                                                              \
    T(RECORD_NAME, "record_name")                                                                  \
    T(VOLUNTEER_THING, "volunteer_thing") /* as THING */                                           \
    T(ACTIVITY_THING, "activity_thing")                                                            \
    T(RECORD_THING, "record_thing")                                                                \
    T(EXPIRING, "expiring")       /* last day, n u32 -> whose lot (n 0: how many) */               \
    T(REWARD, "reward")           /* number u32 -> struct reward_row */                            \
    T(REDEMPTION, "redemption")   /* number u32 -> struct redemption */                            \
    T(REDEEMED, "redeemed")       /* volunteer u32, year and group -> how many; none: the last */  \
    T(APPLICATION, "application") /* number u32 -> struct application_row */                       \
    T(APPLYING, "applying")       /* volunteer u32 -> the application that is open */              \
    T(NOTICE, "notice")           /* last day, n u32 -> application (n 0: how many) */             \
    T(NOMINATION, "nomination")   /* number u32 -> struct nomination_row */                        \
    T(NOMINATED, "nominated")     /* noun u8, number u32 -> the subject's newest nomination */     \
    T(CANDIDATE, "candidate")     /* run u32, honour u32 -> the best so far */                     \
    T(PROPOSAL, "proposal")       /* honour u32, year u16, place u16 -> who was proposed */        \
    T(SHIFT, "shift")         /* activity u32, shift id (none: as a whole) -> struct shift_row */  \
    T(POST, "post")           /* number u32 -> struct post_row */                                  \
    T(ENROLMENT, "enrolment") /* number u32 -> struct enrolment_row, shift, agreement */           \
    T(ENROLMENT_LIST, "enrolment_list") /* by pair, person, activity: see enrolments.c */          \
    T(ATTENDANCE, "attendance")         /* enrolment u32 -> check-ins and check-outs */            \
    T(PERSON_LIST, "person_list")       /* volunteer u32, list u8 -> struct person_entry[] */      \
    T(QUALIFICATION, "qualification")   /* volunteer u32 -> qualifications held */                 \
    T(COMPLAINT, "complaint")           /* number u32 -> struct complaint_row, to, by */           \
    T(RECORD_NOTE, "record_note")       /* record u32 -> struct record_note */                     \
    T(STANDING, "standing")             /* volunteer u32 -> struct standing_row, reason */         \
    T(CONSENT, "consent")               /* volunteer u32 -> what was agreed to and withdrawn */    \
    T(FUND, "fund")                     /* number u32 -> struct fund, its pots */                  \
    T(FUND_PAST, "fund_past")           /* as FUND, then a day turned round: as it stood then */   \
    T(FUND_ENTRY, "fund_entry")         /* number u32 -> struct fund_entry */                      \
    T(SHOP, "shop")                 /* merchant u32, reward u32, month u16 -> struct shop_row */   \
    T(LEDGER_MONTH, "ledger_month") /* account u16, month u16 -> struct ledger_month, as it ended  \
                                     */                                                            \
    T(CERTIFICATE, "certificate")   /* number u32 -> struct certificate_row, texts */              \
    T(CERTIFIED, "certified")       /* certificate u32 -> struct certified[], frozen */            \
    T(CERTIFICATE_NUMBER, "certificate_number") /* number text, or organisation and year */        \
    T(CERTIFICATE_OPEN, "certificate_open")     /* certificate u32 -> day of the request */        \
    T(VALIDITY, "validity")   /* last day u32, training u32, volunteer u32: see trainings.c */     \
    T(EMERGENCY, "emergency") /* number u32 -> struct emergency_row, by whom ended */              \
    T(IN_EMERGENCY, "in_emergency")   /* region u32 -> emergency u32; 0: it has ended */           \
    T(PUBLIC_NOTICE, "public_notice") /* number u32 -> struct public_notice_row */                 \
    T(NOTICED, "noticed")             /* noun u8, number u32 -> the subject's newest notice */     \
    T(NOTICE_DAY, "notice_day")       /* last day, n u32 -> public notice (n 0: how many) */       \
    T(NEED, "need")                   /* number u32 -> struct need_row, referred to */             \
    T(NEED_ORDER, "need_order")       /* closed u8, priority u8, filed on u32, need u32 */         \
    T(NEED_MATCHED, "need_matched")   /* activity u32 -> need u32[] */                             \
    T(BENEFICIARY, "beneficiary")     /* number u32 -> struct beneficiary_row, volunteers */       \
    T(BENEFICIARY_IDENTITY, "beneficiary_identity") /* keyed hash -> beneficiary u32 */            \
    T(VISIT, "visit")                     /* beneficiary u32 -> struct visit[], the newest */      \
    T(VISIT_DUE, "visit_due")             /* last day, n u32 -> beneficiary (n 0: how many) */     \
    T(ACTIVITY_RATING, "activity_rating") /* activity u32 -> struct activity_rating */             \
    T(MERGED, "merged")                   /* who is whom: see domain/merges.c */                   \
    T(LEADER, "leader")                   /* volunteer u32 -> which body he or she leads */        \
    T(VERDICT, "verdict")                 /* record u32 -> who judged it last, and when */         \
    T(APPEAL, "appeal")     /* number u32 -> struct appeal_row, who sanctioned, who settled */     \
    T(APPEALED, "appealed") /* noun u8, number u32 -> the newest appeal about it */                \
    T(CHECK, "check")       /* record u32 -> what is asked about it, and what was answered */      \
    T(FALSE_HOURS, "false_hours") /* volunteer u32 or person -> how many were found, the last */   \
    T(ENTRIES, "entries")         /* person -> records entered by hand, a minute and a day */      \
    T(PACE, "pace")               /* record u32 -> how fast it was entered, where that was fast */ \
    T(REVIEWS, "reviews")         /* organisation u32, person (none: all) -> how many */           \
    T(FORMER_SELF, "former_self") /* volunteer u32 -> who the person was before */                 \
    T(BATCH, "batch")             /* number u32 -> struct batch_row, id, by */                     \
    T(BATCH_ENTRY, "batch_entry") /* batch u32, n u32 -> struct batch_entry */                     \
    T(NOMINATION_REVIEW, "nomination_review") /* nomination u32, n u32 -> a stage */               \
    T(CAMPAIGN, "campaign")                   /* number u32 -> struct campaign_row */              \
    T(NOTICE_RECEIPTS, "notice_receipts") /* notice u32 -> struct notice_row, its addressees */    \
    T(TASK, "task")                       /* number u32 -> struct task_row */                      \
    T(TASK_STEP, "task_step")             /* task u32, n u32 -> what was done about it */          \
    T(TASK_DUE, "task_due")               /* last day, n u32 -> task (n 0: how many) */            \
    T(COMMITMENT, "commitment")           /* number u32 -> struct commitment_row, evidence */      \
    T(COMMITMENT_DUE, "commitment_due")   /* last day, n u32 -> commitment (n 0: how many) */      \
    T(DUTY, "duty")                       /* post u32, n u32 -> struct duty_row, findings */       \
    T(DUTY_DAY, "duty_day")   /* post u32, day u32 -> missed u8, the duties of it u32[] */         \
    T(DUTY_DUE, "duty_due")   /* day of duty, n u32 -> post (n 0: how many) */                     \
    T(PAIRING, "pairing")     /* number u32 -> struct pairing_row, estate */                       \
    T(PAIRED, "paired")       /* organisation u32, n u32 -> pairing u32 (n 0: how many) */         \
    T(REPORT_IN, "report_in") /* volunteer u32 -> struct report_in_row, received by */             \
    T(CAMPAIGN_ACTIVITY, "campaign_activity") /* campaign u32, activity u32: it names it */        \
    T(DOCUMENT_END, "document_end") /* document u32 -> withdrawn when, by whom, for which */       \
    T(CASE, "case")                 /* number u32 -> struct case_row, texts */                     \
    T(CASED, "cased")               /* noun u8, number u32 -> the subject's newest case */         \
    T(ALERT, "alert")               /* number u32 -> struct alert_row, who acknowledged it */      \
    T(ALERT_OPEN, "alert_open")     /* noun u8, number u32 -> alert u32[] */                       \
    T(EVIDENCE, "evidence")         /* number u32 -> struct proof_row, reviewed by, note */        \
    T(PROOF, "proof")               /* noun u8, number u32, item -> struct proof[] */              \
    T(VETO, "veto")                 /* noun u8, number u32 -> indicators in the way of a title */  \
    T(PEER, "peer")                 /* peer u32, indicator -> all that was reported */

enum table {
#define T(name, text) TABLE_##name,
    TABLES(T)
#undef T
        TABLE_COUNT
};

const char *table_name(enum table table);
/* TABLE_COUNT where there is none. */
enum table table_find(struct str name);
