import { coerce, lt } from 'semver';

import { textAt } from '../../../plan/json';
import type { Context } from '../context';
import type { Change } from '../../change';
import { listed } from '../look';
import type { Risk, Rule } from '../risk';
import { containersOf, pairs, podsOf } from './pods';
import { keepsData } from './workloads';

interface Image {
  readonly repository: string;
  readonly tag: string;
  /** @default - by tag only */
  readonly digest?: string | undefined;
}

/** What runs: older than what wrote the data, from somewhere else, or whatever a moving tag means today. */
export const images: Rule = (change, context) =>
  change.operation === 'update' || change.operation === 'create' ? judged(change, context) : [];

function judged(change: Change, context: Context): Risk[] {
  const [was, will] = podsOf(change, context);
  if (was === undefined || will === undefined) return [];
  const data = keepsData(was);
  return pairs(was, will).flatMap(([name, before, after]) => {
    const [old, now] = [before, after].map((side) => parsed(textAt(side, 'image') ?? ''));
    if (old === undefined || now === undefined) return [];
    const same = old.repository === now.repository;
    const [from, to] = [coerce(old.tag), coerce(now.tag)];
    const risks: Risk[] = [];
    if (same && from !== null && to !== null && lt(to, from)) {
      risks.push({
        rule: 'image-downgrade',
        severity: data.length > 0 ? 'high' : 'medium',
        why: `container '${name}' goes back from ${old.tag} to ${now.tag}: an older program may not read what the newer one wrote`,
        lost: data.length > 0 ? `the use of ${listed(data)}` : 'what only the newer version can do',
        instead: 'restore the backup that was made with the older version, or stay',
      });
    } else if (same && from !== null && to !== null && to.major > from.major && data.length > 0) {
      risks.push({
        rule: 'image-major-upgrade',
        severity: 'high',
        why: `container '${name}' goes from ${old.tag} to ${now.tag}, another major version, on existing data: many programs change or refuse it, and none goes back`,
        lost: `the way back, or the service until ${listed(data)} is migrated`,
        instead: 'back up, read the release notes, and try it on a copy of the data',
      });
    } else if (!same) {
      risks.push({
        rule: 'image-elsewhere',
        severity:
          old.digest !== undefined && old.digest === now.digest
            ? 'low'
            : isNewRegistry(now, context)
              ? 'high'
              : 'medium',
        why: `container '${name}' runs ${now.repository} instead of ${old.repository}${isNewRegistry(now, context) ? `; nothing here came from ${registryOf(now)} so far` : ''}`,
        lost: data.length > 0 ? `perhaps the use of ${listed(data)}` : 'nothing that is known',
        instead: 'make sure that it is the same program and that every node may pull it',
      });
    }
    if ((!isMoving(old) || old.digest !== undefined) && isMoving(now) && now.digest === undefined) {
      risks.push({
        rule: 'image-moving-tag',
        severity: 'medium',
        why: `the tag '${now.tag}' means something else from day to day: two pods may run two programs`,
        lost: 'the knowledge of what runs',
        instead: 'name an exact tag, and a digest',
      });
    } else if (old.digest !== undefined && now.digest === undefined) {
      risks.push({
        rule: 'image-digest-dropped',
        severity: 'medium',
        why: `container '${name}' is no longer pinned by digest`,
        lost: 'the certainty that it is what was reviewed',
        instead: "run 'beamline images lock'",
      });
    }
    return risks;
  });
}

function isMoving({ tag }: Image): boolean {
  return /^(|latest|main|master|stable|edge|nightly|dev|devel)$/.test(tag);
}

function parsed(image: string): Image {
  const [name = '', digest] = image.split('@');
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  return {
    repository: colon < 0 ? name : name.slice(0, colon),
    tag: colon < 0 ? '' : name.slice(colon + 1),
    digest,
  };
}

/** `docker.io` where an image names no registry, as every runtime takes it. */
function registryOf({ repository }: Image): string {
  const [first = '', ...rest] = repository.split('/');
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : 'docker.io';
}

function isNewRegistry(image: Image, { before }: Context): boolean {
  const registry = registryOf(image);
  return !before.workloads.some(({ pod }) =>
    [...containersOf(pod).values()].some(
      (container) => registryOf(parsed(textAt(container, 'image') ?? '')) === registry,
    ),
  );
}
