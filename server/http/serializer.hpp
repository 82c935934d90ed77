#pragma once

// Response -> bytes, header and body in one piece, so that an answer is one write; of a streamed answer the
// header alone. Used by connections.

#include "server/http/response.hpp"
#include "server/runtime/clock.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace connectd::server::http {

// The Date header of one thread, formatted once a second (RFC 9110 section 5.6.7).
class date_cache {
  public:
    // Valid until the next call.
    std::string_view at(runtime::sys_ms now);

  private:
    std::int64_t second_ = -1;
    std::string text_;
};

// Whether answers of that status have a body: 1xx, 204 and 304 end with the header (RFC 9112 section 6.3).
bool has_body(unsigned status) noexcept;

struct framing {
    std::string_view date;
    std::string_view request_id{};
    bool head = false;       // answer to HEAD: the length without the body
    bool close = false;      // say that the connection ends
    bool keep_alive = false; // say that it does not, to an HTTP/1.0 client
    bool chunked = false;    // of a streamed body without a length
};

// Framing headers set by the handler (Content-Length, Transfer-Encoding, Connection, Date, X-Request-Id) are
// left out.
std::string serialize(response const& answer, framing const& frame);

} // namespace connectd::server::http
