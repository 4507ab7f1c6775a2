#include "resources.h"

#include <string.h>

const struct resource_kind resource_kinds[RESOURCES] = {
    [RESOURCE_TEAMS] = {"teams", "队伍", "team", "team", "team.formed", "team.updated", false},
    [RESOURCE_REGISTRATIONS] = {"registrations", "注册", "volunteer", "volunteer",
                                "volunteer.registered", "volunteer.updated", false},
    [RESOURCE_ACTIVITIES] = {"activities", "活动", "activity", "activity", "activity.published",
                             "activity.changed", false},
    [RESOURCE_ENROLMENTS] = {"enrolments", "报名", "enrolment", NULL, NULL, NULL, true},
    [RESOURCE_ATTENDANCE] = {"attendance", "签到", "attendance", NULL, NULL, NULL, true},
};

enum resource resource_find(const char *name) {
    for (int i = 0; name && i < RESOURCES; i++)
        if (strcmp(resource_kinds[i].name, name) == 0)
            return (enum resource)i;
    return RESOURCES;
}
