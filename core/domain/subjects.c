#include "domain/subjects.h"

#include "domain/activities.h"
#include "domain/counters.h"
#include "domain/honours.h"
#include "domain/organisations.h"
#include "domain/projects.h"
#include "domain/records.h"
#include "domain/stations.h"
#include "domain/teams.h"
#include "domain/volunteers.h"

static int of_organisation(struct view *view, uint32_t number, uint32_t *ret_region) {
    struct organisation_row row;
    int r = organisation_get(view, number, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

/* A project is where its organisation is. */
static int of_project(struct view *view, uint32_t number, struct arena *arena,
                      uint32_t *ret_region) {
    struct project_defined project;
    enum project_state state;
    uint32_t organisation;
    int r = project_get(view, number, arena, &project, &state);
    if (r == 0)
        r = thing_find(view, NOUN_ORGANISATION, project.organisation, &organisation);
    return r == 0 ? of_organisation(view, organisation, ret_region) : r;
}

static int of_volunteer(struct view *view, uint32_t number, uint32_t *ret_region) {
    struct volunteer_row row;
    int r = volunteer_get(view, number, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

static int of_team(struct view *view, uint32_t number, uint32_t *ret_region) {
    struct team_row row;
    int r = team_get(view, number, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

static int of_station(struct view *view, uint32_t number, uint32_t *ret_region) {
    struct station station;
    int r = station_get(view, number, COUNTER_NOW, &station);
    if (r == 0)
        *ret_region = station.region;
    return r;
}

static int of_activity(struct view *view, uint32_t number, uint32_t *ret_region) {
    struct activity_summary activity;
    int r = activity_summary(view, number, &activity);
    if (r == 0)
        *ret_region = activity.region;
    return r;
}

static int of_record(struct view *view, uint32_t number, uint32_t *ret_region) {
    struct record record;
    int r = record_get(view, number, &record);
    if (r == 0)
        *ret_region = record.row.region;
    return r;
}

static int of_nomination(struct view *view, uint32_t number, uint32_t *ret_region) {
    struct nomination_row row;
    int r = nomination_get(view, number, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

static int find(struct view *view, enum noun noun, uint32_t subject, struct arena *arena,
                uint32_t *ret_region) {
    switch (noun) {
    case NOUN_REGION:
        *ret_region = subject;
        return 0;
    case NOUN_ORGANISATION:
        return of_organisation(view, subject, ret_region);
    case NOUN_PROJECT:
        return of_project(view, subject, arena, ret_region);
    case NOUN_VOLUNTEER:
        return of_volunteer(view, subject, ret_region);
    case NOUN_TEAM:
        return of_team(view, subject, ret_region);
    case NOUN_STATION:
        return of_station(view, subject, ret_region);
    case NOUN_ACTIVITY:
        return of_activity(view, subject, ret_region);
    case NOUN_RECORD:
        return of_record(view, subject, ret_region);
    case NOUN_NOMINATION:
        return of_nomination(view, subject, ret_region);
    default:
        return 0;
    }
}

int subject_region(struct view *view, enum noun noun, uint32_t subject, struct arena *arena,
                   uint32_t *ret_region) {
    *ret_region = 0;
    int r = find(view, noun, subject, arena, ret_region);
    return r < 0 ? r : 0;
}
