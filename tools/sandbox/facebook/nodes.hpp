// The objects of Facebook's API as fields show them: people, pages, businesses.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/facebook/viewer.hpp"
#include "tools/sandbox/graph/fields.hpp"

#include <string>
#include <string_view>

namespace connectd::sandbox::facebook {

// An expansion such as instagram_business_account{username} gives the id alone.
constexpr std::string_view shallow_switch = "shallow_expansion";

class nodes {
  public:
    // Requires: both references outlive this object. `public_url` is where this platform is reached, for
    // pictures.
    nodes(oauth::grants& issued, switches const& how, std::string public_url)
        : grants_{issued}, switches_{how}, url_{std::move(public_url)} {}

    graph::object_or_error user(viewer const& seen_by, std::string_view fields) const;
    graph::object_or_error business(graph::business const& shown, std::string_view fields) const;
    // Makes the page's token where `access_token` is among the fields. A list of pages has more fields when
    // it names none.
    graph::object_or_error page(viewer const& seen_by, graph::page const& shown, std::string_view fields,
                                bool in_list, sys_ms now) const;

  private:
    graph::member_value user_member(viewer const& seen_by, graph::field const& wanted) const;
    graph::member_value page_member(viewer const& seen_by, graph::page const& shown,
                                    graph::field const& wanted, sys_ms now) const;
    graph::member_value page_token(viewer const& seen_by, graph::page const& shown, sys_ms now) const;
    graph::member_value instagram(viewer const& seen_by, graph::page const& shown,
                                  graph::field const& wanted) const;
    boost::json::value picture(std::string_view id, bool silhouette, graph::field const& wanted) const;

    oauth::grants& grants_;
    switches const& switches_;
    std::string const url_;
};

} // namespace connectd::sandbox::facebook
