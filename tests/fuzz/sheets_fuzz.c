/* A spreadsheet's file, to rows: what a clerk gives to volunteerctl import. An input that begins
 * with a letter below is the part of a workbook that is most read, put into a sound one around it;
 * any other is a whole file.
 *
 * Rows are in order, no wider and no longer than they may be, the same when they are read again; a
 * refusal says why. */
#include "fuzz.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zip.h>

#include "grid_format.h"

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

static const struct part {
    char letter; /* of an input that replaces it */
    const char *name, *text;
} parts[] = {
    {'W', "xl/workbook.xml",
     "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" RELATIONS
     "\"><sheets><sheet name=\"a\" r:id=\"r1\"/></sheets></workbook>"},
    {'R', "xl/_rels/workbook.xml.rels",
     "<Relationships><Relationship Id=\"r1\" Type=\"/worksheet\" Target=\"sheet.xml\"/>"
     "<Relationship Id=\"r2\" Type=\"/sharedStrings\" Target=\"texts.xml\"/>"
     "<Relationship Id=\"r3\" Type=\"/styles\" Target=\"styles.xml\"/></Relationships>"},
    {'T', "xl/texts.xml", "<sst><si><t>a</t></si><si><r><t>b</t></r></si></sst>"},
    {'F', "xl/styles.xml", "<styleSheet><cellXfs><xf numFmtId=\"14\"/></cellXfs></styleSheet>"},
    {'S', "xl/sheet.xml",
     "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" s=\"0\">"
     "<v>43335</v></c></row></sheetData></worksheet>"},
};
#define PARTS (sizeof parts / sizeof *parts)

static char path[256];

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    snprintf(path, sizeof path, "%s/sheet", fuzz_directory());
    return 0;
}

static void file_write(struct str text) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert(fd >= 0);
    ssize_t written = text.size ? write(fd, text.data, text.size) : 0;
    assert(written == (ssize_t)text.size);
    close(fd);
}

static bool workbook_write(struct str input) {
    bool is_part = false;
    for (size_t i = 0; input.size && i < PARTS; i++)
        is_part = is_part || parts[i].letter == *input.data;
    if (!is_part)
        return false;
    zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_TRUNCATE, NULL);
    assert(zip);
    for (size_t i = 0; i < PARTS; i++) {
        bool is_this = parts[i].letter == *input.data;
        const char *text = is_this ? input.data + 1 : parts[i].text;
        size_t size = is_this ? input.size - 1 : strlen(parts[i].text);
        zip_file_add(zip, parts[i].name, zip_source_buffer(zip, text, size, 0), 0);
    }
    int error = zip_close(zip);
    assert(error == 0);
    return true;
}

static uint64_t mixed(uint64_t sum, struct str text) {
    for (size_t i = 0; i < text.size; i++)
        sum = (sum ^ (unsigned char)text.data[i]) * UINT64_C(1099511628211);
    return sum * 31 + text.size;
}

static void check_fault(const struct grid_fault *fault) {
    assert(fault->code && *fault->code && *fault->message);
}

/* All rows to the end: a sum of what stands in them. */
static uint64_t rows_read(struct grid *grid, int *ret_end) {
    const struct grid_row *row;
    struct grid_fault fault = {0};
    uint64_t sum = 0, last = 0;
    int next;
    while ((next = grid_next(grid, &row, &fault)) == 1) {
        assert(row->number > last && row->number <= GRID_ROWS && row->n <= GRID_COLUMNS);
        last = row->number;
        sum = sum * 31 + row->number;
        for (size_t i = 0; i < row->n; i++) {
            assert(row->cells[i].text.size <= GRID_CELL_BYTES);
            assert(row->cells[i].kind != GRID_TEXT || row->cells[i].text.size > 0);
            sum = mixed(sum + (uint64_t)row->cells[i].kind, row->cells[i].text);
        }
    }
    if (next < 0)
        check_fault(&fault);
    *ret_end = next;
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct grid *grid = NULL;
    struct grid_fault fault = {0};
    int end, again;
    if (!workbook_write(input_str(data, size)))
        file_write(input_str(data, size));
    if (grid_open(&grid, path, NULL, &fault) != 0) {
        check_fault(&fault);
        reached("refused when opened");
        return 0;
    }
    uint64_t sum = rows_read(grid, &end);
    reached(end < 0 ? "refused within" : "read to the end");
    if (grid_rewind(grid, &fault) == 0)
        assert(rows_read(grid, &again) == sum && again == end);
    grid_close(grid);
    return 0;
}
