#include "events.h"

#include "util/error.h"
#include "util/io.h"
#include "value.h"

#define VALUE_COLUMNS 60

/* ---- building ---- */

/* UUIDv7: begins with the time, which the daemon stores fastest. */
void event_id_new(char ret_id[static EVENT_NEW_ID_SIZE]) {
    const struct io *io = io_system();
    uint8_t bytes[16];
    io->random(io->self, bytes, sizeof bytes);
    uint64_t now_ms = (uint64_t)io->now_us(io->self) / 1000;
    for (size_t i = 0; i < 6; i++)
        bytes[i] = (uint8_t)(now_ms >> (40 - 8 * i));
    bytes[6] = (uint8_t)(0x70 | (bytes[6] & 0x0f));
    bytes[8] = (uint8_t)(0x80 | (bytes[8] & 0x3f));
    char *to = ret_id;
    for (size_t i = 0; i < sizeof bytes; i++)
        to += sprintf(to, "%s%02x", i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]);
}

json_t *event_new(const char *type, const char *source, const char *id, const char *time,
                  json_t *data) {
    char made[EVENT_NEW_ID_SIZE];
    event_id_new(made);
    json_t *event = json_pack("{s:s, s:s, s:s, s:s}", "specversion", "1.0", "id", id ? id : made,
                              "source", source ? source : "volunteerctl", "type", type);
    if (event && time)
        json_object_set_new(event, "time", json_string(time));
    json_object_set_new(event, "data", data);
    return event;
}

/* ---- names of types ---- */

int event_type_check(const char *typed) {
    struct str prefix = str_from(typed);
    for (size_t i = 0; i < catalogue_count(); i++)
        if (str_starts_with(str_from(catalogue_at(i)->name), prefix))
            return DONE;
    if (str_starts_with(STR("feed.heartbeat"), prefix))
        return DONE;
    const char *near = catalogue_nearest(prefix);
    if (near)
        return complain(USAGE, _("there is no event type “%s”. Did you mean “%s”?"), typed, near);
    return complain(USAGE, _("there is no event type “%s”. volunteerctl schema lists them."),
                    typed);
}

/* ---- printing ---- */

static void value_cut(const json_t *value, struct buf *out) {
    BUF_AUTO line = {0};
    value_line(value, &line);
    struct str rest = buf_str(&line);
    size_t columns = 0;
    while (rest.size && columns < VALUE_COLUMNS) {
        size_t size = str_utf8_size(rest);
        size = size ? size : 1;
        if (strchr("\n\r\t", *rest.data)) /* one event, one line */
            buf_put_byte(out, ' ');
        else
            buf_put(out, rest.data, size);
        rest = (struct str){rest.data + size, rest.size - size};
        columns++;
    }
    if (rest.size)
        buf_put_str(out, STR("…"));
}

/* volunteer=tszyz:1001 from=1 to=2; what has no room on a line (texts of policies, findings) is
 * left to journal read --json. */
static void data_line(const json_t *data, struct buf *out) {
    json_t *members = json_object_get(data, "data");
    const char *key;
    json_t *member;
    json_object_foreach(members, key, member) {
        buf_printf(out, "%s%s=", out->size ? " " : "", key);
        if (strcmp(key, "findings") == 0)
            findings_text(member, out);
        else
            value_cut(member, out);
    }
}

static enum colour type_colour(const struct event_type *type) {
    if (!type)
        return COLOUR_PLAIN;
    static const enum colour colours[] = {[WRITER_PUBLISHER] = COLOUR_PLAIN,
                                          [WRITER_COMMAND] = COLOUR_STRONG,
                                          [WRITER_DAEMON] = COLOUR_DIM,
                                          [WRITER_DECISION] = COLOUR_GOOD};
    return colours[type->writer];
}

int event_printer_init(struct event_printer *printer, struct call *call) {
    *printer = (struct event_printer){.call = call};
    if (call->json)
        return DONE;
    json_auto_t *status = NULL;
    int code = client_ask(&call->client, "status", json_object(), &status);
    const char *name = text_at(json_object_get(status, "city"), "time_zone");
    printer->zone_known = code == DONE && *name && zone_load(name, &printer->zone) == 0;
    return code;
}

static const char *recorded_text(const struct event_printer *printer, const json_t *event,
                                 char ret_text[static TEXT_SIZE]) {
    const char *recorded = text_at(event, "recordedtime");
    int64_t time_us;
    int16_t offset;
    char local[40];
    if (!printer->zone_known || time_parse(str_from(recorded), &time_us, &offset) != 0)
        return moment_text(*recorded ? recorded : text_at(event, "time"), ret_text);
    time_format(time_us, (int16_t)(zone_offset_at(&printer->zone, time_us) / 60), local);
    return moment_text(local, ret_text);
}

void event_print(const struct event_printer *printer, const json_t *event) {
    const struct terminal *terminal = &printer->call->terminal;
    if (printer->call->json) {
        json_dumpf(event, stdout, JSON_COMPACT);
        putchar('\n');
        return;
    }
    BUF_AUTO fields = {0};
    char moment[TEXT_SIZE];
    const char *name = text_at(event, "type");
    const char *sequence = text_at(event, "sequence");
    sequence += strspn(sequence, "0");
    data_line(event, &fields);
    print("%s  %10.20s  ", recorded_text(printer, event, moment), *sequence ? sequence : "-");
    fputs(colour_code(terminal, type_colour(catalogue_find(str_from(name)))), stdout);
    print("%-22s", name);
    fputs(colour_code(terminal, COLOUR_PLAIN), stdout);
    print("  %s\n", buf_text(&fields));
}

/* ---- results ---- */

static void decisions_print(const struct call *call, const json_t *decisions) {
    size_t index;
    json_t *decision;
    json_array_foreach(decisions, index, decision) {
        BUF_AUTO fields = {0};
        data_line(decision, &fields);
        printf("  %s", colour_code(&call->terminal, COLOUR_GOOD));
        print("%s", text_at(decision, "type"));
        fputs(colour_code(&call->terminal, COLOUR_PLAIN), stdout);
        print("  %s\n", buf_text(&fields));
    }
}

static int result_print(struct call *call, const json_t *result, bool dry_run) {
    const char *status = text_at(result, "status");
    bool rejected = strcmp(status, "rejected") == 0;
    if (call->json)
        print_json(&call->terminal, result);
    if (rejected) {
        const char *field = text_at(result, "field");
        return complain(REFUSED, "%s: %s%s%s%s%s", text_at(result, "code"),
                        text_at(result, "message"), *field ? " (" : "", field, *field ? ")" : "",
                        flag_at(result, "retryable") ? _("; it may succeed later") : "");
    }
    if (call->json)
        return DONE;
    if (dry_run)
        print(_("it would be stored.\n"));
    else if (strcmp(status, "duplicate") == 0)
        print(_("it was stored before, sequence %lld.\n"),
              (long long)integer_at(result, "sequence"));
    else
        print(_("stored, sequence %lld.\n"), (long long)integer_at(result, "sequence"));
    decisions_print(call, json_object_get(result, "decisions"));
    return DONE;
}

int event_submit(struct call *call, json_t *event, bool dry_run) {
    json_auto_t *result = NULL;
    int code = dry_run ? client_ask(&call->client, "event.try", json_pack("{s:o}", "event", event),
                                    &result)
                       : client_publish(&call->client, event, &result);
    return code == DONE ? result_print(call, result, dry_run) : code;
}
