#include "tools/sandbox/pinterest/pin_body.hpp"

#include "tools/sandbox/pinterest/errors.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::pinterest {
namespace {

struct text_member {
    std::string_view name;
    std::size_t longest; // 0: any length
};
constexpr std::array<text_member, 10> texts{{{"board_id", 0},
                                             {"title", 100},
                                             {"description", 800},
                                             {"link", 2048},
                                             {"alt_text", 500},
                                             {"dominant_color", 0},
                                             {"note", 0},
                                             {"board_section_id", 0},
                                             {"parent_pin_id", 0},
                                             {"sponsor_id", 0}}};

pin_body refuse(std::string_view problem) {
    return {{}, invalid_request(problem)};
}

std::string_view text_of(boost::json::object const& object, std::string_view name) {
    auto const* const member = object.if_contains(name);
    return member != nullptr && member->is_string() ? std::string_view{member->get_string()}
                                                    : std::string_view{};
}

// Code points, near enough for a limit.
std::size_t length_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// Pinterest fetches pictures itself, so they must be where it can reach them.
bool public_url(std::string_view url) {
    constexpr std::array<std::string_view, 6> private_hosts{"localhost", "127.", "10.",
                                                            "192.168.",  "[::1", "0.0.0.0"};
    auto const start = url.find("://");
    if (start == std::string_view::npos || !(url.starts_with("https://") || url.starts_with("http://")))
        return false;
    auto const host = url.substr(start + 3);
    return !host.empty() &&
           std::ranges::none_of(private_hosts, [&](std::string_view each) { return host.starts_with(each); });
}

reply unreachable() {
    return failure(400, 235, "Unable to reach the URL. Please check the URL or try again later.");
}

std::optional<reply> check_source(boost::json::object const& source) {
    auto const type = text_of(source, "source_type");
    if (type == "image_url") {
        if (text_of(source, "url").empty())
            return invalid_request("'url' is a required property of media_source");
        return public_url(text_of(source, "url")) ? std::nullopt : std::optional{unreachable()};
    }
    if (type == "image_base64") {
        auto const kind = text_of(source, "content_type");
        bool const known = kind == "image/jpeg" || kind == "image/png";
        return known && !text_of(source, "data").empty()
                   ? std::nullopt
                   : std::optional{invalid_request("image_base64 needs content_type and data")};
    }
    if (type == "video_id")
        return text_of(source, "media_id").empty()
                   ? std::optional{invalid_request("'media_id' is a required property of media_source")}
                   : std::nullopt;
    if (type == "multiple_image_urls") {
        auto const* const items = source.if_contains("items");
        bool const right = items != nullptr && items->is_array() && items->get_array().size() >= 2 &&
                           items->get_array().size() <= 5;
        return right ? std::nullopt : std::optional{invalid_request("items must be 2 to 5")};
    }
    return invalid_request("source_type is none of image_url, image_base64, video_id, multiple_image_urls");
}

std::optional<reply> check_member(std::string_view name, boost::json::value const& value) {
    if (name == "media_source")
        return value.is_object() ? std::nullopt : std::optional{invalid_request("media_source is no object")};
    auto const* const known = std::ranges::find(texts, name, &text_member::name);
    if (known == texts.end())
        return invalid_request("'" + std::string{name} + "' was unexpected");
    if (value.is_null() && name != "board_id")
        return std::nullopt;
    if (!value.is_string())
        return invalid_request("'" + std::string{name} + "' is not of type string");
    if (known->longest != 0 && length_of(value.get_string()) > known->longest)
        return invalid_request("'" + std::string{name} + "' is too long");
    return std::nullopt;
}

} // namespace

pin_body read_pin_body(std::string_view json) {
    boost::system::error_code error;
    auto const parsed = boost::json::parse(json, error);
    if (error || !parsed.is_object())
        return refuse("the body is no JSON object");
    auto const& body = parsed.get_object();
    for (auto const& [name, value] : body) {
        if (auto refusal = check_member(name, value))
            return {{}, std::move(*refusal)};
    }
    for (auto const* const name : {"board_id", "media_source"}) {
        if (!body.contains(name))
            return refuse("'" + std::string{name} + "' is a required property");
    }
    if (auto refusal = check_source(body.at("media_source").get_object()))
        return {{}, std::move(*refusal)};
    return {body, {}};
}

} // namespace connectd::sandbox::pinterest
