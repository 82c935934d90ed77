// What is published on pages: POST and GET of /{page}/feed, and single posts. Publishing wants the page's own
// token, two permissions and a role that may create content.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/facebook/viewer.hpp"
#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/posts.hpp"

namespace connectd::sandbox::facebook {

class page_posts {
  public:
    // Requires: all references outlive this object.
    page_posts(sandbox::posts& written, journal& events, graph::gate& door)
        : posts_{written}, events_{events}, gate_{door} {}

    reply publish(graph::graph_call const& asked, viewer const& by, graph::page const& on);
    // `feed_url` is where the pages of the list are found.
    reply list(graph::graph_call const& asked, viewer const& by, graph::page const& on,
               std::string const& feed_url) const;
    // Nothing when there is no such post that the caller reaches.
    std::optional<reply> show(graph::graph_call const& asked, viewer const& by) const;

  private:
    sandbox::posts& posts_;
    journal& events_;
    graph::gate& gate_;
};

} // namespace connectd::sandbox::facebook
