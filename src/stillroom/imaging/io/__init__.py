"""Files to pixels and back: decoding, encoding, colour profiles, provenance."""
