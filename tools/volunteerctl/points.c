/* points adjust: what a person gives or takes, with a reason, against a volunteer's account. */
#include "ask.h"
#include "commands.h"
#include "events.h"
#include "noun.h"
#include "value.h"

#define AMOUNT_MOST INT64_C(1000000000)

/* "-2.5" of an account with two decimals is -250. */
static int amount_read(const char *typed, int decimals, int64_t *ret_amount) {
    bool negative = *typed == '-';
    const char *digits = typed + (negative || *typed == '+');
    int64_t amount = 0;
    int behind = -1; /* digits behind the point, -1 before it */
    if (!*digits)
        return USAGE;
    for (; *digits; digits++) {
        if (*digits == '.' && behind < 0) {
            behind = 0;
            continue;
        }
        if (*digits < '0' || *digits > '9' || behind >= decimals || amount > AMOUNT_MOST)
            return USAGE;
        amount = amount * 10 + (*digits - '0');
        behind += behind >= 0;
    }
    for (behind = behind < 0 ? 0 : behind; behind < decimals; behind++)
        amount = amount > AMOUNT_MOST ? amount : amount * 10;
    if (amount > AMOUNT_MOST)
        return USAGE;
    *ret_amount = negative ? -amount : amount;
    return DONE;
}

static const char *account_word(struct call *call, const char *typed) {
    return noun_word_typed(&call->lexicon, NULL, "account", typed);
}

int run_points_adjust(struct call *call) {
    const char *typed = call_argument(call, 2);
    const char *account = account_word(call, call_argument(call, 1));
    const struct lexicon_word *code = lexicon_code(&call->lexicon, DICTIONARY_ACCOUNT, account);
    int decimals = code ? code->decimals : 0;
    int64_t amount = 0;
    char id[EVENT_NEW_ID_SIZE];
    if (!call_text(call, "reason"))
        return complain(USAGE, _("say why: --reason TEXT."));
    if (!call_text(call, "by"))
        return complain(USAGE, _("say who adjusts: --by PERSON."));
    if (amount_read(typed, decimals, &amount) != DONE)
        return complain(USAGE, _("an amount of %s is a number with at most %d decimals, not “%s”."),
                        account, decimals, typed);
    event_id_new(id);
    json_t *params = json_pack(
        "{s:s, s:s, s:s, s:I}", "adjustment", call_text(call, "id") ? call_text(call, "id") : id,
        "volunteer", call_argument(call, 0), "account", account, "amount", (json_int_t)amount);
    call_pass(call, "reason", params, "reason");
    call_pass(call, "by", params, "by");
    return ask_and_say(call, "points.adjust", params, _("the account is adjusted"));
}
