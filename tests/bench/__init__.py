"""Side by side: our search engine and pages against others, on the same texts and in the same run (`make bench`)."""
