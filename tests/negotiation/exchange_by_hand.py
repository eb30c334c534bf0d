"""Equal-gain exchange one deal at a time, in numbers of any kind, to compare the protocol with.

Every deal keeps its own list of remembered moves and of what it has heard, as in the equations.
"""

from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Side:
    """An actor that supplies one issue and demands the other."""

    actor: int
    supply: int
    demand: int
    start: object
    target: object
    stands: object
    move: object = 0
    remembered: list = field(default_factory=list)

    @property
    def vote(self):
        return self.stands + self.move


@dataclass
class Deal:
    i: Side
    j: Side
    updates: dict = field(default_factory=dict)
    gain: object = 0
    is_valid: bool = True

    @property
    def sides(self):
        return self.i, self.j

    def forget(self):
        for side in self.sides:
            side.remembered.pop()


def sign(number):
    return (number > 0) - (number < 0)


class ByHand:
    """Positions in 0-100, saliences and capabilities, as numbers of one kind.

    ``close``: how far rounding may carry an outcome off a target, or a position off the end of the scale;
    ``places``: decimals to which gains are compared.
    """

    def __init__(self, position, salience, capability, number=float, close="1e-9", places=10):
        self.number, self.close, self.places = number, number(close), places
        self.x = [[self.exactly(cell) for cell in row] for row in position]
        self.s = [[self.exactly(cell) for cell in row] for row in salience]
        self.c = [self.exactly(cell) for cell in capability]
        self.actors, self.issues = range(len(self.x)), range(len(self.x[0]))
        self.w = [sum(self.c[k] * self.s[k][d] for k in self.actors) for d in self.issues]

    def exactly(self, cell):
        return self.number(str(float(cell)))

    def outcome(self, position, d, instead=None):
        at = instead or {}
        if self.w[d] == 0:
            able = self.c if sum(self.c) else [self.c[0] * 0 + 1] * len(self.actors)
            return sum(able[k] * position[k][d] for k in self.actors) / sum(able)
        return (
            sum(self.c[k] * self.s[k][d] * at.get(k, position[k][d]) for k in self.actors if self.s[k][d])
            / self.w[d]
        )

    def candidates(self):
        left = [[row[d] <= self.outcome(self.x, d) + self.close for d in self.issues] for row in self.x]
        found = []
        for p in self.issues:
            for q in range(p + 1, len(self.issues)):
                groups = {}
                for k in self.actors:
                    if self.c[k] and self.s[k][p] and self.s[k][q]:
                        groups.setdefault((left[k][p], left[k][q]), []).append(k)
                for one, other in (((False, False), (True, True)), ((True, False), (False, True))):
                    found += [
                        self.candidate(i, j, p, q) for i in groups.get(one, []) for j in groups.get(other, [])
                    ]
        for deal in found:
            self.calculate(deal)
        return found

    def candidate(self, i, j, p, q):
        if self.s[i][p] / self.s[i][q] < self.s[j][p] / self.s[j][q]:
            i, j = j, i
        return Deal(
            Side(i, q, p, self.x[i][q], self.x[j][q], self.x[i][q]),
            Side(j, p, q, self.x[j][p], self.x[i][p], self.x[j][p]),
        )

    def calculate(self, deal):
        i, j = deal.sides
        p, q = i.demand, i.supply
        s_ip, s_iq, s_jp, s_jq = (self.s[k][d] for k in (i.actor, j.actor) for d in (p, q))
        w_iq, w_jp = self.c[i.actor] * s_iq, self.c[j.actor] * s_jp
        m_j = abs(j.target - j.stands)
        e_p = m_j * w_jp / self.w[p]
        e_q = e_p * (s_jp + s_ip) / (s_jq + s_iq)
        m_i = e_q * self.w[q] / w_iq
        if m_i > abs(i.target - i.stands):
            m_i = abs(i.target - i.stands)
            e_q = m_i * w_iq / self.w[q]
            e_p = e_q * (s_iq + s_jq) / (s_ip + s_jp)
            m_j = e_p * self.w[p] / w_jp
        i.move, j.move = m_i * sign(i.target - i.stands), m_j * sign(j.target - j.stands)
        deal.gain = abs(e_p * s_ip - e_q * s_iq)
        for side in deal.sides:
            side.remembered.append(side.move)
        deal.is_valid = deal.gain >= self.number("1e-10") and self.keeps_within(deal)
        for side, other in ((i, j), (j, i)):
            if deal.is_valid:
                self.hold_back(deal, side, other)
                deal.is_valid = self.keeps_within(deal)

    def keeps_within(self, deal):
        return all(
            self.number("1e-10") < abs(side.move) <= 100
            and -self.close <= side.vote <= 100 + self.close
            and sum(side.remembered) <= 100 + self.close
            and len({sign(move) for move in side.remembered}) == 1
            for side in deal.sides
        )

    def hold_back(self, deal, a, b):
        d, f = a.supply, b.supply
        heard = deal.updates.get(d, {})
        before = self.outcome(self.x, d, {**heard, a.actor: a.stands}) - a.target
        after = self.outcome(self.x, d, {**heard, a.actor: a.vote}) - a.target
        if min(before, after) >= -self.close or max(before, after) <= self.close:
            return
        away = a.target - self.outcome(self.x, d, {a.actor: a.stands, **heard})
        w_ad, w_bf = self.c[a.actor] * self.s[a.actor][d], self.c[b.actor] * self.s[b.actor][f]
        m_a = abs(away * self.w[d] / w_ad)
        e_a = m_a * w_ad / self.w[d]
        e_b = e_a * (self.s[a.actor][d] + self.s[b.actor][d]) / (self.s[a.actor][f] + self.s[b.actor][f])
        m_b = e_b * self.w[f] / w_bf
        deal.gain = abs(e_b * self.s[b.actor][f] - e_a * self.s[b.actor][d])
        for side, length in ((a, m_a), (b, m_b)):
            side.move = length * sign(side.target - side.stands)
            side.remembered[-1] = side.move

    def play_round(self):
        deals, realised = self.candidates(), []
        while deals:
            deals.sort(key=lambda deal: round(deal.gain, self.places), reverse=True)
            first = deals.pop(0)
            if first.is_valid:
                realised.append(first)
                deals = [deal for deal in deals if deal.is_valid]
                for deal in deals:
                    self.hear(deal, first)
                deals = [deal for deal in deals if deal.is_valid]
        return realised

    def hear(self, deal, realised):
        is_marked = False
        for side in deal.sides:
            for done in realised.sides:
                if (side.actor, side.supply) == (done.actor, done.supply):
                    side.stands = done.vote
                    side.remembered.append(done.move)
                    is_marked = True
        if is_marked:
            deal.forget()
        for done, partner in ((realised.j, realised.i), (realised.i, realised.j)):
            for side in deal.sides:
                if (side.actor, side.demand) == (done.actor, done.demand):
                    heard = deal.updates.setdefault(done.demand, {})
                    before = heard.get(partner.actor, partner.vote)
                    nearer = min if partner.start <= before else max
                    heard[partner.actor] = nearer(before, partner.vote)
                    if not is_marked:
                        is_marked = True
                        deal.forget()
        if is_marked:
            self.calculate(deal)

    def play(self, rounds=5, salience_weight="0.4", fixed_weight="0.1"):
        """Rows of exchanges, and by round the votes, the outcomes (from turn 0) and the next starts."""
        rows, votes, nexts = [], [], []
        outcomes = [[self.outcome(self.x, d) for d in self.issues]]
        for turn in range(1, rounds + 1):
            vote, following = [list(row) for row in self.x], [list(row) for row in self.x]
            for seq, deal in enumerate(self.play_round(), start=1):
                told = []
                for side in deal.sides:
                    a, d = side.actor, side.supply
                    vote[a][d] = side.vote
                    k = (1 - self.s[a][d]) * self.number(salience_weight) + self.number(fixed_weight)
                    following[a][d] = k * side.vote + (1 - k) * side.start
                    told += [a, d, side.start, side.stands, side.vote, side.target]
                rows.append([turn, seq, *told, deal.gain])
            votes.append(vote)
            nexts.append(following)
            outcomes.append([self.outcome(vote, d) for d in self.issues])
            self.x = following
        return rows, votes, outcomes, nexts


def in_decimals(position, salience, capability, **more):
    """The same in 28 digits."""
    return ByHand(position, salience, capability, number=Decimal, **more)
