/* Its declaration ends before that of the first header did: what lies behind its end is not the
 * plugin's, and must not be read. */
#include <stddef.h>

#include <volunteerd/volunteer_plugin.h>

static int start(struct vol_core *core, void **ret_self) {
    (void)core, (void)ret_self;
    return 0;
}

VOL_EXPORT const struct vol_plugin vol_plugin = {.abi_major = VOL_ABI_MAJOR,
                                                 .abi_minor = 0,
                                                 .size = offsetof(struct vol_plugin, events),
                                                 .option_size = sizeof(struct vol_option),
                                                 .counter_size = sizeof(struct vol_counter),
                                                 .method_size = sizeof(struct vol_method),
                                                 .name = "short_struct",
                                                 .version = "1",
                                                 .summary = "Shorter than any.",
                                                 .start = start};
