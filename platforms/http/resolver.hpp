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
    std::size_t threads = 4; // at least 2
    // Lookups waiting for a thread; more are refused.
    std::size_t max_queued = 1024;
    // Blocking lookup, called on the resolver's threads, several at a time; an empty list means the same as
    // an error. Not set: getaddrinfo.
    std::function<result<addresses>(std::string const& host)> lookup = {};
};

class resolver {
  public:
    explicit resolver(resolver_options options = {});
    ~resolver();
    resolver(resolver const&) = delete;
    resolver& operator=(resolver const&) = delete;

    using handler = std::function<void(result<addresses>)>;

    // Somebody's wait for an answer. Destroying it before the answer came drops the handler uncalled.
    class ticket;

    // Starts a lookup; `done` is called once, posted to `where`, with at least one address or resolve_failed.
    // Requires: the ticket is destroyed on the thread of `where` and before its io_context is.
    ticket start(std::string const& host, bool user_given, executor where, handler done);

  private:
    struct shared;
    struct waiter;
    std::unique_ptr<shared> shared_;
};

class resolver::ticket {
  public:
    ticket(ticket&&) noexcept = default;
    ticket& operator=(ticket&&) = delete;
    ~ticket();

  private:
    friend class resolver;
    explicit ticket(std::shared_ptr<waiter> whose) : waiter_(std::move(whose)) {}
    // Held by the ticket and by the lookup, whichever ends later.
    std::shared_ptr<waiter> waiter_;
};

} // namespace connectd::platforms::http
