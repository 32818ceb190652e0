"""Notes the keys, invitations and sessions that the service gave while it was tried."""

import os

import schemathesis


@schemathesis.hook
def after_call(context, case, response):
    try:
        told = response.json()
    except ValueError:
        told = None
    told = told if isinstance(told, dict) else {}
    with open(os.environ["SECRETS"], "a", encoding="utf-8") as file:
        if isinstance(told.get("key"), str) and told["key"].startswith("tiaoji_"):
            print("key", told["key"], file=file)
        if isinstance(told.get("link"), str) and "#" in told["link"]:
            print("invitation", told["link"].split("#")[-1], file=file)
        for cookie in response.headers.get("set-cookie", []):
            name, _, value = cookie.split(";")[0].partition("=")
            if name.endswith("tiaoji") and value:
                print("session", value, file=file)
