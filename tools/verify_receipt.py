#!/usr/bin/env python3
"""Look for one report in the public log: needs no network and no trust, only Python.

verify_receipt.py FOLDER receipt.json     FOLDER is what `verify_log.py … --save FOLDER` has checked

Says that the filing is in the log as the receipt has it, and which steps the log holds of the case.
"""

import hashlib, hmac, json, pathlib, sys

leaves = pathlib.Path(sys.argv[1], "leaves").read_bytes().split(b"\n")[:-1]
mine = json.loads(pathlib.Path(sys.argv[2]).read_bytes())
mine = mine.get("receipt", mine)
salt, number = bytes.fromhex(mine["nonce"]), mine["number"]
case = hmac.new(salt, f"case\n{number}".encode(), "sha256").hexdigest()
said = ["file", case, mine["content_commitment"], mine["received_at"][:10]]
found = [leaf for leaf in leaves if hashlib.sha256(b"\0" + leaf).hexdigest() == mine["leaf"]]
if not found:
    sys.exit(f"FAIL: {number} is not in the log: keep the receipt, show it to others")
if said != [json.loads(found[0]).get(name) for name in ("kind", "case", "content", "on")]:
    sys.exit(f"FAIL: {number} is in the log with another number, content or day")
for n, entry in enumerate(map(json.loads, leaves)):
    if entry.get("case") == case:
        print(f"{number}: leaf {n}, {entry['on']} {entry['kind']}")
