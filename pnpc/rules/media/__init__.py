"""PNP4: pictures, videos and sounds, which no notification message may have."""
