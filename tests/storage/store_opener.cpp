// Opens the store in a folder as another process would, says how that went, and ends with 0 (opened) or 1
// (refused).
#include "storage/rocksdb/rocksdb_store.hpp"

#include <cstdio>

int main(int argc, char** argv) {
    if (argc != 2)
        return 2;
    auto const opened = connectd::storage::rocksdb_store::open({argv[1], false, {}, {}});
    if (opened)
        return 0;
    std::puts(opened.error().message.c_str());
    return 1;
}
