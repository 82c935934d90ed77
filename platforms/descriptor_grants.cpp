// The sections of a platform file that say what a grant becomes: a long-lived token, and accounts to choose
// from.
#include "platforms/descriptor_sections.hpp"

namespace connectd::platforms {

void read_long_lived(object_reader& file, long_lived_rules& into) {
    auto section = file.object("long_lived");
    read_method(section, into.method);
    require_get_or_post(section, into.method);
    section.read("grant_type", into.grant_type);
    section.read("token_parameter", into.token_parameter);
    if (into.token_parameter.empty()) {
        section.problem("token_parameter", "must not be empty");
    }
    read_authentication(section, into.authentication);
    section.read("send_client_id", into.send_client_id);
    section.finish();
}

void read_candidates(object_reader& file, candidate_rules& into) {
    auto section = file.object("candidates");
    section.read("kind", into.kind);
    section.read("scopes", into.scopes);
    section.read_parameters("query", into.query);
    section.read_headers("headers", into.headers);
    section.read_pointer("list", into.list);
    section.read_pointers("next", into.next);
    section.read_pointers("id", into.id);
    section.read_pointers("username", into.username);
    section.read_pointers("display_name", into.display_name);
    section.read_pointers("avatar_url", into.avatar_url);
    section.read_pointers("access_token", into.access_token);
    section.read_pointer("required_pointer", into.required_pointer);
    section.read("required_value", into.required_value);
    section.read("grantor_kind", into.grantor_kind);
    if (into.required_pointer.empty() != into.required_value.empty()) {
        section.problem(into.required_pointer.empty() ? "required_pointer" : "required_value",
                        "is required too: the two say together which entries count");
    }
    section.finish();
}

void check_grants(descriptor const& read, problem_list& problems) {
    auto const& long_lived = read.long_lived;
    if (!read.endpoints.long_lived_url.empty() && long_lived.grant_type.empty()) {
        problems.add("/long_lived/grant_type", "is required with the endpoint long_lived_url");
    }
    auto const how = long_lived.authentication.value_or(read.client.authentication);
    if (!long_lived.send_client_id && how != client_authentication::body) {
        problems.add("/long_lived/send_client_id",
                     "can be false only where the authentication is \"body\": the secret goes alone");
    }
    if (read.endpoints.candidates_url.empty()) {
        return;
    }
    auto const require = [&](bool missing, char const* pointer) {
        if (missing) {
            problems.add(pointer, "is required with the endpoint candidates_url");
        }
    };
    require(read.candidates.kind.empty(), "/candidates/kind");
    require(read.candidates.list.empty(), "/candidates/list");
    require(read.candidates.id.empty(), "/candidates/id");
}

} // namespace connectd::platforms
