/* The options' values of one plugin: checked against its table, given to it. One table row says
 * what is taken; everything that is wrong is collected as complaints {option, message}.
 * Threads: one. */
#pragma once

#include "plugin/host/lent.h"
#include "plugin/host/load.h"

/* What the plugin holds: a vol_settings is the first member. */
struct settings {
    struct vol_settings lent;
    const struct loaded *loaded;
    json_t *values; /* option: text, number or boolean; those without a value are absent */
};

/* A vol_complaint is the first member. */
struct complaints {
    struct vol_complaint lent;
    json_t *list;
};

/* What follows from the values: for the box, and for whoever reads the secrets. */
struct settings_found {
    json_t *values;
    json_t *read, *connect, *listen, *secrets;
    struct complaints complaints;
};

void settings_found_init(struct settings_found *found);
void settings_found_deinit(struct settings_found *found);

/* `given`: [{"name", "value"}, ...] of the configuration; relative paths begin at `folder`. */
void settings_check(const struct loaded *loaded, const json_t *given, const char *folder,
                    struct settings_found *found);

/* Files that texts of the configuration name, as paths: what an option of kind path may turn out to
 * be, before anybody knows which options are. */
json_t *settings_files(const json_t *given, const char *folder);

/* The services of volunteer_plugin.h. */
const char *settings_text(const struct vol_settings *settings, const char *name);
int64_t settings_number(const struct vol_settings *settings, const char *name);
void complaints_add(struct vol_complaint *complaint, const char *option, const char *message);

const char *option_kind_name(enum vol_option_kind kind);
