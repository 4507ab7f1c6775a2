/* Things by what they are called: regions by code or by names down the tree (秦州区七里墩街道…),
 * other things by a name that one alone has. Threads: one. */
#pragma once

#include "import_cell.h"

/* 0 with *ret_id, which lives as long as the reader; 1 with *problem. */
int names_find(struct cell_reader *reader, enum noun noun, struct str text, struct str *ret_id,
               struct cell_problem *problem);
int document_find(struct cell_reader *reader, struct str number, struct str *ret_id,
                  struct cell_problem *problem);
