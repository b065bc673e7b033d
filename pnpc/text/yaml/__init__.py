"""What libyaml does not do: offsets inside scalars, and error messages that help."""
