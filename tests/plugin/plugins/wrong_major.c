/* Of another ABI. */
#include <volunteerd/volunteer_plugin.h>

VOL_EXPORT const struct vol_plugin vol_plugin = {.abi_major = VOL_ABI_MAJOR + 1,
                                                 .abi_minor = VOL_ABI_MINOR,
                                                 .size = sizeof(struct vol_plugin),
                                                 .option_size = sizeof(struct vol_option),
                                                 .counter_size = sizeof(struct vol_counter),
                                                 .method_size = sizeof(struct vol_method),
                                                 .name = "wrong_major",
                                                 .version = "1",
                                                 .summary = "Of another ABI."};
