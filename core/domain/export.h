/* How each table's rows read in the export (store/export.h): catalogue names, one JSON object a
 * row. Threads: pure. */
#pragma once

#include "store/export.h"

extern store_render *const domain_renders[TABLE_COUNT];
