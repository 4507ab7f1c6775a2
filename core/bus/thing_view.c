#include "bus/thing_show.h"

#include "bus/methods_common.h"
#include "domain/activities.h"
#include "domain/bulletins.h"
#include "domain/honours.h"
#include "domain/needs.h"
#include "domain/rewards.h"
#include "domain/star_applications.h"

#define STATES(words) .states = (words), .n_states = sizeof(words) / sizeof *(words)

static const char *const activity_states[] = {
    [ACTIVITY_PUBLISHED] = "published",
    [ACTIVITY_CANCELLED] = "cancelled",
    [ACTIVITY_CLOSED] = "closed",
};
static const char *const bulletin_states[] = {[BULLETIN_ISSUED] = "issued"};

static const char *const reward_states[] = {
    [REWARD_OFFERED] = "offered", [REWARD_WITHDRAWN] = "withdrawn"};
static const char *const redemption_states[] = {
    [REDEMPTION_REQUESTED] = "requested", [REDEMPTION_HELD] = "held",
    [REDEMPTION_SETTLED] = "settled",     [REDEMPTION_VOIDED] = "voided",
    [REDEMPTION_REFUSED] = "refused",
};
static const char *const application_states[] = {
    [APPLICATION_APPLIED] = "applied",   [APPLICATION_PENDING] = "pending",
    [APPLICATION_REVIEWED] = "reviewed", [APPLICATION_NOTICED] = "noticed",
    [APPLICATION_APPROVED] = "approved", [APPLICATION_REFUSED] = "refused",
};
static const char *const nomination_states[] = {
    [NOMINATION_NOMINATED] = "nominated", [NOMINATION_REVIEWED] = "reviewed",
    [NOMINATION_REFUSED] = "refused",     [NOMINATION_AWARDED] = "awarded",
    [NOMINATION_WITHDRAWN] = "withdrawn", [NOMINATION_NOTICED] = "noticed",
    [NOMINATION_PASSED] = "passed",
};

/* What it said when it was issued. */
static int show_bulletin_whole(struct query *query, uint32_t number, const struct thing *thing,
                               struct arena *arena, json_t *object) {
    const struct bulletin_issued *bulletin = thing->attributes;
    (void)query;
    (void)number;
    (void)arena;
    json_object_set_new(object, "document",
                        json_loadb(bulletin->content.data, bulletin->content.size, 0, NULL));
    return 0;
}

static const struct thing_view views[NOUN_COUNT] = {
    [NOUN_REGION] = {.extras = show_region, .details = show_region_whole},
    [NOUN_ORGANISATION] = {STATES(organisation_states), .state = organisation_state,
                           .extras = show_organisation, .details = show_organisation_whole},
    [NOUN_ACTIVITY] = {STATES(activity_states), .extras = show_activity,
                       .details = show_activity_whole},
    [NOUN_TEAM] = {STATES(team_states), .state = team_state, .region = team_region,
                   .extras = show_team, .details = show_team_whole},
    [NOUN_PROJECT] = {STATES(project_states), .region = project_region,
                      .details = show_project_whole},
    [NOUN_STATION] = {STATES(station_states), .state = station_state, .extras = show_station,
                      .details = show_station_whole, .is_asked_for = station_is_asked_for},
    [NOUN_DOCUMENT] = {STATES(document_states), .extras = show_document,
                       .details = show_document_whole},
    [NOUN_PLAN] = {.region = plan_region, .extras = show_plan, .details = show_plan_whole},
    [NOUN_POST] = {STATES(post_states), .extras = show_post, .details = show_post_whole,
                   .is_asked_for = post_is_asked_for},
    [NOUN_PAIRING] = {STATES(pairing_states), .extras = show_pairing},
    [NOUN_TRAINING] = {.extras = show_training},
    [NOUN_EMERGENCY] = {STATES(emergency_states), .extras = show_emergency,
                        .details = show_emergency_whole},
    [NOUN_COMPLAINT] = {STATES(complaint_states), .extras = show_complaint},
    [NOUN_NEED] = {STATES(need_states), .extras = show_need, .is_asked_for = need_is_asked_for,
                   .ordered = need_order_number, .order = TABLE_NEED_ORDER},
    [NOUN_BENEFICIARY] = {STATES(beneficiary_states), .extras = show_beneficiary,
                          .details = show_beneficiary_whole,
                          .is_asked_for = beneficiary_is_asked_for},
    [NOUN_APPEAL] = {STATES(appeal_states), .extras = show_appeal},
    [NOUN_BULLETIN] = {STATES(bulletin_states), .details = show_bulletin_whole,
                       .withheld = "content"},
    [NOUN_REWARD] = {STATES(reward_states), .extras = show_reward},
    [NOUN_REDEMPTION] = {STATES(redemption_states), .extras = show_redemption,
                         .details = show_redemption_whole},
    [NOUN_APPLICATION] = {STATES(application_states), .state = application_state,
                          .extras = show_application, .details = show_application_whole},
    [NOUN_PUBLIC_NOTICE] = {STATES(public_notice_states), .state = public_notice_state,
                            .region = public_notice_region, .extras = show_public_notice},
    [NOUN_NOMINATION] = {STATES(nomination_states), .state = nomination_state,
                         .region = nomination_region, .extras = show_nomination,
                         .details = show_nomination_whole},
    [NOUN_CASE] = {STATES(case_states), .region = case_region, .extras = show_case,
                   .details = show_case_whole},
    [NOUN_ALERT] = {STATES(alert_states), .region = alert_region, .extras = show_alert,
                    .details = show_alert_whole, .is_asked_for = alert_is_asked_for},
    [NOUN_EVIDENCE] = {.region = evidence_region,
                       .extras = show_evidence,
                       .is_asked_for = evidence_is_asked_for},
    [NOUN_PEER] = {.details = show_peer_whole},
    [NOUN_CERTIFICATE] = {STATES(certificate_states), .region = certificate_region,
                          .extras = show_certificate, .details = show_certificate_whole},
    [NOUN_CAMPAIGN] = {STATES(campaign_states), .extras = show_campaign,
                       .details = show_campaign_whole},
    [NOUN_NOTICE] = {STATES(notice_states), .state = notice_state, .extras = show_notice},
    [NOUN_TASK] = {STATES(task_states), .state = task_state, .region = task_region,
                   .extras = show_task, .details = show_task_whole},
    [NOUN_COMMITMENT] = {STATES(commitment_states), .state = commitment_state,
                         .region = commitment_region, .extras = show_commitment},
};

const struct thing_view *thing_view(enum noun noun) {
    return &views[noun];
}
