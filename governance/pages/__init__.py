"""Pages that need records only: lists, records, levels, countries, sources, home."""
