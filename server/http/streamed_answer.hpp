#pragma once

// The bytes of one answer whose body comes piece by piece: head, framing and pieces, so that a piece is one
// write and is never copied. No sockets; used by the connection.

#include "server/http/body_stream.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace connectd::server::http {

class streamed_answer {
  public:
    // How much of a body is in memory at one time.
    static constexpr std::size_t piece_size = 64 * 1024;

    // `head` goes out with the first piece. Chunked framing is for a body without a length; without either
    // the end of the connection is the end of the body.
    streamed_answer(std::string head, body_stream body, bool chunked);

    // The next bytes to write, none at the end. Valid until the next call. Errors: those of the source;
    // boost::system::errc::message_size where it does not keep to the length it announced.
    runtime::task<boost::system::result<std::string_view>> next();

  private:
    void make_buffer();
    std::string_view frame(std::size_t size);
    std::string_view finish();

    std::string head_;
    body_stream body_;
    bool chunked_;
    bool ended_ = false;
    std::size_t room_;               // in front of the piece: for the head and the line of a chunk
    std::size_t most_;               // of a piece
    std::unique_ptr<char[]> buffer_; // room, piece, line end; made with the first piece
    std::string last_{};             // what follows the last piece
};

} // namespace connectd::server::http
