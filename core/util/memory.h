/* Where memory is out nothing sensible can be done by whoever asked for it: the process ends at
 * once and says so, and the journal decides at the next start, as after a kill. Whatever a peer can
 * grow is limited long before that. */
#pragma once

/* As where a disk fails: whoever watches over the process starts it again. */
enum { EXIT_MEMORY = 75 };

/* Any thread. Allocates nothing. */
#ifdef __cplusplus
[[noreturn]] void memory_out(void);
#else
_Noreturn void memory_out(void);
#endif

/* What malloc, calloc or realloc gave, never NULL. */
static inline void *memory_checked(void *memory) {
    if (!memory)
        memory_out();
    return memory;
}
