// The sections of a platform file, one function each. Used by descriptor_parse only; belongs to one thread.
#pragma once

#include "platforms/descriptor.hpp"
#include "platforms/descriptor_reader.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace connectd::platforms {

// Each reads the section of the member named like it and adds problems; a missing section leaves the
// defaults.
void read_client(object_reader& file, client_rules& into);
void read_authorize(object_reader& file, client_rules const& client, scope_rules const& scopes,
                    authorize_rules& into);
void read_scopes(object_reader& file, scope_rules& into);
void read_token(object_reader& file, token_rules& into);
void read_refresh(object_reader& file, refresh_rules& into);
void read_revoke(object_reader& file, revoke_rules& into);
void read_nothing(object_reader& file, nothing_rules& into);

// descriptor_endpoints.cpp
void read_instances(object_reader& file, descriptor& into); // and the section `discovery`
void read_endpoints(object_reader& file, instance_kind instances, endpoint_set& into);
// What an oauth2 platform needs of its endpoints; `read` is the whole file.
void check_endpoints(descriptor const& read, problem_list& problems);

// descriptor_identity.cpp
void read_identity(object_reader& file, identity_rules& into);

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
void read_matches(object_reader& section, std::string_view name, std::vector<error_match>& into);

} // namespace connectd::platforms
