/* How the network's rows read in the export: every line is JSON, and says what its row holds. */
#include "network_fixture.h"

#include "domain/export.h"

static int take_line(void *context, struct str line) {
    struct world *world = context;
    struct dom_value value;
    const char *message;
    size_t offset;
    if (dom_parse(world->parser, line, &value, &message, &offset) != 0)
        fail_msg("%.*s: %s", STR_ARG(line), message);
    return 0;
}

static int collect_line(void *context, struct str line) {
    buf_put_str(context, line);
    return 0;
}

static void assert_line(const struct buf *text, const char *line) {
    if (!memmem(text->data, text->size, line, strlen(line)))
        fail_msg("the export lacks %s", line);
}

static void build_network(struct world *world) {
    world_city(world);
    done_on(world, "2018-06-02", "team.formed",
            "{\"team\":\"t1\",\"name\":\"x\",\"category\":\"elderly\",\"legal_status\":\"filed\","
            "\"organisation\":\"o1\"}");
    done_on(world, "2018-06-03", "team.joined", "{\"team\":\"t1\",\"volunteer\":\"v2\"}");
    done_on(world, "2018-06-04", "civilised_title.awarded",
            "{\"subject\":{\"kind\":\"organisation\",\"id\":\"o1\"},\"title\":\"unit\",\"level\":"
            "\"municipal\",\"on\":\"2018-06-01\"}");
    done_on(world, "2018-06-05", "plan.set",
            "{\"plan\":\"p1\",\"subject\":{\"kind\":\"region\",\"id\":\"620500000000\"},"
            "\"measure\":\"stations_built\",\"target\":122,\"due\":\"2018-12-31\"}");
    done_on(world, "2018-06-06", "volunteer.linked",
            "{\"volunteer\":\"v1\",\"system\":\"团委\",\"external\":\"7\"}");
    done_on(world, "2018-06-07", "station.planned",
            "{\"station\":\"s1\",\"region\":\"620502001001\",\"name\":\"站\",\"due\":"
            "\"2018-10-31\"}");
    done_on(world, "2018-06-08", "station.progressed",
            "{\"station\":\"s1\",\"part\":\"staff\",\"done\":true,\"by\":\"p\",\"on\":"
            "\"2018-06-08\",\"evidence\":{\"digest\":\"d\",\"note\":\"名单\"}}");
}

static void every_row_reads_as_json_and_says_what_it_holds(void **state) {
    struct world *world = *state;
    struct buf text = {0};
    build_network(world);
    struct view *view = reader_view(world);
    assert_int_equal(store_export(view, take_line, world, domain_renders), 0);
    assert_int_equal(store_export(view, collect_line, &text, domain_renders), 0);
    view_close(view);
    assert_line(&text,
                "{\"table\":\"team\",\"team\":1,\"region\":4,\"organisation\":1,\"members\":1,"
                "\"successor\":0,");
    assert_line(&text, "{\"table\":\"member\",\"team\":1,\"volunteer\":2,\"n\":1,");
    assert_line(&text, "{\"table\":\"membership\",\"volunteer\":2,\"n\":0,\"count\":1}");
    assert_line(&text, "{\"table\":\"membership\",\"volunteer\":2,\"n\":1,\"team\":1}");
    assert_line(&text, "{\"table\":\"civilised_title\",\"noun\":\"organisation\",\"number\":1,"
                       "\"title\":\"unit\",\"steps\":[{\"kind\":0,\"level\":1,");
    assert_line(&text, "{\"table\":\"plan\",\"noun\":\"region\",\"number\":1,\"versions\":[{"
                       "\"plan\":1,\"left\":0,\"measure\":\"stations_built\",\"target\":122,");
    assert_line(&text, "{\"table\":\"link\",\"volunteer\":1,\"n\":0,\"count\":1}");
    assert_line(&text, "{\"table\":\"link\",\"volunteer\":1,\"n\":1,\"system\":\"团委\","
                       "\"external\":\"7\",");
    assert_line(&text,
                "{\"table\":\"link\",\"system\":\"团委\",\"external\":\"7\",\"volunteer\":1}");
    assert_line(&text, "{\"table\":\"station\",\"station\":1,\"steps\":[{\"step\":\"planned\",");
    assert_line(&text, "{\"step\":\"staff\",\"done\":1,");
    assert_line(&text, "\"note\":\"名单\"");
    buf_deinit(&text);
}

/* A damaged row shows its bytes, and the line stays JSON. */
static void damage_is_shown(void **state) {
    struct world *world = *state;
    static const char key[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    static const enum table tables[] = {TABLE_CIVILISED_TITLE, TABLE_PLAN,       TABLE_TEAM,
                                        TABLE_MEMBER,          TABLE_MEMBERSHIP, TABLE_LINK,
                                        TABLE_STATION};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct buf text = {0};
        buf_put_byte(&text, '{');
        domain_renders[tables[i]]((struct str){key, sizeof key}, STR("\x7f"), &text);
        buf_put_byte(&text, '}');
        take_line(world, buf_str(&text));
        assert_line(&text, "\"bytes\":\"7f\"");
        buf_deinit(&text);
    }
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(every_row_reads_as_json_and_says_what_it_holds),
        T(damage_is_shown),
    };
    return cmocka_run_group_tests_name("export_network", tests, NULL, NULL);
}
