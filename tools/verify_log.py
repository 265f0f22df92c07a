#!/usr/bin/env python3
"""Check a city's whole public log without trusting the city: sixty lines, Python alone.

verify_log.py https://portal.example    every leaf, head and signature (or a folder from --save)
  --kept heads.json     that nothing you kept earlier was rewritten or cut off
  --save FOLDER         keep what was checked: next month's --kept

Signatures need `pip install cryptography`. What the files hold is told in docs/log.md. Whether your
own report is among them: verify_receipt.py FOLDER receipt.json.
"""

import base64, functools, hashlib, json, pathlib, sys, urllib.request


def demand(holds, words):
    """End with these words unless it holds."""
    holds or sys.exit(f"FAIL: {words}")


def load(source):
    """The heads with their keys, and the leaves: page by page, or whole from a folder."""

    def get(name, start):
        if "://" not in source:
            return pathlib.Path(source, name).read_bytes()
        return urllib.request.urlopen(f"{source}/open/log/{name}?from={start}").read()

    book, leaves = json.loads(get("heads.json", 0)), []
    while len(book["heads"]) < book["total"]:
        book["heads"] += json.loads(get("heads.json", len(book["heads"])))["heads"]
    while book["heads"] and len(leaves) < book["heads"][-1]["size"]:
        leaves += get("leaves", len(leaves)).split(b"\n")[:-1] or sys.exit("FAIL: no leaves")
    return book, leaves


def is_signed(text, signature, public):
    """Whether this key signed this text; taken on trust where the library is missing."""
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey as Key

        Key.from_public_bytes(bytes.fromhex(public)).verify(bytes.fromhex(signature), text.encode())
    except ImportError:
        return True
    except Exception:
        return False
    return True


def check(book, leaves, kept):
    """Every head fits the leaves, its key and the head before; every kept one still holds."""

    @functools.lru_cache(4096)
    def root(start, end):
        """The root over these leaves as RFC 9162 has it: that of each half, hashed together."""
        if end - start < 2:
            return hashlib.sha256(b"".join(b"\0" + leaf for leaf in leaves[start:end])).digest()
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        return hashlib.sha256(b"\1" + root(start, middle) + root(middle, end)).digest()

    keys, last = {}, {"size": 0, "at": ""}
    for key in book["keys"]:
        text, old = f"public log key\n{key['public']}\n", key["endorsed_by"]
        vouched = not keys or is_signed(text, key["endorsement"], keys.get(old))
        demand(vouched or not old, f"the key {old} did not endorse {key['key_id']}")
        vouched or print(f"NOTE: no key before {key['key_id']} vouches for it: ask why")
        keys[key["key_id"]] = key["public"]
    for head in book["heads"]:
        name, at, there = f"the head of {head['at']}", last["at"], root(0, head["size"])
        demand(there.hex() == head["root"], f"{name}: a leaf below was changed, dropped or moved")
        demand(last["size"] <= head["size"] and at <= head["at"], f"{name}: before {at}, backdated")
        text = "{origin}\n{size}\n{0}\ntime {at}\n".format(base64.b64encode(there).decode(), **head)
        signed = is_signed(text, head["signature"], keys.get(head["key_id"]))
        demand(signed, f"{name}: not signed by a key of the log")
        for n in range(last["size"], head["size"]):
            if json.loads(leaves[n]).get("on", "9") < at[:10]:
                print(f"NOTE: leaf {n} gives a day before {at}, when it was not there")
        last = head
    for head in kept:
        demand(head["size"] <= len(leaves), "{size} leaves of {at} are cut off".format(**head))
        demand(root(0, head["size"]).hex() == head["root"], "rewritten since {at}".format(**head))


source, given = sys.argv[1].rstrip("/"), dict(zip(sys.argv[2::2], sys.argv[3::2], strict=True))
book, leaves = load(source)
check(book, leaves, json.loads(open(given["--kept"]).read())["heads"] if "--kept" in given else [])
if "--save" in given:
    pathlib.Path(given["--save"]).mkdir(parents=True, exist_ok=True)
    pathlib.Path(given["--save"], "heads.json").write_text(json.dumps(book))
    pathlib.Path(given["--save"], "leaves").write_bytes(b"\n".join([*leaves, b""]))
how = "" if "cryptography" in sys.modules else ", signatures NOT checked (pip install cryptography)"
print(f"OK: {len(leaves)} leaves, {len(book['heads'])} heads{how}")
