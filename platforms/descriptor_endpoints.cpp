// The sections of a platform file that say where its servers are, and the endpoints that the config
// overrides.
#include "platforms/descriptor_parse.hpp"
#include "platforms/descriptor_sections.hpp"
#include "platforms/descriptor_words.hpp"
#include "platforms/discovery.hpp"
#include "platforms/endpoints.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace connectd::platforms {
namespace {

// What is wrong with a URL, or an empty text. `local_http`: plain http only to this machine, else anywhere.
std::string url_problem(std::string_view url, bool local_http) {
    auto const parsed = boost::urls::parse_uri(boost::urls::string_view(url.data(), url.size()));
    if (!parsed || !parsed->has_authority() || parsed->encoded_host().empty()) {
        return "must be an absolute URL such as \"https://api.example.com/token\"";
    }
    if (parsed->has_userinfo()) {
        return "must not carry a user name or password";
    }
    if (parsed->has_fragment()) {
        return "must not have a fragment";
    }
    if (parsed->scheme() == "https") {
        return "";
    }
    if (parsed->scheme() != "http") {
        return "must be an https URL";
    }
    auto const host = parsed->encoded_host();
    bool const local = host == "localhost" || host == "127.0.0.1" || host == "[::1]";
    return local || !local_http ? "" : "must be an https URL; plain http is accepted for this machine only";
}

bool may_begin_with_account_base(std::string_view endpoint) {
    return endpoint == "identity_url" || endpoint == "candidates_url";
}

// As url_problem. What an endpoint may begin with is known only later, so an example stands in for it.
std::string endpoint_problem(std::string_view endpoint, std::string_view url, instance_kind instances,
                             bool local_http) {
    for (auto const base : {instance_base, account_base}) {
        if (!url.starts_with(base) || (base == account_base && !may_begin_with_account_base(endpoint))) {
            continue;
        }
        if (base == instance_base && instances != instance_kind::host) {
            return "may begin with {instance} only where \"instances\" is \"host\"";
        }
        auto const rest = url.substr(base.size());
        if (!rest.empty() && rest.front() != '/') {
            return "must go on with a slash after " + std::string(base);
        }
        return url_problem("https://api.example.com" + std::string(rest), local_http);
    }
    return url_problem(url, local_http);
}

void check_host_endpoints(descriptor const& read, problem_list& problems) {
    for (auto const& [name, url] : {std::pair{"authorize_url", &read.endpoints.authorize_url},
                                    std::pair{"token_url", &read.endpoints.token_url}}) {
        if (!url->empty() && !url->starts_with(instance_base)) {
            problems.add(join_pointer("/endpoints", name),
                         "must begin with {instance}, the server that the user names");
        }
    }
    if (read.endpoints.registration_url.empty()) {
        problems.add("/endpoints/registration_url",
                     "is required where \"instances\" is \"host\": a server knows its own applications only");
    }
}

} // namespace

void read_instances(object_reader& file, descriptor& into) {
    file.read_choice<instance_kind>("instances", into.instances, instance_kind_words);
    auto section = file.object("discovery");
    section.read("issuer", into.issuer);
    section.finish();
    if (into.instances == instance_kind::issuer) {
        if (!into.issuer.empty() && !parse_issuer(into.issuer)) {
            section.problem("issuer", "must be an https URL without query and fragment, as the server's "
                                      "metadata says it; plain http is accepted for this machine only");
        }
    } else if (section.members() != nullptr) {
        file.problem("discovery", "is used only where \"instances\" is \"issuer\"");
    }
}

void read_endpoints(object_reader& file, instance_kind instances, endpoint_set& into) {
    auto section = file.object("endpoints");
    for (auto const& [name, member] : endpoint_members) {
        section.read(name, into.*member);
    }
    for (auto const name : quirk_endpoints) {
        std::string url;
        section.read(name, url);
        if (!url.empty()) {
            into.named.emplace(name, std::move(url));
        }
    }
    section.finish();
    if (section.members() == nullptr) {
        return;
    }
    for (auto const& item : *section.members()) {
        auto const* text = item.value().if_string();
        if (text == nullptr || item.key() == "comment") {
            continue;
        }
        if (auto sentence = endpoint_problem(item.key(), *text, instances, true); !sentence.empty()) {
            section.problem(item.key(), std::move(sentence));
        }
    }
}

void check_endpoints(descriptor const& read, problem_list& problems) {
    auto const& endpoints = read.endpoints;
    auto const require = [&](std::string const& url, char const* pointer, char const* sentence) {
        // The metadata of an issuer says what the file does not.
        if (url.empty() && read.instances != instance_kind::issuer) {
            problems.add(pointer, sentence);
        }
    };
    require(endpoints.authorize_url, "/endpoints/authorize_url", "is required for an oauth2 platform");
    require(endpoints.token_url, "/endpoints/token_url", "is required for an oauth2 platform");
    require(endpoints.identity_url, "/endpoints/identity_url",
            "is required for an oauth2 platform: it tells whose account it is");
    for (auto const& [name, url] : {std::pair{"identity_url", &endpoints.identity_url},
                                    std::pair{"candidates_url", &endpoints.candidates_url}}) {
        if (url->starts_with(account_base) && endpoints.api_base.empty()) {
            problems.add("/endpoints/api_base",
                         "is required when " + std::string(name) + " begins with {api_base}");
        }
    }
    if (read.instances == instance_kind::host) {
        return check_host_endpoints(read, problems);
    }
    for (auto const& [pointer, unused] :
         {std::pair{"/endpoints/registration_url", !endpoints.registration_url.empty()},
          std::pair{"/scopes/fallback", !read.scopes.fallback.empty()}}) {
        if (unused) {
            problems.add(pointer, "is used only where \"instances\" is \"host\"");
        }
    }
}

std::string override_endpoint(descriptor& platform, std::string_view endpoint, std::string_view url) {
    auto const known =
        std::ranges::find(endpoint_members, endpoint, [](auto const& item) { return item.first; });
    auto const named = platform.endpoints.named.find(endpoint);
    std::string* target = nullptr;
    if (known != endpoint_members.end()) {
        target = &(platform.endpoints.*known->second);
    } else if (named != platform.endpoints.named.end()) {
        target = &named->second;
    } else {
        return "is not an endpoint of this platform";
    }
    if (auto sentence = endpoint_problem(endpoint, url, platform.instances, false); !sentence.empty()) {
        return sentence;
    }
    target->assign(url);
    return "";
}

} // namespace connectd::platforms
