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
command_run run_dictionary_list;
command_run run_dictionary_set;
command_run run_dictionary_retire;
command_run run_dictionary_import;
command_run run_calendar_import;
command_run run_calendar_list;
command_run run_points_adjust;
command_run run_record_held;
command_run run_record_review;
command_run run_explain_volunteer;
command_run run_explain_record;
command_run run_report_stars;
command_run run_policy_list;
command_run run_policy_show;
command_run run_policy_check;
command_run run_policy_activate;
command_run run_policy_history;
command_run run_journal_read;
command_run run_journal_verify;
command_run run_journal_replay;
command_run run_clock_accept;
