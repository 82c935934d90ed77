#include "tests/server/pretend_server.hpp"

#include "tests/support/scripted_server.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace connectd::tests {
namespace {

scripted_server::script serve(std::function<std::string(std::string const&)> next) {
    return [next = std::move(next)](scripted_server::peer& one) {
        for (auto request = one.read_request(); !request.empty(); request = one.read_request()) {
            if (!one.write(next(request))) {
                return;
            }
        }
    };
}

} // namespace

pretend_server::pretend_server()
    : server_{std::make_unique<scripted_server>(serve(std::bind_front(&pretend_server::next, this)))} {}

pretend_server::pretend_server(authority const& ca)
    : server_{std::make_unique<scripted_server>(serve(std::bind_front(&pretend_server::next, this)),
                                                ca.issue("IP:127.0.0.1"))} {}

pretend_server::~pretend_server() = default;

std::string pretend_server::json(std::string_view body, std::string_view status) {
    return answer(body, "Content-Type: application/json\r\n", status);
}

void pretend_server::set(std::string what, std::string_view body, std::string_view status) {
    set(std::move(what), [whole = json(body, status)](std::string const&) { return whole; });
}

void pretend_server::set(std::string what, maker how) {
    std::lock_guard const lock{guard_};
    answers_[std::move(what)] = std::move(how);
}

std::string pretend_server::host() const {
    return "127.0.0.1:" + std::to_string(server_->port());
}

std::string pretend_server::url(std::string_view path) const {
    return server_->url(path);
}

std::vector<std::string> pretend_server::asked(std::string_view what) const {
    std::lock_guard const lock{guard_};
    std::vector<std::string> found;
    std::ranges::copy_if(requests_, std::back_inserter(found),
                         [&](std::string const& each) { return each.starts_with(what); });
    return found;
}

std::string pretend_server::next(std::string const& request) {
    auto const line = request.substr(0, request.find(" HTTP/"));
    auto const what = line.substr(0, line.find('?'));
    std::lock_guard const lock{guard_};
    requests_.push_back(request);
    auto const found = answers_.find(what);
    return found == answers_.end() ? json("{}", "404 Not Found") : found->second(request);
}

} // namespace connectd::tests
