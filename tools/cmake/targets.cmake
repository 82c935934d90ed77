# How the project declares its libraries and tests.

# connectd_library(NAME <folder> SOURCES ... HEADERS ... PUBLIC ... PRIVATE ... [NO_PCH] [TOGETHER])
# One static library a folder, named connectd_<folder with underscores>. The test tools.headers compiles each header alone.
# TOGETHER: the sanitizer builds compile eight of its sources as one, which takes a fifth of the time, since what the headers
# bring is instantiated and instrumented once. The names in the folder's anonymous namespaces have to differ for that. The
# release and debug builds compile every source alone, so that none gets away with a missing include.
function(connectd_library name)
    cmake_parse_arguments(arg "NO_PCH;TOGETHER" "" "SOURCES;HEADERS;PUBLIC;PRIVATE" ${ARGN})
    add_library(${name} STATIC ${arg_SOURCES})
    target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${CMAKE_SOURCE_DIR}" FILES ${arg_HEADERS})
    target_link_libraries(${name} PUBLIC connectd_options ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
    if(NOT arg_NO_PCH)
        target_precompile_headers(${name} REUSE_FROM connectd_boost)
    endif()
    if(arg_TOGETHER AND CONNECTD_SANITIZE)
        set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    endif()
endfunction()

set(CONNECTD_SANITIZER_OPTIONS
    "TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tools/cmake/tsan.supp halt_on_error=1"
    "UBSAN_OPTIONS=print_stacktrace=1"
    "ASAN_OPTIONS=detect_stack_use_after_return=1")

add_custom_target(tests)
add_custom_target(threaded_tests)

# connectd_test(<folder> SOURCES a_test.cpp b_test.cpp ... LINK libraries...)
# One Boost.Test binary a folder, built by the target `tests` and, where threads meet, by `threaded_tests` (label `threads`).
# Each file a_test.cpp holds the suite a_test, registered with CTest as <folder>.a, with the label <folder>.
# CHECKED: its exchanges with the server are checked against openapi.yaml; not again under sanitizers, which find other things.
function(connectd_test folder)
    cmake_parse_arguments(arg "CHECKED" "TIMEOUT" "SOURCES;LINK;SUPPORT" ${ARGN})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 300)
    endif()
    if(CONNECTD_SANITIZE)
        math(EXPR arg_TIMEOUT "3 * ${arg_TIMEOUT}") # instrumented, and not optimised
    endif()
    string(REPLACE "/" "_" target "test_${folder}")
    add_executable(${target} ${arg_SOURCES} ${arg_SUPPORT} "${CMAKE_SOURCE_DIR}/tests/support/test_main.cpp")
    target_link_libraries(${target} PRIVATE ${arg_LINK} connectd_test_boost)
    target_precompile_headers(${target} REUSE_FROM connectd_test_boost)
    # Boost.Test's entry point depends on a macro that must come before its header.
    set_source_files_properties("${CMAKE_SOURCE_DIR}/tests/support/test_main.cpp" PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
    add_dependencies(tests ${target})
    set(labels "${folder}")
    if(folder MATCHES "^(storage|server)")
        add_dependencies(threaded_tests ${target})
        list(APPEND labels threads)
    endif()
    set(runner "")
    if(arg_CHECKED AND NOT CONNECTD_SANITIZE)
        set(runner Python3::Interpreter -B "${CMAKE_SOURCE_DIR}/tests/contract/run_checked.py"
            "${CMAKE_BINARY_DIR}/server/api/openapi.json")
    endif()
    foreach(source ${arg_SOURCES})
        get_filename_component(suite "${source}" NAME_WE)
        string(REGEX REPLACE "_test$" "" noun "${suite}")
        string(REPLACE "/" "." prefix "${folder}")
        add_test(NAME "${prefix}.${noun}" COMMAND ${runner} $<TARGET_FILE:${target}>
            --run_test=${suite} --log_level=test_suite --color_output=no)
        set_tests_properties("${prefix}.${noun}" PROPERTIES LABELS "${labels}" TIMEOUT ${arg_TIMEOUT}
            ENVIRONMENT "${CONNECTD_SANITIZER_OPTIONS}")
    endforeach()
endfunction()
