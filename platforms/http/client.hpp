// The door to the outside world: everything this product asks of a platform goes through one of these. Two
// implementations: the pool, and the scripted double of the tests.
//
// A client belongs to one io_context and is used from its thread only.
#pragma once

#include "platforms/error.hpp"
#include "platforms/http/message.hpp"
#include "platforms/task.hpp"

namespace connectd::platforms::http {

class client {
  public:
    virtual ~client() = default;

    // Sends one request and reads its whole answer. Any answer with a valid status line is a success here,
    // 4xx, 5xx and redirects included: redirects are never followed.
    //
    // Errors: the HTTP values of errc, each at most once per call; certainly_not_processed() tells whether
    // the request may have had an effect. Never throws for what the network does.
    //
    // The deadline covers everything: waiting for a connection, resolving, connecting, TLS, writing and
    // reading.
    //
    // The client does not have to outlive the task: one that is destroyed ends its requests with
    // errc::cancelled or errc::cancelled_unsent, the next time the io_context runs.
    virtual task<result<response>> send(request what, deadline until) = 0;

  protected:
    client() = default;
    client(client const&) = default;
    client& operator=(client const&) = default;
};

} // namespace connectd::platforms::http
