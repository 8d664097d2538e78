/*
 * words -- a plugin in C++17: the activity CountWords counts how often each word of a text occurs.
 *
 * No exception may leave a function that the host calls: `guarded` turns them into failures.
 * Members of structs are set by name in functions that make them, as C++17 cannot name them in
 * braces; what is not set is zero.
 */
#include <cctype>
#include <exception>
#include <map>
#include <new>
#include <string>
#include <string_view>
#include <utility>

#include <stressor/log.h>
#include <stressor/plugin.h>

namespace
{

enum { ARG_TEXT, ARGS_COUNT };

using Counts = std::map<std::string, int64_t>;

Counts count_words(std::string_view text)
{
    Counts counts;
    std::string word;
    for (size_t i = 0; i <= text.size(); i++) {
        if (i < text.size() && std::isalnum(static_cast<unsigned char>(text[i])))
            word += static_cast<char>(std::tolower(static_cast<unsigned char>(text[i])));
        else if (!word.empty())
            counts[std::exchange(word, {})]++;
    }
    return counts;
}

/* A map of the words, which lives as long as the execution. */
int32_t build(stressor_exec *exec, const Counts &counts, stressor_value *out)
{
    const stressor_host *host = exec->host;
    stressor_builder *builder = host->build(exec);
    if (builder == nullptr)
        throw std::bad_alloc();
    host->build_map(builder);
    for (const auto &[word, count] : counts) {
        const stressor_value value = stressor_int(count);
        host->build_key(builder, word.data(), word.size());
        host->build_value(builder, &value);
    }
    host->build_end(builder);
    return host->build_finish(builder, out);
}

int32_t count(stressor_exec *exec, stressor_result *result)
{
    const auto &text = exec->args[ARG_TEXT].as.string;
    if (build(exec, count_words({text.ptr, text.length}), &result->value) != STRESSOR_OK)
        throw std::bad_alloc();
    return STRESSOR_DONE;
}

int32_t guarded(stressor_exec *exec, stressor_result *result) noexcept
{
    try {
        return count(exec, result);
    } catch (const std::bad_alloc &) {
        return stressor_fail(exec, &result->failure, STRESSOR_GENERATOR, "memory", "out of memory");
    } catch (const std::exception &e) {
        return stressor_fail(exec, &result->failure, STRESSOR_INTERNAL, "exception", "%s",
                             e.what());
    }
}

stressor_arg make_text()
{
    stressor_arg arg{};
    arg.size = sizeof arg;
    arg.name = "text";
    arg.types = STRESSOR_ARG_STRING;
    arg.flags = STRESSOR_ARG_REQUIRED;
    arg.help = "whose words to count";
    return arg;
}

const stressor_arg text = make_text();
const stressor_arg *const args[ARGS_COUNT] = {&text};

stressor_activity_type make_type()
{
    stressor_activity_type type{};
    type.size = sizeof type;
    type.flags = STRESSOR_ACTIVITY_DRY_RUN;
    type.name = "CountWords";
    type.help = "Count how often each word of a text occurs";
    type.args = args;
    type.args_count = ARGS_COUNT;
    type.start = guarded;
    return type;
}

const stressor_activity_type type = make_type();
const stressor_activity_type *const types[] = {&type};

stressor_plugin make_plugin()
{
    stressor_plugin plugin{};
    plugin.size = sizeof plugin;
    plugin.abi_minor = STRESSOR_ABI_MINOR;
    plugin.abi_draft = STRESSOR_ABI_DRAFT;
    plugin.name = "words";
    plugin.version = "1.0.0";
    plugin.help = "Counts words, in C++";
    plugin.license = "MIT";
    plugin.activities = types;
    plugin.activities_count = 1;
    return plugin;
}

const stressor_plugin plugin = make_plugin();

} // namespace

const stressor_plugin *stressor_plugin_v1()
{
    return &plugin;
}
