#include "tools/sandbox/mastodon/words.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace connectd::sandbox::mastodon {
namespace {

void append(std::string& encoded, std::string_view name, boost::json::value const& value) {
    if (auto const* const list = value.if_array()) {
        for (auto const& each : *list)
            append(encoded, std::string{name} + "[]", each);
        return;
    }
    auto const* const text = value.if_string();
    encoded += encoded.empty() ? "" : "&";
    encoded += percent_encode(name) + "=" +
               percent_encode(text != nullptr ? std::string_view{*text} : boost::json::serialize(value));
}

std::optional<form> from_json(std::string_view body) {
    boost::json::error_code broken;
    auto const parsed = boost::json::parse(body, broken);
    if (broken || !parsed.is_object())
        return std::nullopt;
    std::string encoded;
    for (auto const& [name, value] : parsed.get_object())
        append(encoded, name, value);
    return form::parse(encoded);
}

} // namespace

reply api_error(unsigned status, std::string_view error) {
    return json_reply(status, boost::json::object{{"error", error}});
}

std::optional<form> read_body(call const& request) {
    if (request.has_content_type("application/json"))
        return from_json(request.body);
    if (request.has_content_type("application/x-www-form-urlencoded"))
        return form::parse(request.body);
    return request.body.empty() ? std::optional{form{}} : std::nullopt;
}

std::vector<std::string> all_of(form const& body, std::string_view name) {
    std::vector<std::string> values;
    auto const listed = std::string{name} + "[]";
    for (auto const& [key, value] : body.fields()) {
        if (key == name || key == listed)
            values.push_back(value);
    }
    return values;
}

} // namespace connectd::sandbox::mastodon
