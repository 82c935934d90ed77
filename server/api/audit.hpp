// /v1/audit: who changed what, and from where; and the one place that writes it down for the native API.
#pragma once

#include "server/api/route.hpp"
#include "server/services/audit.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace connectd::server::api {

// Hands `answer` on once what it says has been done is in the audit log; a refused request is none of it.
// Where the log cannot be written the answer is that problem: what is not in it must not be acknowledged.
runtime::task<http::response> audited(call of, std::string_view action, http::response answer);

boost::json::object to_json(services::audit_view const& shown);

runtime::task<http::response> list_audit(call of);

} // namespace connectd::server::api
