// Writes down what was asked and what was answered, and what webhook endpoints were sent, for tests/contract
// to check against the OpenAPI document: a JSON object a line, appended to the file that the environment
// variable CONNECTD_EXCHANGES names. Without it nothing happens. Any thread.
#pragma once

#include "tests/support/client.hpp"

#include <string_view>

namespace connectd::tests {

void log_exchange(std::string_view method, std::string_view target, header_list const& headers,
                  std::string_view body, answer const& got);

// Of the headers those that came.
void log_delivery(header_list const& headers, std::string_view body);

} // namespace connectd::tests
