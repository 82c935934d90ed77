#include "server/api/openapi.hpp"

#include "server/api/embedded_files.hpp"

namespace connectd::server::api {

std::string_view openapi_document() noexcept {
    return embedded_contract().front().content;
}

runtime::task<http::response> openapi(call of) {
    co_return answer_file(embedded_contract().front(), "application/json", of.asked);
}

} // namespace connectd::server::api
