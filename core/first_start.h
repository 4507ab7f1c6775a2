/* What a store begins with: the city of the configuration, the dictionaries as they
 * are shipped, and the policies that stand in policy_dir. Threads: main's, before the bus is open. Errors: as util/error.h; > 0: refused,
 * logged with how to mend it. */
#pragma once

#include "bus/command.h"
#include "config.h"
#include "policy/vet.h"

/* Writes city.configured into an empty journal; later compares it with the configuration. */
int first_start_city(const struct command_writer *writer, struct journal *journal,
                     struct store *store, const struct options *options);
/* Sets the entries of the shipped dictionaries where none was ever set. */
int first_start_dictionaries(const struct command_writer *writer, struct store *store);
/* Activates the files of policy_dir where no policy was ever activated. */
int first_start_policies(const struct command_writer *writer, struct store *store,
                         const char *policy_dir, const struct vet_options *vet);
/* Vets every file of policy_dir; appends a line for each thing that is wrong. 0, 1 where something
 * is, < 0. */
int policy_files_check(const struct io *io, const char *policy_dir, const struct vet_options *vet,
                       struct buf *complaints);
/* Logs the files of policy_dir that stand in no revision: drafts, until somebody activates them. */
void policy_files_note_drafts(const struct io *io, struct store *store, const char *policy_dir);
