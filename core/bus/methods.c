#include "bus/methods.h"

#define TEXT(name)                                                                                 \
    { name, PARAMETER_TEXT, false }
#define TEXT_REQUIRED(name)                                                                        \
    { name, PARAMETER_TEXT, true }
#define INTEGER(name)                                                                              \
    { name, PARAMETER_INTEGER, false }
#define DATE(name)                                                                                 \
    { name, PARAMETER_DATE, false }
#define OBJECT(name)                                                                               \
    { name, PARAMETER_OBJECT, false }
#define OBJECT_REQUIRED(name)                                                                      \
    { name, PARAMETER_OBJECT, true }
#define LIST(name)                                                                                 \
    { name, PARAMETER_LIST, false }
#define PAGE TEXT("cursor"), INTEGER("limit")
#define NONE                                                                                       \
    { 0 }

/* OF_STATE methods read the view; others answer the same from any. */
#define OF_STATE(method, function, text, ...)                                                      \
    {                                                                                              \
        .name = method, .run = function, .help = text, .parameters = {__VA_ARGS__},                \
        .any_state = false                                                                         \
    }
#define OF_ANY(method, function, text, ...)                                                        \
    {                                                                                              \
        .name = method, .run = function, .help = text, .parameters = {__VA_ARGS__},                \
        .any_state = true                                                                          \
    }

const struct method methods[] = {
    OF_STATE("status", query_status, "How the daemon is: sequences, clock, counters, warnings.",
             NONE),
    OF_ANY("journal.read", query_journal_read,
           "Events after a sequence, in order and without loss; waits for new ones up to wait_ms.",
           INTEGER("after"), INTEGER("limit"), LIST("types"), INTEGER("wait_ms"), TEXT("epoch")),
    OF_ANY("schema.get", query_schema_get,
           "JSON Schema of one event type, or of the whole catalogue.", TEXT("type")),
    OF_ANY("asyncapi.get", query_asyncapi_get, "The bus as an AsyncAPI 3 document.", NONE),
    OF_ANY("method.list", query_method_list, "These methods with their parameters.", NONE),

    OF_STATE("region.get", query_region_get, "A region with its path and its counters.",
             TEXT_REQUIRED("region")),
    OF_STATE("region.list", query_region_list, "Regions by parent, level or part of the name.",
             TEXT("parent"), TEXT("level"), TEXT("name"), PAGE),
    OF_STATE("region.tree", query_region_tree, "The regions below one, nested.", TEXT("region"),
             INTEGER("depth")),
    OF_STATE("organisation.get", query_organisation_get, "An organisation with its counters.",
             TEXT_REQUIRED("organisation")),
    OF_STATE("organisation.list", query_organisation_list,
             "Organisations by region, kind or part of the name.", TEXT("region"), TEXT("kind"),
             TEXT("name"), PAGE),
    OF_STATE("volunteer.get", query_volunteer_get,
             "A volunteer: attributes, stars and totals; sealed fields are only named.",
             TEXT_REQUIRED("volunteer")),
    OF_STATE("volunteer.list", query_volunteer_list,
             "Volunteers by region (of any level), employer, stars, state or party status.",
             TEXT("region"), TEXT("employer"), INTEGER("stars"), TEXT("state"),
             TEXT("party_status"), PAGE),
    OF_STATE("activity.get", query_activity_get, "An activity.", TEXT_REQUIRED("activity")),
    OF_STATE("activity.list", query_activity_list,
             "Activities by region, organisation, category or state.", TEXT("region"),
             TEXT("organisation"), TEXT("category"), TEXT("state"), PAGE),
    OF_STATE("record.get", query_record_get,
             "A service record with its last decision and the findings.", TEXT_REQUIRED("record")),
    OF_STATE("record.list", query_record_list,
             "Service records by volunteer, activity, organisation, region or state.",
             TEXT("volunteer"), TEXT("activity"), TEXT("organisation"), TEXT("region"),
             TEXT("state"), PAGE),

    OF_STATE("explain", query_explain,
             "Why a volunteer has the stars they have, or why a record counts or does not.",
             TEXT("volunteer"), TEXT("record")),
    OF_STATE("report.stars", query_report_stars, "The distribution of stars by region.",
             TEXT("region"), TEXT("by")),

    OF_STATE("policy.list", query_policy_list,
             "Policies in force, and the files that differ from them.", NONE),
    OF_STATE("policy.get", query_policy_get, "A policy's text in force, or one revision's.",
             TEXT("policy"), TEXT("revision")),
    OF_STATE("policy.check", query_policy_check,
             "Checks a policy's text and runs its cases; activates nothing.", TEXT_REQUIRED("text"),
             TEXT("file")),
    OF_STATE("policy.activate", query_policy_activate, "Checks a policy and puts it in force.",
             TEXT_REQUIRED("text"), TEXT("file"), DATE("effective"), TEXT("retroactivity"),
             TEXT("scope"), TEXT("document"), TEXT("by")),
    OF_STATE("policy.history", query_policy_history, "The revisions of a policy.",
             TEXT_REQUIRED("policy")),

    OF_STATE("event.try", query_event_try,
             "What an event would do: accepted or refused, and the decisions. Nothing is stored.",
             OBJECT_REQUIRED("event")),
    OF_STATE("clock.accept", query_clock_accept, "Accepts the system's clock after a jump.",
             TEXT("by")),
    OF_ANY("job.start", query_job_start, "Starts long work: journal.verify or journal.replay.",
           TEXT_REQUIRED("job"), OBJECT("parameters")),
    OF_ANY("job.get", query_job_get, "How far a job is; waits up to wait_ms for its end.",
           TEXT_REQUIRED("job"), INTEGER("wait_ms")),
    OF_ANY("job.cancel", query_job_cancel, "Ends a job.", TEXT_REQUIRED("job")),
};

const size_t n_methods = sizeof methods / sizeof *methods;
