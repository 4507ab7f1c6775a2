/* What is shown of each noun beside its attributes: the functions behind the rows of thing_view.c.
 * Threads: that of the query. Errors: 0 or < 0. */
#pragma once

#include "bus/thing_view.h"

/* thing_show_region.c: regions and organisations */
thing_show show_region, show_region_whole, show_organisation, show_organisation_whole;
extern const char *const organisation_states[2];
int organisation_state(struct query *query, uint32_t number, const struct thing *thing,
                       unsigned *ret_state);

/* thing_show_network.c: teams, projects, stations, plans */
thing_show show_team, show_team_whole, show_station, show_station_whole, show_plan, show_plan_whole;
extern const char *const team_states[2], *const project_states[2], *const station_states[4];
int team_state(struct query *query, uint32_t number, const struct thing *thing,
               unsigned *ret_state);
int station_state(struct query *query, uint32_t number, const struct thing *thing,
                  unsigned *ret_state);
int team_region(struct query *query, uint32_t number, const struct thing *thing,
                uint32_t *ret_region);
thing_show show_project_whole;
int project_region(struct query *query, uint32_t number, const struct thing *thing,
                   uint32_t *ret_region);
int station_is_asked_for(struct query *query, uint32_t number, bool *ret_takes);
/* What a station still lacks: [part]. */
struct station;
json_t *json_from_missing_parts(const struct station *station);
int plan_region(struct query *query, uint32_t number, const struct thing *thing,
                uint32_t *ret_region);
/* What a measure stands at: each is a counter, of trainings in the year of `due`. */
int measure_now(struct query *query, enum MEASURE_choice measure, int32_t due, enum noun noun,
                uint32_t number, int64_t *ret_value);

/* thing_show_documents.c */
thing_show show_document, show_document_whole;
extern const char *const document_states[2];

/* thing_show_rewards.c: rewards, redemptions, star applications, nominations */
thing_show show_reward, show_redemption, show_redemption_whole, show_application,
    show_application_whole, show_nomination, show_nomination_whole;
int application_state(struct query *query, uint32_t number, const struct thing *thing,
                      unsigned *ret_state);
int nomination_state(struct query *query, uint32_t number, const struct thing *thing,
                     unsigned *ret_state);
int nomination_region(struct query *query, uint32_t number, const struct thing *thing,
                      uint32_t *ret_region);
/* thing_show_people.c: activities, complaints, trainings */
thing_show show_activity, show_activity_whole, show_complaint, show_training;
extern const char *const complaint_states[3];
/* thing_show_cases.c */
thing_show show_case, show_case_whole;
extern const char *const case_states[5];
int case_region(struct query *query, uint32_t number, const struct thing *thing,
                uint32_t *ret_region);
/* thing_show_certificates.c */
thing_show show_certificate, show_certificate_whole;
extern const char *const certificate_states[4];
int certificate_region(struct query *query, uint32_t number, const struct thing *thing,
                       uint32_t *ret_region);
/* thing_show_emergency.c */
thing_show show_emergency, show_emergency_whole;
extern const char *const emergency_states[2];
/* Those that are in force, newest first. */
int emergencies_in_force(struct query *query, json_t **ret_list);

/* thing_show_records.c: public notices */
thing_show show_public_notice;
extern const char *const public_notice_states[4];
int public_notice_state(struct query *query, uint32_t number, const struct thing *thing,
                        unsigned *ret_state);
int public_notice_region(struct query *query, uint32_t number, const struct thing *thing,
                         uint32_t *ret_region);
/* thing_show_care.c: needs, beneficiaries */
thing_show show_need, show_beneficiary, show_beneficiary_whole;
extern const char *const need_states[4], *const beneficiary_states[2];
int need_is_asked_for(struct query *query, uint32_t number, bool *ret_takes);
int beneficiary_is_asked_for(struct query *query, uint32_t number, bool *ret_takes);
/* thing_show_posts.c: posts, pairings */
thing_show show_post, show_post_whole, show_pairing;
extern const char *const post_states[2], *const pairing_states[2];
int post_is_asked_for(struct query *query, uint32_t number, bool *ret_takes);
/* thing_show_alerts.c: alerts, evidence, peers */
thing_show show_alert, show_alert_whole, show_evidence, show_peer_whole;
extern const char *const alert_states[3], *const evidence_states[3];
int alert_region(struct query *query, uint32_t number, const struct thing *thing,
                 uint32_t *ret_region);
int alert_is_asked_for(struct query *query, uint32_t number, bool *ret_takes);
int evidence_region(struct query *query, uint32_t number, const struct thing *thing,
                    uint32_t *ret_region);
int evidence_is_asked_for(struct query *query, uint32_t number, bool *ret_takes);
/* thing_show_integrity.c: appeals */
thing_show show_appeal;
extern const char *const appeal_states[2];

/* thing_show_campaign.c: campaigns, notices, tasks, commitments */
thing_show show_campaign, show_campaign_whole, show_notice, show_task, show_task_whole,
    show_commitment;
extern const char *const campaign_states[2], *const notice_states[3],
                                                 *const task_states[5], *const commitment_states[3];
int notice_state(struct query *query, uint32_t number, const struct thing *thing,
                 unsigned *ret_state);
int task_state(struct query *query, uint32_t number, const struct thing *thing,
               unsigned *ret_state);
int task_region(struct query *query, uint32_t number, const struct thing *thing,
                uint32_t *ret_region);
int commitment_state(struct query *query, uint32_t number, const struct thing *thing,
                     unsigned *ret_state);
int commitment_region(struct query *query, uint32_t number, const struct thing *thing,
                      uint32_t *ret_region);
