/* The C face of dom.h. simdjson leaves a parsed document as a tape of 64-bit words (type in the
 * top byte) beside a buffer of unescaped strings; values here are indexes into that tape. */
#define SIMDJSON_EXCEPTIONS 0

#include <cassert>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <new>
#include <simdjson.h>

extern "C" {
#include "util/dom.h"
#include "util/memory.h"
}

namespace dom = simdjson::dom;

namespace {

constexpr size_t DEPTH_LIMIT = 32;
constexpr size_t CAPACITY_STEP = 16384;
constexpr uint64_t PAYLOAD = 0x00FFFFFFFFFFFFFF;
constexpr uint32_t COUNT_SATURATED = 0xFFFFFF;

uint64_t word_at(const void *document, size_t index) noexcept {
    return static_cast<const dom::document *>(document)->tape.get()[index];
}

char type_at(const void *document, size_t index) noexcept {
    return static_cast<char>(word_at(document, index) >> 56);
}

/* Index behind the value: containers name it, numbers take two words. */
size_t after(const void *document, size_t index) noexcept {
    uint64_t word = word_at(document, index);
    switch (static_cast<char>(word >> 56)) {
    case '{':
    case '[':
        return static_cast<uint32_t>(word);
    case 'l':
    case 'u':
    case 'd':
        return index + 2;
    default:
        return index + 1;
    }
}

str string_at(const void *document, size_t index) noexcept {
    const uint8_t *counted = static_cast<const dom::document *>(document)->string_buf.get() +
                             (word_at(document, index) & PAYLOAD);
    uint32_t size;
    std::memcpy(&size, counted, sizeof size);
    return {reinterpret_cast<const char *>(counted + sizeof size), size};
}

dom_iterator children_of(dom_value container, char type) noexcept {
    assert(type_at(container.document, container.index) == type);
    size_t behind = after(container.document, container.index);
    return {container.document, container.index + 1, behind - 1};
}

/* ---- What was wrong: only after simdjson refused, so that good input never pays for it. ---- */

struct complaint {
    const char *message;
    size_t offset;
};

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool is_number_byte(char c) noexcept {
    return is_digit(c) || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

const char *skip_digits(const char *next, const char *end) noexcept {
    while (next < end && is_digit(*next))
        next++;
    return next;
}

/* Whether [next, end) is a number by JSON's grammar. */
bool is_number(const char *next, const char *end) noexcept {
    if (next < end && *next == '-')
        next++;
    const char *digits = next;
    next = skip_digits(next, end);
    if (next == digits || (*digits == '0' && next - digits > 1))
        return false;
    if (next < end && *next == '.') {
        digits = ++next;
        next = skip_digits(next, end);
        if (next == digits)
            return false;
    }
    if (next < end && (*next == 'e' || *next == 'E')) {
        next++;
        if (next < end && (*next == '-' || *next == '+'))
            next++;
        digits = next;
        next = skip_digits(next, end);
        if (next == digits)
            return false;
    }
    return next == end;
}

template <typename Number> bool is_beyond(const char *begin, const char *end) noexcept {
    Number number;
    return std::from_chars(begin, end, number).ec == std::errc::result_out_of_range;
}

const char *number_message(const char *begin, const char *end) noexcept {
    size_t size = static_cast<size_t>(end - begin);
    if (!is_number(begin, end))
        return "a number is not written as JSON demands";
    bool whole = std::memchr(begin, '.', size) == nullptr &&
                 std::memchr(begin, 'e', size) == nullptr &&
                 std::memchr(begin, 'E', size) == nullptr;
    if (whole && (*begin == '-' ? is_beyond<int64_t>(begin, end) : is_beyond<uint64_t>(begin, end)))
        return "a whole number does not fit in 64 bits";
    if (!whole && is_beyond<double>(begin, end))
        return "a number is beyond what a 64-bit float can hold (about 1.8e308)";
    return nullptr;
}

/* The first number outside strings that cannot be taken. */
complaint find_bad_number(str text) noexcept {
    const char *next = text.data, *end = text.data + text.size;
    while (next < end) {
        if (*next == '"') {
            for (next++; next < end && *next != '"'; next++)
                if (*next == '\\')
                    next++;
            next++;
        } else if (is_digit(*next) || *next == '-') {
            const char *begin = next;
            while (next < end && is_number_byte(*next))
                next++;
            const char *message = number_message(begin, next);
            if (message)
                return {message, static_cast<size_t>(begin - text.data)};
        } else {
            next++;
        }
    }
    return {"a number is not written as JSON demands", 0};
}

complaint find_bad_utf8(str text) noexcept {
    size_t at = 0;
    while (at < text.size) {
        size_t size = str_utf8_size({text.data + at, text.size - at});
        if (size == 0)
            break;
        at += size;
    }
    return {"not valid UTF-8", at};
}

complaint explain(simdjson::error_code error, str text) noexcept {
    switch (error) {
    case simdjson::CAPACITY:
        return {"the text is too large", 0};
    case simdjson::MEMALLOC:
        return {"no memory for a text of this size", 0};
    case simdjson::DEPTH_ERROR:
        return {"nested deeper than 32 levels", 0};
    case simdjson::STRING_ERROR:
        return {"a string holds an escape that JSON does not know, or half of a surrogate pair", 0};
    case simdjson::T_ATOM_ERROR:
    case simdjson::F_ATOM_ERROR:
    case simdjson::N_ATOM_ERROR:
        return {"a bare word other than true, false and null", 0};
    case simdjson::NUMBER_ERROR:
    case simdjson::NUMBER_OUT_OF_RANGE:
        return find_bad_number(text);
    case simdjson::UTF8_ERROR:
        return find_bad_utf8(text);
    case simdjson::EMPTY:
        return {"the text is empty", 0};
    case simdjson::UNESCAPED_CHARS:
        return {"a string holds a control character that is not escaped", 0};
    case simdjson::UNCLOSED_STRING:
        return {"a string is not closed", text.size};
    default:
        return {"not JSON: a bracket, comma or colon is missing or too many", 0};
    }
}

} // namespace

struct dom_parser {
    dom::parser parser{};
    size_t capacity{0};
};

/* Steps keep messages that grow by a few bytes from asking for memory each time. */
static simdjson::error_code ensure_capacity(dom_parser *parser, size_t size) noexcept {
    if (size <= parser->capacity)
        return simdjson::SUCCESS;
    size_t capacity = (size + CAPACITY_STEP - 1) / CAPACITY_STEP * CAPACITY_STEP;
    /* simdjson counts the root as a level of its own. */
    simdjson::error_code error = parser->parser.allocate(capacity, DEPTH_LIMIT + 1);
    if (!error)
        error = parser->parser.doc.allocate(capacity);
    parser->capacity = error ? 0 : capacity;
    return error;
}

dom_parser *dom_parser_new() {
    dom_parser *parser = new (std::nothrow) dom_parser;
    if (!parser || ensure_capacity(parser, CAPACITY_STEP))
        memory_out();
    return parser;
}

void dom_parser_free(dom_parser *parser) {
    delete parser;
}

int dom_parse(dom_parser *parser, str text, dom_value *ret_value, const char **ret_message,
              size_t *ret_offset) {
    simdjson::error_code error = simdjson::EMPTY;
    if (text.size) {
        error = ensure_capacity(parser, text.size);
        /* Copies the text into padded memory of the parser: simdjson reads beyond the end. */
        if (!error)
            error = parser->parser.parse(text.data, text.size).error();
    }
    if (error) {
        complaint found = explain(error, text);
        *ret_message = found.message;
        *ret_offset = found.offset;
        return 1;
    }
    *ret_value = {&parser->parser.doc, 1};
    return 0;
}

enum dom_type dom_type(dom_value value) {
    switch (type_at(value.document, value.index)) {
    case 't':
    case 'f':
        return DOM_BOOLEAN;
    case 'l':
        return DOM_INTEGER;
    case 'u':
    case 'd':
        return DOM_NUMBER;
    case '"':
        return DOM_STRING;
    case '[':
        return DOM_ARRAY;
    case '{':
        return DOM_OBJECT;
    default:
        return DOM_NULL;
    }
}

bool dom_boolean(dom_value value) {
    char type = type_at(value.document, value.index);
    assert(type == 't' || type == 'f');
    return type == 't';
}

int64_t dom_integer(dom_value value) {
    assert(type_at(value.document, value.index) == 'l');
    return static_cast<int64_t>(word_at(value.document, value.index + 1));
}

double dom_number(dom_value value) {
    uint64_t word = word_at(value.document, value.index + 1);
    double number;
    switch (type_at(value.document, value.index)) {
    case 'l':
        return static_cast<double>(static_cast<int64_t>(word));
    case 'u':
        return static_cast<double>(word);
    default:
        assert(type_at(value.document, value.index) == 'd');
        std::memcpy(&number, &word, sizeof number);
        return number;
    }
}

str dom_string(dom_value value) {
    assert(type_at(value.document, value.index) == '"');
    return string_at(value.document, value.index);
}

size_t dom_count(dom_value container) {
    uint64_t word = word_at(container.document, container.index);
    char type = static_cast<char>(word >> 56);
    assert(type == '[' || type == '{');
    uint32_t count = static_cast<uint32_t>(word >> 32) & COUNT_SATURATED;
    if (count < COUNT_SATURATED)
        return count;
    size_t n = 0;
    dom_iterator it = children_of(container, type);
    for (; it.index < it.end; it.index = after(it.document, it.index))
        n++;
    return type == '{' ? n / 2 : n;
}

dom_iterator dom_members(dom_value object) {
    return children_of(object, '{');
}

dom_iterator dom_items(dom_value array) {
    return children_of(array, '[');
}

bool dom_next_item(dom_iterator *it, dom_value *ret_value) {
    if (it->index >= it->end)
        return false;
    *ret_value = {it->document, it->index};
    it->index = after(it->document, it->index);
    return true;
}

bool dom_next_member(dom_iterator *it, str *ret_name, dom_value *ret_value) {
    if (it->index >= it->end)
        return false;
    *ret_name = string_at(it->document, it->index++);
    return dom_next_item(it, ret_value);
}
