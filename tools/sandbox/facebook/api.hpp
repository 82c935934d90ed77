// Facebook's Graph API as a connected product uses it: the person, their permissions, pages and businesses,
// and what a page publishes.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/facebook/nodes.hpp"
#include "tools/sandbox/facebook/page_posts.hpp"
#include "tools/sandbox/graph/instagram_publishing.hpp"

namespace connectd::sandbox::facebook {

class api {
  public:
    // Requires: all references outlive this object. `public_url` is where this platform is reached.
    api(oauth::grants& issued, sandbox::posts& written, journal& events, graph::gate& door,
        switches const& how, std::string const& public_url);

    // Requires: no call to /debug_token. `version` is the one that serves it, for URLs of further pages.
    reply answer(graph::graph_call const& asked, std::string_view version);
    void clear() { publishing_.clear(); }

  private:
    reply route(graph::graph_call const& asked, viewer const& by, std::string_view version);
    reply user(graph::graph_call const& asked, viewer const& by, std::string_view version);
    reply page(graph::graph_call const& asked, viewer const& by, graph::page const& shown,
               std::string_view version);
    reply business(graph::graph_call const& asked, viewer const& by, graph::business const& shown,
                   std::string_view version);
    reply instagram(graph::graph_call const& asked, viewer const& by,
                    graph::instagram_account const& account);
    reply permissions(graph::graph_call const& asked, viewer const& by);
    reply remove_permissions(graph::graph_call const& asked, viewer const& by);
    reply businesses(graph::graph_call const& asked, viewer const& by, std::string_view version);
    reply pages(graph::graph_call const& asked, viewer const& by, std::vector<graph::page> const& all,
                std::string_view version);
    reply finish(graph::object_or_error found) const;
    std::string list_url(graph::graph_call const& asked, std::string_view node,
                         std::string_view version) const;

    oauth::grants& grants_;
    graph::gate& gate_;
    nodes nodes_;
    page_posts posts_;
    graph::instagram_publishing publishing_;
    std::string const url_;
};

} // namespace connectd::sandbox::facebook
