#include <string.h>

#include "importer.h"

static const char scenario[] =
    "# Made by stressor init. It runs against the practice target: start \"stressor target\" in\n"
    "# another terminal, then \"stressor run\" with this folder.\n"
    "file_version: stressor#0\n"
    "\n"
    "config:\n"
    "  base_url: $env(STRESSOR_BASE_URL, http://127.0.0.1:8080/)\n"
    "\n"
    "sessions:\n"
    "  count: 2\n"
    "  users: $load(users.yaml)\n"
    "\n"
    "scenario:\n"
    "  - sequence: init\n"
    "  - sequence: main\n"
    "    repeat: 3\n"
    "  - sequence: end\n"
    "\n"
    "sequences:\n"
    "  init:\n"
    "    - activity: PostRequest\n"
    "      url: login\n"
    "      json: {user: $(user.name), password: $(user.password)}\n"
    "      store_json: {guid: guid}\n"
    "      mock_result: {guid: none} # for dry runs\n"
    "  main: $load(main_sequence.yaml)\n"
    "  end:\n"
    "    - activity: DeleteRequest\n"
    "      url: files/$(guid)\n"
    "      assert_status: [204, 404]\n";

static const char sequence[] = "# What each pass of a session does.\n"
                               "- name: account\n"
                               "  activity: GetRequest\n"
                               "  url: account\n"
                               "  assert_json: {user: $(user.name)}\n"
                               "- activity: $sleep(0.1, 0.3)\n"
                               "- name: upload\n"
                               "  activity: PutRequest\n"
                               "  url: files/$(guid)\n"
                               "  data: Written by $(session_id)\n"
                               "  assert_status: [200, 201]\n"
                               "- name: download\n"
                               "  activity: GetRequest\n"
                               "  url: files/$(guid)\n"
                               "  assert_match: Written by t\\d+\n"
                               "  mock_result: Written by t01 # for dry runs\n";

static const char users[] = "# Who acts. Each session is the next of them.\n"
                            "- name: ann\n"
                            "  password: autumn\n"
                            "- name: bert\n"
                            "  password: bonfire\n";

bool write_sample(struct files *files, struct say *say)
{
    bool good = files_add(files, "scenario.yaml", span_of(scenario)) &&
                files_add(files, "main_sequence.yaml", span_of(sequence)) &&
                files_add(files, "users.yaml", span_of(users));
    return good || say_error(say, "too many files");
}
