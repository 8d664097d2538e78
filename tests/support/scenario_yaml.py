"""Reads a scenario file as the program does: YAML 1.1, with dates as their text and keys as text."""
import yaml


class Loader(yaml.SafeLoader):
    def construct_mapping(self, node, deep=False):
        self.flatten_mapping(node)
        out = {}
        for key, value in node.value:
            typed = self.construct_object(key, deep=True)
            name = key.value
            if typed is None:
                name = "null"
            elif isinstance(typed, bool):
                name = "true" if typed else "false"
            out[name] = self.construct_object(value, deep=True)
        return out

    def construct_map(self, node):
        yield self.construct_mapping(node)


def text(loader, node):
    return loader.construct_scalar(node)


Loader.add_constructor("tag:yaml.org,2002:timestamp", text)
Loader.add_constructor("tag:yaml.org,2002:value", text)
Loader.add_constructor("tag:yaml.org,2002:map", Loader.construct_map)


def load(content):
    return yaml.load(content, Loader)
