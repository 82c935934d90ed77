#include "tools/sandbox/youtube/resource.hpp"

#include "tools/sandbox/json_body.hpp"
#include "tools/sandbox/utf8.hpp"
#include "tools/sandbox/youtube/errors.hpp"

#include <algorithm>

namespace connectd::sandbox::youtube {
namespace {

std::size_t length_of(std::string_view text) {
    std::size_t points = 0;
    for (; !text.empty(); ++points)
        text.remove_prefix(first_code_point(text).bytes);
    return points;
}

} // namespace

bool resource::has(std::string_view part) const {
    return std::ranges::find(parts, part) != parts.end();
}

resource_reading read_query(call const& request, std::span<std::string_view const> known) {
    auto query = form::parse(request.query);
    if (!query)
        return plain_error(400);
    resource read{std::move(*query), {}};
    auto rest = read.query.get("part");
    if (rest.empty())
        return error_reply({.code = 400,
                            .reason = "required",
                            .message = "Required parameter: part",
                            .location = "part",
                            .location_type = "parameter"});
    while (!rest.empty()) {
        auto const end = rest.find(',');
        std::string const part{rest.substr(0, end)};
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        if (std::ranges::find(known, part) == known.end())
            return invalid_argument("unknownPart", "'" + part + "'", "youtube.part", "part");
        read.parts.push_back(part);
    }
    return read;
}

resource_reading read_resource(call const& request, std::span<std::string_view const> known) {
    auto reading = read_query(request, known);
    auto* const read = std::get_if<resource>(&reading);
    if (read == nullptr)
        return reading;
    auto body = read_json_body(request);
    if (!body)
        return error_reply(
            {.code = 400, .reason = "parseError", .message = "Parse Error", .status = "INVALID_ARGUMENT"});
    read->body = std::move(*body);
    for (auto const& [name, value] : read->body) {
        bool const is_part = std::ranges::find(known, std::string_view{name}) != known.end();
        if (is_part && name != "id" && !read->has(name))
            return invalid_argument("unexpectedPart", "'" + std::string{name} + "'", "youtube.part", "part");
    }
    return reading;
}

std::optional<std::string> privacy_of(boost::json::object const& body, std::string_view otherwise) {
    auto const named = text_at(body, "/status/privacyStatus");
    if (named.empty())
        return std::string{otherwise};
    if (named == "private" || named == "public" || named == "unlisted")
        return named;
    return std::nullopt;
}

bool is_plain(std::string_view text, std::size_t longest) {
    return text.find_first_of("<>") == std::string_view::npos && length_of(text) <= longest;
}

} // namespace connectd::sandbox::youtube
