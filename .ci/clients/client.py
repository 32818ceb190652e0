"""What a program of a firm does, with the client that openapi-python-client makes."""

import datetime
import json
import os
import sys

from tiaoji_client import AuthenticatedClient
from tiaoji_client.api.default import change_shortage, create_shortage, match, read_shortage
from tiaoji_client.models import ATiaojiPlan, ATiaojiScenario, Shortage, ShortageChange, ShortageNew

client = AuthenticatedClient(os.environ["TIAOJI_ADDRESS"], os.environ["TIAOJI_KEY"], timeout=60)
with open(sys.argv[1], encoding="utf-8") as file:
    scenario = ATiaojiScenario.from_dict(json.load(file))

plan = match.sync(client=client, body=scenario, gap=0.0)
assert isinstance(plan, ATiaojiPlan), plan
assert plan.objective_fen < plan.baseline_fen and plan.secondments, plan
print(f"python: {len(plan.secondments)} secondments, {plan.objective_fen} of {plan.baseline_fen} fen")

like = scenario.shortage[0]
new = ShortageNew(
    firm=like.firm, skill=like.skill, headcount=2, from_=datetime.date(2022, 4, 1), to=datetime.date(2022, 4, 2)
)
made = create_shortage.sync_detailed(client=client, body=new, idempotency_key="python-1")
assert made.status_code == 201 and isinstance(made.parsed, Shortage), made
change = ShortageChange(headcount=3)
changed = change_shortage.sync(made.parsed.id, client=client, body=change, if_match=made.headers["etag"])
assert isinstance(changed, Shortage) and (changed.headcount, changed.version) == (3, 2), changed
stale = change_shortage.sync_detailed(made.parsed.id, client=client, body=change, if_match=made.headers["etag"])
assert stale.status_code == 412 and stale.parsed.code == "version_mismatch", stale
assert read_shortage.sync(made.parsed.id, client=client).headcount == 3
