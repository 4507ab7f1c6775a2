#include "bus/denominators.h"

#include "domain/figures.h"

json_t *denominators_section(json_t *document) {
    json_t *section = document_section(document, "数据来源");
    section_column(section, "name", "对象", "text");
    section_column(section, "figure", "数据", "text");
    section_column(section, "value", "数值", "number");
    section_column(section, "as_of", "截止日期", "date");
    section_column(section, "origin", "来源", "text");
    section_column(section, "by", "上报人", "text");
    section_column(section, "recorded_on", "登记日期", "date");
    section_column(section, "before", "上次数值", "number");
    section_column(section, "before_as_of", "上次截止", "date");
    section_column(section, "before_origin", "上次来源", "text");
    return section;
}

static json_t *text_cell(struct str text) {
    return text.size ? json_from_str(text) : json_null();
}

static void put_row(json_t *section, struct str name, enum FIGURE_choice which,
                    const struct figure *now, const struct figure *before) {
    section_row(section, json_pack("[o, s, o, o, o, o, o, o, o, o]", json_from_str(name),
                                   FIGURE_choices.labels[which], cell_number(now->value),
                                   json_from_date(now->as_of, INT32_MIN), text_cell(now->origin),
                                   text_cell(now->by), json_from_date(now->recorded_on, INT32_MIN),
                                   before ? cell_number(before->value) : json_null(),
                                   before ? json_from_date(before->as_of, INT32_MIN) : json_null(),
                                   before ? text_cell(before->origin) : json_null()));
}

int denominators_add(struct report *report, json_t *section, enum noun noun, uint32_t number,
                     struct str name) {
    struct view *view = report->query->view;
    int r = 0;
    for (unsigned i = 0; r >= 0 && i < FIGURE_COUNT; i++) {
        enum FIGURE_choice which = (enum FIGURE_choice)i;
        struct figure now, before;
        r = figure_get(view, which, noun, number, report->day.as_of, report->day.at, &now);
        if (r != 0)
            continue;
        r = figure_get(view, which, noun, number, now.as_of - 1, report->day.at, &before);
        if (r >= 0)
            put_row(section, name, which, &now, r == 0 ? &before : NULL);
    }
    return r < 0 ? r : 0;
}
