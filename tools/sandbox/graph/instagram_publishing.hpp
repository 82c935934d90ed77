// Publishing on an Instagram account, on Instagram's own host and on Facebook's: container, status, publish,
// quota. Media are never fetched; what their URL tells decides.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/graph/assets.hpp"
#include "tools/sandbox/graph/containers.hpp"
#include "tools/sandbox/graph/gate.hpp"
#include "tools/sandbox/journal.hpp"
#include "tools/sandbox/posts.hpp"

#include <functional>

namespace connectd::sandbox::graph {

class instagram_publishing {
  public:
    // Requires: all references outlive this object, and `platform` is in static storage.
    instagram_publishing(sandbox::posts& written, journal& events, gate& door, std::string_view platform)
        : posts_{written}, events_{events}, gate_{door}, platform_{platform} {}

    // An edge of the account: media, media_publish, content_publishing_limit. Nothing for any other.
    std::optional<reply> edge(graph_call const& asked, caller const& by, instagram_account const& account,
                              bool may_publish);

    // A container or a published medium of an account that `reaches` allows. Nothing when there is none.
    std::optional<reply> show(graph_call const& asked,
                              std::function<bool(std::string_view account)> const& reaches) const;

    std::size_t media_count(std::string_view account) const;
    void clear() { containers_.clear(); }

  private:
    reply create(graph_call const& asked, instagram_account const& account);
    reply publish(graph_call const& asked, caller const& by, instagram_account const& account);
    reply quota(graph_call const& asked, instagram_account const& account) const;
    std::size_t published_today(std::string_view account, sys_ms now) const;

    sandbox::posts& posts_;
    journal& events_;
    gate& gate_;
    std::string_view const platform_;
    containers containers_;
};

} // namespace connectd::sandbox::graph
