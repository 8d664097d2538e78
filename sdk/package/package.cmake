# Debian packages, by `cpack` in the build folder:
#
#     stressor               the program, the library, the bundled plugins, documentation, examples
#     libstressor-dev        what authors of plugins and embedding programs need
#     stressor-plugin-NAME   a plugin whose library is large or serves one kind of server only, so
#                            that nobody has it who does not use it
#
# Each file belongs to the component of its package: `stressor` unless install() says otherwise.

set(STRESSOR_MAINTAINER "stressor authors <authors@stressor.invalid>"
    CACHE STRING "Maintainer of the Debian packages: NAME <ADDRESS>")

set(components stressor libstressor-dev)
set(extra_plugins pgsql redis python)
foreach(name ${extra_plugins})
    if(TARGET plugin_${name})
        list(APPEND components stressor-plugin-${name})
    endif()
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME stressor)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT ${STRESSOR_MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL ${components})
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
set(CPACK_POST_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/repack.cmake)
set(CPACK_VERBATIM_VARIABLES ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib)

set(CPACK_DEBIAN_STRESSOR_PACKAGE_NAME stressor)
set(CPACK_DEBIAN_STRESSOR_PACKAGE_SECTION net)
set(CPACK_DEBIAN_STRESSOR_PACKAGE_SUGGESTS libstressor-dev)
# Who links the library wants just this version. The loader's cache is made anew.
configure_file(${CMAKE_CURRENT_LIST_DIR}/shlibs.in ${PROJECT_BINARY_DIR}/package/shlibs @ONLY)
set(CPACK_DEBIAN_STRESSOR_PACKAGE_CONTROL_EXTRA
    ${PROJECT_BINARY_DIR}/package/shlibs ${CMAKE_CURRENT_LIST_DIR}/triggers)
set(CPACK_DEBIAN_STRESSOR_DESCRIPTION
"runs scenarios of activities in parallel sessions
A scenario is a YAML file: many sessions at a time, each with activities such
as HTTP requests and pauses. stressor performs it, shows the run while it goes
on, and reports honest times and errors. Every kind of activity is a plugin.
.
This package holds the program, the library that it is made of, the bundled
plugins, and a web server to practise on.")

set(CPACK_DEBIAN_LIBSTRESSOR-DEV_PACKAGE_NAME libstressor-dev)
set(CPACK_DEBIAN_LIBSTRESSOR-DEV_PACKAGE_SOURCE stressor)
set(CPACK_DEBIAN_LIBSTRESSOR-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBSTRESSOR-DEV_PACKAGE_DEPENDS "stressor (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_LIBSTRESSOR-DEV_PACKAGE_RECOMMENDS
    "cmake, gcc | c-compiler, libcmocka-dev, pkg-config | pkgconf")
set(CPACK_DEBIAN_LIBSTRESSOR-DEV_DESCRIPTION
"plugins for stressor, and programs that embed it
stressor runs scenarios of activities in parallel sessions; every kind of
activity is a plugin.
.
This package holds what plugins are built and tested with: the headers, the
CMake package, the pkg-config file, the template of a plugin, the test host and
the checker. Programs that embed the library are built with it too.")

set(what_pgsql "SQL for PostgreSQL")
set(what_redis "commands for Redis")
set(what_python "scripts in Python")
foreach(name ${extra_plugins})
    string(TOUPPER stressor-plugin-${name} COMPONENT)
    set(CPACK_DEBIAN_${COMPONENT}_PACKAGE_NAME stressor-plugin-${name})
    set(CPACK_DEBIAN_${COMPONENT}_PACKAGE_SOURCE stressor)
    set(CPACK_DEBIAN_${COMPONENT}_PACKAGE_SECTION net)
    set(CPACK_DEBIAN_${COMPONENT}_PACKAGE_DEPENDS "stressor (= ${PROJECT_VERSION})")
    set(CPACK_DEBIAN_${COMPONENT}_DESCRIPTION
"${what_${name}} in scenarios of stressor
stressor runs scenarios of activities in parallel sessions; every kind of
activity is a plugin. This package adds the plugin ${name}.")
    if(TARGET plugin_${name})
        string(APPEND CPACK_DEBIAN_STRESSOR_PACKAGE_SUGGESTS ", stressor-plugin-${name}")
    endif()
endforeach()

# For debian.cmake.
set(CPACK_STRESSOR_TEXTS ${CMAKE_CURRENT_LIST_DIR})
include(CPack)
