"""PNP4: pictures, videos and sounds, which no notification may have."""
