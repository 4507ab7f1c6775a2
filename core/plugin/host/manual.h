/* The page volunteerd-<name>(5) of a plugin, from its tables. */
#pragma once

#include "plugin/host/load.h"

/* Appends scdoc text. */
void manual_page(const struct loaded *loaded, struct buf *page);
