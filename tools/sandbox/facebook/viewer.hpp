// What one caller of Facebook's API may see: their pages as far as they were picked at the consent, and what
// the token allows. Made for one call and used on its thread.
#pragma once

#include "tools/sandbox/facebook/scopes.hpp"
#include "tools/sandbox/graph/assets.hpp"
#include "tools/sandbox/graph/gate.hpp"

#include <string>
#include <string_view>

namespace connectd::sandbox::facebook {

class viewer {
  public:
    // Requires: `by` outlives this object.
    explicit viewer(graph::caller const& by);

    graph::caller const& by() const noexcept { return by_; }
    graph::assets const& owned() const noexcept { return owned_; }
    bool may(scope wanted) const noexcept { return by_.allowed.scopes.has(wanted); }

    // Whether the token stands for a page instead of the person.
    bool is_page() const noexcept { return !by_.allowed.subject.empty(); }
    // The id of the person, which is another for another app.
    std::string user_id() const;

    // A page that the token reaches, or null: one of the person's that was picked; with a page token that
    // page alone.
    graph::page const* page(std::string_view id) const;
    bool reaches(graph::page const& each) const;
    // The account of that id that is linked to a page the token reaches.
    graph::instagram_account const* instagram(std::string_view id) const;
    graph::business const* business(std::string_view id) const;

  private:
    graph::caller const& by_;
    graph::assets owned_;
};

std::string user_id(std::string_view client_id, person const& who);

} // namespace connectd::sandbox::facebook
