from hypothesis import settings

# No deadline: the machine may be busy with something else.
settings.register_profile("quick", max_examples=30, deadline=None)
settings.load_profile("quick")
