import { isBeyondCluster } from '../../../constructs/kit/beyond-cluster';
import { at, isList } from '../../../plan/json';
import { manifestOf, type Change } from '../../change';
import type { Context } from '../context';
import { beforeAndAfter, goes, spelled, touches } from '../look';
import type { Risk, Rule } from '../risk';

/** What is inside a Harbor: its own API does what the plan says, and asks nobody. */
export const harbor: Rule = (change, context) => {
  const { apiVersion, kind } = manifestOf(change);
  if (!isBeyondCluster(apiVersion)) return [];
  if (goes(change)) return gone(kind);
  if (kind === 'HarborRetention') return cleaned(change, context);
  if (change.operation !== 'update') return [];
  return [
    ...elsewhere(change),
    ...(kind === 'HarborProject' ? project(change) : inside(change, kind)),
  ];
};

const ENDS: Readonly<Record<string, Pick<Risk, 'severity' | 'why' | 'lost' | 'instead'>>> = {
  HarborProject: {
    severity: 'critical',
    why: 'Harbor deletes an empty project at once; one with images it refuses to delete, and the deployment stops there',
    lost: 'the images in it, once it is emptied for that, with their signatures, scans and members',
    instead:
      'copy the images by a replication first, and keep the project until nothing pulls from it',
  },
  HarborRobot: {
    severity: 'high',
    why: 'its token ends at once',
    lost: 'every pull and push by it: pods that start on a new node find no image',
    instead: 'give its users another robot first, and delete it when Harbor logs no more use of it',
  },
  HarborMember: {
    severity: 'high',
    why: 'these people no longer have their role in the project',
    lost: 'their access to its images',
    instead: 'ask them first',
  },
  HarborRegistry: {
    severity: 'high',
    why: 'caches and replications that reach it stop',
    lost: 'pulls through the projects that cache it, of what they do not have yet',
    instead: 'remove what uses it first',
  },
  HarborReplication: {
    severity: 'medium',
    why: 'images are no longer copied',
    lost: 'nothing that is there already',
    instead: 'nothing, if no other site counts on the copies',
  },
  HarborRetention: {
    severity: 'medium',
    why: 'old images are no longer removed',
    lost: 'nothing; the quota fills until pushes fail',
    instead: 'watch the quota of the project',
  },
};

function gone(kind: string): Risk[] {
  const end = ENDS[kind];
  const rule = `${kind.replace('Harbor', 'harbor-').toLowerCase()}-deleted`;
  return end === undefined ? [] : [{ rule, ...end }];
}

/** What a retention does not keep, Harbor deletes at its next run. */
function cleaned(change: Change, { before }: Context): Risk[] {
  const [was, will] = beforeAndAfter(change, 'spec', 'keep');
  const [, owner] = beforeAndAfter(change, 'spec', 'project');
  const hasImages = before
    .all('HarborProject')
    .some(({ manifest }) => at(manifest, 'spec', 'name') === owner);
  if (!hasImages || change.operation === 'retain' || spelled(was) === spelled(will)) return [];
  return [
    {
      rule: 'harbor-retention-changed',
      severity: 'high',
      why: `at its next run Harbor deletes every image of project '${spelled(owner)}' that is not in ${spelled(will)}`,
      lost: 'images that are kept nowhere else',
      instead: 'look at a dry run of the same rules in Harbor first (project, Policy, Dry Run)',
    },
  ];
}

/** Another Harbor has none of it: everything is made anew there, and what was stays behind. */
function elsewhere(change: Change): Risk[] {
  if (!touches(change, 'connection.url')) return [];
  return [
    {
      rule: 'harbor-moved',
      severity: 'high',
      why: 'it is looked for in the Harbor at another address, by the number that it has in this one',
      lost: 'whatever has that number there',
      instead: 'make a new environment of the other Harbor, and copy the images by a replication',
    },
  ];
}

function project(change: Change): Risk[] {
  const [, open] = beforeAndAfter(change, 'spec', 'public');
  return [
    ...(touches(change, 'spec.public') ? [open === true ? OPENED : CLOSED] : []),
    ...(touches(change, 'spec.refuseFrom') ? [SCANNED] : []),
    ...lessRoom(change),
  ];
}

const OPENED: Risk = {
  rule: 'harbor-project-opened',
  severity: 'high',
  why: 'anybody who reaches the registry can pull its images',
  lost: 'secrecy of what is in them',
  instead: 'make a robot for those who need them',
};
const CLOSED: Risk = {
  rule: 'harbor-project-closed',
  severity: 'high',
  why: 'pulls without a login are refused from now on',
  lost: 'pods that pull without a pull Secret and start on a new node',
  instead: 'give their namespaces a pull Secret first',
};
const SCANNED: Risk = {
  rule: 'harbor-project-scans',
  severity: 'high',
  why: 'images with known holes are refused from another severity on',
  lost: 'pods whose image is refused, when they start on a new node; or the refusal',
  instead: 'look at the scans of the images that run now',
};

function lessRoom(change: Change): Risk[] {
  const [room, left] = beforeAndAfter(change, 'spec', 'quotaGiB');
  if (typeof room !== 'number' || typeof left !== 'number' || left < 0) return [];
  if (room >= 0 && left >= room) return [];
  return [
    {
      rule: 'harbor-quota-lowered',
      severity: 'medium',
      why: `the project may hold ${left} GiB instead of ${room < 0 ? 'any amount' : `${room} GiB`}`,
      lost: 'pushes, once it is full',
      instead: 'look how much is in it',
    },
  ];
}

function inside(change: Change, kind: string): Risk[] {
  if (kind !== 'HarborRobot' && kind !== 'HarborMember') return [];
  const [was, will] = beforeAndAfter(change, 'spec', kind === 'HarborRobot' ? 'may' : 'role');
  if (spelled(was) === spelled(will)) return [];
  const fewer = isList(was) && isList(will) ? was.some((verb) => !will.includes(verb)) : true;
  return [
    {
      rule: 'harbor-rights-changed',
      severity: fewer ? 'high' : 'medium',
      why: `it may do ${spelled(will)} instead of ${spelled(was)}`,
      lost: fewer ? 'what it no longer may' : 'nothing; more can be done with its token',
      instead: 'ask who uses it',
    },
  ];
}
