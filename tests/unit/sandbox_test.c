/* Hostile policies (tests/policy/hostile): each fails cleanly, for the reason on its first line,
 * and leaves the host as it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "policy/freeze.h"
#include "policy/load.h"
#include "policy/result.h"
#include "util/io.h"

/* Of budgets_end_where_they_end_in_every_build. */
enum {
    BUDGET_STEPS = 66,
    BUDGET_BYTES = 142,
    BUDGET_DEPTH = 247,
    BUDGET_WIDTH = 141,
    BUDGET_WIDTH_AFTER_ERRORS = 140
};

#define HOSTILE SOURCE_DIR "/tests/policy/hostile"

static const struct policy_limits limits = {1000000, UINT64_C(16) << 20, 65536};

/* Asks a policy's decide about a volunteer of whom nothing is given; `failure` is filled where it
 * fails. */
static bool run_text(struct policy_host *host, struct str text, struct arena *arena,
                     struct answer *ret_answer) {
    lua_State *lua = host->sandbox.lua;
    struct load_source source = {.name = "test", .text = text};
    struct program program;
    int top = lua_gettop(lua);
    *ret_answer = (struct answer){0};
    if (program_load(host, &source, &program) != 0) {
        ret_answer->failed = true;
        ret_answer->failure = arena_copy(arena, str_from(lua_tostring(lua, -1)));
        lua_settop(lua, top);
        return false;
    }
    call_begin(host, arena);
    lua_newtable(lua);
    object_push_given(host, OBJECT_VOLUNTEER, -1, STR_NONE);
    lua_remove(lua, -2);
    assert_true(program_push_parameters(host, &program, 20000));
    lua_newtable(lua);
    object_push_given(host, OBJECT_CONTEXT, -1, STR_NONE);
    lua_remove(lua, -2);
    call_run(host, &program, policy_kind(POLICY_KIND_STAR_RATING), ret_answer);
    assert_false(host->sandbox.refused);
    assert_int_equal(lua_gettop(lua), top);
    program_unload(host, &program);
    return !ret_answer->failed;
}

static void expect_sound(struct policy_host *host) {
    struct arena arena;
    struct answer answer;
    arena_init(&arena);
    assert_true(
        run_text(host,
                 STR("return { decide = function(volunteer)\n"
                     "local n = 0\n"
                     "for _, word in ipairs({ ('a,b'):match('(%a),(%a)') }) do n = n + #word end\n"
                     "finding('n', n, string.format('%d', #('x'):rep(3)))\n"
                     "return n + volunteer.stars end }"),
                 &arena, &answer));
    assert_int_equal(answer.stars, 2);
    assert_int_equal(answer.findings.n, 1);
    arena_deinit(&arena);
}

struct hostile {
    struct policy_host *host;
    unsigned n_wrong;
};

/* Processor time that the worst of them may take: budgets count, but what they count has to have a
 * price that is about right. */
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define HOSTILE_SECONDS 20
#else
#define HOSTILE_SECONDS 2
#endif

static int run_hostile(void *context, const char *name) {
    struct hostile *hostile = context;
    struct policy_host *host = hostile->host;
    static const struct str mark = {"-- fails: ", 10};
    char path[512], *data;
    size_t size;
    struct arena arena;
    struct answer answer;
    arena_init(&arena);
    snprintf(path, sizeof path, "%s/%s", HOSTILE, name);
    assert_int_equal(io_read_file(io_system(), path, 1 << 20, &data, &size), 0);
    struct str text = {data, size};
    assert_true(str_starts_with(text, mark));
    const char *end = strchr(data, '\n');
    char *expected =
        arena_string(&arena, (struct str){data + mark.size, (size_t)(end - data) - mark.size});
    clock_t begin = clock();
    bool ran = run_text(host, text, &arena, &answer);
    double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    if (seconds > HOSTILE_SECONDS) {
        print_error("%s took %.1f s\n", name, seconds);
        hostile->n_wrong++;
    }
    if (ran) {
        print_error("%s did not fail\n", name);
        hostile->n_wrong++;
    } else if (!strstr(arena_string(&arena, answer.failure), expected)) {
        print_error("%s failed otherwise: %.*s\n", name, STR_ARG(answer.failure));
        hostile->n_wrong++;
    }
    assert_int_equal(answer.findings.n, 0);
    free(data);
    arena_deinit(&arena);
    expect_sound(host);
    return 0;
}

static void hostile_policies_fail_cleanly(void **state) {
    (void)state;
    struct hostile hostile = {policy_host_new(&limits), 0};
    const struct io *io = io_system();
    expect_sound(hostile.host);
    assert_int_equal(io->list(io->self, HOSTILE, run_hostile, &hostile), 0);
    assert_int_equal(hostile.n_wrong, 0);
    policy_host_free(hostile.host);
}

/* The steps that a text may use before it fails are the same in every state. */
static uint64_t steps_until_failure(struct policy_host *host) {
    struct arena arena;
    struct answer answer;
    arena_init(&arena);
    assert_false(
        run_text(host,
                 STR("return { decide = function()\n"
                     "local n = 0\n"
                     "while true do n = n + 1 if n % 100 == 0 then finding('n', n) end end end }"),
                 &arena, &answer));
    uint64_t n = host->call.n_findings;
    arena_deinit(&arena);
    return n;
}

static void budget_ends_at_the_same_place(void **state) {
    (void)state;
    struct policy_limits small = {50000, 1 << 20, 65536};
    struct policy_host *host = policy_host_new(&small);
    uint64_t first = steps_until_failure(host);
    assert_true(first > 10);
    expect_sound(host);
    assert_int_equal(steps_until_failure(host), first);
    policy_host_free(host);
    host = policy_host_new(&small);
    assert_int_equal(steps_until_failure(host), first);
    policy_host_free(host);
}

/* How many findings a text has made when its budget ends. */
static uint32_t findings_until_the_end(struct policy_host *host, struct str text) {
    struct arena arena;
    struct answer answer;
    arena_init(&arena);
    assert_false(run_text(host, text, &arena, &answer));
    uint32_t n = (uint32_t)host->call.n_findings;
    arena_deinit(&arena);
    return n;
}

/* The numbers stand here so that every build is held to them: with and without sanitizers,
 * optimised or not, whatever a host did before. */
static void budgets_end_where_they_end_in_every_build(void **state) {
    (void)state;
    static const struct {
        const char *text;
        uint32_t findings;
    } texts[] = {
        {"return { decide = function() local n = 0 while true do n = n + 1 "
         "if n % 5000 == 0 then finding('n', n) end end end }",
         BUDGET_STEPS},
        {"return { decide = function() local n, kept = 0, {} while true do n = n + 1 "
         "kept[n] = { n } if n % 1000 == 0 then finding('n', n) end end end }",
         BUDGET_BYTES},
        {"return { decide = function() local function down(n) if n % 4 == 0 then "
         "finding('n', n) end return 1 + down(n + 1) end return down(1) end }",
         BUDGET_DEPTH},
        {"return { decide = function() local function wide(...) finding('n', select('#', ...)) "
         "return wide(1, 2, 3, 4, 5, 6, 7, ...) end return wide() end }",
         BUDGET_WIDTH},
        {"return { decide = function() local function fail(n) if n == 0 then error('x') end "
         "return 1 + fail(n - 1) end for n = 1, 50 do pcall(fail, n) end "
         "local function wide(...) finding('n', select('#', ...)) "
         "return wide(1, 2, 3, 4, 5, 6, 7, ...) end return wide() end }",
         BUDGET_WIDTH_AFTER_ERRORS},
    };
    struct policy_host *host = policy_host_new(&limits);
    for (size_t round = 0; round < 3; round++)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            uint32_t n = findings_until_the_end(host, str_from(texts[i].text));
            if (n != texts[i].findings)
                fail_msg("text %zu, round %zu: %u findings, not %u", i, round, n,
                         texts[i].findings);
            expect_sound(host);
        }
    policy_host_free(host);
}

static void pairs_follow_a_fixed_order(void **state) {
    (void)state;
    struct policy_host *host = policy_host_new(&limits);
    struct arena arena;
    struct answer answer;
    arena_init(&arena);
    assert_true(run_text(host,
                         STR("return { decide = function()\n"
                             "local t, words = { z = 1, a = 2, [3] = 3, [1] = 4, [2.5] = 5, [true] "
                             "= 6, b = 7 }, {}\n"
                             "for k in pairs(t) do words[#words + 1] = tostring(k) end\n"
                             "finding('order', table.concat(words, ' '))\n"
                             "return 0 end }"),
                         &arena, &answer));
    const struct finding *finding = answer.findings.items;
    assert_true(str_equal(finding->value.text, STR("1 2.5 3 a b z true")));
    arena_deinit(&arena);
    policy_host_free(host);
}

static void addresses_are_not_shown(void **state) {
    (void)state;
    struct policy_host *host = policy_host_new(&limits);
    struct arena arena;
    struct answer answer;
    arena_init(&arena);
    assert_true(
        run_text(host,
                 STR("return { decide = function(volunteer)\n"
                     "finding('a', tostring({}) .. tostring(pairs) .. tostring(volunteer))\n"
                     "finding('b', string.format('%s %10s %5.1f', {}, print == nil, 2))\n"
                     "return 0 end }"),
                 &arena, &answer) == false); /* print is not there, not even to compare */
    assert_true(
        run_text(host,
                 STR("return { decide = function(volunteer)\n"
                     "finding('a', tostring({}) .. tostring(pairs) .. tostring(volunteer))\n"
                     "finding('b', string.format('%s %6s %.1f', {}, true, 2))\n"
                     "return 0 end }"),
                 &arena, &answer));
    const struct finding *findings = answer.findings.items;
    assert_true(str_equal(findings[0].value.text, STR("tablefunctionuserdata")));
    assert_true(str_equal(findings[1].value.text, STR("table   true 2.0")));
    arena_deinit(&arena);
    policy_host_free(host);
}

static void binary_chunks_are_refused(void **state) {
    (void)state;
    struct policy_host *host = policy_host_new(&limits);
    struct arena arena;
    struct answer answer;
    arena_init(&arena);
    assert_false(run_text(host, STR("\x1bLua\x54"), &arena, &answer));
    assert_non_null(strstr(arena_string(&arena, answer.failure), "attempt to load a binary chunk"));
    arena_deinit(&arena);
    policy_host_free(host);
}

static void constants_stay_readable_after_load(void **state) {
    (void)state;
    struct policy_host *host = policy_host_new(&limits);
    struct arena arena;
    struct answer answer;
    arena_init(&arena);
    assert_true(run_text(host,
                         STR("local weights = { a = { 1, 2 }, b = { 3 } }\n"
                             "weights.self = weights\n"
                             "local function sum(list) local n = 0 for _, v in ipairs(list) do n = "
                             "n + v end return n end\n"
                             "return { decide = function()\n"
                             "local n = 0\n"
                             "for name, list in pairs(weights) do\n"
                             "  if name ~= 'self' then n = n + sum(list) * #list end\n"
                             "end\n"
                             "return n - 4 - #table.pack(table.unpack(weights.self.a)) end }"),
                         &arena, &answer));
    assert_int_equal(answer.stars, 3);
    arena_deinit(&arena);
    policy_host_free(host);
}

/* Lua's own sort picks pivots by the clock; ours keeps equal elements as they stood. */
static void sort_is_the_same_everywhere(void **state) {
    (void)state;
    struct policy_host *host = policy_host_new(&limits);
    struct arena arena;
    struct answer answer;
    arena_init(&arena);
    bool ran = run_text(host,
                        STR("return { decide = function()\n"
                            "local t, n = {}, 1500\n"
                            "for i = 1, n do t[i] = { key = i * 7 % 3, place = i } end\n"
                            "table.sort(t, function(a, b) return a.key < b.key end)\n"
                            "for i = 2, n do\n"
                            "  local a, b = t[i - 1], t[i]\n"
                            "  assert(a.key < b.key or a.key == b.key and a.place < b.place)\n"
                            "end\n"
                            "local words = { 'c', 'a', 'b' }\n"
                            "table.sort(words)\n"
                            "finding('words', table.concat(words))\n"
                            "table.sort({})\n"
                            "return 0 end }"),
                        &arena, &answer);
    if (!ran)
        fail_msg("%.*s", STR_ARG(answer.failure));
    const struct finding *finding = answer.findings.items;
    assert_true(str_equal(finding->value.text, STR("abc")));
    arena_deinit(&arena);
    policy_host_free(host);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_policies_fail_cleanly),
        cmocka_unit_test(budget_ends_at_the_same_place),
        cmocka_unit_test(budgets_end_where_they_end_in_every_build),
        cmocka_unit_test(pairs_follow_a_fixed_order),
        cmocka_unit_test(addresses_are_not_shown),
        cmocka_unit_test(binary_chunks_are_refused),
        cmocka_unit_test(constants_stay_readable_after_load),
        cmocka_unit_test(sort_is_the_same_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
