/* policy new: a file to begin with. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands.h"
#include "event/event.h"
#include "policy_templates.h"
#include "util/error.h"
#include "value.h"

static const struct policy_template *template_of(const char *kind) {
    for (size_t i = 0; i < sizeof policy_templates / sizeof *policy_templates; i++)
        if (strcmp(policy_templates[i].kind, kind) == 0)
            return &policy_templates[i];
    return NULL;
}

/* A bulletin is named after what it is about. */
static const char *default_name(const char *kind) {
    return strcmp(kind, "bulletin") == 0 ? "bulletin_activity" : kind;
}

/* The template with the name in place of NAME. */
static void put_text(const struct policy_template *template, const char *name, FILE *out) {
    const char *text = (const char *)template->text, *mark;
    while ((mark = strstr(text, "NAME")) != NULL) {
        fprintf(out, "%.*s%s", (int)(mark - text), text, name);
        text = mark + strlen("NAME");
    }
    fputs(text, out);
}

/* Never over a file that is there. */
static int write_file(const struct call *call, const struct policy_template *template,
                      const char *name, const char *path) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    FILE *out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!out)
        return complain_json(call->json, REFUSED, NULL,
                             errno == EEXIST ? _("%s is there already: choose another name, or "
                                                 "--output FILE.")
                                             : _("%s cannot be written."),
                             path);
    put_text(template, name, out);
    if (fclose(out) != 0)
        return complain_json(call->json, REFUSED, NULL, _("%s cannot be written."), path);
    if (call->json) {
        json_auto_t *answer =
            json_pack("{s:s, s:s, s:s}", "file", path, "policy", name, "kind", template->kind);
        return print_json(&call->terminal, answer);
    }
    print(_("%s: written. Change it, then: volunteerctl policy test %s\n"), path, path);
    return DONE;
}

int run_policy_new(struct call *call) {
    const char *kind = call_argument(call, 0), *name = call_argument(call, 1);
    const char *path = call_text(call, "output");
    const struct policy_template *template = template_of(kind);
    char file[128];
    if (!template)
        return complain_json(call->json, REFUSED, NULL, _("There is nothing to begin with for %s."),
                             kind);
    name = name ? name : default_name(kind);
    if (!identifier_is_valid(str_from(name)) || strpbrk(name, "/:"))
        return complain_json(call->json, REFUSED, NULL,
                             _("%s: a name has 1 to 64 letters, digits, - _ and ."), name);
    if (path && strcmp(path, "-") == 0) {
        put_text(template, name, stdout);
        return DONE;
    }
    snprintf(file, sizeof file, "%s.lua", name);
    return write_file(call, template, name, path ? path : file);
}
