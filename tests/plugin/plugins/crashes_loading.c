/* Crashes before anybody can read what it declares. */
#include <signal.h>

#include <volunteerd/volunteer_plugin.h>

__attribute__((constructor)) static void crash(void) {
    raise(SIGSEGV);
}

VOL_EXPORT const struct vol_plugin vol_plugin = {VOL_ABI, .name = "crashes_loading", .version = "1",
                                                 .summary = "Crashes while it is loaded."};
