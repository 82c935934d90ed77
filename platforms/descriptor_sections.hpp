// The sections of a platform file, one function each. Used by descriptor_parse only; belongs to one thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/descriptor_reader.hpp"

#include <optional>
#include <string>
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

// descriptor_grants.cpp
void read_long_lived(object_reader& file, long_lived_rules& into);
void read_candidates(object_reader& file, candidate_rules& into);
// What these two sections need beyond themselves; `read` is the whole file.
void check_grants(descriptor const& read, problem_list& problems);

// descriptor_errors.cpp
void read_errors(object_reader& file, error_rules& into);
void read_proxy(object_reader& file, proxy_rules& into);

// Members that several sections have.
void read_authentication(object_reader& section, std::optional<client_authentication>& into);
void read_method(object_reader& section, request_method& into);
void require_get_or_post(object_reader& section, request_method method);

// What is wrong with a URL, or an empty text. `local_http`: plain http only to this machine, else anywhere.
std::string url_problem(std::string_view url, bool local_http);

} // namespace connectd::platforms
