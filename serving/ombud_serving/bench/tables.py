"""The figures of `ombud bench batch` as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["print_bench"]


def print_bench(result: Mapping[str, Any]) -> None:
    """Print the figures that the command writes as JSON."""
    from rich.console import Console
    from rich.table import Table

    console = Console(width=120) if not Console().is_terminal else Console()
    pipeline = result["pipeline"]
    console.print(
        f"{result['documents']:,} documents of {result['tokens']:,} tokens read whole; "
        f"{result['threads']} threads"
    )
    console.print(
        "transformers.pipeline, fp32, batch 16, cut at 512 tokens: "
        f"{pipeline['tokens_per_second']:,.0f} tokens/s, "
        f"{pipeline['documents_per_second']:,.1f} documents/s, "
        f"{pipeline['latency'] * 1000:,.0f} ms a document alone"
    )
    table = Table(title="Against the pipeline: tokens a second (times as many)")
    for name in ("back end", "cache off", "shared in the run", "from a file"):
        table.add_column(name, justify="left" if name == "back end" else "right")
    for name in ("documents/s, off", "of the matrix peak", "alone", "labels, passages equal"):
        table.add_column(name, justify="right")
    for one in result["backends"]:
        if one["refused"]:
            table.add_row(one["backend"], "not there", *[""] * 6)
        else:
            table.add_row(*_cells(one))
    console.print(table)
    for one in result["backends"]:
        if why := one["refused"] or one["parity_refused"]:
            console.print(f"{one['backend']}: {why}", highlight=False)
    peaks = ", ".join(f"{name} {rate / 1e9:,.0f}" for name, rate in result["peaks"].items())
    console.print(f"matrix product peak, thousand million operations a second: {peaks}")
    starts = sorted(result["cold_start_seconds"])
    console.print(f"ombud predict, cold: {starts[len(starts) // 2]:.2f} s from start to answer")
    for row in result["rows"]:
        console.print(
            f"{row['rows']:,} short rows: {row['seconds_a_row'] * 1e6:,.0f} microseconds a row, "
            f"{row['memory_warm'] / 2**20:,.0f} MiB after a tenth, "
            f"{row['memory_end'] / 2**20:,.0f} MiB at the end"
        )


def _cells(one: Mapping[str, Any]) -> list[str]:
    parity = one["parity"]
    same = "" if parity is None else f"{parity['labels']:.1%}, {parity['passages']:.1%}"
    return [
        one["backend"],
        f"{one['off']:,.0f} ({one['off_ratio']:.1f})",
        f"{one['shared']:,.0f} ({one['shared_ratio']:.1f})",
        f"{one['filed']:,.0f} ({one['filed_ratio']:.1f})",
        f"{one['off_documents']:,.1f} ({one['documents_ratio']:.1f})",
        f"{one['share']:.0%}",
        f"{one['latency'] * 1000:,.0f} ms ({one['latency_ratio']:.2f})",
        same,
    ]
