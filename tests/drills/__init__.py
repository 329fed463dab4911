"""Bad days, rehearsed: `make drill` in full, a short form among the tests; docs/holds.md has what came of it."""
