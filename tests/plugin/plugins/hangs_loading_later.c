/* Is loaded to be looked at, and never comes back from being loaded to run. */
#include <sys/socket.h>
#include <unistd.h>

#include <volunteerd/volunteer_plugin.h>

__attribute__((constructor)) static void hang(void) {
    int kind;
    socklen_t size = sizeof kind;
    while (getsockopt(3, SOL_SOCKET, SO_TYPE, &kind, &size) == 0)
        pause();
}

static int start(struct vol_core *core, void **ret_self) {
    (void)core, (void)ret_self;
    return 0;
}

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI, .name = "hangs_loading_later", .version = "1",
    .summary = "Hangs while it is loaded to run.", .start = start};
