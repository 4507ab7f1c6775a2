/* The bus as an AsyncAPI 3 document: three ZeroMQ sockets, a message a type. */
#include "event/codec.h"
#include "event/schema.h"

static void put_ref(struct buf *out, const char *name, const char *where, const char *what) {
    buf_json_key(out, name);
    schema_put(out, "{'$ref':'");
    schema_put(out, where);
    schema_put(out, what);
    schema_put(out, "'}");
}

static const struct {
    const char *name;
    const char *socket;
    const char *description;
} endpoints[] = {
    {"ingest", "ingest.sock",
     "ROUTER: one event or an array of them in, one result per event back once all are durable."},
    {"feed", "feed.sock",
     "XPUB: frames [type][event]. A hint; journal.read on the query socket is the truth."},
    {"query", "query.sock", "ROUTER: JSON-RPC 2.0."},
};
#define ENDPOINT_COUNT (sizeof endpoints / sizeof *endpoints)

static void put_servers(struct buf *out) {
    buf_json_key(out, "servers");
    buf_put_byte(out, '{');
    for (size_t i = 0; i < ENDPOINT_COUNT; i++) {
        buf_json_key(out, endpoints[i].name);
        schema_put(out, "{'host':'{runtime_dir}/");
        schema_put(out, endpoints[i].socket);
        schema_put(out, "','protocol':'zmq','protocolVersion':'3.1','variables':{'runtime_dir':{"
                        "'default':'/run/volunteerd','description':'runtime_dir of the "
                        "configuration; ipc endpoint'}}");
        buf_json_key(out, "description");
        buf_json_string(out, str_from(endpoints[i].description));
        buf_put_byte(out, '}');
    }
    buf_put_byte(out, '}');
}

/* ---- channels ---- */

static void put_event_refs(struct buf *out, bool published_only) {
    for (size_t i = 0; i < catalogue_count(); i++) {
        const struct event_type *type = catalogue_at(i);
        if (!published_only || type->writer == WRITER_PUBLISHER)
            put_ref(out, type->name, "#/components/messages/", type->name);
    }
}

static void channel_begin(struct buf *out, const char *name) {
    buf_json_key(out, name);
    schema_put(out, "{'address':'");
    schema_put(out, name);
    schema_put(out, "','servers':[{'$ref':'#/servers/");
    schema_put(out, name);
    schema_put(out, "'}],'messages':{");
}

static void put_channels(struct buf *out) {
    buf_json_key(out, "channels");
    buf_put_byte(out, '{');
    channel_begin(out, "ingest");
    put_event_refs(out, true);
    put_ref(out, "acknowledgement", "#/components/messages/", "acknowledgement");
    schema_put(out, "}}");
    channel_begin(out, "feed");
    put_event_refs(out, false);
    put_ref(out, "feed.heartbeat", "#/components/messages/", "feed.heartbeat");
    schema_put(out, "}}");
    channel_begin(out, "query");
    put_ref(out, "question", "#/components/messages/", "question");
    put_ref(out, "answer", "#/components/messages/", "answer");
    schema_put(out, "}}}");
}

static void put_message_list(struct buf *out, const char *channel, bool published_only) {
    buf_json_key(out, "messages");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < catalogue_count(); i++) {
        const struct event_type *type = catalogue_at(i);
        if (published_only && type->writer != WRITER_PUBLISHER)
            continue;
        buf_json_item(out);
        schema_put(out, "{'$ref':'#/channels/");
        schema_put(out, channel);
        schema_put(out, "/messages/");
        schema_put(out, type->name);
        schema_put(out, "'}");
    }
    buf_put_byte(out, ']');
}

static void put_operations(struct buf *out) {
    schema_put(out, ",'operations':{'publish':{'action':'receive',"
                    "'channel':{'$ref':'#/channels/ingest'}");
    put_message_list(out, "ingest", true);
    schema_put(out, ",'reply':{'channel':{'$ref':'#/channels/ingest'},"
                    "'messages':[{'$ref':'#/channels/ingest/messages/acknowledgement'}]}},"
                    "'follow':{'action':'send','channel':{'$ref':'#/channels/feed'}},"
                    "'ask':{'action':'receive','channel':{'$ref':'#/channels/query'},"
                    "'messages':[{'$ref':'#/channels/query/messages/question'}],"
                    "'reply':{'channel':{'$ref':'#/channels/query'},"
                    "'messages':[{'$ref':'#/channels/query/messages/answer'}]}}}");
}

/* ---- messages ---- */

static void put_code(struct buf *out, const char *text) {
    buf_json_item(out);
    buf_json_string(out, str_from(text));
}

/* Every stable code; the one that ends in a noun once for each. */
static void put_codes(struct buf *out) {
    char text[48];
    buf_put_byte(out, '[');
    for (int code = PROBLEM_NONE + 1; code < PROBLEM_COUNT; code++) {
        struct problem problem = {.code = (enum problem_code)code};
        bool named = code == PROBLEM_UNKNOWN_NOUN;
        for (size_t noun = 0; noun < (named ? (size_t)NOUN_COUNT : 1); noun++) {
            problem.noun = named ? noun_info((enum noun)noun)->name : NULL;
            put_code(out, problem_code_text(&problem, text));
        }
    }
    buf_put_byte(out, ']');
}

static void put_acknowledgement(struct buf *out) {
    schema_put(out,
               "'acknowledgement':{'contentType':'application/json','payload':{'type':'object',"
               "'properties':{'epoch':{'type':'string'},'error':{'type':'object','properties':{"
               "'code':{'type':'string'},'message':{'type':'string'}}},"
               "'results':{'type':'array','items':{'type':'object',"
               "'required':['id','status'],'properties':{'id':{'type':['string','null']},"
               "'status':{'enum':['stored','duplicate','rejected']},'sequence':{'type':'integer'},"
               "'decisions':{'type':'array','items':{'type':'object'}},"
               "'field':{'type':'string'},'message':{'type':'string'},"
               "'retryable':{'type':'boolean'},'code':{'enum':");
    put_codes(out);
    schema_put(out, "}}}}}}}");
}

static void put_messages(struct buf *out) {
    schema_put(out, ",'components':{'messages':{");
    for (size_t i = 0; i < catalogue_count(); i++) {
        const struct event_type *type = catalogue_at(i);
        buf_json_key(out, type->name);
        schema_put(out, "{'contentType':'application/cloudevents+json','title':");
        buf_json_string(out, str_from(type->label));
        buf_json_key(out, "payload");
        schema_put_event(type, false, out);
        buf_put_byte(out, '}');
    }
    buf_json_item(out);
    put_acknowledgement(out);
    schema_put(out,
               ",'feed.heartbeat':{'contentType':'application/cloudevents+json',"
               "'payload':{'type':'object'}},"
               "'question':{'contentType':'application/json','payload':{'type':'object',"
               "'required':['jsonrpc','method'],'properties':{'jsonrpc':{'const':'2.0'},"
               "'method':{'type':'string'},'params':{'type':'object'},"
               "'id':{'type':['string','integer','null']}}}},"
               "'answer':{'contentType':'application/json','payload':{'type':'object',"
               "'required':['jsonrpc','id'],'properties':{'jsonrpc':{'const':'2.0'},"
               "'result':{},'error':{'type':'object'},'id':{'type':['string','integer','null']}}}}"
               "}}");
}

void schema_asyncapi(struct buf *out) {
    schema_put(out, "{'asyncapi':'3.0.0','info':{'title':'volunteerd','version':");
    buf_json_string(out, str_from(VOLUNTEERD_VERSION));
    schema_put(out, ",'description':'Volunteer service of a city: events in, decisions out.'},"
                    "'defaultContentType':'application/json'");
    put_servers(out);
    put_channels(out);
    put_operations(out);
    put_messages(out);
    buf_put_byte(out, '}');
}
