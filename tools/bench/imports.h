/* Spreadsheets beside arrays: how fast volunteerctl import registers people from a CSV. Threads:
 * one. Errors: fail(). */
#pragma once

#include "bench.h"

void measure_import(struct bench *bench);
