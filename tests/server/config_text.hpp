#pragma once

// Configurations made from text, for the tests of their loading.

#include "server/config_load.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace connectd::server {

inline config from_file(std::string const& toml) {
    return make_config(config_text{"connectd.toml", toml}, {}, {});
}

inline std::vector<config_problem> problems_of(std::string const& toml,
                                               environment_map const& environment = {},
                                               config_flags const& flags = {}) {
    try {
        make_config(config_text{"connectd.toml", toml}, environment, flags);
    } catch (config_error const& error) {
        return error.problems();
    }
    return {};
}

// "where: key: text" of the only problem.
inline std::string problem_of(std::string const& toml, environment_map const& environment = {},
                              config_flags const& flags = {}) {
    auto const problems = problems_of(toml, environment, flags);
    if (problems.size() != 1) {
        return std::to_string(problems.size()) + " problems";
    }
    return config_error{problems}.what();
}

inline boost::asio::ip::tcp::endpoint endpoint(char const* address, std::uint16_t port) {
    return {boost::asio::ip::make_address(address), port};
}

} // namespace connectd::server
