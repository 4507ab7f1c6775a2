/* Scaffolding while the catalogue grows: a type whose apply function is not written yet is refused.
 * Each is weak, so that the real one takes its place; this file goes when none is left. */
#include "domain/assessments.h"
#include "domain/context.h"

#define LATER(name)                                                                                \
    __attribute__((weak)) int apply_##name(struct context *context, const struct event *event,     \
                                           const struct name *data) {                              \
        (void)event;                                                                               \
        (void)data;                                                                                \
        return problem_set(context->problem, PROBLEM_UNKNOWN_TYPE, "type", "not yet");             \
    }
LATER(assessment_changed)

__attribute__((weak)) int assessment_enrol(struct context *context, enum noun noun,
                                           uint32_t number) {
    (void)context, (void)noun, (void)number;
    return 0;
}
__attribute__((weak)) int assessment_due(struct context *context, enum noun noun, uint32_t number) {
    (void)context, (void)noun, (void)number;
    return 0;
}
