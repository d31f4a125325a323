#!/usr/bin/env python3
"""Turns a real data set into observations: convert.py coortweet|hop|apache|ssh OUT_DIR --data DIR

Writes OUT_DIR/events.jsonl (and truth.json where the data has ground truth, for score.py --membership).
What each data set is, and where it is from: README.md, "Real data". A field that the data does not have is left out.
  coortweet  an account shares an object at a time: the object stands as the prompt
  hop        an account with counterparties: one that several accounts share stands as payment, a direct transfer as device
  apache     a web access log: address and user agent together stand as the account
  ssh        password attempts: the user name tried stands as the account, the source as its address
"""
import argparse, collections, csv, gzip, hashlib, json, os, re
from datetime import datetime, timezone

def iso(t): return datetime.fromtimestamp(t, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def rows(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as f: yield from csv.DictReader(f)


def h(*a): return hashlib.sha256("|".join(a).encode()).hexdigest()[:12]


def coortweet(d):
    for r in rows(os.path.join(d, "coord", "coortweet_russian_shares.csv.gz")):
        yield float(r["timestamp_share"]), dict(type="request", account=r["account_id"], requestId=r["content_id"][:16] + "-" + r["object_id"][:16], prompt="object " + r["object_id"])


def hop(d, truth):
    first, other = {}, collections.defaultdict(list)
    for r in rows(os.path.join(d, "coord", "hop_accounts.csv.gz")):
        first[r["account"]] = float(r["first_seen_unix"])
        truth[r["account"]] = dict(label=r["group"] or "benign", kind=r["label"], source=r["group_source"], requests=0)
    for r in rows(os.path.join(d, "coord", "hop_links.csv.gz")): other[r["account"]].append((r["kind"], r["other"]))
    for a, t in first.items():
        yield t, dict(type="signup", account=a)
        for i, (kind, o) in enumerate(sorted(other[a])):
            truth[a]["requests"] += 1
            f = dict(device=h(*sorted((a, o)))) if kind == "direct" else dict(payment=o)
            yield t + 1 + i, dict(type="request", account=a, requestId=f"{a}-{i}", **f)
    # the other end of a direct transfer sees the same device
    for a, l in sorted(other.items()):
        for kind, o in sorted(l):
            if kind == "direct" and o in first:
                truth[o]["requests"] += 1
                yield max(first[a], first[o]) + 30, dict(type="request", account=o, requestId=f"{o}-from-{a}", device=h(*sorted((a, o))))


LINE = re.compile(r'^(\S+) \S+ \S+ \[([^\]]+)\] "(\S+) (\S+)[^"]*" (\d{3}) (\S+) "[^"]*" "([^"]*)"')


def apache(d):
    with gzip.open(os.path.join(d, "web", "apache_access_2015.log.gz"), "rt", encoding="utf-8", errors="replace") as f:
        for n, line in enumerate(f):
            m = LINE.match(line)
            if not m: continue
            ip, when, _, path, status, size, ua = m.groups()
            t = datetime.strptime(when, "%d/%b/%Y:%H:%M:%S %z").timestamp()
            yield t, dict(type="request", account="web_" + h(ip, ua), requestId=f"l{n}", ip=ip, userAgent=ua[:256], endpoint=path[:256], status=int(status), outputTokens=int(size) if size.isdigit() else 0)


SSH = re.compile(r"^(\w{3}\s+\d+ \d\d:\d\d:\d\d) .*?sshd\[\d+\]: (Failed|Accepted) \S+ for (?:invalid user )?(\S*) from ([\d.]+)|^(\w{3}\s+\d+ \d\d:\d\d:\d\d) .*?sshd\[\d+\]: Invalid user (\S*) from ([\d.]+)")


def ssh(d):
    with gzip.open(os.path.join(d, "web", "ssh_auth_2017.log.gz"), "rt", encoding="utf-8", errors="replace") as f:
        for n, line in enumerate(f):
            m = SSH.match(line)
            if not m: continue
            when, user, ip = (m[1], m[3], m[4]) if m[1] else (m[5], m[6], m[7])
            t = datetime.strptime("2017 " + " ".join(when.split()), "%Y %b %d %H:%M:%S").replace(tzinfo=timezone.utc).timestamp()
            yield t, dict(type="request", account="user_" + (user or "-"), requestId=f"l{n}", ip=ip, status=200 if m[2] == "Accepted" else 401)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("what", choices=["coortweet", "hop", "apache", "ssh"]); ap.add_argument("out")
    ap.add_argument("--data", required=True)
    o = ap.parse_args()
    truth = {}
    ev = list(hop(o.data, truth) if o.what == "hop" else globals()[o.what](o.data))
    ev.sort(key=lambda x: x[0])
    os.makedirs(o.out, exist_ok=True)
    with open(os.path.join(o.out, "events.jsonl"), "w", encoding="utf-8") as f:
        for t, e in ev: f.write(json.dumps(dict(v=1, type=e.pop("type"), time=iso(t), **e), separators=(",", ":"), ensure_ascii=False) + "\n")
    if truth: json.dump(truth, open(os.path.join(o.out, "truth.json"), "w"))
    print(json.dumps(dict(what=o.what, events=len(ev), accounts=len(truth) or len({e["account"] for _, e in ev}))))


if __name__ == "__main__":
    main()
