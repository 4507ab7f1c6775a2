/* volunteer-simulate: the command line. */
#include <argp.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "city.h"
#include "people.h"
#include "util/calendar.h"

enum {
    OPTION_SEED = 256,
    OPTION_VOLUNTEERS,
    OPTION_DAYS,
    OPTION_START,
    OPTION_FAULTS,
    OPTION_RANDOM_IDS,
    OPTION_DIVISIONS,
    OPTION_ORGANISATIONS,
    OPTION_NO_SETUP,
};

static const struct argp_option options[] = {
    {"seed", OPTION_SEED, "N", 0, "Another city and year for each N (default 1)", 0},
    {"volunteers", OPTION_VOLUNTEERS, "N", 0, "Volunteers, 1 to 5000000 (default 20000)", 0},
    {"days", OPTION_DAYS, "N", 0, "Days of service, 1 to 3660 (default 365)", 0},
    {"start", OPTION_START, "DATE", 0, "The first of them (default 2017-12-01)", 0},
    {"organisations", OPTION_ORGANISATIONS, "N", 0, "Organisations, 1 to 50000 (default 400)", 0},
    {"faults", OPTION_FAULTS, "PERCENT", 0,
     "So many of a hundred service records are wrong on purpose, 0 to 100, up to two decimals "
     "(default 0)",
     0},
    {"random-ids", OPTION_RANDOM_IDS, NULL, 0, "Event ids that look random, not counters", 0},
    {"no-setup", OPTION_NO_SETUP, NULL, 0,
     "Leave out the set-up (regions, organisations, titles, figures, the first registrations): "
     "only "
     "what happens in the city",
     0},
    {"divisions", OPTION_DIVISIONS, "FILE", 0,
     "Administrative divisions as csv (default: Tianshui in 2018)", 0},
    {0},
};

/* Found by argp under this name; the build hides symbols otherwise. */
__attribute__((visibility("default"))) const char *argp_program_version =
    "volunteer-simulate " VOLUNTEERD_VERSION;

static uint64_t parse_number(struct argp_state *state, const char *option, const char *text,
                             uint64_t least, uint64_t most) {
    char *end;
    errno = 0;
    uint64_t value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value < least || value > most)
        argp_error(state, "--%s must be a whole number from %llu to %llu, not '%s'", option,
                   (unsigned long long)least, (unsigned long long)most, text);
    return value;
}

/* Percent with up to two decimals, as so many in ten thousand. */
static uint32_t parse_percent(struct argp_state *state, const char *text) {
    uint32_t value = 0, decimals = 0, digits = 0;
    bool point = false, wrong = false;
    for (const char *at = text; *at && !wrong; at++) {
        if (*at == '.' && !point && digits) {
            point = true;
            continue;
        }
        wrong = *at < '0' || *at > '9' || (point && ++decimals > 2) || ++digits > 5;
        value = value * 10 + (uint32_t)(*at - '0');
    }
    for (; decimals < 2; decimals++)
        value *= 10;
    if (wrong || !digits || value > 10000)
        argp_error(state, "--faults must be a percentage from 0 to 100, not '%s'", text);
    return value;
}

static int32_t parse_start(struct argp_state *state, const char *text) {
    int32_t date = 0, first = date_from_civil(1995, 1, 1), last = date_from_civil(2200, 1, 1);
    if (date_parse(str_from(text), &date) != 0 || date < first || date > last)
        argp_error(state, "--start must be a date from 1995-01-01 to 2200-01-01, not '%s'", text);
    return date;
}

static error_t parse_option(int key, char *text, struct argp_state *state) {
    struct plan *plan = state->input;
    switch (key) {
    case OPTION_SEED:
        plan->seed = parse_number(state, "seed", text, 0, UINT64_MAX);
        return 0;
    case OPTION_VOLUNTEERS:
        plan->n_volunteers = (uint32_t)parse_number(state, "volunteers", text, 1, MAX_VOLUNTEERS);
        return 0;
    case OPTION_DAYS:
        plan->n_days = (uint32_t)parse_number(state, "days", text, 1, 3660);
        return 0;
    case OPTION_START:
        plan->start_date = parse_start(state, text);
        return 0;
    case OPTION_ORGANISATIONS:
        plan->n_organisations = (uint32_t)parse_number(state, "organisations", text, 1, 50000);
        return 0;
    case OPTION_FAULTS:
        plan->faults_per_10000 = parse_percent(state, text);
        return 0;
    case OPTION_RANDOM_IDS:
        plan->random_ids = true;
        return 0;
    case OPTION_NO_SETUP:
        plan->setup = false;
        return 0;
    case OPTION_DIVISIONS:
        plan->divisions = text;
        return 0;
    case ARGP_KEY_ARG:
        argp_error(state, "'%s' is not an option; there are no other arguments", text);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static const char *default_divisions(void) {
    return access(DIVISIONS_SOURCE, R_OK) == 0 ? DIVISIONS_SOURCE : DIVISIONS_INSTALLED;
}

int main(int argc, char **argv) {
    static const char doc[] =
        "Writes a simulated city as CloudEvents, one JSON object a line, in order of time. The "
        "same "
        "arguments give the same bytes.\vExit status: 0 done, 1 failed, 2 wrong usage.";
    static const struct argp argp = {options, parse_option, NULL, doc, NULL, NULL, NULL};
    struct plan plan = {.seed = 1,
                        .n_volunteers = 20000,
                        .n_days = 365,
                        .n_organisations = 400,
                        .start_date = date_from_civil(2017, 12, 1),
                        .setup = true,
                        .divisions = default_divisions()};
    argp_err_exit_status = 2;
    argp_parse(&argp, argc, argv, 0, NULL, &plan);
    return city_simulate(&plan, STDOUT_FILENO) == 0 ? 0 : 1;
}
