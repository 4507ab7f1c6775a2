/* Secrets stand in files that nobody else may read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/secret.h"

struct fixture {
    char folder[32];
    struct buf secret;
    char why[256];
};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/secret-XXXXXX");
    *state = f;
    return mkdtemp(f->folder) ? 0 : -1;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    char command[64];
    secret_deinit(&f->secret);
    snprintf(command, sizeof command, "rm -r %s", f->folder);
    int result = system(command);
    free(f);
    return result;
}

static void put(struct fixture *f, const char *name, const char *text, mode_t mode) {
    char path[64];
    snprintf(path, sizeof path, "%s/%s", f->folder, name);
    FILE *file = fopen(path, "w");
    fputs(text, file);
    fclose(file);
    chmod(path, mode);
}

static void is_refused(struct fixture *f, const char *reference, const char *of) {
    secret_deinit(&f->secret);
    assert_int_equal(
        secret_read(io_system(), reference, f->folder, &f->secret, f->why, sizeof f->why), 1);
    if (!strstr(f->why, of))
        fail_msg("'%s' does not say '%s' but: %s", reference, of, f->why);
}

static void is_read(struct fixture *f, const char *reference, const char *text) {
    secret_deinit(&f->secret);
    if (secret_read(io_system(), reference, f->folder, &f->secret, f->why, sizeof f->why) != 0)
        fail_msg("%s: %s", reference, f->why);
    assert_int_equal(f->secret.size, strlen(text));
    assert_memory_equal(f->secret.data, text, strlen(text));
}

static void a_file_of_the_owner_alone_is_read_without_its_newline(void **state) {
    struct fixture *f = *state;
    char reference[64];
    put(f, "token", "s3cret\r\n", 0600);
    is_read(f, "file:token", "s3cret");
    snprintf(reference, sizeof reference, "file:%s/token", f->folder);
    is_read(f, reference, "s3cret");
}

static void a_file_that_others_may_read_is_refused(void **state) {
    struct fixture *f = *state;
    put(f, "open", "s3cret", 0640);
    is_refused(f, "file:open", "chmod 600");
    is_refused(f, "file:missing", "No such file");
    put(f, "empty", "\n", 0600);
    is_refused(f, "file:empty", "is empty");
    is_refused(f, "file:.", "");
    is_refused(f, "s3cret", "a secret reads");
}

/* A pipe would make whoever opens it wait for ever. */
static void a_pipe_is_not_waited_for(void **state) {
    struct fixture *f = *state;
    char path[64];
    snprintf(path, sizeof path, "%s/pipe", f->folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    is_refused(f, "file:pipe", "");
}

static void a_credential_is_what_systemd_hands_over(void **state) {
    struct fixture *f = *state;
    put(f, "platform", "t0ken\n", 0440);
    unsetenv("CREDENTIALS_DIRECTORY");
    is_refused(f, "credential:platform", "LoadCredential=platform");
    setenv("CREDENTIALS_DIRECTORY", f->folder, 1);
    is_read(f, "credential:platform", "t0ken");
    is_refused(f, "credential:../platform", "a secret reads");
    is_refused(f, "credential:", "a secret reads");
    unsetenv("CREDENTIALS_DIRECTORY");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_file_of_the_owner_alone_is_read_without_its_newline,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_others_may_read_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pipe_is_not_waited_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_credential_is_what_systemd_hands_over, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
