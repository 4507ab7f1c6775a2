#include "event/choices.h"

#define C(set, name, word, label) word,
#define S(set) static const char *const set##_words[] = {CHOICES_##set(C)};
CHOICE_SETS(S)
#undef S
#undef C

#define C(set, name, word, label) label,
#define S(set) static const char *const set##_labels[] = {CHOICES_##set(C)};
CHOICE_SETS(S)
#undef S
#undef C

#define S(set) const struct choices set##_choices = {#set, set##_COUNT, set##_words, set##_labels};
CHOICE_SETS(S)
#undef S
