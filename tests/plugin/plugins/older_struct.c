/* As of an older header, whose struct ended before `events` and `dump`: what lies behind its end is
 * not the plugin's, and must not be read. */
#include <stddef.h>

#include <volunteerd/volunteer_plugin.h>

static int start(struct vol_core *core, void **ret_self) {
    (void)ret_self;
    vol_log(core, VOL_INFO, "an older plugin runs");
    return 0;
}

static void dump(void *self) {
    (void)self;
    __builtin_trap();
}

VOL_EXPORT const struct vol_plugin vol_plugin = {.abi_major = VOL_ABI_MAJOR,
                                                 .abi_minor = 0,
                                                 .size = offsetof(struct vol_plugin, events),
                                                 .option_size = sizeof(struct vol_option),
                                                 .counter_size = sizeof(struct vol_counter),
                                                 .method_size = sizeof(struct vol_method),
                                                 .name = "older_struct",
                                                 .version = "1",
                                                 .summary = "Of an older header.",
                                                 .start = start,
                                                 .dump = dump};
