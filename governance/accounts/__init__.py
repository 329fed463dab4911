"""Who may sign in, for how long, with which proof, and what is noted of it."""
