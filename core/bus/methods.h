/* The functions behind the rows of methods.c, one for each method of the query socket. Contracts as
 * method.h says. */
#pragma once

#include "bus/method.h"

/* status.c, journal_read.c, catalogue_methods.c, command.c, job_methods.c */
query_method query_status, query_journal_read, query_schema_get, query_asyncapi_get,
    query_method_list;
query_method query_event_try, query_clock_accept, query_job_start, query_job_get, query_job_cancel;

/* methods_*.c, one file per noun */
query_method query_region_get, query_region_list, query_region_tree;
query_method query_organisation_get, query_organisation_list;
query_method query_volunteer_get, query_volunteer_list;
query_method query_activity_get, query_activity_list;
query_method query_record_get, query_record_list;
query_method query_explain, query_report_stars;
query_method query_policy_list, query_policy_get, query_policy_check, query_policy_activate,
    query_policy_history;
