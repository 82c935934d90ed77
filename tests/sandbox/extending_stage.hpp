// The steps at Instagram and at Threads, whose tokens renew themselves.
#pragma once

#include "tests/sandbox/graph_stage.hpp"

namespace connectd::tests {

struct extending_stage : graph_stage {
    // `grants` begin with two letters that tell the products apart, ig or th.
    extending_stage(std::string_view platform, std::string_view grants, std::string_view scope,
                    std::string_view base)
        : graph_stage{platform}, letters{grants}, scopes{scope}, version{base} {}

    // The location that a consent ends at.
    std::string location(parameter_map const& replaced = {}, boost::json::object members = {});
    std::string code(parameter_map const& replaced = {}, boost::json::object members = {});
    // The page, as a browser gets it.
    answer page(parameter_map replaced);
    // With the parameters of the sandbox's own app, some replaced.
    std::string code_form(std::string_view code, parameter_map const& replaced = {}) const;
    answer exchange(std::string_view code, parameter_map const& replaced = {});
    answer exchange_for_long(std::string_view token, parameter_map const& replaced = {});
    answer refresh(std::string_view token, parameter_map const& replaced = {});
    std::string short_token(std::string_view person = "ada");
    std::string long_token(std::string_view person = "ada");

    answer get(std::string_view path_and_query, std::string_view token);
    answer post(std::string_view path, std::string_view token, parameter_map const& form);

    std::string const letters, scopes, version;
};

struct instagram_stage : extending_stage {
    instagram_stage()
        : extending_stage{"instagram", "ig", "instagram_business_basic,instagram_business_content_publish",
                          "/v26.0"} {}
};

struct threads_stage : extending_stage {
    threads_stage() : extending_stage{"threads", "th", "threads_basic,threads_content_publish", "/v1.0"} {}
};

// What an answer of the token endpoint says of an error in its flat shape.
std::string flat_error_of(answer const& got);

} // namespace connectd::tests
