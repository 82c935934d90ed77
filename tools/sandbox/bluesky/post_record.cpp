#include "tools/sandbox/bluesky/post_record.hpp"

#include "tools/sandbox/bluesky/identifiers.hpp"

#include <boost/json/array.hpp>

namespace connectd::sandbox::bluesky {
namespace {

constexpr std::string_view post_collection = "app.bsky.feed.post";
constexpr std::size_t most_graphemes = 300;
constexpr std::size_t most_bytes = 3000;
constexpr std::size_t most_languages = 3;

std::string invalid(std::string_view problem) {
    return "Invalid " + std::string{post_collection} + " record: " + std::string{problem};
}

bool is_count(boost::json::value const* value) {
    return value != nullptr && value->is_int64() && value->get_int64() >= 0;
}

// Byte offsets and at least one feature in each facet.
std::string check_facets(boost::json::value const& facets) {
    auto const* const list = facets.if_array();
    if (list == nullptr)
        return invalid("Record/facets must be an array");
    for (auto const& each : *list) {
        auto const* const facet = each.if_object();
        auto const* const index = facet != nullptr ? facet->if_contains("index") : nullptr;
        auto const* const range = index != nullptr ? index->if_object() : nullptr;
        if (range == nullptr || !is_count(range->if_contains("byteStart")) ||
            !is_count(range->if_contains("byteEnd")))
            return invalid("Record/facets/index must have byteStart and byteEnd");
        auto const* const features = facet->if_contains("features");
        if (features == nullptr || !features->is_array())
            return invalid("Record/facets must have the property \"features\"");
    }
    return {};
}

std::string check_post(boost::json::object const& record) {
    auto const* const text = record.if_contains("text");
    if (text == nullptr)
        return invalid("Record must have the property \"text\"");
    if (!text->is_string())
        return invalid("Record/text must be a string");
    std::string_view const words = text->get_string();
    if (words.size() > most_bytes)
        return invalid("Record/text must not be longer than 3000 characters");
    if (count_graphemes(words) > most_graphemes)
        return invalid("Record/text must not be longer than 300 graphemes");
    auto const* const created_at = record.if_contains("createdAt");
    if (created_at == nullptr)
        return invalid("Record must have the property \"createdAt\"");
    if (!created_at->is_string() || !valid_datetime(created_at->get_string()))
        return invalid("Record/createdAt must be an valid atproto datetime (both RFC-3339 and ISO-8601)");
    if (auto const* const languages = record.if_contains("langs")) {
        if (!languages->is_array())
            return invalid("Record/langs must be an array");
        if (languages->get_array().size() > most_languages)
            return invalid("Record/langs must not have more than 3 elements");
    }
    auto const* const facets = record.if_contains("facets");
    return facets == nullptr ? std::string{} : check_facets(*facets);
}

} // namespace

bool is_known(std::string_view collection) {
    return collection == post_collection;
}

std::string check_record(std::string_view collection, boost::json::object const& record) {
    auto const* const type = record.if_contains("$type");
    if (type == nullptr || !type->is_string())
        return "Record must have the property \"$type\"";
    if (std::string_view{type->get_string()} != collection)
        return "Invalid $type: expected " + std::string{collection} + ", got " +
               std::string{std::string_view{type->get_string()}};
    return is_known(collection) ? check_post(record) : std::string{};
}

} // namespace connectd::sandbox::bluesky
