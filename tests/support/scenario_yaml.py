"""Reads YAML 1.1 as the language has it: PyYAML's safe loader, with dates, '=' and '<<' as their text
and keys as text."""
import yaml


class Loader(yaml.SafeLoader):
    def construct_mapping(self, node, deep=False):
        if not isinstance(node, yaml.MappingNode):
            raise yaml.constructor.ConstructorError(None, None, "no map", node.start_mark)
        self.flatten_mapping(node)
        out = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, "a key is no scalar",
                                                        key.start_mark)
            typed = self.construct_object(key, deep=True)
            name = key.value
            if typed is None:
                name = "null"
            elif isinstance(typed, bool):
                name = "true" if typed else "false"
            out[name] = self.construct_object(value, deep=True)
        return out


# PyYAML has the tags "value", '=', and "merge", '<<', and then nothing to make of them.
for tag in ("timestamp", "value", "merge"):
    Loader.add_constructor("tag:yaml.org,2002:" + tag, Loader.construct_scalar)
Loader.add_constructor("tag:yaml.org,2002:map", Loader.construct_mapping)


def load(content):
    return yaml.load(content, Loader)
