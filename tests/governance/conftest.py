from hypothesis import settings

# No deadline: the machine may be busy with something else.
settings.register_profile("quick", max_examples=40, deadline=None)
settings.load_profile("quick")
