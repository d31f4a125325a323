#!/usr/bin/env python3
"""Generates a labelled trace of API traffic: benign accounts of many kinds, and campaigns hidden among them.

    generate.py CONFIG.json OUT_DIR [--data DIR] [--scale X] [--plugin FILE.py]

writes OUT_DIR/events.jsonl (observations, in time order, format of CONTRACT.md), OUT_DIR/truth.json
(what each account really is) and OUT_DIR/stats.json. The same config and seed give the same bytes.
The trace never reacts to a verdict: score.py cuts an account off at the moment that it is restricted.
Prompts, addresses, TLS fingerprints and user agents are real ones, from data/; who sends what, and when, is made up.
"""
import argparse, bisect, csv, glob, gzip, importlib.util, ipaddress, json, math, os, random
from datetime import datetime, timedelta, timezone

START = datetime(2026, 5, 1, tzinfo=timezone.utc)
DAY = 86400.0

# ---------------------------------------------------------------- the network
RESIDENTIAL = [7922, 7018, 3320, 3215, 4134, 4837, 55836, 9829, 28573, 8151, 12389, 3269, 12322, 2856, 5089, 4766, 4713, 17676, 20115, 22773]
MOBILE = [21928, 22394, 45609, 24560, 9808, 131445, 37457, 26599]
CLOUD = [16509, 14618, 396982, 8075, 14061, 16276, 24940, 20473, 63949, 45102, 132203, 31898]
VPN = [9009, 212238, 60068, 136787, 39351, 62240]
COUNTRY = {7922: "US", 7018: "US", 3320: "DE", 3215: "FR", 4134: "CN", 4837: "CN", 55836: "IN", 9829: "IN", 28573: "BR",
           8151: "MX", 12389: "RU", 3269: "IT", 12322: "FR", 2856: "GB", 5089: "GB", 4766: "KR", 4713: "JP", 17676: "JP",
           20115: "US", 22773: "US", 21928: "US", 22394: "US", 45609: "IN", 24560: "IN", 9808: "CN", 131445: "TH",
           37457: "ZA", 26599: "BR", 16509: "US", 14618: "US", 396982: "US", 8075: "US", 14061: "US", 16276: "FR",
           24940: "DE", 20473: "US", 63949: "US", 45102: "SG", 132203: "SG", 31898: "US", 9009: "GB", 212238: "GB",
           60068: "GB", 136787: "PA", 39351: "SE", 62240: "GB"}


class Network:
    """Gives real addresses: every ASN owns a few of its announced blocks, so that two draws can meet in a /24."""

    def __init__(self, rng, data):
        self.rng = rng
        wanted = set(RESIDENTIAL + MOBILE + CLOUD + VPN)
        blocks = {asn: [] for asn in wanted}
        with gzip.open(os.path.join(data, "ip", "asn_ipv4.csv.gz"), "rt", encoding="utf-8") as f:
            for row in csv.DictReader(f):
                if row["asn"].isdigit() and int(row["asn"]) in wanted:
                    lo, hi = int(ipaddress.IPv4Address(row["start"])), int(ipaddress.IPv4Address(row["end"]))
                    if hi - lo >= 255: blocks[int(row["asn"])].append((lo, hi))
        self.nets = {}
        for asn in sorted(wanted):
            b = sorted(blocks[asn]) or [(int(ipaddress.IPv4Address(f"100.{64 + asn % 64}.0.0")), int(ipaddress.IPv4Address(f"100.{64 + asn % 64}.255.255")))]
            self.nets[asn] = [rng.choice(b) for _ in range(6 if asn in RESIDENTIAL else 2)]

    def ip(self, asn, spread=64):
        lo, hi = self.rng.choice(self.nets[asn])
        return str(ipaddress.IPv4Address(min(hi - 1, lo + 256 * self.rng.randrange(min(spread, max(1, (hi - lo) // 256))) + self.rng.randrange(1, 255))))

    def pool(self, asn, n, spread=64):
        return [self.ip(asn, spread) for _ in range(n)]


def stacks(rng, data, n=48):
    """Client stacks (TLS fingerprint, user agent), from very common to rare."""
    sdk = ["python-sdk/1.{}", "node-sdk/4.{}", "go-sdk/0.{}", "java-sdk/2.{}", "curl/8.{}", "okhttp/4.{}"]
    with gzip.open(os.path.join(data, "client", "ja4_verified.csv.gz"), "rt", encoding="utf-8") as f:
        ja4 = sorted({r["ja4"] for r in csv.DictReader(f) if r["ja4"].startswith("t1") and r["ja4"].count("_") == 2})
    with gzip.open(os.path.join(data, "client", "user_agents.jsonl.gz"), "rt", encoding="utf-8") as f:
        agents = sorted({json.loads(l)["user_agent"] for l in f})
    ja4, agents = rng.sample(ja4, n), rng.sample(agents, n)
    out = [(ja4[i], agents[i] if i in (6, 7, 8) or i % 4 == 3 else sdk[i % len(sdk)].format(10 + i)) for i in range(n)]
    return out, [1.0 / (i + 1) ** 1.1 for i in range(n)]


# ---------------------------------------------------------------- the prompts
class Prompts:
    def __init__(self, rng, data):
        self.rng, self.real = rng, []
        for path in sorted(glob.glob(os.path.join(data, "prompts", "*.jsonl*"))):
            with (gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")) as f:
                for line in f:
                    o = json.loads(line)
                    t = o.get("question") or o.get("text") or " ".join(x for x in (o.get("instruction"), o.get("input")) if x) or o.get("prompt")
                    if isinstance(t, str) and len(t) > 40: self.real.append(" ".join(t.split()))
        if len(self.real) < 100: raise SystemExit("no prompts found under --data")
        self.sentences = [x.strip() + "." for t in self.real for x in t.split(". ") if 4 <= len(x.split()) <= 30]
        self.words = sorted({w for t in self.real for w in t.split() if 3 < len(w) < 14 and w.isalpha()})

    def text(self, n):
        """n words of real prompts."""
        out = []
        while len(out) < n: out += self.rng.choice(self.real).split()
        return " ".join(out[:n])

    def free(self):
        """A prompt nobody else is expected to send as it is."""
        return self.rng.choice(self.real)[:600] + " " + self.text(self.rng.randint(4, 40))

    def template(self, fixed):
        out = []
        while len(out) < fixed: out += self.rng.choice(self.sentences).split()
        return out[:fixed]

    def fill(self, tpl, var, noise=0.0):
        """A template with its slot filled; noise replaces that share of its fixed words."""
        r = self.rng
        fixed = [r.choice(self.words) if noise and r.random() < noise else w for w in tpl]
        cut = len(fixed) // 2
        return " ".join(fixed[:cut]) + " " + self.text(var) + " " + " ".join(fixed[cut:])


CAPABILITIES = ["chat", "coding", "reasoning", "tool_use", "vision", "translation", "extraction", "writing", "grading"]
COT = "Lay out step by step the internal reasoning that leads to the final answer before you state it."
MODELS = ["atlas-large-3", "atlas-small-3", "atlas-large-4"]
FREEMAIL = ["gmail.com", "outlook.com", "qq.com", "163.com", "yahoo.com", "proton.me", "icloud.com", "mail.ru"]


class World:
    def __init__(self, cfg, data):
        self.cfg = cfg
        self.rng = random.Random(cfg["seed"])
        self.net = Network(self.rng, data)
        self.stacks, self.stack_w = stacks(self.rng, data)
        self.prompts = Prompts(self.rng, data)
        self.days = cfg["days"]
        self.events = []
        self.truth = {}
        self.next = 0
        self.frameworks = [self.prompts.template(self.rng.randint(60, 140)) for _ in range(6)]
        self.viral = [(self.rng.uniform(0, self.days), self.prompts.template(40)) for _ in range(3)]

    # -- helpers that a campaign plug-in may use too
    def account(self, label, kind, **meta):
        self.next += 1
        a = f"acct_{self.rng.getrandbits(40):010x}"
        self.truth[a] = dict(label=label, kind=kind, **meta)
        return a

    def stack(self):
        return self.rng.choices(self.stacks, self.stack_w)[0]

    def payment(self):
        return f"pm_{self.rng.getrandbits(48):012x}"

    def signup(self, t, a, ip, asn, stack, payment=None, email=None, org=None):
        e = dict(type="signup", time=t, account=a, ip=ip, asn=asn, country=COUNTRY[asn], ja4=stack[0], userAgent=stack[1])
        if payment: e["payment"] = payment
        if email: e["emailDomain"] = email
        if org: e["organization"] = org
        self.events.append(e)

    def request(self, t, a, ip, asn, stack, prompt, capability="chat", model=None, tin=None, tout=None, status=200, payment=None, org=None):
        r = self.rng
        e = dict(type="request", time=t, account=a, ip=ip, asn=asn, country=COUNTRY[asn], ja4=stack[0], userAgent=stack[1],
                 model=model or MODELS[0 if r.random() < 0.6 else 1], endpoint="/v1/messages", capability=capability,
                 inputTokens=tin or max(5, int(len(prompt) / 4 + r.gauss(0, 8))),
                 outputTokens=tout or max(1, int(r.lognormvariate(5.2, 0.9))), status=status, prompt=prompt)
        if payment: e["payment"] = payment
        if org: e["organization"] = org
        self.events.append(e)

    def diurnal(self, t, tz, night=0.12):
        h = ((t / 3600.0) + tz) % 24
        return night + (1 - night) * max(0.0, math.sin((h - 7) / 17 * math.pi)) if 7 <= h <= 24 else night

    def times(self, per_day, tz, t0=0.0, night=0.12):
        """Arrival times with a daily rhythm over the trace."""
        t, end, out = t0, self.days * DAY, []
        peak = per_day * 1.9 / DAY
        while True:
            t += self.rng.expovariate(peak)
            if t >= end: return out
            if self.rng.random() < self.diurnal(t, tz, night): out.append(t)

    # -- benign kinds
    def benign(self, n):
        r = self.rng
        share = self.cfg.get("mix", {"hobby": .50, "developer": .17, "agent": .09, "campus": .08, "corporate": .08, "batch": .03, "vpn": .03, "evaluator": .01, "family": .01})
        campus = [dict(asn=r.choice(RESIDENTIAL), ips=None, assign=[(r.uniform(0, self.days), self.prompts.template(r.randint(50, 110))) for _ in range(4)]) for _ in range(max(2, n // 4000))]
        for c in campus: c["ips"] = self.net.pool(c["asn"], 4, 2)
        corps = []
        for i in range(max(4, n // 500)):
            asn = r.choice(RESIDENTIAL + CLOUD)
            corps.append(dict(asn=asn, ips=self.net.pool(asn, 2, 2), stack=self.stack(), org=f"org_{i}" if r.random() < .6 else None,
                              card=self.payment() if r.random() < .5 else None, domain=f"corp{i}.example", lib=[self.prompts.template(r.randint(30, 80)) for _ in range(3)], tz=r.choice([-8, -5, 0, 1, 5.5, 8, 9])))
        mobile = {asn: self.net.pool(asn, 12, 4) for asn in MOBILE}
        vpn = {asn: self.net.pool(asn, 30, 8) for asn in VPN}
        hall = {asn: self.net.pool(asn, 40, 12) for asn in CLOUD}   # serverless egress shared by strangers
        for kind, s in share.items():
            for _ in range(round(n * s)):
                getattr(self, "kind_" + kind)(dict(campus=campus, corps=corps, mobile=mobile, vpn=vpn, hall=hall))

    def home(self, env):
        r = self.rng
        if r.random() < .25:
            asn = r.choice(MOBILE)
            return asn, (lambda t: r.choice(env["mobile"][asn]))
        asn = r.choice(RESIDENTIAL)
        ips = self.net.pool(asn, 1 + int(self.days / 4) + r.randint(0, 1))
        return asn, (lambda t: ips[int(t / DAY / 4) % len(ips)])

    def open(self, a, ip, asn, stack, payment, email, org=None, p=.25):
        """A share of the accounts sign up inside the trace; returns when the account starts."""
        if self.rng.random() > p: return 0.0
        t = self.rng.uniform(0, self.days * DAY * .8)
        self.signup(t, a, ip(t), asn, stack, payment, email, org)
        return t + self.rng.expovariate(1 / 600)

    def kind_hobby(self, env, kind="hobby", per_day=1.3):
        r = self.rng
        a, stack, pay = self.account("benign", kind), self.stack(), self.payment() if r.random() < .5 else None
        asn, ip = self.home(env)
        t0 = self.open(a, ip, asn, stack, pay, r.choice(FREEMAIL))
        tz = r.choice([-8, -6, -5, -3, 0, 1, 2, 3, 5.5, 8, 9])
        for s in self.times(per_day, tz, t0):
            t = s
            for _ in range(min(25, 1 + int(r.expovariate(1 / 5)))):
                v = next((tpl for when, tpl in self.viral if 0 <= t / DAY - when < .6 and r.random() < .04), None)
                p = self.prompts.fill(v, r.randint(2, 8)) if v else self.prompts.free()
                self.request(t, a, ip(t), asn, stack, p, r.choices(CAPABILITIES[:8], [40, 14, 8, 3, 4, 8, 5, 18])[0], payment=pay)
                t += r.lognormvariate(4.0, 0.9)
                if t >= self.days * DAY: break

    def kind_family(self, env):
        r = self.rng
        asn, ip = self.home(env)
        pay, stack = self.payment(), self.stack()
        for _ in range(r.randint(2, 4)):
            a = self.account("benign", "family")
            for t in self.times(4, r.choice([-5, 1, 8])):
                self.request(t, a, ip(t), asn, stack if r.random() < .5 else self.stacks[6], self.prompts.free(), r.choice(CAPABILITIES[:8]), payment=pay)

    def kind_vpn(self, env):
        r = self.rng
        a, stack, pay, asn = self.account("benign", "vpn"), self.stack(), self.payment(), r.choice(VPN)
        for s in self.times(1.5, r.choice([-5, 1, 3, 8])):
            t, ip = s, r.choice(env["vpn"][asn])
            for _ in range(1 + int(r.expovariate(1 / 5))):
                self.request(t, a, ip, asn, stack, self.prompts.free(), r.choice(CAPABILITIES[:8]), payment=pay)
                t += r.lognormvariate(4.0, 0.9)

    def kind_developer(self, env):
        """An application with its own prompt template and a server of its own, or a serverless one."""
        r = self.rng
        a, stack, pay, asn = self.account("benign", "developer"), self.stack(), self.payment(), r.choice(CLOUD)
        own = self.net.pool(asn, 1)
        ip = (lambda t: r.choice(env["hall"][asn])) if r.random() < .35 else (lambda t: own[0])
        t0 = self.open(a, ip, asn, stack, pay, f"dev{self.next}.example", p=.15)
        tpl, cap = self.prompts.template(r.randint(30, 120)), r.choices(CAPABILITIES, [20, 20, 8, 15, 5, 8, 20, 10, 4])[0]
        for t in self.times(min(400, r.lognormvariate(2.6, 1.1)), r.choice([-8, -5, 0, 1, 5.5, 8]), t0, night=.35):
            self.request(t, a, ip(t), asn, stack, self.prompts.fill(tpl, r.randint(10, 60)), cap, payment=pay)

    def kind_agent(self, env):
        """A person with one of a few widely used agent frameworks: its long prompt is shared by thousands of strangers."""
        r = self.rng
        a, stack, pay = self.account("benign", "agent"), self.stacks[r.choice([0, 1, 2])], self.payment()
        asn, ip = self.home(env)
        t0 = self.open(a, ip, asn, stack, pay, r.choice(FREEMAIL))
        tpl = r.choices(self.frameworks, [8, 5, 3, 2, 1, 1])[0]
        for s in self.times(1.1, r.choice([-8, -5, 1, 8]), t0):
            t = s
            for _ in range(min(60, 3 + int(r.expovariate(1 / 14)))):
                self.request(t, a, ip(t), asn, stack, self.prompts.fill(tpl, r.randint(15, 60)), r.choice(["tool_use", "coding", "coding"]), payment=pay)
                t += r.lognormvariate(2.2, 0.8)

    def kind_campus(self, env):
        """Students behind one NAT who all get the same assignment in the same week."""
        r = self.rng
        c = r.choice(env["campus"])
        a, stack = self.account("benign", "campus"), self.stacks[r.choice([6, 7, 8])]
        for s in self.times(1.0, -5 if c is env["campus"][0] else 1):
            t = s
            for _ in range(1 + int(r.expovariate(1 / 4))):
                tpl = next((tp for when, tp in c["assign"] if 0 <= t / DAY - when < 1.0 and r.random() < .5), None)
                p = self.prompts.fill(tpl, r.randint(4, 16), noise=.05) if tpl else self.prompts.free()
                self.request(t, a, r.choice(c["ips"]), c["asn"], stack, p, r.choice(["chat", "writing", "reasoning", "coding"]))
                t += r.lognormvariate(4.2, 0.8)

    def kind_corporate(self, env):
        """Staff behind one gateway, on managed machines, with a library of house prompts, often on one card."""
        r = self.rng
        c = r.choice(env["corps"])
        a = self.account("benign", "corporate")
        if r.random() < .2:
            t = r.uniform(0, self.days * DAY * .8)
            self.signup(t, a, r.choice(c["ips"]), c["asn"], c["stack"], c["card"], c["domain"], c["org"])
        for t in self.times(9, c["tz"], night=.01):
            p = self.prompts.fill(r.choice(c["lib"]), r.randint(10, 50)) if r.random() < .45 else self.prompts.free()
            self.request(t, a, r.choice(c["ips"]), c["asn"], c["stack"], p, r.choice(["chat", "writing", "extraction", "coding", "translation"]), payment=c["card"], org=c["org"])

    def kind_batch(self, env):
        """A nightly or hourly job: lockstep with every other job that starts on the hour."""
        r = self.rng
        a, stack, pay, asn = self.account("benign", "batch"), self.stack(), self.payment(), r.choice(CLOUD)
        ip, tpl, every, n = self.net.ip(asn), self.prompts.template(r.randint(30, 90)), r.choice([3600, 21600, 86400]), r.randint(3, 30)
        t = r.choice([0, 0, 0, 1800, 900])
        while t < self.days * DAY:
            u = t + r.random() * 2
            for _ in range(n):
                self.request(u, a, ip, asn, stack, self.prompts.fill(tpl, r.randint(10, 40)), "extraction", payment=pay)
                u += r.uniform(.4, 2.5)
            t += every

    def kind_evaluator(self, env):
        """A researcher who runs public benchmarks, step by step reasoning and all, in bursts of hundreds."""
        r = self.rng
        a, stack, pay, asn = self.account("benign", "evaluator"), self.stack(), self.payment(), r.choice(CLOUD)
        ip, tpl = self.net.ip(asn), self.prompts.template(25)
        for s in self.times(.5, r.choice([-8, -5, 1])):
            t = s
            for _ in range(r.randint(80, 400)):
                self.request(t, a, ip, asn, stack, self.prompts.fill(tpl, r.randint(20, 60)) + " " + COT, "reasoning", payment=pay)
                t += r.uniform(.5, 3)

    # -- campaigns
    def campaign(self, c):
        """A dispatcher with a queue of tasks spreads them over a fleet of accounts. See scenarios/README.md for the fields."""
        r, cid, n = self.rng, c["id"], c["accounts"]
        t0, t1 = c.get("start", 0) * DAY, min(c.get("end", self.days), self.days) * DAY
        tpls = [(self.prompts.template(r.randint(*c.get("templateWords", [50, 120]))), r.choice(c.get("capabilities", ["reasoning"]))) for _ in range(c.get("templates", 4))]
        ips = self.campaign_ips(c)
        stacks_ = {"rare": [self.stacks[-1 - (len(cid) % 5)]], "common": [self.stacks[0]], "top5": self.stacks[:5], "any": None}[c.get("stack", "common")]
        per_card = c.get("accountsPerPayment", 0)
        cards, fleet = [], []

        def enlist(t, inside):
            if per_card and len(fleet) % per_card == 0: cards.append(self.payment())
            card = (cards[-1] if r.random() > c.get("paymentNoise", 0) else self.payment()) if per_card else (self.payment() if c.get("ownPayment") else None)
            stack = r.choice(stacks_) if stacks_ else self.stack()
            a = self.account(cid, "campaign", generation=0)
            ip = ips(len(fleet))
            if inside:
                adr, asn = ip(t)
                self.signup(t, a, adr, asn, stack, card, r.choice(c.get("emailDomains", FREEMAIL)))
            fleet.append(dict(a=a, ip=ip, stack=stack, card=card, ready=t + r.expovariate(1 / 900), until=math.inf, noise=r.random() * c.get("variation", .1)))
            return fleet[-1]

        mode = c.get("signups", "burst")
        for i in range(n):
            if mode == "aged": enlist(t0, False)
            elif mode == "burst": enlist(t0 + i * r.uniform(5, 60), True)
            else: enlist(t0 + (t1 - t0) * .7 * r.random(), True)
        # bans from outside, each followed by a replacement that goes on where the banned one stopped
        heap = [(f["ready"], i) for i, f in enumerate(fleet)]
        bans = []
        for k in range(c.get("bans", 0)):
            t = t0 + (t1 - t0) * r.uniform(.3, .8)
            bans.append((t, r.randrange(n)))
        for t, i in sorted(bans):
            f = fleet[i]
            if f["until"] < math.inf: continue
            f["until"] = t
            self.events.append(dict(type="ban", time=t, account=f["a"], reason="terms-of-service"))
            g = enlist(t + r.uniform(300, 7200), True)
            self.truth[g["a"]]["generation"] = 1
        # the queue
        total = c["requestsPerDay"] / DAY
        t, k, order = t0, 0, 0
        burst, cap = c.get("lockstep", 0), c.get("perAccountPerDay", 1e9)
        used = {}
        while t < t1:
            if burst:
                t += burst / total if c.get("diurnalHide") is None or r.random() < self.diurnal(t, c["diurnalHide"]) else 600
                batch, jitter = burst, c.get("lockstepSeconds", 10)
            else:
                t += r.expovariate(total)
                if c.get("diurnalHide") is not None and r.random() > self.diurnal(t, c["diurnalHide"]): continue
                batch, jitter = 1, 0
            for _ in range(batch):
                u = t + r.random() * jitter
                for _try in range(12):
                    order = (order + 1) % len(fleet) if c.get("dispatch", "roundrobin") == "roundrobin" else r.randrange(len(fleet))
                    f = fleet[order]
                    if f["ready"] <= u < f["until"] and used.get((order, int(u / DAY)), 0) < cap: break
                else: continue
                if u >= t1: break
                used[(order, int(u / DAY))] = used.get((order, int(u / DAY)), 0) + 1
                adr, asn = f["ip"](u)
                tpl, capability = tpls[k % len(tpls)] if r.random() < .8 else r.choice(tpls)
                k += 1
                if r.random() < c.get("cover", 0):
                    prompt, capability = self.prompts.free(), r.choice(CAPABILITIES[:8])
                else:
                    prompt = self.prompts.fill(tpl, r.randint(*c.get("slotWords", [15, 60])), noise=f["noise"])
                    if c.get("elicitReasoning"): prompt += " " + COT
                pivot = c.get("pivotDay")
                model = MODELS[2] if pivot is not None and u >= (pivot * DAY) and r.random() < .5 else MODELS[0]
                self.request(u, f["a"], adr, asn, f["stack"], prompt, capability, model, tout=max(1, int(r.lognormvariate(6.3, .5))), payment=f["card"])

    def campaign_ips(self, c):
        r, mode = self.rng, c.get("ip", "datacenter")
        if mode == "datacenter":      # a few /24s of one cloud
            asn = r.choice(CLOUD)
            pool = self.net.pool(asn, c.get("exits", 40), 4)
            return lambda i: (lambda t: (r.choice(pool), asn))
        if mode == "proxy":           # residential exits, a new one for each request, shared by the whole fleet
            pool = [(self.net.ip(asn), asn) for asn in r.choices(RESIDENTIAL, k=c.get("exits", 2000))]
            return lambda i: (lambda t: r.choice(pool))
        if mode == "sticky":          # one residential exit for each account, its own
            def own(i):
                asn = r.choice(RESIDENTIAL)
                adr = self.net.ip(asn)
                return lambda t: (adr, asn)
            return own
        if mode == "vpn":
            asn = r.choice(VPN)
            pool = self.net.pool(asn, 30, 8)
            return lambda i: (lambda t: (r.choice(pool), asn))
        raise SystemExit(f"unknown ip mode {mode}")


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("config"); ap.add_argument("out")
    ap.add_argument("--data", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "data"))
    ap.add_argument("--scale", type=float, default=1.0)
    ap.add_argument("--plugin", help="a Python file with a function add(world, config)")
    o = ap.parse_args()
    cfg = json.load(open(o.config))
    w = World(cfg, o.data)
    w.benign(int(cfg["benign"] * o.scale))
    for c in cfg.get("campaigns", []):
        c = dict(c); c["accounts"] = max(3, int(c["accounts"] * o.scale)); c["requestsPerDay"] *= o.scale
        w.campaign(c)
    if o.plugin:
        spec = importlib.util.spec_from_file_location("plugin", o.plugin)
        m = importlib.util.module_from_spec(spec); spec.loader.exec_module(m)
        m.add(w, cfg)
    end = w.days * DAY
    ev = [e for e in w.events if 0 <= e["time"] < end]
    ev.sort(key=lambda e: e["time"])
    os.makedirs(o.out, exist_ok=True)
    seen = {}
    with open(os.path.join(o.out, "events.jsonl"), "w", encoding="utf-8") as f:
        for i, e in enumerate(ev):
            e["time"] = (START + timedelta(seconds=e["time"])).isoformat(timespec="milliseconds").replace("+00:00", "Z")
            e["requestId"] = f"r{i:08x}"
            seen.setdefault(e["account"], 0)
            seen[e["account"]] += e["type"] == "request"
            f.write(json.dumps(dict(v=1, **e), separators=(",", ":"), ensure_ascii=False) + "\n")
    truth = {a: dict(t, requests=seen[a]) for a, t in w.truth.items() if a in seen}
    json.dump(truth, open(os.path.join(o.out, "truth.json"), "w"))
    by = {}
    for t in truth.values():
        k = t["label"] if t["label"] != "benign" else "benign/" + t["kind"]
        b = by.setdefault(k, dict(accounts=0, requests=0)); b["accounts"] += 1; b["requests"] += t["requests"]
    json.dump(dict(name=cfg.get("name"), events=len(ev), accounts=len(truth), groups=by), open(os.path.join(o.out, "stats.json"), "w"), indent=1)
    print(json.dumps(dict(events=len(ev), accounts=len(truth), groups=by), indent=1))


if __name__ == "__main__":
    main()
