// The names of LinkedIn's organisations. The list of a member's roles names them by URN only: since version
// 202304 it takes no projection that would say more, so a second call asks for the names.
// Facts: learn.microsoft.com/linkedin, organization-access-control-by-role and organization-lookup-api, and
// the change in echobox's SDK for version 202307; checked November 2026.
//
// The coroutine belongs to the thread of its client; everything it is given must outlive it. Requires of the
// descriptor: `api_base` and `candidates_url`.
#pragma once

#include "platforms/connected.hpp"
#include "platforms/descriptor.hpp"
#include "platforms/http/client.hpp"
#include "platforms/task.hpp"

#include <vector>

namespace connectd::platforms::linkedin_organizations {

// Gives the organisations in `list` their names. One that LinkedIn does not name, or a call that fails,
// leaves the URN where the name would be: a list without names can still be chosen from.
task<void> add_names(http::client& client, descriptor const& platform, token_set const& tokens,
                     std::vector<candidate>& list, deadline until);

} // namespace connectd::platforms::linkedin_organizations
