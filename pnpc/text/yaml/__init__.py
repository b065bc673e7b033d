"""The parts of YAML that libyaml leaves out: offsets inside scalars, its complaints in words."""
