/* How the rows about campaigns, notices, tasks and commitments read in the export. */
#include "domain/commitments.h"
#include "domain/notices.h"
#include "domain/render.h"
#include "domain/tasks.h"

void render_campaign(struct str key, struct str row, struct buf *out) {
    struct campaign_row campaign;
    put_integer(out, "campaign", key_number(key, 0));
    if (!row_is(out, row, &campaign, sizeof campaign))
        return;
    put_integer(out, "starts", campaign.starts);
    put_integer(out, "ends", campaign.ends);
    put_integer(out, "closed_on", campaign.closed_on);
}

static void put_receipt(struct cursor *in, struct buf *out) {
    buf_json_item(out);
    buf_put_byte(out, '{');
    put_integer(out, "organisation", (int64_t)cursor_varint(in));
    put_integer(out, "region", (int64_t)cursor_varint(in));
    put_integer(out, "via", (int64_t)cursor_varint(in));
    put_integer(out, "on", cursor_signed(in));
    put_text(out, "by", cursor_counted(in));
    buf_put_byte(out, '}');
}

void render_notice_receipts(struct str key, struct str row, struct buf *out) {
    struct notice_row notice;
    put_integer(out, "notice", key_number(key, 0));
    if (!row_is(out, row, &notice, sizeof notice))
        return;
    struct cursor rest = {row.data + sizeof notice, row.data + row.size, false};
    put_integer(out, "campaign", notice.campaign);
    put_integer(out, "issued_on", notice.issued_on);
    put_integer(out, "due_on", notice.due_on);
    put_integer(out, "received", notice.n_received);
    put_integer(out, "late", notice.n_late);
    buf_json_key(out, "to");
    buf_put_byte(out, '[');
    for (uint32_t i = 0; i < notice.n_to && cursor_left(&rest) && !rest.failed; i++)
        put_receipt(&rest, out);
    buf_put_byte(out, ']');
}

void render_task(struct str key, struct str row, struct buf *out) {
    struct task_row task;
    put_integer(out, "task", key_number(key, 0));
    if (!row_is(out, row, &task, sizeof task))
        return;
    put_integer(out, "notice", task.notice);
    put_integer(out, "campaign", task.campaign);
    put_integer(out, "organisation", task.organisation);
    put_integer(out, "region", task.region);
    put_integer(out, "assigned_on", task.assigned_on);
    put_integer(out, "due_on", task.due_on);
    put_integer(out, "reported_on", task.reported_on);
    put_integer(out, "judged_on", task.judged_on);
    put_integer(out, "overdue_on", task.overdue_on);
    put_integer(out, "steps", task.n_steps);
    put_integer(out, "returned", task.n_returned);
    put_text(out, "state", str_from(task_state_text((enum task_state)task.state)));
    put_integer(out, "late", task.late);
}

void render_task_step(struct str key, struct str row, struct buf *out) {
    struct task_step step;
    put_integer(out, "task", key_number(key, 0));
    put_integer(out, "n", key_number(key, 4));
    if (task_step_decode(row, &step) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_text(out, "kind", str_from(task_state_text(step.kind)));
    put_integer(out, "on", step.on);
    put_integer(out, "sequence", (int64_t)step.sequence);
    put_text(out, "by", step.by);
    put_text(out, "note", step.note);
    put_text(out, "digest", step.digest);
    put_text(out, "uri", step.uri);
}

void render_task_due(struct str key, struct str row, struct buf *out) {
    render_day_list(key, row, "task", out);
}

void render_commitment(struct str key, struct str row, struct buf *out) {
    struct commitment_row commitment;
    put_integer(out, "commitment", key_number(key, 0));
    if (!row_is(out, row, &commitment, sizeof commitment))
        return;
    struct cursor rest = {row.data + sizeof commitment, row.data + row.size, false};
    put_text(out, "noun",
             str_from(commitment.noun < NOUN_COUNT ? noun_info(commitment.noun)->name : "?"));
    put_integer(out, "subject", commitment.subject);
    put_integer(out, "region", commitment.region);
    put_integer(out, "campaign", commitment.campaign);
    put_integer(out, "made_on", commitment.made_on);
    put_integer(out, "due_on", commitment.due_on);
    put_integer(out, "kept_on", commitment.kept_on);
    put_integer(out, "overdue_on", commitment.overdue_on);
    put_integer(out, "state", commitment.state);
    put_text(out, "digest", cursor_counted(&rest));
    put_text(out, "uri", cursor_counted(&rest));
    put_text(out, "note", cursor_counted(&rest));
}

void render_commitment_due(struct str key, struct str row, struct buf *out) {
    render_day_list(key, row, "commitment", out);
}

void render_campaign_activity(struct str key, struct str row, struct buf *out) {
    (void)row;
    put_integer(out, "campaign", key_number(key, 0));
    put_integer(out, "activity", key_number(key, 4));
}
