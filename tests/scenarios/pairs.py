#!/usr/bin/env python3
"""Which accounts repeat each other, and whether they are in one campaign: pairs.py TRACE REPLAY [--times 3] [--seconds 60]

A pair repeats itself when both accounts sent the same prompt within so many seconds of each other, of so many different prompts. Prints
how many do, how many of them share a campaign of the replay's campaigns.json, whatever its status, those that do not, and the largest campaign.
"""
import argparse, collections, json, os
from datetime import datetime


def pairs(path, seconds):
    sent, found = collections.defaultdict(list), collections.defaultdict(set)
    for line in open(path, encoding="utf-8"):
        e = json.loads(line)
        if "prompt" in e: sent[e["prompt"]].append((datetime.fromisoformat(e["time"].replace("Z", "+00:00")).timestamp(), e["account"]))
    for prompt, times in sent.items():
        times.sort()
        for i, (time, account) in enumerate(times):
            for later, other in times[i + 1:]:
                if later - time > seconds: break
                if other != account: found[tuple(sorted((account, other)))].add(prompt)
    return found


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("trace"); ap.add_argument("replay")
    ap.add_argument("--times", type=int, default=3); ap.add_argument("--seconds", type=float, default=60)
    o = ap.parse_args()
    campaigns, of = json.load(open(os.path.join(o.replay, "campaigns.json"), encoding="utf-8")), collections.defaultdict(set)
    for c in campaigns:
        for m in c["members"]: of[m["account"]].add(c["id"])
    repeating = [pair for pair, prompts in pairs(os.path.join(o.trace, "events.jsonl"), o.seconds).items() if len(prompts) >= o.times]
    apart = [pair for pair in repeating if not of[pair[0]] & of[pair[1]]]
    print(json.dumps(dict(repeating=len(repeating), together=len(repeating) - len(apart), apart=apart, largestCampaign=max([len(c["members"]) for c in campaigns] or [0]))))


if __name__ == "__main__":
    main()
