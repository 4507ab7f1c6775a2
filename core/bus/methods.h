/* The functions behind the rows of methods.c, one for each method of the query socket. Contracts as
 * method.h says. */
#pragma once

#include "bus/method.h"

/* status.c, journal_read.c, catalogue_methods.c, command.c, job_methods.c */
query_method query_status, query_numbers_get, query_journal_read, query_schema_get,
    query_asyncapi_get, query_method_list;
query_method query_event_try, query_clock_accept, query_job_start, query_job_get, query_job_cancel;

/* methods_thing.c: every noun whose attributes the state keeps */
query_method query_thing_get, query_thing_list;

/* methods_*.c, one file per subject */
query_method query_region_tree;
query_method query_volunteer_get, query_volunteer_list;
query_method query_record_get, query_record_list;
query_method query_figure_get, query_figure_list;
query_method query_title_get, query_title_list;
query_method query_points_get, query_points_list;
query_method query_report_funds, query_report_rewards, query_report_points;
query_method query_fund_get, query_fund_list, query_fund_entry_get, query_fund_entry_list;
query_method query_enrolment_get, query_enrolment_list, query_attendance_get, query_attendance_list;
query_method query_qualification_get, query_qualification_list;
query_method query_report_in_get, query_report_in_list;
query_method query_report_posts, query_report_pairings, query_report_reporting_in;
query_method query_consent_get, query_consent_list;
query_method query_volunteer_find, query_volunteer_suspects, query_volunteer_identity;
query_method query_report_coverage, query_report_trend, query_report_leaders, query_report_quality;
query_method query_batch_get, query_batch_list, query_command_one;
query_method query_dictionary_get, query_dictionary_list;
query_method query_calendar_get, query_calendar_list;
query_method query_dictionary_set, query_calendar_set, query_points_adjust;
query_method query_honour_propose, query_honour_proposed;
query_method query_certificate_issue, query_certificate_verify, query_certificate_paper,
    query_report_certificates;
query_method query_explain;
query_method query_case_candidates, query_report_cases;
query_method query_need_candidates, query_report_needs, query_report_care,
    query_report_satisfaction;
query_method query_report_campaign, query_report_overdue, query_notice_receipts;
query_method query_report_plans, query_report_maturity;
query_method query_report_matrix, query_report_projects, query_activity_nearby,
    query_station_nearby;
query_method query_report_stars, query_report_benchmark, query_report_ranking,
    query_report_forecast, query_report_assessment, query_report_integrity, query_station_progress,
    query_station_communities, query_report_network, query_report_units, query_report_teams,
    query_report_training, query_report_regularity, query_report_reach;
query_method query_assessment_get, query_assessment_list;
query_method query_report_media, query_bulletin_drill, query_bulletin_preview, query_bulletin_issue;
query_method query_policy_list, query_policy_get, query_policy_check, query_policy_activate,
    query_policy_history, query_policy_set, query_policy_pull, query_policy_sign,
    query_policy_rollback, query_policy_retire, query_policy_set_aside, query_policy_release;
query_method query_policy_replay;

/* ../plugin/methods_plugin.c: what plugins answer themselves, and how they are */
query_method query_plugins_method;
query_method query_plugin_list, query_plugin_get, query_plugin_restart, query_plugin_dump,
    query_plugin_log;
