#include "tests/server/exchange_log.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <cstdlib>
#include <fstream>
#include <mutex>
#include <string>

namespace connectd::tests {
namespace {

// What is longer is no JSON of ours.
constexpr std::size_t longest_body = 1 << 20;

boost::json::object to_json(header_list const& headers) {
    boost::json::object all;
    for (auto const& [name, value] : headers) {
        all[name] = value;
    }
    return all;
}

std::string_view content_type(header_list const& headers) {
    for (auto const& [name, value] : headers) {
        if (name == "Content-Type") {
            return value;
        }
    }
    return {};
}

void write_line(boost::json::object const& seen) {
    if (auto const* file = std::getenv("CONNECTD_EXCHANGES")) {
        static std::mutex one_at_a_time;
        std::scoped_lock const turn{one_at_a_time};
        std::ofstream{file, std::ios::app} << boost::json::serialize(seen) << '\n';
    }
}

} // namespace

void log_exchange(std::string_view method, std::string_view target, header_list const& headers,
                  std::string_view body, answer const& got) {
    bool const whole = got.ended == ending::complete && got.status != 0;
    if (!whole || body.size() > longest_body || got.body.size() > longest_body) {
        return;
    }
    write_line({{"method", method},
                {"target", target},
                {"request_type", content_type(headers)},
                {"request_body", body},
                {"status", got.status},
                {"headers", to_json(got.headers)},
                {"body", got.body}});
}

void log_delivery(header_list const& headers, std::string_view body) {
    write_line({{"webhook_headers", to_json(headers)}, {"body", body}});
}

} // namespace connectd::tests
