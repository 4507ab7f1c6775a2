/* volunteerctl: everything an administrator or operator does with a volunteerd. */
#include <errno.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"

#define DOMAIN "volunteerd"
#define CHINESE_FILE "zh_CN/LC_MESSAGES/" DOMAIN ".mo"

/* Where the messages are: beside the program as it was built (bin/../locale), else where an
 * installation puts them (bin/../share/locale), else where this one was to be installed. */
static void messages_find(void) {
    static const char *const places[] = {"/../locale", "/../share/locale"};
    char program[PATH_MAX], folder[PATH_MAX + 32], file[PATH_MAX + 96];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    program[size > 0 ? size : 0] = '\0';
    char *slash = strrchr(program, '/');
    for (size_t i = 0; slash && i < sizeof places / sizeof *places; i++) {
        snprintf(folder, sizeof folder, "%.*s%s", (int)(slash - program), program, places[i]);
        snprintf(file, sizeof file, "%s/" CHINESE_FILE, folder);
        if (access(file, R_OK) == 0) {
            bindtextdomain(DOMAIN, folder);
            return;
        }
    }
    bindtextdomain(DOMAIN, LOCALE_DIR);
}

/* Chinese texts pass through every locale: where the environment names none that can write them,
 * characters are UTF-8 all the same. Messages follow language_is_chinese(), also where that locale
 * was never generated: gettext then needs some locale that is not "C", and LANGUAGE. */
static void language_init(void) {
    setlocale(LC_ALL, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    if (!language_is_chinese()) {
        setlocale(LC_MESSAGES, "C");
    } else {
        const char *messages = setlocale(LC_MESSAGES, NULL);
        if (!messages || strncmp(messages, "zh", 2) != 0)
            setlocale(LC_MESSAGES, "C.UTF-8");
        setenv("LANGUAGE", "zh_CN", 1);
    }
    /* Numbers in JSON and CSV have a point. */
    setlocale(LC_NUMERIC, "C");
    messages_find();
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    textdomain(DOMAIN);
}

int main(int argc, char **argv) {
    language_init();
    struct call call;
    int code = call_parse(argc, argv, &call);
    if (code < 0)
        code = call.command->run(&call);
    call_deinit(&call);
    int failure = output_flush();
    if (failure && code == DONE)
        code = complain(REFUSED, _("the output could not be written: %s."), strerror(failure));
    return code;
}
