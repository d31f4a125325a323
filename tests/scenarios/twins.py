"""Innocents who look like campaigns, and tactics that the generator itself does not have: a plug-in for generate.py.

Read from the config:
  "crowds": [{"kind": ..., ...}]   innocents: hall, viral, office, callcentre, remote, bystander, release, reseller
  "pools":  [{...}]                fleets: failover to a second pool after a mass ban, several operations in one pool, fixed or Chinese prompts
Each crowd may say how many ("accounts"), when ("start", in days), and what it has in common; the defaults are below.
"""
import math

DAY = 86400.0
HAN = "的一是不了人我在有他这中大来上个国们到说时要就出会可也你对生能子那得着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"


def add(w, cfg):
    for p in cfg.get("pools", []):
        pool(w, p)
    for c in cfg.get("crowds", []):
        globals()["crowd_" + c["kind"]](w, c)


def chinese(w, n):
    """n letters, of words of two that are drawn by a law of Zipf: an invented vocabulary, as common as in life only in its frequencies."""
    r = w.rng
    if not hasattr(w, "han"):
        w.han = [r.choice(HAN) + r.choice(HAN) for _ in range(6000)]
        w.han_w = [1 / (i + 30) for i in range(6000)]
    return "".join(r.choices(w.han, w.han_w, k=max(1, n // 2)))


def session(w, c, a, ip, asn, stack, card, prompt, t0, t1, per_day, tz, capability, night=.05, org=None):
    """A person who comes some times a day and sends a few requests each time."""
    r = w.rng
    for s in w.times(per_day, tz, t0, night):
        t = s
        for _ in range(1 + int(r.expovariate(1 / c.get("burst", 4)))):
            if t >= t1: return
            text, cap = prompt(t)
            w.request(t, a, ip(t), asn, stack, text, cap or capability(), payment=card, org=org)
            t += r.lognormvariate(4.0, .8)


def poisson(w, a, ip, asn, stack, card, prompt, t0, t1, per_day, hours, capability):
    """Somebody at work: requests come evenly over a shift."""
    r, t = w.rng, t0
    rate = per_day / ((hours[1] - hours[0]) % 24 or 24) / 3600
    while True:
        t += r.expovariate(rate)
        if t >= t1: return
        h = t / 3600 % 24
        inside = hours[0] <= h < hours[1] if hours[0] < hours[1] else h >= hours[0] or h < hours[1]
        if not inside:
            t += 1800
            continue
        text, cap = prompt(t)
        w.request(t, a, ip(t), asn, stack, text, cap or capability(), payment=card)


def mixed(w, tpl, share, slot=(10, 50), han=False):
    def prompt(t):
        if w.rng.random() < share:
            if han: return tpl[0] + chinese(w, w.rng.randint(*slot)) + tpl[1], None
            return w.prompts.fill(tpl, w.rng.randint(*slot)), None
        return w.prompts.free(), w.rng.choice(CAPS)
    return prompt


CAPS = ["chat", "coding", "reasoning", "tool_use", "vision", "translation", "extraction", "writing"]
RESIDENTIAL = [7922, 7018, 3320, 3215, 4134, 4837, 55836, 9829, 28573, 8151, 12389, 3269, 12322, 2856, 5089, 4766, 4713, 17676, 20115, 22773]
CLOUD = [16509, 14618, 396982, 8075, 14061, 16276, 24940, 20473]
VPN = [9009, 212238, 60068, 136787, 39351, 62240]
FREEMAIL = ["gmail.com", "outlook.com", "qq.com", "yahoo.com"]


def home(w):
    asn = w.rng.choice(RESIDENTIAL)
    adr = w.net.ip(asn)
    return asn, (lambda t: adr)


def crowd_hall(w, c):
    """A hackathon: everybody signs up on a few addresses within an hour, and begins with the same starter prompt."""
    r, n, t0 = w.rng, c.get("accounts", 200), c.get("start", 1) * DAY
    asn = r.choice(RESIDENTIAL)
    ips, tpl = w.net.pool(asn, c.get("addresses", 3), 1), w.prompts.template(60)
    for _ in range(n):
        a, stack, t = w.account("benign", "hall"), w.stack(), t0 + r.uniform(0, c.get("signupHours", 1.5)) * 3600
        ip = lambda t: r.choice(ips)
        w.signup(t, a, ip(t), asn, stack, w.payment() if r.random() < .3 else None, r.choice(FREEMAIL))
        cap = r.choice(CAPS)
        session(w, c, a, ip, asn, stack, None, mixed(w, tpl, c.get("share", .4)), t + 60, t + c.get("days", 1.5) * DAY, 12, r.choice([-5, -4]), lambda: cap, night=.2)


def crowd_viral(w, c):
    """A tool or prompt that goes viral: strangers at home sign up over a day, with one client, one prompt and cards of their own."""
    r, n, t0 = w.rng, c.get("accounts", 400), c.get("start", 1) * DAY
    clients, cap = [w.stacks[-4 - i] for i in range(c.get("clients", 1))], c.get("capability", "coding")
    tpl = (chinese(w, 60), chinese(w, 60)) if c.get("chinese") else w.prompts.template(c.get("words", 70))
    mobile = {asn: w.net.pool(asn, 12, 4) for asn in (21928, 22394, 45609)}
    vpn = {asn: w.net.pool(asn, 30, 8) for asn in VPN}
    for _ in range(n):
        a, t = w.account("benign", "viral"), t0 + r.uniform(0, c.get("signupHours", 24)) * 3600
        if r.random() < c.get("mobile", .3):
            asn = r.choice(list(mobile)); ip = (lambda p: lambda t: r.choice(p))(mobile[asn])
        elif r.random() < c.get("vpn", .15):
            asn = r.choice(list(vpn)); ip = (lambda p: lambda t: r.choice(p))(vpn[asn])
        else:
            asn, ip = home(w)
        stack = r.choice(clients)
        card = w.payment() if r.random() < c.get("cards", .6) else None
        w.signup(t, a, ip(t), asn, stack, card, r.choice(FREEMAIL))
        session(w, c, a, ip, asn, stack, card, mixed(w, tpl, c.get("share", .9), han=c.get("chinese", False)), t + 60, w.days * DAY, c.get("perDay", 3), r.choice([-8, -5, 1, 8]), lambda: cap)


def crowd_release(w, c):
    """The day of a new model: everybody tries it, many with the same public test prompt."""
    r, t0 = w.rng, c.get("start", 1) * DAY
    tpl = w.prompts.template(50)
    for _ in range(c.get("accounts", 300)):
        a, stack = w.account("benign", "release"), w.stack()
        asn, ip = home(w)
        card = w.payment() if r.random() < .6 else None
        if r.random() < .5: w.signup(t0 + r.uniform(0, 12) * 3600, a, ip(0), asn, stack, card, r.choice(FREEMAIL))
        share = mixed(w, tpl, .5)
        for s in w.times(3, r.choice([-8, -5, 1, 8]), t0 + 12 * 3600 * r.random()):
            t = s
            for _ in range(1 + int(r.expovariate(1 / 4))):
                if t >= w.days * DAY: break
                text, cap = share(t)
                w.request(t, a, ip(t), asn, stack, text, cap or "reasoning", model="atlas-large-4" if r.random() < .7 else "atlas-large-3", payment=card)
                t += r.lognormvariate(4, .8)


def staff(w, c, kind, hours_of, places, n):
    """Employees of a company that declares nothing: one house prompt, one client, a card or a few."""
    r = w.rng
    cards = [w.payment() for _ in range(c.get("cards", 1))]
    stack, tpl = w.stacks[-6], w.prompts.template(c.get("words", 50))
    caps = c.get("capabilities", ["writing"])
    t0 = c.get("start", 0) * DAY
    for i in range(n):
        a = w.account("benign", kind)
        asn, ip = places(i)
        card = cards[i % len(cards)]
        t = t0
        if r.random() < c.get("new", .2):
            t = t0 + r.uniform(0, c.get("signupHours", 24)) * 3600
            w.signup(t, a, ip(t), asn, stack, card, c.get("domain", "staff.example"))
        prompt = mixed(w, tpl, c.get("share", .7))
        if c.get("even", True):
            poisson(w, a, ip, asn, stack, card, prompt, t, w.days * DAY, c.get("perDay", 40), hours_of(i), lambda: r.choice(caps))
        else:
            session(w, c, a, ip, asn, stack, card, prompt, t, w.days * DAY, c.get("perDay", 40) / 5, r.choice([-5, 1]), lambda: r.choice(caps))


def egress(w, c):
    asn = w.rng.choice(RESIDENTIAL)
    ips = w.net.pool(asn, c.get("addresses", 2), 2)
    return lambda i: (asn, lambda t: w.rng.choice(ips))


def crowd_office(w, c):
    staff(w, c, "office", lambda i: (8, 18), egress(w, c), c.get("accounts", 60))


def crowd_callcentre(w, c):
    """Three shifts: somebody is always there."""
    staff(w, c, "callcentre", lambda i: [(6, 14), (14, 22), (22, 6)][i % 3], egress(w, c), c.get("accounts", 60))


def crowd_remote(w, c):
    homes = {}
    staff(w, c, "remote", lambda i: (8, 18), lambda i: homes.setdefault(i, home(w)), c.get("accounts", 60))


def crowd_bystander(w, c):
    """People who live behind a campaign's residential exits, or in the same /24s; some of what they send is public text."""
    r = w.rng
    exits = w.exits[c["of"]]
    for _ in range(c.get("accounts", 200)):
        a, stack, card = w.account("benign", "bystander"), w.stack(), w.payment() if r.random() < .5 else None
        adr, asn = r.choice(exits)
        near = adr.rsplit(".", 1)[0]
        own = f"{near}.{r.randint(1, 254)}"
        others = [r.choice(exits) for _ in range(c.get("exits", 2))]
        def ip(t): return adr if r.random() < c.get("onExit", .1) else own
        t = 0.0
        if r.random() < c.get("new", .3):
            t = r.uniform(0, w.days * DAY * .8)
            w.signup(t, a, ip(t), asn, stack, card, r.choice(FREEMAIL))
        session(w, c, a, ip, asn, stack, card, lambda t: (w.prompts.free(), r.choice(CAPS)), t + 60, w.days * DAY, c.get("perDay", 2), r.choice([-5, 1, 8]), lambda: "chat")


def crowd_reseller(w, c):
    """Customers of a reseller: a few exits, some accounts for each card, one client, prompts of their own or a framework's."""
    r = w.rng
    asn = r.choice(CLOUD)
    ips, cards, stack = w.net.pool(asn, c.get("addresses", 12), 4), [], w.stacks[-3]
    for i in range(c.get("accounts", 80)):
        if i % c.get("accountsPerPayment", 7) == 0: cards.append(w.payment())
        a = w.account("benign", "reseller")
        framework = r.choice(w.frameworks) if r.random() < c.get("framework", .5) else None
        prompt = mixed(w, framework, .8) if framework else (lambda t: (w.prompts.free(), r.choice(CAPS)))
        session(w, c, a, lambda t: r.choice(ips), asn, stack, cards[-1], prompt, 0, w.days * DAY, c.get("perDay", 3), r.choice([-8, -5, 1, 8]), lambda: "tool_use")


# -- campaigns
def pool(w, p):
    """
    A fleet as generate.py makes it, and what that lacks: "second" {accounts, day, ...} takes over after a mass ban on that day, "operations"
    [{templates, capabilities, share}] share the pool, "customers" is the share of traffic that is innocent, "chinese" and "fixed" make the prompts.
    """
    r, cid, n = w.rng, p["id"], p["accounts"]
    t0, t1 = p.get("start", 0) * DAY, min(p.get("end", w.days), w.days) * DAY
    ops = p.get("operations") or [dict(templates=p.get("templates", 4), capabilities=p.get("capabilities", ["reasoning"]))]
    jobs = []
    for o in ops:
        for _ in range(o.get("templates", 4)):
            jobs.append((template(w, p), r.choice(o.get("capabilities", ["reasoning"])), o.get("share", 1)))
    fleets = [dict(p, at=t0)] + ([dict(p, **p["second"], at=p["second"]["day"] * DAY)] if p.get("second") else [])
    heap = []
    for g, f in enumerate(fleets):
        f["members"] = enlist(w, cid, f, g, t1)
    swap = fleets[1]["at"] if len(fleets) > 1 else math.inf
    if swap < math.inf:
        for m in fleets[0]["members"]:
            m["until"] = swap + r.uniform(0, 1800)
            w.events.append(dict(type="ban", time=m["until"], account=m["a"], reason="terms-of-service"))
    t, order, k, used, rate = t0, 0, 0, {}, p["requestsPerDay"] / DAY
    while True:
        t += r.expovariate(rate)
        if t >= t1: break
        if p.get("diurnalHide") is not None and r.random() > w.diurnal(t, p["diurnalHide"]): continue
        members = fleets[0]["members"] if t < swap else fleets[1]["members"]
        for _ in range(12):
            order = (order + 1) % len(members) if p.get("dispatch", "roundrobin") == "roundrobin" else r.randrange(len(members))
            m = members[order % len(members)]
            if m["ready"] <= t < m["until"] and used.get((m["a"], int(t / DAY)), 0) < p.get("perAccountPerDay", 1e9): break
        else: continue
        used[m["a"], int(t / DAY)] = used.get((m["a"], int(t / DAY)), 0) + 1
        adr, asn = m["ip"](t)
        tpl, capability, _ = r.choices(jobs, [j[2] for j in jobs])[0] if len(ops) > 1 or r.random() < .2 else jobs[k % len(jobs)]
        k += 1
        if r.random() < max(p.get("cover", 0), p.get("customers", 0)): prompt, capability = w.prompts.free(), r.choice(CAPS)
        else: prompt = fill(w, p, tpl, m["noise"])
        w.request(t, m["a"], adr, asn, m["stack"], prompt, capability, payment=m["card"], tout=max(1, int(r.lognormvariate(6.3, .5))))


def template(w, p):
    if p.get("chinese"):
        n = w.rng.randint(*p.get("templateWords", [50, 120]))
        return chinese(w, n // 2), chinese(w, n // 2)
    return w.prompts.template(w.rng.randint(*p.get("templateWords", [50, 120])))


def fill(w, p, tpl, noise):
    r = w.rng
    slot = r.randint(*p.get("slotWords", [15, 60]))
    if not p.get("chinese"): return w.prompts.fill(tpl, slot, noise=noise)
    change = lambda s: "".join(r.choice(HAN) if r.random() < noise / 2 else x for x in s)
    return change(tpl[0]) + chinese(w, slot) + change(tpl[1])


def enlist(w, cid, f, generation, t1):
    r, out, card = w.rng, [], None
    ips = w.campaign_ips(f)
    w.exits = getattr(w, "exits", {})
    if f.get("ip") == "proxy":
        # the pool is inside the closure: draw from it, so that bystanders live there
        one = ips(0)
        w.exits.setdefault(cid, sorted({one(0) for _ in range(4 * f.get("exits", 2000))}))
    stacks = {"rare": [w.stacks[-1]], "common": [w.stacks[0]], "top5": w.stacks[:5], "any": None}[f.get("stack", "common")]
    per_card, mode = f.get("accountsPerPayment", 0), f.get("signups", "burst")
    for i in range(f["accounts"]):
        if per_card and i % per_card == 0: card = w.payment()
        pay = (card if r.random() > f.get("paymentNoise", 0) else w.payment()) if per_card else (w.payment() if f.get("ownPayment") else None)
        a, ip, stack = w.account(cid, "campaign", generation=generation), ips(i), r.choice(stacks) if stacks else w.stack()
        t = f["at"] + (i * r.uniform(5, 60) if mode == "burst" else 0 if mode == "aged" else (t1 - f["at"]) * .7 * r.random())
        if generation and mode != "aged": t = f["at"] - DAY * .2 * r.random()
        if mode != "aged":
            adr, asn = ip(t)
            w.signup(t, a, adr, asn, stack, pay, r.choice(FREEMAIL))
        out.append(dict(a=a, ip=ip, stack=stack, card=pay, ready=t + r.expovariate(1 / 900), until=math.inf, noise=r.random() * f.get("variation", .1)))
    return out
