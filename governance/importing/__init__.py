"""Tables and documents from files into the knowledge base, and back.

A file is read (`readers`), its columns are matched to fields (`mapping`), each row becomes an entry (`rows`,
`status_table`), the entries become a plan with an account of every row (`plan`), the plan is stored and run (`run`)
and can be undone as a whole (`undo`). `export` writes what all this reads.
"""
