#include "server/http/request.hpp"

#include <boost/asio/ip/address.hpp>

#include <stdexcept>

namespace connectd::server::http {

namespace {

std::string_view trim(std::string_view text) noexcept {
    auto const first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

} // namespace

std::string const& request::path_parameter(std::string_view name) const {
    for (auto const& [key, value] : path_parameters) {
        if (key == name) {
            return value;
        }
    }
    throw std::logic_error{"the route " + std::string{route} + " has no parameter " + std::string{name}};
}

std::optional<std::string_view> request::cookie(std::string_view name) const noexcept {
    for (auto const field : headers) {
        if (!equal_ignoring_case(field.name, "Cookie")) {
            continue;
        }
        auto rest = field.value;
        while (!rest.empty()) {
            auto const end = std::min(rest.find(';'), rest.size());
            auto const piece = trim(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            auto const middle = piece.find('=');
            if (middle == std::string_view::npos || piece.substr(0, middle) != name) {
                continue;
            }
            auto value = piece.substr(middle + 1);
            if (value.size() >= 2 && value.front() == '"' && value.back() == '"') {
                value = value.substr(1, value.size() - 2);
            }
            return value;
        }
    }
    return std::nullopt;
}

bool request::content_type_is(std::string_view media_type) const noexcept {
    auto const value = header("Content-Type");
    return value &&
           equal_ignoring_case(trim(value->substr(0, std::min(value->find(';'), value->size()))), media_type);
}

std::string request::remote_address() const {
    auto const address = remote.address();
    if (address.is_v6() && address.to_v6().is_v4_mapped()) {
        return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, address.to_v6()).to_string();
    }
    return address.to_string();
}

} // namespace connectd::server::http
