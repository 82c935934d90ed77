#include "server/config_readers.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace connectd::server {

namespace {

template <class T, class Show>
parsed<T> within(T value, T low, T high, Show show) {
    if (value < low || value > high) {
        return parsed<T>::problem(show(value) + " is out of range: " + show(low) + " to " + show(high));
    }
    return value;
}

std::string trimmed(std::string_view text) {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return std::string{text.substr(first, text.find_last_not_of(" \t") - first + 1)};
}

std::optional<std::string> words_of(raw_value const& value) {
    auto const* text = std::get_if<std::string>(&value.data);
    return text != nullptr && value.is_words ? std::optional{*text} : std::nullopt;
}

} // namespace

std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 80;
    if (text.find('@') != std::string_view::npos) {
        return "the value"; // a URL with a password in it
    }
    std::string out{'"'};
    for (char const c : text.substr(0, longest)) {
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
    }
    return out + (text.size() > longest ? "...\"" : "\"");
}

std::string must_be(std::string_view wanted, raw_value const& value) {
    std::string is = "a list";
    if (auto const* text = std::get_if<std::string>(&value.data)) {
        is = in_quotes(*text);
    } else if (auto const* number = std::get_if<std::int64_t>(&value.data)) {
        is = "the number " + std::to_string(*number);
    } else if (std::holds_alternative<bool>(value.data)) {
        is = "a boolean";
    } else if (auto const* other = std::get_if<unusable_value>(&value.data)) {
        is = other->kind;
    }
    return "must be " + std::string{wanted} + ", not " + is;
}

parsed<std::string> read_text(raw_value const& value, std::string_view wanted) {
    auto const* text = std::get_if<std::string>(&value.data);
    return text != nullptr ? parsed<std::string>{*text}
                           : parsed<std::string>::problem(must_be(wanted, value));
}

parsed<bool> read_boolean(raw_value const& value) {
    if (auto const* flag = std::get_if<bool>(&value.data)) {
        return *flag;
    }
    auto const words = words_of(value);
    if (words == "true" || words == "1" || words == "yes" || words == "on") {
        return true;
    }
    if (words == "false" || words == "0" || words == "no" || words == "off") {
        return false;
    }
    return parsed<bool>::problem(must_be("true or false", value));
}

parsed<std::int64_t> read_integer(raw_value const& value, std::int64_t low, std::int64_t high) {
    auto const show = [](std::int64_t number) { return std::to_string(number); };
    if (auto const* number = std::get_if<std::int64_t>(&value.data)) {
        return within(*number, low, high, show);
    }
    if (auto const words = words_of(value)) {
        std::int64_t number = 0;
        auto const* const end = words->data() + words->size();
        auto const read = std::from_chars(words->data(), end, number);
        if (read.ec == std::errc{} && read.ptr == end) {
            return within(number, low, high, show);
        }
    }
    return parsed<std::int64_t>::problem(must_be("a whole number", value));
}

parsed<std::chrono::milliseconds> read_duration(raw_value const& value, std::chrono::milliseconds low,
                                                std::chrono::milliseconds high) {
    auto read = read_parsed(value, R"(a duration such as "30s")", parse_duration);
    return read ? within(*read, low, high, duration_text) : read;
}

parsed<std::size_t> read_size(raw_value const& value, std::size_t low, std::size_t high) {
    auto read = read_parsed(value, R"(a size such as "1MiB")", parse_size);
    return read ? within(*read, low, high, size_text) : read;
}

parsed<std::filesystem::path> read_path(raw_value const& value) {
    auto const text = read_text(value, "a path");
    if (!text) {
        return parsed<std::filesystem::path>::problem(text.problem());
    }
    if (text->empty() || text->find('\0') != std::string::npos) {
        return parsed<std::filesystem::path>::problem(in_quotes(*text) + " is no path");
    }
    return std::filesystem::path{*text};
}

parsed<std::vector<std::string>> read_list(raw_value const& value, std::string_view wanted) {
    if (auto const* list = std::get_if<std::vector<std::string>>(&value.data)) {
        return *list;
    }
    auto const* text = std::get_if<std::string>(&value.data);
    if (text == nullptr) {
        return parsed<std::vector<std::string>>::problem(must_be(wanted, value));
    }
    if (!value.is_words) {
        return std::vector{*text};
    }
    std::vector<std::string> list;
    for (std::size_t from = 0; from <= text->size();) {
        auto const comma = std::min(text->find(',', from), text->size());
        list.push_back(trimmed(std::string_view{*text}.substr(from, comma - from)));
        from = comma + 1;
    }
    return list;
}

} // namespace connectd::server
