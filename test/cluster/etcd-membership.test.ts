import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  changesUntilVoting,
  hasCaughtUp,
  initialCluster,
  otherLearners,
  quorumRisk,
  quorumRiskWithout,
  type EtcdMember,
  type MembershipChange,
} from '../../src/cluster/etcd-membership.js';

const add = { action: 'add' } as const;
const cp3 = { name: 'cp3', peerUrl: 'https://10.0.0.13:2380', hasData: false };

describe('what is left to do until a host votes', () => {
  const two = [voter(1), voter(2)];
  const rows: [string, EtcdMember[] | undefined, boolean, MembershipChange[]][] = [
    ['etcd does not run yet', undefined, false, [add, { action: 'promote' }]],
    ['etcd does not answer, the host has joined', undefined, true, []],
    ['it is no member', two, false, [add, promote(3)]],
    ['it was added and has not started', [...two, added(3)], false, [promote(3)]],
    ['it has begun to start', [...two, added(3)], true, [promote(3)]],
    ['it learns', [...two, learner(3)], true, [promote(3)]],
    ['it votes', [...two, voter(3)], true, []],
    ['it was added with a vote and has not started', [...two, { ...added(3), isLearner: false }], false, []],
    ['it voted, and its disk is empty', [...two, voter(3)], false, [remove(3, 2), add, promote(3)]],
    ['it learned, and its disk is empty', [...two, learner(3)], false, [remove(3, 2), add, promote(3)]],
    [
      'it had another address, and its disk is empty',
      [...two, { ...voter(3), peerUrls: ['https://10.0.0.99:2380'] }],
      false,
      [remove(3, 2), add, promote(3)],
    ],
    ['another host was added', [...two, added(4)], false, [add, promote(3)]],
  ];

  test.each(rows)('%s', (_, members, hasData, changes) => {
    expect(changesUntilVoting(members, { ...cp3, hasData })).toEqual(changes);
  });
});

describe('quorum', () => {
  const rows: [string, EtcdMember[], MembershipChange, string | undefined][] = [
    ['one member may get a second', [voter(1)], add, undefined],
    ['one member may share its vote', [voter(1), learner(2)], promote(2), undefined],
    ['one of two is away', [voter(1), away(2)], add, '1 of 2 voting members of etcd are healthy (not cp2 at'],
    ['one of two is away and lost', [voter(1), away(2)], remove(2, 1), 'it has no quorum'],
    ['one of three is away', [voter(1), voter(2), away(3)], add, 'it admits nobody until all are'],
    ['one of three is lost', [voter(1), voter(2), away(3)], remove(3, 2), undefined],
    ['two of three are away', [voter(1), away(2), away(3)], remove(3, 2), 'it has no quorum'],
    ['one of three is away, one more votes', [voter(1), voter(2), away(3), learner(4)], promote(4), undefined],
    ['the one to be removed lives', [voter(1), voter(2), voter(3)], remove(3, 2), 'is alive'],
    ['a learner is lost', [voter(1), voter(2), { ...learner(3), status: undefined }], remove(3, 2), undefined],
    ['a member has an alarm', [voter(1), withStatus(voter(2), { errors: ['NOSPACE'] })], add, '1 of 2'],
    ['a member sees no leader', [voter(1), voter(2), withStatus(voter(3), { hasLeader: false })], add, '2 of 3'],
    [
      'the others are away, so this one sees no leader',
      [withStatus(voter(1), { hasLeader: false }), away(2)],
      add,
      '1 of 2',
    ],
  ];

  test.each(rows)('%s', (_, members, change, risk) => {
    const seen = quorumRisk(members, change);

    if (risk === undefined) expect(seen).toBeUndefined();
    else expect(seen).toContain(risk);
  });
});

test.each<[string, EtcdMember[], string | undefined]>([
  ['the third of three voters', [voter(1), voter(2), voter(3)], undefined],
  ['one that learns', [voter(1), learner(3)], undefined],
  ['one that is no member', [voter(1)], undefined],
  ['the second of two', [voter(1), voter(3)], 'without it 1 of 2 voting members of etcd are healthy, and it needs 2'],
  ['one of three while another is away', [voter(1), away(2), voter(3)], 'without it 1 of 3'],
])('whether etcd can do without a host: %s', (_, members, risk) => {
  const seen = quorumRiskWithout(members, peerUrl(3));

  if (risk === undefined) expect(seen).toBeUndefined();
  else expect(seen).toContain(risk);
});

/** Three hosts join one that stands: each goes on by one change, is powered on, or gets an empty disk, in any order. */
test('no order of joins, crashes and lost disks costs etcd its quorum or leaves a host without a vote', () => {
  const move = fc.record({ host: fc.constantFrom(2, 3, 4), happens: fc.constantFrom('goOn', 'powerOn', 'loseDisk') });

  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
      const world: World = { members: [voter(1)], disks: new Set(), lastId: 0 };
      for (const { host, happens } of moves) {
        events[happens as keyof typeof events](world, host);
        if (!hasQuorum(world.members)) return false;
      }
      for (let round = 0; round < 9; round += 1) {
        for (const host of [2, 3, 4]) {
          events.goOn(world, host);
          events.powerOn(world, host);
        }
      }
      const voting = world.members.filter(({ isLearner, status }) => !isLearner && status);
      return world.members.length === 4 && voting.length === 4;
    }),
    { numRuns: 1000 },
  );
});

interface World {
  members: EtcdMember[];
  /** Hosts whose etcd has written its data. */
  disks: Set<number>;
  lastId: number;
}

const events = {
  /** What `changes/etcd-member.ts` does with the first change that is left. */
  goOn(world: World, host: number): void {
    const candidate = { name: `cp${host}`, peerUrl: peerUrl(host), hasData: world.disks.has(host) };
    const [change] = changesUntilVoting(world.members, candidate);
    if (!change || quorumRisk(world.members, change)) return;
    if (change.action === 'remove') {
      world.members = world.members.filter(({ id }) => id !== change.id);
    } else if (change.action === 'add') {
      if (otherLearners(world.members, candidate.peerUrl).length > 0) return;
      world.members = [...world.members, { ...added(host), id: String((world.lastId += 1)) }];
    } else {
      replaceMember(world, host, (member) => (member.status ? { ...member, isLearner: false } : member));
    }
  },
  /** A member of another life does not start without its data. */
  powerOn(world: World, host: number): void {
    replaceMember(world, host, (member) => {
      if (member.name && !world.disks.has(host)) return member;
      world.disks.add(host);
      return running(member, host);
    });
  },
  /** Only where etcd outlives it: what no installer can mend is not tried. */
  loseDisk(world: World, host: number): void {
    const before = world.members;
    replaceMember(world, host, (member) => ({ ...member, status: undefined }));
    if (hasQuorum(world.members)) world.disks.delete(host);
    else world.members = before;
  },
};

function replaceMember(world: World, host: number, change: (member: EtcdMember) => EtcdMember): void {
  world.members = world.members.map((member) => (member.peerUrls.includes(peerUrl(host)) ? change(member) : member));
}

function hasQuorum(members: EtcdMember[]): boolean {
  const voters = members.filter(({ isLearner }) => !isLearner);
  return voters.filter(({ status }) => status).length > voters.length / 2;
}

test('a member that joins is told of all, the unnamed by their id, in the order of etcd', () => {
  const members = [added(3), voter(1), { ...added(4), id: 'f00' }];

  expect(initialCluster(members, cp3)).toBe(
    'cp3=https://10.0.0.13:2380,cp1=https://10.0.0.11:2380,f00=https://10.0.0.14:2380',
  );
});

test('a learner has caught up when it has nine tenths of the log', () => {
  const leader = withStatus(voter(1), { appliedIndex: 1000 });

  expect(hasCaughtUp([leader], withStatus(learner(2), { appliedIndex: 899 }))).toBe(false);
  expect(hasCaughtUp([leader], withStatus(learner(2), { appliedIndex: 900 }))).toBe(true);
  expect(hasCaughtUp([leader], added(2))).toBe(false);
});

function promote(voters: number): MembershipChange {
  return { action: 'promote', voters };
}

function remove(n: number, voters: number): MembershipChange {
  return { action: 'remove', id: `a${n}`, voters };
}

function peerUrl(n: number): string {
  return `https://10.0.0.1${n}:2380`;
}

function added(n: number): EtcdMember {
  return { id: `a${n}`, name: '', peerUrls: [peerUrl(n)], clientUrls: [], isLearner: true };
}

function running(member: EtcdMember, n: number): EtcdMember {
  return {
    ...member,
    name: `cp${n}`,
    clientUrls: [`https://10.0.0.1${n}:2379`],
    status: { hasLeader: true, appliedIndex: 100, errors: [] },
  };
}

function learner(n: number): EtcdMember {
  return running(added(n), n);
}

function voter(n: number): EtcdMember {
  return { ...learner(n), isLearner: false };
}

function away(n: number): EtcdMember {
  return { ...voter(n), status: undefined };
}

function withStatus(member: EtcdMember, status: Partial<NonNullable<EtcdMember['status']>>): EtcdMember {
  return { ...member, status: { ...member.status!, ...status } };
}
