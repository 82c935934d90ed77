// The authorization page of a pretend platform: GET shows who asks for what, POST is the person's decision.
// Which requests are right is the platform's to say.
//
// Threads: any thread may call anything.
#pragma once

#include "tools/sandbox/oauth/authorize_request.hpp"
#include "tools/sandbox/oauth/grants.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace connectd::sandbox::oauth {

// What a person decides.
struct decision {
    std::string answer = "approve";                   // or one of the platform's declines
    std::string person{};                             // by name; "fresh" too
    std::optional<std::vector<std::string>> scopes{}; // of those asked for, the ones they leave ticked
    std::optional<std::vector<std::string>> assets{}; // of what they have, what they pick; nothing: all
};

class authorization {
  public:
    // Requires: all references outlive this object. With a person in `auto_approve` ("fresh" too) no page is
    // shown: every right request is approved for them at once.
    authorization(authorize_rules rules, scope_catalog catalog, people& persons, apps const& registered,
                  grants& issued, journal& events, std::string auto_approve);

    reply page(call const& request, sys_ms now);
    reply decide(call const& request, sys_ms now);

    // What a person does on the page, in one step. Either the location that the browser would be sent to, or
    // a problem.
    struct outcome {
        std::string location;
        std::string problem;
    };
    outcome consent(std::string_view authorize_url, decision const& made, sys_ms now);

    bool knows_decision(std::string_view answer) const;

  private:
    checked check(form const& parameters) const;
    outcome conclude(form const& parameters, decision const& made, sys_ms now);
    outcome approve(authorize_request request, form const& parameters, decision const& made, sys_ms now);
    std::string leave_ticked(authorize_request& request, std::vector<std::string> const& names) const;
    std::string pick(std::vector<std::string> const& assets, person const& who) const;
    std::optional<std::vector<std::string>> ticked(form const& parameters) const;
    reply answer(outcome done) const;
    reply error(unsigned status, std::string_view problem) const;

    authorize_rules const rules_;
    scope_catalog const catalog_;
    people& people_;
    apps const& apps_;
    grants& grants_;
    journal& events_;
    std::string const auto_approve_;
};

} // namespace connectd::sandbox::oauth
