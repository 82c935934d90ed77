// The sections of a platform file, one function each. Used by descriptor_parse only; belongs to one thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/descriptor_reader.hpp"

#include <string_view>

namespace connectd::platforms {

// Each reads the section of the member named like it and adds problems; a missing section leaves the
// defaults.
void read_endpoints(object_reader& file, endpoint_set& into);
void read_client(object_reader& file, client_rules& into);
void read_authorize(object_reader& file, client_rules const& client, scope_rules const& scopes,
                    authorize_rules& into);
void read_scopes(object_reader& file, scope_rules& into);
void read_token(object_reader& file, token_rules& into);
void read_refresh(object_reader& file, refresh_rules& into);
void read_revoke(object_reader& file, revoke_rules& into);
void read_identity(object_reader& file, identity_rules& into);
void read_nothing(object_reader& file, nothing_rules& into);

// descriptor_errors.cpp
void read_errors(object_reader& file, error_rules& into);
void read_proxy(object_reader& file, proxy_rules& into);

// What is wrong with a URL, or an empty text. `local_http`: plain http only to this machine, else anywhere.
std::string url_problem(std::string_view url, bool local_http);

} // namespace connectd::platforms
