/* Landlock: which files and which ports of TCP. What the kernel's header of Debian 12 does not know
 * yet is written out here; the kernel says how much of it it has (its ABI). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "plugin/host/box.h"

enum {
    LL_EXECUTE = 1 << 0,
    LL_WRITE_FILE = 1 << 1,
    LL_READ_FILE = 1 << 2,
    LL_READ_DIR = 1 << 3,
    LL_REMOVE_DIR = 1 << 4,
    LL_REMOVE_FILE = 1 << 5,
    LL_MAKE_DIR = 1 << 7,
    LL_MAKE_REG = 1 << 8,
    LL_MAKE_SYM = 1 << 12,
    LL_FIRST = (1 << 13) - 1,  /* all of ABI 1 */
    LL_REFER = 1 << 13,        /* ABI 2 */
    LL_TRUNCATE = 1 << 14,     /* ABI 3 */
    LL_IOCTL_DEVICE = 1 << 15, /* ABI 5 */
    LL_OF_FILES = LL_EXECUTE | LL_WRITE_FILE | LL_READ_FILE | LL_TRUNCATE | LL_IOCTL_DEVICE,
    LL_READ = LL_EXECUTE | LL_READ_FILE | LL_READ_DIR,
    LL_WRITE = LL_READ_FILE | LL_READ_DIR | LL_WRITE_FILE | LL_TRUNCATE | LL_REMOVE_DIR |
               LL_REMOVE_FILE | LL_MAKE_DIR | LL_MAKE_REG | LL_MAKE_SYM | LL_REFER,
};
enum { LL_BIND = 1 << 0, LL_CONNECT = 1 << 1, LL_ABSTRACT = 1 << 0, LL_SIGNAL = 1 << 1 };
enum { LL_RULE_PATH = 1, LL_RULE_PORT = 2, LL_VERSION = 1 };
enum { ABI_TRUNCATE = 3, ABI_PORTS = 4, ABI_IOCTL = 5, ABI_SCOPES = 6 };

struct ll_ruleset {
    uint64_t files, ports, scopes;
};
struct ll_path {
    uint64_t allowed;
    int32_t fd;
} __attribute__((packed));
struct ll_port {
    uint64_t allowed, port;
};

/* What libc, its resolver and TLS read. /etc/ssl/private is not among them. */
static const char *const readable[] = {
    "/usr",
    "/lib",
    "/lib64",
    "/etc/ld.so.cache",
    "/etc/ld.so.preload",
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/nsswitch.conf",
    "/etc/gai.conf",
    "/etc/host.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/localtime",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/pki/tls/certs",
    "/etc/pki/ca-trust",
    "/proc/self",
    "/sys/devices/system/cpu",
    "/dev/random",
};
static const char *const devices[] = {"/dev/null", "/dev/urandom"};

struct box_rules {
    int fd;
    uint64_t files; /* what is handled */
};

static uint64_t files_of(long abi) {
    uint64_t files = LL_FIRST;
    if (abi >= 2)
        files |= LL_REFER;
    if (abi >= ABI_TRUNCATE)
        files |= LL_TRUNCATE;
    if (abi >= ABI_IOCTL)
        files |= LL_IOCTL_DEVICE;
    return files;
}

/* What does not exist needs no rule. */
static void allow_path(const struct box_rules *rules, const char *path, uint64_t allowed) {
    struct stat status;
    struct ll_path rule = {allowed & rules->files, open(path, O_PATH | O_CLOEXEC)};
    if (rule.fd < 0)
        return;
    if (fstat(rule.fd, &status) == 0 && !S_ISDIR(status.st_mode))
        rule.allowed &= LL_OF_FILES;
    (void)syscall(SYS_landlock_add_rule, rules->fd, LL_RULE_PATH, &rule, 0);
    close(rule.fd);
}

/* systemd-resolved and others put a new file in its place, which another rule would be needed for.
 */
static void allow_resolver(const struct box_rules *rules) {
    char *path = realpath("/etc/resolv.conf", NULL);
    if (path && !strncmp(path, "/run/", 5)) {
        *strrchr(path, '/') = '\0';
        if (strlen(path) > strlen("/run"))
            allow_path(rules, path, LL_READ_FILE);
    }
    free(path);
}

static void allow_files(const struct box_rules *rules, const struct box *box) {
    size_t i;
    json_t *path;
    for (i = 0; i < sizeof readable / sizeof *readable; i++)
        allow_path(rules, readable[i], LL_READ);
    for (i = 0; i < sizeof devices / sizeof *devices; i++)
        allow_path(rules, devices[i], LL_READ_FILE | LL_WRITE_FILE);
    allow_resolver(rules);
    allow_path(rules, box->file, LL_READ_FILE);
    if (box->folder)
        allow_path(rules, box->folder, LL_WRITE);
    json_array_foreach(box->read, i, path)
        allow_path(rules, json_string_value(path), LL_READ_FILE | LL_READ_DIR);
}

static void allow_ports(const struct box_rules *rules, const json_t *ports, uint64_t allowed) {
    size_t i;
    json_t *port;
    json_array_foreach(ports, i, port) {
        struct ll_port rule = {allowed, (uint64_t)json_integer_value(port)};
        (void)syscall(SYS_landlock_add_rule, rules->fd, LL_RULE_PORT, &rule, 0);
    }
}

static void allow_names(const struct box_rules *rules, const struct box *box) {
    struct ll_port dns = {LL_CONNECT, 53};
    if (json_array_size(box->connect))
        (void)syscall(SYS_landlock_add_rule, rules->fd, LL_RULE_PORT, &dns, 0);
}

static void say_what_is_missing(long abi, struct box_report *report) {
    if (abi < ABI_TRUNCATE)
        box_missing(report, "truncating files: landlock 3 is needed, this kernel has %ld", abi);
    if (abi < ABI_PORTS)
        box_missing(report, "ports of TCP: landlock 4 is needed, this kernel has %ld", abi);
}

void box_landlock(const struct box *box, struct box_report *report) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LL_VERSION);
    if (abi < 1) {
        box_missing(report, "landlock (files and ports): %s",
                    errno == EOPNOTSUPP ? "switched off in this kernel" : strerrordesc_np(errno));
        return;
    }
    struct ll_ruleset handled = {files_of(abi), LL_BIND | LL_CONNECT, LL_ABSTRACT | LL_SIGNAL};
    size_t size = abi < ABI_PORTS    ? sizeof handled.files
                  : abi < ABI_SCOPES ? sizeof handled.files + sizeof handled.ports
                                     : sizeof handled;
    struct box_rules rules = {(int)syscall(SYS_landlock_create_ruleset, &handled, size, 0),
                              handled.files};
    if (rules.fd < 0) {
        box_missing(report, "landlock (files and ports): %s", strerrordesc_np(errno));
        return;
    }
    allow_files(&rules, box);
    if (abi >= ABI_PORTS) {
        allow_ports(&rules, box->connect, LL_CONNECT);
        allow_ports(&rules, box->listen, LL_BIND);
        allow_names(&rules, box);
    }
    if (syscall(SYS_landlock_restrict_self, rules.fd, 0) == 0) {
        box_active(report, "landlock %ld", abi);
        say_what_is_missing(abi, report);
    } else {
        box_missing(report, "landlock (files and ports): %s", strerrordesc_np(errno));
    }
    close(rules.fd);
}
