#include "tests/sandbox/visit.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace connectd::tests {
namespace {

sandbox::sandbox_options only(sandbox::sandbox_options options, std::string_view name) {
    options.only = {std::string{name}};
    return options;
}

} // namespace

visit::visit(std::string_view name, sandbox::sandbox_options options)
    : platform{name},
      pretend{only(std::move(options), name)},
      site{pretend.url(name)},
      control{pretend.control_url()} {}

parameters visit::with(parameters all, parameters const& replaced) {
    for (auto const& [name, value] : replaced)
        all[name] = value;
    std::erase_if(all, [](auto const& each) { return each.second.empty(); });
    return all;
}

std::string visit::decide(std::string const& authorize_target, std::string_view person,
                          std::string_view decision) {
    boost::json::object const body{{"authorize_url", pretend.url(platform) + authorize_target},
                                   {"person", person},
                                   {"decision", decision}};
    auto const done = control.post_json("/" + platform + "/consent", boost::json::serialize(body));
    return done.status == 200 ? done.text("/location") : done.text("/error");
}

std::string visit::code(std::string const& authorize_target, std::string_view person) {
    return parameter_of(decide(authorize_target, person), "code");
}

void visit::put_app(std::string_view json) {
    auto const done = control.post_json("/" + platform + "/apps", json);
    BOOST_REQUIRE_MESSAGE(done.status == 201, done.body);
}

bool visit::had_event(std::string_view kind) {
    auto const all = pretend.log().events(0, 10'000);
    return std::ranges::find(all, kind, &sandbox::event_record::kind) != all.end();
}

} // namespace connectd::tests
