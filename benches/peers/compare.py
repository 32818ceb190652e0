"""Times three solvers on the same files: `compare.py FOLDER OURS LEMON [SECONDS]`.

Each solver runs for SECONDS of processor time in each of three rounds, at least three times; the median of all counts.
Only the solve is timed. OR-Tools runs in this process, whose overhead a call is some microseconds.
"""

import math
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy
from ortools.graph.python import min_cost_flow

ROUNDS = 3


def outside(command, file, seconds):
    """Objective, KiB and nanoseconds of a program that answers as `peers time` does."""
    done = subprocess.run([*command, str(file), str(seconds)], check=True, capture_output=True, text=True)
    objective, memory, *times = map(int, done.stdout.split())
    return objective, memory, times


class OrTools:
    """OR-Tools' SimpleMinCostFlow on one file; every solve starts from nothing."""

    def __init__(self, file):
        arcs, nodes = [], []
        for line in file.read_text().splitlines():
            kind, *fields = line.split()
            if kind == "a":
                arcs.append([int(field) for field in fields])
            elif kind == "n":
                nodes.append([int(field) for field in fields])
        tail, head, lower, upper, cost = numpy.array(arcs, dtype=numpy.int64).T
        assert not lower.any(), "no lower bounds in these families"
        self.problem = min_cost_flow.SimpleMinCostFlow()
        ends = [(end - 1).astype(numpy.int32) for end in (tail, head)]
        self.problem.add_arcs_with_capacity_and_unit_cost(*ends, upper, cost)
        node, supply = numpy.array(nodes, dtype=numpy.int64).T
        self.problem.set_nodes_supplies((node - 1).astype(numpy.int32), supply)

    def time(self, seconds):
        times = []
        while len(times) < 3 or sum(times) < seconds * 1e9:
            start = time.process_time_ns()
            status = self.problem.solve()
            times.append(time.process_time_ns() - start)
            assert status == self.problem.OPTIMAL, status
        return self.problem.optimal_cost(), times


def geometric_mean(values):
    return math.exp(statistics.fmean(map(math.log, values)))


def main():
    folder, ours, lemon = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    seconds = float(sys.argv[4]) if len(sys.argv) > 4 else 0.3
    families = {}
    for file in folder.glob("*.min"):
        family, size, _ = file.name.split(".")
        families.setdefault(family, []).append((int(size), file))

    print("| network | nodes | arcs | ours ms | LEMON ms | OR-Tools ms | ours / best | KiB ours / LEMON |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    summary, disagree = [], []
    for family, files in sorted(families.items()):
        ratios, memories = [], []
        for size, file in sorted(files):
            with file.open() as text:
                nodes, arcs = next(line for line in text if line.startswith("p")).split()[2:]
            third = OrTools(file)
            times, objectives, memory = {"ours": [], "lemon": [], "or": []}, set(), {}
            for _ in range(ROUNDS):
                for name, command in (("ours", [ours, "time"]), ("lemon", [lemon])):
                    objective, memory[name], found = outside(command, file, seconds / ROUNDS)
                    objectives.add(objective)
                    times[name] += found
                objective, found = third.time(seconds / ROUNDS)
                objectives.add(objective)
                times["or"] += found
            if len(objectives) > 1:
                disagree.append((file.name, objectives))
            ms = {name: statistics.median(found) / 1e6 for name, found in times.items()}
            ratios.append(ms["ours"] / min(ms["lemon"], ms["or"]))
            memories.append(memory["ours"] / memory["lemon"])
            print(
                f"| {family} {size:,} | {int(nodes):,} | {int(arcs):,} | {ms['ours']:.3g} | {ms['lemon']:.3g} "
                f"| {ms['or']:.3g} | {ratios[-1]:.2f} | {memory['ours']:,} / {memory['lemon']:,} |",
                flush=True,
            )
        summary.append((family, geometric_mean(ratios), max(ratios), geometric_mean(memories)))

    print("\n| family | geometric mean | largest | memory, geometric mean |\n| --- | --- | --- | --- |")
    for family, mean, largest, memory in summary:
        print(f"| {family} | {mean:.2f} | {largest:.2f} | {memory:.2f} |")
    if disagree:
        sys.exit(f"objectives differ: {disagree}")
    print("\nAll objectives agree.")


if __name__ == "__main__":
    main()
