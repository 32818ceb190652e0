#!/usr/bin/env python3
"""The clock of a running server moved back by a day, ahead by one, and set right again.

.ci/clock.py SERVER sqlite|postgres

On PostgreSQL the database's clock decides, and the server's has no say: logins, keys, answers to idempotency keys and deadlines
stay as they are, nobody is followed up, and what is written bears the right time. With SQLite the program's clock is the
database's: a day back nothing ends, a day ahead what has less than a day left, and nothing else. On either no run is lost or
ends twice, one whose server is killed while its clock is wrong included. Needs Debian's faketime and, for PostgreSQL, postgresql.
"""

import collections
import datetime
import glob
import json
import os
import random
import shutil
import subprocess
import sys
import time

import fleet
from fleet import FOLDER, POLICY, SKILLS, Postgres, Process, ask, begin, command, everything, fill, free_port, until

OFFSET = FOLDER / "offset"
# longer than the server lets pass between two looks at what is due
BREATH = 12


def move(offset):
    beside = FOLDER / "offset.new"
    beside.write_text(offset + "\n")
    beside.rename(OFFSET)


class Moved(Process):
    """A server whose clock is what the file says; only the civil one, as when somebody sets it."""

    def start(self):
        library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")[0]
        moved = {
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": str(OFFSET), "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }
        self.child = subprocess.Popen(self.args, stdout=fleet.LOG, stderr=fleet.LOG, env={**os.environ, **moved})


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def off_by(text):
    """How many days an instant is from now, to the hour."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return round((instant(text) - now).total_seconds() / 3600) / 24


def last_logged():
    lines = (FOLDER / "log").read_text(errors="replace").splitlines()
    stamps = (json.loads(line)["timestamp"] for line in reversed(lines) if line.startswith('{"timestamp"'))
    return next(stamps)


def large():
    """A scenario that is not solved at once."""
    dice = random.Random(fleet.SEED)
    firms = [{"id": f"F{n}", "name": f"Firm {n}", "latitude": 36.5 + dice.random() / 10, "longitude": 117 + dice.random() / 10}
             for n in range(60)]

    def posting(prefix, n):
        first = dice.randrange(60)
        days = [datetime.date(2099, 3, 1) + datetime.timedelta(days=day) for day in (first, first + dice.randrange(5, 30))]
        return {"id": f"{prefix}{n}", "firm": dice.choice(firms)["id"], "skill": "packer", "headcount": dice.randint(1, 20),
                "from": str(days[0]), "to": str(days[1])}

    return {"name": "large", "policy": POLICY, "firms": firms, "skills": SKILLS,
            "surplus": [posting("S", n) for n in range(150)], "shortage": [posting("D", n) for n in range(150)]}


class Zone:
    """What is there before the clock moves."""

    def __init__(self, port, key):
        self.port, self.key = port, key
        fill(port, key)
        command("user", "--role", "zone", "--login", "chief", text="officers-password-1\n")
        _, head, _ = self.ask("POST", "/v1/session", {"login": "chief", "password": "officers-password-1"}, key=None)
        self.cookie = head["set-cookie"].split(";")[0]
        # good for a day less what passes from now on
        self.short = command("key", "--role", "viewer", "--name", "short", "--expires", "1d")
        today = datetime.date.today()
        days = {"from": str(today + datetime.timedelta(days=10)), "to": str(today + datetime.timedelta(days=20))}
        posting = {"skill": "packer", "headcount": 3, **days}
        self.once = {"firm": "F1", **posting, "remark": "once"}
        status, _, self.row = self.ask("POST", "/v1/surplus", self.once, headers={"Idempotency-Key": "once"})
        assert status == 201, self.row
        assert self.ask("POST", "/v1/shortages", {"firm": "F2", **posting})[0] == 201
        plan = self.end_of(self.ask("POST", "/v1/runs?source=zone")[2])["plan_id"]
        status, _, published = self.ask("POST", f"/v1/plans/{plan}/publish")
        assert status == 200 and published["proposals"], published
        self.proposal = self.ask("GET", f"/v1/proposals/{published['proposals'][0]}")[2]
        _, _, invited = self.ask("POST", "/v1/invitations", {"name": "guest", "role": "viewer"})
        self.token = invited["link"].split("=")[-1].split("/")[-1].split("#")[-1]

    def ask(self, method, path, body=None, key="", headers=None):
        return until(lambda: self.port, method, path, body, self.key if key == "" else key, headers)

    def end_of(self, run):
        deadline = time.monotonic() + 180
        while run["state"] in ("queued", "running"):
            assert time.monotonic() < deadline, f"a run that does not end: {run}"
            time.sleep(0.2)
            run = self.ask("GET", f"/v1/runs/{run['id']}")[2]
        assert run["state"] == "done", run
        return run

    def check(self, what, days):
        """How things stand where the database's clock is so many days from the right time."""
        now = self.ask("GET", f"/v1/proposals/{self.proposal['id']}")[2]
        unchanged = [now[name] == self.proposal[name] for name in ("state", "version", "deadline")]
        assert all(unchanged), f"{what}: {now}"
        login = self.ask("GET", "/v1/session", key=None, headers={"Cookie": self.cookie})[0]
        short = self.ask("GET", "/v1/policy", key=self.short)[0]
        assert (login, short) == ((200, 200) if days <= 0 else (401, 401)), f"{what}: login {login}, key {short}"
        if days <= 0:
            status, head, row = self.ask("POST", "/v1/surplus", self.once, headers={"Idempotency-Key": "once"})
            replayed = head.get("idempotency-replayed") == "true"
            assert status == 201 and replayed and row["id"] == self.row["id"], f"{what}: {status} {row}"
            silent = [row for row in self.ask("GET", "/v1/follow-ups")[2]["items"] if row["follow_up"] == "silent"]
            assert not silent, f"{what}: {silent}"
        made = self.ask("POST", "/v1/surplus", {**self.once, "remark": what})[2]
        assert off_by(made["created"]) == days, f"{what}: {made}"
        self.end_of(self.ask("POST", "/v1/runs", fleet.SCENARIO)[2])


def main(engine):
    is_postgres = engine == "postgres"
    postgres = Postgres() if is_postgres else None
    key = begin(postgres.url if postgres else f"sqlite:{FOLDER}/zone.db")
    move("+0")
    port = free_port()
    server = Moved("serve", "--listen", f"127.0.0.1:{port}", "--workers", "1", port=port)
    server.wait_until_ready()
    zone = Zone(port, key)
    zone.check("before", 0)
    for offset, days in (("-1d", -1), ("+1d", 1), ("+0", 0)):
        # one is under way meanwhile, a day ahead on a server that is killed
        run = zone.ask("POST", "/v1/runs?gap=0&time_limit=8s", large())[2]
        move(offset)
        time.sleep(BREATH)
        if offset == "+1d":
            run = zone.ask("POST", "/v1/runs?gap=0&time_limit=8s", large())[2]
            while zone.ask("GET", f"/v1/runs/{run['id']}")[2]["state"] == "queued":
                time.sleep(0.1)
            server.kill()
            server.start()
            server.wait_until_ready()
        # with SQLite what has ended a day ahead stays ended
        if is_postgres or days != 0:
            zone.check(f"{offset} on {engine}", 0 if is_postgres else days)
        assert off_by(last_logged()) == days, f"the server's clock has not moved: {last_logged()}"
        zone.end_of(run)
        print(f"  {engine} {offset}: as it should be", flush=True)
    now = zone.ask("GET", f"/v1/proposals/{zone.proposal['id']}")[2]
    assert (now["state"], now["deadline"]) == ("open", zone.proposal["deadline"]), now
    body = {"token": zone.token, "login": "guest", "password": "another-password-1"}
    assert zone.ask("POST", "/v1/invitations:accept", body, key=None)[0] == 201
    trail = everything(port, key, "/v1/audit?kind=run&")
    ends = collections.Counter(entry["id"] for entry in trail if entry["action"] in ("done", "failed", "cancelled"))
    assert set(ends.values()) == {1}, ends
    print(f"  {engine}: {len(ends)} runs, each ended once")
    server.kill()
    if postgres:
        postgres.control("stop")
    else:
        command("check")
    shutil.rmtree(FOLDER)


if __name__ == "__main__":
    main(sys.argv[2])
