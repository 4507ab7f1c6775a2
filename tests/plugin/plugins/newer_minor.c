/* Built against a newer daemon's header. */
#include <volunteerd/volunteer_plugin.h>

VOL_EXPORT const struct vol_plugin vol_plugin = {.abi_major = VOL_ABI_MAJOR,
                                                 .abi_minor = VOL_ABI_MINOR + 1,
                                                 .size = sizeof(struct vol_plugin) + 8,
                                                 .option_size = sizeof(struct vol_option),
                                                 .counter_size = sizeof(struct vol_counter),
                                                 .method_size = sizeof(struct vol_method),
                                                 .name = "newer_minor",
                                                 .version = "1",
                                                 .summary = "Of a newer ABI."};
