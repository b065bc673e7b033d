"""The target of a run, with its settings: from the environment, or else from the config."""

import os

from pnpc.cli.errors import CouldNotRun
from pnpc.compile.targets import TARGETS, BadSetting, Target, make
from pnpc.project.config import Config


def target_for(name: str, config: Config) -> Target:
    """The target of a name for specs under a config. Raises CouldNotRun where it lacks a setting that it needs."""
    written = dict(dict(config.targets).get(name, ()))
    settings = {
        setting.name: os.environ.get(setting.variable) or written.get(setting.name, "")
        for setting in TARGETS[name].settings
    }
    try:
        return make(name, settings)
    except BadSetting as error:
        raise CouldNotRun(str(error)) from None
