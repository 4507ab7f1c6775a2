#include "prompt.h"

#include <histedit.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "value.h"

#define SHOWN_MOST 30

struct prompt {
    const struct terminal *terminal;
    EditLine *editor;
    const struct completer *completer;
};

/* ---- candidates ---- */

static char *copy_of(const char *text) {
    char *copy = strdup(text ? text : "");
    if (!copy)
        abort();
    return copy;
}

void candidates_offer(struct candidates *candidates, const char *typed, const char *word,
                      const char *label) {
    if (!strstr(word, typed) && !(label && strstr(label, typed)))
        return;
    if (candidates->n == candidates->capacity) {
        candidates->capacity = candidates->capacity ? candidates->capacity * 2 : 16;
        candidates->items =
            reallocarray(candidates->items, candidates->capacity, sizeof *candidates->items);
        if (!candidates->items)
            abort();
    }
    candidates->items[candidates->n++] = (struct candidate){copy_of(word), copy_of(label)};
}

static void candidates_deinit(struct candidates *candidates) {
    for (size_t i = 0; i < candidates->n; i++) {
        free(candidates->items[i].word);
        free(candidates->items[i].label);
    }
    free(candidates->items);
}

/* How many bytes all words have in common, whole characters only. */
static size_t common_size(const struct candidates *candidates) {
    const char *first = candidates->items[0].word;
    size_t size = strlen(first);
    for (size_t i = 1; i < candidates->n; i++) {
        size_t same = 0;
        while (same < size && first[same] == candidates->items[i].word[same])
            same++;
        size = same;
    }
    while (size > 0 && ((unsigned char)first[size] & 0xc0) == 0x80)
        size--;
    return size;
}

static void candidates_print(const struct prompt *prompt, const struct candidates *candidates) {
    struct table *table = table_new(prompt->terminal);
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_WRAP);
    table_without_headings(table);
    for (size_t i = 0; i < candidates->n && i < SHOWN_MOST; i++) {
        BUF_AUTO word = {0};
        buf_printf(&word, "  %s", candidates->items[i].word);
        table_row(table, NULL);
        table_text(table, 0, buf_text(&word));
        table_text(table, 1, candidates->items[i].label);
        table_row_colour(table, COLOUR_DIM);
    }
    printf("\n");
    table_print(table);
    if (candidates->n > SHOWN_MOST)
        print(_("  … and %zu more\n"), candidates->n - SHOWN_MOST);
    fflush(stdout);
}

/* ---- the editor ---- */

static struct prompt *prompt_of(EditLine *editor) {
    struct prompt *prompt = NULL;
    el_get(editor, EL_CLIENTDATA, &prompt);
    return prompt;
}

static char *prompt_text(EditLine *editor) {
    (void)editor;
    static char text[] = "> ";
    return text;
}

static void line_replace(EditLine *editor, const char *text) {
    el_deletestr(editor, el_cursor(editor, 0));
    el_insertstr(editor, text);
}

/* An answer is one value, so the whole line up to the cursor is what is completed. */
static unsigned char line_complete(EditLine *editor, int key) {
    (void)key;
    struct prompt *prompt = prompt_of(editor);
    struct candidates candidates = {0};
    const LineInfo *line = el_line(editor);
    unsigned char result = CC_REFRESH_BEEP;
    if (!prompt->completer)
        return result;
    BUF_AUTO typed = {0};
    buf_put(&typed, line->buffer, (size_t)(line->cursor - line->buffer));
    prompt->completer->offer(prompt->completer->self, buf_text(&typed), &candidates);
    if (candidates.n > 0) {
        size_t common = common_size(&candidates);
        struct candidate *first = &candidates.items[0];
        bool whole = candidates.n == 1;
        if (whole ||
            (common > typed.size && strncmp(first->word, buf_text(&typed), typed.size) == 0)) {
            first->word[whole ? strlen(first->word) : common] = '\0';
            line_replace(editor, first->word);
            result = CC_REFRESH;
        } else {
            candidates_print(prompt, &candidates);
            result = CC_REDISPLAY;
        }
    }
    candidates_deinit(&candidates);
    return result;
}

static unsigned char line_give_up(EditLine *editor, int key) {
    (void)editor;
    (void)key;
    return CC_EOF;
}

struct prompt *prompt_new(const struct terminal *terminal) {
    struct prompt *prompt = calloc(1, sizeof *prompt);
    if (!prompt)
        abort();
    prompt->terminal = terminal;
    prompt->editor = el_init("volunteerctl", stdin, stdout, stderr);
    if (!prompt->editor)
        abort();
    el_set(prompt->editor, EL_CLIENTDATA, prompt);
    el_set(prompt->editor, EL_PROMPT, prompt_text);
    el_set(prompt->editor, EL_EDITOR, "emacs");
    el_set(prompt->editor, EL_SIGNAL, 1);
    /* Ctrl-C is a key here: whoever gives up is told that nothing was sent. */
    el_set(prompt->editor, EL_SETTY, "-d", "-isig", NULL);
    /* The wide form borrows its texts; the other copies them and forgets the copies. */
    el_wset(prompt->editor, EL_ADDFN, L"answer-complete", L"Completes the answer", line_complete);
    el_wset(prompt->editor, EL_ADDFN, L"answer-give-up", L"Gives up", line_give_up);
    el_set(prompt->editor, EL_BIND, "^I", "answer-complete", NULL);
    el_set(prompt->editor, EL_BIND, "^C", "answer-give-up", NULL);
    return prompt;
}

void prompt_free(struct prompt *prompt) {
    if (!prompt)
        return;
    el_end(prompt->editor);
    free(prompt);
}

char *prompt_read(struct prompt *prompt, const struct completer *completer) {
    int size = 0;
    fflush(stdout);
    prompt->completer = completer;
    /* The keys are the editor's before the prompt is seen, or a quick Ctrl-D would be lost. */
    el_set(prompt->editor, EL_PREP_TERM, 1);
    const char *line = el_gets(prompt->editor, &size);
    prompt->completer = NULL;
    if (!line || size <= 0)
        return NULL;
    size_t n = strcspn(line, "\r\n");
    while (n > 0 && line[n - 1] == ' ')
        n--;
    size_t blanks = strspn(line, " ");
    blanks = blanks < n ? blanks : n;
    char *typed = strndup(line + blanks, n - blanks);
    if (!typed)
        abort();
    return typed;
}
