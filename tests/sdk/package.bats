# The Debian packages: what is in them, and that they install, work and go away.

setup_file() {
    load helper
    no_packages || cpack --config "$STRESSOR_BUILD/CPackConfig.cmake" -B "$BATS_FILE_TMPDIR" \
        >"$BATS_FILE_TMPDIR/log"
}

setup() {
    load helper
    if no_packages; then
        skip "packages are made of builds without sanitizers and counters"
    fi
    packages=$BATS_FILE_TMPDIR
    cd "$BATS_TEST_TMPDIR"
}

no_packages() {
    [ -n "${STRESSOR_SANITIZE:-}" ] || grep -q '^STRESSOR_COVERAGE:BOOL=ON' "$STRESSOR_BUILD/CMakeCache.txt"
}

# holds PACKAGE PATH...: they are in it; lacks: they are not.
holds() {
    local path package=$1
    shift
    dpkg-deb -c "$packages/$package"_*.deb | awk '{print $6}' >list
    for path; do
        if ! grep -qxF "./usr/$path" list; then
            printf '%s lacks %s\n' "$package" "$path" >&2
            return 1
        fi
    done
}

field() {
    dpkg-deb -f "$packages/$1"_*.deb "$2"
}

@test "each package holds what it is for, and says what it needs" {
    holds stressor bin/stressor lib/stressor/plugins/http.so lib/stressor/plugins/http.manifest \
        lib/libstressor.so.1 libexec/stressor/stressor-target share/doc/stressor/copyright \
        share/stressor/examples/quickstart/scenario.yaml share/doc/stressor/docs/scenario.md
    run grep -E 'include|cmake|pkgconfig|template|libstressor\.so$' list
    [ "$output" = "" ]
    holds libstressor-dev include/stressor/plugin.h lib/libstressor.so lib/pkgconfig/stressor.pc \
        lib/cmake/Stressor/StressorConfig.cmake lib/cmake/Stressor/plugin.map share/stressor/template/ \
        lib/libstressor_testhost.a bin/stressor-plugin-check
    [[ $(field stressor Depends) =~ libcurl4.*libuv1 ]]
    [[ "$(field libstressor-dev Depends)," == "stressor (= $(field stressor Version)),"* ]]
    [ "$(field stressor Version)" = "$("$STRESSOR" --version | awk '{print $2}')" ]
}

@test "no file of a package may be written by others, and all belong to root" {
    local file
    for file in "$packages"/*.deb; do
        run awk '$1 !~ /^l/ && ($1 ~ /^.....w|^........w/ || $2 != "root/root")' <(dpkg-deb -c "$file")
        [ "$output" = "" ]
    done
}

@test "a plugin with a library that few want is a package of its own" {
    local name
    for name in pgsql redis python; do
        [ -e "$STRESSOR_BUILD/lib/stressor/plugins/$name.so" ] || continue
        holds "stressor-plugin-$name" "lib/stressor/plugins/$name.so" "lib/stressor/plugins/$name.manifest"
        [[ $(field "stressor-plugin-$name" Depends) == *"stressor (= "* ]]
        [[ $(field stressor Suggests) == *"stressor-plugin-$name"* ]]
    done
    run field stressor Depends
    [[ $output != *libpq* && $output != *hiredis* && $output != *python* ]]
}

@test "lintian finds no error in the packages" {
    run lintian --allow-root --fail-on error "$packages"/*.deb
    succeeds
}

@test "the packages install, run, build plugins, and leave nothing when they are removed" {
    if [ "$(id -u)" -ne 0 ]; then
        skip "only root can install packages"
    fi
    chmod 755 .
    cp "$packages"/*.deb .
    cp -r "$STRESSOR_SOURCE/tests/sdk/outside" "$STRESSOR_SOURCE/tests/sdk/package/inside" .
    run "$STRESSOR_SOURCE/tests/sdk/package/machine" "$PWD" "$PWD/inside" "$PWD"
    succeeds
    prints 'PASSED: 4,100 activities'
    if grep -vxF /etc/ld.so.cache left; then
        false # those are left
    fi
}
