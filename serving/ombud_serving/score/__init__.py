"""The subcommand `ombud score`: what it takes, what it shows, and what it leaves for others.

`command` is the subcommand, `log` what it says while it runs, `report` what it says at the end,
to people, schedulers, Prometheus and MLflow.
"""
