/* The table of services that every plugin gets. */
#pragma once

#include "plugin/volunteer_plugin.h"

extern const struct vol_services host_services;
