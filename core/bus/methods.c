#include "bus/methods.h"

#define TEXT(name)                                                                                 \
    { name, PARAMETER_TEXT, false }
#define TEXT_REQUIRED(name)                                                                        \
    { name, PARAMETER_TEXT, true }
#define INTEGER(name)                                                                              \
    { name, PARAMETER_INTEGER, false }
#define INTEGER_REQUIRED(name)                                                                     \
    { name, PARAMETER_INTEGER, true }
#define BOOLEAN(name)                                                                              \
    { name, PARAMETER_BOOLEAN, false }
#define DATE(name)                                                                                 \
    { name, PARAMETER_DATE, false }
#define DATE_REQUIRED(name)                                                                        \
    { name, PARAMETER_DATE, true }
#define OBJECT(name)                                                                               \
    { name, PARAMETER_OBJECT, false }
#define OBJECT_REQUIRED(name)                                                                      \
    { name, PARAMETER_OBJECT, true }
#define LIST(name)                                                                                 \
    { name, PARAMETER_LIST, false }
#define PAGE TEXT("cursor"), INTEGER("limit")
#define NONE                                                                                       \
    { 0 }
/* The get and the list of a noun whose attributes the state keeps; and by what it may be listed
 * beside those. */
#define THING(word, NOUN, get_text, list_text) THING_BY(word, NOUN, get_text, list_text, NONE)
#define THING_BY(word, NOUN, get_text, list_text, ...)                                             \
    {.name = word ".get",                                                                          \
     .run = query_thing_get,                                                                       \
     .help = get_text,                                                                             \
     .form = METHOD_GET,                                                                           \
     .noun = NOUN_##NOUN},                                                                         \
    {                                                                                              \
        .name = word ".list", .run = query_thing_list, .help = list_text, .form = METHOD_LIST,     \
        .noun = NOUN_##NOUN, .parameters = {                                                       \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define GET(word, NOUN, function, text)                                                            \
    { .name = word ".get", .run = function, .help = text, .form = METHOD_GET, .noun = NOUN_##NOUN }
/* Writes events of a type. */
#define COMMAND(method, type, function, text, ...)                                                 \
    {                                                                                              \
        .name = method, .run = function, .help = text, .form = METHOD_COMMAND,                     \
        .event = EVENT_##type, .parameters = {                                                     \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
#define REPORT TEXT("region"), TEXT("by"), DATE("as_of")
#define SUBJECT TEXT("subject_kind"), TEXT("subject")

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
    OF_ANY("numbers.get", query_numbers_get,
           "Numbers to be drawn over time: journal, store, disk, bus, policies by revision, runs, "
           "the ledger's sums, what the city is measured by.",
           NONE),
    OF_ANY("journal.read", query_journal_read,
           "Events after a sequence, in order and without loss; waits for new ones up to wait_ms.",
           INTEGER("after"), INTEGER("limit"), LIST("types"), INTEGER("wait_ms"), TEXT("epoch")),
    OF_ANY("schema.get", query_schema_get,
           "JSON Schema of one event type, or of the whole catalogue.", TEXT("type")),
    OF_ANY("asyncapi.get", query_asyncapi_get, "The bus as an AsyncAPI 3 document.", NONE),
    OF_ANY("method.list", query_method_list, "These methods with their parameters.", NONE),

    THING("region", REGION, "A region with its path, its counters and the codes it had.",
          "Regions by parent, level, kind or part of the name."),
    OF_STATE("region.tree", query_region_tree, "The regions below one, nested.", TEXT("region"),
             INTEGER("depth")),
    THING("organisation", ORGANISATION, "An organisation with its counters.",
          "Organisations by region, kind, line, state or part of the name."),
    GET("volunteer", VOLUNTEER, query_volunteer_get,
        "A volunteer: attributes, stars and totals; sealed fields are only named."),
    OF_STATE("volunteer.list", query_volunteer_list,
             "Volunteers by region (of any level), employer, team, stars, state, standing or party "
             "status.",
             TEXT("region"), TEXT("employer"), TEXT("team"), TEXT("missing"), INTEGER("stars"),
             TEXT("state"), TEXT("party_status"), TEXT("standing"), BOOLEAN("reported_in"), PAGE),
    THING("activity", ACTIVITY, "An activity.",
          "Activities by region, organisation, team, category, state and more."),
    GET("record", RECORD, query_record_get,
        "A service record with its last decision and the findings."),
    OF_STATE("record.list", query_record_list,
             "Service records, and totals carried over from earlier years, by volunteer, activity, "
             "organisation, region, state, stage, or the second look that was asked for (check: "
             "open, real, false).",
             TEXT("volunteer"), TEXT("activity"), TEXT("organisation"), TEXT("region"),
             TEXT("state"), TEXT("stage"), BOOLEAN("carried"), DATE("from"), DATE("to"),
             TEXT("check"), TEXT("signal"), PAGE),
    THING("public_notice", PUBLIC_NOTICE,
          "A public notice: of what, until when, and what became of it.",
          "Public notices by subject or state."),

    THING("team", TEAM, "A team, with how many are in it.",
          "Teams by region, organisation, category, legal status, state or part of the name."),
    THING(
        "project", PROJECT, "A project.",
        "Projects by region, organisation, station, category, brand, state or part of the title."),
    THING_BY(
        "station", STATION,
        "A station: what it still lacks, who is responsible, and every step with its evidence.",
        "Stations by region, state, who is responsible, part of the name or whether they are "
        "overdue.",
        BOOLEAN("overdue")),
    THING("plan", PLAN, "A plan, what it stands at, and its earlier versions.",
          "Plans by subject, measure or region."),
    THING("document", DOCUMENT, "A document, and what rests on it: rules, titles, plans and more.",
          "Documents by part of the title or state (in_force, withdrawn)."),
    THING("bulletin", BULLETIN, "A bulletin as it was issued, with its document.",
          "Issued bulletins by kind or region, without what they say."),

    THING_BY(
        "post", POST,
        "A post: who claimed it, what was done and found there, and on which days nobody came.",
        "Posts by kind, region, organisation, campaign, state, who is responsible, whether they "
        "are claimed, answered for by anybody, or overdue.",
        BOOLEAN("claimed"), BOOLEAN("overdue"), BOOLEAN("answered_for")),
    THING("pairing", PAIRING, "Which unit looks after which community or estate, since when.",
          "Pairings by organisation, region, campaign or state."),
    GET("report_in", REPORT_IN, query_report_in_get,
        "Where a Party member in service has reported in, by the volunteer's id."),
    OF_STATE("report_in.list", query_report_in_list,
             "Party members who have reported in, by unit, community or whether the unit looks "
             "after it.",
             TEXT("employer"), TEXT("region"), BOOLEAN("paired"), PAGE),
    THING("course", COURSE, "A course.", "Courses by topic or part of the title."),
    THING("training", TRAINING, "A training that somebody completed.",
          "Training by volunteer, course or whether it was passed."),
    THING("complaint", COMPLAINT, "A complaint: about whom or what, and what became of it.",
          "Complaints by subject or state."),
    THING("emergency", EMERGENCY, "An emergency, with what was published and done in it.",
          "Emergencies by region or state (declared, ended)."),
    THING_BY("need", NEED, "A need: what became of it, and how long it has been open.",
             "Needs, the most urgent and oldest first, by region, category, priority, state or how "
             "many days they have been open.",
             INTEGER("open_days")),
    OF_STATE("need.candidates", query_need_candidates,
             "Open activities of a need's category, the nearest first.", TEXT_REQUIRED("need"),
             INTEGER("limit")),
    THING_BY("beneficiary", BENEFICIARY,
             "Somebody who is looked after: plan, visits, and whether one is overdue.",
             "The people served, by region, served group, state or whether a visit is overdue.",
             BOOLEAN("overdue")),
    THING("campaign", CAMPAIGN, "A campaign, with what was asked and done in it.",
          "Campaigns by state (launched, closed), document or part of the title."),
    THING("notice", NOTICE, "A notice, and how many of its receipts are there.",
          "Notices by campaign, addressee (to), state (open, overdue, complete) or part of the "
          "title."),
    OF_STATE("notice.receipts", query_notice_receipts,
             "Who has said that the notice came, who was late, and who has not said it (state: "
             "received, late, waiting, overdue).",
             TEXT_REQUIRED("notice"), TEXT("state")),
    THING("task", TASK, "A task: who answers for it, every report with its evidence, every answer.",
          "Tasks by organisation, owner, notice, region or state (assigned, reported, accepted, "
          "returned, overdue)."),
    THING("commitment", COMMITMENT, "A commitment, and the evidence that it was kept.",
          "Commitments by subject, campaign, region or state (made, kept, overdue)."),
    THING("case", CASE, "A case: how it was verified, and its text while it is published.",
          "Cases by subject, region or state."),
    OF_STATE("case.candidates", query_case_candidates,
             "Who was honoured or proposed in a year, and has no case yet.", INTEGER("year"),
             TEXT("region"), INTEGER("limit")),
    THING("appeal", APPEAL, "An appeal: against what, until when, and what became of it.",
          "Appeals by subject or state."),
    GET("enrolment", ENROLMENT, query_enrolment_get,
        "An enrolment for an activity, or a claim of a post, by its number: state, decision, "
        "attendance."),
    OF_STATE("enrolment.list", query_enrolment_list,
             "Enrolments and claims, by volunteer, activity, shift, post or state.",
             TEXT("volunteer"), TEXT("activity"), TEXT("shift"), TEXT("post"), TEXT("state"), PAGE),
    GET("attendance", ATTENDANCE, query_attendance_get,
        "When somebody checked in and out, by the enrolment's number."),
    OF_STATE(
        "attendance.list", query_attendance_list,
        "Who came and who was missed, by volunteer, activity or shift; or those alone who never "
        "checked out.",
        TEXT("volunteer"), TEXT("activity"), TEXT("shift"), BOOLEAN("missing_check_out"), PAGE),
    GET("qualification", QUALIFICATION, query_qualification_get,
        "A qualification that a volunteer holds: qualification/volunteer."),
    OF_STATE("qualification.list", query_qualification_list,
             "Qualifications by volunteer, name or the day on which they hold.", TEXT("volunteer"),
             TEXT("qualification"), DATE("valid_on"), PAGE),
    OF_STATE("volunteer.find", query_volunteer_find,
             "Who has this identity number, telephone or name; the reading is noted.",
             TEXT("number"), TEXT("document_kind"), TEXT("phone"), TEXT("name"), TEXT("region"),
             TEXT("purpose"), TEXT("by")),
    OF_STATE("volunteer.identity", query_volunteer_identity,
             "Name, document and telephone of one person; the reading is journalled "
             "(identity.read).",
             TEXT_REQUIRED("volunteer"), TEXT_REQUIRED("purpose"), TEXT("by")),
    OF_STATE("volunteer.suspects", query_volunteer_suspects,
             "Who of a region may be registered twice: one name and month of birth, one telephone.",
             TEXT_REQUIRED("region"), INTEGER("limit")),
    GET("consent", CONSENT, query_consent_get,
        "What a volunteer agreed to, purpose/volunteer, with its history."),
    GET("batch", BATCH, query_batch_get,
        "What came with an import: how many events of which types, and how much of it was taken "
        "back."),
    OF_STATE("batch.list", query_batch_list, "Imports by state (open, undoing, undone).",
             TEXT("state"), PAGE),
    COMMAND("batch.undo", batch_undone, query_command_one,
            "Takes back what came with an import, the last first.", NONE),
    OF_STATE("consent.list", query_consent_list,
             "Consents by volunteer, purpose, state (given, withdrawn) or the day on which they "
             "hold.",
             TEXT("volunteer"), TEXT("purpose"), TEXT("state"), DATE("valid_on"), PAGE),
    GET("civilised_title", CIVILISED_TITLE, query_title_get,
        "A civilised title of a unit or region, title/kind/id, with its history."),
    OF_STATE("civilised_title.list", query_title_list,
             "Civilised titles by title, level, subject, region or state (held, withdrawn).",
             TEXT("title"), TEXT("level"), SUBJECT, TEXT("region"), TEXT("state"), PAGE),
    GET("figure", FIGURE, query_figure_get,
        "A figure of a region or organisation, figure/kind/id, with all its reports."),
    OF_STATE("figure.list", query_figure_list,
             "The newest report of each figure, by figure, subject or region.", TEXT("figure"),
             SUBJECT, TEXT("region"), PAGE),
    GET("dictionary", DICTIONARY, query_dictionary_get,
        "A dictionary, or one entry of it: dictionary/code."),
    OF_STATE("dictionary.list", query_dictionary_list, "The entries of one dictionary, or of all.",
             TEXT("dictionary"), PAGE),
    GET("calendar", CALENDAR, query_calendar_get,
        "A day: worked or not; what nobody set follows from the day of the week."),
    OF_STATE("calendar.list", query_calendar_list, "The days that were set.", DATE("from"),
             DATE("to"), PAGE),

    OF_STATE("assessment.get", query_assessment_get,
             "How a region or organisation stands by the assessment policies in force.",
             TEXT("assessment"), SUBJECT, DATE("as_of")),
    OF_STATE("assessment.list", query_assessment_list,
             "How each indicator stood when it was assessed last, and since when.", SUBJECT,
             TEXT("indicator"), TEXT("state"), TEXT("region"), PAGE),
    THING_BY("alert", ALERT, "An alert: what must be looked at, what to do, and what became of it.",
             "Alerts by code, indicator, severity, subject, region or state (raised, acknowledged, "
             "cleared).",
             TEXT("code"), TEXT("indicator")),
    COMMAND("alert.acknowledge", alert_acknowledged, query_command_one,
            "Says that somebody looks at an alert; it is cleared when what it is about is over.",
            NONE),
    THING_BY("evidence", EVIDENCE,
             "Evidence for an item of an assessment: what was found, and who reviewed it.",
             "Evidence by subject, item, method, region or stage (submitted, accepted, refused).",
             TEXT("stage"), TEXT("item")),
    THING("peer", PEER, "Another city, and all that was reported of it.", "Other cities."),
    OF_STATE("bulletin.preview", query_bulletin_preview,
             "What a bulletin would say: as of a day, about a period.", TEXT_REQUIRED("kind"),
             TEXT("region"), DATE("as_of"), TEXT("period"), TEXT("compare")),
    OF_STATE("bulletin.drill", query_bulletin_drill,
             "What a figure of a bulletin is made of: by the regions below, in the end one by one.",
             TEXT("bulletin"), TEXT("kind"), TEXT("region"), DATE("as_of"), TEXT("period"),
             TEXT("section"), TEXT("row"), TEXT_REQUIRED("column"), TEXT("into"), BOOLEAN("own"),
             INTEGER("limit")),
    OF_STATE("bulletin.issue", query_bulletin_issue, "Numbers a bulletin and freezes what it says.",
             TEXT_REQUIRED("kind"), INTEGER("number"), TEXT("region"), TEXT("period"),
             DATE("as_of"), TEXT("by"), TEXT("compare")),

    COMMAND("dictionary.set", dictionary_entry_set, query_dictionary_set,
            "Sets an entry of a dictionary, or a list of `entries`.", LIST("entries")),
    COMMAND("calendar.set", calendar_day_set, query_calendar_set,
            "Sets a day of the calendar, or a list of `days`.", LIST("days")),
    GET("points", POINTS, query_points_get,
        "A volunteer's accounts: balance, lots, what was earned and spent."),
    OF_STATE("points.list", query_points_list,
             "The entries of a volunteer's accounts, oldest first.", TEXT_REQUIRED("volunteer"),
             TEXT("account"), PAGE),
    THING("adjustment", ADJUSTMENT, "A correction of points by hand.",
          "Corrections of points by volunteer, account or who made them."),
    COMMAND("points.adjust", points_adjusted, query_points_adjust,
            "Corrects a volunteer's points by hand, with a reason.", NONE),
    THING("transfer", TRANSFER, "Points that one volunteer gave another.",
          "Transfers of points by who gave (from), who got (to) or account."),
    THING("reward", REWARD, "A reward: its price, and how many are left, held and settled.",
          "Rewards by account, merchant, state or part of the title."),
    THING("redemption", REDEMPTION, "A redemption, how it stands and why.",
          "Redemptions by volunteer, reward or state."),
    GET("fund", FUND, query_fund_get,
        "A fund: what was allocated, committed, spent and is left, and its allocations."),
    OF_STATE("fund.list", query_fund_list, "The special funds.", PAGE),
    GET("fund_entry", FUND_ENTRY, query_fund_entry_get,
        "An entry of a fund: what it moved, and of which allocations."),
    OF_STATE("fund_entry.list", query_fund_entry_list,
             "The entries of funds, by fund, kind, redemption or who made them.", TEXT("fund"),
             TEXT("kind"), TEXT("redemption"), TEXT("by"), PAGE),
    THING("application", APPLICATION, "An application for stars, how it stands and why.",
          "Applications for stars by volunteer or state."),
    THING("honour", HONOUR, "An honour.", "Honours by level or part of the title."),
    THING("nomination", NOMINATION, "A nomination for an honour.",
          "Nominations by honour, subject, class, region or state."),
    OF_STATE("honour.propose", query_honour_propose,
             "Whom the rules of kind honour would propose, best first; it decides nothing.",
             TEXT_REQUIRED("honour"), INTEGER("year"), DATE("as_of"), TEXT("region"),
             INTEGER("limit")),
    OF_STATE("honour.proposed", query_honour_proposed,
             "Whom a scheduled run proposed for a year, best first.", TEXT_REQUIRED("honour"),
             {"year", PARAMETER_INTEGER, true}),

    THING("certificate", CERTIFICATE,
          "A certificate of service: how its request stands, and which records an issued one "
          "certifies.",
          "Certificates by volunteer, organisation, region or state."),
    OF_STATE("certificate.issue", query_certificate_issue,
             "Issues a certificate that was requested: numbers it (by the next number where none "
             "is given), freezes its records and makes the digest.",
             TEXT_REQUIRED("certificate"), TEXT_REQUIRED("handler"), TEXT("number"), TEXT("time")),
    OF_STATE("certificate.verify", query_certificate_verify,
             "What a certificate is worth, by its number or the request's id: valid, overtaken, "
             "revoked, unknown; altered where the digest is not its own.",
             TEXT("number"), TEXT("certificate"), TEXT("digest")),
    OF_STATE("certificate.paper", query_certificate_paper,
             "Everything that stands on an issued certificate, the person's name and document "
             "among it: the reading is journalled (identity.read).",
             TEXT_REQUIRED("certificate"), TEXT("by"), TEXT("purpose")),
    OF_STATE("explain", query_explain,
             "Why a volunteer has the stars they have, why a record counts or does not, or how a "
             "region stands by its indicators.",
             TEXT("volunteer"), TEXT("record"), TEXT("region"), DATE("as_of"), BOOLEAN("rule"),
             TEXT("records"), PAGE),
    OF_STATE("report.stars", query_report_stars, "The distribution of stars by region.", REPORT),
    OF_STATE(
        "report.ranking", query_report_ranking,
        "Regions by registration rate, or units by class: rank, and how many people are missing.",
        REPORT),
    OF_STATE("report.benchmark", query_report_benchmark,
             "How far the city is from its targets, and how it stands beside other cities.",
             TEXT("region"), TEXT("indicator"), DATE("as_of")),
    OF_STATE("report.coverage", query_report_coverage,
             "Who is registered of residents or, by unit, of staff, and how many are not yet.",
             REPORT),
    OF_STATE("report.trend", query_report_trend,
             "Volunteers by age (decade of birth) or occupation, or service by month, over a year.",
             REPORT),
    OF_STATE("report.leaders", query_report_leaders,
             "How the leaders of the four bodies take part, counted like everybody.",
             TEXT("region")),
    OF_STATE(
        "report.quality", query_report_quality,
        "What is missing of the registered, dead teams and, of a region, suspected duplicates.",
        REPORT, INTEGER("months")),
    OF_STATE("report.forecast", query_report_forecast,
             "When registration and stations (or, by unit, the registration of staff) reach their "
             "targets at the present pace.",
             REPORT),
    OF_STATE("report.funds", query_report_funds,
             "The special funds: allocated, committed, spent and left, by fund, year, county, "
             "township, line or origin.",
             REPORT),
    OF_STATE("report.rewards", query_report_rewards,
             "What was redeemed where and what it cost, by reward, merchant or month.",
             TEXT("region"), TEXT("by")),
    OF_STATE("report.points", query_report_points,
             "What each account issued, spent, let expire and owes, month by month.",
             DATE("as_of")),
    OF_STATE("report.integrity", query_report_integrity,
             "Second looks at records: asked, answered, false alarms; by region, organisation or "
             "signal.",
             REPORT),
    OF_STATE("report.assessment", query_report_assessment,
             "The indicators of the region's parts, and of civilised units (of one level: class).",
             REPORT, TEXT("class")),
    OF_STATE("report.certificates", query_report_certificates,
             "What became of requests for certificates, and which have waited longer than so many "
             "days (15).",
             REPORT, INTEGER("days")),
    OF_STATE("report.network", query_report_network,
             "Whether each region has its volunteer organisation (of these kinds), and which have "
             "none.",
             REPORT, TEXT("kinds")),
    OF_STATE("report.units", query_report_units,
             "Organisations and what they do: by kind, sponsor, line, channel or unit.", REPORT,
             TEXT("line"), TEXT("kind"), BOOLEAN("window")),
    OF_STATE("report.teams", query_report_teams,
             "Teams by region or category, and what members of professional ones hold.",
             TEXT("region"), TEXT("by")),
    OF_STATE("report.training", query_report_training,
             "Training of the year against its plan, and what ends within so many days.", REPORT,
             INTEGER("within")),
    OF_STATE("report.regularity", query_report_regularity,
             "In how many of the last months there were activities and service.", REPORT,
             INTEGER("months")),
    OF_STATE("report.maturity", query_report_maturity,
             "How regular, professional and lasting service is: three shares, by region.", REPORT,
             INTEGER("months"), INTEGER("active"), INTEGER("brand_months")),
    OF_STATE("report.plans", query_report_plans,
             "Plans: target, what is done, what an even pace would give, and what is overdue.",
             TEXT("region"), DATE("as_of"), INTEGER("year")),
    OF_STATE("report.reach", query_report_reach,
             "Communities with a station, a team, activities and service, and those with nothing.",
             REPORT, INTEGER("months")),
    OF_STATE("report.campaign", query_report_campaign,
             "Activities, receipts, tasks and commitments, by region or unit: of one campaign, or "
             "of all.",
             REPORT, TEXT("campaign")),
    OF_STATE("report.overdue", query_report_overdue,
             "What is overdue, who answers for it, and for how many days: the longest first.",
             TEXT("region")),
    OF_STATE("report.needs", query_report_needs,
             "Needs filed, open (and since when), matched, referred and met, by region, category "
             "or served group.",
             REPORT),
    OF_STATE("report.cases", query_report_cases,
             "Honours and cases by region, and the published cases that may be read.", REPORT),
    OF_STATE("report.care", query_report_care,
             "The people served: plans, visits, and whom nobody visited in time.", REPORT),
    OF_STATE("report.posts", query_report_posts,
             "Posts and duty: claimed or not, days kept and missed, what was found; and what is "
             "overdue, with who is responsible. By region, unit or kind.",
             REPORT),
    OF_STATE("report.pairings", query_report_pairings,
             "Communities with a unit that looks after them, and those without; or units.", REPORT),
    OF_STATE("report.reporting_in", query_report_reporting_in,
             "Of the Party members in service of each unit: who has reported in, and how many have "
             "not.",
             REPORT),
    OF_STATE("report.satisfaction", query_report_satisfaction,
             "What the served say, 1 to 5, by region or category.", REPORT),
    OF_STATE(
        "report.matrix", query_report_matrix,
        "Activities and service of the last months by category, domain, outcome, care, kind or "
        "served_group.",
        REPORT, INTEGER("months")),
    OF_STATE("report.projects", query_report_projects,
             "What was done in each project, and whether brands went on in each of the last "
             "months.",
             TEXT("region"), DATE("as_of"), BOOLEAN("brands"), INTEGER("months")),
    OF_STATE("report.media", query_report_media,
             "What may be printed as it stands, without personal data; also as a JSON Feed.",
             TEXT("region"), DATE("since")),
    OF_STATE("activity.nearby", query_activity_nearby,
             "Activities that take place still, nearest to a region, a volunteer or a position "
             "first.",
             TEXT("region"), TEXT("volunteer"), TEXT("position"), INTEGER("within_km"),
             INTEGER("limit")),
    OF_STATE("station.nearby", query_station_nearby,
             "Stations in use, nearest to a region or a volunteer first.", TEXT("region"),
             TEXT("volunteer"), INTEGER("limit")),
    OF_STATE("station.communities", query_station_communities,
             "Every community of a region, what it is, and the stations there: what a plan is held "
             "against.",
             TEXT("region"), DATE("as_of")),
    OF_STATE("station.progress", query_station_progress,
             "How far stations are by region, which are late and by whom, and how the rest burns "
             "down, by month or week.",
             REPORT, TEXT("every")),

    OF_STATE("policy.list", query_policy_list,
             "Policies in force, and the files that differ from them.", NONE),
    OF_STATE("policy.get", query_policy_get, "A policy's text in force, or one revision's.",
             TEXT("policy"), TEXT("revision"), TEXT("scope")),
    OF_STATE("policy.check", query_policy_check,
             "Checks a policy's text, or a file of policy_dir, and runs its cases; activates "
             "nothing.",
             TEXT("text"), TEXT("file")),
    OF_STATE("policy.activate", query_policy_activate, "Checks a policy and puts it in force.",
             TEXT_REQUIRED("text"), TEXT("file"), DATE("effective"), TEXT("retroactivity"),
             TEXT("scope"), TEXT("document"), BOOLEAN("withdraw"), TEXT("diff"), TEXT("by")),
    OF_STATE("policy.set", query_policy_set,
             "Gives parameters of a policy other values from a day on; `try` only says what would "
             "change.",
             TEXT_REQUIRED("policy"), TEXT("scope"), OBJECT_REQUIRED("parameters"),
             DATE_REQUIRED("from"), TEXT("retroactivity"), BOOLEAN("withdraw"), TEXT("document"),
             BOOLEAN("try"), TEXT("diff"), TEXT("by")),
    OF_STATE("policy.pull", query_policy_pull,
             "What is in force as a file of it has it: with its parameters, and based on it.",
             TEXT_REQUIRED("policy"), TEXT("scope")),
    OF_STATE("policy.sign", query_policy_sign,
             "Puts a proposed revision in force, with the signature of a second person.",
             TEXT_REQUIRED("revision"), TEXT_REQUIRED("signature")),
    OF_STATE("policy.rollback", query_policy_rollback,
             "Takes the newest revision back: the one before it comes again.",
             TEXT_REQUIRED("policy"), TEXT("scope"), TEXT("retroactivity"), BOOLEAN("withdraw"),
             TEXT("document"), TEXT("by")),
    OF_STATE("policy.retire", query_policy_retire,
             "Takes a policy of a scope out of force: the wider scope's holds there, or none.",
             TEXT_REQUIRED("policy"), TEXT("scope"), DATE("from"), TEXT_REQUIRED("reason"),
             TEXT("by")),
    OF_STATE("policy.set_aside", query_policy_set_aside,
             "Takes one revision out of force: the one before it holds again.",
             TEXT_REQUIRED("policy"), TEXT("revision"), TEXT_REQUIRED("reason"), TEXT("by")),
    OF_STATE("policy.release", query_policy_release,
             "Puts a revision that was set aside back in force.", TEXT_REQUIRED("policy"),
             TEXT("revision"), TEXT("reason"), TEXT("by")),
    OF_STATE("policy.history", query_policy_history, "The revisions of a policy.",
             TEXT_REQUIRED("policy")),

    OF_STATE("policy.replay", query_policy_replay,
             "Asks about a past decision again, of the facts stored with it or of the state as it "
             "stood, and compares. A job, waited for up to wait_ms.",
             INTEGER_REQUIRED("sequence"), INTEGER("wait_ms")),

    OF_STATE("event.try", query_event_try,
             "What an event would do, or each of several alone: accepted or refused, and the "
             "decisions. Nothing is stored.",
             OBJECT("event"), LIST("events")),
    OF_STATE("clock.accept", query_clock_accept, "Accepts the system's clock after a jump.",
             TEXT("by")),
    OF_STATE("job.start", query_job_start,
             "Starts long work: journal.verify, journal.replay or policy.diff.",
             TEXT_REQUIRED("job"), OBJECT("parameters")),
    OF_ANY("job.get", query_job_get, "How far a job is; waits up to wait_ms for its end.",
           TEXT_REQUIRED("job"), INTEGER("wait_ms")),
    OF_ANY("job.cancel", query_job_cancel, "Ends a job.", TEXT_REQUIRED("job")),

    OF_ANY("plugin.list", query_plugin_list,
           "Plugins: state, and why, memory, processor, how far behind, restarts, counters.", NONE),
    OF_ANY("plugin.get", query_plugin_get,
           "A plugin, and what it declares: options with their values, methods, event types.",
           TEXT_REQUIRED("plugin")),
    OF_ANY("plugin.restart", query_plugin_restart,
           "Stops a plugin and starts it again; ends its quarantine.", TEXT_REQUIRED("plugin")),
    OF_ANY("plugin.dump", query_plugin_dump, "Has a plugin write its inner state to its log.",
           TEXT_REQUIRED("plugin")),
    OF_ANY("plugin.log", query_plugin_log, "The last lines that a plugin said.",
           TEXT_REQUIRED("plugin"), INTEGER("limit")),
};

const size_t n_methods = sizeof methods / sizeof *methods;
