"""The commands around specs: init, new, import, schema, hash, rules, explain and completion."""
