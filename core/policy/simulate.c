#include "policy/simulate.h"

#include <sodium.h>

#include "policy/host.h"

static struct policy_activated draft_data(const struct policy_draft *draft) {
    struct policy_activated data = {
        .policy = draft->policy,
        .kind = (int32_t)draft->kind,
        .revision = STR(DRAFT_REVISION),
        .text = draft->text,
        .parameters = draft->parameters,
        /* Borrowed and never written, as every activation's. */
        .library = {draft->n_libraries, (void *)(uintptr_t)draft->libraries},
        .effective = INT32_MIN,
    };
    GIVE(&data, policy_activated, policy);
    GIVE(&data, policy_activated, kind);
    GIVE(&data, policy_activated, revision);
    GIVE(&data, policy_activated, text);
    GIVE(&data, policy_activated, effective);
    return data;
}

void policy_host_lay(struct policy_host *host, const struct policy_draft *draft) {
    size_t n = host->n_revisions;
    struct revision *list = arena_alloc(&host->arena, (n + 1) * sizeof *list);
    if (n)
        memcpy(list + 1, host->revisions, n * sizeof *list);
    list[0] = (struct revision){.row = {.number = UINT32_MAX,
                                        .state = POLICY_IN_FORCE,
                                        .scope = draft->scope,
                                        .retired_from = POLICY_NOT_RETIRED,
                                        .data = draft_data(draft)}};
    host->revisions = list;
    host->n_revisions = n + 1;
    host->kinds |= 1U << draft->kind;
    host->scoped |= draft->scope != 0;
}

bool policy_draft_loads(struct policy_host *host, struct str *ret_failure) {
    struct revision *draft = &host->revisions[0];
    if (host_renew_state(host) == 0 && host_load(host, draft))
        return true;
    *ret_failure = draft->failure.size ? draft->failure : STR("it does not load");
    return false;
}

struct str policy_replaced(struct policy_host *host, struct view *view,
                           const struct policy_draft *draft, int32_t date) {
    struct revision *found =
        policy_kind_has_many(draft->kind)
            ? host_select_named(host, view, draft->kind, draft->policy, draft->scope, date)
            : host_select(host, view, draft->kind, draft->scope, date);
    return found ? found->row.data.revision : STR_NONE;
}

static void add_text(crypto_generichash_state *state, struct str text) {
    unsigned char size[8];
    for (int i = 0; i < 8; i++)
        size[i] = (unsigned char)((uint64_t)text.size >> (8 * i));
    crypto_generichash_update(state, size, sizeof size);
    if (text.size)
        crypto_generichash_update(state, (const unsigned char *)text.data, text.size);
}

void policy_draft_digest(const struct policy_draft *draft,
                         char ret_text[static DRAFT_DIGEST_TEXT]) {
    unsigned char digest[16];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof digest);
    add_text(&state, draft->text);
    add_text(&state, draft->parameters);
    for (size_t i = 0; i < draft->n_libraries; i++) {
        add_text(&state, draft->libraries[i].name);
        add_text(&state, draft->libraries[i].text);
    }
    crypto_generichash_final(&state, digest, sizeof digest);
    sodium_bin2hex(ret_text, DRAFT_DIGEST_TEXT, digest, sizeof digest);
}
