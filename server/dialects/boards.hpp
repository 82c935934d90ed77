// Pinterest's boards of a connected account, for the vendors whose clients choose one: calls through the
// proxy, which the plan has to include.
#pragma once

#include "server/dialects/dialect.hpp"

#include <string>
#include <vector>

namespace connectd::server::dialects {

struct board {
    std::string id;
    std::string name;
    std::string privacy; // PUBLIC, PROTECTED, SECRET; empty where Pinterest does not say
    std::string description;
};

struct new_board {
    std::string name;
    std::string description{};
    std::string privacy{};
};

// All of them. Errors: account_not_found, field_invalid (an account of another platform),
// feature_not_in_plan, platform_answer_invalid, and those of the proxy.
runtime::task<services::outcome<std::vector<board>>> all_boards(call of, std::string account);

// Errors: the same; field_invalid also for a board that Pinterest does not take.
runtime::task<services::outcome<board>> create_board(call of, std::string account, new_board wanted);

} // namespace connectd::server::dialects
