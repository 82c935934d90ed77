// One change to a platform that makes its file wrong, and the one problem that it is.
#pragma once

#include "tests/platforms/support.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/test/unit_test.hpp>

#include <ostream>
#include <string>
#include <string_view>

namespace connectd::tests {

// The value at `pointer` becomes `value` (JSON; empty removes the member),
// and the one problem expected.
struct mistake {
    char const* pointer;
    char const* value;
    char const* where;
    char const* sentence;
};

inline std::ostream& operator<<(std::ostream& out, mistake const& m) {
    return out << m.pointer << " = " << m.value;
}

// The platform with that change.
inline std::string changed(std::string_view pointer, std::string_view value,
                           std::string_view platform = made_up_platform) {
    auto document = boost::json::parse(platform);
    auto const cut = pointer.rfind('/');
    auto* parent = &document;
    if (cut > 0) {
        parent = &document.at_pointer(pointer.substr(0, cut));
    }
    std::string name(pointer.substr(cut + 1));
    if (value.empty()) {
        parent->as_object().erase(name);
    } else {
        parent->as_object()[name] = boost::json::parse(value);
    }
    return boost::json::serialize(document);
}

inline void check_mistake(mistake const& m, std::string_view platform = made_up_platform) {
    auto const read = platforms::parse_descriptor(changed(m.pointer, m.value, platform), "chirp.json");
    BOOST_TEST_REQUIRE(read.problems.size() == 1u);
    BOOST_TEST(read.problems[0].file == "chirp.json");
    BOOST_TEST(read.problems[0].pointer == m.where);
    BOOST_TEST(read.problems[0].sentence == m.sentence);
}

} // namespace connectd::tests
