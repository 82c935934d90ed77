// What the lexicon of app.bsky.feed.post demands of a record (lexicons/app/bsky/feed/post.json, August 2026).
// Pure functions, any thread.
#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>

namespace connectd::sandbox::bluesky {

// Whether the sandbox knows the schema of that collection; records of others pass with their $type checked
// only.
bool is_known(std::string_view collection);

// What is wrong with the record, in the words of the reference server; empty when nothing is.
std::string check_record(std::string_view collection, boost::json::object const& record);

} // namespace connectd::sandbox::bluesky
