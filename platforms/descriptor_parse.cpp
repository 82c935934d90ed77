#include "platforms/descriptor_parse.hpp"

#include "platforms/descriptor_reader.hpp"
#include "platforms/descriptor_sections.hpp"
#include "platforms/descriptor_words.hpp"
#include "platforms/endpoints.hpp"

#include <algorithm>
#include <array>

namespace connectd::platforms {
namespace {

constexpr std::size_t largest_file = 256 * 1024;

constexpr std::array<std::string_view, 3> known_quirks = {"bluesky", "facebook_pages",
                                                          "linkedin_organizations"};

bool is_name(std::string_view text) {
    auto const letter = [](char c) { return c >= 'a' && c <= 'z'; };
    return !text.empty() && text.size() <= 32 && letter(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_'; });
}

void read_names(object_reader& file, descriptor& into) {
    constexpr auto shape =
        "must be a name: a lower-case letter, then at most 31 lower-case letters, digits, - or _";
    if (file.members() != nullptr && !file.members()->contains("name")) {
        file.problem("name", "is required");
    }
    file.read("name", into.name);
    if (!into.name.empty() && !is_name(into.name)) {
        file.problem("name", shape);
    }
    into.title = into.name;
    file.read("title", into.title);
    file.read("aliases", into.aliases);
    for (std::size_t index = 0; index < into.aliases.size(); ++index) {
        auto const where = join_pointer(file.path("aliases"), std::to_string(index));
        if (!is_name(into.aliases[index])) {
            file.problems().add(where, shape);
        } else if (into.aliases[index] == into.name) {
            file.problems().add(where, "is the platform's name already");
        }
    }
    file.read("app_platform", into.app_platform);
    if (!into.app_platform.empty() && !is_name(into.app_platform)) {
        file.problem("app_platform", shape);
    } else if (!into.app_platform.empty() && into.app_platform == into.name) {
        file.problem("app_platform", "is the platform itself");
    }
    file.read("quirks", into.quirks);
    for (std::size_t index = 0; index < into.quirks.size(); ++index) {
        if (std::find(known_quirks.begin(), known_quirks.end(), into.quirks[index]) == known_quirks.end()) {
            file.problems().add(join_pointer(file.path("quirks"), std::to_string(index)),
                                "is not a quirk of this version: must be " +
                                    list_of_words({known_quirks.begin(), known_quirks.end()}));
        }
    }
}

bool says(object_reader& file, std::string_view section, std::string_view member) {
    auto const* value = file.members()->if_contains(section);
    auto const* members = value == nullptr ? nullptr : value->if_object();
    return members != nullptr && members->contains(member);
}

// OpenID Connect Core 1.0, so that an issuer alone is a whole file; the sections go over it.
void take_issuer_defaults(object_reader& file, descriptor& into) {
    into.identity.id = {"/sub"};
    into.identity.username = {"/preferred_username", "/nickname", "/email"};
    into.identity.display_name = {"/name"};
    into.identity.avatar_url = {"/picture"};
    into.refresh.model = refresh_model::rotating;
    if (!says(file, "scopes", "known")) {
        into.scopes.defaults = {"openid", "profile", "email", "offline_access"};
    }
    into.own_authentication = says(file, "client", "authentication");
    into.own_pkce = file.members()->contains("pkce");
}

// What the flow of an OAuth 2.0 platform cannot do without.
void check_oauth2(descriptor const& read, problem_list& problems) {
    check_endpoints(read, problems);
    if (read.identity.id.empty()) {
        problems.add("/identity/id", "is required for an oauth2 platform: it tells whose account it is");
    }
    check_grants(read, problems);
}

void check_bluesky(descriptor const& read, problem_list& problems) {
    for (auto const name : quirk_endpoints) {
        if (named_endpoint(read, name).empty()) {
            problems.add(join_pointer("/endpoints", name), "is required by the quirk \"bluesky\"");
        }
    }
    if (read.connect != connect_kind::app_password) {
        problems.add("/connect", "must be \"app_password\" for the quirk \"bluesky\"");
    }
}

// Both read more about the accounts of a list, below the API base.
void check_listing_quirks(descriptor const& read, problem_list& problems) {
    for (std::string const name : {"facebook_pages", "linkedin_organizations"}) {
        if (!has_quirk(read, name)) {
            continue;
        }
        for (auto const& [endpoint, url] : {std::pair{"api_base", &read.endpoints.api_base},
                                            std::pair{"candidates_url", &read.endpoints.candidates_url}}) {
            if (url->empty()) {
                problems.add(join_pointer("/endpoints", endpoint),
                             "is required by the quirk \"" + name + "\"");
            }
        }
    }
    if (has_quirk(read, "facebook_pages") && read.refresh.model != refresh_model::extend) {
        problems.add("/refresh/model", "must be \"extend\" for the quirk \"facebook_pages\"");
    }
}

} // namespace

bool has_quirk(descriptor const& d, std::string_view name) noexcept {
    return std::find(d.quirks.begin(), d.quirks.end(), name) != d.quirks.end();
}

std::string_view named_endpoint(descriptor const& d, std::string_view name) noexcept {
    auto const found = d.endpoints.named.find(name);
    return found == d.endpoints.named.end() ? std::string_view{} : std::string_view{found->second};
}

parsed_descriptor parse_descriptor(std::string_view json, std::string_view file_name) {
    problem_list problems(file_name);
    if (json.size() > largest_file) {
        problems.add("", "is larger than 256 KiB");
        return {{}, std::move(problems).take()};
    }
    auto const document = read_document(json, problems);
    if (!document) {
        return {{}, std::move(problems).take()};
    }

    descriptor read;
    object_reader file(&*document, "", problems);
    if (file.members() == nullptr) {
        return {{}, std::move(problems).take()};
    }
    read_names(file, read);
    file.read_choice<connect_kind>("connect", read.connect, connect_kind_words);
    file.read_choice<pkce_method>("pkce", read.pkce, pkce_method_words);
    read_instances(file, read);
    if (read.instances == instance_kind::issuer) {
        take_issuer_defaults(file, read);
    }
    read_endpoints(file, read.instances, read.endpoints);
    read_client(file, read.client);
    read_scopes(file, read.scopes);
    read_authorize(file, read.client, read.scopes, read.authorize);
    read_token(file, read.token);
    read_long_lived(file, read.long_lived);
    read_refresh(file, read.refresh);
    read_revoke(file, read.revoke);
    read_identity(file, read.identity);
    read_candidates(file, read.candidates);
    read_nothing(file, read.nothing);
    read_errors(file, read.errors);
    read_proxy(file, read.proxy);
    file.finish();

    if (read.connect == connect_kind::oauth2) {
        check_oauth2(read, problems);
    } else if (read.instances != instance_kind::single) {
        problems.add("/instances", "must be \"single\" for an app_password platform");
    } else if (!has_quirk(read, "bluesky")) {
        problems.add("/quirks", "must name \"bluesky\", the one app-password login of this version");
    }
    check_listing_quirks(read, problems);
    if (has_quirk(read, "bluesky")) {
        check_bluesky(read, problems);
    } else if (!read.endpoints.named.empty()) {
        problems.add(join_pointer("/endpoints", read.endpoints.named.begin()->first),
                     "is used by the quirk \"bluesky\" only");
    }
    return {std::move(read), std::move(problems).take()};
}

} // namespace connectd::platforms
