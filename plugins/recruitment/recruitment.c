/* The plugin recruitment: what it declares, its start and its end. */
#include "recruitment.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hook_server.h"
#include "methods.h"

#define COUNT_MS 500

static const struct vol_option options[] = {
    {.name = "url",
     .kind = VOL_OPTION_URL,
     .required = 1,
     .help = "where the platform is: https://name:port, without a path"},
    {.name = "token",
     .kind = VOL_OPTION_SECRET,
     .required = 1,
     .help = "the token that the platform issued"},
    {.name = "mapping",
     .kind = VOL_OPTION_PATH,
     .required = 1,
     .help = "the mapping of fields, such as /usr/share/volunteerd/mappings/recruitment.lua"},
    {.name = "ca",
     .kind = VOL_OPTION_PATH,
     .help = "certificates to trust in place of the system's"},
    {.name = "prefix",
     .text = "tszyz",
     .most = 20,
     .help = "our ids of what the platform has begin so: prefix:its id"},
    {.name = "system",
     .text = "天水市志愿者招募",
     .most = 64,
     .help = "the platform's name in volunteer.linked"},
    {.name = "poll_ms",
     .kind = VOL_OPTION_INTEGER,
     .least = 100,
     .most = 86400000,
     .number = 60000,
     .unit = "ms",
     .help = "how long after a round the next one begins"},
    {.name = "retry_ms",
     .kind = VOL_OPTION_INTEGER,
     .least = 10,
     .most = 600000,
     .number = 5000,
     .unit = "ms",
     .help = "the first pause after a failure; doubles, to at most an hour"},
    {.name = "page_limit",
     .kind = VOL_OPTION_INTEGER,
     .least = 1,
     .most = 500,
     .number = 500,
     .unit = "items",
     .help = "items of a page"},
    {.name = "timeout_s",
     .kind = VOL_OPTION_INTEGER,
     .least = 1,
     .most = 120,
     .number = 30,
     .unit = "s",
     .help = "how long a request may take"},
    {.name = "listen",
     .kind = VOL_OPTION_LISTEN,
     .help = "where webhooks of the platform are taken; they need webhook_secret"},
    {.name = "webhook_secret",
     .kind = VOL_OPTION_SECRET,
     .help = "whsec_... that signs webhooks in both directions; two while it is changed"},
    {.name = "notify_url",
     .kind = VOL_OPTION_URL,
     .help = "where what was decided is announced as a signed webhook"},
    {.name = "keep_days",
     .kind = VOL_OPTION_INTEGER,
     .least = 1,
     .most = 3650,
     .number = 7,
     .unit = "days",
     .help = "how long what was sent stays in the outbox"},
    {0}};

static const struct vol_counter counters[] = {
    [COUNTER_PULLED] = {"pulled", "items of the platform that were taken in", 0},
    [COUNTER_PUBLISHED] = {"published", "events that were stored because of them", 0},
    [COUNTER_CONFLICTS] = {"conflicts", "items that a person has to look at", 1},
    [COUNTER_WAITING] = {"waiting", "items that wait for others", 1},
    [COUNTER_PUSHED] = {"pushed", "results that the platform took", 0},
    [COUNTER_PUSH_FAILURES] = {"push_failures", "results that it did not take, each time", 0},
    [COUNTER_WEBHOOKS_IN] = {"webhooks_in", "webhooks that were taken", 0},
    [COUNTER_WEBHOOKS_REFUSED] = {"webhooks_refused", "webhooks that were not", 0},
    [COUNTER_OUTBOX_WAITING] = {"outbox_waiting", "results that wait to be sent", 1},
    [COUNTER_LAST_CONTACT] = {"last_contact", "when the platform answered last, seconds since 1970",
                              1},
    [COUNTER_LAST_CONTACT + 1] = {NULL, NULL, 0}};

static const char *const wants[] = {
    "enrolment.decided",   "enrolment.reviewed", "service.recorded",
    "service.derived",     "service.decided",    "service.reviewed",
    "service.corrected",   "service.revoked",    "service.settled",
    "service.finalised",   "star.changed",       "certificate.issued",
    "certificate.revoked", "volunteer.merged",   NULL};

static const char *const publishes[] = {"volunteer.registered",  "volunteer.updated",
                                        "volunteer.moved",       "volunteer.withdrawn",
                                        "volunteer.linked",      "team.formed",
                                        "team.updated",          "team.dissolved",
                                        "team.joined",           "team.left",
                                        "activity.published",    "activity.changed",
                                        "activity.cancelled",    "activity.closed",
                                        "enrolment.requested",   "enrolment.cancelled",
                                        "attendance.checked_in", "attendance.checked_out",
                                        "attendance.missed",     "service.corrected",
                                        "service.revoked",       NULL};

/* ---- check ---- */

static void nobody(void *context, const char *resource, const char *external,
                   char ret_ours[static MAPPING_ID_BYTES]) {
    (void)context;
    (void)resource;
    snprintf(ret_ours, MAPPING_ID_BYTES, "%s", external);
}

static bool prefix_is_right(const char *prefix) {
    size_t size = strlen(prefix);
    return size > 0 && strspn(prefix, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789-_.") == size;
}

static void check(const struct vol_settings *settings, struct vol_complaint *complaint) {
    const char *path = vol_option_text(settings, "mapping");
    struct mapping *mapping = NULL;
    char message[400];
    if (path && !mapping_open(path, nobody, NULL, &mapping, message, sizeof message))
        vol_complain(complaint, "mapping", message);
    mapping_close(mapping);
    if (!prefix_is_right(vol_option_text(settings, "prefix")))
        vol_complain(complaint, "prefix", "letters, digits or - _ . and nothing else");
    if ((vol_option_text(settings, "listen") || vol_option_text(settings, "notify_url")) &&
        !vol_option_text(settings, "webhook_secret"))
        vol_complain(complaint, "webhook_secret",
                     "webhooks are signed: give the secret that both sides have");
}

/* ---- start and stop ---- */

static uint32_t by_chance(void *context) {
    (void)context;
    return randombytes_random();
}

/* "https://name:443/" and "https://name:443" are the same. */
static char *without_slash(const char *url) {
    size_t size = strlen(url);
    while (size && url[size - 1] == '/')
        size--;
    return strndup(url, size);
}

/* What is lent ends with the callback. */
static char *copied(const struct vol_settings *settings, const char *name) {
    const char *text = vol_option_text(settings, name);
    return text ? strdup(text) : NULL;
}

static int read_options(struct recruitment *recruitment) {
    const struct vol_settings *settings = recruitment->core->settings;
    const char *token = vol_option_text(settings, "token");
    const char *secret = vol_option_text(settings, "webhook_secret");
    recruitment->url = without_slash(vol_option_text(settings, "url"));
    recruitment->ca = copied(settings, "ca");
    recruitment->mapping_path = copied(settings, "mapping");
    recruitment->prefix = copied(settings, "prefix");
    recruitment->system = copied(settings, "system");
    recruitment->notify_url = copied(settings, "notify_url");
    recruitment->poll_ms = vol_option_number(settings, "poll_ms");
    recruitment->retry_ms = vol_option_number(settings, "retry_ms");
    recruitment->page_limit = vol_option_number(settings, "page_limit");
    recruitment->timeout_ms = (uint32_t)vol_option_number(settings, "timeout_s") * 1000;
    recruitment->keep_ms = vol_option_number(settings, "keep_days") * 24 * OUTBOX_HOUR_MS;
    if (asprintf(&recruitment->authorization, "Authorization: Bearer %s", token) < 0)
        return -ENOMEM;
    crypto_generichash(recruitment->digest_key, sizeof recruitment->digest_key,
                       (const uint8_t *)token, strlen(token), NULL, 0);
    if (secret && !signature_keys_read(&recruitment->keys, secret)) {
        log_line(recruitment, VOL_ERROR,
                 "webhook_secret is no whsec_ and 24 to 64 bytes as base64 behind it");
        return -EINVAL;
    }
    recruitment->has_keys = secret != NULL;
    return 0;
}

static int open_database(struct recruitment *recruitment) {
    int r = database_open(&recruitment->sql, recruitment->core->folder);
    recruitment->outbox = (struct outbox){
        .sql = &recruitment->sql, .first_ms = recruitment->retry_ms, .random = by_chance};
    if (r == 0)
        r = outbox_open(&recruitment->outbox);
    if (r != 0)
        log_line(recruitment, VOL_ERROR, "%s/recruitment.db: %s", recruitment->core->folder,
                 sql_message(&recruitment->sql));
    return r;
}

static void count(void *context) {
    count_now(context);
}

static void tidy(void *context) {
    struct recruitment *recruitment = context;
    outbox_prune(&recruitment->outbox, now_ms() - recruitment->keep_ms);
}

static int start(struct vol_core *core, void **ret_self) {
    char message[400];
    struct recruitment *recruitment = calloc(1, sizeof *recruitment);
    *ret_self = recruitment;
    if (!recruitment || sodium_init() < 0)
        return -ENOMEM;
    recruitment->core = core;
    int r = read_options(recruitment);
    if (r == 0)
        r = open_database(recruitment);
    if (r != 0)
        return r;
    if (!mapping_open(recruitment->mapping_path, ours_find, recruitment, &recruitment->mapping,
                      message, sizeof message)) {
        log_line(recruitment, VOL_ERROR, "%s", message);
        return -EINVAL;
    }
    const char *listen = vol_option_text(core->settings, "listen");
    recruitment->hooks = listen ? hook_server_start(recruitment, listen) : NULL;
    if (listen && !recruitment->hooks)
        return -EADDRNOTAVAIL;
    push_start(recruitment);
    pull_start(recruitment);
    vol_timer(core, COUNT_MS, COUNT_MS, count, recruitment);
    vol_timer(core, COUNT_MS, OUTBOX_HOUR_MS, tidy, recruitment);
    push_step(recruitment);
    return 0;
}

static void free_options(struct recruitment *recruitment) {
    char *const texts[] = {recruitment->url,    recruitment->ca,     recruitment->mapping_path,
                           recruitment->prefix, recruitment->system, recruitment->notify_url};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
    if (recruitment->authorization)
        sodium_memzero(recruitment->authorization, strlen(recruitment->authorization));
    free(recruitment->authorization);
    sodium_memzero(&recruitment->keys, sizeof recruitment->keys);
}

static void stop(void *self, int reason) {
    struct recruitment *recruitment = self;
    (void)reason;
    if (!recruitment)
        return;
    hook_server_stop(recruitment->hooks);
    reconcile_stop(recruitment);
    pull_stop(recruitment);
    mapping_close(recruitment->mapping);
    sql_close(&recruitment->sql);
    free_options(recruitment);
    free(recruitment);
}

static void dump(void *self) {
    struct recruitment *recruitment = self;
    log_line(recruitment, VOL_INFO, "%s, stage %d, %lld failures in a row, last error: %s",
             pull_state(recruitment), recruitment->pull.stage,
             (long long)recruitment->pull.failures, recruitment->last_error);
    for (int i = 0; i < RESOURCES; i++) {
        struct place place;
        cursor_read(&recruitment->sql, (enum resource)i, &place);
        log_line(recruitment, VOL_INFO, "%s: read to %lld %s", resource_kinds[i].name,
                 (long long)place.modified, place.begun ? place.id : "(nothing)");
    }
    log_line(recruitment, VOL_INFO,
             "journal: told to %lld, safe to %llu%s; outbox: %lld waiting, %lld given up",
             (long long)database_number(&recruitment->sql, "follow", 0),
             (unsigned long long)recruitment->push.safe,
             recruitment->push.all_safe ? " and all behind it" : "",
             (long long)outbox_count(&recruitment->outbox, "waiting"),
             (long long)outbox_count(&recruitment->outbox, "given_up"));
}

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI,
    .name = "recruitment",
    .version = "1.0.0",
    .summary = "takes in what the city's recruitment platform has, and tells it what was decided",
    .options = options,
    .counters = counters,
    .methods = recruitment_methods,
    .wants = wants,
    .publishes = publishes,
    .source = "/plugins/recruitment",
    .check = check,
    .start = start,
    .stop = stop,
    .events = push_events,
    .dump = dump,
};
