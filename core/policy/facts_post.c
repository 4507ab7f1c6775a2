/* Posts. */
#include "domain/posts.h"
#include "policy/call.h"

static int attributes(struct reading *reading, const struct post_defined **ret_post) {
    struct object *object = reading->object;
    if (!object->attributes) {
        struct thing thing;
        int r =
            thing_get(reading->call->view, NOUN_POST, object->number, reading->call->arena, &thing);
        if (r != 0)
            return r;
        object->attributes = thing.attributes;
    }
    *ret_post = object->attributes;
    return 0;
}

static int read_id(struct reading *reading) {
    return push_id(reading, NOUN_POST, reading->object->number);
}

static int read_kind(struct reading *reading) {
    const struct post_defined *post;
    int r = attributes(reading, &post);
    return r ? r : push_choice(reading, &POST_KIND_choices, post->kind);
}

static int read_region(struct reading *reading) {
    uint32_t region = 0;
    int r = post_region(reading->call->view, reading->object->number, &region);
    return r ? r : reading_object(reading, OBJECT_REGION, "region", region);
}

static int read_organisation(struct reading *reading) {
    const struct post_defined *post;
    uint32_t organisation = 0;
    int r = attributes(reading, &post);
    if (r == 0)
        r = find_number(reading, NOUN_ORGANISATION, post->organisation, &organisation);
    return r ? r : reading_object(reading, OBJECT_ORGANISATION, "organisation", organisation);
}

static int read_duty(struct reading *reading) {
    const struct post_defined *post;
    int r = attributes(reading, &post);
    return r ? r : push_text(reading, post->duty);
}

static int read_n_claimed(struct reading *reading) {
    struct post_row row;
    int r = post_get(reading->call->view, reading->object->number, &row);
    return r ? r : push_integer(reading, row.n_accepted);
}

static const struct fact facts[] = {
    FACT("id", read_id, DEFAULT_NONE),
    FACT("kind", read_kind, DEFAULT_NONE),
    FACT_OBJECT("region", read_region, OBJECT_REGION),
    FACT_OPTIONAL("organisation", read_organisation, OBJECT_ORGANISATION),
    FACT("duty", read_duty, DEFAULT_NONE),
    FACT("n_claimed", read_n_claimed, DEFAULT_ZERO),
};

const struct object_type post_object = {"post", FACTS(facts), NULL};
