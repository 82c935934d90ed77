#pragma once

// From a value as its source gives it to a value of the right type, or a sentence that says what is wrong
// with it. The sentence repeats what was written, shortened to one line, except where that may be a secret.
// Pure functions.

#include "server/config_values.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace connectd::server {

// Something that no setting takes: "a table", "a date".
struct unusable_value {
    std::string kind;
};

struct raw_value {
    std::variant<std::string, std::int64_t, bool, std::vector<std::string>, unusable_value> data;
    // From the environment or the command line, where everything is text: numbers, booleans and lists are
    // read from it.
    bool is_words = false;
};

// "must be a path, not a number"; `wanted` begins with its article.
std::string must_be(std::string_view wanted, raw_value const& value);

std::string in_quotes(std::string_view text);

parsed<std::string> read_text(raw_value const& value, std::string_view wanted);

parsed<bool> read_boolean(raw_value const& value);

parsed<std::int64_t> read_integer(raw_value const& value, std::int64_t low, std::int64_t high);

parsed<std::chrono::milliseconds> read_duration(raw_value const& value, std::chrono::milliseconds low,
                                                std::chrono::milliseconds high);

parsed<std::size_t> read_size(raw_value const& value, std::size_t low, std::size_t high);

parsed<std::filesystem::path> read_path(raw_value const& value);

// Strings; one alone may be written without a list around it. In words they are separated by commas.
parsed<std::vector<std::string>> read_list(raw_value const& value, std::string_view wanted);

// Text that has a parser of its own.
template <class T>
parsed<T> read_parsed(raw_value const& value, std::string_view wanted, parsed<T> (*parse)(std::string_view)) {
    auto const text = read_text(value, wanted);
    if (!text) {
        return parsed<T>::problem(text.problem());
    }
    auto read = parse(*text);
    return read ? read : parsed<T>::problem(in_quotes(*text) + ' ' + read.problem());
}

// A list whose members have a parser and may not repeat.
template <class T>
parsed<std::vector<T>> read_members(raw_value const& value, std::string_view wanted,
                                    parsed<T> (*parse)(std::string_view)) {
    auto const words = read_list(value, wanted);
    if (!words) {
        return parsed<std::vector<T>>::problem(words.problem());
    }
    std::vector<T> members;
    for (auto const& word : *words) {
        auto const member = parse(word);
        if (!member) {
            return parsed<std::vector<T>>::problem(in_quotes(word) + ' ' + member.problem());
        }
        for (auto const& earlier : members) {
            if (earlier == *member) {
                return parsed<std::vector<T>>::problem(in_quotes(word) + " is there twice");
            }
        }
        members.push_back(*member);
    }
    return members;
}

} // namespace connectd::server
