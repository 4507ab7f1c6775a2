#include "run_text.h"

#include <string.h>

#include "command.h"
#include "value.h"

static const char *kind_label(const char *kind) {
    static const char *const labels[][2] = {
        {"stars", N_("stars")},
        {"points", N_("points withheld")},
        {"assessment", N_("assessment of the day")},
        {"assessment_due", N_("assessment")},
        {"expiry", N_("points that are over")},
        {"notices", N_("notices that ended")},
        {"candidates", N_("candidates for honours")},
        {"proposals", N_("proposals for honours")},
        {"standing", N_("standing")},
        {"acceptance", N_("acceptance of records")},
        {"record_points", N_("points of records")},
        {"person_points", N_("points of people")},
        {"assessed", N_("assessment")},
        {"waiting", N_("people who wait")},
        {"absences", N_("absences")},
        {"pass_teams", N_("teams to a successor")},
        {"pass_projects", N_("projects to a successor")},
        {"pass_activities", N_("activities to a successor")},
        {"pass_posts", N_("posts to a successor")},
        {"pass_pairings", N_("pairings to a successor")},
        {"duties", N_("days of duty")},
        {"pass_members", N_("members to a successor")},
        {"pass_team_activities", N_("activities to a successor")},
        {"public_notices", N_("public notices that ended")},
        {"final", N_("records that become final")}};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
        if (strcmp(labels[i][0], kind) == 0)
            return _(labels[i][1]);
    return kind;
}

void run_text(const struct terminal *terminal, const json_t *run, struct buf *out) {
    char judged[TEXT_SIZE], total[TEXT_SIZE], ends[TEXT_SIZE];
    number_text(integer_at(run, "judged"), terminal->out, judged);
    number_text(integer_at(run, "total"), terminal->out, total);
    buf_printf(out, "%s ", kind_label(text_at(run, "kind")));
    if (flag_at(run, "done"))
        buf_printf(out, _("all %s"), total);
    else
        buf_printf(out, _("%s of %s"), judged, total);
    if (!flag_at(run, "done") && *text_at(run, "ends"))
        buf_printf(out, _(", until about %s"), moment_text(text_at(run, "ends"), ends));
}
