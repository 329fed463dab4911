"""The API, `/api/v1/`: reading only, without a key, over the same filters and documents as the pages."""
