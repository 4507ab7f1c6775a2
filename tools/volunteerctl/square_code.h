/* A square code (QR) on a cairo drawing: vector squares, sharp at any size. Threads: any. */
#pragma once

#include <cairo.h>
#include <stdbool.h>

/* The text with the quiet zone that readers need, within `side` points from (x, y). False where the
 * text is too long for any square. */
bool square_code_draw(cairo_t *cairo, const char *text, double x, double y, double side);
