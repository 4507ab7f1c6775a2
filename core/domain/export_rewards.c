#include "domain/export_rewards.h"

#include "domain/cases.h"
#include "domain/honours.h"
#include "domain/render.h"
#include "domain/rewards.h"
#include "domain/star_applications.h"

void render_reward(struct str key, struct str row, struct buf *out) {
    struct reward_row reward;
    put_integer(out, "reward", key_number(key, 0));
    if (!row_is(out, row, &reward, sizeof reward))
        return;
    if (reward.left != STOCK_UNLIMITED)
        put_integer(out, "left", reward.left);
    put_integer(out, "held", reward.n_held);
    put_integer(out, "settled", reward.n_settled);
}

static void put_lots(struct buf *out, struct cursor lots) {
    struct lot lot;
    buf_json_key(out, "lots");
    buf_put_byte(out, '[');
    while (lot_next(&lots, &lot)) {
        buf_json_item(out);
        buf_printf(out, "[%d,%lld]", lot.expires, (long long)lot.amount);
    }
    buf_put_byte(out, ']');
}

void render_redemption(struct str key, struct str row, struct buf *out) {
    struct redemption redemption;
    put_integer(out, "redemption", key_number(key, 0));
    if (redemption_decode(row, &redemption) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_integer(out, "volunteer", redemption.volunteer);
    put_integer(out, "reward", redemption.reward);
    put_integer(out, "quantity", redemption.quantity);
    put_integer(out, "previous", redemption.previous);
    put_integer(out, "account", redemption.account);
    put_text(out, "state", str_from(redemption_state_text(redemption.state)));
    put_integer(out, "on", redemption.on);
    put_integer(out, "amount", redemption.amount);
    put_integer(out, "requested", (int64_t)redemption.requested);
    put_integer(out, "decided", (int64_t)redemption.decided);
    put_integer(out, "closed", (int64_t)redemption.closed);
    put_integer(out, "merchant", redemption.merchant);
    put_integer(out, "committed", redemption.committed);
    put_integer(out, "cost_fen", redemption.cost_fen);
    put_text(out, "group", redemption.group);
    put_lots(out, redemption.lots);
}

void render_redeemed(struct str key, struct str row, struct buf *out) {
    uint32_t value;
    put_integer(out, "volunteer", key_number(key, 0));
    bool is_last = key.size <= 4;
    if (!is_last) {
        put_integer(out, "year", key_byte(key, 4) << 8 | key_byte(key, 5));
        if (key_byte(key, 6))
            put_text(out, "group", key_rest(key, 7));
        else
            put_integer(out, "reward", key_number(key, 7));
    }
    if (row_is(out, row, &value, sizeof value))
        put_integer(out, is_last ? "last" : "n", value);
}

void render_application(struct str key, struct str row, struct buf *out) {
    struct application_row application;
    put_integer(out, "application", key_number(key, 0));
    if (!row_is(out, row, &application, sizeof application))
        return;
    put_integer(out, "volunteer", application.volunteer);
    put_integer(out, "stars", application.stars);
    put_text(out, "state", str_from(application_state_text(application.state)));
    if (application.level)
        put_word(out, "level", &APPROVAL_LEVEL_choices, application.level - 1U);
    put_integer(out, "on", application.on);
    put_integer(out, "notice_until", application.notice_until);
    put_integer(out, "decided", (int64_t)application.decided);
}

void render_applying(struct str key, struct str row, struct buf *out) {
    uint32_t application;
    put_integer(out, "volunteer", key_number(key, 0));
    if (row_is(out, row, &application, sizeof application))
        put_integer(out, "application", application);
}

void render_notice(struct str key, struct str row, struct buf *out) {
    render_day_list(key, row, "application", out);
}

void render_nomination(struct str key, struct str row, struct buf *out) {
    struct nomination_row nomination;
    put_integer(out, "nomination", key_number(key, 0));
    if (!row_is(out, row, &nomination, sizeof nomination))
        return;
    put_integer(out, "honour", nomination.honour);
    put_text(
        out, "noun",
        str_from(nomination.noun < NOUN_COUNT ? noun_info((enum noun)nomination.noun)->name : "?"));
    put_integer(out, "subject", nomination.subject);
    put_integer(out, "previous", nomination.previous);
    put_integer(out, "reviews", nomination.n_reviews);
    put_integer(out, "awarded_on", nomination.awarded_on);
    put_integer(out, "hours_changed", nomination.n_changed);
    put_integer(out, "approvals", nomination.n_approvals);
    put_integer(out, "notice", nomination.notice);
    put_integer(out, "region", nomination.region);
    put_integer(out, "withdrawn_on", nomination.withdrawn_on);
    put_integer(out, "year", nomination.year);
    put_integer(out, "settled", (int64_t)nomination.settled);
    put_text(out, "state",
             str_from(nomination_state_text((enum nomination_state)nomination.state)));
}

void render_nomination_review(struct str key, struct str row, struct buf *out) {
    struct nomination_review review;
    put_integer(out, "nomination", key_number(key, 0));
    put_integer(out, "n", key_number(key, 4));
    if (nomination_review_decode(row, &review) != 0)
        return;
    put_integer(out, "sequence", (int64_t)review.sequence);
    put_integer(out, "on", review.on);
    put_integer(out, "approved", review.approved);
    put_text(out, "stage", review.stage);
    put_text(out, "by", review.by);
}

void render_nominated(struct str key, struct str row, struct buf *out) {
    uint32_t nomination;
    put_noun(out, key, 0);
    put_integer(out, "subject", key_number(key, 1));
    if (row_is(out, row, &nomination, sizeof nomination))
        put_integer(out, "nomination", nomination);
}

void render_candidate(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct candidate candidate;
    put_integer(out, "run", key_number(key, 0));
    put_integer(out, "honour", key_number(key, 4));
    buf_json_key(out, "candidates");
    buf_put_byte(out, '[');
    while (cursor_left(&in) > 0 && candidate_next(&in, &candidate) == 0) {
        buf_json_item(out);
        buf_printf(out, "[%u,%lld,%llu,", candidate.volunteer, (long long)candidate.rank,
                   (unsigned long long)candidate.considered);
        buf_json_string(out, candidate.class);
        buf_put_byte(out, ']');
    }
    buf_put_byte(out, ']');
}

void render_proposal(struct str key, struct str row, struct buf *out) {
    struct proposal proposal;
    put_integer(out, "honour", key_number(key, 0));
    put_integer(out, "year", key_byte(key, 4) << 8 | key_byte(key, 5));
    put_integer(out, "place", key_byte(key, 6) << 8 | key_byte(key, 7));
    if (!row_is(out, row, &proposal, sizeof proposal))
        return;
    put_integer(out, "volunteer", proposal.volunteer);
    put_integer(out, "rank", proposal.rank);
    put_integer(out, "sequence", (int64_t)proposal.sequence);
    put_integer(out, "considered", (int64_t)proposal.considered);
    put_integer(out, "class", proposal.class);
}

void render_case(struct str key, struct str row, struct buf *out) {
    struct case_record record;
    put_integer(out, "case", key_number(key, 0));
    if (case_decode(row, &record) != 0)
        return;
    const struct case_row *fixed = &record.row;
    put_text(out, "noun",
             str_from(fixed->noun < NOUN_COUNT ? noun_info((enum noun)fixed->noun)->name : "?"));
    put_integer(out, "subject", fixed->subject);
    put_integer(out, "previous", fixed->previous);
    put_integer(out, "ordinal", fixed->ordinal);
    put_integer(out, "nomination", fixed->nomination);
    put_integer(out, "region", fixed->region);
    put_integer(out, "nominated_on", fixed->nominated_on);
    put_integer(out, "verified_on", fixed->verified_on);
    put_integer(out, "published_on", fixed->published_on);
    put_integer(out, "withdrawn_on", fixed->withdrawn_on);
    put_integer(out, "by_itself", fixed->by_itself);
    put_text(out, "state", str_from(case_state_text((enum case_state)fixed->state)));
    put_text(out, "verified_by", record.verified_by);
    put_hex(out, "evidence", record.evidence);
    put_text(out, "text", record.text);
    put_text(out, "published_by", record.published_by);
    put_text(out, "reason", record.reason);
    put_text(out, "withdrawn_by", record.withdrawn_by);
}

void render_cased(struct str key, struct str row, struct buf *out) {
    uint32_t number;
    put_noun(out, key, 0);
    put_integer(out, "subject", key_number(key, 1));
    if (row_is(out, row, &number, sizeof number))
        put_integer(out, "case", number);
}
