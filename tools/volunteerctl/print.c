#include "print.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "wrap.h"

void terminal_detect(struct terminal *ret_terminal) {
    const char *kind = getenv("TERM");
    const char *no_colour = getenv("NO_COLOR");
    bool dumb = !kind || strcmp(kind, "dumb") == 0;
    *ret_terminal = (struct terminal){.in = isatty(STDIN_FILENO) == 1,
                                      .out = isatty(STDOUT_FILENO) == 1,
                                      .error = isatty(STDERR_FILENO) == 1};
    ret_terminal->colours = ret_terminal->out && !dumb && !(no_colour && *no_colour);
}

static bool names_chinese(const char *locale) {
    return strncmp(locale, "zh", 2) == 0 && (!locale[2] || strchr("_.@:", locale[2]));
}

/* As gettext has it: LANGUAGE before the locale, but not where that is "C". */
bool language_is_chinese(void) {
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = "", *language = getenv("LANGUAGE");
    for (size_t i = 0; i < sizeof names / sizeof *names && !*locale; i++)
        locale = getenv(names[i]) ? getenv(names[i]) : "";
    bool none = strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0;
    return names_chinese(language && *language && !none ? language : locale);
}

size_t terminal_width(int fd) {
    struct winsize size;
    if (ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col < 20)
        return 80;
    return size.ws_col;
}

size_t text_width(const char *text) {
    size_t width = 0;
    mbstate_t state = {0};
    while (*text) {
        wchar_t character;
        size_t size = mbrtowc(&character, text, MB_CUR_MAX, &state);
        if (size == 0 || size > MB_CUR_MAX) { /* not a character here: count the byte */
            state = (mbstate_t){0};
            size = 1;
            width++;
        } else {
            int columns = wcwidth(character);
            width += columns > 0 ? (size_t)columns : 0;
        }
        text += size;
    }
    return width;
}

static bool is_control(const char *text, size_t size) {
    unsigned char first = (unsigned char)text[0];
    if (size == 1)
        return first < 0x20 || first == 0x7f;
    return size == 2 && first == 0xc2 && (unsigned char)text[1] < 0xa0;
}

void clean_put(struct buf *out, const char *text, bool lines) {
    struct str rest = str_from(text);
    while (rest.size) {
        size_t size = str_utf8_size(rest);
        bool passes = lines && (*rest.data == '\n' || *rest.data == '\t');
        if (size == 0 || (is_control(rest.data, size) && !passes))
            buf_put_byte(out, '?');
        else
            buf_put(out, rest.data, size);
        size = size ? size : 1;
        rest = (struct str){rest.data + size, rest.size - size};
    }
}

void print_clean(FILE *file, const char *text, bool lines) {
    struct buf clean = {0};
    clean_put(&clean, text, lines);
    if (clean.size)
        fwrite(clean.data, 1, clean.size, file);
    buf_deinit(&clean);
}

__attribute__((format(printf, 1, 0))) static void text_format(const char *format, va_list arguments,
                                                              struct buf *out) {
    char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    clean_put(out, text, true);
    buf_put_byte(out, 0);
    free(text);
}

/* A line of its own; a terminal gets it wrapped between words. */
static void line_put(FILE *file, const char *text) {
    struct buf lines = {0};
    if (isatty(fileno(file)) == 1)
        wrap_text(text, terminal_width(fileno(file)), &lines);
    else
        buf_put_str(&lines, str_from(text));
    buf_put_byte(&lines, '\n');
    fwrite(lines.data, 1, lines.size, file);
    buf_deinit(&lines);
}

static void complaint_put(const char *text) {
    struct buf line = {0};
    fflush(stdout);
    if (isatty(STDERR_FILENO) == 1)
        fputs("\r\033[K", stderr); /* a progress bar may stand there */
    buf_printf(&line, "volunteerctl: %s", text);
    buf_put_byte(&line, 0);
    line_put(stderr, line.data);
    buf_deinit(&line);
}

int complain(enum exit_code code, const char *format, ...) {
    struct buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_format(format, arguments, &text);
    va_end(arguments);
    complaint_put(text.data);
    buf_deinit(&text);
    return code;
}

int complain_json(bool json, enum exit_code code, const char *name, const char *format, ...) {
    struct buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_format(format, arguments, &text);
    va_end(arguments);
    if (json) {
        json_auto_t *error =
            json_pack("{s:{s:s*, s:s}}", "error", "code", name, "message", text.data);
        json_dumpf(error, stdout, JSON_COMPACT);
        putchar('\n');
    }
    complaint_put(text.data);
    buf_deinit(&text);
    return code;
}

void note(const char *format, ...) {
    struct buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    text_format(format, arguments, &text);
    line_put(stderr, text.data);
    va_end(arguments);
    buf_deinit(&text);
}

void print_line(const char *format, ...) {
    struct buf text = {0};
    va_list arguments;
    va_start(arguments, format);
    text_format(format, arguments, &text);
    line_put(stdout, text.data);
    va_end(arguments);
    buf_deinit(&text);
}

void print(const char *format, ...) {
    va_list arguments;
    struct buf text = {0};
    va_start(arguments, format);
    text_format(format, arguments, &text);
    fputs(text.data, stdout);
    va_end(arguments);
    buf_deinit(&text);
}

bool confirmed(const char *question) {
    char *line = NULL;
    size_t size = 0;
    print("%s", question);
    fflush(stdout);
    bool yes = getline(&line, &size, stdin) > 0 && (*line == 'y' || *line == 'Y');
    free(line);
    return yes;
}

int output_flush(void) {
    if (fflush(stdout) != 0)
        return errno;
    /* What passed a full buffer was written before, or was not. */
    return ferror(stdout) ? EIO : 0;
}

int print_json(const struct terminal *terminal, const json_t *value) {
    size_t flags =
        JSON_ENCODE_ANY | JSON_REAL_PRECISION(15) | (terminal->out ? JSON_INDENT(2) : JSON_COMPACT);
    json_dumpf(value, stdout, flags);
    putchar('\n');
    return DONE;
}

const char *number_text(int64_t number, bool grouped, char ret_text[static TEXT_SIZE]) {
    char digits[24];
    uint64_t size = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    int n = snprintf(digits, sizeof digits, "%llu", (unsigned long long)size);
    char *to = ret_text;
    if (number < 0)
        *to++ = '-';
    for (int i = 0; i < n; i++) {
        if (grouped && i > 0 && (n - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return ret_text;
}

const char *hours_text(int64_t minutes, bool grouped, char ret_text[static TEXT_SIZE]) {
    char whole[TEXT_SIZE];
    /* Cut, not rounded: who has 99 hours and 59 minutes does not have the 100 hours of a star. */
    int64_t tenths = minutes < 0 ? 0 : minutes / 6;
    number_text(tenths / 10, grouped, whole);
    snprintf(ret_text, TEXT_SIZE, "%.40s.%d", whole, (int)(tenths % 10));
    return ret_text;
}

const char *hundredths_text(int64_t amount, bool grouped, char ret_text[static TEXT_SIZE]) {
    char whole[TEXT_SIZE];
    int64_t size = amount < 0 ? -amount : amount;
    number_text(size / 100, grouped, whole);
    snprintf(ret_text, TEXT_SIZE, "%s%.40s.%02d", amount < 0 ? "-" : "", whole, (int)(size % 100));
    return ret_text;
}

const char *stars_text(int64_t stars, char ret_text[static TEXT_SIZE]) {
    *ret_text = '\0';
    for (int64_t i = 0; i < 5; i++)
        strcat(ret_text, i < stars ? "★" : "☆");
    return ret_text;
}

const char *moment_text(const char *rfc3339, char ret_text[static TEXT_SIZE]) {
    snprintf(ret_text, TEXT_SIZE, "%.60s", rfc3339);
    if (strlen(ret_text) >= 19 && ret_text[10] == 'T') {
        ret_text[10] = ' ';
        ret_text[19] = '\0';
    }
    return ret_text;
}

const char *duration_text(int64_t seconds, char ret_text[static TEXT_SIZE]) {
    long long s = seconds < 0 ? 0 : seconds;
    if (s >= 86400)
        snprintf(ret_text, TEXT_SIZE, _("%lld d %lld h"), s / 86400, s % 86400 / 3600);
    else if (s >= 3600)
        snprintf(ret_text, TEXT_SIZE, _("%lld h %lld min"), s / 3600, s % 3600 / 60);
    else if (s >= 60)
        snprintf(ret_text, TEXT_SIZE, _("%lld min %lld s"), s / 60, s % 60);
    else
        snprintf(ret_text, TEXT_SIZE, _("%lld s"), s);
    return ret_text;
}

const char *bytes_text(int64_t bytes, char ret_text[static TEXT_SIZE]) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double size = bytes < 0 ? 0 : (double)bytes;
    size_t unit = 0;
    while (size >= 1024 && unit + 1 < sizeof units / sizeof *units) {
        size /= 1024;
        unit++;
    }
    snprintf(ret_text, TEXT_SIZE, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
    return ret_text;
}
