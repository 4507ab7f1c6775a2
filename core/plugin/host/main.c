/* volunteerd-plugin: the process of one plugin. The daemon starts it. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plugin/host/host.h"
#include "plugin/host/inspect.h"

static int usage(void) {
    fputs("usage: volunteerd-plugin --inspect FILE | --manual FILE | --version\n"
          "volunteerd starts it with a name, with its channel as descriptor 3.\n",
          stderr);
    return 2;
}

static int version(void) {
    printf("volunteerd-plugin %s, ABI %d.%d\n", VOLUNTEERD_VERSION, VOL_ABI_MAJOR, VOL_ABI_MINOR);
    return 0;
}

static int run(int argc, char **argv) {
    const char *first = argc > 1 ? argv[1] : "";
    if (argc == 3 && !strcmp(first, "--inspect"))
        return inspect(argv[2]);
    if (argc == 3 && !strcmp(first, "--manual"))
        return manual(argv[2]);
    if (argc == 2 && !strcmp(first, "--version"))
        return version();
    /* Its name is for who looks at the processes of the machine. */
    return argc == 2 && *first != '-' ? host_run(PLUGIN_CHANNEL_FD) : usage();
}

int main(int argc, char **argv) {
    int result = run(argc, argv);
    /* Neither destructors nor threads of a plugin have a say any more. */
    fflush(NULL);
    _exit(result);
}
