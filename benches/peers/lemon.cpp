// Times LEMON's network simplex: `lemon FILE SECONDS`, and answers as `peers time` does.
//
// Only `run` is timed, which for LEMON leaves out the copy of the network that its constructor makes.

#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

using Graph = lemon::SmartDigraph;
using Value = long long;

static Value nanoseconds() {
    timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static Value memory(const std::string& name) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.compare(0, name.size(), name) == 0) return std::atoll(line.c_str() + name.size());
    }
    return 0;
}

int main(int, char** arguments) {
    const Value before = memory("VmRSS:");
    const double limit = std::atof(arguments[2]) * 1e9;
    std::FILE* file = std::fopen(arguments[1], "r");
    if (file == nullptr) return 3;
    Graph graph;
    Graph::NodeMap<Value> supply(graph, 0);
    Graph::ArcMap<Value> lower(graph), upper(graph), cost(graph);
    char line[256];
    while (std::fgets(line, sizeof line, file) != nullptr) {
        Value a, b, l, u, c;
        if (std::sscanf(line, "p min %lld %lld", &a, &b) == 2) {
            graph.reserveNode(a);
            graph.reserveArc(b);
            for (Value node = 0; node < a; ++node) graph.addNode();
        } else if (std::sscanf(line, "n %lld %lld", &a, &b) == 2) {
            supply[graph.nodeFromId(a - 1)] = b;
        } else if (std::sscanf(line, "a %lld %lld %lld %lld %lld", &a, &b, &l, &u, &c) == 5) {
            const Graph::Arc arc = graph.addArc(graph.nodeFromId(a - 1), graph.nodeFromId(b - 1));
            lower[arc] = l;
            upper[arc] = u;
            cost[arc] = c;
        }
    }
    std::fclose(file);

    lemon::NetworkSimplex<Graph, Value, Value> simplex(graph);
    simplex.lowerMap(lower).upperMap(upper).costMap(cost).supplyMap(supply);
    std::vector<Value> times;
    for (double total = 0; times.size() < 3 || total < limit; total += times.back()) {
        const Value start = nanoseconds();
        if (simplex.run() != simplex.OPTIMAL) return 1;
        times.push_back(nanoseconds() - start);
    }
    std::printf("%lld %lld", simplex.totalCost(), memory("VmHWM:") - before);
    for (Value time : times) std::printf(" %lld", time);
    std::printf("\n");
}
