#!/usr/bin/env python3
"""What the service has to stand, over HTTP: killed under load, several of it on one database, callers that mean harm.

.ci/fleet.py SERVER kills N sqlite|postgres     the server is killed N times at random moments under load
.ci/fleet.py SERVER fleet SECONDS               two servers and three workers on one PostgreSQL, killed, the database restarted
.ci/fleet.py SERVER secrets                     whether any is in the log or in the list of processes
.ci/fleet.py SERVER abuse CONNECTIONS           idle and slow connections, bodies too large, too deep, compressed

After the kills, and after the fleet: whatever was acknowledged is there, as it was last acknowledged; every run has ended,
once; no key has had two effects. Needs Python and, for PostgreSQL, Debian's postgresql.
"""

import collections
import gzip
import http.client
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

SERVER = os.path.realpath(sys.argv[1])
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="tiaoji-fleet-"))
SEED = int(os.environ.get("SEED", "7"))
LOG = open(FOLDER / "log", "ab")
# of the database, which trusts whoever reaches its socket
PASSWORD = "database-password-1"


class Postgres:
    """A server of one's own, which waits for the disk, over a Unix socket."""

    def __init__(self):
        self.bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))
        self.folder = FOLDER / "pg"
        self.folder.mkdir()
        # PostgreSQL refuses to be root
        self.prefix = []
        if os.getuid() == 0:
            FOLDER.chmod(0o755)
            shutil.chown(self.folder, "postgres", "postgres")
            self.prefix = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        self.run("initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.control("start")
        self.run("createdb", "-U", "postgres", "-h", self.folder, "zone")
        self.url = f"postgres://postgres:{PASSWORD}@localhost/zone?host={self.folder}"

    def run(self, program, *args):
        command = [*self.prefix, self.bin / program, *args]
        subprocess.run(command, check=True, stdout=LOG, stderr=LOG, cwd=self.folder)

    def control(self, verb):
        options = f"-k {self.folder} -c listen_addresses='' -c max_connections=200"
        self.run("pg_ctl", "-D", self.folder / "data", "-l", self.folder / "server.log", "-o", options, "-m", "immediate", "-w", verb)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Process:
    """A server or a worker, which can be killed and started again."""

    def __init__(self, *args, port=None):
        self.port = port
        self.args = [SERVER, *args]
        self.child = None
        self.start()

    def start(self):
        self.child = subprocess.Popen(self.args, stdout=LOG, stderr=LOG)

    def kill(self):
        self.child.kill()
        self.child.wait()

    def wait_until_ready(self):
        for _ in range(600):
            try:
                if ask(self.port, "GET", "/readyz")[0] == 200:
                    return
            except OSError:
                pass
            if self.child.poll() is not None:
                self.start()  # it gave up while the database was away
            time.sleep(0.05)
        raise SystemExit(f"not ready, see {FOLDER}/log")


def ask(port, method, path, body=None, key=None, headers=None, timeout=60):
    """Status, headers and JSON of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        head = dict(headers or {})
        if key:
            head["Authorization"] = f"Bearer {key}"
        if body is not None:
            head["Content-Type"] = "application/merge-patch+json" if method == "PATCH" else "application/json"
            body = json.dumps(body)
        connection.request(method, path, body, head)
        answer = connection.getresponse()
        data = answer.read()
        return answer.status, answer.headers, json.loads(data) if data[:1] in (b"{", b"[") else None
    except (http.client.HTTPException, ValueError) as broken:
        raise OSError(str(broken)) from broken
    finally:
        connection.close()


def until(port, method, path, body=None, key=None, headers=None, busy=(429, 503)):
    """The same, asked again until somebody answers other than that it cannot just now."""
    deadline = time.monotonic() + 300
    while True:
        try:
            answer = ask(port(), method, path, body, key, headers)
            if answer[0] not in busy and not (answer[0] == 409 and answer[2]["code"] == "in_flight"):
                return answer
        except OSError:
            pass
        if time.monotonic() > deadline:
            raise SystemExit(f"{method} {path}: no answer")
        time.sleep(0.05)


POLICY = {
    "onboarding_fen": 15000, "daily_base_fen": 1000, "transport_per_km_fen": 600, "cross_alliance_fen": 1500,
    "unmet": {"urgent_fen": 60000, "normal_fen": 40000, "low_fen": 30000},
}
FIRMS = [{"id": f"F{n}", "name": f"Firm {n}", "latitude": 36.5, "longitude": 117 + n / 100} for n in range(1, 4)]
SKILLS = [{"id": "packer", "name": "包装工"}]
DAYS = {"from": "2099-03-07", "to": "2099-03-18"}
SCENARIO = {
    "name": "small", "policy": POLICY, "firms": FIRMS, "skills": SKILLS,
    "surplus": [{"id": "S1", "firm": "F1", "skill": "packer", "headcount": 5, **DAYS}],
    "shortage": [{"id": "D1", "firm": "F2", "skill": "packer", "headcount": 3, **DAYS}],
}


class Load:
    """Callers, each of whom remembers what was acknowledged to it. Every change bears a key, and one that was not answered
    is asked for again under the same."""

    def __init__(self, ports, key, callers):
        self.ports, self.key = ports, key
        self.stop = threading.Event()
        self.postings, self.runs, self.faults = {}, set(), []
        self.count = collections.Counter()
        self.threads = [threading.Thread(target=self.guarded, args=(n,), daemon=True) for n in range(callers)]
        for thread in self.threads:
            thread.start()

    def guarded(self, n):
        try:
            self.call(n)
        except BaseException as fault:  # a caller that ends early would hide what it has not seen
            self.faults.append(repr(fault))

    def call(self, n):
        dice = random.Random(f"{SEED} {n}")
        port = lambda: dice.choice(self.ports)
        number = 0
        own = []
        while not self.stop.is_set():
            number += 1
            head = {"Idempotency-Key": f"{n}-{number}"}
            what = dice.random()
            if what < 0.05:
                # where nobody lives as long as a lease, two that have died keep the others waiting: the queue may be full for long
                status, _, run = until(port, "POST", "/v1/runs", SCENARIO, self.key, head, busy=(503,))
                if status == 429:
                    self.count["queue full"] += 1
                    continue
                self.expect(status == 202, "run", status, run)
                self.runs.add(run["id"])
            elif what < 0.5 and own:
                at = dice.choice(own)
                version, _ = self.postings[at]
                count = dice.randint(1, 1000)
                head["If-Match"] = f'"{version}"'
                status, _, row = until(port, "PATCH", f"/v1/surplus/{at}", {"headcount": count}, self.key, head)
                self.expect(status == 200 and row["version"] == version + 1, "patch", status, row)
                self.postings[at] = (version + 1, count)
            else:
                body = {"firm": "F1", "skill": "packer", "headcount": 1, **DAYS, "remark": f"{n}-{number}"}
                status, _, row = until(port, "POST", "/v1/surplus", body, self.key, head)
                self.expect(status == 201, "post", status, row)
                self.postings[row["id"]] = (1, 1)
                own.append(row["id"])

    def expect(self, holds, what, status, body):
        self.count[what] += 1
        if not holds:
            raise AssertionError(f"{what}: {status} {body}")

    def finish(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        if self.faults:
            raise SystemExit("\n".join(self.faults))


def begin(url):
    """A key of the zone. The address of the database stands in the environment, where it is nobody else's to read."""
    os.environ["TIAOJI_DATABASE"] = url
    return command("key", "--role", "zone", "--name", "load")


def command(*args, text=None):
    done = subprocess.run([SERVER, *args], check=True, stdout=subprocess.PIPE, stderr=LOG, text=True, input=text)
    return done.stdout.strip()


def fill(port, key):
    for path, rows in (("/v1/firms", FIRMS), ("/v1/skills", SKILLS)):
        for row in rows:
            assert ask(port, "POST", path, row, key)[0] == 201


def everything(port, key, path):
    items, cursor = [], ""
    while cursor is not None:
        status, _, page = ask(port, "GET", f"{path}limit=500{cursor and '&cursor=' + cursor}", key=key)
        assert status == 200, page
        items += page["items"]
        cursor = page["next"]
    return items


def check(load, port, key):
    """What was acknowledged against what is there, and against the trail."""
    rows = {row["id"]: row for row in everything(port, key, "/v1/surplus?")}
    for at, (version, count) in load.postings.items():
        row = rows.get(at)
        assert row and (row["version"], row["headcount"]) == (version, count), (at, version, count, row)
    remarks = collections.Counter(row["remark"] for row in rows.values())
    assert not [key for key, times in remarks.items() if times > 1], "a key has had two effects"
    deadline = time.monotonic() + 300
    while True:
        runs = {run["id"]: run for run in everything(port, key, "/v1/runs?")}
        open_runs = [at for at in runs if runs[at]["state"] in ("queued", "running")]
        if not open_runs:
            break
        assert time.monotonic() < deadline, f"runs that do not end: {open_runs[:5]}"
        time.sleep(0.2)
    assert load.runs <= set(runs), "a run is lost"
    trail = everything(port, key, "/v1/audit?kind=run&")
    ends = collections.Counter(e["id"] for e in trail if e["action"] in ("done", "failed", "cancelled"))
    begun = collections.Counter(e["id"] for e in trail if e["action"] == "create")
    assert set(ends) == set(runs) and set(ends.values()) <= {1} and set(begun.values()) <= {1}, "a run ended twice"
    failed = [run for run in runs.values() if run["state"] != "done"]
    changes = everything(port, key, "/v1/audit?kind=surplus&")
    versions = [(e["id"], e["version"]) for e in changes]
    assert len(versions) == len(set(versions)) == sum(row["version"] for row in rows.values()), "history has a hole"
    print(f"  {len(rows)} postings, {len(changes)} changes, {len(runs)} runs ({len(failed)} not done), {dict(load.count)}")


def kills(count, engine):
    url = Postgres().url if engine == "postgres" else f"sqlite:{FOLDER}/zone.db"
    key = begin(url)
    port = free_port()
    server = Process("serve", "--listen", f"127.0.0.1:{port}", "--workers", "1", port=port)
    server.wait_until_ready()
    fill(port, key)
    load = Load([port], key, 8)
    dice = random.Random(SEED)
    for _ in range(count):
        time.sleep(dice.uniform(0.05, 0.6))
        server.kill()
        server.start()
        server.wait_until_ready()
    load.finish()
    check(load, port, key)
    server.kill()
    if engine == "sqlite":
        command("check")


def fleet(seconds):
    postgres = Postgres()
    key = begin(postgres.url)
    ports = [free_port(), free_port()]
    servers = [
        Process("serve", "--listen", f"127.0.0.1:{port}", "--workers", "0", port=port)
        for port in ports
    ]
    for server in servers:
        server.wait_until_ready()
    workers = [Process("worker", "--workers", "1") for _ in range(3)]
    fill(ports[0], key)
    load = Load(ports, key, 8)
    dice = random.Random(SEED)
    end = time.monotonic() + seconds
    count = collections.Counter()
    while time.monotonic() < end:
        time.sleep(dice.uniform(0.2, 2))
        what = dice.random()
        if what < 0.1:
            postgres.control("restart")
            count["restarts"] += 1
        else:
            process = dice.choice(servers if what < 0.5 else workers)
            process.kill()
            count["servers" if process in servers else "workers"] += 1
            process.start()
        for process in (*servers, *workers):
            if process.child.poll() is not None:
                process.start()  # it gave up while the database was away
    for server in servers:
        server.wait_until_ready()
    load.finish()
    print(f"  killed: {dict(count)}")
    check(load, ports[0], key)
    for process in (*servers, *workers):
        process.kill()
    postgres.control("stop")


def secrets():
    os.environ["RUST_LOG"] = "debug"
    postgres = Postgres()
    key = begin(postgres.url)
    password = "officers-password-1"
    command("user", "--role", "zone", "--login", "chief", text=password + "\n")
    port = free_port()
    server = Process("serve", "--listen", f"127.0.0.1:{port}", "--workers", "1", port=port)
    server.wait_until_ready()
    fill(port, key)
    known = [PASSWORD, key, password, "another-password-1", "wrong-password-1"]
    login = {"login": "chief", "password": password}
    _, headers, _ = ask(port, "POST", "/v1/session", login)
    session = headers["set-cookie"].split(";")[0].split("=")[1]
    ask(port, "POST", "/v1/session", {"login": "chief", "password": known[4]})
    _, _, made = ask(port, "POST", "/v1/keys", {"name": "x", "role": "service"}, key)
    _, _, invited = ask(port, "POST", "/v1/invitations", {"name": "x", "role": "viewer"}, key)
    token = invited["link"].split("=")[-1].split("/")[-1].split("#")[-1]
    body = {"token": token, "login": "guest", "password": known[3]}
    assert ask(port, "POST", "/v1/invitations:accept", body)[0] == 201
    known += [session, made["key"], token]
    # also where they do not belong
    for secret in known:
        ask(port, "GET", f"/v1/surplus?key={secret}", key=key)
        ask(port, "GET", "/v1/surplus", key=secret + "x")
        ask(port, "GET", "/v1/surplus", headers={"Cookie": f"tiaoji={secret}"})
        ask(port, "POST", "/v1/session", {"login": "chief", "password": secret, "more": secret})
    lists = ""
    for _ in range(5):
        ask(port, "POST", "/v1/runs", SCENARIO, key)
        for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
            try:
                lists += path.read_bytes().replace(b"\0", b" ").decode(errors="replace") + "\n"
            except OSError:
                pass  # it has ended
    postgres.control("restart")
    server.wait_until_ready()
    server.kill()
    postgres.control("stop")
    log = (FOLDER / "log").read_text(errors="replace")
    assert SERVER in lists and "/v1/session" in log, "nothing was looked at"
    for secret in known:
        assert secret not in log and secret not in lists, secret
    print(f"  {len(known)} secrets in neither {len(log.splitlines())} lines of the log nor the list of processes")


def resident(pid, field="VmRSS"):
    """In MiB."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0


def abuse(connections):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    port = free_port()
    url = f"sqlite:{FOLDER}/zone.db"
    key = begin(url)
    server = Process("serve", "--listen", f"127.0.0.1:{port}", "--workers", "0", port=port)
    server.wait_until_ready()
    fill(port, key)
    open_sockets = []

    def send(head, body=b"", wait=True):
        connection = socket.create_connection(("127.0.0.1", port), timeout=60)
        try:
            connection.sendall(head.encode() + body)
        except OSError:
            pass  # it has had enough
        open_sockets.append(connection)
        return connection.recv(4096).decode(errors="replace") if wait else ""

    def post(path, length, more=""):
        return (f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
                f"Content-Length: {length}\r\n{more}\r\n")

    def served(what):
        begin = time.monotonic()
        assert ask(port, "GET", "/v1/surplus", key=key)[0] == 200, what
        assert ask(port, "POST", "/v1/match?gap=0", SCENARIO, key)[0] == 200, what
        print(f"  {what}: {resident(server.child.pid):.0f} MiB, others are served in {time.monotonic() - begin:.2f} s")

    served("at rest")
    # bodies of 1 GiB: announced, and without a length
    for _ in range(20):
        assert " 413 " in send(post("/v1/match", 1 << 30), b" " * (1 << 20)).splitlines()[0]
    chunk = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    head = post("/v1/match", 0).replace("Content-Length: 0", "Transfer-Encoding: chunked")
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    try:
        connection.sendall(head.encode())
        for _ in range(1024):
            connection.sendall(chunk)
        raise SystemExit("a gigabyte without a length was read")
    except OSError:
        pass
    served("bodies of 1 GiB")
    # deep JSON, and what inflates to a gigabyte
    deep = b"[" * 10_000_000
    assert " 400 " in send(post("/v1/surplus", len(deep)), deep).splitlines()[0]
    deep = b'{"a":' * 2_000_000
    assert " 400 " in send(post("/v1/match", len(deep)), deep).splitlines()[0]
    bomb = gzip.compress(b" " * (64 << 20))
    assert " 415 " in send(post("/v1/match", len(bomb), "Content-Encoding: gzip\r\n"), bomb).splitlines()[0]
    served("deep and compressed bodies")
    # slow ones: a head, a body, and a reader of events
    for _ in range(500):
        send("GET /healthz HTTP/1.1\r\nHost:", wait=False)
        send(post("/v1/match", 32 << 20), b"{", wait=False)
        send(f"GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n\r\n", wait=False)
    served("1,500 slow callers")
    for _ in range(connections):
        open_sockets.append(socket.create_connection(("127.0.0.1", port), timeout=60))
    served(f"{connections} idle connections")
    peak = resident(server.child.pid, "VmHWM")
    print(f"  at most {peak:.0f} MiB")
    assert peak < 512, peak
    for connection in open_sockets:
        connection.close()
    server.kill()


def main():
    verb, *rest = sys.argv[2:]
    if verb == "kills":
        kills(int(rest[0]), rest[1])
    elif verb == "fleet":
        fleet(float(rest[0]))
    elif verb == "secrets":
        secrets()
    elif verb == "abuse":
        abuse(int(rest[0]))
    else:
        raise SystemExit(__doc__)
    shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main()
