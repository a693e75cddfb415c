# fmt: off
# ruff: noqa: D101, D102, D103, E401, E501, E701, E704, I001, PLR0912, PLR0915, PLR2004
"""Verify an exported Termgate history with nothing of Termgate's: Python 3.11 and this one file.

Usage: python verify_bundle.py BUNDLE.zip [KEPT-CHECKPOINT.txt ...]
Prints one line; exits 0 if the history holds, else 3. Written from `history.md` alone; what goes wrong is tampering.
"""
import base64, datetime, functools, hashlib, itertools, json, pathlib, re, struct, sys, tomllib, zlib
from typing import Any
Object = dict[str, Any]
ZH = {"changed": "被改动", "removed": "被删除", "moved": "被调换、复制或插入", "unlinked": "不承接本记录", "empty": "记录为空",
      "head": "末尾与登记不符", "unreadable": "无法读取", "signature": "签字或声明无效", "decision": "与此前的签批不符",
      "day": "日期不成立", "blob": "所附规则包或单位所在地不符", "founders": "首批责任人员不成立",
      "evaluator": "没有当时生效的核查密钥的签字", "checkpoint": "存证点无效", "rewritten": "被改写",
      "rolled-back": "其后丢失", "foreign": "属于另一次换届", "stale": "缺最新存证点"}
class Fault(Exception): """A fault class and its number; without them, that of what is being tested."""
def need(holds: object, *fault: str | int) -> bool:
    if not holds: raise Fault(*fault)
    return True
def tested(fault: str, number: int, test: Any, *given: Any) -> Any:  # whatever goes wrong is that fault
    try: return test(*given)
    except Exception as error:
        if isinstance(error, Fault) and error.args: raise
        raise Fault(fault, number) from error
NUMBER, DIGEST, BASE64 = "([1-9][0-9]{0,14})", "([0-9a-f]{64})", "([A-Za-z0-9+/=]+)"
TIME = r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}\+00:00)"
NOTE = rf"(termgate/{DIGEST}\n{NUMBER}\n{BASE64}\n)\n((?:— [a-z0-9-]{{1,64}} [A-Za-z0-9+/=]+\n)+)"
def parts(pattern: str, text: str) -> tuple[str, ...]:  # the groups, if the whole text matches
    if not (found := re.fullmatch(pattern, text)): raise Fault
    return found.groups()
def sha256(content: bytes) -> str: return hashlib.sha256(content).hexdigest()
def base64_of(content: bytes) -> str: return base64.b64encode(content).decode()
def unbase64(text: str, *length: int) -> bytes:
    need(base64_of(content := base64.b64decode(text, validate=True)) == text and length in ((), (len(content),)))
    return content
def canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
def only(kind: type, values: Any) -> bool:  # a list of that type
    return type(values) is list and all(type(value) is kind for value in values)
def depth(value: Any) -> int:
    need(type(value) is not float and (type(value) is not int or abs(value) < 2**53))
    inner = value.values() if type(value) is dict else value if type(value) is list else None
    return 0 if inner is None else 1 + max(map(depth, inner), default=0)
def strict(content: bytes) -> Any:
    once = lambda pairs: need(len(dict(pairs)) == len(pairs)) and dict(pairs)  # noqa: E731
    value = json.loads(content.decode(), object_pairs_hook=once)
    return need(json.dumps(value, ensure_ascii=False).encode() and depth(value) <= 64) and value  # no half a surrogate
# Ed25519 (RFC 8032, 5.1.7, no cofactor) on points (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D, ROOT = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P)
def point(encoded: bytes) -> tuple[int, ...]:
    y = int.from_bytes(encoded, "little") % 2**255
    u, v = y * y - 1, D * y * y + 1
    x = u * v**3 * pow(u * v**7, (P - 5) // 8, P) % P
    x = x if (v * x * x - u) % P == 0 else x * ROOT % P
    need((v * x * x - u) % P == 0)  # else it is no point
    x = x if x & 1 == encoded[31] >> 7 else -x % P
    return x, y, 1, x * y % P
def plus(p: tuple[int, ...], q: tuple[int, ...]) -> tuple[int, ...]:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P
@functools.lru_cache(maxsize=4096)
def doublings(encoded: bytes, sign: int) -> list[tuple[int, ...]]:  # of a point or, with sign -1, of its negative
    x, y, _, t = point(encoded)
    start = sign * x % P, y, 1, sign * t % P
    return [*itertools.accumulate(range(1, L.bit_length()), lambda one, _: plus(one, one), initial=start)]
@functools.lru_cache(maxsize=65536)
def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:  # stumbles over what is no point
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    terms = (s, doublings(b"\x58" + b"\x66" * 31, 1)), (h, doublings(public, -1))
    chosen = [one for factor, points in terms for bit, one in enumerate(points) if factor >> bit & 1]
    r = functools.reduce(plus, chosen, (0, 1, 1, 0))
    x, y = (value * pow(r[2], -1, P) % P for value in r[:2])
    return s < L and (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]
# Archive, keys, checkpoints
def members(archive: bytes) -> dict[str, bytes]:  # as the local headers alone tell
    found, end = dict[str, bytes](), 0
    while archive[end:end + 4] == b"PK\3\4":
        size, length = struct.unpack_from("<18xI4xH2x", archive, end)
        start, end = end + 30 + length, end + 30 + length + size
        name = archive[start - length:start].decode()
        need(end <= len(archive) and name not in found)
        found[name] = archive[start:end]
    named = [sorted(name for name in found if parts(f"({kind}/{DIGEST}{end}|.*)", name)[1])
             for kind, end in (("packs", r"\.toml"), ("places", r"\.json"))]
    first = ["entries.txt", "head.txt", *named[0], *named[1]]
    sizes = [int(parts(rf"checkpoints/{NUMBER}\.txt", name)[0]) for name in [*found][len(first):]]
    need([*found][:len(first)] == first and sizes == sorted(sizes))
    return found
def archived(found: dict[str, bytes]) -> bytes:  # the one archive that has these members
    local = central = b""
    for name, data in found.items():
        sums = 0, 0, 0, 0x21, zlib.crc32(data), len(data), len(data), len(name), 0
        more = 0x314, 20, *sums, 0, 0, 0, 0x81A40000, len(local)
        central += struct.pack("<4s6H3I5H2I", b"PK\1\2", *more) + name.encode()
        local += struct.pack("<4s5H3I2H", b"PK\3\4", 20, *sums) + name.encode() + data
    end = 0, 0, len(found), len(found), len(central), len(local), 0
    return local + central + struct.pack("<4s4H2IH", b"PK\5\6", *end)
@functools.lru_cache(maxsize=64)
def loaded(content: bytes) -> Object: return tomllib.loads(content.decode())
@functools.lru_cache(maxsize=1024)
def goes_by(content: bytes, stage: str, level: str, body: str) -> bytes:  # what a pack asks of a gate
    pack = loaded(content)
    checks = {one["check"]: [one["parameters"], one.get("waiver")] for one in pack["stages"][stage]}
    asked = {one["name"]: [one["organs"], one["number"], one["at"]] for one in pack["sign_offs"][stage]
             if level in one["levels"] and body in one["bodies"]}
    days = [str(pack[name]) for name in ("valid_from", "valid_to") if stage == "plan"]
    return json.dumps([checks, asked, days], sort_keys=True, default=str).encode()
class Key:  # and the entries from which it signs, was replaced, was revoked
    def __init__(self, public: bytes, officer: str, organ: str, jurisdiction: str, active: int = 0) -> None:
        self.public, self.officer, self.organ, self.place = public, officer, organ, jurisdiction
        self.active, self.replaced, self.revoked = active, 0, 0
        self.full, self.vouchers = 0, list[tuple[str, str]]()  # from where it opens gates; officers, organs
        self.by: Key = self  # of an evaluator's key: that of the officer who enrolled it
        self.short = hashlib.sha256(officer.encode() + b"\n\1" + public).digest()[:4]
    def signs_at(self, s: int) -> bool: return 0 < self.active < s <= min(self.replaced or s, self.revoked or s)
class Checkpoint:  # what a signed note says, and the name, key hash and signature of its lines
    def __init__(self, note: bytes) -> None:
        text, self.cycle, size, root, block = parts(NOTE, note.decode())
        self.text, self.size, self.root = text.encode(), int(size), unbase64(root, 32)
        split = [(line.split(" ")[1], unbase64(line.split(" ")[2], 68)) for line in block.splitlines()]
        self.lines = [(name, code[:4], code[4:]) for name, code in split]
        need(len({line[:2] for line in self.lines}) == len(self.lines) <= 100 and len(note) <= 1_000_000)
# The history
STAGES = ["plan", "nomination", "vetting", "inspection", "slate", "result"]
STATUSES, TYPE = {"pass", "fail", "missing", "not_yet", "not_applicable", "waived"}, "application/vnd.in-toto+json"
WHO_IS_WHO = {"jurisdictions", "units", "officers", "roster", "kin", "deputies"}
PARTS = {"rows": "blob", **{name: name for name in ("register", "mode", "source", "quarantine", "mapping")}}
CAUSES = {"evidence", "waiver", "sign-off", "key", "day", "policy", "check"}
LOOKED, CLOSING = {"decided", "findings", "since", "outcome", "on"}, {"fail", "missing", "not_yet"}
ADOPTING = {"pack-proposed": "propose", "pack-adopted": "adopt"}
ACTS: dict[str, tuple[str, str, Object]] = {  # fields: who signs, with which key, …; statement; fixed in it
    "key-enrolled": ("officer key organ jurisdiction public", "key", {"act": "enrol"}),
    "key-vouched": ("voucher voucher_key officer key", "key", {"act": "vouch"}),
    "key-rotated": ("officer previous key organ jurisdiction public", "key", {"act": "rotate"}),
    "key-revoked": ("by by_key officer key reason", "key", {"act": "revoke"}),
    "signed": ("officer key unit stage", "sign-off", {"decision": "open"}),
    "refused": ("officer key unit stage", "sign-off", {"decision": "refuse"}),
    "waived": ("officer key unit stage check subject until", "waiver", {}),
    "withdrawn": ("officer key unit stage", "withdrawal", {}),
    "delivered": ("officer key", "delivery", {}), "proposed": ("officer key", "delivery", {}),
    "confirmed": ("officer key verdict", "confirmation", {}),
    "ruled": ("officer key unit stage verdict", "ruling", {}),
    **{kind: ("officer key pack policy starts", "adoption", {"act": act}) for kind, act in ADOPTING.items()},
    **{f"evaluator-{kind}": (names, "evaluator", {"act": act}) for kind, names, act in (
        ("enrolled", "officer officer_key key public", "enrol"), ("vouched", "officer officer_key key", "vouch"),
        ("rotated", "previous key public", "rotate"), ("revoked", "officer officer_key key reason", "revoke"))}}
class History:  # `entries[k]` is entry k; `entries[0]` stands where there is none
    def __init__(self, found: dict[str, bytes], kept: list[bytes]) -> None:
        self.entries: list[Object] = [{"kind": "", "outcome": ""}]
        self.hashes, self.leaves, self.root = ["0" * 64], [b""], functools.lru_cache(None)(self.tree)
        self.keys, self.evaluators, self.last = dict[str, Key](), dict[str, Key](), dict[Any, int]()
        self.payloads, self.founders, self.awaited = dict[str, int](), list[Object](), list[Any]()
        self.founded, self.waiting = False, dict[int, tuple[Key, list[Any]]]()  # deliveries that wait for confirmation
        self.signed = dict[int, tuple[str, str, Object]]()  # of an act: what it is on, its payload, what it says
        self.withdrawals, wrong = dict[int, list[int]](), list[Fault]()
        self.concluded, self.objections, self.rulings = dict[Any, int](), dict[Any, list[Any]](), dict[int, list[int]]()
        self.refusals, self.proposed = dict[Any, list[int]](), dict[int, str]()
        self.gated, self.reviewed = dict[Any, list[int]](), False  # acts on gates; whether one said what was seen
        for k, line in enumerate(re.findall(rb"[^\n]*\n|[^\n]+", found["entries.txt"]), 1):
            tested("changed", k, self.link, k, line.decode("latin-1"))
        self.n = len(self.entries) - 1
        need(self.n, "empty", 0)
        tested("head", self.n, self.head, found["head.txt"].decode("latin-1"))
        for k, e in enumerate(self.entries[1:], 1): tested("day", k, self.day, k, e)
        self.packs = [(0, "", self.entries[1].get("policy"))]  # adopted by which entry, from which day on
        self.found, self.standing = found, dict[str, list[str]]()
        ground = {name for name in found if name[:2] in ("pa", "pl")}
        for k, e in enumerate(self.entries):
            if k == 1 or e["kind"] in ("listed", *ADOPTING): ground.discard(tested("blob", k, self.ground, e))
        need(not ground, "unreadable", 0)
        for k, e in enumerate(self.entries):
            try:
                if k == 1: tested("evaluator", 1, self.first, e)
                if k == 1: tested("founders", 1, self.named, e.get("founders"))
                if not tested("signature", k, self.part, e): tested("signature", k, self.act, k, e)
            except Fault as fault: wrong.append(fault)
        if self.awaited and not wrong: wrong.append(Fault("signature", max(self.signed)))
        self.checkpoints([(int(name[12:-4]), found[name]) for name in found if "checkpoints/" in name], kept)
        for one in wrong: raise one
        for k, e in enumerate(self.entries):
            tested("decision", k, self.follow, k, e, (e.get("unit"), e.get("stage")))
            if e["kind"] in ("decided", "objected", "handed-on"): tested("evaluator", k, self.evaluated, k, e)
    def link(self, k: int, line: str) -> None:
        number, name, text = parts(rf"{NUMBER} ([^ ]*) ([^\n]*)\n", line)
        body = text.encode("latin-1")
        need(int(number) == k, "removed" if int(number) > k else "moved", k)
        need(sha256(body) == name)
        e = strict(body)
        s = e.get("seq") if type(e.get("seq")) is int else 0
        need(s == k, "moved", s if 0 < s < k else k)
        need(e.get("prev") == self.hashes[-1], "changed" if k > 1 else "unlinked", max(k - 1, 1))
        need(only(str, [e["at"], e["kind"]]))
        need((e["kind"] == "opened") == (k == 1), "unlinked", k)
        self.entries.append(e)
        self.hashes.append(name)
        self.leaves.append(hashlib.sha256(b"\0" + body).digest())
    def day(self, k: int, e: Object) -> None:  # dates in ISO form compare as strings
        written = datetime.datetime.fromisoformat(parts(TIME, e["at"])[0]) + datetime.timedelta(hours=8)
        past, before = self.entries[1]["historical"], self.entries[k - 1].get("on", "")
        need(type(past) is bool and datetime.date.fromisoformat(e["on"]).isoformat() == e["on"])
        need((before if past else max(before, str(written.date()))) <= e["on"] <= max(before, str(written.date())))
    def ground(self, e: Object) -> str:  # the member that it names
        name, said = ("places/{}.json", e["places"]) if e["kind"] == "listed" else ("packs/{}.toml", e["policy"])
        need(sha256(self.found[name.format(said)]) == said)
        return name.format(said)
    def under(self, k: int) -> int:  # which of the packs is in force at entry k
        return [i for i, one in enumerate(self.packs) if one[0] < k and one[1] <= self.entries[k]["on"]][-1]
    def policy(self, k: int) -> Any: return self.packs[self.under(k)][2]
    def pack(self, k: int) -> Object: return loaded(self.found[f"packs/{self.policy(k)}.toml"])
    def untouched(self, a: int, k: int, unit: str, stage: str) -> bool:  # by packs that came into force since
        packs = {self.found[f"packs/{one[2]}.toml"] for one in self.packs[self.under(a):self.under(k) + 1]}
        return len(packs) == 1 or len({goes_by(one, stage, *self.standing[unit][:2]) for one in packs}) == 1
    def seated(self, panel: Object, unit: str, acts: list[int]) -> set[int]:  # those whose signers it admits
        places = self.standing[unit][2:]
        at = {"own": places[:1], "above": places[1:]}.get(panel["at"], places)
        keys = {a: self.keys[self.entries[a]["key"]] for a in acts}
        return {a for a, x in keys.items() if x.organ in panel["organs"] and x.place in at}
    def enough(self, panel: Object, unit: str, acts: list[int]) -> bool:
        seated = [self.keys[self.entries[a]["key"]] for a in self.seated(panel, unit, acts)]
        organs = {x.organ if len(panel["organs"]) > 1 else x.officer for x in seated}
        return min(len(organs), len({x.officer for x in seated})) >= int(panel["number"])
    def live(self, acts: list[int], k: int) -> list[Key]:  # the keys of those before k that were not revoked by then
        keys = [self.keys[self.entries[a]["key"]] for a in acts if a < k]
        return [x for x in keys if not 0 < x.revoked < k]
    def refused(self, k: int, unit: str, stage: str) -> bool:  # whether a refusal stands that nobody took back by k
        left = [a for a in self.refusals.get((unit, stage), []) if not self.live(self.withdrawals.get(a, []), k)]
        left = [a for a in left if len({x.organ for x in self.live(self.rulings.get(a, []), k)}) < 2]
        return any(self.seated(one, unit, [a]) for a in left for at in (a, k) for one in self.asked(at, unit, stage))
    def asked(self, k: int, unit: str, stage: str) -> list[Object]:  # the panels of the gate at entry k
        level, body, *_ = self.standing[unit]
        return [one for one in self.pack(k)["sign_offs"][stage] if level in one["levels"] and body in one["bodies"]]
    def justified(self, k: int, e: Object, unit: str, stage: str) -> None:  # those count who are admitted, and enough
        asked = self.asked(k, unit, stage)
        need({a for one in asked for a in self.seated(one, unit, e["sign_offs"])} == {*e["sign_offs"]})
        if e["outcome"] != "open": return
        need(not self.refused(k, unit, stage))
        said = e["findings"][f"{stage}.sign-off"]
        need(asked and set(said) == {"pass"} and sorted(said["pass"]) == sorted(one["name"] for one in asked))
        need(all(self.enough(one, unit, e["sign_offs"]) for one in asked))
    def head(self, line: str) -> None:
        number, name = parts(rf"{NUMBER} {DIGEST}\n", line)
        need(int(number) == self.n, *(("head", self.n) if int(number) < self.n else ("removed", self.n + 1)))
        need(name == self.hashes[self.n], "changed", self.n)
    def tree(self, size: int, start: int = 1) -> bytes:  # the Merkle root over entries from `start` on
        if size == 1: return self.leaves[start]
        left = 1 << (size - 1).bit_length() - 1
        return hashlib.sha256(b"\1" + self.root(left, start) + self.root(size - left, start + left)).digest()
    def note(self, number: int, content: bytes, own: Object, *order: str) -> int:
        c = Checkpoint(content)
        need(c.cycle == self.hashes[1], "foreign", number)
        need((shown := {"size": c.size, "root": c.root.hex(), "signers": [line[0] for line in c.lines]}) | own == shown)
        for fault in order:
            if fault == "rolled-back": need(c.size <= self.n, fault, self.n + 1)
            if fault == "rewritten": need(c.root == self.root(c.size), fault, c.size)
            if fault == "checkpoint":
                organs = {next((x.organ for x in self.keys.values() if (x.officer, x.short) == line[:2] and
                    x.signs_at(c.size + 1) and signed_by(x.public, c.text, line[2])), None) for line in c.lines}
                need(None not in organs and len(organs) > 1)
        return c.size
    def filed(self, k: int, e: Object) -> int:
        need(only(int, [e["size"]]) and only(str, [e["root"], e["note"]]) and only(str, e["signers"]))
        own = {"size": e["size"] if e["size"] < k else 0, "root": e["root"], "signers": e["signers"]}
        return self.note(k, e["note"].encode(), own, "checkpoint", "rewritten")
    def checkpoints(self, bundled: list[tuple[int, bytes]], kept: list[bytes]) -> None:
        filed = [(k, e) for k, e in enumerate(self.entries) if e["kind"] == "checkpointed"]
        newest, at = max([(tested("checkpoint", k, self.filed, k, e), -k) for k, e in filed], default=(0, 0))
        for size, note in bundled:
            tested("checkpoint", size, self.note, size, note, {"size": size}, "rolled-back", "checkpoint", "rewritten")
        need(max([0, *(size for size, _ in bundled)]) >= newest, "stale", -at)
        for size, i in sorted((tested("checkpoint", 0, Checkpoint, note).size, i) for i, note in enumerate(kept)):
            tested("checkpoint", size, self.note, size, kept[i], {}, "rolled-back", "rewritten", "checkpoint")
    def first(self, e: Object) -> None:
        self.evaluators[e["evaluator"]] = self.new(e["public"], e["evaluator"], "", "", "", 1)
    def named(self, named: list[Object]) -> None:  # who needs nobody to vouch for their key
        for one in named: need({*one} == {"officer", "organ", "jurisdiction", "key"} and only(str, [*one.values()]))
        need(all(len({one[name] for one in named}) == len(named) for name in ("officer", "key")))
        need(len({one["organ"] for one in named}) > 1 and all(parts(DIGEST, one["key"]) for one in named))
        self.founders = named
    def part(self, e: Object) -> bool:  # whether it is what the delivery before says of its next register
        left, self.awaited = self.awaited, []
        if e["kind"] != "submitted" and not left: return False
        self.awaited, said = left[1:], [e["officer"], e["delivery"], {p: e.get(f) for p, f in PARTS.items()}]
        return need(e["kind"] == "submitted" and said in left[:1])
    def new(self, public: str, name: str, officer: str, organ: str, place: str, active: int = 0) -> Key:
        x = Key(unbase64(public, 32), officer, organ, place, active)  # a key that nobody had
        need(1 < int.from_bytes(x.public, "little") % 2**255 < P - 1 and sha256(x.public) == name)
        need(name not in self.keys and name not in self.evaluators)
        return x
    def sealed(self, k: int, about: tuple[str, str, str], who: Key, own: Object, signers: list[Key]) -> None:
        e, (statement, name, subject) = self.entries[k], about  # its envelope has that statement, signed by those keys
        shown = strict(sealed := unbase64(e["envelope"]["payload"]))
        on, p, payload = shown["subject"][0]["digest"]["sha256"], shown["predicate"], sha256(sealed)
        need(subject in ("", on) and parts(DIGEST, on) and parts(f"{DIGEST}?", p["reason"]) and parts(TIME, p["time"]))
        reasoned = statement == "ruling" or (statement == "confirmation" and own["verdict"] == "decline")
        plain = statement == "delivery" or only(str, [own[one] for one in own if one not in LOOKED])
        need(plain and (p["reason"] or not reasoned))
        version = 2 if "decided" in own else 1
        said = {"_type": "https://in-toto.io/Statement/v1", "predicateType": f"urn:termgate:{statement}:{version}",
                "subject": [{"digest": {"sha256": on}, "name": name}], "predicate": {
                    "cycle": self.hashes[1], "officer": who.officer, "organ": who.organ,
                    "jurisdiction": who.place, "reason": p["reason"], "time": p["time"], **own}}
        need(sealed == canonical(said))
        publics = {sha256(key.public): key.public for key in signers}
        lines, message = e["envelope"]["signatures"], f"DSSEv1 {len(TYPE)} {TYPE} {len(sealed)} ".encode() + sealed
        need(e["envelope"] == {"payload": base64_of(sealed), "payloadType": TYPE, "signatures": lines})
        need(only(dict, lines) and all({*one} == {"keyid", "sig"} for one in lines))
        need(sorted(one["keyid"] for one in lines) == sorted(publics))
        need(all(signed_by(publics[one["keyid"]], message, unbase64(one["sig"], 64)) for one in lines))
        need(self.payloads.setdefault(payload, k) == k)
        self.signed[k] = on, payload, p
    def act(self, k: int, e: Object) -> None:  # x is the key that it is about or by, s the one that signs
        if e["kind"] not in ACTS: return None
        kind, (fields, statement, fixed), keys = e["kind"], ACTS[e["kind"]], self.keys
        names, new, rotated = fields.split(), "public" in fields, e["kind"] == "key-rotated"
        need(only(str, [e[name] for name in names]))
        if statement == "delivery": return self.delivered(k, e)
        if statement == "confirmation": return self.confirmed(k, e)
        if statement == "evaluator": return self.evaluator(k, e)
        if statement == "adoption": return self.adoption(k, e)
        x = keys[e["key"]] if not new else self.new(
            e["public"], e["key"], e["officer"], e["organ"], e["jurisdiction"])
        by, s = e[names[0]], x if kind == "key-enrolled" else keys[e[names[1]]]
        need(x.officer == e["officer"] and s.officer == by and (kind == "key-enrolled" or s.signs_at(k)))
        need(not new or (s.organ, s.place) == (x.organ, x.place))
        own = {name: e[name] for name in names[2:]}
        if statement == "key":
            own = {"public": base64_of(x.public), "previous": base64_of(s.public) if rotated else "", "by": by,
                   **{name: e[name] for name in names if name == "reason"}}
        elif statement != "withdrawal": own["policy"] = self.policy(k)
        if statement == "sign-off":  # once one says what was looked at, none is silent again
            shown = strict(unbase64(e["envelope"]["payload"]))
            silent = shown["predicateType"] == "urn:termgate:sign-off:1"
            need(not (silent and self.reviewed))
            own |= {} if silent else {name: shown["predicate"][name] for name in LOOKED}
        others = [(x.officer, x.organ), *x.vouchers]
        waits = not (x.full | x.replaced | x.revoked) and all(by != o and s.organ != organ for o, organ in others)
        need(waits if kind == "key-vouched" else kind not in ("signed", "waived", "ruled") or 0 < x.full < k)
        need(kind != "key-revoked" or (x.revoked == 0 and (by == x.officer or s.organ == "discipline-commission")))
        if kind == "withdrawn":
            of = self.entries[e["of"]]
            need(type(e["of"]) is int and 0 < e["of"] < k and of["kind"] in ("signed", "refused", "waived"))
            need((of["officer"], of["unit"], of["stage"]) == (by, e["unit"], e["stage"]))
            self.withdrawals.setdefault(e["of"], []).append(k)
        on = e["key"] if statement == "key" else self.signed[e["of"]][1] if kind == "withdrawn" else ""
        if kind == "ruled":
            of, lift = self.entries[e["of"]], need(type(e["of"]) is int and 0 < e["of"] < k) and e["verdict"] == "lift"
            need(of["kind"] == ("refused" if lift else "objected") and e["verdict"] in ("reject", "reopen", "lift"))
            on = self.signed[e["of"]][1] if lift else of["objection"]
            need((of["unit"], of["stage"]) == (e["unit"], e["stage"]) and parts(DIGEST, on))
        who = {"officer": x.officer, "organ": x.organ, "jurisdiction": x.place, "key": e["key"]}
        need(kind != "key-enrolled" or who in self.founders or all(one["key"] != e["key"] for one in self.founders))
        name = x.officer if statement == "key" else f"{e['unit']}/{own.get('check', e['stage'])}"
        self.sealed(k, (statement, name, on), x, {**own, **fixed}, [s, x] if new else [s])
        self.reviewed = self.reviewed or "decided" in own
        for one in keys.values():
            if one.active and not (one.replaced or one.revoked) and (one is s if rotated else
               one is not x and (kind == "key-vouched" or (kind == "key-enrolled" and who in self.founders))
               and one.officer == x.officer): one.replaced = k
        if kind == "key-revoked": x.revoked = k
        elif kind == "key-vouched":
            x.active, x.vouchers = x.active or k, [*x.vouchers, (by, s.organ)]
            x.full = k if len(x.vouchers) > 1 else 0
        elif rotated: x.active, x.full, x.vouchers = k, s.full and k, s.vouchers
        elif statement == "key" and who in self.founders: x.active = x.full = k
        keys[e["key"]] = x
        return None
    def delivered(self, k: int, e: Object) -> None:  # the entries that follow are what was signed
        x, given = self.keys[e["key"]], strict(unbase64(e["envelope"]["payload"]))["predicate"]["registers"]
        need(x.officer == e["officer"] and x.signs_at(k) and given and all({*one} == {*PARTS} for one in given))
        waits = self.founded and any(one["register"] in WHO_IS_WHO and one["rows"] for one in given)
        need((e["kind"] == "proposed") == bool(waits))
        for n in ("accepted", "rejected", "readings") if waits else ():
            need(type(e[n]) is list and len(e[n]) == len(given))
        self.sealed(k, ("delivery", "delivery", sha256(canonical(given))), x, {"registers": given}, [x])
        self.founded, follow = True, [[x.officer, self.signed[k][1], one] for one in given]
        if waits: self.waiting[k] = x, follow
        else: self.awaited = follow
    def confirmed(self, k: int, e: Object) -> None:  # an officer of another organ, or the deliverer who declines
        x, (by, follow), confirms = self.keys[e["key"]], self.waiting[e["of"]], e["verdict"] == "confirm"
        need(x.officer == e["officer"] and x.signs_at(k) and type(e["of"]) is int)
        need(e["verdict"] in ("confirm", "decline"))
        others = x.officer != by.officer and x.organ != by.organ
        need((others and 0 < x.full < k and not by.revoked) if confirms else (others or x.officer == by.officer))
        self.sealed(k, ("confirmation", "delivery", self.signed[e["of"]][1]), x, {"verdict": e["verdict"]}, [x])
        del self.waiting[e["of"]]
        if confirms: self.awaited = follow
    def evaluator(self, k: int, e: Object) -> None:  # x is the evaluator's key that it is about
        act = e["kind"][10:]
        ring, rotated, new = self.evaluators, act == "rotated", act in ("enrolled", "rotated")
        by = Key(b"", "", "", "") if rotated else self.keys[e["officer_key"]]
        need(rotated or (by.officer == e["officer"] and by.signs_at(k)))
        x = self.new(e["public"], e["key"], by.officer, by.organ, by.place) if new else ring[e["key"]]
        s = ring[e["previous"]] if rotated else by
        need(not rotated or s.signs_at(k))
        need(act not in ("enrolled", "vouched") or all(not y.active or y.replaced or y.revoked for y in ring.values()))
        if act == "enrolled": x.by = by
        idle = not (x.active | x.replaced | x.revoked | x.by.revoked)
        need(act != "vouched" or (idle and x.officer != by.officer and x.organ != by.organ))
        if act == "revoked": need(x.revoked == 0 and by.organ == "discipline-commission")
        own = {"previous": base64_of(s.public) if rotated else "", "public": base64_of(x.public), **ACTS[e["kind"]][2],
               **{name: e[name] for name in e if name == "reason" and act == "revoked"}}
        self.sealed(k, ("evaluator", "evaluator", e["key"]), by, own, [s, x] if new else [s])
        ring[e["key"]], s.replaced = x, k if rotated else s.replaced
        x.active, x.revoked = k if act in ("rotated", "vouched") else x.active, k if act == "revoked" else x.revoked
    def adoption(self, k: int, e: Object) -> None:  # of another pack, by one officer and by one of another organ
        x, under, fixed = self.keys[e["key"]], self.policy(k), ACTS[e["kind"]][2]
        need(x.officer == e["officer"] and x.signs_at(k) and 0 < x.full < k and e["policy"] != under)
        need(datetime.date.fromisoformat(e["starts"]).isoformat() == e["starts"] >= e["on"])
        if adopts := e["kind"] == "pack-adopted":
            of, same = self.entries[e["of"]], ("pack", "policy", "starts")
            y = self.keys[of["key"]]
            need(type(e["of"]) is int and self.proposed[e["of"]] == under and all(of[one] == e[one] for one in same))
            need(not y.revoked and y.officer != x.officer and y.organ != x.organ)
        own = {"pack": e["pack"], "starts": e["starts"], "policy": under, **fixed}
        self.sealed(k, ("adoption", "pack", e["policy"]), x, own, [x])
        if not adopts: self.proposed[k] = under
        else: self.packs = [one for one in self.packs if one[1] <= e["on"] or one[1] < e["starts"]]
        if adopts: self.packs.append((k, e["starts"], e["policy"]))
    def is_open(self, gate: Any, k: int) -> bool:  # by a key that was not revoked before k
        b = self.entries[self.last.get(gate, 0)]
        return bool(b["outcome"] == "open") and not 0 < self.evaluators[b["evaluator"]].revoked < k
    def evaluated(self, k: int, e: Object) -> None:  # signed by the evaluator's key that was in force
        x, body = self.evaluators[e["evaluator"]], {name: value for name, value in e.items() if name != "signature"}
        need(x.signs_at(k) and signed_by(x.public, canonical(body), unbase64(e["signature"], 64)))
    def stands(self, a: int, k: int, *act: str) -> bool:  # whether it is an act of that gate that stands at k
        e, acts = self.entries[a], [a, *(w for w in self.withdrawals.get(a, []) if w < k)]
        live = [one for one in acts if not 0 < self.keys[self.entries[one]["key"]].revoked < k]
        return 0 < a < k and (e["kind"], e["unit"], e["stage"]) == act and live == [a]
    def carries(self, k: int, e: Object, gate: tuple[Any, Any]) -> None:  # what was only added since an act
        for name, c in e["carried"].items():
            a, s, rows = int(parts(NUMBER, name)[0]), c["submissions"], c["rows"]
            need(set(c) == {"submissions", "rows"} and only(int, s) and only(str, rows) and rows == sorted(rows) != [])
            need(a in e["sign_offs"] and self.stands(a, k, "signed", *gate))
            need(self.signed[a][0] != e["evidence"] and s == sorted({*s}) and a < s[0] and s[-1] <= e["position"])
            for row in rows: need(parts(DIGEST, row))
            for b in map(self.entries.__getitem__, s):
                need(b["kind"] == "submitted" and b["mode"] == "accept" and b.get("blob") is not None)
    def state(self, a: int, k: int) -> str:  # of the objection a before k: its verdict, "open", "" where it lapsed
        rulings, organs = [self.entries[r] for r in self.rulings.get(a, [])], set[str]()
        for r in [r for r in rulings if not 0 < self.keys[r["key"]].revoked < k]:
            organs.add(self.keys[r["key"]].organ)
            if r["verdict"] == "reject" or len(organs) > 1: return str(r["verdict"])
        return "open" if self.concluded.get(self.entries[a]["unit"]) == self.entries[a]["handed_on"] else ""
    def objected(self, k: int, e: Object, gate: tuple[Any, Any]) -> None:  # what would close a concluded unit's gate
        said, findings = [e[n] for n in ("unit", "stage", "outcome", "policy", "evidence", "findings")], e["findings"]
        need(only(str, [*said[:5], e["decision"], e["objection"]]) and gate[1] in STAGES)
        need(only(int, [e["handed_on"], e["position"]]) and e["policy"] == self.policy(k))
        need(self.concluded[gate[0]] == e["handed_on"] and only(dict, [findings, *findings.values()]))
        need(max(self.last.get("", 0), self.last.get(("act", gate), 0)) <= e["position"] < k)
        has = {one for by in findings.values() for one, items in by.items() if need(type(items) is list and items)}
        need(has and has <= {"fail", "missing", "not_yet"} and said[2] == ("blocked" if "fail" in has else "waiting"))
        need(sha256(canonical([*said, e["handed_on"]])) == e["objection"])
        for a, one in self.objections.setdefault(gate[0], []): need(said != one or self.state(a, k) in ("reopen", ""))
        self.objections[gate[0]].append((k, said))
    def counted(self, s: int) -> dict[str, dict[str, int]]:  # of the decision s: check, status, how many
        found = self.entries[s]["findings"]
        return {check: {status: len(items) for status, items in by.items()} for check, by in found.items()}
    def looked(self, k: int, e: Object, gate: tuple[Any, Any]) -> None:  # what is said of the decision s that is named
        on, _, p = self.signed[k]
        before, s = self.gated.setdefault(gate, []), p.get("decided")
        if s is not None:
            b, own = self.entries[s], f"{gate[1]}.sign-off"
            need(type(s) is int and 0 < s < k and b["kind"] == "decided" and (b["unit"], b["stage"]) == gate)
            found, now = self.counted(s), self.counted(self.last[gate])
            checks = {check: by for check, by in found.items() if check != own}
            need(b["evidence"] == on and checks == {check: by for check, by in now.items() if check != own})
            need(e["kind"] == "refused" or CLOSING.isdisjoint({status for by in checks.values() for status in by}))
            others = [a for a in before if a < s and self.signed[a][0] != on]
            for register, counts in p["since"]["changes"].items() if others else ():
                need(parts("([a-z_]{1,64})", register) and counts and {*counts} <= {"added", "changed", "gone"})
                need(only(int, [*counts.values()]) and min(counts.values()) > 0)
            since = {"entry": others[-1], "changes": p["since"]["changes"]} if others else None
            expected = {"decided": s, "on": b["on"], "outcome": b["outcome"], "findings": found, "since": since}
            need(canonical({name: p[name] for name in LOOKED}) == canonical(expected))
        before.append(k)
    def follow(self, k: int, e: Object, gate: tuple[Any, Any]) -> None:  # b is the decision before
        kind, last, entries = e["kind"], self.last, self.entries
        if kind == "listed": self.standing = {one[0]: one[1:] for one in json.loads(self.found[self.ground(e)])}
        if kind == "ruled":
            lift = e["verdict"] == "lift"
            need(lift or self.state(e["of"], k) == "open")
            need(self.seated(self.pack(k)["refusals" if lift else "objections"][e["verdict"]], e["unit"], [k]))
            self.rulings.setdefault(e["of"], []).append(k)
        if kind in ("signed", "refused"): self.looked(k, e, gate)
        if kind == "key-vouched":
            v, x, rules = self.keys[e["voucher_key"]], self.keys[e["key"]], self.pack(k).get("vouching")
            need(rules is None or any(v.organ in one["organs"] and x.organ in one["holders"] for one in rules))
        if kind in ADOPTING:
            x, topmost = self.keys[e["key"]], {one[-1] for one in self.standing.values()}
            need(x.organ in self.pack(k)["adoption"]["organs"] and x.place in topmost)
        if kind in ACTS: last["" if "-" in kind else ("act", gate)] = k
        if kind == "submitted" and e.get("blob") is not None: last[""] = k
        if kind == "refused": self.refusals.setdefault(gate, []).append(k)
        if kind == "objected": self.objected(k, e, gate)
        if kind not in ("decided", "handed-on"): return
        states = {(self.state(a, k), entries[a]["handed_on"]) for a, _ in self.objections.get(gate[0], [])}
        b, of, since = entries[last.get(gate, 0)], last.get(gate, 0), last.get(("since", gate), 0)
        before = STAGES[:STAGES.index(gate[1])] if gate[1] in STAGES else [""]
        opens = all(self.is_open((gate[0], one), k) for one in before)
        need(only(str, [*gate, e["evidence"], e["policy"]]) and only(str, e["signers"]))
        need(e["policy"] == self.policy(k))
        need(only(int, e["sign_offs"]) and only(int, e["waivers"]) and len({*e["waivers"]}) == len(e["waivers"]))
        if kind == "handed-on":
            need(only(int, [e["decision"]]) and e["decision"] == of and self.is_open(gate, k) and opens)
            same = ("evidence", "policy", "signers", "sign_offs", "waivers")
            need(only(str, [e["digest"]]) and all(e[name] == b[name] for name in same))
            need(all(self.stands(a, k, "signed", *gate) for a in e["sign_offs"]))
            need(all(self.stands(a, k, "waived", *gate) for a in e["waivers"]))
            need(not self.refused(k, *gate))
            if gate[1] == "result" and need("open" not in {one for one, _ in states}): self.concluded[gate[0]] = k
            return
        outcome, findings, again, stood = e["outcome"], e["findings"], e["reopened"], last.get(("stood", gate), 0)
        need(only(str, [outcome, e["on"], e["decision"]]) and only(int, [e["position"], e["since"]]))
        need(only(dict, [e["void"], e["carried"], findings, *findings.values()]))
        need(max(last.get("", 0), last.get(("act", gate), 0)) <= e["position"] < k and e["since"] == since)
        need(again is None or (stood and outcome != "open"))
        if stood and outcome != "open":
            need(set(again) == {"of", "causes"} and only(int, [again["of"]]) and again["of"] == stood)
            need(only(str, again["causes"]) and 0 < len({*again["causes"]} & CAUSES) == len(again["causes"]))
            if again["causes"] != ["check"]: last["since", gate], stood = k, 0
        found = [(check, status, items) for check, by in findings.items() for status, items in by.items()]
        has = {status for _, status, _ in found}
        need(has <= STATUSES and all(type(items) is list and items for _, _, items in found))
        need(outcome == "blocked" if "fail" in has else outcome in ("waiting", "open"))
        good = "pass" in has and has.isdisjoint({"missing", "not_yet"}) and e["sign_offs"] and opens
        need(outcome != "open" or good)
        officers = {entries[a]["officer"] for a in e["sign_offs"]}
        need(len(officers) == len(e["sign_offs"]) and sorted(officers) == sorted(e["signers"]))
        self.carries(k, e, gate)
        for a in e["sign_offs"]:
            need(self.signed[a][0] == e["evidence"] or str(a) in e["carried"])
            need(a > since and self.stands(a, k, "signed", *gate) and self.untouched(a, k, *gate))
        self.justified(k, e, *gate)
        for a in e["waivers"]:
            need(self.stands(a, k, "waived", *gate) and entries[a]["until"] >= e["on"] and self.untouched(a, k, *gate))
        for check, item in [(check, item) for check, status, items in found if status == "waived" for item in items]:
            need(type(item) is list and only(str, [item[1]]) and len(item) == 3 and only(int, [item[2]["entry"]]))
            a = entries[item[2]["entry"]]
            need(item[2]["entry"] in e["waivers"] and [a["check"], a["subject"]] == [check, item[0]])
            (panel,) = [c["waiver"] for some in self.pack(k)["stages"].values() for c in some if c["check"] == check]
            same = [w for w in e["waivers"] if (entries[w]["check"], entries[w]["subject"]) == (check, item[0])]
            need(self.enough(panel, gate[0], same))
        for name, code in e["void"].items():
            a = entries[int(parts(NUMBER, name)[0])]
            need(type(code) is str and int(name) < k and int(name) not in e["sign_offs"] + e["waivers"])
            need(a["kind"] in ACTS and "-" not in a["kind"] and (a["unit"], a["stage"]) == gate)
        last[gate], last["stood", gate] = k, k if outcome == "open" else stood
        if outcome != "open" and gate[0] in self.concluded: need(("reopen", self.concluded.pop(gate[0])) in states)
def verdict(archive: bytes, kept: list[bytes]) -> tuple[str, int]:  # class and number, or "" and how many entries
    try:
        found = tested("unreadable", 0, members, archive)
        history = tested("unreadable", 0, History, found, kept)
        need(tested("unreadable", 0, archived, found) == archive, "unreadable", 0)
    except Fault as fault: return fault.args[0], fault.args[1]
    return "", history.n

if __name__ == "__main__":
    try: files = [pathlib.Path(path).read_bytes() for path in sys.argv[1:]]
    except OSError: files = []
    name, number = verdict(files[0], files[1:]) if files else ("unreadable", 0)
    bad, good = f"tampered: {name} {number} · 不成立：{ZH.get(name)}（{number}）", f"holds: {number} entries · 成立：{number} 条"
    sys.stdout.buffer.write(f"{bad if name else good}\n".encode())
    sys.exit(3 if name else 0)
