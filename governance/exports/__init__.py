"""Open data: every record and list in the formats that other programs read.

One module per format; each is made of functions from full documents (`governance.knowledge.dump_many`) to text and
knows nothing of requests. `answers` chooses the format and makes the response, `views` are the addresses of their own.
"""
