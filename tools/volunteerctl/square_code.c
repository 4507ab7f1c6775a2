#include "square_code.h"

#include <qrencode.h>

#define QUIET 4 /* modules on each side, by ISO/IEC 18004 */

bool square_code_draw(cairo_t *cairo, const char *text, double x, double y, double side) {
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    if (!code)
        return false;
    double module = side / (code->width + 2 * QUIET);
    for (int row = 0; row < code->width; row++)
        for (int column = 0; column < code->width; column++)
            if (code->data[row * code->width + column] & 1)
                cairo_rectangle(cairo, x + (column + QUIET) * module, y + (row + QUIET) * module,
                                module, module);
    cairo_set_source_rgb(cairo, 0, 0, 0);
    cairo_fill(cairo); /* one path: no seams between the squares */
    QRcode_free(code);
    return true;
}
