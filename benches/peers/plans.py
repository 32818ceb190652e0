"""Plans of tiaoji and of HiGHS on the same scenarios, in the same run.

usage: plans.py CURVE MODEL FOLDER SECONDS SCENARIO...

CURVE and MODEL are this repository's bench programmes. HiGHS solves the linear relaxation (simplex and interior point,
the faster counts) and then the whole programme to the gaps that the table names. Times are of solving alone.
"""

import pathlib
import subprocess
import sys
import time

import highspy

GAPS = (0.002, 0.0003, 0.0001)


def ours(curve, scenario, seconds):
    """Seconds to each gap, and the last line of the curve."""
    out = subprocess.run(
        [curve, scenario, "priced", str(GAPS[-1]), str(seconds)], capture_output=True, text=True, check=True
    ).stdout.splitlines()[1:]
    rows = [line.split(",") for line in out]
    found = {gap: next((float(r[0]) for r in rows if float(r[3]) <= gap), None) for gap in GAPS}
    return found, int(rows[-1][1]), int(rows[-1][2]), float(rows[-1][3])


def relaxation(model, seconds):
    best = None
    for solver in ("simplex", "ipm"):
        h = highspy.Highs()
        h.silent()
        h.readModel(model)
        h.setOptionValue("solve_relaxation", True)
        h.setOptionValue("solver", solver)
        h.setOptionValue("time_limit", float(seconds))
        begin = time.perf_counter()
        h.run()
        took = time.perf_counter() - begin
        if h.getModelStatus() == highspy.HighsModelStatus.kOptimal and (best is None or took < best[0]):
            best = (took, h.getObjectiveValue(), solver)
    return best


def whole(model, gap, seconds):
    h = highspy.Highs()
    h.silent()
    h.readModel(model)
    h.setOptionValue("mip_rel_gap", gap)
    h.setOptionValue("time_limit", float(seconds))
    begin = time.perf_counter()
    h.run()
    took = time.perf_counter() - begin
    info = h.getInfo()
    return took, h.getObjectiveValue(), info.mip_dual_bound


def shown(value, digits=2):
    return "none" if value is None else f"{value:.{digits}f}"


def main(curve, model, folder, seconds, scenarios):
    print("| scenario | method | 0.2 % | 0.03 % | 0.01 % | last gap |")
    print("| --- | --- | --- | --- | --- | --- |")
    for scenario in scenarios:
        name = pathlib.Path(scenario).name
        times, objective, bound, gap = ours(curve, scenario, seconds)
        cells = " | ".join(shown(times[g]) for g in GAPS)
        print(f"| {name} | tiaoji priced | {cells} | {100 * gap:.4f} % |", flush=True)
        mps = str(pathlib.Path(folder) / f"{name}.mps")
        subprocess.run([model, scenario, mps], check=True)
        lp = relaxation(mps, seconds)
        if lp is None:
            print(f"| {name} | HiGHS, relaxation | none in {seconds} s | | | |", flush=True)
            continue
        took, value, solver = lp
        print(f"| {name} | HiGHS, relaxation ({solver}) | {took:.2f} s, {value:.0f} fen | | | |", flush=True)
        assert bound <= value + 1, "a bound over the relaxation"
        benefit = (objective - bound) / gap if gap else None
        for g in GAPS[1:2]:
            relative = g * benefit / objective if benefit else 0.0
            took, found, dual = whole(mps, relative, seconds)
            reached = (found - dual) / benefit if benefit else 0.0
            assert bound <= found + 1 and dual <= objective + 1
            print(f"| {name} | HiGHS, whole, to {100 * g} % | {took:.2f} s | | | {100 * reached:.4f} % |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:])
