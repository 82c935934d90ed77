// The door to the outside world: everything this product asks of a platform goes through one of these. Two
// implementations: the pool, and the scripted double of the tests.
//
// A client belongs to one io_context and is used from its thread only.
#pragma once

#include "platforms/error.hpp"
#include "platforms/http/message.hpp"
#include "platforms/http/stream.hpp"
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

    // The same for bodies of any size: sends the request and ends when the header of its answer is there,
    // whose body the caller then reads. The deadline covers that as well. Errors, besides those of send: what
    // `what.rest` failed with.
    //
    // This one gathers both bodies and asks send(), for doubles; the pool streams.
    virtual task<result<streamed_response>> open(streamed_request what, deadline until);

  protected:
    client() = default;
    client(client const&) = default;
    client& operator=(client const&) = default;
};

} // namespace connectd::platforms::http
