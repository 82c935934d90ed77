#include "tests/server/dialects/vendor_client.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <regex>
#include <utility>

namespace connectd::tests {
namespace {

std::string place(std::string const& at, boost::json::value const& wanted, boost::json::value const& found) {
    return at + ": " + boost::json::serialize(wanted) + " wanted, " + boost::json::serialize(found);
}

bool stands_for(std::string_view wanted, std::string const& found, answer const& got) {
    static std::regex const time{R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"};
    if (wanted == "<any>") {
        return !found.empty();
    }
    if (wanted == "<time>") {
        return std::regex_match(found, time);
    }
    if (wanted == "<id>") {
        return found == got.header("x-request-id");
    }
    return wanted == found;
}

std::string compare(std::string const& at, boost::json::value const& wanted, boost::json::value const& found,
                    answer const& got) {
    if (wanted.is_string() && found.is_string()) {
        bool const same =
            stands_for(wanted.get_string(), std::string{std::string_view{found.get_string()}}, got);
        return same ? std::string{} : place(at, wanted, found);
    }
    if (wanted == "<list>" && found.is_array()) {
        return found.get_array().empty() ? at + " is empty" : std::string{};
    }
    if (wanted.is_array() && found.is_array() && wanted.get_array().size() == found.get_array().size()) {
        for (std::size_t index = 0; index < wanted.get_array().size(); ++index) {
            auto const inner = compare(at + "/" + std::to_string(index), wanted.get_array()[index],
                                       found.get_array()[index], got);
            if (!inner.empty()) {
                return inner;
            }
        }
        return {};
    }
    if (!wanted.is_object() || !found.is_object() ||
        wanted.get_object().size() != found.get_object().size()) {
        return wanted == found ? std::string{} : place(at, wanted, found);
    }
    for (auto const& [name, value] : wanted.get_object()) {
        auto const* other = found.get_object().if_contains(name);
        auto const below = at + "/" + std::string{name};
        auto const inner = other == nullptr ? below + " is missing" : compare(below, value, *other, got);
        if (!inner.empty()) {
            return inner;
        }
    }
    return {};
}

} // namespace

answer vendor_client::send(std::string_view method, std::string_view path, std::string_view body,
                           bool keyed) const {
    client one{at.url()};
    std::string text{method};
    text.append(" ").append(base).append(path).append(" HTTP/1.1\r\nHost: ");
    text += host.empty() ? at.url().substr(at.url().find("//") + 2) : host;
    if (keyed && !key.empty()) {
        text.append("\r\n").append(key_header).append(": ").append(key_prefix).append(key);
    }
    if (!body.empty()) {
        text.append("\r\nContent-Type: application/json\r\nContent-Length: ")
            .append(std::to_string(body.size()));
    }
    one.write(text.append("\r\n\r\n").append(body));
    return one.read();
}

answer vendor_client::ask(std::string_view method, std::string_view path, std::string_view body) const {
    return send(method, path, body, true);
}

answer vendor_client::visit(std::string_view path) const {
    return send("GET", path, {}, false);
}

vendor_client vendor_client::with_key(std::string other) const {
    return {at, base, key_header, key_prefix, std::move(other), host};
}

std::string difference(exchange_line const& line, answer const& got) {
    if (got.status != line.status) {
        return std::to_string(got.status) + " " + got.body;
    }
    if (line.answer.empty()) {
        return got.body;
    }
    auto const found = compare("", boost::json::parse(line.answer), got.json(), got);
    return found.empty() ? found : found + "\n" + got.body;
}

void play(vendor_client const& as, std::vector<exchange_line> const& lines) {
    for (auto const& line : lines) {
        BOOST_TEST_CONTEXT(line.method << " " << line.path << " " << line.body) {
            BOOST_TEST(difference(line, as.ask(line.method, line.path, line.body)) == "");
        }
    }
}

} // namespace connectd::tests
