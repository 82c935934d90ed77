#include "server/api/body.hpp"

#include <stdexcept>
#include <utility>

namespace connectd::server::api {

bool is_json(http::request const& asked) noexcept {
    return !asked.header("Content-Type") || asked.content_type_is("application/json");
}

http::response refuse_media_type(http::request const& asked) {
    return to_response({415, "media_type_unsupported", "Send the body as application/json.", {}},
                       asked.request_id);
}

std::optional<http::response> refuse_fixed(http::request const& asked,
                                           std::initializer_list<fixed_member> members, std::string why) {
    for (auto const& member : members) {
        if (member.sent) {
            return refuse({services::errc::field_fixed, std::move(why), std::string{member.name}}, asked);
        }
    }
    return std::nullopt;
}

} // namespace connectd::server::api

namespace connectd::server::http {

void throw_exception_from_error(response const& answer, boost::source_location const&) {
    throw std::logic_error("a refused body was read, status " + std::to_string(answer.status));
}

} // namespace connectd::server::http
