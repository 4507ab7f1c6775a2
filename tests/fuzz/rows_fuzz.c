/* One row of the state: shown as the export does, and read through an engine's view by every domain
 * function whose table it stands in, over a small city. LMDB keeps no checksums: a damaged page may
 * hold anything. Every line of the export is JSON.
 *
 * An input: table u8, size of the key u8, key, row. */
#include "fuzz.h"

#include <stdlib.h>

#include "domain/activities.h"
#include "domain/alerts.h"
#include "domain/assessments.h"
#include "domain/attendance.h"
#include "domain/batches.h"
#include "domain/beneficiaries.h"
#include "domain/bulletins.h"
#include "domain/carried_over.h"
#include "domain/cases.h"
#include "domain/certificates.h"
#include "domain/city.h"
#include "domain/civilised_titles.h"
#include "domain/commitments.h"
#include "domain/complaints.h"
#include "domain/consents.h"
#include "domain/counters.h"
#include "domain/days.h"
#include "domain/dictionaries.h"
#include "domain/documents.h"
#include "domain/emergencies.h"
#include "domain/evidence.h"
#include "domain/export.h"
#include "domain/figures.h"
#include "domain/honours.h"
#include "domain/ledger.h"
#include "domain/merges.h"
#include "domain/needs.h"
#include "domain/notices.h"
#include "domain/organisations.h"
#include "domain/peers.h"
#include "domain/person_months.h"
#include "domain/plans.h"
#include "domain/points.h"
#include "domain/policies.h"
#include "domain/posts.h"
#include "domain/projects.h"
#include "domain/public_notices.h"
#include "domain/ratings.h"
#include "domain/record_notes.h"
#include "domain/records.h"
#include "domain/regions.h"
#include "domain/render.h"
#include "domain/rewards.h"
#include "domain/runs.h"
#include "domain/sources.h"
#include "domain/standing.h"
#include "domain/star_applications.h"
#include "domain/stars.h"
#include "domain/stations.h"
#include "domain/tasks.h"
#include "domain/teams.h"
#include "domain/things.h"
#include "domain/trainings.h"
#include "domain/volunteer_links.h"
#include "domain/volunteers.h"
#include "engine/step.h"
#include "small_city.h"

#define DAYS_LIMIT 2932897 /* of dates: the first that does not exist */

static struct store *store;
static struct store_writer *writer;
static struct arena arena;

static void failed(void *context, int error) {
    (void)context;
    (void)error;
    abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    const struct store_options options = {.directory = small_city_state(),
                                          .map_size_bytes = UINT64_C(1) << 30,
                                          .checkpoint_ms = 100,
                                          .pending_limit_bytes = UINT64_C(64) << 20,
                                          .on_failure = failed};
    int r = store_open(&options, &store);
    assert(r == 0);
    r = store_writer_open(store, &writer);
    assert(r == 0);
    arena_init(&arena);
    return 0;
}

/* ---- what reads it ---- */

static uint64_t sum; /* of all that was read, so that no compiler leaves any of it out */

static void take(struct str text) {
    for (size_t i = 0; i < text.size; i++)
        sum += (uint8_t)text.data[i];
}

static int figure_take(void *context, const struct figure *figure) {
    (void)context;
    take(figure->origin);
    return 0;
}

static int title_take(void *context, const struct civilised_title_step *step) {
    (void)context;
    sum += (uint64_t)step->level;
    return 0;
}

static int plan_take(void *context, const struct plan *plan) {
    (void)context;
    sum += (uint64_t)plan->measure;
    return 0;
}

static int step_take(void *context, const struct station_step *step) {
    (void)context;
    take(step->note);
    return 0;
}

static int member_take(void *context, uint32_t number, const struct member_row *row) {
    (void)context;
    sum += number + (uint64_t)row->left_on;
    return 0;
}

static int link_take(void *context, const struct volunteer_link *link) {
    (void)context;
    take(link->external);
    return 0;
}

static int revision_take(void *context, const struct policy_revision *revision) {
    (void)context;
    sum += revision->sequence;
    return 0;
}

/* An object of the sender's own stands in a row as JSON and is shown as it stands, damaged or not.
 */
static void must_be_whole(struct str line) {
    if (!memmem(line.data, line.size, "\"ext\":{", 7) &&
        !memmem(line.data, line.size, "\"parameters\":{", 14) &&
        !memmem(line.data, line.size, "\"content\":{", 11))
        must_be_json(line);
}

/* What the bytes of a key say. */
struct spot {
    struct view *view;
    struct str key;
    enum noun noun;       /* of its first byte */
    uint32_t number;      /* of its first four bytes */
    uint32_t number_at_1; /* of those behind the first */
    uint32_t second;      /* of the four behind those */
    int32_t at;           /* the end of some past day */
};

static void read_thing(const struct spot *spot) {
    struct thing thing;
    struct buf out = {0};
    struct str id;
    if (spot->noun >= NOUN_COUNT || !thing_type(spot->noun))
        return;
    if (thing_get(spot->view, spot->noun, spot->number_at_1, &arena, &thing) == 0) {
        thing_to_json(spot->noun, &thing, &out);
        must_be_whole(buf_str(&out));
        reached("things");
    }
    if (thing_get_at(spot->view, spot->noun, spot->number_at_1, spot->at, &arena, &thing) == 0)
        sum += thing.state;
    sum += thing_stood_at(spot->view, spot->noun, spot->number_at_1, spot->at);
    if (thing_id(spot->view, spot->noun, spot->number_at_1, &arena, &id) == 0)
        take(id);
    buf_deinit(&out);
}

static void read_attributes(const struct spot *spot) {
    union {
        struct region_defined region;
        struct organisation_defined organisation;
        struct document_registered document;
        struct team_formed team;
    } data;
    struct activity_published activity;
    struct project_defined project;
    enum activity_state activity_state;
    enum project_state project_state;
    uint32_t n = spot->number_at_1;
    region_attributes(spot->view, n, &arena, &data.region);
    region_attributes_at(spot->view, n, spot->at, &arena, &data.region);
    organisation_attributes(spot->view, n, &arena, &data.organisation);
    organisation_attributes_at(spot->view, n, spot->at, &arena, &data.organisation);
    document_get(spot->view, n, &arena, &data.document);
    struct document_end end;
    if (document_end_get(spot->view, spot->number, &end) == 0)
        take(end.reason);
    team_attributes(spot->view, n, &arena, &data.team);
    activity_get(spot->view, n, &arena, &activity, &activity_state);
    project_get(spot->view, n, &arena, &project, &project_state);
}

static void read_people(const struct spot *spot) {
    struct volunteer_row volunteer;
    struct organisation_row organisation;
    struct star_change_row change;
    struct team_row team;
    uint32_t found, path[REGION_DEPTH];
    uint8_t stars;
    int32_t until;
    struct str code;
    if (volunteer_get(spot->view, spot->number, &volunteer) == 0)
        stars_on(spot->view, spot->number, &volunteer, spot->at, &stars);
    star_change_get(spot->view, spot->number, spot->second, &change);
    volunteer_by_identity(spot->view, spot->key, &found);
    if (organisation_get(spot->view, spot->number, &organisation) == 0)
        organisation_region_at(spot->view, spot->number, &organisation, spot->at, &arena, &found);
    team_get(spot->view, spot->number, &team);
    volunteer_teams_each(spot->view, spot->number, member_take, NULL);
    volunteer_links_each(spot->view, spot->number, link_take, NULL);
    region_path(spot->view, spot->number, path);
    region_path_at(spot->view, spot->number, spot->at, &arena, path);
    if (region_former_code(spot->view, spot->number, spot->second, &code, &until) == 0)
        take(code);
}

static int attendance_take(void *context, const struct attendance_step *step) {
    (void)context;
    take(step->device);
    return 0;
}

static int qualification_take(void *context, const struct qualification *qualification) {
    (void)context;
    take(qualification->qualification);
    take(qualification->number);
    return 0;
}

/* A damaged list may name many: it is enough to see that each is read. */
static int merged_take(void *context, uint32_t merged) {
    (void)context;
    sum += merged;
    return 1;
}

static int consent_take(void *context, const struct consent *consent) {
    (void)context;
    take(consent->purpose);
    take(consent->text_version);
    return 0;
}

/* Who comes, who came, what is said of a person. */
static void read_conduct(const struct spot *spot) {
    struct enrolment enrolment;
    struct shift_row shift;
    struct post_row post;
    struct person_entries entries;
    struct complaint complaint;
    struct emergency emergency;
    struct record_note note;
    struct import_batch batch;
    struct batch_entry entry;
    struct standing_record standing;
    struct merged_row merged;
    uint32_t number, numbers[4];
    struct str rest = {spot->key.data + 4, spot->key.size > 4 ? spot->key.size - 4 : 0};
    if (enrolment_get(spot->view, spot->number, &enrolment) == 0) {
        enrolment_places_left(spot->view, &enrolment, &number);
        enrolment_region(spot->view, &enrolment, &number);
        enrolment_overlaps(spot->view, spot->number, &enrolment, numbers, 4);
    }
    uint32_t of = key_number(spot->key, 2), second = key_number(spot->key, 6);
    enum noun noun = key_byte(spot->key, 1) == NOUN_POST ? NOUN_POST : NOUN_ACTIVITY;
    enrolment_count(spot->view, noun, of, &number);
    enrolment_nth(spot->view, noun, of, second, &number);
    enrolment_find(spot->view, noun, of, second, STR_NONE, &number);
    shift_get(spot->view, spot->number, rest, &shift);
    post_get(spot->view, spot->number, &post);
    attendance_each(spot->view, spot->number, attendance_take, NULL);
    for (int list = 0; list < PERSON_LISTS; list++)
        if (person_list_get(spot->view, spot->number, (enum person_list)list, &entries) == 0)
            for (size_t i = 0; i < entries.n; i++)
                sum += person_entry_at(&entries, i).number;
    qualifications_each(spot->view, spot->number, qualification_take, NULL);
    consents_each(spot->view, spot->number, consent_take, NULL);
    number = spot->number;
    volunteer_survivor(spot->view, &number);
    merged_get(spot->view, spot->number, &merged);
    merged_each(spot->view, spot->number, merged_take, NULL);
    merged_overlaps(spot->view, key_number(spot->key, 1), &number);
    batch_get(spot->view, spot->number, &batch);
    batch_entry(spot->view, spot->number, second, &entry);
    complaint_get(spot->view, spot->number, &complaint);
    emergency_get(spot->view, spot->number, &emergency);
    emergency_in(spot->view, spot->number, &number);
    record_note_get(spot->view, spot->number, &note);
    standing_of(spot->view, spot->number, &standing);
}

/* What is raised and handed in for an assessment, and other cities. */
static void read_alerts(const struct spot *spot) {
    struct alert alert;
    struct alert_list open;
    struct evidence_record evidence;
    struct proof proof;
    struct peer peer;
    struct str indicator, row,
        rest = {spot->key.data + 5, spot->key.size > 5 ? spot->key.size - 5 : 0};
    enum noun noun = key_byte(spot->key, 0) == NOUN_REGION ? NOUN_REGION : NOUN_ORGANISATION;
    uint32_t number = key_number(spot->key, 1);
    if (alert_get(spot->view, spot->number, &alert) == 0)
        take(alert.acknowledged_by);
    if (alerts_open(spot->view, noun, number, &open) == 0)
        for (size_t i = 0; i < open.n; i++)
            sum += alert_list_at(&open, i);
    if (evidence_get(spot->view, spot->number, &evidence) == 0) {
        take(evidence.reviewed_by);
        take(evidence.review);
    }
    if (proof_get(spot->view, noun, number, rest, INT32_MAX, INT32_MAX, &proof) == 0)
        sum += proof.evidence;
    if (assessment_vetoes(spot->view, noun, number, &row) == 0) {
        struct cursor in = cursor_from(row);
        while (assessment_veto_next(&in, &indicator) == 0)
            take(indicator);
    }
    rest = (struct str){spot->key.data + 4, spot->key.size > 4 ? spot->key.size - 4 : 0};
    if (peer_get(spot->view, spot->number, rest, INT32_MAX, INT32_MAX, &peer) == 0)
        take(peer.origin);
}

static void read_records(const struct spot *spot) {
    struct record record;
    struct service_recorded details;
    struct activity_summary activity;
    struct person_month month;
    struct cursor in = cursor_from(spot->key);
    int32_t month_number = cursor_u16_sorted(&in);
    uint32_t volunteer = cursor_u32_sorted(&in), found;
    struct city city;
    if (record_get(spot->view, spot->number, &record) == 0) {
        take(record.id);
        record_details(spot->view, spot->number, &arena, &details);
        public_notice_of(spot->view, spot->number, &record.row, false, &found);
        reached("records");
    }
    activity_summary(spot->view, spot->number, &activity);
    carried_get(spot->view, spot->number, spot->second, &found, &record);
    if (person_month_get(spot->view, month_number, volunteer, &month) == 0) {
        for (size_t i = 0; i < month.n_entries; i++)
            sum += person_month_entry(&month, i).minutes;
        for (size_t i = 0; i < month.n_totals; i++)
            sum += person_month_total(&month, i).minutes;
        reached("months");
    }
    if (city_get(spot->view, &city) == 0) {
        const struct minutes_filter all = {0};
        uint32_t overlaps[8];
        int64_t minutes;
        int32_t first = date_from_civil(2018, 1, 1);
        person_minutes(spot->view, &city.zone, volunteer, first, first + 400, &all, &minutes);
        person_overlaps(spot->view, &city.zone, volunteer, (uint32_t)first * 1440, 40000, 0,
                        overlaps, 8);
    }
}

/* What campaigns ask, and what came of it. */
static void read_campaigns(const struct spot *spot) {
    struct campaign_row campaign;
    struct campaign_figures figures = {0};
    struct notice notice;
    struct task_row task;
    struct task_step step;
    struct commitment commitment;
    if (campaign_get(spot->view, spot->number, &campaign) == 0)
        sum += (uint64_t)campaign.ends;
    if (notice_receipts(spot->view, spot->number, &arena, &notice) == 0) {
        for (uint32_t i = 0; i < notice.row.n_to; i++) {
            receipt_figures(&notice.row, &notice.receipts[i], &figures);
            take(notice.receipts[i].by);
        }
        reached("notices");
    }
    if (task_get(spot->view, spot->number, &task) == 0)
        task_figures(&task, &figures);
    if (task_step_get(spot->view, spot->number, spot->second, &step) == 0)
        take(step.note);
    if (commitment_get(spot->view, spot->number, &commitment) == 0) {
        commitment_figures(&commitment.row, &figures);
        take(commitment.note);
        sum += commitment_organisation(&commitment.row);
    }
    sum += (uint64_t)*campaign_figure(&figures, COUNTER_tasks_open);
}

/* Needs, the people served, ratings of activities. */
static void read_care(const struct spot *spot) {
    struct need need;
    struct need_list needs;
    struct beneficiary beneficiary;
    struct visits visits;
    struct activity_rating rating;
    uint32_t number;
    if (need_get(spot->view, spot->number, &need) == 0) {
        take(need.referred_to);
        reached("needs");
    }
    if (needs_of_activity(spot->view, spot->number, &needs) == 0)
        for (size_t i = 0; i < needs.n; i++)
            sum += need_list_at(&needs, i);
    sum += need_order_number(spot->key);
    if (beneficiary_get(spot->view, spot->number, &beneficiary) == 0)
        for (size_t i = 0; i < beneficiary.n_volunteers; i++)
            sum += beneficiary_volunteer_at(&beneficiary, i);
    beneficiary_by_identity(spot->view, spot->key, &number);
    if (visits_get(spot->view, spot->number, &visits) == 0)
        for (size_t i = 0; i < visits.n; i++)
            sum += visit_at(&visits, i).record;
    visit_due_get(spot->view, (int32_t)(spot->number ^ UINT32_C(0x80000000)), spot->second,
                  &number);
    if (activity_rating_get(spot->view, spot->number, &rating) == 0)
        sum += (uint64_t)activity_rating_sum(&rating, RATED_BY_SERVED).n;
}

static void read_rewards(const struct spot *spot) {
    struct reward_row reward;
    struct redemption redemption;
    struct expiring expiring;
    struct application_row application;
    struct public_notice_row public_notice;
    struct lot lot;
    uint32_t n;
    int32_t day = (int32_t)(spot->number ^ UINT32_C(0x80000000));
    reward_row_get(spot->view, spot->number, &reward);
    if (redemption_get(spot->view, spot->number, &redemption) == 0) {
        while (lot_next(&redemption.lots, &lot))
            sum += (uint64_t)lot.amount;
        reached("redemptions");
    }
    redemption_last(spot->view, spot->number, &n);
    redeemed_in_year(spot->view, spot->number, spot->second, STR_NONE, 2018, &n);
    expiring_get(spot->view, day, spot->second, &expiring);
    notice_get(spot->view, day, spot->second, &n);
    application_get(spot->view, spot->number, &application);
    public_notice_get(spot->view, spot->number, &public_notice);
    public_notice_of_day(spot->view, day, spot->second, &n);
    application_open_of(spot->view, spot->number, &n);
}

static void read_honours(const struct spot *spot) {
    struct nomination_row nomination;
    struct nomination_review review;
    struct case_record record;
    struct evidence evidence;
    struct candidate candidate, *list = NULL;
    struct proposal proposal;
    uint32_t honour, place;
    size_t n = 0;
    nomination_get(spot->view, spot->number, &nomination);
    nomination_last(spot->view, NOUN_VOLUNTEER, spot->number_at_1, &place);
    nomination_review_get(spot->view, spot->number, spot->second, &review);
    case_last(spot->view, NOUN_VOLUNTEER, spot->number_at_1, &place);
    if (case_get(spot->view, spot->number, &record) == 0) {
        struct cursor in = cursor_from(record.evidence);
        while (case_evidence_next(&in, &evidence) == 0)
            sum += evidence.note.size;
    }
    if (candidates_get(spot->view, spot->number, spot->second, &arena, &list, &n) == 0 && n > 0) {
        sum += candidate_place(list, n, spot->number, 0);
        reached("candidates");
    }
    candidate_at(spot->view, spot->number, 1, &arena, &honour, &place, &candidate);
    proposal_get(spot->view, spot->number, 2018, 1, &proposal);
}

static void read_certificates(const struct spot *spot) {
    struct certificate certificate;
    struct certified *items;
    size_t n;
    bool overtaken;
    uint32_t found;
    struct str rest = {spot->key.data + 1, spot->key.size > 1 ? spot->key.size - 1 : 0};
    struct str next;
    if (certificate_get(spot->view, spot->number, &certificate) == 0) {
        take(certificate.number);
        take(certificate.reason);
        reached("certificates");
    }
    if (certificate_records(spot->view, spot->number, &arena, &items, &n) == 0)
        for (size_t i = 0; i < n; i++)
            sum += items[i].minutes;
    certificate_is_overtaken(spot->view, spot->number, &arena, &overtaken);
    certificate_by_number(spot->view, rest, &found);
    certificate_number_next(spot->view, &arena, spot->number, 2018, 1, &next);
    certificate_issuer(spot->view, spot->number, &arena, &found);
}

static void read_points(const struct spot *spot) {
    struct cursor in = cursor_from(spot->key);
    uint32_t volunteer = cursor_u32_sorted(&in);
    struct balance balance;
    struct posting posting;
    struct ledger_row ledger;
    struct withheld withheld;
    struct standing standing;
    struct cursor list;
    struct lot lot;
    uint32_t account = cursor_u16_sorted(&in);
    if (balance_get(spot->view, volunteer, account, &balance) == 0) {
        struct cursor lots = balance.lots;
        while (lot_next(&lots, &lot))
            sum += (uint64_t)lot.amount;
        balance_on(&balance, spot->at);
        reached("balances");
    }
    if (posting_get(spot->view, spot->number, &posting) == 0)
        reached("postings");
    in = cursor_from(spot->key);
    ledger_get(spot->view, cursor_u16_sorted(&in), &ledger);
    if (standing_get(spot->view, spot->number, &list) == 0)
        while (standing_next(&list, &standing))
            sum++;
    withheld_get(spot->view, spot->number, &withheld);
    withheld_last(spot->view);
    withheld_done(spot->view);
}

static void read_counters(const struct spot *spot) {
    struct counter_row row;
    int64_t value;
    int32_t date;
    struct cursor in = cursor_from(spot->key);
    (void)cursor_byte(&in);
    enum noun noun = cursor_byte(&in);
    uint32_t number = cursor_u32_sorted(&in);
    int32_t month = cursor_u16_sorted(&in);
    if (noun != NOUN_REGION && noun != NOUN_ORGANISATION)
        return;
    counter_get(spot->view, COUNTER_NOW, noun, number, &row);
    counter_get(spot->view, spot->at, noun, number, &row);
    counter_changed_on(spot->view, noun, number, &date);
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++) {
        counter_value(spot->view, spot->at, noun, number, counter, &value);
        if (counter_group(counter) == counter_group(COUNTER_minutes))
            counter_months(spot->view, spot->at, noun, number, counter, month, month + 2, &value);
    }
}

static void read_about(const struct spot *spot) {
    struct civilised_title title;
    struct figure figure;
    struct plan plan;
    struct station station;
    struct assessment assessment;
    struct assessed assessed;
    uint32_t found;
    struct str rest = {spot->key.data + (spot->key.size < 5 ? spot->key.size : 5),
                       spot->key.size < 5 ? 0 : spot->key.size - 5};
    uint8_t sixth = rest.size ? (uint8_t)*rest.data : 0;
    enum noun noun = spot->noun;
    if (noun == NOUN_REGION || noun == NOUN_ORGANISATION) {
        if (sixth < CIVILISED_TITLE_COUNT) {
            civilised_title_get(spot->view, sixth, noun, spot->number_at_1, spot->at, &title);
            civilised_title_each(spot->view, sixth, noun, spot->number_at_1, title_take, NULL);
        }
        if (sixth < FIGURE_COUNT) {
            figure_get(spot->view, sixth, noun, spot->number_at_1, spot->at, spot->at, &figure);
            figure_each(spot->view, sixth, noun, spot->number_at_1, figure_take, NULL);
        }
        plan_each(spot->view, noun, spot->number_at_1, spot->at, plan_take, NULL);
        plan_target(spot->view, noun, spot->number_at_1, MEASURE_VOLUNTEERS, spot->at, &plan);
        if (assessment_get(spot->view, noun, spot->number_at_1, rest, &assessment) == 0)
            take(assessment.state);
        assessed_find(spot->view, noun, spot->number_at_1, &found);
    }
    station_get(spot->view, spot->number, spot->at, &station);
    station_each_step(spot->view, spot->number, step_take, NULL);
    assessed_get(spot->view, spot->number_at_1, &assessed);
    assessed_due_get(spot->view, spot->number_at_1, spot->second, &assessed);
    if ((unsigned)noun < BULLETIN_KIND_COUNT) {
        bulletin_find(spot->view, (enum BULLETIN_KIND_choice)noun, spot->number_at_1, spot->second,
                      &found);
    }
}

static void read_settings(const struct spot *spot) {
    struct city city;
    struct clock_state clock;
    struct policy_revision revision;
    struct dictionary_code code;
    struct day day;
    struct run_row run;
    struct str text = {spot->key.data + (spot->key.size < 2 ? spot->key.size : 2),
                       spot->key.size < 2 ? 0 : spot->key.size - 2};
    uint32_t number;
    uint64_t sequence, digest;
    if (city_get(spot->view, &city) == 0)
        reached("cities");
    clock_get(spot->view, &clock);
    sum += policy_generation(spot->view);
    if (policy_revision_get(spot->view, spot->number, &arena, &revision) == 0)
        reached("revisions");
    policy_revisions(spot->view, &arena, revision_take, NULL);
    if ((unsigned)spot->noun < DICTIONARY_COUNT) {
        enum DICTIONARY_choice dictionary = (enum DICTIONARY_choice)spot->noun;
        if (dictionary_get(spot->view, dictionary, text, &code) == 0)
            take(code.title);
        for (uint32_t i = 0; i < 4; i++)
            if (dictionary_at(spot->view, dictionary, i, &code) == 0)
                take(code.title);
        sum += dictionary_count(spot->view, dictionary);
    }
    if (day_get(spot->view, (int32_t)(spot->number % DAYS_LIMIT), &day) == 0)
        take(day.name);
    run_open_after(spot->view, spot->number, &number, &run);
    run_get(spot->view, spot->number, &run);
    if (source_text(spot->view, spot->number_at_1, &arena, &text) == 0)
        take(text);
    event_id_find(spot->view, STR("tszyz"), STR("e1"), &sequence, &digest);
}

static void row_read(struct str key) {
    struct spot spot = {.view = store_writer_view(writer),
                        .key = key,
                        .noun = key.size ? (enum noun)(uint8_t)key.data[0] : NOUN_COUNT,
                        .number = key_number(key, 0),
                        .number_at_1 = key_number(key, 1),
                        .second = key_number(key, 4),
                        .at = date_from_civil(2018, 6, 30)};
    arena_reset(&arena);
    read_thing(&spot);
    read_attributes(&spot);
    read_people(&spot);
    read_conduct(&spot);
    read_alerts(&spot);
    read_records(&spot);
    read_points(&spot);
    read_rewards(&spot);
    read_care(&spot);
    read_campaigns(&spot);
    read_honours(&spot);
    read_certificates(&spot);
    read_counters(&spot);
    spot.second = key_number(key, 5);
    read_about(&spot);
    read_settings(&spot);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct cursor in = cursor_from(input_str(data, size));
    struct buf line = {0};
    enum table table = (enum table)(cursor_byte(&in) % TABLE_COUNT);
    struct str key = cursor_take(&in, cursor_byte(&in)), row = {in.next, cursor_left(&in)};
    if (in.failed || key.size == 0)
        return 0;
    reached("rows");
    buf_put_byte(&line, '{');
    domain_renders[table](key, row, &line);
    buf_put_byte(&line, '}');
    must_be_whole(buf_str(&line));
    if (!memmem(line.data, line.size, "\"bytes\":", 8))
        reached("shown whole");
    buf_deinit(&line);
    if (row.size == 0)
        return 0;
    store_put(writer, table, key, row);
    row_read(key);
    store_refuse(writer);
    return 0;
}
