#!/usr/bin/env python3
"""Makes the little data that generate.py reads from the full data sets: reduce.py FULL_DATA_DIR OUT_DIR

Keeps the rows and columns that the generator uses, in their order, so that one config and seed give the same bytes with either.
"""
import csv, glob, gzip, io, ipaddress, json, os, sys
from generate import CLOUD, MOBILE, RESIDENTIAL, VPN

FULL, OUT = sys.argv[1:3]


def read(*path):
    path = os.path.join(FULL, *path)
    return gzip.open(path, "rt", encoding="utf-8", newline="") if path.endswith(".gz") else open(path, encoding="utf-8", newline="")


def write(text, *path):
    path = os.path.join(OUT, *path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f: f.write(gzip.compress(text.encode(), 9, mtime=0) if path.endswith(".gz") else text.encode())


def table(rows, columns):
    out = io.StringIO()
    w = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    w.writeheader(); w.writerows(rows)
    return out.getvalue()


def lines(objects, keep): return "".join(json.dumps({k: o[k] for k in keep if k in o}, ensure_ascii=False, separators=(",", ":")) + "\n" for o in objects)


def size(row): return int(ipaddress.IPv4Address(row["end"])) - int(ipaddress.IPv4Address(row["start"])) + 1


wanted = {str(a) for a in RESIDENTIAL + MOBILE + CLOUD + VPN}
with read("ip", "asn_ipv4.csv.gz") as f:
    write(table([r for r in csv.DictReader(f) if r["asn"] in wanted and size(r) >= 256], ["start", "end", "asn"]), "ip", "asn_ipv4.csv.gz")
with read("client", "ja4_verified.csv.gz") as f:
    write(table([{"ja4": j} for j in sorted({r["ja4"] for r in csv.DictReader(f)})], ["ja4"]), "client", "ja4_verified.csv.gz")
with read("client", "user_agents.jsonl.gz") as f:
    write(lines([{"user_agent": a} for a in sorted({json.loads(l)["user_agent"] for l in f})], ["user_agent"]), "client", "user_agents.jsonl.gz")
for path in sorted(glob.glob(os.path.join(FULL, "prompts", "*.jsonl*"))):
    with read("prompts", os.path.basename(path)) as f:
        write(lines([json.loads(l) for l in f], ["question", "text", "instruction", "input", "prompt"]), "prompts", os.path.basename(path))
