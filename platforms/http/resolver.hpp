// Turns host names into addresses on a few threads of its own: the system's resolver blocks, for many seconds
// when a name server is silent, and must neither stop an I/O thread nor outlast a deadline.
//
// One resolver serves all I/O threads and is safe to call from each. It must outlive every pool that uses it.
// Lookups of one name that overlap are one lookup. Names that users chose never occupy more than half of the
// threads, so that a user whose name servers hang cannot hold up the platforms. The destructor waits for
// lookups under way.
#pragma once

#include "platforms/error.hpp"
#include "platforms/task.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace connectd::platforms::http {

using addresses = std::vector<boost::asio::ip::address>;

struct resolver_options {
    std::size_t threads = 4;
    // Lookups waiting for a thread; more are refused with resolve_failed.
    std::size_t max_queued = 1024;
    // Blocking lookup, called on the resolver's threads, several at a time. Empty: getaddrinfo.
    std::function<result<addresses>(std::string const& host)> lookup;
};

class resolver {
  public:
    explicit resolver(resolver_options options = {});
    ~resolver();
    resolver(resolver const&) = delete;
    resolver& operator=(resolver const&) = delete;

    // Starts a lookup and calls `done` once, on `where`, with at least one address or an error
    // (resolve_failed). Destroying the returned handle before that drops `done` uncalled, and releases it; it
    // must happen on the thread of `where` and before its io_context is gone.
    class lookup_handle;
    std::shared_ptr<lookup_handle> start(std::string host, bool user_given, executor where,
                                         std::function<void(result<addresses>)> done);

  private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace connectd::platforms::http
