#include "server/api/body.hpp"

#include <stdexcept>

namespace connectd::server::api {

bool is_json(http::request const& asked) noexcept {
    return !asked.header("Content-Type") || asked.content_type_is("application/json");
}

http::response refuse_media_type(http::request const& asked) {
    return to_response({415, "media_type_unsupported", "Send the body as application/json.", {}},
                       asked.request_id);
}

} // namespace connectd::server::api

namespace connectd::server::http {

void throw_exception_from_error(response const& answer, boost::source_location const&) {
    throw std::logic_error("a refused body was read, status " + std::to_string(answer.status));
}

} // namespace connectd::server::http
