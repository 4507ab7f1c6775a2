/* Never comes back from being loaded. */
#include <unistd.h>

#include <volunteerd/volunteer_plugin.h>

__attribute__((constructor)) static void hang(void) {
    for (;;)
        pause();
}

VOL_EXPORT const struct vol_plugin vol_plugin = {VOL_ABI, .name = "hangs_loading", .version = "1",
                                                 .summary = "Hangs while it is loaded."};
