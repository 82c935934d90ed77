// The secrets that live outside the store: the master key, which everything sealed depends on, the root API
// key, and whatever else a configuration names by its place.
//
// Used at start-up, from one thread. Functions throw start_error with a sentence that names the file and
// never its content.
#pragma once

#include "crypto/guarded_key.hpp"
#include "crypto/secret.hpp"
#include "server/config.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace connectd::server {

inline constexpr char const* master_key_name = "master.key";
inline constexpr char const* root_key_name = "root.key";
inline constexpr char const* store_name = "store";

struct placed_secret {
    crypto::secret text; // of a file without surrounding white space
    std::string where;   // for messages: the file, or the variable with the words around it
};

// `what` the place should hold, for messages: "a master key".
placed_secret read_secret(secret_source const& source, std::string const& what);

struct master_key_list {
    std::vector<crypto::guarded_key> keys;     // the first wraps
    std::optional<std::filesystem::path> made; // set when this call made one
};

// The keys that the configuration names, in its order. When it names none: the one in the data folder, which
// is made (mode 0600) if the folder holds no store yet; a store without its key is refused rather than given
// a wrong one.
master_key_list load_master_keys(config const& settings);

// The root key in the data folder; nothing when there is no such file.
std::optional<crypto::secret> read_root_key(std::filesystem::path const& data_dir);

// Makes the file, mode 0600, on disk before this returns. Refuses to replace one.
void write_key_file(std::filesystem::path const& file, crypto::secret const& text);

} // namespace connectd::server
