#include "policy/counts.h"

#include "domain/counters.h"
#include "policy/call.h"

/* Steps of the budget for reading one. */
#define COUNT_STEPS 40

int counts_read(struct reading *reading, enum noun noun) {
    const char *names[COUNTER_COUNT];
    enum counter counter = counter_find(reading->arguments.name);
    if (counter != COUNTER_COUNT) {
        int64_t value = 0;
        sandbox_charge(reading->lua, COUNT_STEPS);
        int r = counter_value(reading->call->view, COUNTER_NOW, noun, reading->object->number,
                              counter, &value);
        return r < 0 ? r : push_integer(reading, value);
    }
    for (unsigned i = 0; i < COUNTER_COUNT; i++)
        names[i] = counter_name((enum counter)i);
    const char *nearest = str_nearest(reading->arguments.name, names, COUNTER_COUNT);
    return luaL_error(reading->lua, "count: '%s' is not counted%s%s%s",
                      reading->arguments.name.data, nearest ? ": did you mean '" : "",
                      nearest ? nearest : "", nearest ? "'?" : "");
}
