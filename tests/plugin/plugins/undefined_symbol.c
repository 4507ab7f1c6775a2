/* Needs a function that nobody has: dlerror names it. */
#include <volunteerd/volunteer_plugin.h>

int a_function_that_nobody_has(void);

static int start(struct vol_core *core, void **ret_self) {
    (void)core, (void)ret_self;
    return a_function_that_nobody_has();
}

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI, .name = "undefined_symbol", .version = "1", .summary = "Needs what there is not.",
    .start = start};
