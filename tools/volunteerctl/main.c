/* volunteerctl: everything an administrator or operator does with a volunteerd. */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>

#include "command.h"

/* Chinese texts pass through every locale: where the environment names none that can write them,
 * characters are UTF-8 all the same. */
static void language_init(void) {
    setlocale(LC_ALL, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    /* Numbers in JSON and CSV have a point. */
    setlocale(LC_NUMERIC, "C");
    bindtextdomain("volunteerd", LOCALE_DIR);
    bind_textdomain_codeset("volunteerd", "UTF-8");
    textdomain("volunteerd");
}

int main(int argc, char **argv) {
    language_init();
    struct call call;
    int code = call_parse(argc, argv, &call);
    if (code < 0)
        code = call.command->run(&call);
    call_deinit(&call);
    if (fflush(stdout) != 0 && code == DONE)
        code = complain(REFUSED, _("the output could not be written: %s."), strerror(errno));
    return code;
}
