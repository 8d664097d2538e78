// shout -- a plugin in C++17 that says what it is given in capitals, with its exceptions kept
// inside.
#include <cctype>
#include <cstring>
#include <stdexcept>
#include <string>

#include <stressor/plugin.h>

// Not in a namespace of its own: that they are exported all the same would be a fault of the build.
struct shouted {
    std::string text;
};
shouted shout(const stressor_value &value);

shouted shout(const stressor_value &value)
{
    if (value.as.string.length == 0)
        throw std::invalid_argument("there is nothing to shout");
    shouted result{std::string(value.as.string.ptr, value.as.string.length)};
    for (char &ch : result.text)
        ch = static_cast<char>(std::toupper(static_cast<unsigned char>(ch)));
    return result;
}

namespace
{
int32_t shout_start(stressor_exec *exec, stressor_result *result) noexcept
{
    try {
        const std::string text = shout(exec->args[0]).text;
        char *kept = static_cast<char *>(exec->host->scratch(exec, text.size()));
        if (kept == nullptr)
            throw std::bad_alloc();
        std::memcpy(kept, text.data(), text.size());
        result->value = stressor_string_n(kept, text.size());
        return STRESSOR_DONE;
    } catch (const std::exception &e) {
        static const char kind[] = "shout", text[] = "it cannot be shouted";
        result->failure = {STRESSOR_SCRIPT, 0, kind, text, sizeof text - 1};
        return STRESSOR_FAILED;
    }
}

stressor_arg make_text() noexcept
{
    stressor_arg arg{};
    arg.size = sizeof arg;
    arg.types = STRESSOR_ARG_STRING;
    arg.flags = STRESSOR_ARG_REQUIRED;
    arg.name = "text";
    arg.help = "What to shout";
    return arg;
}

const stressor_arg text = make_text();
const stressor_arg *const args[] = {&text};

stressor_activity_type make_type() noexcept
{
    stressor_activity_type type{};
    type.size = sizeof type;
    type.name = "Shout";
    type.help = "Says a text in capitals";
    type.args = args;
    type.args_count = 1;
    type.start = shout_start;
    return type;
}

const stressor_activity_type type = make_type();
const stressor_activity_type *const types[] = {&type};

stressor_plugin make_plugin() noexcept
{
    stressor_plugin plugin{};
    plugin.size = sizeof plugin;
    plugin.abi_minor = STRESSOR_ABI_MINOR;
    plugin.abi_draft = STRESSOR_ABI_DRAFT;
    plugin.name = "shout";
    plugin.version = "1.0";
    plugin.help = "Shouts";
    plugin.activities = types;
    plugin.activities_count = 1;
    return plugin;
}
} // namespace

extern "C" STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1()
{
    static const stressor_plugin plugin = make_plugin();
    return &plugin;
}
