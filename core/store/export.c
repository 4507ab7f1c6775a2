#include "store/export.h"

#include <sodium.h>

struct export {
    int (*line)(void *context, struct str line);
    void *context;
    store_render *const *renders;
    enum table table;
    struct buf text;
};

static int export_row(void *context, struct str key, struct str row) {
    struct export *export = context;
    struct buf *text = &export->text;
    buf_reset(text);
    buf_put_byte(text, '{');
    buf_json_key(text, "table");
    buf_json_string(text, str_from(table_name(export->table)));
    export->renders[export->table](key, row, text);
    buf_put_str(text, STR("}\n"));
    return export->line(export->context, buf_str(text));
}

int store_export(struct view *view, int (*line)(void *context, struct str line), void *context,
                 store_render *const renders[static TABLE_COUNT]) {
    struct export export = {.line = line, .context = context, .renders = renders};
    int outcome = 0;
    for (unsigned table = 0; !outcome && table < TABLE_COUNT; table++) {
        export.table = (enum table)table;
        outcome = view_scan(view, export.table, STR_NONE, export_row, &export);
    }
    buf_deinit(&export.text);
    return outcome;
}

static int digest_line(void *context, struct str line) {
    crypto_generichash_update(context, (const unsigned char *)line.data, line.size);
    return 0;
}

int store_export_digest(struct view *view, store_render *const renders[static TABLE_COUNT],
                        char ret_digest[static 65]) {
    crypto_generichash_state state;
    unsigned char digest[32];
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    int outcome = store_export(view, digest_line, &state, renders);
    crypto_generichash_final(&state, digest, sizeof digest);
    if (!outcome)
        sodium_bin2hex(ret_digest, 65, digest, sizeof digest);
    return outcome;
}
