/* watch [TYPE...]: the feed, one line per event. */
#include <zmq.h>

#include "commands.h"
#include "events.h"
#include "interrupt.h"
#include "progress.h"
#include "value.h"

#define HEARTBEAT "feed.heartbeat"
#define SILENCE_US INT64_C(5000000)
#define POLL_MS 200

struct watching {
    struct call *call;
    struct event_printer printer;
    void *socket;
    bool heartbeats_wanted;
    bool everything; /* no types were named: a gap in the sequence is a loss */
    bool silent;
    int64_t heard_us;
    int64_t last_sequence;
    int64_t n_printed;
};

static int watch_subscribe(struct watching *watching) {
    struct call *call = watching->call;
    watching->everything = call->n_arguments == 0;
    for (size_t i = 0; i < call->n_arguments; i++) {
        const char *type = call->arguments[i];
        if (event_type_check(type) != DONE)
            return USAGE;
        watching->heartbeats_wanted |= str_starts_with(STR(HEARTBEAT), str_from(type));
    }
    int code = client_connect(&call->client, CLIENT_FEED, ZMQ_SUB, &watching->socket);
    if (code != DONE)
        return code;
    for (size_t i = 0; i < call->n_arguments; i++)
        zmq_setsockopt(watching->socket, ZMQ_SUBSCRIBE, call->arguments[i],
                       strlen(call->arguments[i]));
    /* Heartbeats always: they tell a quiet city from a daemon that is gone. */
    const char *rest = watching->everything ? "" : HEARTBEAT;
    zmq_setsockopt(watching->socket, ZMQ_SUBSCRIBE, rest, strlen(rest));
    return DONE;
}

static void sequence_follow(struct watching *watching, const json_t *event) {
    json_int_t sequence = 0;
    const char *digits = text_at(event, "sequence");
    for (; *digits >= '0' && *digits <= '9' && sequence < INT64_MAX / 100; digits++)
        sequence = sequence * 10 + (*digits - '0');
    if (watching->everything && watching->last_sequence > 0 &&
        sequence > watching->last_sequence + 1)
        note(_("volunteerctl: this reader was too slow for the feed: events %lld to %lld are not "
               "shown; volunteerctl journal read --after %lld has them."),
             (long long)watching->last_sequence + 1, (long long)sequence - 1,
             (long long)watching->last_sequence);
    if (sequence > watching->last_sequence)
        watching->last_sequence = sequence;
}

static void event_show(struct watching *watching, struct str topic, struct str body) {
    json_error_t error;
    if (str_equal(topic, STR(HEARTBEAT)) && !watching->heartbeats_wanted)
        return;
    json_auto_t *event = json_loadb(body.data, body.size, JSON_ALLOW_NUL, &error);
    if (!json_is_object(event)) {
        note(_("volunteerctl: something on the feed is no event and is not shown."));
        return;
    }
    if (!str_equal(topic, STR(HEARTBEAT)))
        sequence_follow(watching, event);
    event_print(&watching->printer, event);
    watching->n_printed++;
    fflush(stdout);
}

/* One message of two frames; frames that should not be there are read away. */
static bool message_show(struct watching *watching) {
    zmq_msg_t topic, body;
    zmq_msg_init(&topic);
    zmq_msg_init(&body);
    bool came = zmq_msg_recv(&topic, watching->socket, ZMQ_DONTWAIT) >= 0;
    bool more = came && zmq_msg_more(&topic);
    while (more && zmq_msg_recv(&body, watching->socket, ZMQ_DONTWAIT) >= 0)
        more = zmq_msg_more(&body);
    if (came)
        event_show(watching, (struct str){zmq_msg_data(&topic), zmq_msg_size(&topic)},
                   (struct str){zmq_msg_data(&body), zmq_msg_size(&body)});
    zmq_msg_close(&topic);
    zmq_msg_close(&body);
    return came;
}

static void silence_check(struct watching *watching, bool heard) {
    if (heard) {
        watching->heard_us = now_us();
        if (watching->silent)
            note(_("volunteerctl: the daemon is back."));
        watching->silent = false;
    } else if (!watching->silent && now_us() - watching->heard_us > SILENCE_US) {
        watching->silent = true;
        note(_("volunteerctl: nothing heard from the daemon for 5 s; still listening."));
    }
}

int run_watch(struct call *call) {
    struct watching watching = {.call = call, .heard_us = now_us()};
    int64_t count = call_number(call, "count", INT64_MAX);
    int code = watch_subscribe(&watching);
    if (code == DONE)
        code = event_printer_init(&watching.printer, call);
    if (code != DONE) {
        if (watching.socket)
            zmq_close(watching.socket);
        return code;
    }
    interrupt_hold();
    while (watching.n_printed < count && !interrupt_came() && !ferror(stdout)) {
        zmq_pollitem_t item = {.socket = watching.socket, .events = ZMQ_POLLIN};
        zmq_poll(&item, 1, POLL_MS);
        bool heard = false;
        while (watching.n_printed < count && message_show(&watching))
            heard = true;
        silence_check(&watching, heard);
    }
    zmq_close(watching.socket);
    return DONE;
}
