"""From a text to diagnostics: pure, no files, no clock, no terminal."""
