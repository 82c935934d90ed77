// The body of a request as a described struct, or the answer that says what is wrong with it.
#pragma once

#include "server/api/problem.hpp"
#include "server/http/json.hpp"
#include "server/http/request.hpp"
#include "server/http/response.hpp"

#include <boost/system/result.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::server::api {

// Holds a response in place of an error.
template <class T>
using body_result = boost::system::result<T, http::response>;

// The answer to a body that is not JSON by its own account. Nothing for one that is, or that does not say.
bool is_json(http::request const& asked) noexcept;
http::response refuse_media_type(http::request const& asked);

// For members that a change may not touch: the answer that names the first of them that was sent.
struct fixed_member {
    std::string_view name;
    bool sent;
};
std::optional<http::response> refuse_fixed(http::request const& asked,
                                           std::initializer_list<fixed_member> members, std::string why);

// Errors, as answers: 415 for another media type, 400 for what is not JSON, 422 with every field that is
// wrong.
template <class T>
body_result<T> read_body(http::request const& asked) {
    if (!is_json(asked)) {
        return refuse_media_type(asked);
    }
    auto decoded = http::decode_json<T>(asked.body);
    if (decoded.has_error()) {
        return to_response(describe(decoded.error()), asked.request_id);
    }
    return std::move(*decoded);
}

} // namespace connectd::server::api

namespace connectd::server::http {

// For result::value() of a body_result; handlers look before they take.
[[noreturn]] void throw_exception_from_error(response const& answer, boost::source_location const& where);

} // namespace connectd::server::http
