#include "server/api/paging.hpp"

#include <boost/json/object.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace connectd::server::api {
namespace {

services::failure invalid(std::string field, std::string detail) {
    return {services::errc::field_invalid, std::move(detail), std::move(field)};
}

services::outcome<std::size_t> read_limit(std::string_view text) {
    std::size_t value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 1 ||
        value > services::max_page_limit) {
        return invalid("limit", "A number from 1 to 100.");
    }
    return value;
}

boost::json::object envelope(boost::json::array data, std::optional<std::string> const& next_cursor) {
    boost::json::object body{{"data", std::move(data)}};
    body["next_cursor"] =
        next_cursor ? boost::json::value(services::encode_cursor(*next_cursor)) : boost::json::value(nullptr);
    return body;
}

} // namespace

services::outcome<services::page_request> read_page(http::request const& asked,
                                                    std::initializer_list<std::string_view> filters) {
    services::page_request page;
    for (auto const& [name, value] : asked.query) {
        bool const known =
            name == "limit" || name == "cursor" || std::ranges::find(filters, name) != filters.end();
        if (!known) {
            return invalid(name, "This list has no such parameter.");
        }
        if (asked.query.repeated(name)) {
            return invalid(name, "Only once.");
        }
    }
    if (auto const limit = asked.query.find("limit")) {
        auto const value = read_limit(*limit);
        if (value.has_error()) {
            return value.error();
        }
        page.limit = *value;
    }
    if (auto const cursor = asked.query.find("cursor")) {
        page.cursor = services::decode_cursor(*cursor);
        if (!page.cursor) {
            return invalid("cursor", "The cursor is damaged; use next_cursor as it was given.");
        }
    }
    return page;
}

std::optional<std::string> filter(http::request const& asked, std::string_view name) {
    auto const value = asked.query.find(name);
    return value ? std::optional<std::string>{std::string{*value}} : std::nullopt;
}

services::outcome<bool> read_flag(http::request const& asked, std::string_view name) {
    auto const value = asked.query.find(name);
    if (value && *value != "true" && *value != "false") {
        return invalid(std::string{name}, "true or false.");
    }
    return value == "true";
}

http::response list_response(boost::json::array data, std::optional<std::string> const& next_cursor) {
    return http::response::json(200, envelope(std::move(data), next_cursor));
}

http::response list_response(boost::json::array data, std::optional<std::string> const& next_cursor,
                             std::optional<std::size_t> total) {
    auto body = envelope(std::move(data), next_cursor);
    body["total"] = total ? boost::json::value(*total) : boost::json::value(nullptr);
    return http::response::json(200, body);
}

} // namespace connectd::server::api
