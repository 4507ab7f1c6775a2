#include "first_start.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "domain/dictionaries.h"
#include "domain/policies.h"
#include "policy_files.h"
#include "util/error.h"
#include "util/lines.h"
#include "util/log.h"

/* Long before any service: what stands in policy_dir at the first start holds for all history that
 * is loaded after it. */
#define FIRST_DAY "1970-01-01"

/* Runs a command and reports what was refused. 0; 1 refused (logged). */
static int run(struct command *command, const struct command_writer *writer, const char *what) {
    struct problem problem = {0};
    if (command_run(command, writer, &problem) != 0) {
        log_error("%s: %s", what, problem.message);
        return 1;
    }
    int result = 0;
    for (size_t i = 0; i < command->batch.n_events; i++) {
        const struct result *outcome = &command->batch.results[i];
        if (outcome->status != RESULT_REJECTED)
            continue;
        log_error("%s: %s: %s", what, outcome->problem->field, outcome->problem->message);
        result = 1;
    }
    return result;
}

/* ---- the city ---- */

static void put_city(const struct options *options, const struct zone *zone, struct buf *out) {
    buf_put_byte(out, '{');
    buf_json_key(out, "region");
    buf_json_string(out, str_from(options->city_region));
    buf_json_key(out, "name");
    buf_json_string(out, str_from(options->city_name));
    buf_json_key(out, "time_zone");
    buf_json_string(out, str_from(options->city_time_zone));
    buf_json_key(out, "limits");
    buf_printf(out, "{\"future_minutes\":%" PRId64 "}", options->future_minutes);
    buf_json_key(out, "offsets");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < zone->n_offsets; i++) {
        buf_json_item(out);
        buf_printf(out, "{\"from\":%" PRId64 ",\"seconds\":%" PRId32 "}", zone->offsets[i].from_s,
                   zone->offsets[i].offset_s);
    }
    buf_put_str(out, STR("]}"));
}

static int write_city(const struct command_writer *writer, const struct options *options) {
    struct zone zone;
    if (zone_load(options->city_time_zone, &zone) != 0) {
        log_error("city.time_zone: \"%s\" is not a time zone that can be kept",
                  options->city_time_zone);
        return 1;
    }
    struct buf data = {0};
    struct problem problem = {0};
    struct command command;
    put_city(options, &zone, &data);
    command_init(&command, 1);
    int result = command_set(&command, 0, writer, "city.configured", buf_str(&data), &problem);
    if (result != 0)
        log_error("city of the configuration: %s: %s", problem.field, problem.message);
    else
        result = run(&command, writer, "city of the configuration");
    if (result == 0)
        log_notice("a new city: %s %s, %s", options->city_region, options->city_name,
                   options->city_time_zone);
    command_deinit(&command);
    buf_deinit(&data);
    return result;
}

/* Region and zone decide dates and counters of everything in the journal: the file cannot change
 * them. */
static int compare_city(const struct city *city, const struct options *options) {
    if (strcmp(city->region, options->city_region) != 0 ||
        strcmp(city->time_zone, options->city_time_zone) != 0) {
        log_error("the configuration's city (%s, %s) is not this data_dir's (%s, %s): put the old "
                  "values back, or give this city a data_dir of its own",
                  options->city_region, options->city_time_zone, city->region, city->time_zone);
        return 1;
    }
    if (strcmp(city->name, options->city_name) != 0)
        log_warning(
            "the configuration calls the city %s, but its own event says %s: that one holds",
            options->city_name, city->name);
    return 0;
}

static int read_city(struct store *store, struct city *ret_city) {
    struct view *view;
    int result = store_view_open(store, &view);
    if (result != 0)
        return result;
    result = city_get(view, ret_city);
    view_close(view);
    return result;
}

int first_start_city(const struct command_writer *writer, struct journal *journal,
                     struct store *store, const struct options *options) {
    struct city city;
    int result = read_city(store, &city);
    if (result == 0)
        return compare_city(&city, options);
    if (result < 0)
        return result;
    if (journal_head(journal).sequence > 0) {
        log_error(
            "the journal has events but no city.configured: it is not a journal of this program");
        return 1;
    }
    return write_city(writer, options);
}

/* ---- dictionaries ---- */

static void put_entry(enum DICTIONARY_choice dictionary, const struct dictionary_entry *entry,
                      struct buf *out) {
    buf_put_byte(out, '{');
    buf_json_key(out, "dictionary");
    buf_json_string(out, str_from(DICTIONARY_choices.words[dictionary]));
    buf_json_key(out, "code");
    buf_json_string(out, str_from(entry->code));
    buf_json_key(out, "title");
    buf_json_string(out, str_from(entry->title));
    if (dictionary == DICTIONARY_ACCOUNT) {
        buf_json_key(out, "decimals");
        buf_json_integer(out, entry->decimals);
        buf_json_key(out, "may_expire");
        buf_put_str(out, entry->may_expire ? STR("true") : STR("false"));
    }
    buf_put_byte(out, '}');
}

static int set_entries(struct command *command, const struct command_writer *writer) {
    struct buf data = {0};
    struct problem problem = {0};
    size_t n = 0;
    int result = 0;
    for (unsigned d = 0; d < DICTIONARY_COUNT; d++) {
        const struct dictionary_info *info = dictionary_info((enum DICTIONARY_choice)d);
        for (size_t i = 0; i < info->n && result == 0; i++) {
            buf_reset(&data);
            put_entry((enum DICTIONARY_choice)d, &info->entries[i], &data);
            result =
                command_set(command, n++, writer, "dictionary.entry_set", buf_str(&data), &problem);
            if (result != 0)
                log_error("dictionary %s: %s: %s", info->name, problem.field, problem.message);
        }
    }
    buf_deinit(&data);
    return result;
}

int first_start_dictionaries(const struct command_writer *writer, struct store *store) {
    struct view *view;
    struct command command;
    size_t n = 0;
    int result = store_view_open(store, &view);
    if (result != 0)
        return result;
    bool any = dictionary_count(view, DICTIONARY_CATEGORY) > 0;
    view_close(view);
    if (any)
        return 0;
    for (unsigned d = 0; d < DICTIONARY_COUNT; d++)
        n += dictionary_info((enum DICTIONARY_choice)d)->n;
    command_init(&command, n);
    result = set_entries(&command, writer);
    if (result == 0)
        result = run(&command, writer, "dictionaries as shipped");
    if (result == 0)
        log_notice("%zu entries of %d dictionaries are set", n, (int)DICTIONARY_COUNT);
    command_deinit(&command);
    return result;
}

/* ---- policies ---- */

static const char *verdict_text(const struct policy_file *file, const char *name) {
    return json_string_value(json_object_get(file->verdict, name));
}

static bool is_used(const struct policy_file *file, struct str library) {
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(file->verdict, "uses"), i, item) {
        const char *name = json_string_value(item);
        if (name && str_equal(str_from(name), library))
            return true;
    }
    return false;
}

static json_t *libraries_json(const struct policy_files *files, const struct policy_file *file) {
    json_t *list = json_array();
    for (size_t i = 0; i < files->n_libraries; i++) {
        const struct library *library = &files->libraries[i];
        if (is_used(file, library->name))
            json_array_append_new(list, json_pack("{s:s%, s:s%}", "name", library->name.data,
                                                  library->name.size, "text", library->text.data,
                                                  library->text.size));
    }
    return list;
}

static char *activation(const struct policy_files *files, const struct policy_file *file,
                        struct str revision) {
    json_t *data =
        json_pack("{s:s, s:s, s:s%, s:s%, s:s, s:s, s:s}", "policy", verdict_text(file, "policy"),
                  "kind", verdict_text(file, "kind"), "revision", revision.data, revision.size,
                  "text", file->text.data, file->text.size, "effective", FIRST_DAY, "retroactivity",
                  "from_now", "by", "first-start");
    if (verdict_text(file, "scope"))
        json_object_set(data, "scope", json_object_get(file->verdict, "scope"));
    if (verdict_text(file, "schedule"))
        json_object_set(data, "schedule", json_object_get(file->verdict, "schedule"));
    if (json_array_size(json_object_get(file->verdict, "parameters")) > 0)
        json_object_set(data, "sets", json_object_get(file->verdict, "parameters"));
    json_t *libraries = libraries_json(files, file);
    if (json_array_size(libraries) > 0)
        json_object_set(data, "library", libraries);
    json_decref(libraries);
    char *text = data ? json_dumps(data, JSON_COMPACT) : NULL;
    json_decref(data);
    return text;
}

static int set_activation(struct command *command, size_t index,
                          const struct command_writer *writer, struct view *view,
                          const struct policy_files *files) {
    const struct policy_file *file = &files->list[index];
    struct problem problem = {0};
    const char *policy = verdict_text(file, "policy");
    struct str revision = policy_next_revision(view, str_from(policy), &command->batch.arena);
    char *data = activation(files, file, revision);
    if (!data) {
        log_error("policy file %.*s: is not UTF-8", STR_ARG(file->name));
        return 1;
    }
    int result = command_set(command, index, writer, "policy.activated", str_from(data), &problem);
    if (result != 0)
        log_error("policy file %.*s: %s: %s", STR_ARG(file->name), problem.field, problem.message);
    free(data);
    return result;
}

static int activate_all(const struct command_writer *writer, struct view *view,
                        const struct policy_files *files) {
    struct command command;
    int result = 0;
    command_init(&command, files->n);
    for (size_t i = 0; i < files->n && result == 0; i++)
        result = set_activation(&command, i, writer, view, files);
    if (result == 0)
        result = run(&command, writer, "policies of policy_dir");
    for (size_t i = 0; i < files->n && result == 0; i++)
        log_notice("policy %s is in force from the first day: %.*s",
                   verdict_text(&files->list[i], "policy"), STR_ARG(files->list[i].name));
    command_deinit(&command);
    return result;
}

static bool all_are_good(const char *folder, const struct policy_files *files) {
    struct buf complaints = {0};
    for (size_t i = 0; i < files->n; i++)
        if (!files->list[i].ok)
            policy_file_complaints(folder, &files->list[i], &complaints);
    struct str left = buf_str(&complaints), line;
    while (lines_next(&left, &line))
        log_error("%.*s", STR_ARG(line));
    bool good = complaints.size == 0;
    buf_deinit(&complaints);
    return good;
}

static int note_any(void *context, const struct policy_revision *revision) {
    (void)revision;
    *(bool *)context = true;
    return 1;
}

static int activate_first(const struct command_writer *writer, struct view *view,
                          const char *policy_dir, const struct vet_options *vet,
                          struct arena *arena) {
    struct policy_files files;
    int result = policy_files_read(writer->io, policy_dir, vet, arena, &files);
    if (result == 0 && !all_are_good(policy_dir, &files))
        result = 1;
    else if (result == 0 && files.n == 0)
        log_warning("policy_dir %s holds no policy: nothing is decided until one is activated",
                    policy_dir);
    else if (result == 0)
        result = activate_all(writer, view, &files);
    policy_files_deinit(&files);
    return result;
}

int first_start_policies(const struct command_writer *writer, struct store *store,
                         const char *policy_dir, const struct vet_options *vet) {
    struct view *view;
    struct arena arena;
    bool any = false;
    int result = store_view_open(store, &view);
    if (result != 0)
        return result;
    arena_init(&arena);
    result = policy_revisions(view, &arena, note_any, &any);
    result = result < 0 || any ? (result < 0 ? result : 0)
                               : activate_first(writer, view, policy_dir, vet, &arena);
    arena_deinit(&arena);
    view_close(view);
    return result;
}

int policy_files_check(const struct io *io, const char *policy_dir, const struct vet_options *vet,
                       struct buf *complaints) {
    struct arena arena;
    struct policy_files files;
    arena_init(&arena);
    size_t before = complaints->size;
    int result = policy_files_read(io, policy_dir, vet, &arena, &files);
    for (size_t i = 0; i < files.n && result == 0; i++)
        if (!files.list[i].ok)
            policy_file_complaints(policy_dir, &files.list[i], complaints);
    policy_files_deinit(&files);
    arena_deinit(&arena);
    return result != 0 ? result : complaints->size > before;
}

/* ---- drafts ---- */

static int forget_known(void *context, const struct policy_revision *revision) {
    struct policy_files *files = context;
    for (size_t i = 0; i < files->n; i++)
        if (str_equal(files->list[i].text, revision->data.text))
            files->list[i].ok = true;
    return 0;
}

static void note_drafts(struct view *view, const struct io *io, const char *policy_dir,
                        struct arena *arena) {
    struct policy_files files;
    int result = policy_files_read(io, policy_dir, NULL, arena, &files);
    if (result == 0)
        result = policy_revisions(view, arena, forget_known, &files);
    for (size_t i = 0; i < files.n && result == 0; i++)
        if (!files.list[i].ok)
            log_notice("%s/%.*s is a draft: `volunteerctl policy activate` puts it in force",
                       policy_dir, STR_ARG(files.list[i].name));
    policy_files_deinit(&files);
}

void policy_files_note_drafts(const struct io *io, struct store *store, const char *policy_dir) {
    struct view *view;
    struct arena arena;
    if (store_view_open(store, &view) != 0)
        return;
    arena_init(&arena);
    note_drafts(view, io, policy_dir, &arena);
    arena_deinit(&arena);
    view_close(view);
}
