"""From a text to diagnostics: pure functions, without files, clock or terminal."""
