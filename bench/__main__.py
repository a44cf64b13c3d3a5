"""`python -m bench [ID]`: measure every figure, or one, and exit 1 when a target is missed."""

from __future__ import annotations

import sys
from importlib import import_module

import django

BENCHES = {
    "P1": "bench.p1_append",
    "P2": "bench.p2_busy",
    "P3": "bench.p3_save",
    "P4": "bench.p4_seal",
    "P5": "bench.p5_verify",
    "P6": "bench.p6_proof",
    "P7": "bench.p7_enqueue",
    "P8": "bench.p8_bulk_enqueue",
    "P9": "bench.p9_drain",
    "P10": "bench.p10_latency",
    "P11": "bench.p11_claim",
    "P16": "bench.p16_event_links",
    "P19": "bench.p19_walls",
    "P20": "bench.p20_hot_list",
    "P21": "bench.p21_hot_detail",
    "P22": "bench.p22_write",
    "P23": "bench.p23_admin_lists",
    "P24": "bench.p24_deep_pages",
    "P25": "bench.p25_decision",
    "P26": "bench.p26_startup",
}


def main(wanted: list[str]) -> int:
    """Print one line per figure."""
    unknown = [name for name in wanted if name not in BENCHES]
    if unknown:
        print(f"There is no {', '.join(unknown)}. There is: {', '.join(BENCHES)}.")
        return 2
    django.setup()
    missed = False
    for name in wanted or BENCHES:
        for figure in import_module(BENCHES[name]).measure():
            print(figure, flush=True)
            missed = missed or not figure.passes
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
