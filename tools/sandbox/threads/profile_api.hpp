// The API of Threads, below /v1.0: the profile, publishing by container, the quota, and what was published.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/graph/containers.hpp"
#include "tools/sandbox/graph/fields.hpp"
#include "tools/sandbox/graph/gate.hpp"
#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/posts.hpp"

namespace connectd::sandbox::threads {

class profile_api {
  public:
    // Requires: all references outlive this object. `public_url` is where this platform is reached.
    profile_api(sandbox::posts& written, journal& events, graph::gate& door, std::string public_url)
        : posts_{written}, events_{events}, gate_{door}, url_{std::move(public_url)} {}

    reply answer(graph::graph_call const& asked);
    void clear() { containers_.clear(); }

  private:
    reply route(graph::graph_call const& asked, graph::caller const& by);
    reply profile(graph::graph_call const& asked, graph::caller const& by) const;
    reply create(graph::graph_call const& asked, graph::caller const& by);
    reply publish(graph::graph_call const& asked, graph::caller const& by);
    reply publish(graph::container const& made, graph::caller const& by, sys_ms now);
    reply list(graph::graph_call const& asked, graph::caller const& by) const;
    reply quota(graph::graph_call const& asked, graph::caller const& by) const;
    std::optional<reply> show(graph::graph_call const& asked, graph::caller const& by) const;
    reply finish(graph::object_or_error found) const;
    std::vector<post> published(person_ref by) const;
    std::size_t published_today(person_ref by, sys_ms now) const;

    sandbox::posts& posts_;
    journal& events_;
    graph::gate& gate_;
    std::string const url_;
    graph::containers containers_;
};

// The id of a profile, which is another for another app.
std::string profile_id(std::string_view client_id, person const& who);

} // namespace connectd::sandbox::threads
