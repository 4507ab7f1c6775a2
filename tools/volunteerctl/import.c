/* import list, show, undo: what came with one import, and taking it back as a whole. */
#include <unistd.h>

#include "commands.h"
#include "list.h"
#include "progress.h"
#include "show.h"
#include "value.h"

#define LOOK_AGAIN_MS 200

int run_import_list(struct call *call) {
    json_t *params = json_object();
    call_pass(call, "state", params, "state");
    return list_things(call, "batch", params);
}

int run_import_show(struct call *call) {
    return show_thing(call, "batch", call_argument(call, 0));
}

static int batch_get(struct call *call, json_t **ret_batch) {
    return client_ask(&call->client, "batch.get",
                      json_pack("{s:s}", "batch", call_argument(call, 0)), ret_batch);
}

/* Waits for the run to end, as long as it goes on. */
static int undone_wait(struct call *call, json_t **ret_batch) {
    struct progress progress;
    int code = DONE;
    progress_begin(&progress, &call->terminal, _("taking back"));
    while (code == DONE) {
        json_t *batch = NULL;
        code = batch_get(call, &batch);
        if (code == DONE && strcmp(text_at(batch, "state"), "undone") == 0) {
            *ret_batch = batch;
            break;
        }
        progress_update(&progress, integer_at(batch, "taken_back"), integer_at(batch, "events"),
                        NULL);
        json_decref(batch);
        usleep(LOOK_AGAIN_MS * 1000);
    }
    progress_end(&progress);
    return code;
}

static bool agreed(struct call *call, const json_t *batch) {
    BUF_AUTO question = {0};
    if (!call->terminal.in || !call->terminal.out || call->json)
        return true;
    buf_printf(&question, _("Take back %lld events of %s? [y/N] "),
               (long long)(integer_at(batch, "events") - integer_at(batch, "irrevocable")),
               call_argument(call, 0));
    return confirmed(buf_text(&question));
}

static int undone_say(struct call *call, const json_t *batch) {
    int64_t kept = integer_at(batch, "kept"), irrevocable = integer_at(batch, "irrevocable");
    if (call->json)
        return print_json(&call->terminal, batch);
    print(_("%lld events of %s are taken back.\n"), (long long)integer_at(batch, "taken_back"),
          call_argument(call, 0));
    if (kept)
        print(_("%lld stay: they were taken back before, or somebody has gone on with them.\n"),
              (long long)kept);
    if (irrevocable)
        print(_("%lld are of types that nothing takes back; mend each by an event of its own.\n"),
              (long long)irrevocable);
    return DONE;
}

int run_import_undo(struct call *call) {
    json_auto_t *before = NULL, *done = NULL, *after = NULL;
    const char *by = call_text(call, "by");
    if (!by)
        return complain(USAGE, _("say who takes it back: --by PERSON."));
    int code = batch_get(call, &before);
    if (code != DONE)
        return code;
    if (!agreed(call, before))
        return complain(REFUSED, _("nothing was taken back."));
    code = client_ask(&call->client, "batch.undo",
                      json_pack("{s:s, s:s}", "batch", call_argument(call, 0), "by", by), &done);
    if (code == DONE)
        code = undone_wait(call, &after);
    return code == DONE ? undone_say(call, after) : code;
}
