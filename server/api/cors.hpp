// Which pages may call the API from a browser (WHATWG Fetch, section 3.3). Nobody's unless the operator says
// so: a key in a page is a key in public.
//
// Immutable after construction; any thread.
#pragma once

#include "server/http/request.hpp"
#include "server/http/response.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace connectd::server::api {

class cors_rules {
  public:
    // Origins as browsers send them, or "*".
    explicit cors_rules(std::vector<std::string> origins) : origins_{std::move(origins)} {}

    bool on() const noexcept { return !origins_.empty(); }

    // Lets the page that asked read the answer, where it may. Without credentials: keys travel in a header.
    void permit(http::request const& asked, http::response& answer) const;

    // What a browser asks before it sends what a form could not.
    http::response preflight(http::request const& asked, std::string_view methods) const;

  private:
    bool allows(std::string_view origin) const;

    std::vector<std::string> origins_;
};

} // namespace connectd::server::api
