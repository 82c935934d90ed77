// The section of a platform file that says how to find out whose account it is.
#include "platforms/descriptor_sections.hpp"

#include <algorithm>

namespace connectd::platforms {
namespace {

// {"profile": ["username", "bio"]}
void read_fields_by_scope(object_reader& fields, scoped_fields& into) {
    auto section = fields.object("by_scope");
    if (section.members() == nullptr) {
        return;
    }
    for (auto const& item : *section.members()) {
        if (item.key() != "comment") {
            section.read(item.key(),
                         into.by_scope.emplace_back(item.key(), std::vector<std::string>{}).second);
        }
    }
    section.finish();
}

void read_fields(object_reader& identity, identity_rules& into) {
    auto section = identity.object("fields");
    auto& fields = into.fields;
    section.read("parameter", fields.parameter);
    section.read("separator", fields.separator);
    section.read("always", fields.always);
    read_fields_by_scope(section, fields);
    section.finish();
    if (section.members() == nullptr) {
        return;
    }
    if (fields.parameter.empty()) {
        section.problem("parameter", "is required: the name of the query parameter");
    }
    if (fields.separator.empty()) {
        section.problem("separator", "must not be empty");
    }
    auto const same = [&](auto const& parameter) { return parameter.first == fields.parameter; };
    if (std::ranges::any_of(into.query, same)) {
        identity.problems().add(join_pointer(identity.path("query"), fields.parameter),
                                "is made from \"fields\"");
    }
}

} // namespace

void read_identity(object_reader& file, identity_rules& into) {
    auto section = file.object("identity");
    section.read_parameters("query", into.query);
    read_fields(section, into);
    section.read_headers("headers", into.headers);
    section.read("token_parameter", into.token_parameter);
    section.read_pointers("id", into.id);
    section.read_pointers("username", into.username);
    section.read_pointers("display_name", into.display_name);
    section.read_pointers("avatar_url", into.avatar_url);
    section.read("retry_after", into.retry_after);
    read_matches(section, "fresh_token", into.fresh_token);
    section.read("may_be_absent", into.may_be_absent);
    section.finish();
    if (into.retry_after.empty() != into.fresh_token.empty()) {
        section.problem(into.retry_after.empty() ? "retry_after" : "fresh_token",
                        "is required too: the two say together when to ask again");
    }
}

} // namespace connectd::platforms
