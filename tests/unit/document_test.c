/* Documents of any shape, in every format: tools/volunteerctl/document*.c, csv_writer, chart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <locale.h>
#include <stdlib.h>
#include <unistd.h>

#include "bus/compare.h"
#include "csv_writer.h"
#include "document_format.h"
#include "document_text.h"
#include "value.h"

static struct document document_of(const char *text) {
    json_error_t error;
    struct document document;
    json_t *json = json_loads(text, 0, &error);
    if (!json)
        fail_msg("%s", error.text);
    assert_true(document_read(json, &document));
    json_decref(json);
    return document;
}

typedef void renderer(const struct document *document, struct buf *out);

static char *rendered(const char *text, renderer *render) {
    struct document document = document_of(text);
    struct buf out = {0};
    render(&document, &out);
    document_deinit(&document);
    char *result = strdup(buf_text(&out));
    buf_deinit(&out);
    return result;
}

/* What the table printed into a pipe's place. */
static char *printed(const char *text) {
    struct document document = document_of(text);
    const struct terminal terminal = {0};
    char path[] = "/tmp/document_test.XXXXXX";
    int file = mkostemp(path, O_CLOEXEC), before = dup(STDOUT_FILENO);
    unlink(path);
    fflush(stdout);
    dup2(file, STDOUT_FILENO);
    document_table(&terminal, &document);
    fflush(stdout);
    dup2(before, STDOUT_FILENO);
    close(before);
    off_t size = lseek(file, 0, SEEK_END);
    char *result = calloc(1, (size_t)size + 1);
    assert_int_equal(pread(file, result, (size_t)size, 0), size);
    close(file);
    document_deinit(&document);
    return result;
}

static void assert_holds(const char *text, const char *part) {
    if (!strstr(text, part))
        fail_msg("“%s” is not in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part) {
    if (strstr(text, part))
        fail_msg("“%s” is in:\n%s", part, text);
}

/* Not by strstr: under the sanitizers it measures the rest of the text each time. */
static size_t count(const char *text, const char *part) {
    size_t n = 0, size = strlen(part), length = strlen(text);
    for (size_t i = 0; i + size <= length; i++)
        n += text[i] == *part && memcmp(text + i, part, size) == 0;
    return n;
}

#define TWO_COUNTIES                                                                               \
    "{\"title\":\"天水市志愿者注册情况通报\",\"number\":3,"                            \
    "\"region\":{\"region\":\"620500000000\",\"name\":\"天水市\"},\"as_of\":\"2018-10-31\","    \
    "\"revision\":\"r1\",\"text\":[\"现将情况通报如下。\"],"                              \
    "\"sections\":[{\"title\":\"注册\",\"columns\":["                                            \
    "{\"name\":\"region\",\"title\":\"县区\",\"kind\":\"text\"},"                                \
    "{\"name\":\"volunteers\",\"title\":\"人数\",\"kind\":\"number\"},"                          \
    "{\"name\":\"rate\",\"title\":\"占比\",\"kind\":\"percent\"},"                               \
    "{\"name\":\"state\",\"title\":\"状态\",\"kind\":\"state\"}],"                               \
    "\"rows\":[[\"秦州区\",46211,[46211,338000],\"met\"],"                                      \
    "[\"麦积区\",12999,[12999,100000],\"not_met\"],"                                            \
    "[\"清水县\",7,[7,0],\"no_data\"]],\"total\":[\"全市\",59217,[59217,438000],\"met\"]}],"  \
    "\"series\":[{\"title\":\"占比\",\"kind\":\"bar\",\"unit\":\"%\",\"target\":13,\"points\":[" \
    "{\"label\":\"秦州区\",\"value\":[46211,338000]},"                                          \
    "{\"label\":\"麦积区\",\"value\":[13,100]},{\"label\":\"清水县\",\"value\":null}]}]}"

/* ---- numbers ---- */

static const char *rate(int64_t numerator, int64_t denominator) {
    static char text[64];
    struct document_cell cell = {
        .kind = CELL_RATE, .number = numerator, .denominator = denominator};
    struct buf out = {0};
    cell_text((struct cell_style){0}, DOCUMENT_PERCENT, &cell, &out);
    snprintf(text, sizeof text, "%.60s", buf_text(&out));
    buf_deinit(&out);
    return text;
}

static void percentages_are_cut_and_never_rounded_up(void **state) {
    (void)state;
    assert_string_equal(rate(12999, 100000), "12.99%");
    assert_string_equal(rate(1299999999, 10000000000), "12.99%");
    assert_string_equal(rate(13, 100), "13.00%");
    assert_string_equal(rate(2, 3), "66.66%");
    assert_string_equal(rate(0, 5), "0.00%");
    assert_string_equal(rate(7, 7), "100.00%");
    assert_string_equal(rate(-1, 3), "-33.34%");
    assert_string_equal(rate(INT64_MAX, INT64_MAX), "100.00%");
    assert_string_equal(rate(INT64_MAX, 1), "∞");
    assert_string_equal(rate(INT64_MIN, INT64_MAX), "-100.01%");
}

static enum verdict verdict_of(const char *unit, double target, struct document_cell cell) {
    struct document_series series = {.unit = unit, .has_target = true, .target = target};
    struct document_point point = {.label = "", .value = cell};
    return document_point_verdict(&series, &point);
}

static void a_rate_must_exceed_its_target_and_a_count_reach_it(void **state) {
    (void)state;
    struct document_cell equal = {.kind = CELL_RATE, .number = 13, .denominator = 100};
    struct document_cell above = {.kind = CELL_RATE, .number = 1300001, .denominator = 10000000};
    struct document_cell stations = {.kind = CELL_INTEGER, .number = 122};
    assert_int_equal(verdict_of("%", 13, equal), VERDICT_NOT_MET);
    assert_int_equal(verdict_of("%", 13, above), VERDICT_MET);
    assert_int_equal(verdict_of("个", 122, stations), VERDICT_MET);
    assert_int_equal(verdict_of("个", 123, stations), VERDICT_NOT_MET);
    assert_int_equal(verdict_of("%", 13, (struct document_cell){0}), VERDICT_NO_DATA);
}

/* ---- formats ---- */

static void a_bulletin_reads_the_same_in_every_format(void **state) {
    (void)state;
    char *csv = rendered(TWO_COUNTIES, document_csv), *html = rendered(TWO_COUNTIES, document_html);
    char *table = printed(TWO_COUNTIES);
    const char *const numbers[] = {"13.67%", "12.99%", "13.51%"};
    for (size_t i = 0; i < 3; i++) {
        assert_holds(csv, numbers[i]);
        assert_holds(html, numbers[i]);
        assert_holds(table, numbers[i]);
    }
    assert_holds(csv, "46211,");
    assert_holds(html, "46,211");
    assert_holds(table, "46211");
    free(csv);
    free(html);
    free(table);
}

static void csv_of_one_section_is_a_plain_table(void **state) {
    (void)state;
    char *csv = rendered(TWO_COUNTIES, document_csv);
    assert_string_equal(csv, "\xef\xbb\xbfregion,volunteers,rate,state\r\n"
                             "秦州区,46211,13.67%,met\r\n"
                             "麦积区,12999,12.99%,not_met\r\n"
                             "清水县,7,no data,no_data\r\n"
                             "全市,59217,13.51%,met\r\n");
    free(csv);
}

static void csv_has_chinese_headings_and_states_for_chinese_readers(void **state) {
    (void)state;
    setenv("LC_ALL", "zh_CN.UTF-8", 1);
    char *csv = rendered(TWO_COUNTIES, document_csv);
    setenv("LC_ALL", "C", 1);
    assert_holds(csv, "县区,人数,占比,状态\r\n");
    assert_holds(csv, "麦积区,12999,12.99%,未达标\r\n");
    assert_holds(csv, "清水县,7,无数据,无数据\r\n");
    free(csv);
}

static void csv_of_several_sections_has_titles_and_blank_rows(void **state) {
    (void)state;
    char *csv = rendered("{\"title\":\"T\",\"as_of\":\"2018-10-31\",\"sections\":["
                         "{\"title\":\"A\",\"columns\":[{\"name\":\"x\"}],\"rows\":[[1]]},"
                         "{\"title\":\"B\",\"columns\":[{\"name\":\"y\"}],\"rows\":[],"
                         "\"note\":\"n\"}],\"text\":[\"end\"]}",
                         document_csv);
    assert_string_equal(csv, "\xef\xbb\xbfT\r\nas of,2018-10-31\r\n\r\nA\r\nx\r\n1\r\n\r\nB\r\n"
                             "y\r\nn\r\n\r\nend\r\n");
    free(csv);
}

static const char *csv_of(const char *text) {
    static char result[256];
    struct csv_writer csv;
    struct buf out = {0};
    csv_begin(&csv, &out);
    csv_cell(&csv, text);
    snprintf(result, sizeof result, "%s", buf_text(&out) + 3);
    buf_deinit(&out);
    return result;
}

static void csv_disarms_formulas_and_leaves_numbers(void **state) {
    (void)state;
    assert_string_equal(csv_of("=1+1"), "\"'=1+1\"");
    assert_string_equal(csv_of("@SUM(A1)"), "\"'@SUM(A1)\"");
    assert_string_equal(csv_of("+86 139"), "\"'+86 139\"");
    assert_string_equal(csv_of("-2+3"), "\"'-2+3\"");
    assert_string_equal(csv_of("\t=1"), "\"'\t=1\"");
    assert_string_equal(csv_of("\r=1"), "\"'\r=1\"");
    assert_string_equal(csv_of("\n=1"), "\"'\n=1\"");
    assert_string_equal(csv_of("＝1+1"), "\"'＝1+1\"");
    assert_string_equal(csv_of(" =1+1"), "\"' =1+1\"");
    assert_string_equal(csv_of("\u3000\u00a0＝1+1"), "\"'\u3000\u00a0＝1+1\"");
    assert_string_equal(csv_of("\ufeff \t=1"), "\"'\ufeff \t=1\"");
    assert_string_equal(csv_of("\u3000秦州区"), "\u3000秦州区");
    assert_string_equal(csv_of("-12"), "-12");
    assert_string_equal(csv_of("-12.50"), "-12.50");
    assert_string_equal(csv_of("13.04%"), "13.04%");
    assert_string_equal(csv_of("-"), "\"'-\"");
    assert_string_equal(csv_of("-1-1"), "\"'-1-1\"");
    assert_string_equal(csv_of("a,\"b\""), "\"a,\"\"b\"\"\"");
    assert_string_equal(csv_of("a\x01\x1b[31m"), "a??[31m");
    assert_string_equal(csv_of(""), "");
}

static void html_is_in_the_language_of_its_texts(void **state) {
    (void)state;
    char *html = rendered(TWO_COUNTIES, document_html);
    assert_holds(html, "<html lang=\"zh-CN\">");
    assert_holds(html, "第 3 期");
    assert_holds(html, "2018年10月31日");
    assert_holds(html, "规则版本：r1");
    assert_holds(html, "未达标");
    assert_holds(html, "无数据");
    assert_lacks(html, "no data");
    free(html);
    html = rendered("{\"title\":\"Stars\",\"number\":2}", document_html);
    assert_holds(html, "<html lang=\"en\">");
    assert_holds(html, "No. 2");
    free(html);
}

static void html_runs_and_loads_nothing(void **state) {
    (void)state;
    char *html =
        rendered("{\"title\":\"</title><script>alert(1)</script>\",\"sections\":[{"
                 "\"title\":\"<img src=x onerror=1>\",\"note\":\"&amp;\\u0007\","
                 "\"columns\":[{\"title\":\"\\\"><script>\"}],"
                 "\"rows\":[[\"<script>\"],[\"javascript:'\"]]}],"
                 "\"series\":[{\"title\":\"\\\" onload=\\\"x\",\"kind\":\"bar\",\"points\":"
                 "[{\"label\":\"</svg><script>\",\"value\":1}]}],"
                 "\"text\":[\"</style><script>\"]}",
                 document_html);
    assert_lacks(html, "<script");
    assert_lacks(html, "<img");
    assert_lacks(html, "\" onload=");
    assert_holds(html, "&lt;script&gt;");
    assert_lacks(html, "\x07");
    assert_int_equal(count(html, "</style>"), 1);
    assert_lacks(html, "http://e");
    free(html);
}

static void a_preview_says_that_it_is_none(void **state) {
    (void)state;
    char *html = rendered("{\"title\":\"通报\",\"draft\":true}", document_html);
    assert_holds(html, "预览稿");
    free(html);
}

static void charts_hatch_what_misses_its_target(void **state) {
    (void)state;
    char *svg = rendered(TWO_COUNTIES, document_svg);
    assert_holds(svg, "目标 &gt; 13%");
    assert_int_equal(count(svg, "url(#hatch0)"), 2); /* the bar and the legend */
    assert_holds(svg, "无数据");
    free(svg);
}

static void lines_of_one_title_share_a_chart(void **state) {
    (void)state;
    char *svg =
        rendered("{\"title\":\"T\",\"series\":["
                 "{\"title\":\"S\",\"name\":\"built\",\"kind\":\"line\",\"points\":["
                 "{\"label\":\"2018-10-01\",\"value\":1},{\"label\":\"2018-10-02\",\"value\":null},"
                 "{\"label\":\"2018-10-31\",\"value\":5}]},"
                 "{\"title\":\"S\",\"name\":\"opened\",\"kind\":\"line\",\"points\":["
                 "{\"label\":\"2018-10-01\",\"value\":0}]},"
                 "{\"title\":\"Other\",\"kind\":\"line\",\"points\":["
                 "{\"label\":\"x\",\"value\":0.5}]}]}",
                 document_svg);
    assert_int_equal(count(svg, ">S</text>"), 1);
    assert_holds(svg, "built 5");
    assert_holds(svg, "opened 0");
    assert_holds(svg, ">Other</text>");
    free(svg);
}

static void a_document_without_charts_is_drawn_from_its_rates(void **state) {
    (void)state;
    char *svg = rendered(
        "{\"title\":\"T\",\"sections\":[{\"title\":\"S\",\"columns\":["
        "{\"name\":\"code\"},{\"name\":\"name\"},"
        "{\"name\":\"rate\",\"kind\":\"percent\"},{\"name\":\"state\",\"kind\":\"state\"}],"
        "\"rows\":[[\"1\",\"A\",[1,8],\"not_met\"],[\"2\",\"B\",[1,4],\"met\"],"
        "[\"3\",\"C\",null,\"no_data\"]]}]}",
        document_svg);
    assert_holds(svg, ">S · rate</text>");
    assert_holds(svg, ">A</text>");
    assert_holds(svg, "12.50%");
    assert_int_equal(count(svg, "url(#hatch0)"), 2);
    free(svg);
    svg = rendered("{\"title\":\"T\"}", document_svg);
    assert_holds(svg, ">none</text>");
    free(svg);
}

static void what_lies_ahead_is_no_missing_data(void **state) {
    (void)state;
    static const char text[] =
        "{\"title\":\"T\",\"series\":[{\"title\":\"S\",\"kind\":\"line\",\"points\":["
        "{\"label\":\"2018-09-30\",\"value\":7},{\"label\":\"2018-10-31\",\"value\":null}]}]}";
    char *table = printed(text), *csv = rendered(text, document_csv);
    assert_lacks(table, "2018-10-31");
    assert_lacks(table, "no data");
    assert_holds(csv, "2018-10-31,\r\n");
    free(table);
    free(csv);
}

static void decimals_of_a_rule_stand_to_the_right(void **state) {
    (void)state;
    struct document document = document_of(
        "{\"sections\":[{\"columns\":[{\"name\":\"pace\"},{\"name\":\"code\"},"
        "{\"name\":\"none\"}],\"rows\":[[\"0.9\",\"620502\",null],[\"-12.5\",\"1.5\"],[null]]}]}");
    assert_int_equal(document.sections[0].columns[0].kind, DOCUMENT_NUMBER);
    assert_int_equal(document.sections[0].columns[1].kind, DOCUMENT_TEXT);
    assert_int_equal(document.sections[0].columns[2].kind, DOCUMENT_TEXT);
    document_deinit(&document);
}

/* ---- what a daemon should never answer ---- */

static void what_is_no_document_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {"[]", "null", "1", "\"x\""};
    struct document document;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *json = json_loads(texts[i], JSON_DECODE_ANY, NULL);
        assert_non_null(json);
        assert_false(document_read(json, &document));
        json_decref(json);
    }
    assert_false(document_read(NULL, &document));
}

static void more_columns_than_paper_has_are_refused(void **state) {
    (void)state;
    struct document document;
    json_t *json = document_blank("T");
    json_t *section = document_section_add(json, "");
    for (int i = 0; i <= DOCUMENT_COLUMNS; i++)
        document_column_add(section, "x", "x", "number");
    assert_false(document_read(json, &document));
    json_decref(json);
}

static void members_of_other_types_read_as_empty(void **state) {
    (void)state;
    static const char *const texts[] = {
        "{}",
        "{\"title\":1,\"number\":{},\"region\":[],\"as_of\":false,\"period\":2,\"text\":\"x\","
        "\"sections\":{},\"series\":1}",
        "{\"sections\":[1,null,[],\"x\",{}],\"series\":[1,null,{},{\"points\":[1,null,{}]}],"
        "\"text\":[1,null,{}]}",
        "{\"sections\":[{\"columns\":[1,{\"kind\":\"percent\"},{\"kind\":7},{\"kind\":\"state\"}],"
        "\"rows\":[1,null,{},[],[[1],[1,2,3],[],[\"a\",2]],[1,2,3,4,5,6],"
        "[{},{},{},{}],[true,false,1.5,1e300]],\"total\":\"x\"}]}",
        "{\"sections\":[{\"rows\":[[1,2]]}],\"series\":[{\"kind\":\"bar\",\"target\":1e308,"
        "\"points\":[{\"label\":\"a\",\"value\":1e308},{\"label\":\"b\",\"value\":-1e308},"
        "{\"label\":\"c\",\"value\":[9223372036854775807,1]},{\"value\":[-5,-5]}]},"
        "{\"kind\":\"line\",\"target\":-1e308,\"points\":[{\"label\":\"a\",\"value\":1e308},"
        "{\"label\":\"2018-01-01\",\"value\":-1e308},{\"label\":\"b\",\"value\":\"x\"}]},"
        "{\"kind\":\"line\",\"points\":[{\"label\":\"a\",\"value\":null}]},"
        "{\"kind\":\"line\",\"points\":[{\"label\":\"a\",\"value\":1e-320},"
        "{\"label\":\"b\",\"value\":0}]}]}",
    };
    renderer *const renderers[] = {document_csv, document_html, document_svg};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        for (size_t j = 0; j < 3; j++) {
            char *text = rendered(texts[i], renderers[j]);
            assert_lacks(text, "nan");
            assert_lacks(text, "inf");
            free(text);
        }
        free(printed(texts[i]));
    }
}

static void control_characters_reach_no_terminal(void **state) {
    (void)state;
    char *table = printed("{\"title\":\"\\u001b[2J\\u009b2J\",\"text\":[\"\\u001b]0;x\\u0007\"],"
                          "\"sections\":[{\"title\":\"\\u001b[31m\",\"note\":\"\\u0008\","
                          "\"columns\":[{\"title\":\"\\u001b[1m\"}],\"rows\":[[\"\\u001b[5m\"]]}],"
                          "\"series\":[{\"title\":\"\\u001b\",\"points\":[{\"label\":\"\\u001b\","
                          "\"value\":1}]}]}");
    assert_lacks(table, "\x1b");
    assert_lacks(table, "\x07");
    assert_lacks(table, "\xc2\x9b");
    free(table);
}

static void a_hundred_thousand_rows_are_printed(void **state) {
    (void)state;
    enum { ROWS = 100000 };
    json_t *json = document_blank("T");
    json_t *section = document_section_add(json, "S");
    document_column_add(section, "name", "Name", "text");
    document_column_add(section, "rate", "Rate", "percent");
    json_t *points = json_array();
    for (int i = 0; i < ROWS; i++) {
        json_array_append_new(json_object_get(section, "rows"),
                              json_pack("[s, [i, i]]", "x", i, ROWS));
        json_array_append_new(points, json_pack("{s:s, s:i}", "label", "x", "value", i));
    }
    json_object_set_new(json, "series",
                        json_pack("[{s:s, s:o}, {s:s, s:O}]", "kind", "bar", "points", points,
                                  "kind", "line", "points", points));
    char *text = json_dumps(json, JSON_COMPACT);
    json_decref(json);
    char *csv = rendered(text, document_csv), *html = rendered(text, document_html);
    char *table = printed(text);
    assert_int_equal(count(csv, "\r\n"), ROWS + 1);
    assert_int_equal(count(html, "<tr>"), ROWS + 1);
    assert_true(count(html, "<rect") < 1000);
    assert_holds(html, "+ 99850 ");
    assert_true(count(table, "\n") >= ROWS);
    free(text);
    free(csv);
    free(html);
    free(table);
}

/* ---- two documents side by side ---- */

#define SIDE_COLUMNS                                                                               \
    "\"columns\":[{\"name\":\"name\",\"title\":\"县区\",\"kind\":\"text\"},"                     \
    "{\"name\":\"n\",\"title\":\"人数\",\"kind\":\"number\"},"                                   \
    "{\"name\":\"rate\",\"title\":\"占比\",\"kind\":\"percent\"},"                               \
    "{\"name\":\"hours\",\"title\":\"时长\",\"kind\":\"hours\"},"                                \
    "{\"name\":\"rank\",\"title\":\"名次\",\"kind\":\"rank\"}]"
#define SIDE(as_of, title, rows)                                                                   \
    "{\"title\":\"通报\",\"number\":3,\"as_of\":\"" as_of "\",\"sections\":[{\"title\":\"" title   \
    "\"," SIDE_COLUMNS ",\"rows\":[" rows "],\"total\":[\"全市\",10,[1,3],90,null]}]}"

static char *compared(const char *now, const char *before) {
    json_t *document = json_loads(now, 0, NULL), *earlier = json_loads(before, 0, NULL);
    document_compare(document, earlier);
    char *text = json_dumps(document, JSON_COMPACT);
    json_decref(document);
    json_decref(earlier);
    return text;
}

static void each_figure_stands_beside_that_of_the_earlier_document(void **state) {
    (void)state;
    char *text = compared(
        SIDE("2018-10-31", "甲",
             "[\"秦州区\",1200,[131,1000],120,1],[\"麦积区\",7,[1,8],60,2],"
             "[\"新区\",5,[1,2],0,3]"),
        SIDE("2018-09-30", "甲", "[\"麦积区\",9,[1,8],66,1],[\"秦州区\",1000,[130,1000],0,2]"));
    char *csv = rendered(text, document_csv), *html = rendered(text, document_html);
    char *table = printed(text);
    assert_holds(csv, "name,n,n_before,n_change,rate,rate_before,rate_change,hours,hours_before,"
                      "hours_change,rank,rank_before,rank_change\r\n");
    assert_holds(csv, "秦州区,1200,1000,200,13.10%,13.00%,0.10,2.0,0.0,2.0,1,2,-1\r\n");
    assert_holds(csv, "麦积区,7,9,-2,12.50%,12.50%,0.00,1.0,1.1,-0.1,2,1,1\r\n");
    assert_holds(csv, "新区,5,,,50.00%,,,0.0,,,3,,\r\n");
    assert_holds(table, "1200 (+200)  13.10% (+0.10)  2.0 (+2.0)  1 (↑1)");
    assert_holds(table, "1.0 (-0.1)  2 (↓1)");
    assert_lacks(table, "(+0.00)");
    assert_holds(html, "1,200<small>(+200)</small></td>");
    assert_holds(html, "括号内为较第 3 期（2018年9月30日）增减");
    free(csv);
    free(html);
    free(table);
    free(text);
}

static void what_is_not_alike_is_compared_with_nothing(void **state) {
    (void)state;
    char *text = compared(SIDE("2018-10-31", "甲", "[\"秦州区\",1,[1,2],0,1]"),
                          SIDE("2018-09-30", "乙", "[\"秦州区\",2,[1,2],0,1]"));
    assert_lacks(text, "previous");
    free(text);
    /* A name that stands twice says nothing. */
    text = compared(SIDE("2018-10-31", "甲", "[\"城关镇\",1,[1,2],0,1]"),
                    SIDE("2018-09-30", "甲", "[\"城关镇\",2,[1,2],0,1],[\"城关镇\",3,[1,2],0,2]"));
    assert_holds(text, "\"previous\":{\"rows\":[null],\"total\":[null,10,[1,3],90,null]}");
    free(text);
}

#define SUBJECTS(title, subject)                                                                   \
    "{\"title\":\"T\",\"as_of\":\"2018-09-30\",\"sections\":[{\"title\":\"甲\"," SIDE_COLUMNS      \
    ",\"rows\":[[\"" title "\",1,null,2,3]],\"subjects\":[\"region/" subject "\"]}]}"

static void a_region_of_another_name_is_the_same_region(void **state) {
    (void)state;
    char *text = compared(SUBJECTS("秦州新区", "620502000000"), SUBJECTS("秦州区", "620502000000"));
    assert_holds(text, "\"previous\":{\"rows\":[[null,1,null,2,3]]}");
    free(text);
    text = compared(SUBJECTS("秦州区", "620502000000"), SUBJECTS("秦州区", "620503000000"));
    assert_lacks(text, "previous");
    free(text);
}

/* ---- workbooks (what a spreadsheet reads in them: tests/system/bulletin_compare_test.py) ---- */

static void book_begins(const char *text, bool is_made) {
    struct document document = document_of(text);
    struct buf out = {0};
    assert_int_equal(document_xlsx(&document, &out), is_made);
    assert_true(!is_made || (out.size > 1000 && memcmp(out.data, "PK\3\4", 4) == 0));
    buf_deinit(&out);
    document_deinit(&document);
}

static void a_workbook_is_made_of_any_document(void **state) {
    (void)state;
    book_begins(TWO_COUNTIES, true);
    book_begins("{}", true);
    book_begins("{\"sections\":[{}]}", true);
    book_begins("{\"sections\":[{\"title\":\"[a]:*?/"
                "\\\\'b\",\"columns\":[{\"name\":\"x\"}],\"rows\":[[\"=1\"],"
                "[\"\\u0001\\u001f\"]]},{\"title\":\"[a]:*?/\\\\'b\"},{\"title\":\"概要\"}]}",
                true);
}

static int setup(void **state) {
    (void)state;
    setenv("LC_ALL", "C", 1);
    return setlocale(LC_CTYPE, "C.UTF-8") ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(percentages_are_cut_and_never_rounded_up),
        cmocka_unit_test(a_rate_must_exceed_its_target_and_a_count_reach_it),
        cmocka_unit_test(a_bulletin_reads_the_same_in_every_format),
        cmocka_unit_test(csv_of_one_section_is_a_plain_table),
        cmocka_unit_test(csv_has_chinese_headings_and_states_for_chinese_readers),
        cmocka_unit_test(csv_of_several_sections_has_titles_and_blank_rows),
        cmocka_unit_test(csv_disarms_formulas_and_leaves_numbers),
        cmocka_unit_test(html_is_in_the_language_of_its_texts),
        cmocka_unit_test(html_runs_and_loads_nothing),
        cmocka_unit_test(a_preview_says_that_it_is_none),
        cmocka_unit_test(charts_hatch_what_misses_its_target),
        cmocka_unit_test(lines_of_one_title_share_a_chart),
        cmocka_unit_test(a_document_without_charts_is_drawn_from_its_rates),
        cmocka_unit_test(what_lies_ahead_is_no_missing_data),
        cmocka_unit_test(decimals_of_a_rule_stand_to_the_right),
        cmocka_unit_test(what_is_no_document_is_refused),
        cmocka_unit_test(more_columns_than_paper_has_are_refused),
        cmocka_unit_test(members_of_other_types_read_as_empty),
        cmocka_unit_test(control_characters_reach_no_terminal),
        cmocka_unit_test(a_hundred_thousand_rows_are_printed),
        cmocka_unit_test(each_figure_stands_beside_that_of_the_earlier_document),
        cmocka_unit_test(what_is_not_alike_is_compared_with_nothing),
        cmocka_unit_test(a_region_of_another_name_is_the_same_region),
        cmocka_unit_test(a_workbook_is_made_of_any_document),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
