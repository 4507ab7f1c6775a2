#include "lives.h"

#include <stdlib.h>

#include "random.h"

#define CARRIED_PER_1024 300u
#define LINKED_PER_1024 110u /* of all: of those whose totals are carried over */
#define JOINS_PER_1024 360u
#define LEAVES_PER_1024 120u /* of those */
#define MOVES_PER_1024 4u
#define CARRIED_FROM_DAY (SETUP_DAYS + 4u) /* the former platform is closed down within these */
#define CARRIED_DAYS 40u
#define YEAR_DAYS 330u

enum life { LIFE_CARRIED, LIFE_LINKED, LIFE_JOINED, LIFE_LEFT, LIFE_MOVED, LIFE_COUNT };

struct lot {
    uint32_t days[LIFE_COUNT]; /* 0: never */
    uint64_t draw;
};

static uint32_t part(uint64_t draw, uint32_t shift) {
    return (uint32_t)(draw >> shift) & 1023;
}

static void draw_team_days(struct lot *lot, uint32_t registered) {
    uint32_t joined = SETUP_DAYS + part(lot->draw, 40) % YEAR_DAYS;
    if (part(lot->draw, 10) >= JOINS_PER_1024 || joined <= registered)
        return;
    lot->days[LIFE_JOINED] = joined;
    if (part(lot->draw, 50) < LEAVES_PER_1024)
        lot->days[LIFE_LEFT] = joined + 30 + part(lot->draw, 35) % 200;
}

/* Whoever is new was not on the former platform; whoever moves looks for a team later. */
static struct lot draw_lot(const struct lives *lives, uint32_t volunteer) {
    struct lot lot = {
        .draw = random_mix(random_key(lives->plan->seed, STREAM_LIFE) + RANDOM_STEP * volunteer)};
    uint32_t registered = person_registers_on(lives->people, volunteer);
    uint32_t moved = SETUP_DAYS + 5 + part(lot.draw, 45) % YEAR_DAYS;
    uint32_t carried = CARRIED_FROM_DAY + part(lot.draw, 30) % CARRIED_DAYS;
    if (lives->people->items[volunteer].flags & PERSON_WITHDRAWS)
        return lot;
    if (!registered && part(lot.draw, 0) < CARRIED_PER_1024)
        lot.days[LIFE_CARRIED] = carried;
    if (!registered && part(lot.draw, 0) < LINKED_PER_1024)
        lot.days[LIFE_LINKED] = carried;
    if (part(lot.draw, 20) >= MOVES_PER_1024)
        draw_team_days(&lot, registered);
    else if (moved > registered)
        lot.days[LIFE_MOVED] = moved;
    return lot;
}

/* Counting sort by day, so that a day costs no look at everybody. */
void lives_init(struct lives *lives, struct people *people, const struct teams *teams) {
    *lives = (struct lives){.plan = people->plan, .people = people, .teams = teams};
    for (uint32_t i = 0; i < people->plan->n_volunteers; i++) {
        struct lot lot = draw_lot(lives, i);
        for (uint32_t life = 0; life < LIFE_COUNT; life++)
            lives->first[lot.days[life] + 1]++;
    }
    lives->first[1] = 0;
    for (uint32_t day = 1; day <= LIFE_DAYS; day++)
        lives->first[day + 1] += lives->first[day];
    lives->happenings = calloc(lives->first[LIFE_DAYS + 1] + 1u, sizeof(uint32_t));
    if (!lives->happenings)
        abort();
    for (uint32_t i = 0; i < people->plan->n_volunteers; i++) {
        struct lot lot = draw_lot(lives, i);
        for (uint32_t life = 0; life < LIFE_COUNT; life++)
            if (lot.days[life])
                lives->happenings[lives->first[lot.days[life]]++] = i * 8 + life;
    }
    memmove(lives->first + 1, lives->first, sizeof(lives->first) - sizeof(*lives->first));
}

void lives_deinit(struct lives *lives) {
    free(lives->happenings);
    lives->happenings = NULL;
}

static uint32_t team_of(const struct lives *lives, uint32_t volunteer, const struct lot *lot) {
    uint32_t team = team_near(lives->teams, lives->people->items[volunteer].region, lot->draw);
    if (team == NO_TEAM || !team_exists(&lives->teams->items[team], lot->days[LIFE_JOINED]))
        return NO_TEAM;
    return team;
}

/* Where it happens: a team or, for whoever moves, a region. False where nothing comes of it: there
 * is no team near, or it has dissolved meanwhile, or home is where it was. */
static bool find_where(const struct lives *lives, uint32_t volunteer, enum life life,
                       uint32_t *ret_where) {
    struct lot lot = draw_lot(lives, volunteer);
    const struct people *people = lives->people;
    switch (life) {
    case LIFE_JOINED:
        *ret_where = team_of(lives, volunteer, &lot);
        return *ret_where != NO_TEAM;
    case LIFE_LEFT:
        *ret_where = team_of(lives, volunteer, &lot);
        return *ret_where != NO_TEAM && !lives->teams->items[*ret_where].dissolved;
    case LIFE_MOVED:
        *ret_where = region_draw(people->regions, (uint32_t)random_mix(lot.draw));
        return *ret_where != people->items[volunteer].region;
    default:
        *ret_where = 0;
        return true;
    }
}

void lives_plan_day(const struct lives *lives, struct schedule *schedule, uint32_t day) {
    for (uint32_t i = day < LIFE_DAYS ? lives->first[day] : 0;
         day < LIFE_DAYS && i < lives->first[day + 1]; i++) {
        uint32_t volunteer = lives->happenings[i] / 8, life = lives->happenings[i] % 8, where;
        if (!find_where(lives, volunteer, (enum life)life, &where))
            continue;
        uint32_t second = (8 + life * 2) * HOUR_S + volunteer * 7 % (2 * HOUR_S);
        schedule_add(schedule, &(struct entry){.moment = day * DAY_S + second,
                                               .kind = ENTRY_LIFE,
                                               .subject = volunteer,
                                               .activity = life,
                                               .starts = where});
    }
}

/* Whoever serves often now did so before; half hours, as the old platform kept them. */
static uint32_t carried_minutes(const struct lives *lives, uint32_t volunteer, uint64_t draw) {
    uint32_t zeal = lives->people->items[volunteer].zeal;
    uint32_t most = zeal < 2 ? 16 : zeal < 4 ? 60 : 160; /* half hours */
    return (uint32_t)(1 + draw % most) * 30;
}

static void write_carried(const struct lives *lives, struct output *out, uint32_t volunteer,
                          uint64_t draw) {
    const struct people *people = lives->people;
    int32_t until = plan_date(lives->plan, 0) - 1;
    field_id(out, "record", "tszyz:c", 6, volunteer + 1);
    field_volunteer(out, "volunteer", volunteer);
    field_integer(out, "minutes", carried_minutes(lives, volunteer, draw));
    field_date(out, "from", until - 400 - (int32_t)(draw % 1200));
    field_date(out, "to", until);
    field_organisation(out, "organisation",
                       organisation_above(people->organisations, people->regions,
                                          people->items[volunteer].region));
    field_text(out, "system", STR("旧注册平台(模拟)"));
    field_text(out, "evidence", STR("旧平台导出清单,经所在单位核对(模拟)"));
    field_id(out, "recorder", "clerk:", 3, volunteer % 400 + 1);
}

static void write_linked(struct output *out, uint32_t volunteer) {
    field_volunteer(out, "volunteer", volunteer);
    field_text(out, "system", STR("旧注册平台(模拟)"));
    field_id(out, "external", "old-", 6, (uint64_t)volunteer * 3 + 7);
}

static void write_moved(const struct lives *lives, struct output *out, uint32_t volunteer,
                        uint32_t region) {
    lives->people->items[volunteer].region = (uint16_t)region;
    field_volunteer(out, "volunteer", volunteer);
    field_text(out, "region", lives->people->regions->items[region].code);
}

void life_write(const struct lives *lives, struct output *out, const struct entry *entry) {
    static const char *const types[] = {"service.carried_over", "volunteer.linked", "team.joined",
                                        "team.left", "volunteer.moved"};
    struct lot lot = draw_lot(lives, entry->subject);
    event_begin(out, SOURCE_PLATFORM, types[entry->activity], entry->moment);
    switch ((enum life)entry->activity) {
    case LIFE_CARRIED:
        write_carried(lives, out, entry->subject, lot.draw >> 12);
        break;
    case LIFE_LINKED:
        write_linked(out, entry->subject);
        break;
    case LIFE_MOVED:
        write_moved(lives, out, entry->subject, entry->starts);
        break;
    default:
        field_team(out, "team", entry->starts);
        field_volunteer(out, "volunteer", entry->subject);
    }
    event_end(out);
}
