#include "tools/sandbox/x/tweet_body.hpp"

#include "tools/sandbox/utf8.hpp"
#include "tools/sandbox/x/problem.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>

namespace connectd::sandbox::x {
namespace {

constexpr std::size_t longest_text = 280;
constexpr std::size_t weight_of_link = 23;

constexpr std::array<std::string_view, 15> members{
    "text",
    "reply",
    "media",
    "poll",
    "quote_tweet_id",
    "reply_settings",
    "geo",
    "direct_message_deep_link",
    "for_super_followers_only",
    "community_id",
    "card_uri",
    "nullcast",
    "edit_options",
    "share_with_followers",
    "made_with_ai",
};

std::size_t weight_of(char32_t point) {
    bool const light = point <= 4351 || (point >= 8192 && point <= 8205) ||
                       (point >= 8208 && point <= 8223) || (point >= 8242 && point <= 8247);
    return light ? 1 : 2;
}

tweet_body refuse(std::string_view parameter, boost::json::value const& value, std::string_view message) {
    return {{}, invalid_parameter(parameter, boost::json::serialize(value), message)};
}

// A list of decimal ids as strings.
bool valid_ids(boost::json::value const& value, std::size_t most) {
    auto const* const ids = value.if_array();
    return ids != nullptr && !ids->empty() && ids->size() <= most &&
           std::ranges::all_of(*ids, [](boost::json::value const& id) {
               return id.is_string() && !id.get_string().empty() &&
                      id.get_string().find_first_not_of("0123456789") == boost::json::string::npos;
           });
}

std::optional<tweet_body> check_members(boost::json::object const& body) {
    for (auto const& [name, value] : body) {
        if (std::ranges::find(members, std::string_view{name}) == members.end())
            return refuse(
                name, value,
                "[$." + std::string{name} +
                    ": is not defined in the schema and the schema does not allow additional properties]");
    }
    if (auto const* const text = body.if_contains("text"); text != nullptr && !text->is_string())
        return refuse("text", *text, "[$.text: must be a string]");
    if (auto const* const media = body.if_contains("media")) {
        auto const* const object = media->if_object();
        auto const* const ids = object != nullptr ? object->if_contains("media_ids") : nullptr;
        if (ids == nullptr || !valid_ids(*ids, 4))
            return refuse("media", *media, "[$.media.media_ids: must be 1 to 4 ids as strings]");
    }
    if (auto const* const to = body.if_contains("reply")) {
        auto const* const object = to->if_object();
        auto const* const id = object != nullptr ? object->if_contains("in_reply_to_tweet_id") : nullptr;
        if (id == nullptr || !valid_ids(boost::json::array{*id}, 1))
            return refuse("reply", *to, "[$.reply.in_reply_to_tweet_id: must be an id as a string]");
    }
    return std::nullopt;
}

} // namespace

std::size_t weighted_length(std::string_view text) {
    std::size_t length = 0;
    while (!text.empty()) {
        if (text.starts_with("https://") || text.starts_with("http://")) {
            length += weight_of_link;
            text.remove_prefix(std::min(text.find_first_of(" \t\n"), text.size()));
            continue;
        }
        auto const point = first_code_point(text);
        length += weight_of(point.value);
        text.remove_prefix(point.bytes);
    }
    return length;
}

tweet_body read_tweet_body(std::string_view json) {
    boost::system::error_code error;
    auto const parsed = boost::json::parse(json, error);
    if (error || !parsed.is_object())
        return {{},
                problem(400, "Invalid Request", "One or more parameters to your request was invalid.",
                        "https://api.twitter.com/2/problems/invalid-request")};
    auto const& body = parsed.get_object();
    if (auto refused = check_members(body))
        return std::move(*refused);
    auto const* const text = body.if_contains("text");
    tweet_body accepted;
    if (text != nullptr)
        accepted.text = std::string_view{text->get_string()};
    if (accepted.text.empty() && !body.contains("media"))
        return refuse("text", boost::json::value{accepted.text}, "[$.text: is missing but it is required]");
    if (weighted_length(accepted.text) > longest_text)
        return refuse("text", boost::json::value{accepted.text}, "[$.text: is longer than 280 characters]");
    return accepted;
}

} // namespace connectd::sandbox::x
