/* The functions behind the command table, one file per noun. */
#pragma once

#include "command.h"

command_run run_status;
command_run run_publish;
command_run run_watch;
command_run run_schema;
command_run run_list;
command_run run_show;
command_run run_send;
command_run run_region_import;
command_run run_region_tree;
command_run run_region_recode;
command_run run_station_plan;
command_run run_station_progress;
command_run run_dictionary_list;
command_run run_dictionary_set;
command_run run_dictionary_retire;
command_run run_dictionary_import;
command_run run_calendar_import;
command_run run_calendar_list;
command_run run_points_adjust;
command_run run_honour_propose, run_honour_proposed, run_honour_nominate;
command_run run_case_candidates, run_case_nominate, run_case_verify, run_case_publish,
    run_case_withdraw;
command_run run_certificate_request, run_certificate_issue, run_certificate_refuse;
command_run run_activity_ical;
command_run run_activity_nearby, run_station_nearby;
command_run run_emergency_declare, run_emergency_end, run_emergency_list;
command_run run_certificate_revoke, run_certificate_verify, run_certificate_print;
command_run run_volunteer_find, run_volunteer_export;
command_run run_record_held;
command_run run_record_review;
command_run run_record_disputed;
command_run run_record_settle;
/* need.c */
command_run run_notice_receipts;
command_run run_alert_list, run_alert_acknowledge, run_evidence_review;
command_run run_need_match, run_need_refer, run_need_close;
command_run run_record_sampled, run_record_sample, run_record_answer;
command_run run_record_import;
command_run run_import_list, run_import_show, run_import_undo, run_import_file, run_import_template;
command_run run_explain_volunteer;
command_run run_explain_record;
command_run run_explain_region;
command_run run_report_stars;
command_run run_report_document;
command_run run_bulletin_preview;
command_run run_bulletin_issue;
command_run run_bulletin_drill;
command_run run_bulletin_list;
command_run run_bulletin_show;
command_run run_policy_list;
command_run run_policy_show;
command_run run_policy_check;
command_run run_policy_test;
command_run run_policy_new;
command_run run_policy_activate;
command_run run_policy_history;
command_run run_policy_set;
command_run run_policy_pull;
command_run run_policy_sign;
command_run run_policy_rollback;
command_run run_policy_retire;
command_run run_policy_set_aside;
command_run run_policy_release;
command_run run_key_new;
command_run run_policy_replay;
command_run run_policy_diff;
command_run run_journal_read;
command_run run_journal_verify;
command_run run_journal_replay;
command_run run_clock_accept;
command_run run_plugin_list, run_plugin_show, run_plugin_restart, run_plugin_log, run_plugin_dump,
    run_plugin_call;
command_run run_completion;
command_run run_man;
