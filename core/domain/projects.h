/* Projects: defined by an organisation, until they are closed. Attributes as a thing, whose state
 * is an enum project_state. A project counts where its organisation is, and moves with it.
 * Threads: the view's owner. */
#pragma once

#include "domain/things.h"

enum project_state { PROJECT_OPEN, PROJECT_CLOSED };

int project_get(struct view *view, uint32_t project, struct arena *arena,
                struct project_defined *ret_project, enum project_state *ret_state);
const char *project_state_text(enum project_state state); /* "open", "closed" */
/* For apply functions: > 0 with wrong_state where the project is closed. */
int project_require_open(struct context *context, uint32_t project, struct str id,
                         const char *field);
/* Its organisation was dissolved: an open project is the successor's, where it is that one's. */
int project_pass_on(struct context *context, uint32_t project, uint32_t from, uint32_t to);
