/* A shared object that is no plugin. */
#include <volunteerd/volunteer_plugin.h>

VOL_EXPORT const struct vol_plugin vol_plugin_of_mine;
const struct vol_plugin vol_plugin_of_mine = {VOL_ABI, .name = "no_symbol", .version = "1",
                                              .summary = "Declares itself under another name."};
