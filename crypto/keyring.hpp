// The only door to plain text. Master keys wrap data keys; the data keys of one workspace make its keyring; a
// keyring seals values under its newest data key and opens values sealed under any of them.
//
// Every seal is bound to the place where the value is stored (`associated_data`), so a sealed value that is
// moved to another record, field or workspace is refused. Byte by byte: crypto/FORMAT.md.
//
// Threads: const members may be called from any thread at once. A keyring is a cheap handle: copies share the
// keys in guarded memory and the counts of seals. To add a data key to a keyring in use, copy it, add to the
// copy, store the wrapped key, then publish the copy.
#pragma once

#include "crypto/bytes.hpp"
#include "crypto/error.hpp"
#include "crypto/guarded_key.hpp"
#include "crypto/sealed.hpp"
#include "crypto/secret.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace connectd::crypto {

// Where a sealed value lives: the storage family, the row's key and the name of the field. Views, valid for
// the call only.
struct associated_data {
    std::string_view family;
    std::string_view record_key;
    std::string_view field;
};

// A data key as it is stored: it cannot be read without the master key.
struct wrapped_data_key {
    std::uint32_t version = 0;
    bytes wrapped;
    // How many seals the key may have made already; after a restart, as many as were ever reserved for it.
    std::uint64_t seals_used = 0;
};

// Derived from the master key itself, so that nobody has to name keys, and says nothing about it.
using master_key_id = std::array<std::uint8_t, 16>;

// The operator's master keys. The first wraps; all unwrap, which is how a master key is replaced.
// Threads: never changes once made; any thread.
class master_keys {
  public:
    // Errors: errc::no_master_key for an empty list.
    static result<master_keys> from(std::vector<guarded_key> const& keys);

    master_key_id const& first_id() const noexcept { return entries_.front().id; }
    bool contains(master_key_id const& id) const noexcept { return wrapping_key(id) != nullptr; }

  private:
    friend class keyring;

    struct entry {
        master_key_id id;
        guarded_key wrapping;
    };

    master_keys() = default;
    guarded_key const* wrapping_key(master_key_id const& id) const noexcept;
    bytes wrap(std::string_view workspace, std::uint32_t version, guarded_key const& data_key) const;
    result<guarded_key> unwrap(std::string_view workspace, wrapped_data_key const& stored) const;

    std::vector<entry> entries_;
};

class keyring {
  public:
    // Nonces are random. After 2^30 seals two of a key's nonces are equal with a probability of 2^-37; NIST
    // SP 800-38D section 8.3 allows 2^32 seals.
    static constexpr std::uint64_t default_seal_limit = std::uint64_t{1} << 30;

    struct created;

    // A workspace's first data key, version 1. `workspace_raw` is workspace_id::raw() here and below.
    static created create(master_keys const& masters, std::string_view workspace_raw,
                          std::uint64_t seal_limit = default_seal_limit);

    // Unwraps all data keys of a workspace, in any order.
    // Errors: errc::no_data_key, duplicate_key_version, malformed_wrapped_key, unsupported_format,
    // wrong_master_key, wrapped_key_refused.
    static result<keyring> open(master_keys const& masters, std::string_view workspace_raw,
                                std::span<wrapped_data_key const> stored,
                                std::uint64_t seal_limit = default_seal_limit);

    // Wraps a stored data key under the first master key. Errors: as `open`, for this key.
    static result<wrapped_data_key> rewrap(master_keys const& masters, std::string_view workspace_raw,
                                           wrapped_data_key const& stored);

    // Which master key wraps it. Errors: errc::malformed_wrapped_key, unsupported_format.
    static result<master_key_id> wrapped_by(wrapped_data_key const& stored);

    // Adds a random data key, which becomes the newest; from then on it seals. Not const: see "Threads"
    // above. Errors: errc::key_exhausted when there are no version numbers left.
    result<wrapped_data_key> add_new_version(master_keys const& masters);

    // Errors: errc::key_exhausted, errc::value_too_large above sealed::max_plaintext.
    result<sealed> seal(secret const& value, associated_data const& where) const;
    result<sealed> seal(bytes_view value, associated_data const& where) const;

    // Errors: errc::malformed_sealed_value for an empty value, errc::unknown_key_version,
    // errc::sealed_value_refused.
    result<secret> open(sealed const& value, associated_data const& where) const;

    std::uint32_t newest_version() const noexcept;

    // Seals made by the newest data key, in this process and, as far as they were reserved, before it.
    std::uint64_t seals_used() const noexcept;

    // The newest data key has used half of its seals. Rotating then leaves time to do it in the background.
    bool rotation_due() const noexcept;

  private:
    struct data_key;

    keyring(std::string_view workspace_raw, std::uint64_t seal_limit);
    data_key const* find(std::uint32_t version) const noexcept;

    bytes workspace_;
    std::uint64_t seal_limit_;
    // Sorted by version, never empty. Shared between the copies of a keyring, which must count seals
    // together.
    std::vector<std::shared_ptr<data_key const>> keys_;
};

// A new workspace's keyring, and its data key as it must be stored.
struct keyring::created {
    keyring ring;
    wrapped_data_key first;
};

} // namespace connectd::crypto
