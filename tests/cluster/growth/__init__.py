"""How both engines grow: python -m tests.cluster.growth 10000 100000 writes docs/capacity.json, a plot and tables.

Sizes that are not asked for keep their figures; without any, tables and plot are made anew from the figures there are.
The passages and queries are those of the benchmarks, the serving processes two, as the site has. A shared machine
distorts the clock more than the work, so beside the time by the clock stands what each process worked.
"""
