#!/usr/bin/env python3
"""Check a city's whole public log without trusting the city: eighty lines, Python alone.

verify_log.py https://portal.example    every leaf, head and signature (or a folder from --save)
  --kept heads.json     that nothing you kept earlier was rewritten or cut off
  --receipt mine.json   that your report is in it, and what became of it
  --save FOLDER         keep what was checked: next month's --kept

Signatures need `pip install cryptography`. What the files hold is told in docs/log.md.
"""

import base64, hashlib, hmac, json, pathlib, sys, urllib.request

try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    Ed25519PublicKey = None


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


def roots_at(leaves, sizes):
    """The root over the first n leaves, for each n of `sizes`, hashed as RFC 9162 says."""
    peaks, roots = [], {}
    for n, leaf in enumerate(leaves, start=1):
        peaks.append(hashlib.sha256(b"\0" + leaf).digest())
        for _ in range((n & -n).bit_length() - 1):
            peaks[-2:] = [hashlib.sha256(b"\1" + peaks[-2] + peaks[-1]).digest()]
        if n in sizes:
            root = peaks[-1]
            for peak in peaks[-2::-1]:
                root = hashlib.sha256(b"\1" + peak + root).digest()
            roots[n] = root
    return roots


def is_signed(head, root, public):
    """Whether the log's key signed this head; taken on trust where the library is missing."""
    root = base64.b64encode(root).decode()
    text = f"{head['origin']}\n{head['size']}\n{root}\ntime {head['at']}\n"
    try:
        key = Ed25519PublicKey and Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key and key.verify(bytes.fromhex(head["signature"]), text.encode())
    except Exception:
        return False
    return True


def check_heads(book, leaves, kept):
    """Every head fits the leaves, its key and the head before; every kept one still holds."""
    roots = roots_at(leaves, {head["size"] for head in book["heads"] + kept})
    keys, last = {key["key_id"]: key["public"] for key in book["keys"]}, {"size": 0, "at": ""}
    for head in book["heads"]:
        name, root = f"the head of {head['at']}", roots.get(head["size"], b"")
        if root.hex() != head["root"]:
            sys.exit(f"FAIL: {name} does not fit: a leaf below it was changed, dropped or moved")
        if (head["size"] < last["size"]) or (head["at"] < last["at"]):
            sys.exit(f"FAIL: {name} was signed after that of {last['at']}: backdated")
        if not is_signed(head, root, keys.get(head["key_id"], "")):
            sys.exit(f"FAIL: {name} does not bear the signature of the log's key")
        for n in range(last["size"], head["size"]):
            if json.loads(leaves[n]).get("on", "9") < last["at"][:10]:
                print(f"NOTE: leaf {n} gives a day before {last['at']}, when it was not there")
        last = head
    for head in kept:
        if head["size"] > len(leaves):
            sys.exit(f"FAIL: {head['size']} leaves on {head['at']}, now {len(leaves)}: cut off")
        if roots[head["size"]].hex() != head["root"]:
            sys.exit(f"FAIL: the log is not the one whose head was kept on {head['at']}: rewritten")


def check_receipt(mine, leaves):
    """The filing is in the log as the receipt says; tells what became of it."""
    salt, case = bytes.fromhex(mine["nonce"]), f"case\n{mine['number']}".encode()
    case = hmac.new(salt, case, "sha256").hexdigest()
    said = ["file", case, mine["content_commitment"], mine["received_at"][:10]]
    found = [leaf for leaf in leaves if hashlib.sha256(b"\0" + leaf).hexdigest() == mine["leaf"]]
    if not found:
        sys.exit(f"FAIL: {mine['number']} is not in the log: keep the receipt, show it to others")
    if said != [json.loads(found[0]).get(name) for name in ("kind", "case", "content", "on")]:
        sys.exit(f"FAIL: {mine['number']} is in the log with another number, content or day")
    for n, entry in enumerate(map(json.loads, leaves)):
        if entry.get("case") == case:
            print(f"{mine['number']}: leaf {n}, {entry['on']} {entry['kind']}")


source, given = sys.argv[1].rstrip("/"), dict(zip(sys.argv[2::2], sys.argv[3::2], strict=True))
book, leaves = load(source)
read = {
    name: json.loads(pathlib.Path(given[name]).read_bytes()) for name in given if name != "--save"
}
check_heads(book, leaves, read.get("--kept", {"heads": []})["heads"])
if "--receipt" in read:
    check_receipt(read["--receipt"].get("receipt", read["--receipt"]), leaves)
if "--save" in given:
    pathlib.Path(given["--save"]).mkdir(parents=True, exist_ok=True)
    pathlib.Path(given["--save"], "heads.json").write_text(json.dumps(book))
    pathlib.Path(given["--save"], "leaves").write_bytes(b"".join(leaf + b"\n" for leaf in leaves))
how = "" if Ed25519PublicKey else ", signatures NOT checked (pip install cryptography)"
print(f"OK: {len(leaves)} leaves, {len(book['heads'])} heads{how}")
