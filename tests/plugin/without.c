/* A kernel that lacks something, for one program: without CALL[,CALL...] PROGRAM ARGUMENTS... */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int refuse(scmp_filter_ctx filter, const char *call) {
    int number = seccomp_syscall_resolve_name(call);
    if (!strcmp(call, "seccomp") &&
        seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
                         SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP)) != 0)
        return -1;
    return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0);
}

int main(int argc, char **argv) {
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (argc < 3 || !filter)
        return 2;
    for (char *call = strtok(argv[1], ","); call; call = strtok(NULL, ","))
        if (refuse(filter, call) != 0)
            return 2;
    if (seccomp_load(filter) != 0)
        return 2;
    execv(argv[2], argv + 2);
    perror(argv[2]);
    return 2;
}
