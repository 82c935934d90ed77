#pragma once

// Bodies that travel piece by piece, in both directions, so that their size costs no memory: whoever reads
// slowly slows the other side down. Used on the connection's thread.

#include "server/runtime/task.hpp"

#include <boost/system/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace connectd::server::http {

// Puts the next bytes of a body into the buffer and says how many; 0 is the body's end. The buffer outlives
// the returned coroutine and is not empty. After 0 or an error it is not called again. The function itself is
// no capturing lambda coroutine but calls a named one (router.hpp says why).
using body_reader = std::function<runtime::task<boost::system::result<std::size_t>>(std::span<char>)>;

// A body that its owner produces while it is sent.
struct body_stream {
    body_reader read;
    // Nothing where it is not known before the end. A source that gives another number of bytes ends the
    // connection, which is how the client learns that something is missing; so does one that fails.
    std::optional<std::uint64_t> length{};
};

} // namespace connectd::server::http
