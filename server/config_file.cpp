#define TOML_EXCEPTIONS 0

#include "server/config_file.hpp"

#include <toml++/toml.h>

#include <utility>

namespace connectd::server {

namespace {

std::string kind_of(toml::node const& node) {
    switch (node.type()) {
    case toml::node_type::table:
        return "a table";
    case toml::node_type::array:
        return "a list with something else than strings in it";
    case toml::node_type::floating_point:
        return "a number with a fraction";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
        return "a date or time";
    default:
        return "something else";
    }
}

raw_value value_of(toml::node const& node) {
    if (auto const* text = node.as_string()) {
        return {text->get()};
    }
    if (auto const* number = node.as_integer()) {
        return {number->get()};
    }
    if (auto const* flag = node.as_boolean()) {
        return {flag->get()};
    }
    if (auto const* list = node.as_array()) {
        std::vector<std::string> words;
        for (auto const& member : *list) {
            auto const* word = member.as_string();
            if (word == nullptr) {
                return {unusable_value{kind_of(node)}};
            }
            words.push_back(word->get());
        }
        return {std::move(words)};
    }
    return {unusable_value{kind_of(node)}};
}

void collect(toml::table const& table, std::string const& prefix, std::vector<file_entry>& into) {
    for (auto const& [key, node] : table) {
        auto name = prefix + std::string{key.str()};
        auto const line = static_cast<unsigned>(key.source().begin.line);
        into.push_back({name, value_of(node), node.is_table(), line});
        if (auto const* inner = node.as_table()) {
            collect(*inner, name + '.', into);
        }
    }
}

} // namespace

file_entries read_toml(std::string_view text) {
    file_entries read;
    auto const parsed_text = toml::parse(text);
    if (!parsed_text) {
        auto const& error = parsed_text.error();
        read.error = {std::string{error.description()}, static_cast<unsigned>(error.source().begin.line)};
        return read;
    }
    collect(parsed_text.table(), {}, read.entries);
    return read;
}

} // namespace connectd::server
