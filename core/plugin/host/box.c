#include "plugin/host/box.h"

#include <errno.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NICE 10
#define MIB INT64_C(1048576)

/* A sanitizer reserves terabytes of addresses, which count as data. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { IS_SANITIZED = true };
#else
enum { IS_SANITIZED = false };
#endif

void box_report_init(struct box_report *report) {
    *report = (struct box_report){json_array(), json_array()};
}

void box_report_deinit(struct box_report *report) {
    json_decref(report->active);
    json_decref(report->missing);
    *report = (struct box_report){0};
}

static void append(json_t *list, const char *format, va_list arguments) {
    char text[400];
    vsnprintf(text, sizeof text, format, arguments);
    json_array_append_new(list, json_string(text));
}

void box_active(struct box_report *report, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append(report->active, format, arguments);
    va_end(arguments);
}

void box_missing(struct box_report *report, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    append(report->missing, format, arguments);
    va_end(arguments);
}

static void limit(int resource, int64_t value, const char *what, struct box_report *report) {
    struct rlimit both = {(rlim_t)value, (rlim_t)value};
    if (setrlimit((__rlimit_resource_t)resource, &both) == 0)
        box_active(report, "%s", what);
    else
        box_missing(report, "%s: %s", what, strerrordesc_np(errno));
}

static void close_limits(const struct box *box, struct box_report *report) {
    limit(RLIMIT_CORE, 0, "core files", report);
    if (box->descriptors)
        limit(RLIMIT_NOFILE, box->descriptors, "descriptors", report);
    if (box->disk_mib) /* of one file; the daemon measures the folder */
        limit(RLIMIT_FSIZE, box->disk_mib * MIB, "file sizes", report);
    if (box->memory_mib && IS_SANITIZED)
        box_missing(report, "memory: this build has a sanitizer");
    else if (box->memory_mib)
        limit(RLIMIT_DATA, box->memory_mib * MIB, "memory", report);
}

/* A daemon that runs as root has some; its plugins have none. */
static void drop_capabilities(struct box_report *report) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct nothing[2] = {0};
    if (syscall(SYS_capset, &header, nothing) == 0)
        box_active(report, "capabilities");
    else
        box_missing(report, "capabilities: %s", strerrordesc_np(errno));
}

/* Also what /proc/self/environ shows: the daemon's may name sockets and credentials. */
static void forget_environment(void) {
    for (char **text = environ; text && *text; text++)
        memset(*text, 0, strlen(*text));
    clearenv();
    setenv("LC_ALL", "C.UTF-8", 1);
}

void box_close(const struct box *box, struct box_report *report) {
    forget_environment();
    (void)setpgid(0, 0);
    (void)setpriority(PRIO_PROCESS, 0, NICE);
    close_limits(box, report);
    drop_capabilities(report);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        box_active(report, "no_new_privs");
    else
        box_missing(report, "no_new_privs: %s", strerrordesc_np(errno));
    box_landlock(box, report);
    /* Ends with the thread of the daemon that started it; changes of credentials forget that. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    box_seccomp(box, report);
}
