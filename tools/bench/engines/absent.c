/* The engines whose client library was not there when this was built. */
#include <stddef.h>

#include "engines/engine.h"

#define ABSENT(variable, engine_name, engine_title, library)                                       \
    const struct engine variable = {.name = engine_name, .title = engine_title, .absent = library}

#ifdef ABSENT_REDIS
ABSENT(engine_redis, "redis", "Redis", "libhiredis-dev");
#endif
#ifdef ABSENT_SQLITE
ABSENT(engine_sqlite, "sqlite", "SQLite", "libsqlite3-dev");
#endif
#ifdef ABSENT_POSTGRESQL
ABSENT(engine_postgresql, "postgresql", "PostgreSQL", "libpq-dev");
#endif
