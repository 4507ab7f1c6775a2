/* Random events of every type for the model: each is written as JSON, and the model does what it
 * should do; what is expected of it stands beside. */
#pragma once

#include "model_fixture.h"

static struct buf *begin(struct model *model, const char *type) {
    struct buf *text = &model->texts[model->n];
    buf_reset(text);
    model->outcomes[model->n] = -1;
    model->duplicate[model->n] = false;
    model->n_ids++;
    buf_printf(text,
               "{\"specversion\":\"1.0\",\"id\":\"m%u\",\"source\":\"test/%u\",\"type\":\"%s\","
               "\"data\":{",
               model->n_ids, model->n_ids % 3, type);
    return text;
}

static void end(struct model *model, enum problem_code expected) {
    buf_put_str(&model->texts[model->n], STR("}}"));
    model->expected[model->n++] = expected;
}

static const char *organisation_json(int organisation) {
    return organisation == 0 ? "null" : organisation == 1 ? "\"o1\"" : "\"o2\"";
}

static enum problem_code take_identity(struct model *model, int person, int identity) {
    int holder = identity ? model->holders[identity] - 1 : -1;
    return holder >= 0 && holder != person && model->people[holder].state != VOLUNTEER_WITHDRAWN
               ? PROBLEM_IDENTITY_KNOWN
               : PROBLEM_NONE;
}

static void put_identity(struct buf *text, int identity) {
    buf_printf(text,
               "\"identity\":{\"name\":\"x\",\"document_kind\":\"passport\",\"number\":\"E%d\"}",
               identity);
}

static void registered(struct model *model) {
    int i = (int)pick(model, PEOPLE);
    struct model_person next = {.exists = true,
                                .region = (int)pick(model, REGIONS),
                                .organisation = (int)pick(model, 3),
                                .in_service = pick(model, 2),
                                .born = pick(model, 6) ? 1980 + (int)pick(model, 50) : 0,
                                .identity = (int)pick(model, IDENTITIES)};
    if (next.born > 2018)
        next.born = 1990;
    struct buf *text = begin(model, "volunteer.registered");
    buf_printf(text, "\"volunteer\":\"v%d\",\"region\":\"%s\"", i, region_codes[next.region]);
    if (next.organisation)
        buf_printf(text, ",\"employer\":%s", organisation_json(next.organisation));
    if (next.in_service)
        buf_put_str(text, STR(",\"party_status\":\"in_service\""));
    if (next.born)
        buf_printf(text, ",\"born\":\"%d-01\"", next.born);
    if (next.identity) {
        buf_put_byte(text, ',');
        put_identity(text, next.identity);
    }
    enum problem_code code = take_identity(model, -1, next.identity);
    if (code == PROBLEM_NONE && model->people[i].exists)
        code = PROBLEM_ALREADY_EXISTS;
    if (code == PROBLEM_NONE)
        code = judge_person(model, &next);
    if (code == PROBLEM_NONE) {
        model->people[i] = next;
        if (next.identity)
            model->holders[next.identity] = i + 1;
    }
    end(model, code);
}

static bool has_left(const struct model_person *person) {
    return person->state == VOLUNTEER_WITHDRAWN || person->state == VOLUNTEER_DECEASED;
}

static enum problem_code find_person(const struct model *model, int i) {
    if (!model->people[i].exists)
        return PROBLEM_UNKNOWN_NOUN;
    return has_left(&model->people[i]) ? PROBLEM_WRONG_STATE : PROBLEM_NONE;
}

static void updated(struct model *model) {
    int i = (int)pick(model, PEOPLE), identity = 0;
    struct model_person next = model->people[i];
    struct buf *text = begin(model, "volunteer.updated");
    bool drops = false;
    buf_printf(text, "\"volunteer\":\"v%d\",\"changes\":{", i);
    switch (pick(model, 5)) {
    case 0:
        next.organisation = (int)pick(model, 3);
        buf_printf(text, "\"employer\":%s", organisation_json(next.organisation));
        break;
    case 1:
        next.in_service = !next.in_service;
        buf_printf(text, "\"party_status\":%s", next.in_service ? "\"in_service\"" : "null");
        break;
    case 2:
        next.born = pick(model, 3) ? 1980 + (int)pick(model, 38) : 0;
        if (next.born)
            buf_printf(text, "\"born\":\"%d-01\"", next.born);
        else
            buf_put_str(text, STR("\"born\":null"));
        break;
    case 3:
        drops = true;
        next.identity = 0;
        buf_put_str(text, STR("\"identity\":null"));
        break;
    default:
        drops = true;
        next.identity = identity = 1 + (int)pick(model, IDENTITIES - 1);
        put_identity(text, identity);
    }
    buf_put_byte(text, '}');
    enum problem_code code = find_person(model, i);
    if (code == PROBLEM_NONE)
        code = take_identity(model, i, identity);
    if (code == PROBLEM_NONE)
        code = judge_person(model, &next);
    if (code == PROBLEM_NONE) {
        if (drops && model->people[i].identity)
            model->holders[model->people[i].identity] = 0;
        if (identity)
            model->holders[identity] = i + 1;
        model->people[i] = next;
    }
    end(model, code);
}

static void withdrawn(struct model *model) {
    int i = (int)pick(model, PEOPLE);
    if (pick(model, 3)) /* not too many */
        return;
    buf_printf(begin(model, "volunteer.withdrawn"), "\"volunteer\":\"v%d\"", i);
    enum problem_code code = find_person(model, i);
    if (code == PROBLEM_NONE) {
        model->people[i].state = VOLUNTEER_WITHDRAWN;
        model->people[i].withdrawn_on = day_of(now_minute(model));
    }
    end(model, code);
}

/* The document of who died stays taken: take_identity frees only that of who withdrew. */
static void died(struct model *model) {
    int i = (int)pick(model, PEOPLE);
    int32_t today = day_of(now_minute(model));
    char date[16];
    if (pick(model, 6))
        return;
    date_format(today, date);
    buf_printf(begin(model, "volunteer.died"), "\"volunteer\":\"v%d\",\"on\":\"%s\"", i, date);
    enum problem_code code = find_person(model, i);
    if (code == PROBLEM_NONE) {
        model->people[i].state = VOLUNTEER_DECEASED;
        model->people[i].withdrawn_on = today;
    }
    end(model, code);
}

static void moved(struct model *model) {
    int i = (int)pick(model, PEOPLE), region = (int)pick(model, REGIONS);
    buf_printf(begin(model, "volunteer.moved"), "\"volunteer\":\"v%d\",\"region\":\"%s\"", i,
               region_codes[region]);
    enum problem_code code = find_person(model, i);
    if (code == PROBLEM_NONE && model->people[i].region == region)
        code = PROBLEM_WRONG_STATE;
    if (code == PROBLEM_NONE)
        model->people[i].region = region;
    end(model, code);
}

static void published(struct model *model) {
    int i = (int)pick(model, ACTIVITIES);
    struct model_activity next = {.exists = true,
                                  .rural = pick(model, 2),
                                  .region = (int)pick(model, REGIONS),
                                  .month = 1 + (int)pick(model, 12)};
    struct buf *text = begin(model, "activity.published");
    buf_printf(text,
               "\"activity\":\"a%d\",\"title\":\"t\",\"content\":\"c\",\"category\":\"%s\","
               "\"kind\":\"service\",\"organisation\":\"o1\",\"region\":\"%s\",\"place\":{"
               "\"text\":\"p\"},\"starts\":\"2018-%02d-01T00:00:00+08:00\",\"ends\":\"2019-01-"
               "01T00:00:00+08:00\",\"places\":9,\"risk\":\"r\"",
               i, next.rural ? "rural" : "elderly", region_codes[next.region], next.month);
    enum problem_code code = model->activities[i].exists ? PROBLEM_ALREADY_EXISTS : PROBLEM_NONE;
    if (code == PROBLEM_NONE)
        model->activities[i] = next;
    end(model, code);
}

static enum problem_code find_activity(const struct model *model, int i) {
    if (!model->activities[i].exists)
        return PROBLEM_UNKNOWN_NOUN;
    return model->activities[i].cancelled || model->activities[i].closed ? PROBLEM_WRONG_STATE
                                                                         : PROBLEM_NONE;
}

static void changed(struct model *model) {
    int i = (int)pick(model, ACTIVITIES), region = (int)pick(model, REGIONS);
    int month = 1 + (int)pick(model, 12);
    buf_printf(begin(model, "activity.changed"),
               "\"activity\":\"a%d\",\"changes\":{\"region\":\"%s\",\"starts\":\"2018-%02d-"
               "01T00:00:00+08:00\"}",
               i, region_codes[region], month);
    enum problem_code code = find_activity(model, i);
    if (code == PROBLEM_NONE) {
        model->activities[i].region = region;
        model->activities[i].month = month;
    }
    end(model, code);
}

static void cancelled(struct model *model) {
    int i = (int)pick(model, ACTIVITIES);
    if (pick(model, 4))
        return;
    buf_printf(begin(model, "activity.cancelled"), "\"activity\":\"a%d\"", i);
    enum problem_code code = find_activity(model, i);
    if (code == PROBLEM_NONE)
        model->activities[i].cancelled = true;
    end(model, code);
}

static void closed(struct model *model) {
    int i = (int)pick(model, ACTIVITIES);
    int32_t first = month_first_date(2018 * 12 + model->activities[i].month - 1);
    if (pick(model, 4))
        return;
    buf_printf(begin(model, "activity.closed"), "\"activity\":\"a%d\"", i);
    enum problem_code code = find_activity(model, i);
    if (code == PROBLEM_NONE && day_of(now_minute(model)) < first)
        code = PROBLEM_WRONG_STATE;
    if (code == PROBLEM_NONE)
        model->activities[i].closed = true;
    end(model, code);
}

/* Some in the last days, some across the end of a month or a year. */
static int64_t pick_start(struct model *model) {
    static const char *const midnights[] = {"2018-01-01", "2018-03-01", "2018-06-01"};
    int32_t date;
    if (pick(model, 2))
        return now_minute(model) - 3 * DAY_MINUTES + (int64_t)pick(model, 2 * DAY_MINUTES);
    assert_int_equal(date_parse(str_from(midnights[pick(model, 3)]), &date), 0);
    return (int64_t)date * DAY_MINUTES - OFFSET_MINUTES - (int64_t)pick(model, 800);
}

static enum problem_code check_record(const struct model *model, const struct model_record *next,
                                      int id, int activity) {
    const struct model_person *person = &model->people[next->person];
    if (!person->exists || (activity >= 0 && !model->activities[activity].exists))
        return PROBLEM_UNKNOWN_NOUN;
    if (activity >= 0 && model->activities[activity].cancelled)
        return PROBLEM_WRONG_STATE;
    if (person->state == VOLUNTEER_HELD ||
        (has_left(person) && day_of(next->starts) > person->withdrawn_on))
        return PROBLEM_WRONG_STATE;
    return model->records[id].exists ? PROBLEM_ALREADY_EXISTS : PROBLEM_NONE;
}

static void recorded(struct model *model) {
    bool again = model->n_records && pick(model, 12) == 0;
    int id = again ? (int)pick(model, (unsigned)model->n_records) : model->n_records;
    int activity = (int)pick(model, ACTIVITIES + 3) - 3;
    if (id == RECORDS)
        return;
    struct model_record next = {.exists = true,
                                .person = (int)pick(model, PEOPLE),
                                .organisation = 1 + (int)pick(model, 2),
                                .clerk = (int)pick(model, 2),
                                .starts = pick_start(model),
                                .span = 10 + (int64_t)pick(model, 700)};
    next.region = next.organisation == 1 ? COUNTY_1 : COUNTY_2;
    next.claimed = next.span - (int64_t)pick(model, 10);
    unsigned seconds = pick(model, 60), more = pick(model, 60);
    char starts[40], ends[40];
    time_format((next.starts * 60 + seconds) * MICROSECONDS, 480, starts);
    time_format((next.starts * 60 + seconds + next.span * 60 + more) * MICROSECONDS, 480, ends);
    struct buf *text = begin(model, "service.recorded");
    buf_printf(text,
               "\"record\":\"r%d\",\"volunteer\":\"v%d\",\"organisation\":\"o%d\",\"starts\":\"%"
               "s\",\"ends\":\"%s\",\"minutes\":%d,\"method\":\"%s\",\"recorder\":\"c%d\"",
               id, next.person, next.organisation, starts, ends, (int)next.claimed,
               next.clerk ? "code" : "manual", next.clerk);
    if (activity >= 0)
        buf_printf(text, ",\"activity\":\"a%d\"", activity);
    enum problem_code code = check_record(model, &next, id, activity);
    if (code == PROBLEM_NONE) {
        if (activity >= 0) {
            next.region = model->activities[activity].region;
            next.category = model->activities[activity].rural ? 2 : 1;
        }
        model->records[id] = next;
        model->n_records++;
        model->outcomes[model->n] = accept(model, &model->records[id]);
    }
    end(model, code);
}

/* A record that is there, most of the time. */
static int pick_record(struct model *model) {
    return (int)pick(model, (unsigned)model->n_records + 1) % RECORDS;
}

static void reviewed(struct model *model) {
    int id = pick_record(model), clerk = (int)pick(model, 3);
    struct model_record *record = &model->records[id];
    bool accepts = pick(model, 2);
    struct buf *text = begin(model, "service.reviewed");
    buf_printf(text, "\"record\":\"r%d\",\"outcome\":\"%s\",\"reviewer\":\"c%d\"", id,
               accepts ? "accepted" : "refused", clerk);
    if (pick(model, 2))
        buf_put_str(text, STR(",\"note\":\"n\""));
    enum problem_code code = !record->exists                ? PROBLEM_UNKNOWN_NOUN
                             : record->clerk == clerk       ? PROBLEM_SELF_REVIEW
                             : record->state != RECORD_HELD ? PROBLEM_WRONG_STATE
                                                            : PROBLEM_NONE;
    if (code == PROBLEM_NONE) {
        record->state = accepts ? RECORD_ACCEPTED : RECORD_REFUSED;
        rate(model, record->person);
    }
    end(model, code);
}

static void corrected(struct model *model) {
    int id = pick_record(model), minutes = 1 + (int)pick(model, 600);
    struct model_record *record = &model->records[id];
    buf_printf(begin(model, "service.corrected"),
               "\"record\":\"r%d\",\"minutes\":%d,\"reason\":\"x\",\"by\":\"c9\"", id, minutes);
    enum problem_code code = !record->exists                   ? PROBLEM_UNKNOWN_NOUN
                             : record->state == RECORD_REVOKED ? PROBLEM_WRONG_STATE
                             : minutes > record->span          ? PROBLEM_OUT_OF_RANGE
                                                               : PROBLEM_NONE;
    if (code == PROBLEM_NONE) {
        record->corrected += record->state == RECORD_ACCEPTED;
        record->claimed = minutes;
        model->outcomes[model->n] = accept(model, record);
    }
    end(model, code);
}

static void revoked(struct model *model) {
    int id = pick_record(model);
    struct model_record *record = &model->records[id];
    buf_printf(begin(model, "service.revoked"), "\"record\":\"r%d\",\"reason\":\"x\",\"by\":\"c9\"",
               id);
    enum problem_code code = !record->exists                   ? PROBLEM_UNKNOWN_NOUN
                             : record->state == RECORD_REVOKED ? PROBLEM_WRONG_STATE
                                                               : PROBLEM_NONE;
    if (code == PROBLEM_NONE) {
        record->revoked += record->state == RECORD_ACCEPTED;
        record->state = RECORD_REVOKED;
        rate(model, record->person);
    }
    end(model, code);
}

static void activated(struct model *model) {
    static const enum POLICY_KIND_choice kinds[] = {POLICY_KIND_ACCEPTANCE, POLICY_KIND_STAR_RATING,
                                                    POLICY_KIND_REGISTRATION};
    struct model_revision next = {true, kinds[pick(model, 3)], (int)pick(model, 3)};
    bool all = next.kind == POLICY_KIND_STAR_RATING && pick(model, 2);
    if (model->n_revisions == REVISIONS || pick(model, 3))
        return;
    const char *kind = POLICY_KIND_choices.words[next.kind];
    struct buf *text = begin(model, "policy.activated");
    buf_printf(text, "\"policy\":\"%s\",\"kind\":\"%s\",\"revision\":\"%s:%d\",\"text\":", kind,
               kind, kind, model->n_revisions);
    put_rule(text, &next);
    buf_printf(text, ",\"effective\":\"2010-01-01\",\"retroactivity\":\"%s\",\"by\":\"c9\"",
               all ? "all_history" : "from_now");
    model->revisions[model->n_revisions++] = next;
    for (int i = 0; all && i < PEOPLE; i++)
        if (model->people[i].exists && model->people[i].state == VOLUNTEER_REGISTERED)
            rate(model, i);
    model->must_wait = all;
    end(model, PROBLEM_NONE);
}

static void set_aside(struct model *model) {
    int i = (int)pick(model, (unsigned)model->n_revisions + 1);
    if (pick(model, 4) || i == REVISIONS)
        return;
    struct model_revision *revision = &model->revisions[i];
    const char *kind = POLICY_KIND_choices.words[revision->kind];
    buf_printf(begin(model, "policy.set_aside"),
               "\"policy\":\"%s\",\"revision\":\"%s:%d\",\"reason\":\"x\"", kind, kind, i);
    enum problem_code code = i == model->n_revisions ? PROBLEM_UNKNOWN_NOUN
                             : revision->in_force    ? PROBLEM_NONE
                                                     : PROBLEM_WRONG_STATE;
    if (code == PROBLEM_NONE)
        revision->in_force = false;
    end(model, code);
}

static void defined_again(struct model *model) {
    unsigned what = pick(model, 4);
    if (what == 0) {
        buf_printf(begin(model, "organisation.defined"),
                   "\"organisation\":\"o1\",\"name\":\"n%u\",\"kind\":\"enterprise\",\"region\":\"%"
                   "s\",\"contact\":\"k%u\"",
                   model->n_ids, region_codes[COUNTY_1], model->n_ids);
    } else if (what == 1) {
        int i = (int)pick(model, REGIONS);
        struct buf *text = begin(model, "region.defined");
        buf_printf(text, "\"region\":\"%s\",\"name\":\"n%u\",\"level\":\"%s\"", region_codes[i],
                   model->n_ids, region_levels[i]);
        if (region_parents[i] >= 0)
            buf_printf(text, ",\"parent\":\"%s\"", region_codes[region_parents[i]]);
    } else if (what == 2) {
        buf_printf(begin(model, "city.configured"),
                   "\"region\":\"%s\",\"name\":\"n%u\",\"time_zone\":\"Asia/Shanghai\","
                   "\"offsets\":[{\"from\":0,\"seconds\":28800}]",
                   region_codes[CITY], model->n_ids);
    } else {
        buf_put_str(begin(model, "clock.accepted"), STR("\"by\":\"c9\""));
    }
    end(model, PROBLEM_NONE);
}

static void sent_again(struct model *model) {
    struct str last = str_from(model->last);
    if (last.size == 0)
        return;
    struct buf *text = &model->texts[model->n];
    buf_reset(text);
    buf_put_str(text, last);
    model->outcomes[model->n] = -1;
    bool conflict = pick(model, 2);
    if (conflict) /* other content under the same source and id */
        text->data[text->size - 1] = ',', buf_put_str(text, STR("\"subject\":\"s\"}"));
    model->duplicate[model->n] = !conflict;
    model->expected[model->n++] = conflict ? PROBLEM_ID_CONFLICT : PROBLEM_NONE;
}

static void (*const makers[])(struct model *model) = {
    registered, updated,   updated,   withdrawn, died,      moved,         moved,
    published,  changed,   cancelled, closed,    recorded,  recorded,      recorded,
    recorded,   recorded,  recorded,  recorded,  recorded,  recorded,      recorded,
    recorded,   recorded,  reviewed,  reviewed,  reviewed,  corrected,     corrected,
    corrected,  corrected, revoked,   activated, set_aside, defined_again, sent_again};
