#include "server/runtime/log_line.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace connectd::server::runtime::log {

namespace {

// One character read from the front of a text: `size` bytes, 0 for a byte that begins no valid UTF-8
// sequence.
struct character {
    std::uint32_t code;
    std::size_t size;
};

character first_character(std::string_view text) noexcept {
    auto const byte = [text](std::size_t index) { return static_cast<unsigned char>(text[index]); };
    auto const lead = byte(0);
    if (lead < 0x80) {
        return {lead, 1};
    }
    std::size_t const size = lead >= 0xF0 && lead <= 0xF4 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
    if (size == 0 || lead > 0xF4 || text.size() < size) {
        return {0, 0};
    }
    std::uint32_t code = lead & (0xFFU >> (size + 1));
    for (std::size_t index = 1; index < size; ++index) {
        if ((byte(index) & 0xC0) != 0x80) {
            return {0, 0};
        }
        code = (code << 6) | (byte(index) & 0x3FU);
    }
    static constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
    bool const surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code < smallest[size] || surrogate || code > 0x10FFFF ? character{0, 0} : character{code, size};
}

bool is_control(std::uint32_t code) noexcept {
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029;
}

void append_code(std::string& line, std::uint32_t code) {
    static constexpr std::string_view digits = "0123456789abcdef";
    line += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) {
        line += digits[(code >> shift) & 0xF];
    }
}

// The longest beginning of `text` within the limit that does not end inside a character.
std::string_view beginning(std::string_view text, std::size_t limit) noexcept {
    if (text.size() <= limit) {
        return text;
    }
    std::size_t size = limit;
    while (size > 0 && limit - size < 4 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) {
        --size;
    }
    return text.substr(0, size);
}

template <class Number>
void append_number(std::string& line, Number number) {
    std::array<char, 32> digits{};
    auto const written = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    line.append(digits.data(), written.ptr);
}

// Numbers and booleans look the same in both forms. Strings are left to the caller: false.
bool append_plain(std::string& line, value::data const& data) {
    if (auto const* flag = std::get_if<bool>(&data)) {
        line += *flag ? "true" : "false";
    } else if (auto const* real = std::get_if<double>(&data)) {
        if (std::isfinite(*real)) {
            append_number(line, *real);
        } else {
            line += std::isnan(*real) ? "\"nan\"" : *real > 0 ? "\"inf\"" : "\"-inf\"";
        }
    } else if (auto const* whole = std::get_if<std::int64_t>(&data)) {
        append_number(line, *whole);
    } else if (auto const* natural = std::get_if<std::uint64_t>(&data)) {
        append_number(line, *natural);
    } else {
        return false;
    }
    return true;
}

void append_padded(std::string& line, unsigned number, std::size_t width) {
    auto const digits = std::to_string(number);
    line.append(width > digits.size() ? width - digits.size() : 0, '0');
    line += digits;
}

void append_time(std::string& line, sys_ms time) {
    auto const day = std::chrono::floor<std::chrono::days>(time);
    std::chrono::year_month_day const date{day};
    std::chrono::hh_mm_ss const clock_time{time - day};
    append_padded(line, static_cast<unsigned>(static_cast<int>(date.year())), 4);
    line += '-';
    append_padded(line, static_cast<unsigned>(date.month()), 2);
    line += '-';
    append_padded(line, static_cast<unsigned>(date.day()), 2);
    line += 'T';
    append_padded(line, static_cast<unsigned>(clock_time.hours().count()), 2);
    line += ':';
    append_padded(line, static_cast<unsigned>(clock_time.minutes().count()), 2);
    line += ':';
    append_padded(line, static_cast<unsigned>(clock_time.seconds().count()), 2);
    line += '.';
    append_padded(line, static_cast<unsigned>(clock_time.subseconds().count()), 3);
    line += 'Z';
}

bool readable_without_quotes(std::string_view text) noexcept {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"._:/@+-%,[]()"}.find(c) != std::string_view::npos;
    });
}

// How many characters in front go into a line as they are, one byte each. Nearly all of most texts do.
std::size_t plain_beginning(std::string_view text) {
    auto const special = std::ranges::find_if(
        text, [](char letter) { return letter < 0x20 || letter > 0x7e || letter == '"' || letter == '\\'; });
    return static_cast<std::size_t>(special - text.begin());
}

} // namespace

void append_escaped(std::string& line, std::string_view text, std::size_t limit) {
    auto rest = beginning(text, limit);
    bool const cut = rest.size() < text.size();
    while (!rest.empty()) {
        auto const plain = plain_beginning(rest);
        line += rest.substr(0, plain);
        rest.remove_prefix(plain);
        if (rest.empty()) {
            break;
        }
        auto const [code, size] = first_character(rest);
        if (size == 0) {
            append_code(line, 0xFFFD);
            rest.remove_prefix(1);
            continue;
        }
        if (code == '"' || code == '\\') {
            line += '\\';
            line += static_cast<char>(code);
        } else if (code == '\n') {
            line += "\\n";
        } else if (code == '\t') {
            line += "\\t";
        } else if (is_control(code)) {
            append_code(line, code);
        } else {
            line += rest.substr(0, size);
        }
        rest.remove_prefix(size);
    }
    if (cut) {
        line += "...";
    }
}

std::string json_line(sys_ms time, level at, std::string_view message, fields with) {
    std::string line;
    line.reserve(128 + message.size());
    line += R"({"time":")";
    append_time(line, time);
    line += R"(","level":")";
    line += to_string(at);
    line += R"(","message":")";
    append_escaped(line, message, message_limit);
    line += '"';
    for (auto const& [key, content] : with) {
        line += ",\"";
        append_escaped(line, key, value_limit);
        line += "\":";
        if (!append_plain(line, content.get())) {
            line += '"';
            append_escaped(line, std::get<std::string_view>(content.get()), value_limit);
            line += '"';
        }
    }
    line += '}';
    return line;
}

std::string text_line(sys_ms time, level at, std::string_view message, fields with) {
    std::string line;
    line.reserve(96 + message.size());
    append_time(line, time);
    line += ' ';
    auto const word = to_string(at);
    line += word;
    line.append(word.size() < 8 ? 8 - word.size() : 1, ' ');
    append_escaped(line, message, message_limit);
    for (auto const& [key, content] : with) {
        line += ' ';
        append_escaped(line, key, value_limit);
        line += '=';
        if (append_plain(line, content.get())) {
            continue;
        }
        auto const text = std::get<std::string_view>(content.get());
        bool const bare = readable_without_quotes(text);
        line += bare ? "" : "\"";
        append_escaped(line, text, value_limit);
        line += bare ? "" : "\"";
    }
    return line;
}

} // namespace connectd::server::runtime::log
