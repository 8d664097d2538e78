# What stressor-plugin-check says of plugins that take long: files of their own, so that others run
# meanwhile.

load helper

@test "completing only when cancelled is told" {
    fault only_cancelled "completes" "only a cancel ever ended it"
}

@test "taking long to load is told" { fault slow_load "load time"; }
