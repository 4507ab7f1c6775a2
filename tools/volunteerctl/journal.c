/* journal read|verify|replay: the truth, line by line, checked, and played again. */
#include <stdlib.h>

#include "commands.h"
#include "events.h"
#include "interrupt.h"
#include "job.h"
#include "value.h"

#define PAGE_EVENTS 1000
#define FOLLOW_WAIT_MS 1000

/* "a,b" -> ["a", "b"] */
static int types_add(const struct call *call, json_t *params) {
    const char *typed = call_text(call, "types");
    json_t *types = json_array();
    int code = DONE;
    while (typed && *typed && code == DONE) {
        size_t size = strcspn(typed, ",");
        char *type = strndup(typed, size);
        if (!type)
            abort();
        if (size > 0)
            code = event_type_check(type);
        if (size > 0)
            json_array_append_new(types, json_string(type));
        free(type);
        typed += size + (typed[size] == ',');
    }
    if (json_array_size(types))
        json_object_set(params, "types", types);
    json_decref(types);
    return code;
}

static void events_print(const struct event_printer *printer, const json_t *events) {
    size_t index;
    json_t *event;
    json_array_foreach(events, index, event) event_print(printer, event);
    fflush(stdout);
}

struct reading {
    struct call *call;
    struct event_printer printer;
    json_t *params;
    bool follow;
    int64_t limit;
    int64_t n;
    int64_t next, head;
};

static int page_read(struct reading *reading, json_t **ret_page) {
    int64_t left = reading->limit - reading->n;
    json_t *params = json_deep_copy(reading->params);
    json_object_set_new(params, "after", json_integer(reading->next));
    json_object_set_new(params, "limit", json_integer(left < PAGE_EVENTS ? left : PAGE_EVENTS));
    if (reading->follow)
        json_object_set_new(params, "wait_ms", json_integer(FOLLOW_WAIT_MS));
    json_t *page = NULL;
    int code = client_ask(&reading->call->client, "journal.read", params, &page);
    if (code != DONE)
        return code;
    if (!json_is_array(json_object_get(page, "events")) || !has_at(page, "next")) {
        json_decref(page);
        return complain_json(reading->call->json, REFUSED, NULL,
                             _("the daemon answered journal.read without events."));
    }
    reading->n += (int64_t)json_array_size(json_object_get(page, "events"));
    reading->head = integer_at(page, "head");
    *ret_page = page;
    return DONE;
}

/* `all`, where given, gathers the events; else each page is printed as it comes. */
static int pages_print(struct reading *reading, json_t *all) {
    bool more = true;
    while (more && reading->n < reading->limit && !interrupt_came() && !ferror(stdout)) {
        json_auto_t *page = NULL;
        int code = page_read(reading, &page);
        if (code != DONE)
            return code;
        int64_t next = integer_at(page, "next");
        bool moved = next > reading->next;
        if (!all)
            events_print(&reading->printer, json_object_get(page, "events"));
        else
            json_array_extend(all, json_object_get(page, "events"));
        reading->next = next;
        more = reading->follow || (moved && next < reading->head);
    }
    return DONE;
}

int run_journal_read(struct call *call) {
    struct reading reading = {.call = call,
                              .params = json_object(),
                              .follow = call_flag(call, "follow"),
                              .limit = call_limit(call),
                              .next = call_number(call, "after", 0)};
    if (reading.follow && !call_text(call, "limit"))
        reading.limit = INT64_MAX;
    json_auto_t *all = call->json && !reading.follow ? json_array() : NULL;
    int code = types_add(call, reading.params);
    if (code == DONE)
        code = event_printer_init(&reading.printer, call);
    if (reading.follow)
        interrupt_hold();
    if (code == DONE)
        code = pages_print(&reading, all);
    if (code == DONE && all) {
        json_auto_t *result = json_pack("{s:O, s:I, s:I}", "events", all, "next",
                                        (json_int_t)reading.next, "head", (json_int_t)reading.head);
        print_json(&call->terminal, result);
    } else if (code == DONE && !reading.follow && reading.next < reading.head &&
               call->terminal.error) {
        note(_("There is more: go on with --after %lld; --limit 0 shows all."),
             (long long)reading.next);
    }
    json_decref(reading.params);
    return code;
}

/* ---- verify, replay ---- */

int run_journal_verify(struct call *call) {
    json_auto_t *job = NULL;
    int code = job_run(call, "journal.verify", _("verifying"), &job);
    if (code != DONE)
        return code;
    const json_t *result = json_object_get(job, "result");
    if (call->json)
        return print_json(&call->terminal, result);
    char records[TEXT_SIZE];
    number_text(integer_at(result, "records"), call->terminal.out, records);
    print(_("The journal is whole: %s records up to sequence %lld, in %.1f s.\n"), records,
          (long long)integer_at(result, "head"), number_at(result, "seconds"));
    if (*text_at(result, "hash"))
        print(_("Hash of the last frame: %s\n"), text_at(result, "hash"));
    return DONE;
}

int run_journal_replay(struct call *call) {
    json_auto_t *job = NULL;
    int code = job_run(call, "journal.replay", _("replaying"), &job);
    if (code != DONE)
        return code;
    const json_t *result = json_object_get(job, "result");
    bool identical = flag_at(result, "identical");
    if (call->json) {
        print_json(&call->terminal, result);
        return identical && flag_at(result, "ledger_zero") ? DONE : REFUSED;
    }
    char records[TEXT_SIZE], rate[TEXT_SIZE];
    number_text(integer_at(result, "records"), call->terminal.out, records);
    number_text((int64_t)number_at(result, "rate"), call->terminal.out, rate);
    print(_("Replayed %s records up to sequence %lld in %.1f s (%s per second).\n"), records,
          (long long)integer_at(result, "sequence"), number_at(result, "seconds"), rate);
    if (!identical)
        return complain(REFUSED,
                        _("the replayed state differs from the live one: live %s, replayed "
                          "%s. Keep the data directory and report this."),
                        text_at(result, "digest_live"), text_at(result, "digest_replayed"));
    if (!flag_at(result, "ledger_zero"))
        return complain(REFUSED, _("the ledger of points does not sum to zero: the daemon's log "
                                   "says which account. Keep the data directory and report this."));
    print(_("The replayed state is identical to the live one: %s\n"),
          text_at(result, "digest_live"));
    return DONE;
}
