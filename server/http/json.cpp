#include "server/http/json.hpp"

#include <string>

namespace connectd::server::http::detail {

void wrong_type(std::string_view expected, boost::json::value const& found, pointer const& at,
                problem_list& problems) {
    problems.add(at, "wrong_type",
                 "Must be " + std::string{expected} + ", not " +
                     std::string{boost::json::to_string(found.kind())} + ".");
}

void not_allowed(std::vector<std::string_view> const& names, pointer const& at, problem_list& problems) {
    std::string message = "Must be one of ";
    for (std::size_t index = 0; index < names.size(); ++index) {
        message.append(index == 0 ? "" : ", ").append(names[index]);
    }
    problems.add(at, "not_allowed", message + ".");
}

bool read(boost::json::value const& from, bool& to, pointer const& at, problem_list& problems) {
    if (!from.is_bool()) {
        wrong_type("true or false", from, at, problems);
        return false;
    }
    to = from.get_bool();
    return true;
}

bool read(boost::json::value const& from, double& to, pointer const& at, problem_list& problems) {
    if (!from.is_number()) {
        wrong_type("a number", from, at, problems);
        return false;
    }
    to = from.to_number<double>();
    return true;
}

bool read(boost::json::value const& from, std::string& to, pointer const& at, problem_list& problems) {
    if (!from.is_string()) {
        wrong_type("a string", from, at, problems);
        return false;
    }
    auto const& text = from.get_string();
    to.assign(text.data(), text.size());
    return true;
}

bool read(boost::json::value const& from, boost::json::object& to, pointer const& at,
          problem_list& problems) {
    if (!from.is_object()) {
        wrong_type("an object", from, at, problems);
        return false;
    }
    to = from.get_object();
    return true;
}

bool read(boost::json::value const& from, std::map<std::string, std::string>& to, pointer const& at,
          problem_list& problems) {
    if (!from.is_object()) {
        wrong_type("an object", from, at, problems);
        return false;
    }
    bool good = true;
    for (auto const& member : from.get_object()) {
        std::string const name{member.key()};
        good = read(member.value(), to[name], pointer{at, name}, problems) && good;
    }
    return good;
}

bool read_signed(boost::json::value const& from, std::int64_t& to, std::int64_t lowest, std::int64_t highest,
                 pointer const& at, problem_list& problems) {
    if (!from.is_int64() && !from.is_uint64()) {
        wrong_type("an integer", from, at, problems);
        return false;
    }
    // A uint64 kind is beyond the range of every signed type.
    if (from.is_uint64() || from.get_int64() < lowest || from.get_int64() > highest) {
        problems.add(at, "out_of_range",
                     "Must be from " + std::to_string(lowest) + " to " + std::to_string(highest) + ".");
        return false;
    }
    to = from.get_int64();
    return true;
}

bool read_unsigned(boost::json::value const& from, std::uint64_t& to, std::uint64_t highest,
                   pointer const& at, problem_list& problems) {
    if (!from.is_int64() && !from.is_uint64()) {
        wrong_type("an integer", from, at, problems);
        return false;
    }
    bool const negative = from.is_int64() && from.get_int64() < 0;
    auto const value = from.is_uint64() ? from.get_uint64() : static_cast<std::uint64_t>(from.get_int64());
    if (negative || value > highest) {
        problems.add(at, "out_of_range", "Must be from 0 to " + std::to_string(highest) + ".");
        return false;
    }
    to = value;
    return true;
}

} // namespace connectd::server::http::detail
