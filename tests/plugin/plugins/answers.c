/* Answers in each shape that `volunteerctl plugin call` prints, and says back what it was asked. */
#include <volunteerd/volunteer_plugin.h>

static struct vol_core *core_of(void *self) {
    return self;
}

static void echo(void *self, struct vol_call *call, const struct vol_value *parameters) {
    vol_answer(call, vol_value_json(core_of(self), parameters));
}

static void table(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self;
    (void)parameters;
    vol_answer(call,
               "{\"title\": \"对账\", \"columns\": [{\"name\": \"day\", \"title\": \"日期\", "
               "\"kind\": \"date\"}, "
               "{\"name\": \"minutes\", \"title\": \"时长\", \"kind\": \"hours\"}, \"note\"], "
               "\"rows\": [[\"2018-08-23\", 90, \"甲\"], [\"2018-08-24\", 30, null]], "
               "\"total\": [\"\", 120, \"\"]}");
}

static void no_object(void *self, struct vol_call *call, const struct vol_value *parameters) {
    (void)self;
    (void)parameters;
    vol_answer(call, "42");
}

static int start(struct vol_core *core, void **ret_self) {
    *ret_self = core;
    vol_log(core, VOL_WARNING, "this is a warning");
    return 0;
}

static void dump(void *self) {
    vol_log(core_of(self), VOL_NOTICE, "this is a dump");
}

static const struct vol_option options[] = {
    {.name = "password", .kind = VOL_OPTION_SECRET, .help = "of the other side"},
    {.name = "mode",
     .kind = VOL_OPTION_WORD,
     .words = (const char *const[]){"fast", "safe", NULL},
     .text = "safe",
     .help = "how it works"},
    {.name = NULL}};

static const struct vol_method methods[] = {
    {.name = "echo",
     .run = echo,
     .parameters = "word, limit (100), all (false)",
     .help = "what it was asked"},
    {.name = "table", .run = table, .help = "a table"},
    {.name = "no_object", .run = no_object, .help = "what is no answer"},
    {.name = NULL}};

VOL_EXPORT const struct vol_plugin vol_plugin = {VOL_ABI,
                                                 .name = "answers",
                                                 .version = "2.1",
                                                 .summary = "Answers whatever it is asked.",
                                                 .options = options,
                                                 .methods = methods,
                                                 .start = start,
                                                 .dump = dump};
