/* report stars: registered, hours and stars by region. */
#include "commands.h"
#include "table.h"
#include "value.h"

#define STAR_LEVELS 6

/* Quoted where CSV wants it; a text that a spreadsheet would run as a formula gets a quote in
 * front. */
static void csv_put(const char *text) {
    bool formula = strchr("=+-@\t\r", *text) && *text;
    bool quote = formula || strpbrk(text, ",\"\r\n");
    if (!quote) {
        print_clean(stdout, text, false);
        return;
    }
    putchar('"');
    if (formula)
        putchar('\'');
    for (; *text; text++) {
        if (*text == '"')
            putchar('"');
        putchar(*text);
    }
    putchar('"');
}

static int64_t stars_in(const json_t *row, size_t level) {
    return json_integer_value(json_array_get(json_object_get(row, "stars"), level));
}

static void csv_row(const json_t *row, const char *region, const char *name) {
    char hours[TEXT_SIZE];
    csv_put(region);
    putchar(',');
    csv_put(name);
    printf(",%lld,%s,%lld", (long long)integer_at(row, "volunteers"),
           hours_text(integer_at(row, "minutes"), false, hours),
           (long long)integer_at(row, "records"));
    for (size_t level = 0; level < STAR_LEVELS; level++)
        printf(",%lld", (long long)stars_in(row, level));
    printf(",%lld\r\n", (long long)integer_at(row, "held"));
}

static void csv_print(const json_t *report) {
    size_t index;
    json_t *row;
    printf("region,name,registered,hours,records,stars_0,stars_1,stars_2,stars_3,stars_4,stars_5,"
           "held\r\n");
    json_array_foreach(json_object_get(report, "rows"), index, row)
        csv_row(row, text_at(row, "region"), text_at(row, "name"));
    csv_row(json_object_get(report, "total"), text_at(report, "region"), _("total"));
}

static void table_add(struct table *table, const json_t *row, const char *name) {
    table_row(table, NULL);
    table_text(table, 0, name);
    table_number(table, 1, integer_at(row, "volunteers"));
    table_hours(table, 2, integer_at(row, "minutes"));
    for (size_t level = 0; level < STAR_LEVELS; level++) {
        table_number(table, 3 + level, stars_in(row, level));
        if (stars_in(row, level) == 0)
            table_colour(table, 3 + level, COLOUR_DIM);
    }
    int64_t held = integer_at(row, "held");
    table_number(table, 3 + STAR_LEVELS, held);
    table_colour(table, 3 + STAR_LEVELS, held > 0 ? COLOUR_WARN : COLOUR_DIM);
}

static void report_table(const struct call *call, const json_t *report) {
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *row;
    if (*text_at(report, "title"))
        print("%s\n\n", text_at(report, "title"));
    table_column(table, _("region"), COLUMN_TEXT);
    table_column(table, _("registered"), COLUMN_NUMBER);
    table_column(table, _("hours"), COLUMN_NUMBER);
    for (int level = 0; level < STAR_LEVELS; level++) {
        char heading[16];
        snprintf(heading, sizeof heading, "%s%d", level ? "★" : "☆", level);
        table_column(table, heading, COLUMN_NUMBER);
    }
    table_column(table, _("held"), COLUMN_NUMBER);
    json_array_foreach(json_object_get(report, "rows"), index, row) {
        const char *name = text_at(row, "name");
        table_add(table, row, *name ? name : text_at(row, "region"));
    }
    table_add(table, json_object_get(report, "total"), _("total"));
    table_row_colour(table, COLOUR_STRONG);
    table_print(table);
}

int run_report_stars(struct call *call) {
    const char *format = call_text(call, "format");
    json_auto_t *report = NULL;
    json_t *params = json_object();
    call_pass(call, "region", params, "region");
    call_pass(call, "by", params, "by");
    int code = client_ask(&call->client, "report.stars", params, &report);
    if (code != DONE)
        return code;
    if (call->json || (format && strcmp(format, "json") == 0))
        return print_json(&call->terminal, report);
    if (format && strcmp(format, "csv") == 0)
        csv_print(report);
    else
        report_table(call, report);
    return DONE;
}
