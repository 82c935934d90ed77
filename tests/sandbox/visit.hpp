// A sandbox that pretends one platform, with a client for it and one for the control API, and the steps that
// tests of any platform with OAuth begin with.
#pragma once

#include "tests/sandbox/stage.hpp"

#include <map>
#include <string>
#include <string_view>

namespace connectd::tests {

using parameters = std::map<std::string, std::string>;

struct visit {
    explicit visit(std::string_view name, sandbox::sandbox_options options = stage::defaults());

    // The parameters, some replaced; an empty value leaves one out.
    static parameters with(parameters all, parameters const& replaced);

    // Where the browser is sent after the person decided; the reason when it is sent nowhere.
    std::string decide(std::string const& authorize_target, std::string_view person = "ada",
                       std::string_view decision = "approve");
    std::string code(std::string const& authorize_target, std::string_view person = "ada");

    void put_app(std::string_view json);
    void ahead(std::chrono::milliseconds span) { pretend.clock().advance(span); }
    bool had_event(std::string_view kind);

    std::string const platform;
    sandbox::sandbox pretend;
    client site;
    client control;
};

} // namespace connectd::tests
