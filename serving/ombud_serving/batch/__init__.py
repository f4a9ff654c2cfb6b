"""Batch scoring: tables in, Parquet parts out, each committed before the next is begun.

`schema` says which columns a part has, `job` which job a folder belongs to, `parts` how a part
is committed, `local` runs a job on this machine.
"""
