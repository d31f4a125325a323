#!/usr/bin/env python3
"""Replays one scenario under changed policies: ablate.py SCENARIO_DIR [ablation|sweep] [NAME...]

SCENARIO_DIR is what generate.py made. ablation takes parts of the rules away; sweep halves and doubles each threshold; or those that are named. Prints a table in Markdown.
JOBS replays run at a time, two unless it says otherwise; REPLAY is the command that replays.
"""
import json, math, os, subprocess, sys, tempfile
from concurrent.futures import ThreadPoolExecutor

CLI = ["dotnet", "run", "-c", "Release", "--no-build", "--project", "src/AccountGrains.Cli", "--"] if "REPLAY" not in os.environ else os.environ["REPLAY"].split()
HERE = os.path.dirname(os.path.abspath(__file__))
ABLATION = {
    "as they are": {},
    "no popularity discount": {"popularityFactor": 0},
    "one family is enough": {"familiesNeeded": 1},
    "no cohorts (pairs alone)": {"cohortThreshold": 1000, "watchThreshold": 1000, "watchedShare": 0},
    "no timing": {"timingFactor": 0},
    "no own behaviour": {"ownFactor": 0, "conductCap": 0},
    "no conduct compared with the plan": {"conductCap": 0},
    "no succession, bans say nothing": {"successionFactor": 0, "banFactor": 0, "conservationFactor": 0},
    "no templates": {"templateFactor": 0},
    "no payment": {"paymentFactor": 0},
    "no network": {"networkFactor": 0},
    "no client": {"clientFactor": 0},
    "no identity": {"identityFactor": 0},
}
THRESHOLDS = {
    "challengeScore": 2, "throttleScore": 4.6, "valueWeight": 3, "tokenWeight": 3, "familyCap": 8, "familyCoverage": .2, "signatureCoverage": .02,
    "cohortFamilyFloor": 8, "cohortEffect": 2, "cohortThreshold": 12, "watchThreshold": 3.2, "watchedShare": .05, "hopCover": .6, "hopRatio": 3,
    "meetingSurprise": 12, "momentSurprise": 1, "signatureRequests": .003, "activeTotal": 6, "activeMembers": 5, "cardCover": .4, "cardNumber": 5,
    "narrowTarget": .3, "turnsWeight": 4, "burstsWeight": 6, "rhythmTotal": 6, "unprovedMembers": 200,
    "burstRatio": 5, "burstSurprise": 12, "gatherSurprise": 6, "phraseShare": .3, "phraseShareTogether": .15, "joinShare": .6, "workChance": .45, "lenientChance": .25,
    "blockRatio": .75, "blockDeviations": 3, "mergeTokens": .5, "mergeTokensTogether": .25, "mergeCards": .4,
    "pairHolders": 8, "ringMembers": 8, "workShare": .65, "lenientShare": .5, "linkWeight": 4, "sharingChance": .9, "cardPrior": 2000, "commonShare": .02, "commonFloor": 20000,
    "conductCap": 3, "banShare": .01, "restoreWeight": 4,
}
# What cannot be doubled or halved, since it is a share, or has to stay below or above another.
MOST = {"hopCover": 1, "cardCover": 1, "narrowTarget": 1, "joinShare": 1, "blockRatio": 1, "workChance": .6, "lenientChance": .45, "workShare": .95, "lenientShare": .95, "sharingChance": .99}
LEAST = {"workShare": .5, "lenientShare": .3}
WHOLE = {"activeMembers", "unprovedMembers", "pairHolders", "ringMembers", "commonFloor"}
TOGETHER = {"cardNumber": ["cardNumberInOnePlace"]}


def variants(kind, names):
    if kind == "ablation": return {name: policy for name, policy in ABLATION.items() if not names or name in names}
    out = {} if names else {"as they are": {}}
    for name, value in THRESHOLDS.items():
        if names and name not in names: continue
        for factor in (.5, 2):
            changed = max(min(value * factor, MOST.get(name, math.inf)), LEAST.get(name, 0))
            if name in WHOLE: changed = int(changed)
            out[f"{name} {changed:g}"] = {n: changed for n in [name, *TOGETHER.get(name, [])]}
    return out


def row(scenario, name, policy):
    with tempfile.TemporaryDirectory() as work:
        path = os.path.join(work, "policy.json")
        json.dump(policy, open(path, "w"))
        command = CLI + ["replay", "--input", os.path.join(scenario, "events.jsonl"), "--out", work, "--engine", "inprocess"] + (["--policy", path] if policy else [])
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode not in (0, 3): return f"| {name} | {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'} | | | |"
        score = json.loads(subprocess.run([sys.executable, os.path.join(HERE, "score.py"), scenario, work], capture_output=True, text=True, check=True).stdout)
    each = ", ".join(f"{n} {c['recall']:.2f} / {c['leak']:.3f}" for n, c in score["campaigns"].items())
    benign = score["benign"]
    return f"| {name} | {100 * score['leak']:.1f} % | {100 * score['recall']:.1f} % | {benign['restricted']}, {benign['challenged']} | {each} |"


def main():
    scenario, kind = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "ablation"
    print("| rules | leak | recall | innocents restricted, challenged | each campaign: recall / leak |\n|---|---|---|---|---|", flush=True)
    with ThreadPoolExecutor(int(os.environ.get("JOBS", 2))) as pool:
        for line in pool.map(lambda variant: row(scenario, *variant), variants(kind, sys.argv[3:]).items()): print(line, flush=True)


if __name__ == "__main__": main()
