#include "server/api/choices.hpp"

#include "server/api/accounts.hpp"
#include "server/api/body.hpp"
#include "server/api/problem.hpp"
#include "server/api/sessions.hpp"

#include <boost/describe/class.hpp>

#include <string>
#include <vector>

namespace connectd::server::api {
namespace {

struct choice_body {
    std::vector<std::string> candidate_ids;
};
BOOST_DESCRIBE_STRUCT(choice_body, (), (candidate_ids))

} // namespace

runtime::task<http::response> choose_candidates(call of) {
    auto body = read_body<choice_body>(of.asked);
    if (body.has_error()) {
        co_return body.error();
    }
    auto const made = co_await of.services().choices.choose(of.workspace(), of.asked.path_parameter("id"),
                                                            std::move(body->candidate_ids));
    if (made.has_error()) {
        co_return refuse(made.error(), of.asked);
    }
    auto shown = to_json(made->session);
    boost::json::array accounts;
    for (auto const& each : made->accounts) {
        accounts.push_back(to_json(each));
    }
    shown["accounts"] = std::move(accounts);
    co_return http::response::json(200, shown);
}

} // namespace connectd::server::api
