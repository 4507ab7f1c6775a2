/* One line from the person at the terminal, edited with libedit: cursor keys, Chinese input, Tab
 * completes. Threads: one. */
#pragma once

#include "print.h"

/* What Tab offers: words that may be typed, each with what it means. Memory: copies. */
struct candidates {
    size_t n;
    size_t capacity;
    struct candidate {
        char *word;
        char *label; /* "" for none */
    } * items;
};
/* Only where the word begins with what is typed, or the word or the label holds it. */
void candidates_offer(struct candidates *candidates, const char *typed, const char *word,
                      const char *label);

struct completer {
    void *self;
    void (*offer)(void *self, const char *typed, struct candidates *candidates);
};

struct prompt;
struct prompt *prompt_new(const struct terminal *terminal);
void prompt_free(struct prompt *prompt);
/* What was typed, without blanks around it, to be freed; NULL where the person gave up (Ctrl-D,
 * Ctrl-C) or input ended. `completer` may be NULL. */
char *prompt_read(struct prompt *prompt, const struct completer *completer);
