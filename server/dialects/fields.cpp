#include "server/dialects/fields.hpp"

#include "server/http/json_document.hpp"

#include <boost/json/array.hpp>
#include <boost/json/string.hpp>

#include <algorithm>
#include <utility>

namespace connectd::server::dialects {

using services::errc;
using services::failure;

services::outcome<fields> fields::read(http::request const& asked) {
    if (asked.body.empty()) {
        return fields{{}};
    }
    auto document = http::parse_json(asked.body);
    if (document.has_error()) {
        return failure{errc::field_invalid, document.error().errors.front().message};
    }
    if (!document->is_object()) {
        return failure{errc::field_invalid, "The body must be a JSON object."};
    }
    return fields{std::move(document->get_object())};
}

boost::json::value const* fields::find(std::string_view name) {
    asked_for_.emplace_back(name);
    auto const* value = members_.if_contains(name);
    return value == nullptr || value->is_null() ? nullptr : value;
}

void fields::wrong(std::string_view name, std::string_view what) {
    if (!problem_) {
        problem_ =
            failure{errc::field_invalid, std::string{name}.append(" ").append(what), std::string{name}};
    }
}

std::optional<std::string> fields::optional_text(std::string_view name) {
    auto const* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_string()) {
        wrong(name, "must be a string.");
        return std::nullopt;
    }
    return std::string{value->get_string()};
}

std::string fields::text(std::string_view name) {
    auto value = optional_text(name);
    if (!value || value->empty()) {
        wrong(name, "is required.");
    }
    return std::move(value).value_or(std::string{});
}

crypto::secret fields::secret(std::string_view name) {
    return crypto::secret::take(text(name));
}

std::optional<bool> fields::optional_flag(std::string_view name) {
    auto const* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_bool()) {
        wrong(name, "must be true or false.");
        return std::nullopt;
    }
    return value->get_bool();
}

std::optional<std::vector<std::string>> fields::optional_texts(std::string_view name) {
    auto const* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    bool const shaped = value->is_array() && std::ranges::all_of(value->get_array(), [](auto const& each) {
                            return each.is_string();
                        });
    if (!shaped) {
        wrong(name, "must be a list of strings.");
        return std::nullopt;
    }
    std::vector<std::string> items;
    for (auto const& each : value->get_array()) {
        items.emplace_back(each.get_string());
    }
    return items;
}

std::optional<crypto::secret> fields::optional_secret(std::string_view name) {
    auto text = optional_text(name);
    return text ? std::optional{crypto::secret::take(std::move(*text))} : std::nullopt;
}

std::optional<boost::json::object> fields::optional_object(std::string_view name) {
    auto const* value = find(name);
    if (value == nullptr) {
        return std::nullopt;
    }
    if (!value->is_object()) {
        wrong(name, "must be an object.");
        return std::nullopt;
    }
    return value->get_object();
}

std::vector<std::string> fields::texts(std::string_view name) {
    auto items = optional_texts(name);
    if (!items) {
        wrong(name, "is required.");
    }
    return std::move(items).value_or(std::vector<std::string>{});
}

fields fields::object(std::string_view name) {
    auto const* value = find(name);
    if (value == nullptr || !value->is_object()) {
        wrong(name, "must be an object.");
        return fields{{}};
    }
    return fields{value->get_object()};
}

bool fields::has(std::string_view name) const {
    return members_.contains(name);
}

bool fields::is_null(std::string_view name) const {
    auto const* value = members_.if_contains(name);
    return value != nullptr && value->is_null();
}

void fields::refuse_others() {
    for (auto const& member : members_) {
        if (std::ranges::find(asked_for_, std::string_view{member.key()}) == asked_for_.end()) {
            wrong(member.key(), "is not known here.");
        }
    }
}

} // namespace connectd::server::dialects
