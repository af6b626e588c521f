"""Programs that benchmarks start: Stillroom's worker, and other tools in environments of their own."""
