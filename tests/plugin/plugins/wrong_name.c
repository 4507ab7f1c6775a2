/* Calls itself something else than its file. */
#include <volunteerd/volunteer_plugin.h>

VOL_EXPORT const struct vol_plugin vol_plugin = {VOL_ABI, .name = "right_name", .version = "1",
                                                 .summary = "Is another one."};
