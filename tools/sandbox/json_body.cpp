#include "tools/sandbox/json_body.hpp"

#include <boost/json/parse.hpp>

namespace connectd::sandbox {

std::optional<boost::json::object> read_json_body(call const& request) {
    boost::system::error_code error;
    auto parsed = boost::json::parse(request.body, error);
    if (error || !parsed.is_object() || !request.has_content_type("application/json"))
        return std::nullopt;
    return std::move(parsed.get_object());
}

boost::json::value const* value_at(boost::json::object const& body, std::string_view pointer) {
    auto const end = pointer.find('/', 1);
    auto const* const found = body.if_contains(pointer.substr(1, end == pointer.npos ? end : end - 1));
    if (found == nullptr || end == pointer.npos)
        return found;
    return found->is_object() ? value_at(found->get_object(), pointer.substr(end)) : nullptr;
}

std::string text_at(boost::json::object const& body, std::string_view pointer) {
    auto const* const found = value_at(body, pointer);
    return found != nullptr && found->is_string() ? std::string{found->get_string()} : std::string{};
}

std::optional<std::int64_t> number_at(boost::json::object const& body, std::string_view pointer) {
    auto const* const found = value_at(body, pointer);
    return found != nullptr && found->is_int64() ? std::optional{found->get_int64()} : std::nullopt;
}

} // namespace connectd::sandbox
