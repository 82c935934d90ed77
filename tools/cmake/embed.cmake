# Files that travel inside the binary.

# The one whose modules tools/bootstrap installs, whatever else is in the PATH.
if(NOT Python3_EXECUTABLE AND EXISTS /usr/bin/python3)
    set(Python3_EXECUTABLE /usr/bin/python3)
endif()
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# What comes from npm, as tools/npm/package-lock.json names it: installed by tools/bootstrap, or here where it is not yet.
set(CONNECTD_NODE_MODULES "${CMAKE_SOURCE_DIR}/tools/npm/node_modules")
set(CONNECTD_MODULES_STAMP "${CONNECTD_NODE_MODULES}/.installed_lock.json")
add_custom_command(
    OUTPUT "${CONNECTD_MODULES_STAMP}"
    COMMAND "${CMAKE_SOURCE_DIR}/tools/bootstrap" --modules
    DEPENDS "${CMAKE_SOURCE_DIR}/tools/npm/package-lock.json"
    COMMENT "Installing what comes from npm"
    VERBATIM)
add_custom_target(connectd_modules DEPENDS "${CONNECTD_MODULES_STAMP}")

# connectd_embed(TARGET NAME <name> HEADER <header> FUNCTION <namespace::function> [GZIP] FILES ... MODULES ...)
# Generates a source with the files' contents and adds it to the target. tools/embed_assets.py says what the header declares.
# MODULES are files of tools/npm/node_modules; GZIP compresses all of them.
function(connectd_embed target)
    cmake_parse_arguments(arg "GZIP" "NAME;HEADER;FUNCTION" "FILES;MODULES" ${ARGN})
    set(output "${CMAKE_CURRENT_BINARY_DIR}/${arg_NAME}.cpp")
    set(files "")
    foreach(file ${arg_FILES})
        cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}")
        list(APPEND files "${file}")
    endforeach()
    set(depends ${files})
    if(arg_MODULES)
        list(TRANSFORM arg_MODULES PREPEND "${CONNECTD_NODE_MODULES}/")
        list(APPEND files ${arg_MODULES})
        list(APPEND depends connectd_modules "${CONNECTD_MODULES_STAMP}")
    endif()
    set(gzip "")
    if(arg_GZIP)
        set(gzip --gzip)
    endif()
    add_custom_command(
        OUTPUT "${output}"
        COMMAND Python3::Interpreter "${CMAKE_SOURCE_DIR}/tools/embed_assets.py"
            --output "${output}" --include "${arg_HEADER}" --function "${arg_FUNCTION}" ${gzip} ${files}
        DEPENDS "${CMAKE_SOURCE_DIR}/tools/embed_assets.py" ${depends}
        COMMENT "Embedding ${arg_NAME}"
        VERBATIM)
    target_sources(${target} PRIVATE "${output}")
endfunction()
