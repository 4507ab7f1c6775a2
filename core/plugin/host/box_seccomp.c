/* Seccomp: which calls of the system. No other process can be started, seen or ended; sockets are
 * those of the internet, so that nobody speaks on the bus as another. */
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "plugin/host/box.h"

/* Refused whatever they are asked. Those that the installed libseccomp does not know are passed
 * over. */
static const char *const refused[] = {
    /* other programs and processes */
    "fork",
    "vfork",
    "execve",
    "execveat",
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "process_mrelease",
    "kcmp",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    "tkill",
    /* who it is, and where */
    "setuid",
    "setgid",
    "setreuid",
    "setregid",
    "setresuid",
    "setresgid",
    "setfsuid",
    "setfsgid",
    "setgroups",
    "capset",
    "personality",
    "unshare",
    "setns",
    "chroot",
    "pivot_root",
    "setsid",
    "setpgid",
    "setrlimit",
    /* file systems */
    "mount",
    "umount",
    "umount2",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "open_by_handle_at",
    "name_to_handle_at",
    "fanotify_init",
    "quotactl",
    "quotactl_fd",
    "swapon",
    "swapoff",
    "acct",
    "mknod",
    "mknodat",
    /* what goes past the rules for sockets and files */
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "shmget",
    "shmat",
    "msgget",
    "semget",
    "mq_open",
    /* the machine */
    "bpf",
    "perf_event_open",
    "keyctl",
    "add_key",
    "request_key",
    "userfaultfd",
    "modify_ldt",
    "iopl",
    "ioperm",
    "reboot",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "sethostname",
    "setdomainname",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "syslog",
    "vhangup",
    "lookup_dcookie",
    "sched_setscheduler",
    "sched_setattr",
};

/* The first failure is kept: one filter, or none. */
struct filter {
    scmp_filter_ctx context;
    int failure;
};

static void refuse(struct filter *filter, const char *name, int error, unsigned n,
                   struct scmp_arg_cmp when) {
    int number = seccomp_syscall_resolve_name(name);
    if (number == __NR_SCMP_ERROR || filter->failure)
        return;
    filter->failure = seccomp_rule_add_array(filter->context, SCMP_ACT_ERRNO((uint16_t)error),
                                             number, n, n ? &when : NULL);
}

static void refuse_where(struct filter *filter, const char *name, struct scmp_arg_cmp when) {
    refuse(filter, name, EPERM, 1, when);
}

static void refuse_processes(struct filter *filter) {
    scmp_datum_t self = (scmp_datum_t)getpid();
    /* glibc takes clone instead, whose flags can be looked at. */
    refuse(filter, "clone3", ENOSYS, 0, (struct scmp_arg_cmp){0});
    refuse_where(filter, "clone", SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
    refuse_where(filter, "kill", SCMP_A0(SCMP_CMP_NE, self));
    refuse_where(filter, "tgkill", SCMP_A0(SCMP_CMP_NE, self));
    refuse_where(filter, "rt_sigqueueinfo", SCMP_A0(SCMP_CMP_NE, self));
    refuse_where(filter, "rt_tgsigqueueinfo", SCMP_A0(SCMP_CMP_NE, self));
    refuse_where(filter, "prctl", SCMP_A0(SCMP_CMP_EQ, PR_SET_PDEATHSIG));
    /* Limits may be read, its own alone. */
    refuse_where(filter, "prlimit64", SCMP_A0(SCMP_CMP_NE, 0));
    refuse_where(filter, "prlimit64", SCMP_A2(SCMP_CMP_NE, 0));
    refuse_where(filter, "ioctl", SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, TIOCSTI));
}

static void refuse_sockets(struct filter *filter, const struct box *box) {
    if (!box->has_network) {
        refuse(filter, "socket", EPERM, 0, (struct scmp_arg_cmp){0});
        refuse(filter, "socketpair", EPERM, 0, (struct scmp_arg_cmp){0});
        return;
    }
    /* All but INET, INET6 and NETLINK (which libc asks for addresses), one comparison each. */
    refuse_where(filter, "socket", SCMP_A0(SCMP_CMP_LT, AF_INET));
    for (unsigned family = AF_INET + 1; family < AF_NETLINK; family++)
        if (family != AF_INET6)
            refuse_where(filter, "socket", SCMP_A0(SCMP_CMP_EQ, family));
    refuse_where(filter, "socket", SCMP_A0(SCMP_CMP_GT, AF_NETLINK));
    /* Packets of the machine's own making. */
    refuse_where(filter, "socket", SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_RAW));
    /* libcurl wakes itself by a pair of streams; one of datagrams could be sent elsewhere. */
    refuse_where(filter, "socketpair", SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf, SOCK_DGRAM));
}

void box_seccomp(const struct box *box, struct box_report *report) {
    struct filter filter = {seccomp_init(SCMP_ACT_ALLOW), 0};
    if (!filter.context) {
        box_missing(report, "seccomp (calls of the system): this machine has none");
        return;
    }
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        refuse(&filter, refused[i], EPERM, 0, (struct scmp_arg_cmp){0});
    refuse_processes(&filter);
    refuse_sockets(&filter, box);
    if (!filter.failure)
        filter.failure = seccomp_load(filter.context);
    seccomp_release(filter.context);
    if (filter.failure)
        box_missing(report, "seccomp (calls of the system): %s", strerrordesc_np(-filter.failure));
    else
        box_active(report, "seccomp");
}
