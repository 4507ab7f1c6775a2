/* send TYPE [FIELD=VALUE...]: one event of any type of the catalogue. */
#include "ask.h"
#include "commands.h"
#include "compose.h"
#include "events.h"
#include "field_text.h"
#include "form.h"
#include "value.h"

/* Types that nobody sends, and what writes them instead. */
static int writer_check(const struct event_type *type) {
    static const struct {
        enum event_number number;
        const char *instead;
    } others[] = {
        {EVENT_policy_activated, N_("volunteerctl policy activate FILE writes it")},
        {EVENT_policy_proposed, N_("volunteerctl policy activate FILE writes it")},
        {EVENT_policy_retired, N_("volunteerctl policy retire NAME writes it")},
        {EVENT_policy_released, N_("volunteerctl policy release NAME writes it")},
        {EVENT_policy_set_aside,
         N_("the daemon writes it when a policy hung; activate a mended policy instead")},
        {EVENT_city_configured,
         N_("the daemon writes it from its configuration at the first start")},
    };
    if (type->writer == WRITER_PUBLISHER || command_type_find(type))
        return DONE;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i].number == type->number)
            return complain(USAGE, _("%s is not sent: %s."), type->name, _(others[i].instead));
    return complain(USAGE,
                    _("%s is not sent: only the daemon writes it, as a consequence of "
                      "other events."),
                    type->name);
}

static int type_find(const char *name, const struct event_type **ret_type) {
    const struct event_type *type = catalogue_find(str_from(name));
    if (!type)
        return event_type_check(name) == DONE
                   ? complain(USAGE,
                              _("“%s” begins several types; volunteerctl schema lists them."), name)
                   : USAGE;
    *ret_type = type;
    return writer_check(type);
}

/* --at takes a time or a date; a date means its first moment in the city. */
static int time_read(struct composer *composer, const char *typed, json_t **ret_time) {
    static const struct field at = {.name = "at", .kind = FIELD_TIME};
    char message[FIELD_MESSAGE_SIZE];
    BUF_AUTO text = {0};
    buf_printf(&text, "%s%s", typed, strlen(typed) == 10 ? " 00:00" : "");
    int result = composer_read(composer, &at, buf_text(&text), ret_time, message);
    if (result > 0)
        return complain(USAGE, "--at: %s", message);
    return result < 0 ? UNREACHABLE : DONE;
}

static int words_take(struct composer *composer) {
    struct call *call = composer->call;
    for (size_t i = 1; i < call->n_arguments; i++) {
        int code = composer_take(composer, call->arguments[i]);
        if (code != DONE)
            return code;
    }
    return DONE;
}

/* A command goes to its query method, whose parameters are the event's fields and its time; the
 * daemon gives it its id and its source. */
static int command_send(struct call *call, const struct composer *composer, const char *time) {
    const char *refused = call_text(call, "source")           ? "source"
                          : call_text(call, "id")             ? "id"
                          : time && !composer->command->timed ? "at"
                                                              : NULL;
    if (refused)
        return complain(USAGE, _("--%s: the daemon itself writes %s, in its own name."), refused,
                        composer->type->name);
    json_t *params = json_deep_copy(composer->data);
    if (time)
        json_object_set_new(params, "time", json_string(time));
    return ask_and_say(call, composer->command->method, params, _("done"));
}

static int event_send(struct call *call, const struct composer *composer, const char *time) {
    bool dry_run = call_flag(call, "dry-run");
    if (composer->command && !dry_run)
        return command_send(call, composer, time);
    return event_submit(call,
                        event_new(composer->type->name, call_text(call, "source"),
                                  call_text(call, "id"), time, json_incref(composer->data)),
                        dry_run);
}

/* A person who was asked may mend what the daemon refused; a program is told once. */
static int event_compose(struct composer *composer, const char *time) {
    struct call *call = composer->call;
    bool asked = false;
    int code = call->terminal.in && call->terminal.out && !call->json ? form_fill(composer, &asked)
                                                                      : composer_check(composer);
    while (code == DONE) {
        code = event_send(call, composer, time);
        if (!asked || (code != REFUSED && code != USAGE))
            break;
        code = form_mend(composer);
    }
    return code;
}

int run_send(struct call *call) {
    const struct event_type *type = NULL;
    json_auto_t *time = NULL;
    struct composer composer;
    int code = type_find(call_argument(call, 0), &type);
    if (code != DONE)
        return code;
    composer_init(&composer, call, type);
    if (call_text(call, "at"))
        code = time_read(&composer, call_text(call, "at"), &time);
    if (code == DONE)
        code = words_take(&composer);
    if (code == DONE)
        code = event_compose(&composer, json_string_value(time));
    composer_deinit(&composer);
    return code;
}
