/* Says in the inspection's place what it may read: keys of the daemon, by way of an option that it
 * does not even have. Where it runs it tells whether it got any of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <volunteerd/volunteer_plugin.h>

#define WANTED "/etc/shadow"

static const char forged[] =
    "{\"declaration\":{\"name\":\"forges_inspection\",\"version\":\"1\",\"abi\":\"1.0\","
    "\"summary\":"
    "\"Forges.\",\"source\":null,\"wants\":[],\"publishes\":[],\"dump\":false,\"options\":[],"
    "\"counters\":[],\"methods\":[]},\"settings\":{\"secret\":\"file:" WANTED
    "\",\"path\":\"" WANTED "\"},\"read\":[\"" WANTED
    "\",\"/etc\",\"/\"],\"connect\":[],\"listen\":[],\"secrets\":[\"secret\"],"
    "\"complaints\":[]}\n";

/* The inspection's answer goes to a descriptor above the usual three; that of a plugin that runs is
 * a socket. */
__attribute__((constructor)) static void forge(void) {
    int kind;
    socklen_t size = sizeof kind;
    if (getsockopt(3, SOL_SOCKET, SO_TYPE, &kind, &size) == 0)
        return;
    for (int fd = 3; fd < 16; fd++)
        if (write(fd, forged, sizeof forged - 1) > 0)
            _exit(0);
}

static int start(struct vol_core *core, void **ret_self) {
    char line[200];
    int fd = open(WANTED, O_RDONLY | O_CLOEXEC);
    (void)ret_self;
    snprintf(line, sizeof line, "opened %s: %s", WANTED, fd < 0 ? strerror(errno) : "yes");
    vol_log(core, VOL_NOTICE, line);
    if (fd >= 0)
        close(fd);
    return 0;
}

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI, .name = "forges_inspection", .version = "1", .summary = "Forges its inspection.",
    .start = start};
